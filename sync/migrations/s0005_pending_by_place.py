"""Step 5: what waits is found by its place in its log, so that verdicts meet it without a search."""

from __future__ import annotations

from sync.store import Store


def step(store: Store, database: str) -> None:
    """One index of a person's file."""
    if database == "person":
        store.create(("CREATE INDEX IF NOT EXISTS pending_log ON pending (log, n)",))
