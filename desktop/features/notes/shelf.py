"""A person's notes as the list shows them, drafts among them, the last written first; read on the data lane, knows no widget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from i18n.fold import fold, words
from resources.search import matching_ids
from resources.unfinished import drafts
from sync.record import Record

__all__ = ["NOTE", "Entry", "Shelf", "head_of"]

NOTE = "note"
START = 160  # characters of the text that a row has room for
_DRAFTS = 500


@dataclass(frozen=True)
class Entry:
    """One row. `time`: milliseconds since 1970 of the last save, None of what was never saved.

    `state`: "draft" (typed, not saved), "conflict", "waiting" (for the server) or "".
    """

    id: str
    title: str
    start: str
    time: int | None
    doubtful: bool = False
    state: str = ""


@dataclass(frozen=True)
class _Last:
    """The last save of a note: where it stands in the order of all saves, and when it was made."""

    place: tuple[bool, int, int]
    time: int
    doubtful: bool


class Shelf:
    """Reads the list; remembers when each note was written last, so that a save makes it read one past again, not all."""

    def __init__(self, ws: Any) -> None:
        self._ws = ws
        self._last: dict[str, _Last] = {}

    def forget(self, ids: frozenset[str] | None) -> None:
        """These were written; None for any of them."""
        if ids is None:
            self._last.clear()
        for id in ids or ():
            self._last.pop(id, None)

    def read(self, typed: str = "") -> list[Entry]:
        """The notes that hold every word of `typed`, all of them for ""."""
        begun = {one.id: dict(self._ws.draft(NOTE, one.id)["values"]) for one in drafts(self._ws, _DRAFTS) if one.kind == NOTE}
        notes = {one.id: one for one in self._ws.records(NOTE)}
        if typed.strip():
            kept = set(matching_ids(self._ws, typed, NOTE)) | {id for id, values in begun.items() if _holds(values, typed)}
            begun = {id: values for id, values in begun.items() if id in kept}
            notes = {id: note for id, note in notes.items() if id in kept}
        joined = bool(self._ws.vault.word("server"))  # without a server nothing waits for it
        found = [_entry(None, id, begun[id], None, joined=joined) for id in begun if id not in notes]
        saved = sorted(notes.values(), key=lambda note: self._of(note.id).place, reverse=True)
        return found[::-1] + [_entry(note, note.id, begun.get(note.id), self._of(note.id), joined=joined) for note in saved]

    def _of(self, id: str) -> _Last:
        if id not in self._last:
            events = [one for one in self._ws.history(NOTE, id) if not one.refused]
            self._last[id] = max((_Last((one.number is None, one.number or 0, one.time), one.time, one.doubtful) for one in events), key=_place)
        return self._last[id]


def _place(last: _Last) -> tuple[bool, int, int]:
    return last.place


def head_of(title: str | None, text: str | None) -> tuple[str, str]:
    """What a note is called and how it goes on: its title and the beginning of its text; without a title, its first line and the next."""
    lines = [line.strip() for line in (text or "").split("\n") if line.strip()]
    head = (title or "").strip() or (lines.pop(0) if lines else "")
    return head[:START], " ".join(lines)[:START]


def _entry(note: Record | None, id: str, begun: Mapping[str, Any] | None, last: _Last | None, *, joined: bool) -> Entry:
    values = begun if begun is not None else note
    title, start = head_of(values["title"], values["text"]) if values is not None else ("", "")
    if not title and note is not None and note["file"]:
        title = str(note["file"].get("name") or "")
    if begun is not None:
        state = "draft"
    elif note is not None and note.conflicts:
        state = "conflict"
    else:
        state = "waiting" if joined and note is not None and note.pending else ""
    return Entry(id, title, start, last.time if last else None, last.doubtful if last else False, state)


def _holds(values: Mapping[str, Any], typed: str) -> bool:
    body = f" {' '.join(words(fold(' '.join(filter(None, (values.get('title'), values.get('text')))))))}"
    return all(f" {word}" in body for word in words(typed))
