"""Step 12: a replica keeps by which road its numbers came. Until now there was the server's only, and nobody noted when."""

from __future__ import annotations

from sync.store import Store


def step(store: Store, database: str) -> None:
    """One table, with a row for what is here already; a server takes no pages."""
    if database == "server":
        return
    store.create((
        "CREATE TABLE IF NOT EXISTS road (scope TEXT NOT NULL, first BIGINT NOT NULL, last BIGINT NOT NULL, road TEXT NOT NULL,"
        " taken BIGINT NOT NULL, PRIMARY KEY (scope, first))",
        "INSERT INTO road (scope, first, last, road, taken) SELECT scope, 1, number, 'server', 0 FROM ledger WHERE number > 0",
    ))
