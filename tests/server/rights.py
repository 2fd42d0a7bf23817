"""Everybody tries everything: each role does each operation on each kind in each scope, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from resources import KINDS, policy
from resources.rights import actor_of
from sync.actor import Actor
from sync.change import Operation
from sync.scopes import PERSON, own
from sync.workspace import Workspace

ORGANISATION = "01990000-0000-7000-8000-0000000000aa"
VALUES: dict[str, dict[str, Any]] = {
    "organisation": {"name": {"fr": "Association"}, "phone": "+253 77 00 00 01"},
    "contact": {"organisation": ORGANISATION, "name": "Fatouma", "phone": "+253 77 00 00 02", "consent_date": "2026"},
    "project": {"title": {"fr": "Puits"}, "organisation": ORGANISATION},
    "place": {"type": "office", "name": {"fr": "Bureau"}},
    "item": {"title": {"fr": "Guide"}},
    "collection": {"title": {"fr": "Pour commencer"}},
    "person": {"name": "Amina"},
    "note": {"text": "Rappeler la trésorière."},
}
EDITED: dict[str, dict[str, Any]] = {
    "organisation": {"phone": "+253 77 00 00 11"},
    "contact": {"phone": "+253 77 00 00 12"},
    "project": {"title": {"fr": "Puits et pompe"}},
    "place": {"name": {"fr": "Grand bureau"}},
    "item": {"title": {"fr": "Petit guide"}},
    "collection": {"title": {"fr": "Pour aller plus loin"}},
    "person": {"name": "Amina Ali"},
    "note": {"text": "Rappeler la trésorière lundi."},
}
RIGHTS: dict[str, dict[str, Any]] = {"verify": {"verified": "2026-11-01", "verified_how": "visit"}}
JOINING = ("member", "editor", "trainer", "moderator", "partner", "administrator")

Sync = Callable[[Workspace], Any]


@dataclass(frozen=True)
class Cell:
    """One line of the table as it was tried. `own` tells that the record is about whoever tries."""

    role: str
    operation: str
    kind: str
    scope: str
    own: bool = False


@dataclass(frozen=True)
class Answer:
    """What the server said, and what the policy says: None for yes, else the reason."""

    given: str | None
    expected: str | None


def cells(role: str) -> Iterator[Cell]:
    """What somebody in a role tries with records of others: where they read nothing, they have nothing but new records to try with."""
    for kind in KINDS.values():
        for scope in kind.scopes:
            if scope == PERSON:
                yield from (Cell(role, one, kind.name, scope, own=True) for one in ("create", "edit", "delete", "restore"))
            yield Cell(role, "create", kind.name, scope)  # in the place of another, if places have owners
            if policy.reads(Actor(role), scope):
                yield from (Cell(role, one, kind.name, scope) for one in ("edit", "delete", "restore", *sorted(set(kind.rights.values()))))


def values(kind: str, scope: str) -> dict[str, Any]:
    """A right record of a kind for a scope."""
    return VALUES[kind] | ({"consent": scope} if kind == "contact" else {})


def prepare(office: Workspace, sync: Sync, roles: tuple[str, ...]) -> dict[Cell, str]:
    """The records that everybody tries on, one for each cell, so that no answer depends on another; each scope has begun by them."""
    with office.together():
        office.add("organisation", VALUES["organisation"], id=ORGANISATION)
        targets = {cell: office.vault.word("person") if cell.kind == "person" else office.add(cell.kind, values(cell.kind, cell.scope), cell.scope).id
                   for role in {*roles, "administrator"} for cell in cells(role)
                   if cell.operation != "create" and not cell.own}
        office.add("note", VALUES["note"])
    sync(office)
    with office.together():
        for cell, id in targets.items():
            if cell.operation == "restore" and cell.kind != "person":
                office.delete(cell.kind, id)
    sync(office)
    return targets


def tried(ws: Workspace, sync: Sync, targets: dict[Cell, str], role: str) -> dict[Cell, Answer]:
    """What came of everything that somebody in a role tried; they have not synced since the records were made."""
    sync(ws)
    mine, office = ws.vault.word("person"), targets[Cell(role, "edit", "person", "network")]
    with_own = [Cell(role, operation, "person", "network", own=True) for operation in ("edit", "delete", "restore")]
    with ws.together():
        done = {cell: _done(ws, cell, mine if cell.own else targets.get(cell, ""), office) for cell in (*cells(role), *with_own)}
    created = next(one for one in ws.outbox() if one.id == mine and one.operation == Operation.CREATE)  # one's name, on joining
    done[Cell(role, "create", "person", "network", own=True)] = mine, created.change
    for _ in range(2):  # the key of a scope that begins with one's first change comes with the first, what became of it with the second
        sync(ws)
    fates = {one.change: one for one in ws.outbox()}
    return {cell: Answer(None if fates[change].state == "accepted" else _reason(fates[change]), _expected(ws, cell, id, office))
            for cell, (id, change) in done.items()}


def _done(ws: Workspace, cell: Cell, id: str, office: str) -> tuple[str, str]:
    """Do it here, where nothing stops anybody; answers (record, change)."""
    if cell.own and cell.kind != "person" and cell.operation != "create":
        id = ws.add(cell.kind, values(cell.kind, cell.scope), cell.scope).id
    if cell.operation == "create":
        saved = ws.add(cell.kind, values(cell.kind, cell.scope), scope_of(ws, cell, office))
    elif cell.operation == "delete":
        saved = ws.delete(cell.kind, id)
    elif cell.operation == "restore":
        if ws.by_ids(cell.kind, [id]):  # it lives: somebody else's name that nobody could delete
            ws.delete(cell.kind, id)
        saved = ws.restore(cell.kind, id)
    else:
        saved = ws.edit(cell.kind, id, RIGHTS.get(cell.operation) or EDITED[cell.kind])
    assert saved.change, cell
    return saved.id, saved.change


def scope_of(ws: Workspace, cell: Cell, office: str) -> str:
    """The scope that a cell means: of those that have owners, one's own or that of the person at the office."""
    return own(cell.scope, ws.vault.word) if cell.scope != PERSON or cell.own else f"{PERSON}:{office}"


def _reason(item: Any) -> str:
    assert item.state == "refused", item
    return item.reason.say("en")


def _expected(ws: Workspace, cell: Cell, id: str, office: str) -> str | None:
    if cell.operation == "restore" and KINDS[cell.kind].final:  # the engine says so of every change that comes after
        return "This record was withdrawn for good; the change came too late."
    reason = policy.may(actor_of(ws), cell.operation, cell.kind, {"id": id}, scope_of(ws, cell, office))  # type: ignore[arg-type]
    return None if reason is None else reason.say("en")
