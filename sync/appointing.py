"""The authority changes what it certified of a person: role, organisations; the keys of scopes follow. Knows no command and no wire."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sync import granting, ledger
from sync.change import Operation
from sync.confirmed import Confirmed, dots_of
from sync.identity import CERTIFICATE, Certified, certificate_id
from sync.scopes import CONTROL

if TYPE_CHECKING:
    from sync.authority import Authority


def appoint(authority: Authority, person: str, role: str | None = None, joins: Iterable[str] = (), leaves: Iterable[str] = ()) -> list[Certified]:
    """Give a person another role, or let them join and leave organisations, on every device of theirs that was not withdrawn.

    They are given the keys of what they read from now on; what they do not read
    any more gets another key. Repeating it does no harm. Answers who they are
    now on each device, nobody when there is none.
    """
    joins, leaves = tuple(joins), {*leaves}
    with authority.store.transaction():
        ledger.head(authority.store, CONTROL, "lock")
        before = {id: one for id, one in authority.trust.everyone() if one.person == person and not one.revoked}
        for id, one in before.items():
            wanted = dict.fromkeys((*(each for each in one.organisations if each not in leaves), *joins))
            after = replace(one, role=role or one.role, organisations=tuple(wanted))
            if after != one:
                _declare(authority, id, _differing(authority, id, one, after) | granting.gained(authority, one, after))
        after = {id: one for id, one in authority.trust.everyone() if id in before}
        authority.state(granting.renewed(authority, granting.lost(authority, before, after)))
    return list(after.values())


def turn_away(authority: Authority, key: bytes, person: str, device: str) -> None:
    """Say of somebody who asked to be let in that they were not: a certificate that was withdrawn from the start, with no key of any scope."""
    values = {"key": key.hex(), "person": person, "device": device, "role": "member", "revoked": True}
    authority.declare(Operation.CREATE, certificate_id(key), values, CERTIFICATE.name)


def _differing(authority: Authority, id: str, one: Certified, after: Certified) -> dict[str, Any]:
    """The parts of a certificate that change. A field in which programs before 0.3.0 named the only organisation is emptied with it."""
    parts: dict[str, Any] = {} if after.role == one.role else {"role": after.role}
    gone = {*one.organisations} - {*after.organisations}
    parts |= {f"organisations#{each}": True for each in after.organisations if each not in one.organisations}
    alone = authority.store.value("SELECT organisation FROM certificate WHERE id = ?", (id,))
    if alone in gone:
        parts["organisation"] = None
    listed = _state(authority, id)
    return parts | {path: False for each in gone if (path := f"organisations#{each}") in listed}


def _declare(authority: Authority, id: str, parts: dict[str, Any]) -> None:
    """Append the edit; it has seen what stands, or both would."""
    listed = _state(authority, id)
    numbers = {path: [one for one in listed.get(path, []) if isinstance(one, int)] for path in parts}
    dots = dots_of(authority.store, CONTROL, sorted({each for some in numbers.values() for each in some}))
    authority.declare(Operation.EDIT, id, parts, CERTIFICATE.name, {path: [dots[each] for each in some] for path, some in numbers.items()})


def _state(authority: Authority, id: str) -> dict[str, list[Any]]:
    """The ledger numbers of the live values of a certificate, by path."""
    found = Confirmed(authority.store, authority.kinds, CONTROL, searchable=False).state(CERTIFICATE.name, id)
    return {path: [one.reference for one in live] for path, live in found.parts.items()} if found is not None else {}
