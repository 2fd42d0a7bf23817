"""Step 10: what a snapshot says of where values came from is kept column by column, made again from the snapshot's own file."""

from __future__ import annotations

from sync.store import Store


def step(store: Store, _database: str) -> None:
    """Each copy counts as unfinished; until it is, its file tells the same."""
    store.execute("UPDATE provenance SET finished = 0, data = ?", (b"",))
