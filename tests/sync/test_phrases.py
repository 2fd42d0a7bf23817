"""The phrase that opens a person's file: our lists, what counts as the same phrase, what is too short; and the printed code."""

from __future__ import annotations

import itertools
import random
import re

import pytest

from sync import phrases, recovery_code
from sync.errors import Invalid
from sync.invitation import ALPHABET


@pytest.mark.parametrize(("language", "letters"), [("fr", r"[a-zà-ÿœ]{3,8}"), ("ar", r"[\u0621-\u064A]{2,9}")])
def test_our_lists_are_long_and_no_word_is_taken_for_another(language: str, letters: str) -> None:
    words = phrases.words(language)
    assert len(words) >= 1024
    assert [one for one in words if not re.fullmatch(letters, one)] == []
    meant = sorted(map(phrases.meant, words))
    assert len(set(meant)) == len(words)
    # no word begins another one: so spaces may be left out
    assert [(one, next_) for one, next_ in itertools.pairwise(meant) if next_.startswith(one)] == []


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_what_is_proposed_is_four_different_words_and_long_enough(language: str) -> None:
    chance = random.Random(7)
    seen = set()
    for _ in range(300):
        proposed = phrases.propose(language, chance.randbytes)
        assert len(set(proposed.split())) == 4
        assert phrases.check(proposed) == phrases.meant(proposed.replace(" ", ""))
        seen.add(proposed)
    assert len(seen) == 300
    assert set(phrases.propose("so", chance.randbytes).split()) <= set(phrases.words("fr"))


def test_every_word_can_be_drawn_and_each_as_likely_as_another() -> None:
    known = phrases.words("fr")
    draws = iter(range(len(known)))

    def random_bytes(_n: int) -> bytes:
        return (next(draws) * 1).to_bytes(4, "big")

    drawn = [word for _ in range(len(known) // 4) for word in phrases.propose("fr", random_bytes).split()]
    assert drawn == list(known[: len(drawn)])
    unfair = iter([b"\xff\xff\xff\xff", *(n.to_bytes(4, "big") for n in range(4))])  # above the last whole multiple: drawn again
    assert phrases.propose("fr", lambda _: next(unfair)).split() == list(known[:4])


@pytest.mark.parametrize(("typed", "same"), [
    ("rosée écluse Œillet août", "ROSEE  ecluse oeillet aout"), ("إبريق شجرة هدى مئة", "ابريق شجره هدي ميه"), ("مَدْرَسَة ـ كتاب", "مدرسه كتاب"),
    ("گل ٤٢", "گل 42"), ("ﻣﺪﺭﺳﺔ", "مدرسة"), ("e\u0301clair", "éclair"), ("ك‌تاب کتاب", "كتاب كتاب"), ("l'été", "l’ete"), ("ｒｏｓｅ", "rose"), ("soleil-lune", "Soleil lune."),
])
def test_the_same_phrase_on_another_keyboard(typed: str, same: str) -> None:
    assert phrases.meant(typed) == phrases.meant(same) != ""


def test_the_form_of_phrases_is_frozen() -> None:
    """What this says has locked people's files: it may never change."""
    assert phrases.FORM == 1
    assert phrases.meant("L’Été, à Obock: ٣ dhows & إِبْرِيق الشَّاي ـ œuf") == "leteaobock3dhowsابريقالشايoeuf"


@pytest.mark.parametrize("phrase", ["", "   ", "abcd", "aaaaaaaaaaaaaaaaaaaaaaaaa", "mot de passe", "!!!! ???? .... ,,,, ;;;;", "soleil soleil soleil soleil", "12345678"])
def test_a_phrase_that_is_guessed_too_soon_is_refused_with_a_sentence(phrase: str) -> None:
    with pytest.raises(Invalid) as refused:
        phrases.check(phrase)
    assert refused.value.code == "phrase_too_short"


def test_a_sentence_of_ones_own_does() -> None:
    assert phrases.check("Le boutre de mon oncle est vert") == "leboutredemononcleestvert"
    assert phrases.check("قارب عمي أخضر وجميل جدا") == phrases.meant("قارب عمي اخضر وجميل جدا")


def test_a_code_is_read_off_paper_as_it_was_meant() -> None:
    chance = random.Random(3)
    for _ in range(200):
        code = recovery_code.make(chance.randbytes)
        assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{5}", code)
        letters = code.replace("-", "")
        assert recovery_code.parse(code) == letters
        assert recovery_code.parse(code.lower().replace("-", " ").replace("0", "o").replace("1", "l")) == letters
    assert recovery_code.parse(code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))) == letters


def test_every_wrong_letter_every_exchange_and_every_shuffled_group_is_noticed() -> None:
    code = recovery_code.make(random.Random(5).randbytes).replace("-", "")
    for at, right in enumerate(code):
        for other in ALPHABET:
            if other != right:
                with pytest.raises(Invalid) as wrong:
                    recovery_code.parse(code[:at] + other + code[at + 1 :])
                assert wrong.value.message.args["n"] == at // 5 + 1
        if at % 5 < 4 and code[at] != code[at + 1]:
            with pytest.raises(Invalid):
                recovery_code.parse(code[:at] + code[at + 1] + code[at] + code[at + 2 :])
    groups = [code[at : at + 5] for at in range(0, 25, 5)]
    for one in range(5):
        for other in range(one):
            shuffled = list(groups)
            shuffled[one], shuffled[other] = groups[other], groups[one]
            with pytest.raises(Invalid):
                recovery_code.parse("".join(shuffled))


@pytest.mark.parametrize("code", ["", "7K3M-9QXA-R2TB-W6HN", "A" * 24, "A" * 26, "ABCDE-ABCDE-ABCDE-ABCDE-ABCD*", "ÉÉÉÉÉ" * 5])
def test_what_is_no_code_is_said(code: str) -> None:
    with pytest.raises(Invalid) as refused:
        recovery_code.parse(code)
    assert refused.value.code == "code_mistyped"
