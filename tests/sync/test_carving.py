"""Rows taken from bare pages are the rows that SQLite would have given: long ones, large numbers, what only the log of last writes holds."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from sync.carving import carved
from sync.salvage import DamagedFile, aside_of, is_damaged

ROWS: list[tuple[int, tuple[Any, ...]]] = [
    (1, ("short", b"x", 0, None)),
    (2, ("", b"", 1, None)),
    (127, ("é أب", bytes(range(256)), -1, "last")),
    (128, ("a" * 3000, b"b" * 3000, 127, None)),
    (16384, ("l" * 50_000, bytes(70_000), 2**15, "over many pages")),
    (2**31, ("m" * 4062, b"", -(2**23), None)),
    (2**40, ("n" * 5000, b"c", 2**31, None)),
    (2**62, ("nine bytes of a row number", b"", 2**47, None)),
    (-5, ("below zero", b"", -(2**63), "z" * 9000)),
]


def written(path: Path, rows: list[tuple[int, tuple[Any, ...]]], page: int = 4096) -> sqlite3.Connection:
    """A real file of such rows; its connection, still open."""
    here = sqlite3.connect(path, isolation_level=None)
    here.execute(f"PRAGMA page_size = {page}")
    here.execute("PRAGMA journal_mode = WAL")
    here.execute("CREATE TABLE kept (text TEXT, data BLOB, number INTEGER, more TEXT)")
    here.executemany("INSERT INTO kept (rowid, text, data, number, more) VALUES (?, ?, ?, ?, ?)", [(row, *values) for row, values in rows])
    return here


def found_in(path: Path) -> dict[int, tuple[Any, ...]]:
    return {row - 2**64 if row >= 2**63 else row: values for row, values in carved(path) if len(values) == 4}


@pytest.mark.parametrize("page", [512, 1024, 4096, 32768])
def test_every_row_comes_out_as_it_went_in(tmp_path: Path, page: int) -> None:
    path = tmp_path / "kept.db"
    written(path, ROWS, page).close()  # closing brings the log into the file
    assert not path.with_name("kept.db-wal").exists()
    assert found_in(path) == dict(ROWS)


def test_what_only_the_log_of_last_writes_holds_comes_out_and_what_was_not_committed_does_not(tmp_path: Path) -> None:
    here = written(tmp_path / "open.db", ROWS[:3])
    here.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    here.execute("PRAGMA wal_autocheckpoint = 0")
    here.executemany("INSERT INTO kept (rowid, text, data, number, more) VALUES (?, ?, ?, ?, ?)", [(row, *values) for row, values in ROWS[3:]])
    here.execute("UPDATE kept SET more = 'newest' WHERE rowid = 1")
    here.execute("PRAGMA cache_size = 1")
    here.execute("BEGIN")
    here.execute("UPDATE kept SET more = 'never said', text = text || zeroblob(9000)")  # more than the cache: it is in the log already
    path = tmp_path / "kept.db"
    for end in ("", "-wal"):
        shutil.copy(tmp_path / f"open.db{end}", tmp_path / f"kept.db{end}")  # as a power cut leaves it
    log = (tmp_path / "kept.db-wal").read_bytes()
    here.execute("ROLLBACK")
    here.close()
    wanted = {**dict(ROWS), 1: ("short", b"x", 0, "newest")}
    assert b"never said" in log
    assert found_in(path) == wanted
    torn = tmp_path / "torn"
    torn.mkdir()
    shutil.copy(path, torn / "kept.db")
    (torn / "kept.db-wal").write_bytes(log[: len(log) - 2000])
    assert found_in(torn / "kept.db") == wanted


def test_frames_of_an_older_log_are_not_believed(tmp_path: Path) -> None:
    """A log is written over from its start: what follows the newest frames is of long ago."""
    here = written(tmp_path / "open.db", ROWS)
    here.execute("PRAGMA wal_checkpoint(RESTART)")
    here.execute("UPDATE kept SET more = 'newest' WHERE rowid = 1")
    for end in ("", "-wal"):
        shutil.copy(tmp_path / f"open.db{end}", tmp_path / f"kept.db{end}")
    here.close()
    assert found_in(tmp_path / "kept.db") == {**dict(ROWS), 1: ("short", b"x", 0, "newest")}


def test_a_broken_head_costs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    written(path, ROWS).close()
    data = path.read_bytes()
    path.write_bytes(b"\xff" * 100 + data[100:])
    assert is_damaged(path, wholly=False)
    assert found_in(path) == dict(ROWS)


def test_a_chain_of_pages_that_was_cut_costs_its_row_alone(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    written(path, [*ROWS[:3], ROWS[4]]).close()
    data = path.read_bytes()
    path.write_bytes(data[: len(data) - 3 * 4096])
    found = found_in(path)
    assert found.items() >= dict(ROWS[:3]).items()
    assert 16384 not in found


def test_texts_that_are_none_and_numbers_with_a_point_cost_only_themselves(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    here = written(path, ROWS[:1])
    here.execute("INSERT INTO kept VALUES (CAST(x'ff41' AS TEXT), x'01', 1, NULL)")
    here.execute("INSERT INTO kept VALUES ('half', x'01', 0.5, NULL)")  # nothing of ours holds such a number
    here.close()
    assert found_in(path) == {**dict(ROWS[:1]), 2: (None, b"\1", 1, None)}


@pytest.mark.parametrize("seed", range(40))
def test_whatever_was_altered_nothing_but_rows_comes_out(tmp_path: Path, seed: int) -> None:
    """No exception, no endless work; and most rows are untouched."""
    chance, path = random.Random(seed), tmp_path / "kept.db"
    written(path, [(n, (f"row {n}", chance.randbytes(40), n, None)) for n in range(1, 400)]).close()
    data = bytearray(path.read_bytes())
    for _ in range(chance.choice((1, 20, 400))):
        data[chance.randrange(100, len(data))] = chance.randrange(256)
    path.write_bytes(data)
    assert len(list(carved(path))) > 100


# Files as they are set aside


def test_what_is_missing_is_not_damaged_and_what_is_empty_is(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    assert not is_damaged(path, wholly=True)
    path.touch()
    assert is_damaged(path, wholly=False)
    path.with_name("kept.db-wal").write_bytes(b"a log that was not brought into the file yet")
    assert not is_damaged(path, wholly=False)


def test_a_file_that_lost_its_end_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    written(path, ROWS).close()
    assert not is_damaged(path, wholly=True)
    path.write_bytes(path.read_bytes()[:-4096])
    assert is_damaged(path, wholly=False)


def test_a_second_damage_takes_no_name_from_the_first(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    for number in (1, 2, 3):
        aside = aside_of(path)
        assert aside.name == f"kept.db.damaged-{number}.unread"
        (aside if number == 2 else aside.with_name(f"kept.db.damaged-{number}")).touch()


def test_rows_between_two_that_do_not_read_are_looked_for_one_by_one(tmp_path: Path) -> None:
    """Two pages of the middle are gone: what stands between them is reached from neither end."""
    path = tmp_path / "kept.db"
    here = sqlite3.connect(path, isolation_level=None)
    here.execute("CREATE TABLE own_seed (log BLOB, run INTEGER, seed BLOB)")
    here.executemany("INSERT INTO own_seed VALUES (?, ?, ?)", [(b"log", n, n.to_bytes(2, "big") * 100) for n in range(600)])
    leaves = [number for number, in here.execute("SELECT pageno FROM dbstat WHERE name = 'own_seed' AND pagetype = 'leaf' ORDER BY path")]
    here.close()
    data = bytearray(path.read_bytes())
    lost = 0
    for number in (leaves[5], leaves[-5]):
        page = data[(number - 1) * 4096 : number * 4096]
        lost += int.from_bytes(page[3:5], "big")
        data[(number - 1) * 4096 : number * 4096] = b"\xa5" * 4096
    path.write_bytes(data)
    file = DamagedFile(path)
    found = file.salvaged("own_seed", ("log", "run", "seed"))
    file.close()
    assert len(found) == 600 - lost
    assert all(seed == run.to_bytes(2, "big") * 100 for _, run, seed in found)
