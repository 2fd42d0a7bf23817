"""Step 13: the post box of a PC, in the file that everybody on it reads."""

from __future__ import annotations

from sync.store import Store


def step(store: Store, database: str) -> None:
    """Its tables, empty."""
    if database == "public":
        store.create((
            "CREATE TABLE parcel (name BLOB PRIMARY KEY, author BLOB NOT NULL, scope BLOB NOT NULL, log BLOB NOT NULL,"
            " first BIGINT NOT NULL, last BIGINT NOT NULL, before BLOB NOT NULL, ends BLOB NOT NULL, copied BIGINT NOT NULL, data BLOB NOT NULL)",
            "CREATE INDEX parcel_log ON parcel (log, first)",
            "CREATE TABLE sealed_page (scope BLOB NOT NULL, epoch BLOB NOT NULL, first BIGINT NOT NULL, last BIGINT NOT NULL,"
            " before BLOB NOT NULL, chain BLOB NOT NULL, data BLOB NOT NULL, PRIMARY KEY (scope, epoch, first, chain))",
            "CREATE TABLE reader (key BLOB NOT NULL, scope TEXT NOT NULL, number BIGINT NOT NULL, PRIMARY KEY (key, scope))",
        ))
