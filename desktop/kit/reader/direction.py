"""Which way a text runs: its first strong letters, or its language; knows characters only."""

import unicodedata

from resources.formats.epub import RTL_LANGUAGES

_SAMPLE = 2_000


def first_strong(text: str) -> bool | None:
    """True when the first strong letters run right to left, False left to right, None when there are none.

    Looks at the first sixteen strong letters, so one Latin word before Arabic prose does not turn it round.
    """
    seen = [c for c in map(unicodedata.bidirectional, text[:_SAMPLE]) if c in {"L", "R", "AL"}][:16]
    if not seen:
        return None
    return sum(c != "L" for c in seen) * 2 > len(seen)


def runs_right_to_left(text: str, language: str | None) -> bool:
    """The direction of a document: its language when it is known, otherwise its first strong letters."""
    if language:
        return language.lower().split("-")[0].split("_")[0] in RTL_LANGUAGES
    return bool(first_strong(text))
