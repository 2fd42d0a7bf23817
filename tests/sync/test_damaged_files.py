"""A damaged file on a PC: said, set aside, made anew; what was saved and not sent is never lost without a word."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from sync import repairing
from sync.errors import Failure
from sync.repairing import repair
from sync.salvage import is_damaged
from sync.sealed import opener
from tests.sync.network import Device, Network
from tests.sync.test_healing import write_houses

SEEDS = 24


def settle(path: Path, key: bytes | None = None) -> None:
    """Bring everything from the log of last writes into the file."""
    outside = opener(key)(path)
    outside.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    outside.close()
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def corrupt(path: Path, chance: random.Random) -> str:
    """Damage a file in one of the ways that disks do; answers which."""
    data = bytearray(path.read_bytes())
    how = chance.choice(("bytes", "page", "pages", "cut", "torn cut", "zeros", "header"))
    page = 4096
    if how == "bytes":
        for _ in range(chance.choice((1, 5, 40))):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    elif how in ("page", "pages"):
        for _ in range(1 if how == "page" else 4):
            at = chance.randrange(len(data) // page) * page
            data[at : at + page] = chance.randbytes(page)
    elif how == "cut":
        del data[chance.randrange(len(data) // page) * page :]
    elif how == "torn cut":
        del data[chance.randrange(len(data)) :]
    elif how == "zeros":
        at = chance.randrange(len(data) // page) * page
        data[at : at + 3 * page] = bytes(len(data[at : at + 3 * page]))
    else:
        data[chance.randrange(100)] ^= 0xFF
    path.write_bytes(data)
    return how


@pytest.fixture
def filled(network: Network) -> tuple[Network, Device]:
    """Ana has a copy of many records, and some work that waits: an edit, new records, drafts."""
    ana, bilal = network.two()
    write_houses([ana, bilal], 90)
    for number in range(12):
        bilal.ws.add("tree", {"name": {"fr": f"Arbre {number}"}})
    network.heal()
    write_houses([ana], 30, 200)
    ana.ws.add("tree", {"name": {"fr": "Waits"}})
    ana.ws.keep_draft("house", "", {"name.fr": "Half typed"})
    ana.ws.close()
    settle(ana.folder / "public.db")
    settle(ana.folder / "people" / "me.db", network.vault_key)
    shutil.copytree(ana.folder, network.folder / "whole")
    ana.ws = ana.open()
    return network, ana


def again(network: Network, device: Device) -> None:
    """The folder as it was before the damage."""
    device.ws.close()
    shutil.rmtree(device.folder)
    shutil.copytree(network.folder / "whole", device.folder)


def work(device: Device) -> list[tuple[str, bytes]]:
    """What waits, by dot, and its text."""
    return [(one.dot.hex(), one.body) for one in device.ws.vault.waiting()]


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_damaged_public_copy_is_made_anew_and_nothing_waiting_is_touched(filled: tuple[Network, Device], seed: int) -> None:
    network, ana = filled
    chance = random.Random(seed)
    before = work(ana)
    digests = network.digest()
    again(network, ana)
    path = ana.folder / "public.db"
    how = corrupt(path, chance)
    ana.ws = ana.open()
    assert work(ana) == before, how
    if not ana.ws.repaired and repair(ana.ws):  # what SQLite cannot see, `verify --repair` does
        ana.reopen()
        assert ana.ws.repaired, how
    if ana.ws.repaired:
        assert list(ana.folder.glob("public.db.damaged-1")), how
        assert not list(ana.folder.glob("*.unread"))
        assert all(str(one) for one in ana.ws.repaired)
    assert work(ana) == before, how
    assert ana.ws.draft("house", "") == {"name.fr": "Half typed"}
    assert network.digest() == digests
    network.heal()
    network.heal()
    assert ana.ws.status().waiting == 0
    network.in_step()
    ana.reopen()
    assert ana.ws.repaired == []


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_damaged_persons_file_gives_its_work_back(filled: tuple[Network, Device], seed: int) -> None:
    network, ana = filled
    chance = random.Random(1000 + seed)
    before = dict(work(ana))
    settings = {name: ana.ws.vault.setting(name) for name in ("person", "device", "authority")}
    again(network, ana)
    path = ana.folder / "people" / "me.db"
    how = corrupt(path, chance)
    try:
        ana.ws = ana.open()
        work(ana)
    except Failure as failure:  # met only now: the file is marked, and mended at the next start
        assert failure.code == "damaged"
        ana.ws.close()
        ana.ws = ana.open()
    if not ana.ws.repaired and repair(ana.ws):
        ana.reopen()
    after = dict(work(ana))
    assert all(before.get(dot, body) == body for dot, body in after.items()), f"{how}: a text was altered and taken"
    if ana.ws.repaired:
        assert (ana.folder / "people" / "me.db.damaged-1").exists()
        words = ana.ws.repaired[0].msgid
        kept = len(after) + sum(one.state == "refused" for one in ana.ws.outbox())
        assert kept + _lost(ana) >= len(before) or "nothing in it" in words, f"{how}: {words}"
    if (ana.ws.vault.setting("authority"), ana.ws.vault.word("device")) != (settings["authority"], (settings["device"] or b"").decode()):
        with ana.ws.store.transaction():  # the person joins again with a new code
            ana.ws.vault.keep("authority", network.key.public)
    key = ana.ws.vault.key().public
    network.authority.certify(key, "018f0000-0000-7000-8000-000000000001", "018f0000-0000-7000-8000-000000000002", "member")
    network.heal()
    network.heal()
    assert ana.ws.status().waiting == 0, how
    network.in_step()
    saved = ana.ws.add("house", {"name": {"fr": "Life goes on"}})
    ana.sync()
    assert network.verdicts()[saved.change][1] == 1


def _lost(device: Device) -> int:
    return sum(int(one.args["lost"]) for one in device.ws.repaired if "lost" in one.args)


def test_both_files_are_damaged_at_once(filled: tuple[Network, Device]) -> None:
    network, ana = filled
    again(network, ana)
    chance = random.Random(5)
    for path in (ana.folder / "public.db", ana.folder / "people" / "me.db"):
        data = bytearray(path.read_bytes())
        at = len(data) // 2 // 4096 * 4096
        data[at : at + 8192] = chance.randbytes(8192)
        path.write_bytes(data)
        path.with_name(path.name + ".suspect").touch()
    ana.ws = ana.open()
    assert len(ana.ws.repaired) == 2
    network.heal()
    network.heal()
    network.in_step()


def test_a_missing_public_copy_comes_back(filled: tuple[Network, Device]) -> None:
    network, ana = filled
    before = work(ana)
    again(network, ana)
    (ana.folder / "public.db").unlink()
    ana.ws = ana.open()
    assert len(ana.ws.repaired) == 1
    assert work(ana) == before
    network.heal()
    network.heal()
    assert ana.ws.status().waiting == 0
    network.in_step()


def test_what_sqlite_cannot_read_is_marked_and_mended_at_the_next_start(filled: tuple[Network, Device]) -> None:
    """A page in the middle: opening does not meet it, reading does; nobody is asked anything at the next start."""
    network, ana = filled
    again(network, ana)
    path = ana.folder / "public.db"
    outside = sqlite3.connect(path)
    root, = outside.execute("SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_entry_1'").fetchone()
    outside.close()
    data = bytearray(path.read_bytes())
    data[(root - 1) * 4096 : root * 4096] = b"\xa5" * 4096
    path.write_bytes(data)
    ana.ws = ana.open()
    assert ana.ws.repaired == []
    with pytest.raises(Failure) as raised:
        ana.ws.public.rows("SELECT * FROM entry WHERE scope = 'public' ORDER BY number")
    assert raised.value.code == "damaged"
    ana.reopen()
    assert len(ana.ws.repaired) == 1
    network.heal()
    network.heal()
    network.in_step()


@pytest.mark.parametrize("step", ["moved", "log left", "before the sentence"])
def test_a_kill_in_the_middle_of_a_repair_costs_nothing(filled: tuple[Network, Device], step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    network, ana = filled
    before = work(ana)
    again(network, ana)
    path = ana.folder / "people" / "me.db"
    if step == "before the sentence":
        path.with_name("me.db.suspect").write_text("condemned")
        with monkeypatch.context() as patched:
            patched.setattr(repairing, "move", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                ana.open()
        path.rename(path.with_name("me.db.damaged-1.unread"))
    else:
        path.rename(path.with_name("me.db.damaged-1.unread"))
        if step == "log left":
            path.with_name("me.db-wal").write_bytes(b"")
    ana.ws = ana.open()
    assert len(ana.ws.repaired) == 1
    assert work(ana) == before
    network.heal()
    network.heal()
    network.in_step()


def test_a_whole_file_is_not_called_damaged(filled: tuple[Network, Device]) -> None:
    network, ana = filled
    assert not is_damaged(ana.folder / "public.db", wholly=True)
    assert not is_damaged(ana.folder / "people" / "me.db", wholly=True)
    assert not repair(ana.ws)
    ana.reopen()
    assert ana.ws.repaired == []
    assert not list(ana.folder.rglob("*.damaged*"))


def test_altered_rows_are_named_and_mended_on_demand(filled: tuple[Network, Device]) -> None:
    """Somebody wrote into both files with SQL: the public copy is made anew, the copy of the network is taken again, own work stays."""
    network, ana = filled
    before = work(ana)
    ana.ws.close()
    for path, table in ((ana.folder / "public.db", "house"), (ana.folder / "people" / "me.db", "tree")):
        with sqlite3.connect(path) as outside:
            outside.execute(f"UPDATE {table} SET number = 99999")
        outside.close()
    ana.ws = ana.open()
    assert ana.ws.verify()
    assert repair(ana.ws)
    ana.reopen()
    assert work(ana) == before
    network.heal()
    network.heal()
    assert ana.ws.status().waiting == 0
    network.in_step()
