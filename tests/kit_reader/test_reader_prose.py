"""Markup made harmless, encodings guessed, blocks kept in order, searching without accents."""

import pytest

from desktop.kit.reader.compose import DEEPEST, blocks_of
from desktop.kit.reader.decode import text_of
from desktop.kit.reader.direction import runs_right_to_left
from desktop.kit.reader.document import SECTION_LETTERS
from desktop.kit.reader.fold import spots
from desktop.kit.reader.prose import markdown, page, plain
from desktop.kit.reader.sniff import Kind, kind_of_bytes
from desktop.kit.reader.trouble import Trouble

ARABIC = "هذا دليل قصير لكتابة مشروع في جيبوتي، وفيه أربع خطوات.\n"
FRENCH = "Où êtes-vous ? À l’école de Tadjourah, là-bas, dès cet été.\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "utf-8"), (FRENCH, "utf-8-sig"), (FRENCH, "utf-16"), (FRENCH, "utf-16-le"), (FRENCH, "utf-16-be"),
        (FRENCH, "cp1252"), (ARABIC, "utf-8"), (ARABIC, "utf-16"), (ARABIC, "utf-16-le"), (ARABIC, "cp1256"),
    ],
)
def test_encodings_are_recognised(text, encoding):
    assert text_of((text * 3).encode(encoding)) == text * 3


def test_a_letter_cut_at_the_end_does_not_change_the_encoding():
    assert text_of((ARABIC * 9).encode()[:-4]).startswith(ARABIC)


def test_nothing_dangerous_survives():
    hostile = """<html><head><title>T</title><style>p{color:red}</style><link rel=stylesheet href=http://x/a.css></head>
    <body onload="go()"><script>alert(1)</script><iframe src="http://x"></iframe><object data=x></object>
    <p onclick=x style="background:url(http://x)">words <img src="http://x/a.png" alt="a boat"> <img src="//x/b.png">
    <img src="file:///etc/passwd"><a href="javascript:go()">one</a> <a href="file:///etc">two</a>
    <a href="https://ok.example/">three</a> <a href="//x/y">four</a></p><svg><script>1</script></svg></body></html>"""
    html = "".join(section.html for section in page(hostile, None).sections).lower()
    for bad in ("script", "alert", "style", "iframe", "onclick", "onload", "http://x", "//x", "file:", "javascript", "<img", "object"):
        assert bad not in html
    assert "a boat" in html and 'href="https://ok.example/"' in html and "one" in html


def test_markdown_keeps_raw_html_as_words_and_dangerous_links_as_words():
    html = markdown("# T\n\n<b onclick=x>bold</b> [a](javascript:x)\n\n|a|b|\n|-|-|\n|1|2|", None).sections[0].html
    assert "&lt;b" in html and "<b" not in html.replace("<blockquote", "") and 'href="javascript' not in html
    assert '<td dir="ltr">1</td>' in html


def test_arabic_tables_run_from_the_right():
    html = markdown("|الأول|الثاني|\n|-|-|\n|أ|ب|", None).sections[0].html
    assert html.index("الثاني") < html.index("الأول") and html.index("ب</td>") < html.index("أ</td>")


def test_deep_nesting_and_giant_spans_are_bounded():
    with pytest.raises(Trouble, match="damaged"):
        page("<div>" * 300_000 + "x", None)
    deep = blocks_of("<blockquote>" * 300 + "x" + "</blockquote>" * 300, False, lambda _s: None)
    assert deep[0].html.count("<blockquote") <= DEEPEST + 1 and deep[0].text == "x"
    wide = blocks_of('<table><tr><td colspan="999999" rowspan="88888888888">x</td></tr></table>', False, lambda _s: None)
    assert 'colspan="20"' in wide[0].html and "888" not in wide[0].html


def test_long_texts_are_cut_into_sections_without_losing_a_word():
    words = [f"mot{n}" for n in range(20_000)]
    prose = plain(" ".join(words), None)
    assert " ".join(section.text for section in prose.sections).split() == words
    assert max(len(section.text) for section in prose.sections) <= SECTION_LETTERS + 10


def test_contents_point_at_the_section_of_their_heading():
    prose = markdown("\n\n".join(f"# Partie {n}\n\n" + "mot " * 1_500 for n in range(6)), None)
    assert [line.label for line in prose.contents] == [f"Partie {n}" for n in range(6)]
    for line in prose.contents:
        assert f'name="{line.anchor}"' in prose.sections[line.section].html


def test_direction_comes_from_language_then_from_letters():
    assert runs_right_to_left("Guide", "ar") and runs_right_to_left("Dalil : " + ARABIC, None)
    assert not runs_right_to_left(FRENCH, None) and not runs_right_to_left(ARABIC, "fr")


@pytest.mark.parametrize(
    ("text", "wanted", "place"),
    [("une École", "ecole", (4, 5)), ("في أوبوك", "اوبوك", (3, 5)), ("مُدَرِّسة", "مدرسه", (0, 9)), ("😀 été", "ETE", (3, 3)), ("cœur ﬁn", "fin", (5, 2))],
)
def test_spots_ignore_accents_and_count_as_qt_does(text, wanted, place):
    assert spots(text, wanted) == [place]


def test_hits_are_counted_over_all_sections():
    prose = plain("\n\n".join("le mot été " + "x " * 2_000 for _ in range(9)), None)
    assert len(prose.find("ete")) == 9 and len({section for section, _nth in prose.find("ete")}) > 1
    assert prose.find("  ") == [] and prose.find("absent") == []


@pytest.mark.parametrize(
    ("head", "announced", "suffix", "kind"),
    [
        (b"%PDF-1.7\n", "text/plain", ".txt", Kind.PDF), (b"\x89PNG\r\n\x1a\n\0\0", "application/pdf", "", Kind.PICTURE),
        (b"<!DOCTYPE html><p>", "application/octet-stream", "", Kind.HTML), (b"# T", "text/markdown", "", Kind.MARKDOWN),
        (b'<?xml version="1.0"?><!-- a --><svg ', "text/xml", "", Kind.SVG), (b"bonjour", "", ".md", Kind.MARKDOWN),
        ("أهلا بكم في الدليل".encode("utf-16-le"), "text/plain", "", Kind.TEXT),
    ],
)
def test_bytes_decide_before_the_announced_type(head, announced, suffix, kind):
    assert kind_of_bytes(head, announced, suffix) is kind


@pytest.mark.parametrize("head", [b"MZ\x90\0\x03\0\0\0", b"\x7fELF\x02\x01\x01\0", b"PK\x03\x04docx"])
def test_programs_and_archives_do_not_open(head):
    with pytest.raises(Trouble, match="does not open here"):
        kind_of_bytes(head, "application/octet-stream", "")
