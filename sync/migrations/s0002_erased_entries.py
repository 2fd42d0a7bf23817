"""Step 2: an entry may lose its text and keep what remains of it; a waiting change may carry its own salt."""

from __future__ import annotations

from sync.store import Store


def step(store: Store, _database: str) -> None:
    """Two columns, empty in every row that there is."""
    store.create((
        "ALTER TABLE entry ADD COLUMN remains BLOB",
        "ALTER TABLE waiting ADD COLUMN salt BLOB",
    ))
