"""What a record is found by: its words as they were typed, and the names of its codes; folding is the index's work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from i18n import Text

_SPOKEN = ("fr", "ar", "en")


def indexed(title: Iterable[str | None], body: Iterable[str | None]) -> tuple[str, str]:
    """(title, body) for the index, which folds them and puts the other spellings of places beside.

    So a query needs folding only: somebody who types `Tadjoura` finds what is
    filed as تاجورة. `i18n.names` says why that side is the better one.
    """
    return "\n".join(filter(None, title)), "\n".join(filter(None, body))


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
