"""Lists inside a sentence: `a, b et c`; sorts nothing."""

from collections.abc import Iterable
from typing import Literal

from i18n.bidi import Piece
from i18n.speech import language as language_now
from i18n.template import spoken

# Between items, before the last with "and", before the last with "or" (CLDR 47; Afar has no word
# for "and" there, so it has commas; Arabic with commas, as lists of names are printed).
_BETWEEN = {
    "fr": (", ", " et ", " ou "),
    "ar": ("، ", " و", " أو "),
    "en": (", ", " and ", " or "),
    "so": (", ", " iyo ", " ama "),
    "aa": (", ", ", ", ", "),
}


def listing(items: Iterable[object], last: Literal["and", "or"] = "and", *, language: str | None = None) -> Piece:
    """The items in one phrase, each said in the language (texts, Text, numbers, dates).

    Each item is isolated where it must be; a sentence that takes the list isolates it no further,
    or a list of Latin names in Arabic would run from left to right.
    """
    code = language or language_now()
    said = [spoken(item, code) for item in items]
    comma, and_, or_ = _BETWEEN[code]
    if len(said) < 2:
        return Piece("".join(said))
    return Piece(comma.join(said[:-1]) + (and_ if last == "and" else or_) + said[-1])
