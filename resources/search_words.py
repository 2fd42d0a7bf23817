"""What the search index holds for a record: its words folded, with the other spellings of the places it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from i18n import Text
from i18n.fold import fold

_SPOKEN = ("fr", "ar", "en")


def indexed(title: Iterable[str | None], body: Iterable[str | None]) -> tuple[str, str]:
    """(title, body) as FTS5 stores them: a query needs folding only.

    Somebody who types `Tadjoura` finds what is filed as تاجورة because the
    index names both; `i18n.names` says why that side is the better one.
    """
    return _expanded(title), _expanded(body)


def named(choices: Mapping[str, Text], codes: str | Iterable[str] | None) -> list[str]:
    """The names of one code or of several in the languages that have one, so that any of them finds the record."""
    found: dict[str, None] = {}
    for code in [codes] if isinstance(codes, str) else codes or ():
        if code in choices:
            found |= dict.fromkeys(_spoken(choices[code]))
    return list(found)


@cache
def _spoken(name: Text) -> tuple[str, ...]:
    return tuple(name.say(speak) for speak in _SPOKEN)


def in_all(texts: Mapping[str, Any] | None) -> list[str]:
    """A text in all its languages."""
    return [str(text) for text in (texts or {}).values()]


def _expanded(parts: Iterable[str | None]) -> str:
    from i18n.names import spellings_beside  # reads its table: only who indexes needs it

    folded = fold("\n".join(part for part in parts if part))
    return f"{folded} {spellings_beside(folded.split())}".strip() if folded else ""
