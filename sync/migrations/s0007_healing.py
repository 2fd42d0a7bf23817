"""Step 7: what healing keeps: lost pages, the steps between epochs, what proofs named beside their entries."""

from __future__ import annotations

from sync.store import Store


def step(store: Store, _database: str) -> None:
    """Four tables, empty: nothing was lost that anybody knew of."""
    store.create((
        "CREATE TABLE IF NOT EXISTS gap (log BLOB NOT NULL, n BIGINT NOT NULL, before BLOB NOT NULL, commitment BLOB NOT NULL,"
        " PRIMARY KEY (log, n, commitment))",
        "CREATE TABLE IF NOT EXISTS epoch_step (scope TEXT NOT NULL, position BIGINT NOT NULL, old BLOB NOT NULL, new BLOB NOT NULL,"
        " number BIGINT NOT NULL, chain BLOB NOT NULL, signature BLOB NOT NULL, PRIMARY KEY (scope, position))",
        "CREATE TABLE IF NOT EXISTS healed (scope TEXT NOT NULL, number BIGINT NOT NULL, chain BLOB NOT NULL,"
        " PRIMARY KEY (scope, number, chain))",
        "CREATE TABLE IF NOT EXISTS lost_page (scope TEXT NOT NULL, number BIGINT NOT NULL, data BLOB NOT NULL)",
    ))
