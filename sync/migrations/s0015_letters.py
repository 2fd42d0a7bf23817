"""Step 15: requests to join and tickets for other computers that lie on a PC, and the network that it knows."""

from __future__ import annotations

from sync.store import Store


def step(store: Store, database: str) -> None:
    """Their tables, empty."""
    if database == "public":
        store.create((
            "CREATE TABLE letter (position INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, number BIGINT NOT NULL, own BIGINT NOT NULL,"
            " handed BIGINT NOT NULL, data BLOB NOT NULL)",
            "CREATE TABLE ticket (position INTEGER PRIMARY KEY, author BLOB NOT NULL UNIQUE, number BIGINT NOT NULL, name BLOB NOT NULL,"
            " data BLOB NOT NULL)",
            "CREATE TABLE network (place BIGINT PRIMARY KEY, key BLOB NOT NULL, server TEXT NOT NULL)",
        ))
