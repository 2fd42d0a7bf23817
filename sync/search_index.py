"""The folded full-text index of one database, kept in step with its rows; ranking is another room's work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sync.store import Store
from sync.tables import Table

_TOGETHER = 500  # records whose words are folded at once
_MERGED = 500  # pages of the index (4 KB) that are merged at once
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
    """Make the index say what these rows of one kind say; a hidden record leaves it. `known` gives the folded words of some by their id.

    Rows of the index change in their order, and the old words of one go in the same step in which
    the new ones come: else FTS5 writes out what it gathered at each step back, and merges that soon.
    """
    if table.kind.search is None:
        return
    here = store.among(f"SELECT id, rowid, kind FROM {prefix}found WHERE id IN (?)", [row[0] for row in rows])
    kept = [row for row in rows if not row[4]]
    folded = dict(_folded(table, [row for row in kept if row[0] not in known]))
    words = {row[0]: known.get(row[0]) or folded[row[0]] for row in kept}
    old = {rowid: words[id] for id, rowid, kind in here if id in words and kind == table.kind.name and rowid > _DUE}
    _forget(store, [rowid for _, rowid, _ in here if rowid not in old], prefix)
    said = {rowid: tuple(texts) for rowid, *texts in store.among(f"SELECT rowid, title, body FROM {prefix}search WHERE rowid IN (?)", list(old))}
    store.many(f"UPDATE {prefix}search SET title = ?, body = ? WHERE rowid = ?",
               [(*texts, rowid) for rowid, texts in sorted(old.items()) if said.get(rowid) != texts])
    changed = {id for id, rowid, _ in here if rowid in old}
    fresh = [(id, *texts) for id, texts in words.items() if id not in changed]
    # numbers from 1 on: those below stand for what is due
    after = store.value(f"SELECT max(0, coalesce(max(rowid), 0)) FROM {prefix}found") if fresh else 0
    numbered = list(enumerate(fresh, after + 1))
    store.many(f"INSERT INTO {prefix}found (rowid, id, kind) VALUES (?, ?, ?)", [(number, one[0], table.kind.name) for number, one in numbered])
    store.many(f"INSERT INTO {prefix}search (rowid, title, body) VALUES (?, ?, ?)", [(number, one[1], one[2]) for number, one in numbered])


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


def expect_many(store: Store, gathered: int = 8 * 2**20) -> None:
    """Let the index gather so many bytes of words before it writes them: filling it takes two thirds of the time (measured on 8,000 records)."""
    store.execute("INSERT INTO search (search, rank) VALUES ('hashsize', ?)", (gathered,))


def merge_some(store: Store) -> bool:
    """Put some of the runs of words together that the index wrote one by one, where there are enough of a size; whether there were any.

    FTS5 does the same at later writes, as much at each as what that writes: then somebody waits for it.
    """
    before = store.value("SELECT total_changes()")
    store.execute("INSERT INTO search (search, rank) VALUES ('merge', ?)", (_MERGED,))
    return bool(store.value("SELECT total_changes()") - before > 1)


def empty(store: Store, prefix: str = "") -> None:
    """Take everything out."""
    store.execute(f"DROP TABLE {prefix}search")
    store.execute(f"DROP TABLE {prefix}found")
    for statement in schema(prefix):
        store.execute(statement)


def _folded(table: Table, rows: list[tuple[Any, ...]]) -> Iterator[tuple[str, Words]]:
    """The id of rows, and (title, body) as the index holds them."""
    from i18n.names import indexed  # reads its table: only who indexes needs it

    assert table.kind.search is not None  # whoever asks looked
    for start in range(0, len(rows), _TOGETHER):
        some = rows[start : start + _TOGETHER]
        said = [table.kind.search(table.unread(row)) for row in some]
        texts = iter(indexed([text for pair in said for text in pair]))
        yield from zip((row[0] for row in some), zip(texts, texts, strict=True), strict=True)


def _forget(store: Store, rowids: list[int], prefix: str) -> None:
    gone = [(one,) for one in sorted(rowids)]
    store.many(f"DELETE FROM {prefix}search WHERE rowid = ?", gone)
    store.many(f"DELETE FROM {prefix}found WHERE rowid = ?", gone)
