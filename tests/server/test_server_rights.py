"""The table of rights at a real server: every role tries every operation on every kind, and no other answer comes than the table's."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from i18n import Text
from resources import KINDS, policy
from sync.actor import Actor
from sync.authority import Authority
from sync.errors import Refused
from sync.exchange import join, sync
from sync.files import Files
from sync.identity import SigningKey
from sync.record import uuid7
from sync.relay.direct import Direct
from sync.relay.http import HttpCarrier
from sync.store import SqliteStore
from sync.workspace import Workspace, wall_clock
from tests.server.rights import EDITED, JOINING, ORGANISATION, VALUES, Answer, Cell, cells, prepare, tried
from tests.server_process import ServerProcess

May = Callable[..., Text | None]


def test_everything_is_tried() -> None:
    """A kind or a role that comes later is tried too, or this says so."""
    assert set(VALUES) == set(EDITED) == set(KINDS)
    assert set(JOINING) == set(policy.WRITING_ROLES)
    assert {cell.operation for cell in cells("member")} | {"read"} == set(policy.OPERATIONS)


def test_the_server_answers_as_the_table_says(server: ServerProcess, tmp_path: Path) -> None:
    people: list[Workspace] = []

    def joined(role: str, *more: str) -> Workspace:
        people.append(Workspace(tmp_path / f"{role}{len(people)}", KINDS))
        join(people[-1], server.url, server.json("invite", "--role", role, *more)["code"], f"{role} {len(people)}")
        return people[-1]

    def road(ws: Workspace) -> None:
        sync(ws, HttpCarrier(server.url))

    try:
        office = joined("administrator")
        targets = prepare(office, road, JOINING)
        second = office.add("organisation", VALUES["organisation"]).id
        road(office)
        for role in JOINING:
            ws = joined(role, "--org", ORGANISATION, "--org", second)
            assert set(ws.status().organisations) == {ORGANISATION, second}
            found = tried(ws, road, targets, role)
            assert {cell: answer for cell, answer in found.items() if answer.given != answer.expected} == {}
            assert len(found) == len(list(cells(role))) + 4
            read = {scope for scope in ("control", "public", "network", "moderator") if policy.reads(Actor(role), scope)}
            assert set(ws.digest()) == read | {f"person:{ws.vault.word('person')}"}
    finally:
        for ws in people:
            ws.close()


def test_who_has_no_role_writes_nothing(server: ServerProcess, tmp_path: Path) -> None:
    """A guest's program writes nothing; one that was bent to do it has no certificate."""
    guest = Workspace(tmp_path / "guest", KINDS, guest=True)
    with pytest.raises(Refused):
        guest.add("organisation", VALUES["organisation"])
    guest.close()
    member, stranger = Workspace(tmp_path / "member", KINDS), Workspace(tmp_path / "stranger", KINDS)
    join(member, server.url, server.invite(), "Amina")
    with stranger.store.transaction():
        for setting in ("authority", "server"):
            stranger.vault.keep(setting, member.vault.setting(setting))
    member.close()
    stranger.add("organisation", VALUES["organisation"])
    with pytest.raises(Refused) as refused:
        sync(stranger, HttpCarrier(server.url))
    assert refused.value.code == "no_certificate"
    assert stranger.status().waiting == 1  # and nothing of it is lost
    stranger.close()


@pytest.mark.parametrize("wrong", [
    Cell("partner", "edit", "project", "public"), Cell("member", "create", "place", "public"), Cell("moderator", "verify", "organisation", "public"),
    Cell("editor", "verify", "organisation", "public"), Cell("trainer", "delete", "contact", "network"),
    Cell("administrator", "edit", "person", "network"), Cell("member", "restore", "item", "public"),
], ids=lambda cell: f"{cell.role}-{cell.operation}-{cell.kind}")
def test_one_wrong_cell_is_seen(tmp_path: Path, wrong: Cell) -> None:
    """The trial itself, with a fault planted into an authority's table: it names that cell and no other."""

    def may(actor: Actor, operation: policy.Operation, kind: str, values: dict[str, str], scope: str) -> Text | None:
        right = policy.may(actor, operation, kind, values, scope)
        if (actor.role, operation, kind, scope) == (wrong.role, wrong.operation, wrong.kind, wrong.scope) and values["id"] != actor.person:
            return None if right is not None else Text("No.")
        return right

    found = _tried_alone(tmp_path, may, wrong.role)
    assert [cell for cell, answer in found.items() if answer.given != answer.expected] == [wrong]


def _tried_alone(folder: Path, may: May, role: str) -> dict[Cell, Answer]:
    """The trial of one role, without a server process."""
    authority = Authority(SqliteStore(folder / "server.db"), KINDS, SigningKey(os.urandom(32)), may, wall_clock, os.urandom, reads=policy.reads)
    authority.begin()
    people: list[Workspace] = []

    def joined(name: str, role: str, organisation: str = "") -> Workspace:
        ws = Workspace(folder / name, KINDS)
        people.append(ws)
        person, device = (uuid7(wall_clock(), os.urandom) for _ in range(2))
        authority.certify(ws.vault.key().public, person, device, role, organisation.split())
        with ws.together():
            for setting, value in (("authority", authority.key.public), ("role", role), ("person", person), ("device", device),
                                   ("organisation", organisation)):
                ws.vault.keep(setting, value)
            ws.add("person", VALUES["person"], id=person)
        return ws

    road = Direct(authority, Files(folder / "files"))
    try:
        targets = prepare(joined("office", "administrator"), lambda ws: sync(ws, road), (role,))
        return tried(joined("someone", role, ORGANISATION), lambda ws: sync(ws, road), targets, role)
    finally:
        for ws in people:
            ws.close()
        authority.store.close()
