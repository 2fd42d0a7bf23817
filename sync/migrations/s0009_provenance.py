"""Step 9: what a snapshot says of where values came from stands beside its file, so that a look at it does not touch all of that."""

from __future__ import annotations

from sync.store import Store


def step(store: Store, _database: str) -> None:
    """Each copy counts as unfinished: what is made of its provenance once is made at the opening."""
    store.create((
        "CREATE TABLE IF NOT EXISTS provenance (scope TEXT PRIMARY KEY, finished BIGINT NOT NULL, data BLOB NOT NULL)",
        "INSERT INTO provenance (scope, finished, data) SELECT scope, 0, provenance FROM snapshot",
        "ALTER TABLE snapshot DROP COLUMN provenance",
        "ALTER TABLE snapshot DROP COLUMN finished",
    ))
