"""A replica's half: a snapshot goes straight into the typed tables, what `finishing` makes of it comes later; knows no carrier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import repeat
from typing import Any, BinaryIO

from sync import ledger, search_index, stale
from sync.change import log_id
from sync.errors import Damaged
from sync.finishing import filling
from sync.merge import State
from sync.proofs import ALTERED
from sync.record import Kinds
from sync.snapshots import content, origins
from sync.snapshots.columns import ids, numbers
from sync.snapshots.content import Bare, Header, Rows
from sync.snapshots.kept import kept_file
from sync.snapshots.provenance import Held
from sync.store import SqliteStore
from sync.tables import COUNTED, LEADING, Table, form_of, parts_of_columns, table_of, unpack_state


def load(store: SqliteStore, kinds: Kinds, source: BinaryIO, authority: bytes, scope: str) -> Header:
    """Make the confirmed copy of a scope what a snapshot says, in one transaction; Damaged leaves everything as it was.

    Records read from the moment it ends; `finishing` then makes them found by
    search and in their order. Entries that were here stay: they are history.
    """
    header = content.read_header(source, authority)
    if header.scope != scope:
        raise Damaged(ALTERED)
    with store.unhurried(), filling(store), store.transaction():
        known = ledger.head(store, scope)
        if known is not None and known.epoch == header.epoch and known.number >= header.number and not stale.noted(store, scope):
            return header  # another program on this folder came further meanwhile
        _forget(store, kinds, scope)
        provenance = None
        with closing(content.read_chunks(source, header)) as chunks:
            for chunk in chunks:
                if isinstance(chunk, Held):
                    provenance = chunk
                else:
                    _insert(store, kinds, scope, chunk)
        if provenance is None:
            raise Damaged(ALTERED)
        origins.check(provenance)  # it is read from the file until `finishing` has put it in order
        for log in provenance.logs:
            ledger.keep_log(store, log_id(log.key, scope, log.nonce), scope, log.key, log.nonce)
        ledger.stand_at(store, header)
        _keep(store, header, source)
        if stale.noted(store, scope):  # it may stand for an older number than the copy had: the entries after it come again
            store.execute("DELETE FROM entry WHERE scope = ? AND number > ?", (scope, header.number))
        stale.renew(store, scope)
    return header


def state_at(store: SqliteStore, kinds: Kinds, scope: str, kind: str, id: str, schema: str = "main") -> State | None:
    """A record as the snapshot holds it, for its history; None if it was not there or there is no snapshot."""
    return next(states_at(store, kinds, scope, {(kind, id)}, schema), None)


def states_at(store: SqliteStore, kinds: Kinds, scope: str, wanted: set[tuple[str, str]], schema: str = "main") -> Iterator[State]:
    """Records, by (kind, id), as the snapshot holds them; none that was not there, and none at all when there is no snapshot."""
    if not wanted or store.value(f"SELECT 1 FROM {schema}.snapshot WHERE scope = ?", (scope,)) is None:
        return
    by_kind: dict[str, dict[bytes, str]] = {}
    for kind, id in wanted:
        by_kind.setdefault(kind, {})[bytes.fromhex(id.replace("-", ""))] = id
    with kept_file(store, scope, schema) as source, closing(content.read_chunks(source, content.unchecked_header(source))) as chunks:
        for chunk in chunks:
            if not isinstance(chunk, Rows | Bare) or chunk.kind not in by_kind:
                continue
            known, packed = by_kind[chunk.kind], chunk.ids
            here = {known[each] for each in known.keys() & {packed[at : at + 16] for at in range(0, len(packed), 16)}}
            if here:
                yield from (state for state in states(kinds, chunk) if state.id in here)


def states(kinds: Kinds, chunk: Rows | Bare) -> Iterator[State]:
    """The state of each record of a chunk, whatever this program knows of its kind."""
    known = kinds.known_or_bare(chunk.kind)
    for at, (id, number) in enumerate(zip(ids(chunk.ids), numbers(chunk.numbers), strict=True)):
        state = State(id, known.name, number)
        blob = chunk.states[at] if chunk.states else None
        parts = {}
        if isinstance(chunk, Rows):
            parts = parts_of_columns(chunk.fields, chunk.forms, [column[at] if column else None for column in chunk.columns])
        unpack_state(state, blob, parts)
        yield state


def _insert(store: SqliteStore, kinds: Kinds, scope: str, chunk: Rows | Bare) -> None:
    _check(chunk)
    table = table_of(kinds.known_or_bare(chunk.kind))
    if not isinstance(chunk, Rows) or not _fits(table, chunk):
        rows = [table.row(state, scope, hash=COUNTED) for state in states(kinds, chunk)]
        store.many(table.upsert, [_unsorted(row) for row in rows] if table.kind.fields else rows)
        return
    count = len(chunk.ids) // 16
    columns: dict[str, Any] = {"id": ids(chunk.ids), "number": numbers(chunk.numbers)}
    columns |= {name: column for name, column in (("state", chunk.states), ("gone", chunk.gone), ("conflicts", chunk.conflicts)) if column}
    columns |= {f'"{name}"': column for name, column in zip(chunk.fields, chunk.columns, strict=True) if column}
    plain = {"scope": "?1", "gone": "0", "conflicts": "0", "pending": "0", "hash": f"x'{COUNTED.hex()}'"}  # what all rows say alike is said once
    alike = {name: value for name, value in plain.items() if name not in columns}
    names, marks = ", ".join((*alike, *columns)), ", ".join((*alike.values(), *(f"?{at}" for at in range(2, len(columns) + 2))))
    store.many(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", zip(repeat(scope, count), *columns.values(), strict=True))


def _check(chunk: Rows | Bare) -> None:
    """Damaged, unless every column of a chunk says something of each record, or is empty where it may be."""
    count = len(chunk.ids) // 16
    columns: list[Sequence[Any]] = [chunk.gone]
    if isinstance(chunk, Rows):
        columns += [chunk.states, chunk.conflicts, *chunk.columns]
        whole = len(chunk.fields) == len(chunk.forms) == len(chunk.columns)
    else:
        whole = len(chunk.states) == count
    if not whole or len(chunk.numbers) != 8 * count or any(len(one) != count for one in columns if one):
        raise Damaged(ALTERED)


def _fits(table: Table, chunk: Rows) -> bool:
    """Whether the chunk has the very fields that this program knows, in the same form.

    What an older server does not know stands in its states, and belongs into columns here.
    """
    return {one.name: form_of(one) for one in table.kind.fields} == dict(zip(chunk.fields, chunk.forms, strict=True))


def _unsorted(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row without its sort keys: `finishing` knows by that what it has still to index."""
    at = LEADING.index("sort_fr")
    return (*row[:at], None, None, *row[at + 2 :])


def _forget(store: SqliteStore, kinds: Kinds, scope: str) -> None:
    """Drop the confirmed rows of a scope, their words, and the indexes of tables that this empties: these are made faster afterwards."""
    for table in (*map(table_of, kinds.values()), table_of(kinds.known_or_bare("unknown"))):
        gone = [row[0] for row in store.rows(f"SELECT id FROM {table.name} WHERE scope = ?", (scope,))]
        if gone:
            search_index.forget(store, gone)
            store.execute(f"DELETE FROM {table.name} WHERE scope = ?", (scope,))
        if table.kind.fields and store.value(f"SELECT 1 FROM {table.name} LIMIT 1") is None:
            for name in table.indexes():
                store.execute(f"DROP INDEX IF EXISTS {name}")


def _keep(store: SqliteStore, header: Header, source: BinaryIO) -> None:
    """Keep the file in the database: what verifies, rebuilds and tells the past of this copy."""
    source.seek(0, 2)
    size = source.tell()
    source.seek(0)
    for table in ("snapshot", "provenance"):
        store.execute(f"DELETE FROM {table} WHERE scope = ?", (header.scope,))
    store.execute("INSERT INTO provenance (scope, finished, data) VALUES (?, 0, x'')", (header.scope,))
    store.execute("INSERT INTO snapshot (scope, epoch, number, file) VALUES (?, ?, ?, zeroblob(?))",
                  (header.scope, header.epoch, header.number, size))
    row = store.value("SELECT rowid FROM snapshot WHERE scope = ?", (header.scope,))
    with store.blob("snapshot", "file", row, readonly=False) as blob:
        while piece := source.read(2**18):
            blob.write(piece)
