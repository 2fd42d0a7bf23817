"""One change is undone by another: an ordinary save that writes what stood there before; knows no right, no screen and no road."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from i18n import Text
from sync.change import Operation
from sync.errors import NotFound, Problem, Refused
from sync.fields import Elements
from sync.form import Form
from sync.history import Event
from sync.merge import LIFE, Live, State, is_gone
from sync.record import Kind, refuse_problems
from sync.saving import Seen
from sync.tables import table_of

if TYPE_CHECKING:
    from sync.workspace import Saved, Workspace

NOT_KEPT = Text("What stood there before is not on this computer: its copy of the network began later.")
ERASED_VALUE = Text("This value was erased for everyone. It cannot be put back.")
WITHDRAWN = Text("This was withdrawn for good. It cannot be brought back.")


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undoing saved (`change` is "" when everything reads like that already), and the paths that it left: others stand there by now."""

    saved: Saved
    left: tuple[str, ...] = ()


def undo(ws: Workspace, kind: str, id: str, change: str, field: str | None = None, form: Form | None = None) -> Undone:
    """Undo one change of a record (its dot as hexadecimal text): all of it, or only one field, or one part of it (`name.fr`).

    A whole save leaves what somebody replaced since; a field that is named is
    put back all the same, over what is shown: over what `form` shows, if it is
    given, so that a value which came since stands beside it. In a field in
    conflict the change's own value goes and the others stay.

    Raises NotFound when no such change is here, Refused when it never stood,
    when what it replaced is not here, or was erased, or was withdrawn for good,
    or when others built on it; Invalid when a rule forbids the earlier value.
    """
    with ws.together():
        past = ws.history(kind, id)
        events = [one for one in past if one.dot.hex() == change]
        if not events:
            raise NotFound(Text("This record has no such change here. “dalil history” names them."))
        if events[0].refused:
            raise Refused(Text("This change was refused: nothing of it stands, so there is nothing to undo."))
        if field is None and events[0].operation != Operation.EDIT:
            return Undone(_undo_life(ws, ws.kinds[kind], id, events[0], past))
        chosen = [one for one in events if field is None or _is_in(ws.kinds[kind], one.field, field)]
        if not chosen or chosen[0].field == LIFE:
            raise NotFound(Text("This change did not write the field “{field}”.", field=field or LIFE))
        return _undo_fields(ws, ws.kinds[kind], id, chosen, form, named=field is not None)


def undo_all(ws: Workspace, changes: Iterable[tuple[str, str, str]]) -> list[Undone]:
    """Undo several changes, (kind, id, change) each, in one transaction; what was replaced since is left."""
    with ws.together():
        return [undo(ws, *one) for one in changes]


def _undo_life(ws: Workspace, kind: Kind, id: str, event: Event, past: list[Event]) -> Saved:
    """Bring back what was deleted; delete what was made or brought back, unless others built on it."""
    state = ws.overlay.state(kind.name, id)
    gone = state is None or is_gone(state, final=kind.final)
    if event.operation == Operation.DELETE:
        if kind.final:
            raise Refused(WITHDRAWN)
        return ws.restore(kind.name, id)
    if gone:
        raise Refused(Text("This record is deleted already."))
    if kind.final:
        raise Refused(Text("Undoing this would withdraw a consent for good. Delete the record if that is what you mean."))
    if any(not same_author(one, event) for one in past[past.index(event) + 1:] if not one.refused):
        raise Refused(Text("Others have written in this record since. Delete it if that is what you mean."))
    return ws.delete(kind.name, id)


def _undo_fields(ws: Workspace, kind: Kind, id: str, events: list[Event], form: Form | None, *, named: bool) -> Undone:
    shown = ws.get(kind.name, id)  # NotFound when it is not here
    now = Now(ws, kind, id, ws.overlay.state(kind.name, id) or State(id, kind.name))
    parts: dict[str, Any] = {}
    seen: dict[str, list[bytes]] = {}
    left = []
    for event in events:
        if not now.stands(event) and not named:
            left.append(event.field)
            continue
        if event.erased or event.unknown:
            if named or len(events) == 1:
                raise Refused(ERASED_VALUE if event.erased else NOT_KEPT)
            left.append(event.field)
            continue
        found = now.back(event, [event.dot])
        if found is None:
            raise Refused(Text("In the field “{field}” several values wait for a person to choose. Settle that first.", field=event.field))
        value, seen[event.field] = found
        if now.shown(event.field) != value or now.is_contested(event.field):
            parts[event.field] = value
        if form is not None and not now.is_contested(event.field):
            seen[event.field] = form.seen.get(event.field, [])
    if not parts and left:
        raise Refused(NOT_KEPT if all(one.unknown for one in events) else Text(
            "Everything in this save was replaced since, or cannot be put back. Choose a field to put its earlier value back."))
    refuse_problems(now.problems(parts))
    return Undone(ws.write(kind.name, id, parts, Form(kind.name, id, shown, {}, seen)), tuple(left))


class Now:
    """What is shown of one record in a state, and what a part would read if some changes had not been made."""

    def __init__(self, ws: Workspace, kind: Kind, id: str, state: State) -> None:
        self.kind = kind
        self.table = table_of(kind)
        self.state = state
        self._seen = Seen(ws.overlay, kind.name, id, ws.overlay.scope(kind.name, id) or "")

    def live(self, path: str) -> list[tuple[bytes, Live]]:
        """The values that stand in a part, each with its change's dot, the one shown first."""
        live = self.state.parts.get(path, ())
        return list(zip(self._seen.dots([one.reference for one in live]), live, strict=True))

    def stands(self, event: Event) -> bool:
        """Whether what a change wrote in a part is still there."""
        return any(dot == event.dot for dot, _ in self.live(event.field))

    def shown(self, path: str) -> Any:
        """The value shown of a part."""
        return self.table.shown(State(self.state.id, self.state.kind, parts={path: self.state.parts.get(path, ())})).get(path)

    def is_contested(self, path: str) -> bool:
        """Whether several values of a part wait for a person."""
        return path in self.table.conflicts(self.state)

    def back(self, event: Event, changes: Collection[bytes]) -> tuple[Any, list[bytes]] | None:
        """The value to write so that a part reads as without these changes, of which `event` is the first, and the dots to have seen for it.

        None when others' values wait for a person there.
        """
        path = event.field
        if self.is_contested(path):
            ours = [dot for dot, _ in self.live(path) if dot in changes]
            others = [one.value for dot, one in self.live(path) if dot not in changes]
            if not ours:
                return None
            return (others[0] if others else self.emptied(path, event.old)), self._seen.beneath(ours, path)
        return self.emptied(path, event.old), self._seen.shown(self.state, path)

    def emptied(self, path: str, value: Any) -> Any:
        """An earlier value as it is written: an element of a set that was not there is taken away."""
        known = self.kind.field_of(path)
        return False if value is None and known is not None and isinstance(known[0].shape, Elements) else value

    def problems(self, parts: dict[str, Any]) -> list[Problem]:
        """What would be wrong with these fields if these parts were written: a record keeps what it must have."""
        whole = {path: value for path, value in {**self.table.shown(self.state), **parts}.items() if value is not None and value is not False}
        touched = {self._name(path) for path in parts}
        return [one for one in self.kind.problems_of_new(whole) if self._name(one.path) in touched]

    def _name(self, path: str) -> str:
        known = self.kind.field_of(path)
        return known[0].name if known is not None else path


def same_author(one: Event, other: Event) -> bool:
    """Whether two changes come from one device, as far as is known here."""
    return (one.dot[:8] == other.dot[:8] or (one.author.mine and other.author.mine)
            or (one.author.device != "" and one.author.device == other.author.device))


def _is_in(kind: Kind, path: str, field: str) -> bool:
    """Whether a part is the field that was named, or belongs to it."""
    known = kind.field_of(path)
    return path == field or (known is not None and known[0].name == field)
