"""The folded full-text index of one database, kept in step with its rows; ranking is another room's work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sync.store import Store
from sync.tables import Table

_TOGETHER = 500  # records whose words are folded at once


def schema(prefix: str = "") -> tuple[str, str]:
    """Statements that create an index; a vault has one more, of the rows that its pending edits change."""
    return (
        f"CREATE TABLE IF NOT EXISTS {prefix}found (rowid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL)",
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {prefix}search USING fts5 (title, body,"
        " tokenize = \"unicode61 remove_diacritics 0\", prefix = '1 2 3 4')",
    )


def refresh(store: Store, table: Table, rows: list[tuple[Any, ...]], prefix: str = "") -> None:
    """Make the index say what these rows of one kind say; a hidden record leaves it.

    Rows of the index change in their order, and the old words of one go in the same step in which
    the new ones come: else FTS5 writes out what it gathered at each step back, and merges that soon.
    """
    if table.kind.search is None:
        return
    here = store.among(f"SELECT id, rowid, kind FROM {prefix}found WHERE id IN (?)", [row[0] for row in rows])
    kept = [row for row in rows if not row[4]]
    words = dict(zip((row[0] for row in kept), _folded(table, kept), strict=True))
    old = {rowid: words[id] for id, rowid, kind in here if id in words and kind == table.kind.name}
    _forget(store, [rowid for _, rowid, _ in here if rowid not in old], prefix)
    said = {rowid: tuple(texts) for rowid, *texts in store.among(f"SELECT rowid, title, body FROM {prefix}search WHERE rowid IN (?)", list(old))}
    store.many(f"UPDATE {prefix}search SET title = ?, body = ? WHERE rowid = ?",
               [(*texts, rowid) for rowid, texts in sorted(old.items()) if said.get(rowid) != texts])
    known = {id for id, rowid, _ in here if rowid in old}
    put(store, table.kind.name, [(id, *texts) for id, texts in words.items() if id not in known], prefix)


def words_of(store: Store, ids: list[str], prefix: str = "") -> list[tuple[str, str, str]]:
    """The folded words of records as the index holds them: (id, title, body)."""
    return store.among(f"SELECT f.id, w.title, w.body FROM {prefix}found f CROSS JOIN {prefix}search w ON w.rowid = f.rowid WHERE f.id IN (?)", ids)


def put(store: Store, kind: str, words: list[tuple[str, str, str]], prefix: str = "") -> None:
    """Take up records of one kind that are not in the index, by their folded words (id, title, body)."""
    after = store.value(f"SELECT coalesce(max(rowid), 0) FROM {prefix}found") if words else 0
    numbered = list(enumerate(words, after + 1))
    store.many(f"INSERT INTO {prefix}found (rowid, id, kind) VALUES (?, ?, ?)", [(number, one[0], kind) for number, one in numbered])
    store.many(f"INSERT INTO {prefix}search (rowid, title, body) VALUES (?, ?, ?)", [(number, one[1], one[2]) for number, one in numbered])


def forget(store: Store, ids: list[str], prefix: str = "") -> None:
    """Take records out of the index."""
    _forget(store, [row[0] for row in store.among(f"SELECT rowid FROM {prefix}found WHERE id IN (?)", ids)], prefix)


def expect_many(store: Store, gathered: int = 8 * 2**20) -> None:
    """Let the index gather so many bytes of words before it writes them: filling it takes two thirds of the time (measured on 8,000 records)."""
    store.execute("INSERT INTO search (search, rank) VALUES ('hashsize', ?)", (gathered,))


def empty(store: Store, prefix: str = "") -> None:
    """Take everything out."""
    store.execute(f"DROP TABLE {prefix}search")
    store.execute(f"DROP TABLE {prefix}found")
    for statement in schema(prefix):
        store.execute(statement)


def _folded(table: Table, rows: list[tuple[Any, ...]]) -> Iterator[tuple[str, str]]:
    """(title, body) of rows as the index holds them."""
    from i18n.names import indexed  # reads its table: only who indexes needs it

    assert table.kind.search is not None  # whoever asks looked
    for start in range(0, len(rows), _TOGETHER):
        said = [table.kind.search(table.unread(row)) for row in rows[start : start + _TOGETHER]]
        texts = iter(indexed([text for pair in said for text in pair]))
        yield from zip(texts, texts, strict=True)


def _forget(store: Store, rowids: list[int], prefix: str) -> None:
    gone = [(one,) for one in sorted(rowids)]
    store.many(f"DELETE FROM {prefix}search WHERE rowid = ?", gone)
    store.many(f"DELETE FROM {prefix}found WHERE rowid = ?", gone)
