"""Somebody is removed from a computer: the post box keeps nothing for them any more, and everything for the others."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from sync.admission import Application, written
from sync.identity import SigningKey, key_id
from sync.keys import Cost
from sync.people import People
from sync.postbox import PostBox
from sync.relay.parcels import Place
from sync.scopes import scope_name
from sync.store import SqliteStore
from sync.waiting_room import WaitingRoom
from sync.workspace import Workspace
from tests.sync.network import KINDS

AT_ONCE = Cost(1, 8192)


@pytest.fixture
def people(tmp_path: Path) -> People:
    return People(tmp_path, random.Random(1).randbytes, lambda: 0, cost=AT_ONCE)


@pytest.fixture
def arrive(people: People, tmp_path: Path) -> Callable[..., bytes]:
    """Somebody who has a file here and has read scopes up to numbers; answers the key of their file."""
    def make(name: str, **read: int) -> bytes:
        key = people.add(name, None)[0]
        ws = Workspace(tmp_path, KINDS, name, key=key)
        with ws.store.transaction():
            mine = key_id(ws.vault.key().public)
        for scope, number in read.items():
            PostBox(ws.public).read_up_to(mine, scope, number)
        ws.close()
        return key
    return make


def page(box: PostBox, scope: str, first: int, last: int) -> None:
    box.keep_page(b"%d" % last + scope.encode(), Place(scope_name(scope), b"e", first, last, b"", b"%d" % last, b"", b"", []))


def test_who_is_removed_is_no_reader_any_more(people: People, arrive: Callable[..., bytes], tmp_path: Path) -> None:
    amina, _ = arrive("Amina", network=2, moderator=1), arrive("Bilal", network=5)
    store = SqliteStore(tmp_path / "public.db")
    box = PostBox(store)
    for scope, first, last in (("network", 3, 5), ("network", 6, 7), ("moderator", 2, 9)):
        page(box, scope, first, last)
    people.remove("Amina", amina, unsent_too=True)
    assert [(scope, number) for (_, scope), number in box.readers().items()] == [("network", 5)]
    assert [last for _, last, _ in box.pages(scope_name("network"), 0)] == [7]
    assert box.pages(scope_name("moderator"), 0) == []
    store.close()


def test_a_damaged_public_file_keeps_nobody_here(people: People, arrive: Callable[..., bytes], tmp_path: Path) -> None:
    amina = arrive("Amina", network=2)
    (tmp_path / "public.db").write_bytes(b"no database" * 1000)
    people.remove("Amina", amina)
    assert people.all() == []
    idil = people.add("Idil", None)[0]
    people.remove("Idil", idil)  # who was never opened here
    assert people.all() == []


def test_a_request_goes_with_whoever_made_it(people: People, arrive: Callable[..., bytes], tmp_path: Path) -> None:
    """The key is destroyed: nobody could be admitted by it. The requests of others stay."""
    amina, bilal = arrive("Amina"), arrive("Bilal")
    authority = SigningKey(bytes(range(32))).public
    for name, key in (("Amina", amina), ("Bilal", bilal)):
        ws = Workspace(tmp_path, KINDS, name, key=key)
        own = ws.vault.key()
        asked = Application(own.public, ws.vault.own_id("person"), ws.vault.own_id("device"), name)
        assert WaitingRoom(ws.public).keep(written(own, authority, asked, 1), authority, own=True)
        ws.close()
    people.remove("Amina", amina, unsent_too=True)
    store = SqliteStore(tmp_path / "public.db")
    left, = WaitingRoom(store).all()
    store.close()
    ws = Workspace(tmp_path, KINDS, "Bilal", key=bilal)
    assert left.key == ws.vault.key().public.hex()
    ws.close()
