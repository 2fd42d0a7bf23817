"""Everything a page shows about one record, read in one go on the data lane; knows no widget."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from desktop.features.directory import words
from i18n import Text, t
from i18n.values import listing
from resources import directory
from resources.rights import allowed, refusal
from resources.wording import label_of, worded
from sync.events import Changed
from sync.history import Event
from sync.merge import LIFE
from sync.record import Record

__all__ = ["Dossier", "Entry", "concerns", "read"]

_CONTACT_KINDS = ("project", "contact", "place")


@dataclass(frozen=True)
class Entry:
    """One save of a record: who, when, and what it changed as (label, before, after)."""

    who: str
    when: str
    waiting: bool
    creates: bool
    lines: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Dossier:
    """A record with what belongs to it.

    `written`: the last event of each field; `conflicts`: number of values by field name;
    `names`: titles of the records it points to; `refusal`: why this person may not change it, or None;
    `allowed`: (operation, kind) that they may do to it and to what belongs to it.
    """

    record: Record
    today: datetime.date
    projects: list[Record] = field(default_factory=list)
    contacts: list[Record] = field(default_factory=list)
    places: list[Record] = field(default_factory=list)
    written: dict[str, Event] = field(default_factory=dict)
    conflicts: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    refusal: Text | None = None
    allowed: frozenset[tuple[str, str]] = frozenset()

    @property
    def key(self) -> tuple[str, str]:
        return self.record.kind.name, self.record.id

    def may(self, kind: str) -> frozenset[str]:
        """The operations that this person may do to records of a kind that belong here."""
        return frozenset(operation for operation, one in self.allowed if one == kind)

    @property
    def is_new(self) -> bool:
        """Whether the record as a whole waits for the server: then nothing is gained by saying so of each field."""
        return bool(self.entries) and self.entries[-1].waiting


def read(ws: Any, kind: str, id: str) -> Dossier:
    """Read it all. NotFound when the record is not here."""
    record = ws.get(kind, id)
    own = kind == "organisation"
    projects = directory.projects_of(ws, id) if own else []
    events = [event for event in ws.history(kind, id) if not event.refused]
    names = _names(ws, [record, *projects])
    conflicts = {}
    if record.conflicts:
        for one in ws.conflicts():
            if one.id == id:
                name = record.kind.field_of(one.field)
                conflicts[name[0].name if name else LIFE] = len(one.values)
    written = {}
    for event in events:
        known = record.kind.field_of(event.field)
        if known is not None:
            written[known[0].name] = event
    return Dossier(
        record, words.today_of(ws.clock()), projects,
        directory.contacts_of(ws, id) if own else [], directory.places_of(ws, id) if own else [],
        written, conflicts, names, _entries(record, events, names), refusal(ws, kind, "edit", record),
        allowed(ws, {kind, *_CONTACT_KINDS}),
    )


def concerns(ws: Any, shown: Dossier, changed: Changed) -> bool:
    """Whether what changed is the record shown, belongs to it, or is named by it."""
    kind, id = shown.key
    near = {id, *shown.names, *(one.id for one in (*shown.projects, *shown.contacts, *shown.places))}
    if not changed.ids or near & changed.ids:
        return True
    if kind != "organisation":
        return False
    kinds = [one for one in _CONTACT_KINDS if one in changed.kinds]
    return any(record["organisation"] == id for one in kinds for record in ws.by_ids(one, sorted(changed.ids)))


def _names(ws: Any, records: list[Record]) -> dict[str, str]:
    """Titles of the organisations that records point to."""
    ids = {one for record in records for one in _pointed(record)}
    return {one.id: one.title for one in ws.by_ids("organisation", sorted(ids))}


def _pointed(record: Record) -> list[str]:
    kind = record.kind
    single = [record["organisation"]] if "organisation" in kind.by_name and record["organisation"] else []
    return single + list(record["partners"] or () if "partners" in kind.by_name else ())


def _entries(record: Record, events: list[Event], names: dict[str, str]) -> list[Entry]:
    """Events gathered by save, the newest first."""
    saves: dict[bytes, list[Event]] = {}
    for event in events:
        saves.setdefault(event.dot, []).append(event)
    found = []
    for number, group in enumerate(saves.values()):
        first = group[0]
        lines = _gathered([_line(record, event, names) for event in group])
        found.append(Entry(words.who(first), words.moment_of(first.time), first.number is None, number == 0, lines))
    return found[::-1]


def _gathered(lines: list[tuple[str, str, str]]) -> tuple[tuple[str, str, str], ...]:
    """Elements added to one set, or taken from it, as one line."""
    found: dict[tuple[str, bool], tuple[list[str], list[str]]] = {}
    for label, before, after in lines:
        befores, afters = found.setdefault((label, bool(after)), ([], []))
        befores.append(before)
        afters.append(after)
    return tuple(
        (label, str(listing(filter(None, befores))), str(listing(filter(None, afters)))) for (label, _), (befores, afters) in found.items()
    )


def _line(record: Record, event: Event, names: dict[str, str]) -> tuple[str, str, str]:
    kind, path = record.kind, event.field
    after = t("erased for everyone") if event.erased else worded(kind, path, event.new, names=names)
    return label_of(kind, path), worded(kind, path, event.old, names=names), after
