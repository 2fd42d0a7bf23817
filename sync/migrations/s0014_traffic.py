"""Step 14: what moves is counted by month and by what it was, in a person's file and in the public one."""

from __future__ import annotations

from sync.store import Store


def step(store: Store, database: str) -> None:
    """An empty table in what is a replica; the server pays for nothing."""
    if database != "server":
        store.create(("CREATE TABLE traffic (month TEXT NOT NULL, way TEXT NOT NULL, bytes BIGINT NOT NULL, PRIMARY KEY (month, way))",))
