"""Before a newer program changes a vault, a copy of it is kept: encrypted, the last three, until something of it is erased; and it comes back."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from sync import cipher, keys, migrations, restoring
from sync.errors import Damaged
from sync.migrations import STEPS, copies
from sync.people import People
from sync.sealed import SealedStore
from sync.store import SqliteStore
from sync.workspace import Workspace
from tests.sync.network import KINDS, Network
from tests.sync.old_folder import opened
from tests.sync.test_erasure import erase

KEY = bytes(range(32))
NEWEST = max(STEPS)


class Killed(BaseException):
    """The program is gone."""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A folder of the first version whose person's file is a vault."""
    opened(1, tmp_path / "net")
    folder = tmp_path / "net" / "bilal"
    path = folder / "people" / "me.db"
    with closing(SealedStore(path, key=None)) as store:
        store.execute(f"ATTACH DATABASE ? AS vault KEY {cipher.word(KEY)}", (str(path) + ".vault",))
        store.value("SELECT sqlcipher_export('vault')")
        store.execute("DETACH DATABASE vault")
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    path.with_name(path.name + ".vault").replace(path)
    keys.write(folder / "people" / "me", keys.Keys(keys.VERSION, keys.id_of(KEY), [keys.by_computer(KEY)]))
    return folder


def upgraded(folder: Path) -> Workspace:
    return Workspace(folder, KINDS, key=KEY)


def the_copy(folder: Path) -> Path:
    found, = (folder / "backups").glob("*.upgrade-*")
    return found


def test_a_vault_is_copied_before_an_upgrade_and_its_copy_opens(old: Path) -> None:
    with closing(upgraded(old)) as ws:
        assert len(ws.outbox()) == 5
        assert migrations.number_of(ws.private) == NEWEST
    copy = the_copy(old)
    assert copy.name == f"me.db.upgrade-{NEWEST}"
    with closing(SealedStore(copy, key=KEY)) as store:
        assert migrations.number_of(store) == 1
        assert store.value("SELECT count(*) FROM pending") > 0
    assert b"SQLite" not in copy.read_bytes()[:16]
    with closing(upgraded(old)):
        assert the_copy(old) == copy  # one an upgrade
    assert list(old.rglob("*.before*")) == []


@pytest.mark.parametrize("after", range(2, NEWEST + 1, 4))
def test_killed_in_between_the_copy_is_of_before_all_steps(old: Path, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    take = migrations._take

    def killed(store: SqliteStore, database: migrations.Database, number: int, step: migrations.Step) -> None:
        if database == "person" and number == after:
            raise Killed
        take(store, database, number, step)

    monkeypatch.setattr(migrations, "_take", killed)
    with pytest.raises(Killed):
        upgraded(old)
    monkeypatch.undo()
    with closing(upgraded(old)) as ws:
        assert len(ws.outbox()) == 5
    with closing(SealedStore(the_copy(old), key=KEY)) as store:
        assert migrations.number_of(store) == 1


def test_the_last_three_stay_and_an_erasure_or_a_removal_destroys_them(old: Path) -> None:
    with closing(upgraded(old)) as ws:
        for number in range(NEWEST + 1, NEWEST + 5):
            copies.stay(ws.private, copies.keep(ws.private), number)
        assert [one.name for one in copies.kept(ws.private)] == [f"me.db.upgrade-{NEWEST + at}" for at in (4, 3, 2)]
        copies.stay(ws.public, copies.keep(ws.public), 99)
        assert not list((old / "backups").glob("public*"))
        copies.sweep(ws.public)
        copies.forget(ws.private)
        assert copies.kept(ws.private) == []
        copies.stay(ws.private, copies.keep(ws.private), 99)
        assert len(copies.kept(ws.private)) == 1
    People(old, os.urandom, lambda: 0).remove("me", unsent_too=True)
    assert list((old / "backups").iterdir()) == []


def test_what_was_erased_is_in_no_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Network, "vault_key", KEY)
    with Network(tmp_path) as network:
        ana, _ = network.two()
        id = ana.ws.add("house", {"name": {"fr": "A"}}).id
        network.heal()
        copies.stay(ana.ws.private, copies.keep(ana.ws.private), NEWEST)
        ana.sync()
        assert len(copies.kept(ana.ws.private)) == 1
        erase(network, "house", id)
        ana.sync()
        assert copies.kept(ana.ws.private) == []


def test_a_place_takes_back_what_it_lacks_of_a_copy(old: Path) -> None:
    with closing(upgraded(old)) as ws:
        waiting = [one.change for one in ws.outbox() if one.state == "waiting"]
        with ws.private.transaction():
            ws.private.execute("DELETE FROM pending WHERE state = 'waiting'")
    people = People(old, os.urandom, lambda: 0)

    def take(copy: Path) -> restoring.Restored:
        return restoring.take_copy(old, people, copy, "me", KEY, lambda name, key: Workspace(old, KINDS, name, key=key))

    copy = the_copy(old)
    assert (take(copy).how, take(copy).lacked.waiting) == ("taken", 0)
    with closing(upgraded(old)) as ws:
        assert [one.change for one in ws.outbox() if one.state in ("waiting", "carried")] == waiting
    (old / "people" / "me.db").unlink()
    assert take(copy).how == "placed"
    with closing(upgraded(old)) as ws:
        assert len(ws.outbox()) == 5
    shutil.copy(old / "public.db", old / "strange")
    with pytest.raises(Damaged):
        take(old / "strange")
