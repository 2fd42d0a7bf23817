"""Step 5: indexes by which verdicts meet what waits, and records of unknown kinds their numbers."""

from __future__ import annotations

from sync.store import Store


def step(store: Store, database: str) -> None:
    """Nothing but speed."""
    store.create(("CREATE INDEX IF NOT EXISTS unknown_number ON unknown (number)",))
    if database == "person":
        store.create(("CREATE INDEX IF NOT EXISTS pending_log ON pending (log, n)",))
