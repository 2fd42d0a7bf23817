"""Disks that are full, fail, or are written by two at once: each is said in a sentence with its code, and nothing that was here goes."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sync import sweeping
from sync.errors import Damaged, Failure, Invalid
from sync.files import LARGEST, Files
from sync.migrations import copies
from sync.postgres_store import PostgresStore
from sync.store import SqliteStore
from tests.postgres import fresh_database
from tests.sync.network import Network

FILE = b"file" * 1000
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the devices of Linux")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    path.write_bytes(FILE)
    return path


def test_a_file_that_nobody_can_share_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)  # a file with a hole: it takes no room
    with pytest.raises(Invalid) as failed:
        Files(tmp_path / "files").take(path)
    assert "larger than 2 GB" in failed.value.message.msgid


@linux
def test_a_copy_that_finds_no_room_is_said_and_leaves_no_file(tmp_path: Path, source: Path) -> None:
    files = Files(tmp_path / "files")
    name = files.take(source)["sha256"]
    files.path(name).unlink()
    files.path(name).with_suffix(".new").symlink_to("/dev/full")
    with pytest.raises(Failure) as failed:
        files.take(source)
    assert failed.value.code == "disk_full"
    assert not files.here(name)
    files.path(name).with_suffix(".new").unlink()
    assert files.take(source)["sha256"] == name


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path, source: Path) -> None:
    files = Files(tmp_path / "files")
    name = files.take(source)["sha256"]
    other = Files(tmp_path / "other")
    other.folder.mkdir()
    (other.folder / name[:2]).write_text("somebody's own file stands where our folder should")
    with pytest.raises(Failure) as failed:
        other.append(name, 0, iter([FILE]), len(FILE))
    assert failed.value.code == "file"
    assert other.held(name) == 0


def test_what_was_forgotten_comes_back_until_it_is_swept(tmp_path: Path, source: Path) -> None:
    files = Files(tmp_path / "files")
    name = files.take(source)["sha256"]
    assert files.recover(name)
    files.forget(name)
    assert not files.here(name)
    files.forget(name)  # twice is once
    assert files.recover(name)
    assert files.path(name).read_bytes() == FILE
    files.forget(name)
    files.sweep()
    assert not files.recover(name)


# The databases


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """Writes beyond fail, as on a disk that fails: SQLite calls it a disk I/O error."""
    import resource  # not on every system

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@linux
def test_a_disk_that_fails_is_said_and_the_save_did_not_happen(network: Network) -> None:
    ana = network.device("ana")
    kept = ana.ws.add("house", {"name": {"fr": "Kept"}}).id
    with no_file_larger_than(4096), pytest.raises(Failure) as failed:
        ana.ws.add("house", {"name": {"fr": "Not kept"}})
    assert failed.value.code == "disk"
    assert [one.id for one in ana.ws.records("house")] == [kept]
    ana.reopen()
    assert [one.id for one in ana.ws.records("house")] == [kept]
    ana.ws.add("house", {"name": {"fr": "After"}})
    network.heal()
    network.in_step()


def test_a_folder_that_another_program_holds_is_said_to_be_busy(network: Network) -> None:
    ana = network.device("ana")
    other = sqlite3.connect(ana.folder / "people" / "me.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    ana.ws.store.execute("PRAGMA busy_timeout = 0")
    with pytest.raises(Failure) as failed:
        ana.ws.add("house", {"name": {"fr": "A"}})
    assert failed.value.code == "busy"
    other.execute("ROLLBACK")
    other.close()
    assert ana.ws.add("house", {"name": {"fr": "A"}}).id


def test_a_folder_in_the_place_of_a_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(Failure) as failed:
        SqliteStore(tmp_path)
    assert failed.value.code == "read_only"


def test_a_page_that_one_row_stands_on_is_said_and_the_file_is_marked(tmp_path: Path) -> None:
    path = tmp_path / "file.db"
    store = SqliteStore(path)
    store.execute("CREATE TABLE word (text TEXT)")
    store.many("INSERT INTO word VALUES (?)", [("x" * 3000,) for _ in range(50)])
    store.close()
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * len(data[4096:])
    path.write_bytes(data)
    store = SqliteStore(":memory:", {"far": path})  # what is marked is the file, not what has none
    with pytest.raises(Damaged):
        store.row("SELECT text FROM far.word")
    store.close()
    assert path.with_name("file.db.suspect").exists()


def test_several_reads_of_one_moment_inside_a_transaction_are_of_that_transaction(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "file.db")
    store.execute("CREATE TABLE word (text TEXT)")
    with store.transaction():
        store.execute("INSERT INTO word VALUES ('a')")
        with store.snapshot():
            assert store.value("SELECT text FROM word") == "a"
        store.execute("INSERT INTO word VALUES ('b')")
    assert store.value("SELECT count(*) FROM word") == 2
    store.close()


def test_a_database_that_does_not_answer_is_said(postgres: str) -> None:
    with pytest.raises(Failure) as failed:
        PostgresStore("postgresql://nobody@127.0.0.1:1/nothing")
    assert failed.value.code == "database"
    address = fresh_database(postgres)
    store, other = PostgresStore(address), PostgresStore(address)
    store.execute("CREATE TABLE word (text TEXT)")
    pid = store.value("SELECT pg_backend_pid()")
    other.execute("SELECT pg_terminate_backend(?)", (pid,))
    with pytest.raises(Failure) as failed:
        store.rows("SELECT text FROM word")
    assert failed.value.code == "database"
    with pytest.raises(Failure) as failed, store.transaction():
        store.execute("INSERT INTO word VALUES ('a')")
    assert failed.value.code == "database"
    assert other.value("SELECT count(*) FROM word") == 0
    store.close()
    other.close()


# Changing the engine's own tables


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "file.db")
    store.execute("CREATE TABLE word (text TEXT)")
    yield store
    store.close()


@pytest.mark.parametrize(("error", "code"), [
    (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "disk_full"), (sqlite3.OperationalError("database or disk is full"), "disk_full"),
    (OSError(errno.EIO, os.strerror(errno.EIO)), "disk"),
])
def test_a_copy_that_cannot_be_made_is_said_and_half_of_it_does_not_stay(
        small: SqliteStore, error: Exception, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(Failure) as failed:
        copies.keep(small)
    assert failed.value.code == code
    assert "Nothing was changed" in failed.value.message.msgid
    assert [file for file in small.paths[0].parent.iterdir() if "before" in file.name] == []


def test_a_disk_without_room_for_the_copy_is_said_before_anything_is_done(small: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 0))
    with pytest.raises(Failure) as failed:
        copies.keep(small)
    assert failed.value.code == "disk_full"


def test_a_copy_that_another_program_swept_is_not_needed_any_more(small: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was faster: what it began beside this file is gone, and so is the reason for it."""
    whole = Path.replace

    def swept(part: Path, target: Path) -> Path:
        part.unlink()
        return whole(part, target)

    monkeypatch.setattr(Path, "replace", swept)
    assert copies.keep(small) is None
    copies.drop(None)


def test_a_database_in_memory_needs_no_copy() -> None:
    store = SqliteStore(":memory:")
    assert copies.keep(store) is None
    copies.sweep(store)
    store.close()


# What was erased is swept


@pytest.fixture
def erased(network: Network) -> SqliteStore:
    """A file in which something was erased since it was last written anew."""
    store = network.device("ana").ws.private
    store.execute("INSERT INTO forgotten (scope, control, swept) VALUES ('network', 7, 1)")
    return store


@linux
def test_a_sweep_that_finds_no_room_is_put_off(erased: SqliteStore) -> None:
    with no_file_larger_than(4096):
        assert not sweeping.sweep(erased)
    assert erased.value("SELECT swept FROM forgotten") == 1
    assert sweeping.sweep(erased)
    assert erased.value("SELECT swept FROM forgotten") == 7


def test_a_sweep_while_another_program_reads_is_put_off(erased: SqliteStore) -> None:
    other = sqlite3.connect(erased.paths[0], isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT * FROM setting").fetchall()
    erased.execute("UPDATE forgotten SET control = 8")
    assert not sweeping.sweep(erased)
    assert erased.value("SELECT swept FROM forgotten") == 1
    other.execute("ROLLBACK")
    other.close()
    assert sweeping.sweep(erased)


def test_a_sweep_of_a_damaged_file_is_not_called_put_off(erased: SqliteStore) -> None:
    erased.execute("CREATE TABLE word (text TEXT)")
    erased.many("INSERT INTO word VALUES (?)", [("x" * 3000,) for _ in range(50)])
    erased.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path = erased.paths[0]
    with path.open("r+b") as file:
        file.seek(-20 * 4096, os.SEEK_END)
        file.write(b"\xff" * 20 * 4096)
    erased.execute("PRAGMA cache_size = 1")
    with pytest.raises(Damaged):
        sweeping.sweep(erased)
