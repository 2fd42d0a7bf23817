"""A private note follows its author to another PC and reaches nobody else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from resources import KINDS, policy, rights
from resources.search import search
from sync.authority import Authority
from sync.exchange import sync
from sync.files import Files
from sync.identity import SigningKey
from sync.record import uuid7
from sync.relay.direct import Direct
from sync.store import SqliteStore
from sync.workspace import Workspace, wall_clock

SECRET = "trésorière-7f3a"
AMINA, MOUSSA, OFFICE, OPERATOR = (f"01990000-0000-7000-8000-00000000000{number}" for number in range(4))


class Desks:
    """A server and several people's PCs."""

    def __init__(self, folder: Path, open_: ExitStack) -> None:
        self.folder, self._open = folder, open_
        self.authority = Authority(SqliteStore(folder / "server.db"), KINDS, SigningKey(os.urandom(32)), policy.may, wall_clock, os.urandom,
                                   reads=policy.reads)
        self.authority.begin()
        self.road = Direct(self.authority, Files(folder / "files"))

    def pc(self, name: str, person: str, role: str = "member") -> Workspace:
        ws = Workspace(self.folder / name, KINDS)
        self._open.callback(ws.close)
        device = uuid7(wall_clock(), os.urandom)
        self.authority.certify(ws.vault.key().public, person, device, role)
        with ws.together():
            for setting, value in (("authority", self.authority.key.public), ("role", role), ("person", person), ("device", device)):
                ws.vault.keep(setting, value)
        return ws

    def meet(self, *all_of: Workspace) -> None:
        for _ in range(2):
            for ws in all_of:
                assert sync(ws, self.road).set_aside == []


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Desks]:
    with ExitStack() as open_:
        yield Desks(tmp_path, open_)


def test_a_note_follows_its_author_and_nobody_else_has_it(desks: Desks) -> None:
    here, there = desks.pc("obock", AMINA), desks.pc("capital", AMINA)
    others = desks.pc("moussa", MOUSSA), desks.pc("office", OFFICE, "moderator"), desks.pc("operator", OPERATOR, "administrator")
    saved = here.add("note", {"title": "À faire", "text": f"Rappeler la {SECRET}"})
    assert here.get("note", saved.id).scope == f"person:{AMINA}"
    desks.meet(here, there, *others)
    assert [one.state for one in here.outbox()] == ["accepted"]
    assert there.get("note", saved.id)["text"] == f"Rappeler la {SECRET}"
    there.edit("note", saved.id, {"text": f"Rappelée, la {SECRET}"})
    desks.meet(there, here)
    assert here.get("note", saved.id)["text"] == f"Rappelée, la {SECRET}"
    assert [hit.record.id for hit in search(here, "rappelee").hits] == [saved.id]
    for ws in others:
        assert ws.records("note") == []
        assert f"person:{AMINA}" not in ws.digest()
        assert not any(SECRET.encode() in path.read_bytes() for path in ws.folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("role", ["member", "moderator", "administrator"])
def test_nobody_writes_into_anothers_notes(desks: Desks, role: str) -> None:
    amina, other = desks.pc("amina", AMINA), desks.pc("other", OFFICE, role)
    amina.add("note", {"text": SECRET})
    desks.meet(amina, other)
    other.add("note", {"text": "x"}, f"person:{AMINA}")
    desks.meet(other, amina)
    assert [str(one.reason) for one in other.outbox()] == [str(policy.REASONS["other_person"])]
    assert [one["text"] for one in amina.records("note")] == [SECRET]


def test_everybody_but_a_guest_may_keep_notes(desks: Desks, tmp_path: Path) -> None:
    partner = desks.pc("partner", OFFICE, "partner")
    alone, guest = Workspace(tmp_path / "alone", KINDS), Workspace(tmp_path / "guest", KINDS, guest=True)
    assert rights.refusal(partner, "note", "create") is None
    assert rights.refusal(alone, "note", "create") is None  # and has no id yet
    assert rights.refusal(guest, "note", "create") == policy.REASONS["guest"]
    alone.close()
    guest.close()
