"""Sort keys and words of records that read already, made when nobody waits for them; a kill leaves them due. Knows no carrier.

A loaded snapshot has neither, which its rows say (`sort_fr` is NULL). What came
back as one's own has its keys, and stands in `found` without words
(`search_index.leave`). Both are written with the records, in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from sync import search_index
from sync.record import Kinds
from sync.snapshots import origins
from sync.store import SqliteStore
from sync.tables import Table, sort_keys_of, table_of

_TOGETHER = 2_000  # records whose words enter the index in one transaction
_PIECE = 125  # of them that are held in memory at once
_WORDS = 2**20  # bytes of words that the index gathers: twice as many were no faster (100,000 records)
_CACHE = 1_000  # KiB of the database's pages: enough where each is filled and left
Known = Callable[[list[str]], Mapping[str, search_index.Words]]


def finish(store: SqliteStore, kinds: Kinds, known: Known = lambda _: {}) -> bool:
    """Put the records for which that is due into the search index and in order, where a kill or a stop left it; whether there were any.

    `known` gives the folded words of some records, by id, where somebody holds them already.
    """
    loaded = [scope for (scope,) in store.rows("SELECT scope FROM provenance WHERE finished = 0")]
    if not loaded and not search_index.is_due(store):
        return False
    search_index.expect_many(store, _WORDS)
    with filling(store), store.transaction():  # before the index takes its memory
        for scope in loaded:
            store.execute("UPDATE provenance SET data = ? WHERE scope = ?", (origins.in_order(store, scope), scope))
    tables = [table_of(kind) for kind in kinds.values()]
    with store.unhurried(), filling(store):
        for table in tables:
            after: int | None = 0
            while loaded and after is not None:
                after = _sort_some(store, table, after)
            while _index_some(store, table, known):
                pass
        while _merge_some(store):  # else the first edits pay for it: at 100,000 records three times what they cost by themselves
            pass
        if loaded:
            with store.transaction():
                for table in tables:
                    for statement in table.schema():
                        store.execute(statement)
                store.execute("UPDATE provenance SET finished = 1")
    return True


@contextmanager
def filling(store: SqliteStore) -> Iterator[None]:
    """Rows come in their order, so that few pages of the database have to be held in memory."""
    before = store.value("PRAGMA cache_size")
    store.execute(f"PRAGMA cache_size = -{_CACHE}")
    try:
        yield
    finally:
        store.execute(f"PRAGMA cache_size = {before}")


def _sort_some(store: SqliteStore, table: Table, after: int) -> int | None:
    """Order and index a run of loaded records that are not yet, from a row on; answers its last row, None when nothing is left."""
    sql = f"SELECT {table.select}, rowid FROM {table.name} WHERE rowid > ? AND sort_fr IS NULL AND number IS NOT NULL ORDER BY rowid LIMIT {_PIECE}"
    with store.transaction():
        for _ in range(_TOGETHER // _PIECE):
            rows = store.rows(sql, (after,))
            keys = sort_keys_of(map(table.title, rows))
            store.many(f"UPDATE {table.name} SET sort_fr = ?, sort_ar = ? WHERE rowid = ?",
                       [(*key, row[-1]) for key, row in zip(keys, rows, strict=True)])
            search_index.refresh(store, table, rows)
            if len(rows) < _PIECE:
                return None
            after = rows[-1][-1]
    return after


def _index_some(store: SqliteStore, table: Table, known: Known) -> bool:
    """Index a run of records that are in order and have no words yet; False when none is left."""
    with store.transaction():
        for _ in range(_TOGETHER // _PIECE):
            rows = search_index.due(store, table, _PIECE)
            search_index.refresh(store, table, rows, known=known([row[0] for row in rows]))
            if len(rows) < _PIECE:
                return False
    return True


def _merge_some(store: SqliteStore) -> bool:
    with store.transaction():
        return search_index.merge_some(store)
