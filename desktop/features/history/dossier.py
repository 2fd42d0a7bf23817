"""The past of one record as the page shows it, read and gathered by save on the data lane; knows no widget."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from i18n import Text
from resources import undoing
from resources.wording import label_of
from sync import fields as shapes
from sync.change import Operation
from sync.errors import NotFound
from sync.form import Form
from sync.history import Event
from sync.merge import LIFE
from sync.record import Kind, best

__all__ = ["Dossier", "Line", "Save", "read"]


@dataclass(frozen=True)
class Line:
    """What one save did to one field, one language of a text, or one set. `field` is how an undoing names it.

    `undoable`: putting the earlier value back is possible and would change something.
    `contested`: its value stands beside others, so that undoing takes it out and leaves those.
    """

    field: str
    events: tuple[Event, ...]
    undoable: bool = False
    contested: bool = False


@dataclass(frozen=True)
class Save:
    """One save: its first event says who, when and how it came; `lines` what it wrote; `undo` names what undoing all of it is, or is "".

    `undo`: "save", "deletion" (bring back) or "creation" (delete). `foreign`: a device other than this one, known by name.
    """

    about: Event
    lines: tuple[Line, ...]
    undo: str = ""
    foreign: str = ""

    @property
    def change(self) -> str:
        """The change, as an undoing names it."""
        return self.about.dot.hex()


@dataclass(frozen=True)
class Dossier:
    """Everything the page shows.

    `saves`: the newest first; `fields`: those that were ever written, (name, label); `form`: what is shown now, None of a deleted record;
    `names`: titles of the records that values point to; `refusal`: why this person may not write here, or None;
    `later`: this copy began later than the record, so that some of its past is elsewhere.
    """

    kind: Kind
    id: str
    title: str
    scope: str
    saves: tuple[Save, ...]
    fields: tuple[tuple[str, str], ...]
    form: Form | None
    names: dict[str, str] = field(default_factory=dict)
    refusal: Text | None = None
    moderating: bool = False
    later: bool = False

    @property
    def key(self) -> tuple[str, str]:
        return self.kind.name, self.id

    def only(self, name: str) -> list[Save]:
        """The saves that wrote a field, with nothing but that in them; all of them for ""."""
        if not name:
            return list(self.saves)
        found = []
        for save in self.saves:
            lines = tuple(line for line in save.lines if field_name(self.kind, line.field) == name)
            if lines:
                found.append(Save(save.about, lines, "", ""))
        return found


def read(ws: Any, kind_name: str, id: str) -> Dossier:
    """Read it all; NotFound when nobody ever wrote such a record here."""
    kind = ws.kinds[kind_name]
    events = ws.history(kind.name, id)
    if not events:
        raise NotFound(Text("There is no {kind} with the id {id} here.", kind=kind.label, id=id))
    form = ws.form(kind.name, id) if ws.by_ids(kind.name, [id]) else None
    why = undoing.refusal(ws, kind.name, id, "edit")
    closed = {name for name in kind.rights if undoing.refusal(ws, kind.name, id, "edit", [name]) is not None}
    moderating = undoing.is_moderating(ws)
    own = ws.vault.word("device")
    contested = {one.field: {value.dot for value in one.values} for one in ws.conflicts() if one.id == id} if form and form.record.conflicts else {}
    alone = all(one.author.mine for one in events)  # what others made or built on is deleted where one deletes, not here
    saves = tuple(_save(kind, group, form, closed, contested, may=why is None, alone=alone, own=own, moderating=moderating)
                  for group in _by_save(events))
    written = dict.fromkeys(field_name(kind, one.field) for one in events if one.field != LIFE)
    fields = tuple((name, label_of(kind, name)) for name in kind.by_name if name in written)
    return Dossier(kind, id, _title(kind, form, events), form.record.scope if form else ws.overlay.scope(kind.name, id) or "", saves[::-1], fields,
                   form, _names(ws, kind, events), why, moderating, any(one.unknown for one in events))


def field_name(kind: Kind, path: str) -> str:
    """The field that a path belongs to."""
    known = kind.field_of(path)
    return known[0].name if known is not None else path


def _by_save(events: Iterable[Event]) -> list[list[Event]]:
    saves: dict[bytes, list[Event]] = {}
    for event in events:
        saves.setdefault(event.dot, []).append(event)
    return list(saves.values())


def _save(kind: Kind, group: list[Event], form: Form | None, closed: set[str], contested: dict[str, set[bytes]], *,
          may: bool, alone: bool, own: str, moderating: bool) -> Save:
    first = group[0]
    lines: dict[str, list[Event]] = {}
    for event in group:
        known = kind.field_of(event.field)
        whole = known is not None and isinstance(known[0].shape, shapes.Elements)
        lines.setdefault(known[0].name if known is not None and whole else event.field, []).append(event)
    made = tuple(Line(name, tuple(its), may and name not in closed and (
        first.dot in contested[name] if name in contested else _is_undoable(its, form)), name in contested) for name, its in lines.items())
    undo = ""
    if may and not first.refused and not kind.final:
        if first.operation == Operation.DELETE and form is None:
            undo = "deletion"
        elif first.operation == Operation.CREATE and form is not None and alone:
            undo = "creation"
        elif first.operation == Operation.EDIT and sum(line.undoable for line in made) > 1 and not closed & set(lines):
            undo = "save"
    foreign = first.author.device if moderating and first.author.device != own and first.number is not None else ""
    return Save(first, made, undo, foreign)


def _is_undoable(events: list[Event], form: Form | None) -> bool:
    first = events[0]
    if form is None or first.refused or first.operation != Operation.EDIT:
        return False
    return any(not one.unknown and not one.erased and (form.parts.get(one.field) or None) != (one.old or None) for one in events)


def _title(kind: Kind, form: Form | None, events: list[Event]) -> str:
    """What the record is called; of a deleted one, what it was called last."""
    if form is not None:
        return form.record.title
    last: dict[str, Any] = {}
    for one in events:
        if field_name(kind, one.field) == kind.title:
            last[one.field.partition(".")[2]] = one.new
    return str(last.get("") or best({code: said for code, said in last.items() if said}, "fr"))


def _names(ws: Any, kind: Kind, events: list[Event]) -> dict[str, str]:
    """Titles of the records that values point to."""
    wanted: dict[str, set[str]] = {}
    for one in events:
        known = kind.field_of(one.field)
        if known is None:
            continue
        shape, key = known[0].shape, known[1]
        target = shape.target if isinstance(shape, shapes.Reference | shapes.Words) else ""
        if target:
            wanted.setdefault(target, set()).update(each for each in (key, one.old, one.new) if isinstance(each, str) and each)
    return {one.id: one.title for target, ids in wanted.items() for one in ws.by_ids(target, sorted(ids))}
