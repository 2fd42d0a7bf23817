"""A page of a file that cannot be read is met while rows are read: it is said in words, as everything else that fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync.errors import Damaged
from sync.store import SqliteStore


def test_a_damaged_page_is_said_in_words(tmp_path: Path) -> None:
    path = tmp_path / "file.db"
    store = SqliteStore(path)
    store.execute("CREATE TABLE word (text TEXT)")
    with store.transaction():
        store.many("INSERT INTO word VALUES (?)", [("x" * 3000,) for _ in range(50)])
    store.close()
    data = bytearray(path.read_bytes())
    data[-8 * 4096 :] = b"\xff" * 8 * 4096
    path.write_bytes(data)
    store = SqliteStore(path)
    with pytest.raises(Damaged):
        store.rows("SELECT text FROM word")
    store.close()
