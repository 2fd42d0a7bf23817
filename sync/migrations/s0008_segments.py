"""Step 8: the old pages that a server holds ready as files."""

from __future__ import annotations

from sync.store import Store


def step(store: Store, database: str) -> None:
    """One table, empty: they are frozen when there is time."""
    if database == "server":
        store.create((
            "CREATE TABLE IF NOT EXISTS segment (scope TEXT NOT NULL, first BIGINT NOT NULL, last BIGINT NOT NULL, epoch BLOB NOT NULL,"
            " control BIGINT NOT NULL, name TEXT NOT NULL, size BIGINT NOT NULL, PRIMARY KEY (scope, first))",
        ))
