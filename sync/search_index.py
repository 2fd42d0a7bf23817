"""The folded full-text index of one database, kept in step with its rows; ranking is another room's work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sync.store import Store
from sync.tables import Table

_TOGETHER = 500  # records whose words are folded at once
_DUE = -1  # the numbers in `found` from here down stand for records whose words are not in the index yet

Words = tuple[str, str]  # title and body, folded
NOTHING: Mapping[str, Words] = {}


def schema(prefix: str = "") -> tuple[str, str]:
    """Statements that create an index; a vault has one more, of the rows that its pending edits change."""
    return (
        f"CREATE TABLE IF NOT EXISTS {prefix}found (rowid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL)",
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {prefix}search USING fts5 (title, body,"
        " tokenize = \"unicode61 remove_diacritics 0\", prefix = '1 2 3 4')",
    )


def refresh(store: Store, table: Table, rows: list[tuple[Any, ...]], prefix: str = "", known: Mapping[str, Words] = NOTHING) -> None:
    """Make the index say what these rows of one kind say; a hidden record leaves it. `known` gives the folded words of some by their id."""
    if table.kind.search is None:
        return
    old = dict(store.among(f"SELECT id, rowid FROM {prefix}found WHERE id IN (?)", [row[0] for row in rows]))
    kept = [row for row in rows if not row[4]]
    fresh = [row[0] for row in kept if old.get(row[0], _DUE) <= _DUE]
    # asked before the old rows go, since these come back under their numbers
    last = store.value(f"SELECT max(0, coalesce(max(rowid), 0)) FROM {prefix}found") if fresh else 0
    _forget(store, list(old.values()), prefix)
    old.update({id: last + 1 + index for index, id in enumerate(fresh)})
    store.many(f"INSERT INTO {prefix}found (rowid, id, kind) VALUES (?, ?, ?)", [(old[row[0]], row[0], table.kind.name) for row in kept])
    folded = _folded(table, [row for row in kept if row[0] not in known])
    store.many(f"INSERT INTO {prefix}search (rowid, title, body) VALUES (?, ?, ?)",
               ((old[row[0]], *(known.get(row[0]) or next(folded))) for row in kept))


def leave(store: Store, table: Table, rows: list[tuple[Any, ...]]) -> None:
    """Note that the words of these records, which are not in the index yet, are due."""
    if table.kind.search is not None and rows:
        first = store.value("SELECT min(0, coalesce(min(rowid), 0)) FROM found") - len(rows)
        numbered = enumerate((row[0] for row in rows), first)
        store.many("INSERT INTO found (rowid, id, kind) VALUES (?, ?, ?)", [(number, id, table.kind.name) for number, id in numbered])


def is_due(store: Store) -> bool:
    """Whether words of any record are."""
    return store.value("SELECT 1 FROM found WHERE rowid <= ? LIMIT 1", (_DUE,)) is not None


def due(store: Store, table: Table, most: int) -> list[tuple[Any, ...]]:
    """Rows of one kind whose words are due; `refresh` makes them."""
    columns = ", ".join(f't."{column}"' for column in table.columns)
    return store.rows(f"SELECT {columns} FROM found f CROSS JOIN {table.name} t ON t.id = f.id WHERE f.rowid <= ? AND f.kind = ? LIMIT ?",
                      (_DUE, table.kind.name, most))


def due_among(store: Store, ids: list[str], prefix: str) -> set[str]:
    """Those of these records whose words are due in an index."""
    if store.value(f"SELECT 1 FROM {prefix}found WHERE rowid <= ? LIMIT 1", (_DUE,)) is None:
        return set()
    return {id for (id,) in store.among(f"SELECT id FROM {prefix}found WHERE rowid <= {_DUE} AND id IN (?)", ids)}


def words_of(store: Store, ids: list[str], prefix: str) -> dict[str, Words]:
    """The folded words of records as an index holds them."""
    sql = f"SELECT f.id, w.title, w.body FROM {prefix}found f CROSS JOIN {prefix}search w ON w.rowid = f.rowid WHERE f.id IN (?)"
    return {id: (title, body) for id, title, body in store.among(sql, ids)}


def forget(store: Store, ids: list[str], prefix: str = "") -> None:
    """Take records out of the index."""
    _forget(store, [row[0] for row in store.among(f"SELECT rowid FROM {prefix}found WHERE id IN (?)", ids)], prefix)


def expect_many(store: Store) -> None:
    """Let the index gather 8 MB of words before it writes them: filling it takes two thirds of the time (measured on 8,000 records)."""
    store.execute("INSERT INTO search (search, rank) VALUES ('hashsize', ?)", (8 * 2**20,))


def empty(store: Store, prefix: str = "") -> None:
    """Take everything out."""
    store.execute(f"DROP TABLE {prefix}search")
    store.execute(f"DROP TABLE {prefix}found")
    for statement in schema(prefix):
        store.execute(statement)


def _folded(table: Table, rows: list[tuple[Any, ...]]) -> Iterator[Words]:
    """(title, body) of rows as the index holds them."""
    from i18n.names import indexed  # reads its table: only who indexes needs it

    assert table.kind.search is not None  # whoever asks looked
    for start in range(0, len(rows), _TOGETHER):
        said = [table.kind.search(table.unread(row)) for row in rows[start : start + _TOGETHER]]
        texts = iter(indexed([text for pair in said for text in pair]))
        yield from zip(texts, texts, strict=True)


def _forget(store: Store, rowids: list[int], prefix: str) -> None:
    store.many(f"DELETE FROM {prefix}search WHERE rowid = ?", [(one,) for one in rowids])
    store.many(f"DELETE FROM {prefix}found WHERE rowid = ?", [(one,) for one in rowids])
