"""A page of a file that cannot be read is met while rows are read: it is said in words, as everything else that fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync import salvage
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


def test_a_file_that_another_program_begins_to_fill_while_it_is_looked_at_is_not_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its pages are in the log beside it, which was not there a moment ago."""
    path = tmp_path / "file.db"
    first = SqliteStore(path)
    first.execute("CREATE TABLE word (text TEXT)")
    first.close()
    looked = salvage._is_header
    others: list[SqliteStore] = []

    def meanwhile(file: Path) -> bool:
        others.append(SqliteStore(path))
        others[0].many("INSERT INTO word VALUES (?)", [("x" * 3000,) for _ in range(50)])
        return looked(file)

    monkeypatch.setattr(salvage, "_is_header", meanwhile)
    assert not salvage.is_damaged(path, wholly=False)
    others[0].close()
