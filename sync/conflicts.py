"""Conflicts as a person reads them: record, field, old value, each value with who and when; derived, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sync import history
from sync.authors import Author
from sync.merge import LIFE, Reference, State, uncovered
from sync.overlay import Overlay
from sync.record import Kinds
from sync.store import Store
from sync.tables import table_of


@dataclass(frozen=True, slots=True)
class Value:
    """One of the values that stand side by side; `number` is None while it waits, `dot` names the change that wrote it."""

    value: Any
    author: Author
    time: int
    number: int | None
    dot: bytes


@dataclass(frozen=True, slots=True)
class Conflict:
    """A part of a record for which a person must choose. `old` is what the authors had before them."""

    id: str
    kind: str
    field: str
    title: str
    old: Any
    values: list[Value]


def count(store: Store, kinds: Kinds) -> int:
    """How many parts wait for a person."""
    return sum(store.value(f"SELECT coalesce(sum(conflicts), 0) FROM {kind} WHERE conflicts > 0") for kind in kinds)


def open_conflicts(store: Store, overlay: Overlay, kinds: Kinds) -> list[Conflict]:
    """Every open conflict, by kind and title."""
    found: list[Conflict] = []
    for kind in kinds.values():
        table = table_of(kind)
        for row in store.rows(f"SELECT {table.select} FROM {kind.name} WHERE conflicts > 0 ORDER BY sort_fr"):
            state = overlay.state(kind.name, row[0])
            if state is not None:  # pragma: no branch - another program took it away between two looks
                past = _Past(history.events(store, overlay, kinds, kind.name, row[0]))
                title = table.record(row).title
                found += [_conflict(state, path, title, past) for path in table.conflicts(state)]
    return found


class _Past:
    """The events of one record, found by the reference and the part that they wrote."""

    def __init__(self, events: list[history.Event]) -> None:
        stood = [one for one in events if not one.refused]  # a refusal that a server lost keeps a number that something else has now
        self._events = {(one.dot, one.field): one for one in stood}
        self._dots = {one.number: one.dot for one in stood if one.number is not None}

    def event(self, reference: Reference, path: str) -> history.Event:
        dot = reference if isinstance(reference, bytes) else self._dots[reference]
        return self._events[dot, path]


def _conflict(state: State, path: str, title: str, past: _Past) -> Conflict:
    if path == LIFE:
        deletion = past.event(state.deletions[0].reference, LIFE)
        edited, live = uncovered(state)[0]
        values = [_value(history.DELETED, deletion), _value(history.RESTORED, past.event(live.reference, edited))]
        return Conflict(state.id, state.kind, LIFE, title, history.RESTORED, values)
    live_values = sorted(state.parts[path], key=lambda one: (isinstance(one.reference, bytes), one.reference))
    events = [past.event(one.reference, path) for one in live_values]
    values = [_value(one.value, event) for one, event in zip(live_values, events, strict=True)]
    return Conflict(state.id, state.kind, path, title, events[0].old, values)


def _value(value: Any, event: history.Event) -> Value:
    return Value(value, event.author, event.time, event.number, event.dot)
