"""Step 11: a change may stand on several branches of its log, each time after another chain."""

from __future__ import annotations

from sync.store import Store


def step(store: Store, _database: str) -> None:
    """The same rows, under a longer key."""
    store.create((
        "CREATE TABLE gap_kept AS SELECT log, n, before, commitment FROM gap",
        "DROP TABLE gap",
        "CREATE TABLE gap (log BLOB NOT NULL, n BIGINT NOT NULL, before BLOB NOT NULL, commitment BLOB NOT NULL,"
        " PRIMARY KEY (log, n, before, commitment))",
        "INSERT INTO gap (log, n, before, commitment) SELECT log, n, before, commitment FROM gap_kept",
        "DROP TABLE gap_kept",
    ))
