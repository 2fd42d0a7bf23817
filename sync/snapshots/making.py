"""The authority's half: what a snapshot of one scope holds, read from its own tables in one moment; knows no file name and no HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from i18n import Text
from sync import codec, ledger
from sync.change import Change, Verdict, head_statement
from sync.digests import settled
from sync.errors import Damaged
from sync.identity import SigningKey
from sync.record import Kinds
from sync.scopes import fits
from sync.snapshots.columns import pack_ids, steps
from sync.snapshots.content import ROWS, Bare, Chunk, Header, Rows, write
from sync.snapshots.provenance import Log, Provenance, Refused
from sync.store import Store
from sync.tables import LEADING, Table, form_of, table_of


def make(store: Store, kinds: Kinds, scope: str, key: SigningKey, out: BinaryIO, level: int) -> Header:
    """Write the snapshot of a scope as its ledger stands now; answers the signed header."""
    settled(store, kinds, scope)
    with store.snapshot():
        at = ledger.head(store, scope)
        if at is None:
            raise Damaged(Text("This server has no ledger “{scope}”.", scope=scope))
        digest = bytes(store.value("SELECT digest FROM ledger WHERE scope = ?", (scope,)))
        head = key.sign(head_statement(scope, at.epoch, at.number, at.chain))
        unsigned = Header(scope, at.epoch, at.number, at.chain, digest, [], head, b"")
        return write(_chunks(store, kinds, scope), out, unsigned, key, level)


def _chunks(store: Store, kinds: Kinds, scope: str) -> Iterator[Chunk]:
    standing: set[int] = set()
    for kind in kinds.values():
        table = table_of(kind)
        if kind.fields and (not kind.scopes or fits(scope, kind.scopes)):
            for rows in _paged(store, table, "scope = ?", (scope,)):
                yield _rows(table, rows, standing)
    for (name,) in store.rows("SELECT DISTINCT kind FROM unknown WHERE scope = ? ORDER BY kind", (scope,)):
        table = table_of(kinds.known_or_bare(name))
        for rows in _paged(store, table, "scope = ? AND kind = ?", (scope, name)):
            yield _bare(table, name, rows, standing)
    yield _provenance(store, scope, standing)


def _paged(store: Store, table: Table, where: str, args: tuple[Any, ...]) -> Iterator[list[tuple[Any, ...]]]:
    last = ""
    sql = f"SELECT {table.select} FROM {table.name} WHERE {where} AND id > ? ORDER BY id LIMIT {ROWS}"
    while rows := store.rows(sql, (*args, last)):
        yield rows
        last = rows[-1][0]


def _rows(table: Table, rows: list[tuple[Any, ...]], standing: set[int]) -> Rows:
    columns = list(zip(*rows, strict=True))
    leading = dict(zip(LEADING, columns, strict=False))
    states = [None if blob is None else bytes(blob) for blob in leading["state"]]
    for number, blob in zip(leading["number"], states, strict=True):
        standing.update((number,) if blob is None else (_references(blob) or (number,)))
    fields = table.kind.fields
    held = [list(column) if any(value is not None for value in column) else [] for column in columns[len(LEADING):]]
    return Rows(
        table.kind.name, pack_ids(leading["id"]), steps(leading["number"]), states if any(states) else [],
        list(leading["gone"]) if any(leading["gone"]) else [], list(leading["conflicts"]) if any(leading["conflicts"]) else [],
        [one.name for one in fields], [form_of(one) for one in fields], held)


def _bare(table: Table, name: str, rows: list[tuple[Any, ...]], standing: set[int]) -> Bare:
    columns = dict(zip(table.columns, zip(*rows, strict=True), strict=True))
    states = [bytes(blob) for blob in columns["state"]]
    for number, blob in zip(columns["number"], states, strict=True):
        standing.update(_references(blob) or (number,))
    return Bare(name, pack_ids(columns["id"]), steps(columns["number"]), states, list(columns["gone"]))


def _references(blob: bytes) -> set[int]:
    """The ledger numbers of a state's live values and standing deletions, and of what these saw: an erasure must find them all."""
    parts, deletions, _ = codec.unpack(blob)
    found = {one[0] for live in parts.values() for one in live}
    found.update(one[0] for one in deletions)
    found.update(each for one in deletions for seen in one[1].values() for each in seen)
    return {one for one in found if isinstance(one, int)}


def _provenance(store: Store, scope: str, standing: set[int]) -> Provenance:
    signers = {bytes(log): (bytes(key), bytes(nonce))
               for log, key, nonce in store.rows("SELECT id, signer, nonce FROM log WHERE scope = ?", (scope,))}
    logs: list[Log] = []
    places: dict[int, tuple[int, int]] = {}
    refused: list[Refused] = []
    ns: list[int] = []
    marks: list[bytes] = []
    current = None
    sql = "SELECT log, n, mark, number, verdict, reason FROM entry WHERE scope = ? ORDER BY log, n, mark"
    for log, n, mark, number, verdict, reason in store.rows(sql, (scope,)):
        if bytes(log) != current:
            if current is not None:
                logs.append(Log(*signers[current], steps(ns), b"".join(marks)))
            current, ns, marks = bytes(log), [], []
        if number in standing:
            places[number] = len(logs), len(ns)
        if verdict == Verdict.REFUSED:
            refused.append(Refused(number, len(logs), len(ns), bytes(reason)))
        ns.append(n)
        marks.append(bytes(mark))
    if current is not None:
        logs.append(Log(*signers[current], steps(ns), b"".join(marks)))
    numbers = sorted(places)
    times = _times(store, scope, places)
    return Provenance(logs, steps(numbers), steps(places[one][0] for one in numbers), steps(places[one][1] for one in numbers),
                      steps(times.get(one, 0) for one in numbers), refused)


def _times(store: Store, scope: str, wanted: dict[int, tuple[int, int]]) -> dict[int, int]:
    """What the authors' clocks said, by ledger number; nothing for what was erased."""
    return {number: codec.unpack(bytes(body), Change).time
            for number, body in store.among("SELECT number, coalesce(body, remains) FROM entry WHERE scope = ? AND number IN (?)",
                                            sorted(wanted), (scope,))
            if body is not None}


