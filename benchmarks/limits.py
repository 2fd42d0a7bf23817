"""What the machine itself allows: bare SQLite, FTS5, PostgreSQL and zstd on the same records; knows no engine beyond its FTS options."""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import zstandard

from benchmarks.figure import Spent, spent
from benchmarks.peer.kind import KIND, values_of
from resources.search import words_of
from sync import search_index
from sync.record import Record

Row = tuple[Any, ...]


def rows_of(path: Path) -> list[Row]:
    """The records of a file as rows: each field a column, structured ones as JSON."""
    with path.open(encoding="utf-8") as given:
        records = [json.loads(line) for line in given]
    return [tuple(json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value for value in one.values()) for one in records]


def folded_of(path: Path) -> list[tuple[int, str, str]]:
    """What the index holds of the records of a file, folded beforehand: number, title, body."""
    with path.open(encoding="utf-8") as given:
        records = [json.loads(line) for line in given]
    return [(number, *words_of(Record(KIND, "", "", values_of(one)))) for number, one in enumerate(records, 1)]


def raw_insert(rows: list[Row], folded: list[tuple[int, str, str]] | None = None) -> Spent:
    """What it takes to put rows into one bare table in one transaction with synchronous=FULL; and their folded words into FTS5 with our options."""
    with _bare_sqlite() as db:
        db.execute(f"CREATE TABLE bare ({_columns(rows)})")
        db.execute(next(one for one in search_index.schema() if "fts5" in one))

        def work() -> None:
            db.execute("BEGIN")
            db.executemany(f"INSERT INTO bare VALUES ({_marks(rows, '?')})", rows)
            db.executemany("INSERT INTO search (rowid, title, body) VALUES (?, ?, ?)", folded or [])
            db.execute("COMMIT")

        return spent(work)


def raw_batches(rows: list[Row], size: int) -> Spent:
    """What it takes to put rows into one bare SQLite table, `size` of them a transaction, each on disk before the next."""
    with _bare_sqlite() as db:
        db.execute(f"CREATE TABLE bare ({_columns(rows)})")

        def work() -> None:
            for start in range(0, len(rows), size):
                db.execute("BEGIN IMMEDIATE")
                db.executemany(f"INSERT INTO bare VALUES ({_marks(rows, '?')})", rows[start : start + size])
                db.execute("COMMIT")

        return spent(work)


def raw_batches_in_postgres(rows: list[Row], size: int, db: str) -> Spent:
    """The same in PostgreSQL, over one connection."""
    import psycopg

    with psycopg.connect(db, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS bare")
        connection.execute(f"CREATE TABLE bare ({_columns(rows, ' TEXT')})")

        def work() -> None:
            for start in range(0, len(rows), size):
                with connection.transaction(), connection.cursor() as cursor:
                    cursor.executemany(f"INSERT INTO bare VALUES ({_marks(rows, '%s')})", rows[start : start + size])

        took = spent(work)
        connection.execute("DROP TABLE bare")
        return took


def squeezed(path: Path) -> int:
    """Bytes of a file after zstd at level 19, whole."""
    return len(zstandard.ZstdCompressor(level=19).compress(path.read_bytes()))


@contextmanager
def _bare_sqlite() -> Iterator[sqlite3.Connection]:
    with tempfile.TemporaryDirectory(dir=os.environ.get("DALIL_BENCH_DIR")) as name:
        db = sqlite3.connect(Path(name) / "bare.db", isolation_level=None)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        try:
            yield db
        finally:
            db.close()


def _columns(rows: list[Row], type: str = "") -> str:
    return ", ".join(f"c{number}{type}" + (" PRIMARY KEY" if number == 0 else "") for number in range(len(rows[0])))


def _marks(rows: list[Row], mark: str) -> str:
    return ", ".join([mark] * len(rows[0]))
