"""The guides keep their promises: two languages, honest length, figures that add up."""

import operator
import re

import pytest

from resources import codes, starter
from resources.starter.records import Guide

NBSP = "\u00a0"
AMOUNT = re.compile(rf"-?\d{{1,3}}(?:{NBSP}\d{{3}})+|\d+(?:,\d+)?")
PRODUCT = re.compile(rf"([\d{NBSP}]+) × ([\d{NBSP}]+)$")
SIGNS = {"×": operator.mul, "÷": operator.truediv, "+": operator.add, "−": operator.sub}
LANGUAGES = ("fr", "ar")
TOTAL = {"fr": "**Total", "ar": "**المجموع"}
EVERY = [
    pytest.param(g, lang, id=g.file_name(lang)) for g in starter.guides() for lang in LANGUAGES
]


def number(cell: str) -> int | None:
    digits = cell.replace(NBSP, "").replace("−", "-").strip()
    return int(digits) if re.fullmatch(r"-?\d+", digits) else None


def tables(text: str) -> list[list[list[str]]]:
    """Each table as rows of cells, the head first, the ruler left out."""
    found: list[list[list[str]]] = []
    previous = ""
    for line in text.split("\n"):
        if line.startswith("|"):
            if not previous.startswith("|"):
                found.append([])
            if not re.fullmatch(r"[|\-: ]+", line) or "-" not in line:
                found[-1].append([cell.strip() for cell in line.strip().strip("|").split("|")])
        previous = line
    return found


def wrong_totals(text: str, language: str) -> list[str]:
    """Every table row that does not say what its figures make."""
    problems = []
    for head, *rows in tables(text):
        body = [row for row in rows if not row[0].startswith(TOTAL[language])]
        for row in rows:
            if row not in body:
                for i, cell in enumerate(row[1:], 1):
                    column = [n for r in body if (n := number(r[i])) is not None]
                    if number(cell) is not None and number(cell) != sum(column):
                        problems.append(f"{head[i]}: {cell} is not {sum(column)}")
            elif len(row) >= 4 and None not in (nums := [number(c) for c in row[1:4]]):
                if nums[0] * nums[1] != nums[2]:
                    problems.append(" | ".join(row))
            elif len(row) == 3 and (product := PRODUCT.match(row[1])):
                one, many = (int(part.replace(NBSP, "")) for part in product.groups())
                if one * many != number(row[2]):
                    problems.append(" | ".join(row))
    return problems


@pytest.mark.parametrize(("guide", "language"), EVERY)
def test_figures_in_tables_add_up(guide: Guide, language: str):
    assert wrong_totals(guide.text(language), language) == []


def worked_out(expression: str) -> float:
    """The value of `5 × 6000` or `15 + 1 + 2`, from left to right."""
    first, *rest = expression.split(" ")
    value = float(first)
    for sign, term in zip(rest[::2], rest[1::2], strict=True):
        value = SIGNS[sign](value, float(term))
    return value


@pytest.mark.parametrize(("guide", "language"), EVERY)
def test_every_product_and_sum_in_the_text_holds(guide: Guide, language: str):
    text = guide.text(language).replace(NBSP, "")
    shown = re.findall(r"(?<![\d,])(\d+(?: [×÷+−] \d+)+) = (\d+)(?![\d,])", text)
    for left, right in shown:
        assert worked_out(left) == int(right), f"{left} = {right}"


@pytest.mark.parametrize("guide", starter.guides(), ids=lambda g: g.slug)
def test_both_languages_carry_the_same_figures_and_shape(guide: Guide):
    fr, ar = (guide.text(language) for language in LANGUAGES)
    assert [len(t) for t in tables(fr)] == [len(t) for t in tables(ar)]
    for one, other in zip(tables(fr), tables(ar), strict=True):
        for row, same in zip(one, other, strict=True):
            assert AMOUNT.findall(" ".join(row)) == AMOUNT.findall(" ".join(same)), row
    assert fr.count("\n## ") == ar.count("\n## ")
    large = [set(re.findall(rf"\d{{1,3}}(?:{NBSP}\d{{3}})+", text)) for text in (fr, ar)]
    assert large[0] == large[1]


@pytest.mark.parametrize(("guide", "language"), EVERY)
def test_a_guide_has_what_was_promised(guide: Guide, language: str):
    text = guide.text(language)
    assert 700 <= len(text.split()) <= 1200
    assert text.startswith("# ")
    assert text.count("\n## ") >= 4
    assert re.search(r"^3\. ", text, re.MULTILINE), "numbered steps"
    assert re.search(r"(DJF|فرنك)", text), "a worked example in francs"
    assert "☐" in text or "| | |" in text, "something to fill in by hand"
    title = text.split("\n", 1)[0].removeprefix("# ")
    assert title == guide.title[language]
    assert "http" not in text


@pytest.mark.parametrize("guide", starter.guides(), ids=lambda g: g.slug)
def test_french_is_typeset_and_arabic_is_arabic(guide: Guide):
    fr, ar = (re.sub(r"`[^`]*`", "", guide.text(language)) for language in LANGUAGES)
    assert "'" not in fr
    assert not re.search(r"[^\s|] [:;?!»]", fr), "a breakable space before French punctuation"
    assert not re.search(r"\d \d{3}\b", fr + ar), "a breakable space inside a number"
    letters = re.findall(r"[^\W\d_]", ar)
    assert sum("\u0600" <= c <= "\u06ff" for c in letters) > 0.97 * len(letters)
    assert not re.search(r"[٠-٩]", ar), "digits are 0-9 by default"
    assert "?" not in ar
    assert "," not in re.sub(r"\d,\d", "", ar)


def test_metadata_is_complete():
    guides = starter.guides()
    assert len(guides) >= 8
    assert len({g.slug for g in guides}) == len(guides)
    for guide in guides:
        assert set(guide.title) == set(guide.description) == {"fr", "ar", "en"}
        assert guide.level in codes.LEVELS
        assert set(guide.audience) <= set(codes.AUDIENCES)
        assert set(guide.subjects) <= set(codes.SUBJECTS)
        assert (guide.licence, guide.author) == ("CC-BY-4.0", "Dalil")
        assert set(guide.languages) == set(LANGUAGES)
    with pytest.raises(KeyError):
        guides[0].text("so")


def test_the_check_of_totals_sees_a_wrong_one():
    guide = next(g for g in starter.guides() if g.slug == "simple-budget")
    text = guide.text("fr").replace(f"81{NBSP}000", f"82{NBSP}000")
    assert len(wrong_totals(text, "fr")) == 2  # the line, and the sum
