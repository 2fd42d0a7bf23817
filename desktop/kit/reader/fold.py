"""Letters folded for searching in a document, one by one so that every hit has a place; knows no screen."""

import unicodedata
from functools import cache

_SAME = str.maketrans({"ة": "ه", "ى": "ي", "ٱ": "ا", "’": "'", "ʼ": "'", "\u00a0": " ", "\u202f": " ", "\n": " "})


@cache
def _letter(letter: str) -> str:
    """`letter` without accents, harakat, tatweel, hamza seats and case; one letter may become none or several."""
    if letter == "ـ":
        return ""
    plain = "".join(c for c in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(c))
    return plain.translate(_SAME).casefold()


def folded(text: str) -> str:
    """`text` as it is compared."""
    return "".join(map(_letter, text))


def spots(text: str, wanted: str) -> list[tuple[int, int]]:
    """(start, length) of every hit of `wanted` in `text`, in UTF-16 units as Qt counts; hits do not overlap."""
    needle = folded(wanted).strip()
    if not needle:
        return []
    pieces = list(map(_letter, text))
    hay = "".join(pieces)
    hits = _finds(hay, needle)
    if not hits:
        return []
    units = [0]
    owners: list[int] = []  # folded letter -> letter of `text`
    for index, (letter, piece) in enumerate(zip(text, pieces, strict=True)):
        units.append(units[-1] + (2 if ord(letter) > 0xFFFF else 1))
        owners += [index] * len(piece)
    found = []
    for hit in hits:
        first, last = owners[hit], owners[hit + len(needle) - 1]
        found.append((units[first], units[last + 1] - units[first]))
    return found


def _finds(hay: str, needle: str) -> list[int]:
    hits, at = [], hay.find(needle)
    while at >= 0:
        hits.append(at)
        at = hay.find(needle, at + len(needle))
    return hits
