"""Sort keys, so that a list stands in the order its reader expects; knows no table and no locale library.

Order: the reader's own script first, then the other one; what has no letters before both, empty
last. Latin: letters, then accents (cote, coté, côte, côté), then small before capital. Arabic:
letters without the article and whatever the hamza's seat, then those distinctions. Numbers in a
name count as numbers (Lot 2 before Lot 10). Punctuation counts as a space, apostrophes as nothing.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable, Sequence


class _Kept(dict[int, int | str | None]):
    """A table for str.translate that keeps what it does not name, and remembers it (much faster)."""

    def __missing__(self, sign: int) -> int:
        self[sign] = sign
        return sign


class _Asked(dict[int, str | None]):
    """A table for str.translate that asks once what becomes of a character, and remembers it."""

    def __init__(self, answer: Callable[[str], str | None]) -> None:
        self._answer = answer

    def __missing__(self, sign: int) -> str | None:
        self[sign] = self._answer(chr(sign))
        return self[sign]


# Three looks at a name that is decomposed: its small letters; a space for each letter and its marks as they are; a "~" for each capital.
# Many names are looked at together, a line each, and stay lines.
_LETTERS = _Asked(lambda char: None if unicodedata.combining(char) else char.casefold())
_MARKS = _Asked(lambda char: char if unicodedata.combining(char) or char == "\n" else " ")
_CAPITALS = _Asked(lambda char: None if unicodedata.combining(char) else "~" if char != char.casefold() else char if char == "\n" else " ")
# The signs of nearly all names, as bytes to a codec: that looks ten times faster.
_USUAL = "".join(map(chr, (*range(128), *range(0x0300, 0x0310), *range(0x0326, 0x0339), *range(0x0621, 0x063B), *range(0x0641, 0x0658))))
_TO_BYTES, _MARK_BYTES = codecs.charmap_build(_USUAL), bytes(at for at, char in enumerate(_USUAL) if unicodedata.combining(char))
_SMALL, _MARKS_ALONE, _TALL = ("".join(look[ord(char)] or " " for char in _USUAL) for look in (_LETTERS, _MARKS, _CAPITALS))
_MARKED = re.compile(r" (?=[^ \n])")
_STRAY = re.compile(r"^[^ \n]+", re.MULTILINE)  # marks before the first letter
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘‛ʼʻʽʾʿˈ`´′＇ꞌ\u0640"))
_INVISIBLE = dict.fromkeys((*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0x061C, 0xFEFF))
# Letters that decompose into nothing simpler, with a mark that keeps them apart at second sight.
_SPELLED = {
    "œ": "oe\u0300",
    "æ": "ae\u0300",
    "ß": "ss\u0300",
    "ø": "o\u0338",
    "đ": "d\u0335",
    "ł": "l\u0335",
    "ı": "i\u0335",
    "ة": "ه\u0653",
    "ى": "ي\u0653",
    "ی": "ي\u0656",
    "ٱ": "ا\u0656",
    "ء": "ا\u0657",
    "ک": "ك\u0656",
}
_SPELL = _Kept(str.maketrans({**_SPELLED, "Œ": "OE\u0300", "Æ": "AE\u0300", "Ø": "O\u0338"}))
_DIGITS = {0x0660 + i: str(i) for i in range(10)} | {0x06F0 + i: str(i) for i in range(10)}
_PREPARE = _Kept(_APOSTROPHES | _INVISIBLE | _DIGITS | _SPELL)

_NUMBER = re.compile(r"[0-9]+")
_BETWEEN = re.compile(r"(?:[^\w\n]|_)+")
_ARTICLE = re.compile(r"\bال(?=\w\w)")
_LONGEST = 200  # Characters of a name that can decide an order; keeps a pasted page out of the index.

_MARK = "\u0001"  # Below every letter, digit and space: a shorter name stands before a longer one.


def sort_key(text: str, language: str) -> str:
    """A key for one text, to be compared character by character or byte by byte (SQLite BINARY).

    The same name has other keys for a reader of Arabic and for one of a Latin language only in
    their first character.
    """
    return sort_all([text], language)[0]


def sort_all(texts: Sequence[str], language: str) -> list[str]:
    """`sort_key` of each of many texts, in a few passes over all of them: a third of what they cost one by one."""
    lines = "\n".join([text[:_LONGEST].replace("\n", " ") for text in texts])
    plain = unicodedata.normalize("NFKD", lines.translate(_PREPARE)).translate(_SPELL)
    small, marks, capitals = _looks(plain)
    letters = _BETWEEN.sub(" ", small).replace("\n ", "\n").replace(" \n", "\n").strip(" ")
    letters = _NUMBER.sub(lambda match: match[0].lstrip("0").rjust(12, "0"), letters)
    marks = _MARKED.sub("", _STRAY.sub("", marks))
    named = zip(letters.split("\n"), _ARTICLE.sub("", letters).split("\n"), marks.split("\n"), capitals.split("\n"), strict=True)
    keys = [f"{_rank(primary, language)}{bare}{_MARK}{one.rstrip()}{_MARK}{other.rstrip()}" for primary, bare, one, other in named]
    return keys[: len(texts)]


def for_other_readers(key: str) -> str:
    """The key of the same text for a reader of the other script, without making it anew."""
    return {"1": "2", "2": "1"}.get(key[0], key[0]) + key[1:]


def _looks(plain: str) -> tuple[str, str, str]:
    """Base letters; for each the marks it carries (space: none); and whether it is a capital."""
    try:
        signs = codecs.charmap_encode(plain, "strict", _TO_BYTES)[0]
    except UnicodeEncodeError:
        return plain.translate(_LETTERS), plain.translate(_MARKS), plain.translate(_CAPITALS)
    letters = signs.translate(None, _MARK_BYTES)
    small, marks, capitals = (codecs.charmap_decode(data, "strict", look)[0]
                              for data, look in ((letters, _SMALL), (signs, _MARKS_ALONE), (letters, _TALL)))
    return small, marks, capitals


def _rank(primary: str, language: str) -> str:
    """Which group of the list a name stands in."""
    if not primary:
        return "9"
    first = primary[0] if primary[0].isalpha() else next((char for char in primary if char.isalpha()), "")
    if not first:
        return "0"
    arabic = "\u0620" <= first <= "\u064a" or "\u0671" <= first <= "\u06d3"
    return "1" if arabic == (language == "ar") else "2"
