"""Lines that stand in columns, whatever the script; knows no record."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from i18n import language
from i18n.bidi import isolated

WIDEST = 56


def width(text: str) -> int:
    """How many cells of a terminal a text takes."""
    return sum(0 if unicodedata.category(one) in ("Mn", "Me", "Cf") else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def cell(text: str, widest: int = WIDEST) -> str:
    """A text for one cell: one line, cut with an ellipsis, its direction kept whole."""
    line = " ".join(text.split())
    if width(line) > widest:
        line = line[: widest - 1].rstrip() + "…"
    return isolated(line, language())


def columns(rows: Iterable[Sequence[str]], indent: str = "") -> Iterator[str]:
    """The rows with each column as wide as its widest cell."""
    kept = [list(row) for row in rows]
    if not kept:
        return
    sizes = [max(width(row[at]) if at < len(row) else 0 for row in kept) for at in range(max(map(len, kept)))]
    for row in kept:
        padded = [text + " " * (sizes[at] - width(text)) for at, text in enumerate(row)]
        yield (indent + "  ".join(padded)).rstrip()
