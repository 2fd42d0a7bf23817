"""A copy of an authority's database and its putting back, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from typing import Any

from sync.store import SqliteStore, Store

Backup = dict[str, list[tuple[Any, ...]]]


def tables_of(store: Store) -> list[str]:
    """The tables of a database, by name."""
    if isinstance(store, SqliteStore):
        return [name for (name,) in store.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return [name for (name,) in store.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY 1")]


def backup(store: Store) -> Backup:
    """Every row of every table, at one moment."""
    with store.snapshot():
        return {table: store.rows(f"SELECT * FROM {table}") for table in tables_of(store)}


def put_back(store: Store, kept: Backup) -> None:
    """Make a database what it was; the server is told nothing of it."""
    with store.transaction():
        for table in tables_of(store):
            store.execute(f"DELETE FROM {table}")
            rows = kept.get(table, [])
            if rows:
                store.many(f"INSERT INTO {table} VALUES ({','.join('?' * len(rows[0]))})", rows)
