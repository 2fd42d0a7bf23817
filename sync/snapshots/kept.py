"""The snapshot that a copy was loaded with, as it stands in the database: in the file that it came in; knows no rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from sync.store import SqliteStore


@contextmanager
def kept_file(store: SqliteStore, scope: str, schema: str = "main") -> Iterator[BinaryIO]:
    """The snapshot that a scope's copy was loaded with, as the file that it came in."""
    row = store.value(f"SELECT rowid FROM {schema}.snapshot WHERE scope = ?", (scope,))
    with store.blob("snapshot", "file", row, schema) as blob:
        yield blob  # it reads and seeks as a file does
