"""One database, SQLite here or PostgreSQL (`postgres_store`), behind the few words that the engine needs; knows no table."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from i18n import Text
from sync import open_files
from sync.errors import Damaged, Failure

_USUAL, _LOG = 1_000, 25_000  # pages of the log (4 and 100 MB) from which a commit copies it into the file: SQLite's own number, and a patient one
SUSPECT = ".suspect"  # ends the name of the mark beside a file that could not be read


class Full(Failure):
    """The disk has no room; nothing was written, what was typed is still on the screen."""

    code = "disk_full"


class Busy(Failure):
    """Another program holds the data for too long."""

    code = "busy"


def is_of_damage(error: Exception) -> bool:
    """Whether SQLite, or SQLCipher, could not make sense of a page."""
    return "malformed" in str(error) or "not a database" in str(error)


def _failure(error: Exception) -> Failure:
    words = str(error)
    if "full" in words:
        return Full(Text("The disk is full: this was not saved. Free some space, then save again."))
    if "locked" in words or "busy" in words:
        return Busy(Text("Another Dalil on this computer is writing. Try again in a moment."))
    if "disk I/O" in words:
        return Failure(Text("The disk could not be read or written: this was not saved. Check the disk, then save again."), "disk")
    if "readonly" in words or "read-only" in words or "unable to open" in words:
        return Failure(Text("The data folder cannot be written. Choose another folder or ask who administers this computer."), "read_only")
    return Damaged(Text("The local copy is damaged ({detail}). Your unsent work is kept apart; run “dalil verify”.", detail=words))


Query = tuple[str, Sequence[Any]]


class Store:
    """A connection and its transactions. One thread at a time writes; nested transactions join the outer one."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.depth = 0

    def execute(self, sql: str, args: Sequence[Any] = ()) -> Any:
        """Run one statement written with `?`; answers a cursor."""
        raise NotImplementedError

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for every row."""
        raise NotImplementedError

    def rows(self, sql: str, args: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self.lock:
            return list(self.execute(sql, args).fetchall())

    def row(self, sql: str, args: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of a query, or None."""
        with self.lock:
            found = self.execute(sql, args).fetchone()
        return None if found is None else tuple(found)

    def value(self, sql: str, args: Sequence[Any] = ()) -> Any:
        """The first column of the first row, or None."""
        found = self.row(sql, args)
        return None if found is None else found[0]

    def among(self, sql: str, keys: Sequence[Any], before: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query that ends in `IN (?)`, for any number of keys."""
        found: list[tuple[Any, ...]] = []
        for some in in_pieces(keys):
            found += self.rows(sql.replace("(?)", "(" + ",".join("?" * len(some)) + ")"), (*before, *some))
        return found

    def several(self, queries: Sequence[Query]) -> list[list[tuple[Any, ...]]]:
        """The rows of several queries that do not depend on each other; asked at once where the database is far."""
        return [self.rows(sql, args) for sql, args in queries]

    @contextmanager
    def transaction(self) -> Iterator[Store]:
        """All or nothing, on disk when it ends."""
        with self.lock:
            if self.depth:
                self.depth += 1
                try:
                    yield self
                finally:
                    self.depth -= 1
                return
            self._begin()
            self.depth = 1
            try:
                yield self
            except BaseException:
                self._rollback()
                raise
            else:
                self._commit()
            finally:
                self.depth = 0

    @contextmanager
    def snapshot(self) -> Iterator[Store]:
        """Several reads of one moment, whatever others commit meanwhile."""
        with self.lock:
            if self.depth:
                yield self
                return
            self.begin_reading()
            try:
                yield self
            finally:
                self._rollback()

    def begin_reading(self) -> None:
        """Begin a transaction that sees one moment."""
        self.execute("BEGIN")

    def _begin(self) -> None:
        raise NotImplementedError

    def _commit(self) -> None:
        raise NotImplementedError

    def _rollback(self) -> None:
        raise NotImplementedError

    def lock_row(self, sql: str) -> str:
        """The query, written so that the row it finds is locked until the transaction ends."""
        return sql

    def share_row(self, sql: str) -> str:
        """The query, written so that nobody changes the row it finds until the transaction ends."""
        return sql

    def columns(self, table: str) -> set[str]:
        """The names of a table's columns; empty when there is no such table."""
        raise NotImplementedError

    def create(self, statements: Iterable[str]) -> None:
        """Run schema statements written for SQLite."""
        with self.transaction():
            for statement in statements:
                self.execute(self.dialect(statement))

    def dialect(self, statement: str) -> str:
        """A schema statement in this database's words."""
        return statement

    def close(self) -> None:
        """Give the connection back."""
        raise NotImplementedError


def in_pieces(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Keys in pieces that one statement takes."""
    for start in range(0, len(keys), 500):
        yield keys[start : start + 500]


class SqliteStore(Store):
    """SQLite in WAL with synchronous=FULL: NORMAL lost acknowledged edits in simulated power cuts."""

    _connect = staticmethod(sqlite3.connect)
    errors: type[Exception] = sqlite3.Error  # what its library raises
    connection: Any

    def __init__(self, path: Path | str, attach: dict[str, Path] | None = None) -> None:
        super().__init__()
        self.paths = [Path(path), *(attach or {}).values()]
        try:
            self.connection = self._connect(path, timeout=20, isolation_level=None, check_same_thread=False, cached_statements=400)
            self._unlock()
            for word in ("busy_timeout = 20000", "journal_mode = WAL", "synchronous = FULL", "cache_size = -16000"):
                self.execute(f"PRAGMA {word}")
            for name, file in (attach or {}).items():
                self._attach(name, file)
        except self.errors as error:
            raise self._noted(error) from error
        open_files.add(self, self.paths)

    def _unlock(self) -> None:
        """Say what must be said before anything is read."""

    def _attach(self, name: str, file: Path) -> None:
        self.execute(f"ATTACH DATABASE ? AS {name}", (str(file),))

    @contextmanager
    def blob(self, table: str, column: str, row: int, schema: str = "main", *, readonly: bool = True) -> Iterator[Any]:
        """One value that is too large to hold, as a file that reads, writes and seeks."""
        with self.connection.blobopen(table, column, row, readonly=readonly, name=schema) as found:
            yield found

    def faults(self) -> list[str]:
        """What SQLite finds wrong in the file; empty when nothing."""
        for name in self.text_indexes():
            self.row(f"SELECT rowid FROM main.{name} LIMIT 1")  # or SQLite 3.44 and later check what this connection knew of it before others wrote
        return [line for (line,) in self.rows("PRAGMA main.quick_check") if line != "ok"]

    def text_indexes(self) -> list[str]:
        """The names of the full-text tables in the file."""
        return [name for (name,) in self.rows("SELECT name FROM main.sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE % USING fts5%'")]

    def copy_to(self, path: Path) -> None:
        """Write a copy of the whole database to a file that is not there yet, and have it on disk."""
        with closing(sqlite3.connect(path, isolation_level=None)) as copy:
            copy.execute("PRAGMA synchronous = FULL")
            self.connection.backup(copy)

    def execute(self, sql: str, args: Sequence[Any] = ()) -> Any:
        try:
            return self.connection.execute(sql, args)
        except self.errors as error:
            raise self._noted(error) from error

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        try:
            self.connection.executemany(sql, rows)
        except self.errors as error:
            raise self._noted(error) from error

    def rows(self, sql: str, args: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            return super().rows(sql, args)
        except self.errors as error:  # a page that cannot be read may come up at any row
            raise self._noted(error) from error

    def row(self, sql: str, args: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        try:
            return super().row(sql, args)
        except self.errors as error:
            raise self._noted(error) from error

    def _noted(self, error: Exception) -> Failure:
        """The failure to raise; a damaged file is marked, so that it is looked at wholly when it is opened next."""
        if is_of_damage(error):
            for path in self.paths:
                if path.is_file():
                    with suppress(OSError):
                        path.with_name(path.name + SUSPECT).touch()
        return _failure(error)

    @contextmanager
    def unhurried(self) -> Iterator[None]:
        """Let large commits stand in the log beside the file, as durable there, instead of being copied into it while somebody waits.

        The first commit after the block copies them.
        """
        self.execute(f"PRAGMA wal_autocheckpoint = {_LOG}")
        try:
            yield
        finally:
            self.execute(f"PRAGMA wal_autocheckpoint = {_USUAL}")

    def columns(self, table: str) -> set[str]:
        return {row[1] for row in self.rows(f"PRAGMA main.table_info({table})")}

    def _begin(self) -> None:
        self.execute("BEGIN IMMEDIATE")

    def _commit(self) -> None:
        try:
            self.execute("COMMIT")
        except Failure:
            self._rollback()
            raise

    def _rollback(self) -> None:
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    def close(self) -> None:
        open_files.remove(self)
        self.connection.close()
