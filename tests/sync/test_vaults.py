"""People's files as vaults: nothing in them can be read without the key, damage costs no more than in clear, and every file is of one library."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync import keys, open_files, salvage, sealed
from sync.errors import Damaged, Failure, Locked, Refused
from sync.keys import FLOOR
from sync.migrations import copies
from sync.people import People
from sync.sealed import IN_CLEAR, SealedStore
from sync.sealed_carving import carved_vault
from sync.store import SqliteStore
from sync.sweeping import sweep
from sync.workspace import Workspace
from tests.sync.network import KINDS, Device, Network
from tests.sync.test_damaged_files import (  # noqa: F401 - the same promises, in the network below, whose files are vaults
    again,
    filled,
    test_a_damaged_persons_file_gives_its_work_back,
    test_a_damaged_public_copy_is_made_anew_and_nothing_waiting_is_touched,
    test_a_kill_in_the_middle_of_a_repair_costs_nothing,
    test_a_missing_public_copy_comes_back,
    test_both_files_are_damaged_at_once,
    work,
)

KEY = bytes(range(32))
PAGE = 4096
CANARY = "CanariBleuOutremer"


@pytest.fixture
def network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Network]:
    """A network whose people have vaults."""
    monkeypatch.setattr(Network, "vault_key", KEY)
    with Network(tmp_path) as found:
        yield found


def vault_of(device: Device) -> Path:
    return device.folder / "people" / "me.db"


def test_a_vault_is_no_file_that_sqlite_reads_and_its_key_alone_opens_it(network: Network) -> None:
    ana = network.device("ana")
    ana.ws.add("house", {"name": {"fr": CANARY}})
    ana.ws.keep_draft("house", "", {"name.fr": CANARY})
    assert len(ana.ws.search_ids(CANARY, 5)) == 1
    for path in ana.folder.rglob("*"):  # also the log of last writes, while it is open
        assert not path.is_file() or CANARY.encode() not in path.read_bytes()
    ana.ws.close()
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(vault_of(ana)).execute("SELECT * FROM sqlite_master")
    with pytest.raises(Damaged):
        SealedStore(vault_of(ana), key=bytes(32)).rows("SELECT * FROM draft")
    ana.ws = ana.open()
    assert ana.ws.draft("house", "") == {"name.fr": CANARY}
    assert ana.ws.repaired == []


def test_a_clear_file_in_the_place_of_a_vault_is_refused_and_not_touched(network: Network, tmp_path: Path) -> None:
    ana = network.device("ana")
    ana.ws.close()
    Workspace(tmp_path / "planted", KINDS).close()
    shutil.copy(tmp_path / "planted" / "people" / "me.db", vault_of(ana))
    planted = vault_of(ana).read_bytes()
    with pytest.raises(Refused) as refused:
        ana.open()
    assert refused.value.code == "vault_in_clear"
    assert vault_of(ana).read_bytes() == planted


def test_a_vault_is_never_taken_for_a_damaged_clear_file(network: Network) -> None:
    ana = network.device("ana")
    ana.ws.close()
    (vault_of(ana).with_name("me.keys")).write_bytes(b"keys")
    before = vault_of(ana).read_bytes()
    for key in (None, IN_CLEAR):
        with pytest.raises(Locked):
            Workspace(ana.folder, KINDS, key=key)
    assert vault_of(ana).read_bytes() == before
    ana.ws = ana.open()


def test_one_altered_byte_costs_its_page_at_most(filled: tuple[Network, Device]) -> None:  # noqa: F811
    network, ana = filled
    before = dict(work(ana))
    chance = random.Random(11)
    for _ in range(12):
        again(network, ana)
        data = bytearray(vault_of(ana).read_bytes())
        page = chance.randrange(1, len(data) // PAGE)
        data[page * PAGE + chance.randrange(PAGE)] ^= 1 << chance.randrange(8)
        vault_of(ana).write_bytes(data)
        vault_of(ana).with_name("me.db.suspect").touch()  # as when something did not read
        ana.ws = ana.open()
        assert len(ana.ws.repaired) == 1, page
        after = dict(work(ana))
        assert set(after) <= set(before) or len(after) == len(before)
        assert len(after) >= len(before) - 10  # a page of `pending` holds no more here


def test_a_destroyed_first_page_costs_nothing(filled: tuple[Network, Device]) -> None:  # noqa: F811
    network, ana = filled
    before, settings = work(ana), {name: ana.ws.vault.setting(name) for name in ("key", "authority", "device")}
    again(network, ana)
    data = bytearray(vault_of(ana).read_bytes())
    data[:PAGE] = random.Random(3).randbytes(PAGE)
    vault_of(ana).write_bytes(data)
    ana.ws = ana.open()
    assert len(ana.ws.repaired) == 1
    assert work(ana) == before
    assert ana.ws.draft("house", "") == {"name.fr": "Half typed"}
    assert {name: ana.ws.vault.setting(name) for name in settings} == settings
    assert not list(ana.folder.rglob("*.carving"))
    network.heal()
    network.heal()
    assert ana.ws.status().waiting == 0
    network.in_step()


def test_rows_of_a_log_of_last_writes_are_found_too(tmp_path: Path) -> None:
    store = SealedStore(tmp_path / "me.db", key=KEY)
    store.execute("CREATE TABLE upload (sha256 TEXT PRIMARY KEY, size BIGINT NOT NULL)")
    store.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    store.many("INSERT INTO upload VALUES (?, ?)", [(f"{n:064}", n) for n in range(200)])
    copy = tmp_path / "copy.db"
    for end in ("", "-wal"):
        shutil.copy(tmp_path / f"me.db{end}", tmp_path / f"copy.db{end}")
    copy.write_bytes(b"\0" * PAGE + copy.read_bytes()[PAGE:])
    found = {values for _, values in carved_vault(copy, KEY) if len(values) == 2 and isinstance(values[1], int)}
    assert {(f"{n:064}", n) for n in range(200)} <= found
    store.close()
    (tmp_path / "other.carving").mkdir()
    assert list(carved_vault(copy, bytes(32))) == []  # of another key: nothing


def test_long_rows_are_found_over_their_pages(tmp_path: Path) -> None:
    store = SealedStore(tmp_path / "me.db", key=KEY)
    store.execute("CREATE TABLE draft (kind TEXT, id TEXT, content BLOB)")
    long = random.Random(1).randbytes(60_000)
    store.execute("INSERT INTO draft VALUES ('house', 'a', ?)", (long,))
    store.close()
    data = (tmp_path / "me.db").read_bytes()
    (tmp_path / "me.db").write_bytes(b"\0" * PAGE + data[PAGE:])
    assert ("house", "a", long) in [values for _, values in carved_vault(tmp_path / "me.db", KEY)]


def test_a_copy_before_a_migration_is_encrypted_too(tmp_path: Path) -> None:
    store = SealedStore(tmp_path / "me.db", key=KEY)
    store.execute("CREATE TABLE t (a)")
    store.execute("INSERT INTO t VALUES (?)", (CANARY,))
    copy = copies.keep(store)
    assert copy is not None
    assert CANARY.encode() not in copy.read_bytes()
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(copy).execute("SELECT * FROM t")
    other = SealedStore(copy, key=KEY)
    assert other.value("SELECT a FROM t") == CANARY
    other.close()
    copies.drop(copy)
    store.close()


def test_what_was_erased_is_swept_from_a_vault(network: Network) -> None:
    ana = network.device("ana")
    with ana.ws.store.transaction():
        ana.ws.vault._to_be_swept()
    assert sweep(ana.ws.private)
    assert ana.ws.store.value("SELECT count(*) FROM main.forgotten WHERE swept < control") == 0
    assert ana.ws.private.row("PRAGMA cipher_integrity_check") is None


def test_a_text_index_that_another_connection_wrote_is_no_damage(network: Network) -> None:
    """SQLite 3.44 and later check what a connection knew of an index; it must look again first."""
    ana, bilal = network.two()
    bilal.ws.add("house", {"name": {"fr": "Maison"}})
    ana.ws.add("house", {"name": {"fr": "Cabane"}})
    assert ana.ws.verify() == []
    network.heal()
    network.heal()
    assert ana.ws.verify() == []


def test_failures_of_sqlcipher_are_ours(tmp_path: Path) -> None:
    store = SealedStore(tmp_path / "me.db", key=KEY)
    store.execute("CREATE TABLE t (a)")
    other = SealedStore(tmp_path / "me.db", key=KEY)
    other.execute("PRAGMA busy_timeout = 1").fetchall()
    with store.transaction(), pytest.raises(Failure) as busy:
        other._begin()
    assert busy.value.code == "busy"
    with pytest.raises(Failure):
        store.many("INSERT INTO nowhere VALUES (?)", [(1,)])
    store.execute(f"PRAGMA max_page_count = {store.value('PRAGMA page_count')}").fetchall()
    with pytest.raises(Failure) as full:
        store.many("INSERT INTO t VALUES (?)", [(b"x" * 4000,)] * 10)
    assert full.value.code == "disk_full"
    other.close()
    store.close()
    data = bytearray((tmp_path / "me.db").read_bytes())
    data[PAGE + 9] ^= 1
    (tmp_path / "me.db").write_bytes(data)
    store = SealedStore(tmp_path / "me.db", key=KEY)
    with pytest.raises(Damaged):
        store.rows("SELECT * FROM t")
    assert (tmp_path / "me.db.suspect").exists()
    store.close()
    with pytest.raises(Failure) as nowhere:
        SealedStore(tmp_path / "no folder" / "me.db", key=KEY)
    assert nowhere.value.code == "read_only"


def test_one_process_reads_a_file_through_one_library(tmp_path: Path) -> None:
    clear = SqliteStore(tmp_path / "public.db")
    with pytest.raises(AssertionError):
        SealedStore(tmp_path / "public.db", key=None)
    clear.close()
    store = SealedStore(tmp_path / "public.db", key=None)
    assert open_files.is_open(tmp_path / "public.db")
    store.close()
    assert not open_files.is_open(tmp_path / "public.db")


def test_people_of_one_program_do_not_look_at_a_file_that_another_has_open(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """To read a file beside its connections and close it would drop their locks, and to rename it would part them from it."""
    ana = network.device("ana")
    looked: list[Path] = []
    real = salvage.is_damaged
    monkeypatch.setattr("sync.repairing.is_damaged", lambda path, *given, **named: looked.append(path) or real(path, *given, **named))
    (ana.folder / "public.db.suspect").touch()
    other = Workspace(ana.folder, network.kinds, "hassan", key=bytes(reversed(KEY)))
    guest = Workspace(ana.folder, network.kinds, guest=True, key=IN_CLEAR)
    assert ana.folder / "public.db" not in looked
    guest.close()
    other.close()
    ana.reopen()
    assert ana.folder / "public.db" in looked


def test_two_people_on_one_pc_and_a_guest_see_what_is_theirs(network: Network) -> None:
    ana = network.device("ana")
    ana.ws.keep_draft("house", "", {"name.fr": "Hers"})
    public = ana.ws.add("house", {"name": {"fr": "Everybody’s"}})
    ana.sync()
    hassan = Workspace(ana.folder, network.kinds, "hassan", key=bytes(reversed(KEY)))
    assert hassan.draft("house", "") is None
    assert hassan.get("house", public.id)
    guest = Workspace(ana.folder, network.kinds, guest=True, key=IN_CLEAR)
    assert guest.get("house", public.id)
    assert guest.draft("house", "") is None
    guest.close()
    hassan.close()
    with pytest.raises(Damaged):
        SealedStore(ana.folder / "people" / "hassan.db", key=KEY).rows("SELECT * FROM setting")


def test_a_vault_copied_to_another_pc_parts_from_the_first(network: Network) -> None:
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "0"}).id
    network.heal()
    copy = network.copy(ana, "copy")
    ana.ws.edit("house", id, {"street": "first"})
    copy.ws.edit("house", id, {"phone": "second"})
    assert copy.ws.draft("house", "") is None
    ana.sync()
    copy.sync()
    network.heal()
    network.heal()
    network.in_step()
    for device in (ana, bilal, copy):
        house = device.ws.get("house", id)
        assert (house["street"], house["phone"]) == ("first", "second")
    assert copy.ws.status().waiting == ana.ws.status().waiting == 0


def test_what_sealed_says_of_files_that_are_not_there(tmp_path: Path) -> None:
    path = tmp_path / "me.db"
    assert sealed.waiting_in(path, KEY) == 0
    sealed.note_recovery(path, KEY, 1)
    assert not path.exists()
    SealedStore(path, key=KEY).close()
    sealed.note_recovery(path, KEY, 1)
    assert sealed.waiting_in(path, KEY) == 0


def test_somebody_elses_key_is_refused_and_their_vault_is_not_taken_for_damaged(network: Network) -> None:
    """Found by six people in turn: the file was set aside, and an empty one opened in its place."""
    places = People(network.folder / "pc", network.random.randbytes, network.now, cost=FLOOR)
    own = {name: places.add(name, None)[0] for name in ("ana", "bilal")}
    for name, key in own.items():
        ws = Workspace(network.folder / "pc", KINDS, name, key=key)
        ws.keep_draft("house", "", {"name.fr": f"{CANARY} of {name}"})
        ws.close()
    before = {path: path.read_bytes() for path in (network.folder / "pc" / "people").iterdir() if path.is_file()}
    with pytest.raises(Locked):
        Workspace(network.folder / "pc", KINDS, "ana", key=own["bilal"])
    assert {path: path.read_bytes() for path in (network.folder / "pc" / "people").iterdir() if path.is_file()} == before
    for name, key in own.items():
        ws = Workspace(network.folder / "pc", KINDS, name, key=key)
        assert ws.repaired == []
        assert ws.draft("house", "") == {"name.fr": f"{CANARY} of {name}"}
        ws.close()


def test_keys_that_cannot_be_read_lock_nobody_out_of_an_open_vault(network: Network) -> None:
    ana = network.device("ana")
    ana.ws.close()
    for end in (keys.ENDING, keys.COPY):
        vault_of(ana).with_suffix("").with_name(f"me{end}").write_bytes(b"torn")
    ana.ws = ana.open()
    assert ana.ws.repaired == []
