"""Who may undo what: single changes by whoever may write there, a device's whole work by moderators; knows no screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from i18n import Text
from resources.policy import SECRETARIAT, Operation, may
from resources.rights import actor_of, scope_of_new
from sync import undoing, undoing_since
from sync.change import Operation as Change
from sync.errors import Refused
from sync.form import Form
from sync.history import RESTORED, Event
from sync.merge import LIFE
from sync.record import best
from sync.undoing import Undone
from sync.undoing_since import Plan, Step
from sync.workspace import Saved

ONLY_MODERATORS: Final = Text("Only the secretariat (moderators) can undo everything that a device did.")
_AGAINST: Final[dict[int, Operation]] = {Change.CREATE: "delete", Change.DELETE: "restore", Change.RESTORE: "delete", Change.EDIT: "edit"}


def is_moderating(ws: Any) -> bool:
    """Whether the person at this workspace may undo the work of others as a whole."""
    return actor_of(ws).role in SECRETARIAT


def refusal(ws: Any, kind: str, id: str, operation: Operation, paths: Iterable[str] = ()) -> Text | None:
    """Why the person here may not do this to that record (or write one of these parts of it); None when they may."""
    actor, known = actor_of(ws), ws.kinds[kind]
    scope = ws.overlay.scope(kind, id) or scope_of_new(known.scopes[0], actor)
    asked = [operation, *sorted({known.rights[path] for path in paths if path in known.rights})]
    return next((why for one in asked if (why := may(actor, one, kind, {"id": id}, scope)) is not None), None)


def against(event: Event) -> Operation:
    """What undoing a change does to its record, in the words of the policy."""
    return _AGAINST[event.operation]


def undo(ws: Any, kind: str, id: str, change: str, field: str | None = None, form: Form | None = None) -> Undone:
    """Undo one change as `sync.undoing.undo` does, if this person may; Refused with the reason otherwise."""
    events = [one for one in ws.history(kind, id) if one.dot.hex() == change]
    if events:
        paths = [one.field for one in events if field is None or one.field == field]
        why = refusal(ws, kind, id, against(events[0]) if field is None else "edit", paths)
        if why is not None:
            raise Refused(why)
    return undoing.undo(ws, kind, id, change, field, form)


def plan(ws: Any, device: str, since: int, scope: str | None = None) -> Plan:
    """What a moderator would undo of a device's work; what even a moderator may not write is left, with the reason."""
    if not is_moderating(ws):
        raise Refused(ONLY_MODERATORS)
    found = undoing_since.plan(ws, device, since, scope)
    return replace(found, steps=tuple(replace(one, left=one.left or _denied(ws, one)) for one in found.steps))


def carry_out(ws: Any, listed: Plan) -> list[tuple[str, Saved]]:
    """Do what was listed, in one transaction, under this moderator's own name; answers (kind, what was saved)."""
    if not is_moderating(ws):
        raise Refused(ONLY_MODERATORS)
    return undoing_since.carry_out(ws, listed)


def title_of(ws: Any, step: Step) -> str:
    """What the record of a step is called, if it is shown here."""
    return next((one.title for one in ws.by_ids(step.kind, [step.id])), best(step.title, "fr"))


def _denied(ws: Any, step: Step) -> Text | None:
    operation: Operation = "edit" if step.field != LIFE else "restore" if step.back == RESTORED else "delete"
    return refusal(ws, step.kind, step.id, operation, [step.field])
