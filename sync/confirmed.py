"""The confirmed copy of one scope: what its ledger says up to a number; knows no wire and no pending edit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from sync import merge, search_index, tables
from sync.change import ERASED, Change, Operation
from sync.merge import State
from sync.record import Kinds
from sync.snapshots.origins import origins_of
from sync.store import Query, Store, in_pieces


class Decided(msgspec.Struct, frozen=True, gc=False):
    """An accepted change and its number in the ledger of its scope."""

    number: int
    dot: bytes
    change: Change


class Confirmed:
    """The states of one scope while a run of entries is applied, in one transaction of `store`.

    Read a state with `state`, apply accepted changes in the order of their
    numbers with `apply`, then `flush` writes rows, search index and digest.
    """

    def __init__(self, store: Store, kinds: Kinds, scope: str, *, searchable: bool = True) -> None:
        self.store = store
        self.kinds = kinds
        self.scope = scope
        self.searchable = searchable
        self._states: dict[tuple[str, str], State | None] = {}
        self._counted: set[tuple[str, str]] = set()
        self._rows: dict[tuple[str, str], tuple[Any, ...]] = {}  # as they stand in the table
        self._minus: list[bytes] = []
        self._changed: set[tuple[str, str]] = set()
        self._numbers: dict[bytes, int] = {}
        self.elsewhere: set[tuple[str, str]] = set()  # (kind, id) of records that live in another scope
        self._fresh: dict[tuple[str, str], tuple[int, Change]] = {}  # created here and as they were created: few are asked for again

    def prepare(self, changes: Iterable[Change], also: Sequence[Query] = ()) -> list[list[tuple[Any, ...]]]:
        """Load at once what a run of changes will ask for, states and numbers of dots; answers what else was asked `also`."""
        wanted: dict[str, set[str]] = {}
        dots: set[bytes] = set()
        for change in changes:
            wanted.setdefault(change.kind, set()).add(record_id(change.record))
            for write in change.writes:
                if write.seen:
                    dots.update(write.seen)
        loads = [(kind, some) for kind, ids in wanted.items() for some in in_pieces([one for one in ids if (kind, one) not in self._states])]
        found = self.store.several([*also, *(self._query(kind, ids) for kind, ids in loads)])
        for (kind, ids), rows in zip(loads, found[len(also):], strict=True):
            self._keep(kind, ids, rows)
        unknown = [dot for dot in dots if dot not in self._numbers]
        self._numbers.update(numbers_of(self.store, self.scope, unknown))
        return found[: len(also)]

    def state(self, kind: str, id: str) -> State | None:
        """The state of a record; None while no accepted change created it."""
        if (kind, id) not in self._states:
            self._keep(kind, [id], self.store.rows(*self._query(kind, [id])))
        fresh = self._fresh.pop((kind, id), None)
        if fresh is not None:
            self._states[kind, id] = state = State(id, kind, fresh[0])
            state.parts = {write.path: (merge.Live(fresh[0], write.value),) for write in fresh[1].writes}
        return self._states[kind, id]

    def apply(self, decided: Decided) -> None:
        """Apply one accepted change. Its dot's number is known from here on."""
        change = decided.change
        id = record_id(change.record)
        state = self.state(change.kind, id)
        plain = is_plain(change)
        if not plain:
            self.prepare([change])
        if state is None and plain:
            self._fresh[change.kind, id] = decided.number, change
            self._numbers[decided.dot] = decided.number
            self._changed.add((change.kind, id))
            return
        if state is None:
            self._states[change.kind, id] = state = State(id, change.kind, decided.number)
        elif (change.kind, id) in self._counted:
            self._counted.remove((change.kind, id))
            self._minus.append(tables.line_hash(state, self.scope) or bytes(32))
        apply_change(state, change, decided.number, decided.dot, self._numbers, decided.number)
        merge.arrived(state, decided.dot, decided.number)
        self._numbers[decided.dot] = decided.number
        self._changed.add((change.kind, id))

    def refused(self, number: int, dot: bytes) -> None:
        """Know the number of a refused change: later ones of the same run may have seen it on their author's screen."""
        self._numbers[dot] = number

    def flush(self) -> set[tuple[str, str]]:
        """Write what changed; answers the (kind, id) of it."""
        by_kind: dict[str, list[tuple[Any, ...]]] = {}
        for kind, id in sorted(self._changed):
            by_kind.setdefault(kind, []).append(self._row(kind, id))
        for kind, rows in by_kind.items():
            table = tables.table_of(self.kinds.known_or_bare(kind))
            self._write(table, kind, rows)
            if self.searchable:
                search_index.refresh(self.store, table, rows)
        if self._minus:
            total = self.store.value("SELECT digest FROM ledger WHERE scope = ?", (self.scope,))
            self.store.execute("UPDATE ledger SET digest = ? WHERE scope = ?", (tables.add_hashes(bytes(total), [], self._minus), self.scope))
            self._minus = []
        changed, self._changed = self._changed, set()
        return changed

    def _write(self, table: tables.Table, kind: str, rows: list[tuple[Any, ...]]) -> None:
        """Write rows; one that is here only where it differs: the indexes of its other columns are not touched."""
        new: list[tuple[Any, ...]] = []
        differing: dict[tuple[int, ...], list[tuple[Any, ...]]] = {}
        for row in rows:
            old = self._rows.get((kind, row[0]))
            if old is None:
                new.append(row)
            else:
                places = tuple(at for at, value in enumerate(row) if value != old[at])
                differing.setdefault(places, []).append((*(row[at] for at in places), row[0]))
            self._rows[kind, row[0]] = row
        self.store.many(table.upsert, new)
        for places, some in differing.items():
            if places:
                names = ", ".join(f'"{table.columns[at]}" = ?' for at in places)
                self.store.many(f"UPDATE {table.name} SET {names} WHERE id = ?", some)

    def _row(self, kind: str, id: str) -> tuple[Any, ...]:
        table = tables.table_of(self.kinds.known_or_bare(kind))
        if (kind, id) in self._fresh:
            number, change = self._fresh[kind, id]
            row = table.fresh(id, self.scope, number, ((write.path, write.value) for write in change.writes), keyed=self.searchable)
            if row is not None:
                return row
        state = self.state(kind, id)
        assert state is not None  # something of it changed
        return table.row(state, self.scope, keyed=self.searchable)

    def _query(self, kind: str, ids: Sequence[str]) -> Query:
        table = tables.table_of(self.kinds.known_or_bare(kind))
        return f"SELECT {table.select} FROM {table.name} WHERE id IN ({','.join('?' * len(ids))})", ids

    def _keep(self, kind: str, ids: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
        table = tables.table_of(self.kinds.known_or_bare(kind))
        for id in ids:
            self._states[kind, id] = None
        at, place = table.columns.index("hash"), table.columns.index("scope")
        for row in rows:
            if row[place] != self.scope:
                self.elsewhere.add((kind, row[0]))
                continue
            self._states[kind, row[0]], self._rows[kind, row[0]] = table.state(row), row
            if row[at] is not None:
                self._counted.add((kind, row[0]))


def is_plain(change: Change) -> bool:
    """Whether a change creates a record that nobody could have seen: nothing meets."""
    return change.operation == Operation.CREATE and not any(write.seen or write.value == ERASED for write in change.writes)


def apply_change(state: State, change: Change, reference: merge.Reference, dot: bytes,
                 numbers: Mapping[bytes, int], limit: int) -> None:
    """Apply one change to a state.

    `numbers` gives the ledger number of each dot seen that has one; a number
    of `limit` or more, like no number, means that it has not arrived yet.
    """
    covers: dict[str, frozenset[merge.Reference]] = {}
    for write in change.writes:
        seen: set[merge.Reference] = set()
        unknown: set[bytes] = set()
        for each in write.seen:
            number = numbers.get(each)
            if number is not None and number < limit:
                seen.add(number)
            else:
                seen.add(each)
                unknown.add(each)
        if change.operation == Operation.DELETE:
            # only what stands or is still to come can be covered: a replica on a snapshot does not know the numbers of what is past
            standing = {one.reference for one in state.parts.get(write.path, ())}
            covers[write.path] = frozenset(one for one in seen if one in standing or one in unknown)
        elif change.operation == Operation.RESTORE:
            merge.restore(state, seen, unknown)
        elif write.value == ERASED:
            merge.erase(state, write.path, dot, seen, unknown)
        else:
            merge.write(state, write.path, write.value, reference, dot, seen, unknown)
    if change.operation == Operation.DELETE:
        merge.delete(state, reference, dot, covers)


def numbers_of(store: Store, scope: str, dots: Iterable[bytes], schema: str = "") -> dict[bytes, int]:
    """The ledger numbers of the dots that have entered (accepted or refused).

    It is `DECIDED` (0) for what stood nowhere any more when this copy was
    loaded from a snapshot: it has a number, which is not kept here.
    """
    by_log: dict[bytes, set[bytes]] = {}
    for dot in dots:
        by_log.setdefault(dot[:8], set()).add(dot)
    found: dict[bytes, int] = {}
    for log, its in by_log.items():
        sql = f"SELECT n, mark, number FROM {schema}entry WHERE log = ? AND n IN (?)"  # a log is of one scope; naming it leads SQLite astray
        for n, mark, number in store.among(sql, sorted({int.from_bytes(dot[8:12], "big") for dot in its}), (log,)):
            dot = log + n.to_bytes(4, "big") + bytes(mark)
            if dot in its:
                found[dot] = number
    missing = [dot for its in by_log.values() for dot in its if dot not in found]
    origins = origins_of(store, scope, schema) if missing else None
    if origins is not None:
        found.update({dot: number for dot in missing if (number := origins.number(dot)) is not None})
    return found


def dots_of(store: Store, scope: str, numbers: Iterable[int], schema: str = "") -> dict[int, bytes]:
    """The dots of ledger numbers."""
    wanted = sorted(set(numbers))
    rows = store.among(f"SELECT number, log, n, mark FROM {schema}entry WHERE scope = ? AND number IN (?)", wanted, (scope,))
    found = {number: bytes(log) + n.to_bytes(4, "big") + bytes(mark) for number, log, n, mark in rows}
    missing = [one for one in wanted if one not in found]
    origins = origins_of(store, scope, schema) if missing else None
    if origins is not None:
        found.update({number: origin.dot for number in missing if (origin := origins.origin(number)) is not None})
    return found


def record_id(record: bytes) -> str:
    """The id of a record as people and tables write it."""
    digits = record.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
