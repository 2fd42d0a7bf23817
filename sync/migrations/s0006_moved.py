"""Step 6: what stands in the place of a person's own changes that were taken back."""

from __future__ import annotations

from sync.store import Store


def step(store: Store, database: str) -> None:
    """One table, in a person's file."""
    if database == "person":
        store.create(("CREATE TABLE IF NOT EXISTS moved (dot BLOB NOT NULL, path TEXT NOT NULL, dots BLOB NOT NULL, PRIMARY KEY (dot, path))",))
