"""Step 4: snapshots, the one that a copy was loaded with and those that a server holds ready."""

from __future__ import annotations

from sync.store import Store


def step(store: Store, database: str) -> None:
    """Two tables, unless an early program of this number's time made them already."""
    store.create((
        "CREATE TABLE IF NOT EXISTS snapshot (scope TEXT PRIMARY KEY, epoch BLOB NOT NULL, number BIGINT NOT NULL,"
        " provenance BLOB NOT NULL, finished BIGINT NOT NULL, file BLOB NOT NULL)",
    ))
    if database == "server":
        store.create((
            "CREATE TABLE IF NOT EXISTS published (scope TEXT NOT NULL, number BIGINT NOT NULL, epoch BLOB NOT NULL, name TEXT NOT NULL,"
            " size BIGINT NOT NULL, weight BIGINT NOT NULL, PRIMARY KEY (scope, number))",
        ))
