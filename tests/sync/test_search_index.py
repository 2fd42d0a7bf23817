"""The words of records that changed: found as they are now, written once, and not at all where none changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sync import finishing, search_index
from sync.merge import Live, State
from sync.snapshots import publishing
from sync.store import SqliteStore
from sync.tables import table_of
from tests.sync.network import HOUSE, KINDS, Network

TABLE = table_of(HOUSE)


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    found = SqliteStore(tmp_path / "one.db")
    found.create(search_index.schema())
    return found


def row(id: str, phone: str, street: str = "", *, gone: bool = False) -> tuple[Any, ...]:
    state = State(id, "house", 1)
    state.parts = {path: (Live(1, value),) for path, value in (("name.fr", "Maison"), ("phone", phone), ("street", street))}
    found = TABLE.row(state, "public")
    return (*found[:4], int(gone), *found[5:])


def put(store: SqliteStore, *rows: tuple[Any, ...]) -> None:
    with store.transaction():
        search_index.refresh(store, TABLE, list(rows))


def found(store: SqliteStore, word: str) -> set[str]:
    return {id for (id,) in store.rows("SELECT f.id FROM search JOIN found f ON f.rowid = search.rowid WHERE search MATCH ?", (word,))}


def written(store: SqliteStore) -> list[tuple[Any, ...]]:
    return store.rows("SELECT id, block FROM search_data ORDER BY id")


def runs(store: SqliteStore) -> int:
    return int(store.value("SELECT count(DISTINCT segid) FROM search_idx"))


def test_a_record_is_found_by_what_it_says_now(store: SqliteStore) -> None:
    put(store, row("a", "111"), row("b", "222"))
    put(store, row("c", "333"), row("a", "444"))
    assert (found(store, "111"), found(store, "222"), found(store, "333"), found(store, "444")) == (set(), {"b"}, {"c"}, {"a"})
    put(store, row("b", "222", gone=True), row("a", "555"))
    assert (found(store, "222"), found(store, "444"), found(store, "maison")) == (set(), set(), {"a", "c"})
    put(store, row("b", "666"))
    assert found(store, "maison") == {"a", "b", "c"}
    store.execute("INSERT INTO search (search) VALUES ('integrity-check')")


def test_the_id_of_a_record_of_another_kind_becomes_this_one(store: SqliteStore) -> None:
    with store.transaction():
        store.execute("INSERT INTO found (rowid, id, kind) VALUES (1, 'a', 'door')")
        store.execute("INSERT INTO search (rowid, title, body) VALUES (1, 'porte', '')")
    put(store, row("a", "111"))
    assert store.rows("SELECT id, kind FROM found") == [("a", "house")]
    assert (found(store, "porte"), found(store, "maison")) == (set(), {"a"})


def test_words_that_did_not_change_are_not_written(store: SqliteStore) -> None:
    put(store, row("a", "111"), row("b", "222"))
    before = written(store)
    put(store, row("a", "111", "another street"))
    assert written(store) == before


def test_however_many_change_they_are_one_run_of_words(store: SqliteStore) -> None:
    """The index writes what it gathered whenever a lower row follows a higher one: a run for each record, and soon all are merged."""
    put(store, *(row(f"{n * 7 % 50:02}", f"{n}") for n in range(50)))
    before = runs(store)
    put(store, *(row(f"{n:02}", f"9{n}") for n in range(50)))
    assert runs(store) == before + 1
    with store.transaction():
        search_index.forget(store, [f"{n:02}" for n in range(50)])
    assert runs(store) <= before + 2
    assert found(store, "maison") == set()


def test_kinds_that_are_not_found_have_no_words(store: SqliteStore) -> None:
    with store.transaction():
        search_index.refresh(store, table_of(KINDS["door"]), [("x",)])
    assert store.value("SELECT count(*) FROM found") == 0


def test_what_was_written_in_many_runs_is_put_together_once(store: SqliteStore) -> None:
    for number in range(12):
        put(store, row(f"id {number}", str(number)))
    before = runs(store)
    assert search_index.merge_some(store)
    while search_index.merge_some(store):
        pass
    assert runs(store) < before
    assert found(store, "maison") == {f"id {number}" for number in range(12)}
    store.execute("INSERT INTO search (search) VALUES ('integrity-check')")


def test_the_first_edits_after_a_first_copy_find_nothing_left_to_merge(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else they would be slower the larger the copy is."""
    monkeypatch.setattr(publishing, "_PAGED", 50.0)  # a snapshot however small
    monkeypatch.setattr(finishing, "_TOGETHER", 1)
    monkeypatch.setattr(finishing, "_PIECE", 1)  # a run of words for each record
    ana = network.device("ana")
    for number in range(12):
        ana.ws.add("house", {"name": {"fr": f"Maison {number}"}})
    ana.sync()
    publishing.publish(network.store, network.authority.kinds, "public", network.key, network.files)
    newcomer = network.device("newcomer")
    newcomer.sync()
    for device in (ana, newcomer):
        with device.ws.public.transaction():
            assert not search_index.merge_some(device.ws.public)
        assert found(device.ws.public, "maison") == {one.id for one in ana.ws.records("house")}
