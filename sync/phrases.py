"""The phrase that opens a person's file: proposed from our lists, read as it was meant, and long enough; knows no file of anybody.

What is derived from a phrase must come out the same for ever, on every
keyboard. So this form of a phrase is its own and not search's, which may
learn; it is **frozen**: who would change it makes another number beside `FORM`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

from i18n import Text
from sync.errors import Invalid

FORM = 1  # the number of this reading of a phrase, kept with what was derived from it
WORDS = 4
LEAST, LEAST_DIFFERENT = 16, 7  # letters and figures of a phrase of one's own, and how many different ones
LANGUAGES = ("fr", "ar")
_LISTS = Path(__file__).parent / "wordlists"
# What another keyboard types for the same letter, and what people leave out or double.
_SAME = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ہ": "ه", "ە": "ه",
                       "ھ": "ه", "ک": "ك", "ء": None, "ـ": None, "œ": "oe", "æ": "ae"})


def meant(phrase: str) -> str:
    """The letters and figures of a phrase: no case, accents, harakat, spaces or signs; the forms of alef, ya, ta marbuta and hamza as one; 0-9.

    No word of our lists begins another one, so words written without the
    spaces between them are still the same words.
    """
    text = unicodedata.normalize("NFKC", phrase).casefold().translate(_SAME)
    text = unicodedata.normalize("NFKD", text).translate(_SAME)
    return "".join(str(unicodedata.digit(one, one)) for one in text if one.isalnum())


@cache
def words(language: str) -> tuple[str, ...]:
    """Our own list of a language, `fr` or `ar`; French for any other."""
    return tuple((_LISTS / f"{language if language in LANGUAGES else LANGUAGES[0]}.txt").read_text("utf-8").split())


def propose(language: str, random: Callable[[int], bytes]) -> str:
    """Four different words of our list, drawn by a source of secret bytes: one of some 2^43 phrases."""
    known = words(language)
    drawn: dict[str, None] = {}
    while len(drawn) < WORDS:
        drawn[known[_below(len(known), random)]] = None
    return " ".join(drawn)


def check(phrase: str) -> str:
    """What a phrase means, when nobody guesses it soon; Invalid says what it lacks."""
    found = meant(phrase)
    if _is_of_our_words(phrase):
        return found
    if len(found) < LEAST or len(set(found)) < LEAST_DIFFERENT:
        raise Invalid(Text("This phrase is guessed too soon. Take the four words that are proposed, or a sentence of your own of at least {n}"
                           " letters.", n=LEAST), code="phrase_too_short")
    return found


def _is_of_our_words(phrase: str) -> bool:
    parts = {meant(one) for one in phrase.split()}
    return len(parts) >= WORDS and any(parts <= _known(language) for language in LANGUAGES)


@cache
def _known(language: str) -> frozenset[str]:
    return frozenset(map(meant, words(language)))


def _below(bound: int, random: Callable[[int], bytes]) -> int:
    """A number below `bound`, each as likely as the others."""
    most = 2**32 - 2**32 % bound
    while (found := int.from_bytes(random(4), "big")) >= most:
        pass
    return found % bound
