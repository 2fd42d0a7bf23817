"""Sort keys and words of records that read already, made when nobody waits for them; a kill leaves them due. Knows no carrier.

A loaded snapshot has neither, which its rows say (`sort_fr` is NULL). What came
back as one's own has its keys, and stands in `found` without words
(`search_index.leave`). Both are written with the records, in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sync import search_index
from sync.record import Kinds
from sync.store import SqliteStore
from sync.tables import Table, sort_keys_of, table_of

_TOGETHER = 5_000  # records whose words enter the index in one transaction
_PIECE = 1_000  # of them that are held in memory at once
Known = Callable[[list[str]], Mapping[str, search_index.Words]]


def finish(store: SqliteStore, kinds: Kinds, known: Known = lambda _: {}) -> bool:
    """Put the records for which that is due into the search index and in order, where a kill or a stop left it; whether there were any.

    `known` gives the folded words of some records, by id, where somebody holds them already.
    """
    loaded = store.value("SELECT 1 FROM snapshot WHERE finished = 0 LIMIT 1") is not None
    if not loaded and not search_index.is_due(store):
        return False
    search_index.expect_many(store)
    tables = [table_of(kind) for kind in kinds.values()]
    with store.unhurried():
        for table in tables:
            if table.kind.fields:
                while loaded and _sort_some(store, table):
                    pass
                while _index_some(store, table, known):
                    pass
    if loaded:
        with store.transaction():
            for table in tables:
                for statement in table.schema():
                    store.execute(statement)
            store.execute("UPDATE snapshot SET finished = 1")
    return True


def _sort_some(store: SqliteStore, table: Table) -> bool:
    """Order and index a run of loaded records that are not yet; False when none is left."""
    with store.transaction():
        for _ in range(_TOGETHER // _PIECE):
            rows = store.rows(f"SELECT {table.select} FROM {table.name} WHERE sort_fr IS NULL AND number IS NOT NULL LIMIT {_PIECE}")
            keys = sort_keys_of(map(table.title, rows))
            store.many(f"UPDATE {table.name} SET sort_fr = ?, sort_ar = ? WHERE id = ?",
                       [(*key, row[0]) for key, row in zip(keys, rows, strict=True)])
            search_index.refresh(store, table, rows)
            if len(rows) < _PIECE:
                return False
    return True


def _index_some(store: SqliteStore, table: Table, known: Known) -> bool:
    """Index a run of records that are in order and have no words yet; False when none is left."""
    with store.transaction():
        for _ in range(_TOGETHER // _PIECE):
            rows = search_index.due(store, table, _PIECE)
            search_index.refresh(store, table, rows, known=known([row[0] for row in rows]))
            if len(rows) < _PIECE:
                return False
    return True
