"""Step 3: how far a copy has carried out the erasures that the control ledger names, and swept its file after them."""

from __future__ import annotations

from sync.store import Store


def step(store: Store, _database: str) -> None:
    """One table, empty: nothing was erased before there were erasures."""
    store.create(("CREATE TABLE forgotten (scope TEXT PRIMARY KEY, control BIGINT NOT NULL, swept BIGINT NOT NULL)",))
