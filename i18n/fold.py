"""The one fold of search, for what is indexed and what is typed alike; knows characters, not records.

`fold` makes equal what a person means to be equal: `اوبوك` = `أوبوك`, `مشاريع` = `المشاريع`,
`ecole` = `l’École`. It loses distinctions on purpose (`ألعاب` folds like `العاب`, without its
first two letters): both sides lose the same, so nothing is missed. The result holds only
lower-case letters and digits between single spaces, fit for FTS5's `unicode61 remove_diacritics 0`.
Place names across scripts are the matter of `i18n.names`.
"""

import codecs
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import compress
from operator import not_


class _Letters(dict[int, int | str | None]):
    """A table for str.translate: letters and digits it does not name stay, all else is a space.

    It remembers what it answered: without an entry, str.translate takes three times as long.
    """

    def __missing__(self, sign: int) -> int:
        self[sign] = sign if chr(sign).isalnum() else 0x20
        return self[sign]


_LETTERS = _Letters(
    {
        **{ord(sign): sign for sign in "'."},  # `fold` looks at these once more
        # Signs that stand for an apostrophe, hamza or ʿayn in French, Somali, Afar, scholarly Latin.
        **dict.fromkeys(map(ord, "’‘‛ʼʻʽʾʿˈ`′ʹꞌ\u055a"), "'"),
        **dict.fromkeys(range(0x0300, 0x0370)),  # Latin accents
        **dict.fromkeys(range(0x064B, 0x0660)),  # harakat, and the hamza that NFKD splits off
        **dict.fromkeys(range(0x06D6, 0x06DD)),  # Quranic marks
        **dict.fromkeys((*range(0x06DF, 0x06E5), 0x06E7, 0x06E8, *range(0x06EA, 0x06EE))),
        **dict.fromkeys(range(0x0610, 0x061B)),
        **dict.fromkeys(range(0x08D3, 0x0900)),
        **dict.fromkeys(range(0x200B, 0x2010)),  # joiners and direction marks
        **dict.fromkeys(range(0x202A, 0x202F)),
        **dict.fromkeys(range(0x2060, 0x2070)),
        **dict.fromkeys((0x00AD, 0x061C, 0x0640, 0x0670, 0xFEFF)),  # soft hyphen, tatweel, dagger alef
        **dict.fromkeys(range(0xFE00, 0xFE10)),
        ord("ء"): None,
        ord("ٱ"): "ا",
        ord("ى"): "ي",
        ord("ی"): "ي",
        ord("ې"): "ي",
        ord("ة"): "ه",
        ord("ہ"): "ه",
        ord("ە"): "ه",
        ord("ھ"): "ه",
        ord("ک"): "ك",
        ord("œ"): "oe",
        ord("æ"): "ae",
        ord("ø"): "o",
        ord("ł"): "l",
        ord("đ"): "d",
        ord("ɖ"): "d",
        ord("ħ"): "h",
        ord("ı"): "i",
        **{0x0660 + i: str(i) for i in range(10)},
        **{0x06F0 + i: str(i) for i in range(10)},
    }
)

_LINES = _Letters({**_LETTERS, 0x0A: 0x0A})  # the same, a line staying a line
_LEFT_OUT = [chr(sign) for sign, letter in _LETTERS.items() if letter is None]
# What nearly all texts are made of, and the one sign that each becomes: so few that they are bytes to a codec, which is ten times faster.
_USUAL = [chr(sign) for sign in (*range(128), *map(ord, "،؛؟«»“”–—…"), *range(0x0621, 0x064B), *range(0x0660, 0x066A), *range(0x06F0, 0x06FA))
          if _LINES[sign] is not None]
_TO_BYTES, _FROM_BYTES = codecs.charmap_build("".join(_USUAL)), "".join(_USUAL).translate(_LINES)
_UNUSUAL = re.compile(f"[^{re.escape(''.join(_USUAL + _LEFT_OUT))}]")
_SPACES = re.compile("  +")

_ELISION = re.compile(r"(?<!\w)(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu)'(?=\w)")
# The sign stands before what must stand before it: so a search runs to the next dot as fast as memory is read.
_ACRONYM_DOT = re.compile(r"\.(?<![^\W\d_]{2}\.)(?<=[^\W\d_]\.)(?=[^\W\d_](?![^\W_]))")

# The article with the particles written onto it (و ف ب ك, and ل which swallows its alef); what
# is left must be two letters at least, so الله stays itself only as far as له: equal on both
# sides. It repeats, because ألعاب without its article looks as if it had one. والد (father) and
# بالغ (adult) begin like it and are frequent.
_ARTICLE = re.compile(r" (?=[وفبكال]ا?ل)(?:(?!والد(?:ه|ي|ين|يه|يا|ان)?\b|بالغ(?:ه|ين|ون|ات)?\b)(?:[وفبك]?ال|و?لل))+(?=\w\w)")


def fold(text: str) -> str:
    """The text as search sees it: no case, accents, harakat, articles or punctuation.

    Used for query and index alike. Idempotent. Nothing in it looks further
    than one word, and people use the same words again and again: a known one
    costs a tenth of a microsecond, a new one about three.
    """
    return " ".join(filter(None, map(_folded, text.split())))


def fold_all(texts: Sequence[str]) -> list[str]:
    """`fold` of each of many texts, in a few passes over all of them a line each: a third of what they cost one by one."""
    lines = _decomposed("\n".join([text.replace("\n", " ") for text in texts])).split("\n")
    usual = [_UNUSUAL.search(line) is None for line in lines]
    letters = codecs.charmap_encode("\n".join(compress(lines, usual)), "ignore", _TO_BYTES)[0]
    easy = iter(_finished(codecs.charmap_decode(letters, "strict", _FROM_BYTES)[0]).split("\n"))
    rest = iter(_finished("\n".join(compress(lines, map(not_, usual))).translate(_LINES)).split("\n"))
    return [next(easy) if one else next(rest) for one in usual][: len(texts)]


@lru_cache(maxsize=20_000)
def _folded(word: str) -> str:
    """One word between spaces; signs inside it may part it into several."""
    return _finished((word.lower() if word.isascii() else _decomposed(word)).translate(_LETTERS))


def _decomposed(text: str) -> str:
    """Small letters, and their marks apart from them."""
    # The spacing acute, typed for an apostrophe, would decompose into a space.
    text = unicodedata.normalize("NFKD", text.replace("´", "'")).casefold()
    return unicodedata.normalize("NFKD", text)


def _finished(text: str) -> str:
    """A text of letters, spaces, dots and apostrophes, or many a line each, without the last two and in words."""
    if "." in text:
        text = _ACRONYM_DOT.sub("", text).replace(".", " ")
    if "'" in text:
        text = _ELISION.sub("", text).replace("'", "")
    if " " in text:
        text = _SPACES.sub(" ", text).replace("\n ", "\n").replace(" \n", "\n").strip(" ")
    if "ل" in text:
        text = _ARTICLE.sub(" ", " " + text.replace("\n", "\n ")).replace("\n ", "\n")[1:]
    return text


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return fold(text).split()
