"""What the person at a workspace may do, said before it is done: the policy, asked with who they are; knows no page.

A "no" known here is advice: rights may have changed since the last sync, and the server alone decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from i18n import Text
from resources.policy import GUEST, REASONS, WITHDRAWN, Operation, may
from sync.actor import Actor
from sync.applying import TURNED_AWAY, code_waiting
from sync.conflicts import Conflict
from sync.errors import Refused
from sync.fields import Code
from sync.membership import membership
from sync.merge import LIFE
from sync.record import Kind, Record
from sync.scopes import PERSON, own

_UNNAMED = "new"
ROLE_WHEN_ALONE = "member"  # a workspace that has not joined a network belongs to whoever works in it


def actor_of(ws: Any) -> Actor:
    """Who works at a workspace, by the certificate that is here; it may have come by any road."""
    if ws.guest:
        return Actor(GUEST)
    found = membership(ws)
    return Actor(WITHDRAWN if found.withdrawn else found.role or ROLE_WHEN_ALONE, found.person, found.organisations)


def guard(ws: Any) -> None:
    """Let nothing more be saved at a workspace whose device was withdrawn: that is certain, and everybody would refuse it.

    Any other "no" is advice, since rights may have changed meanwhile.
    """
    def check() -> None:
        if membership(ws).withdrawn:
            raise Refused(TURNED_AWAY if code_waiting(ws) else REASONS["withdrawn_device"], "revoked")

    ws.check_open = check


def refusal(ws: Any, kind: str, operation: Operation = "edit", record: Record | None = None) -> Text | None:
    """Why the person at this workspace may not do this to a record, or to new ones of a kind; None when they may."""
    actor = actor_of(ws)
    family = ws.kinds[kind].scopes[0]
    if family == PERSON and not actor.person and not ws.guest:
        actor = replace(actor, person=_UNNAMED)  # whoever has no id yet gets one with what they first write
    scope = record.scope if record is not None else scope_of_new(family, actor)
    return may(actor, operation, kind, None if record is None else {"id": record.id}, scope)


def scope_of_new(family: str, actor: Actor) -> str:
    """The scope of a family in which somebody creates records: `person` is their own, `org` that of an organisation of theirs."""
    return own(family, lambda name: actor.person if name == "person" else "".join(actor.organisations[:1]))


def foreseen(ws: Any, kind: Kind, operation: Operation, names: Iterable[str], id: str, scope: str) -> Text | None:
    """The reason for which the server will refuse to write these fields of a record, as far as one knows here."""
    actor = actor_of(ws)
    asked = (operation, *sorted({kind.rights[name] for name in names if name in kind.rights}))
    return next((why for one in asked if (why := may(actor, one, kind.name, {"id": id}, scope)) is not None), None)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Limits:
    """What of a kind's form is not for somebody: fields by name, with the reason, and which codes are left of a field."""

    closed: Mapping[str, Text] = field(default_factory=dict)
    left: Mapping[str, frozenset[str]] = field(default_factory=dict)


def limits(ws: Any, kind: Kind) -> Limits:
    """What the person at this workspace may not write into records of a kind that they may write.

    A code that asks for another scope (a consent) is left when they may create records there.
    """
    actor, here = actor_of(ws), scope_of_new(kind.scopes[0], actor_of(ws))
    closed = {name: why for name, right in kind.rights.items() if (why := may(actor, right, kind.name, None, here)) is not None}  # type: ignore[arg-type]
    left = {}
    for one in kind.fields if kind.place is not None else ():
        if isinstance(one.shape, Code):
            places = {code: kind.place({one.name: code}) for code in one.shape.codes()}
            left[one.name] = frozenset(code for code, place in places.items() if not place or may(actor, "create", kind.name, None, place) is None)
    return Limits(closed, left)


def allowed(ws: Any, kinds: Iterable[str]) -> frozenset[tuple[str, str]]:
    """The (operation, kind) that the person at this workspace may do, as far as one can say without looking at a record."""
    return frozenset((one, kind) for kind in kinds for one in ("create", "edit", "delete", "restore") if refusal(ws, kind, one) is None)


def refusal_to_settle(ws: Any, conflict: Conflict) -> Text | None:
    """Why the person at this workspace may not choose between the values of a conflict; None when they may."""
    actor, kind = actor_of(ws), ws.kinds[conflict.kind]
    scope = ws.overlay.scope(kind.name, conflict.id) or scope_of_new(kind.scopes[0], actor)
    asked = ("delete",) if conflict.field == LIFE else ("edit", *([kind.rights[conflict.field]] if conflict.field in kind.rights else []))
    return next((why for one in asked if (why := may(actor, one, kind.name, {"id": conflict.id}, scope)) is not None), None)
