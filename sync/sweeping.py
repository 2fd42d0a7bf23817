"""Empties a database's file of the bytes of what was erased from its tables; knows no record."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sync.errors import Failure
from sync.store import SqliteStore, Store

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATIENCE = 2000  # milliseconds to wait for another program: it can be done at the next opening as well


def sweep(store: Store) -> bool:
    """Write a database anew when something was erased in it since it last was; whether nothing is left to sweep.

    Deleting leaves bytes in free pages, in the segments of a text index and in
    the write-ahead log. It is put off when another program reads meanwhile, or
    the disk has no room for a second copy.
    """
    if store.value("SELECT 1 FROM forgotten WHERE swept < control LIMIT 1") is None:
        return True
    done = dict(store.rows("SELECT scope, control FROM forgotten"))
    try:
        whole = _rewrite_file(store) if isinstance(store, SqliteStore) else _rewrite_tables(store)
    except Failure as failure:
        if failure.code in ("busy", "disk_full", "database", "disk"):
            return False
        raise
    if whole:
        with store.transaction():
            store.many("UPDATE forgotten SET swept = ? WHERE scope = ? AND control = ?",
                       [(control, scope, control) for scope, control in done.items()])
    return whole


def _rewrite_file(store: SqliteStore) -> bool:
    with _briefly(store):
        for index in store.text_indexes():
            store.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")  # or its segments keep the words
        store.execute("VACUUM main")
        busy = store.value("PRAGMA main.wal_checkpoint(TRUNCATE)")
    return busy == 0


def _rewrite_tables(store: Store) -> bool:
    names = [name for (name,) in store.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
                                            " AND table_type = 'BASE TABLE'")]
    store.execute(f"SET lock_timeout = {_PATIENCE}")
    try:
        for name in names:
            store.execute(f"VACUUM (FULL) {name}")
    finally:
        store.execute("SET lock_timeout = DEFAULT")
    return True


@contextmanager
def _briefly(store: SqliteStore) -> Iterator[None]:
    before = store.value("PRAGMA busy_timeout")
    store.execute(f"PRAGMA busy_timeout = {_PATIENCE}")
    try:
        yield
    finally:
        store.execute(f"PRAGMA busy_timeout = {before}")
