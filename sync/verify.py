"""Whether a database still says what was signed: every chain, every signature, every row replayed; repairs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from i18n import Text
from sync import entries, forgetting, ledger
from sync.change import START, head_statement, log_link, log_statement
from sync.confirmed import Confirmed
from sync.digests import settled
from sync.errors import Damaged
from sync.facts import CONTROL_KINDS
from sync.identity import verifies
from sync.merge import State
from sync.record import Kinds
from sync.schema import LEDGER
from sync.snapshots.kept import kept_file
from sync.snapshots.loading import load
from sync.soundness import altered_entries, altered_heads
from sync.store import SqliteStore, Store
from sync.tables import Table, add_hashes, line_hash, table_of
from sync.trust import Trust


def problems_of(store: Store, kinds: Kinds, scopes: tuple[str, ...], authority: bytes | None, control: Store) -> list[Text]:
    """What does not hold in one database; empty when everything does. `control` holds the certificates."""
    found: list[Text] = []
    try:
        found += [Text("The database file is damaged: {detail}", detail=line) for line in (store.faults() if isinstance(store, SqliteStore) else ())]
    except Damaged as failure:
        return [failure.message]
    for scope in scopes:
        head = ledger.head(store, scope)
        if head is not None and authority is not None:
            try:
                found += _scope_problems(store, kinds, head, authority, Trust(control, authority))
            except Damaged as failure:
                found.append(failure.message)
    return found


def _scope_problems(store: Store, kinds: Kinds, head: ledger.Head, authority: bytes, trust: Trust) -> list[Text]:
    scope = head.scope
    if head.number and not verifies(authority, head_statement(scope, head.epoch, head.number, head.chain), head.signature):
        return [Text("The ledger “{scope}” does not carry its server's signature.", scope=scope)]
    replay = SqliteStore(":memory:")
    everything = Kinds((*kinds.values(), *CONTROL_KINDS))
    replay.create([*LEDGER, *(sql for kind in everything.values() for sql in table_of(kind).schema())])
    found: list[Text] = []
    with replay.transaction():
        ledger.begin(replay, scope, head.epoch, head.signature)
        chain, at = began = _from_snapshot(store, replay, everything, scope, authority)
        confirmed = Confirmed(replay, everything, scope, searchable=False)
        while at < head.number:
            rows = entries.rows_after(store, scope, at, 1000)
            found += altered_entries(store, rows, trust.erasures)
            if not rows:
                break
            chain, at = entries.extend(chain, rows), rows[-1].number
            entries.insert(replay, rows)
            for one in ledger.decided(rows):
                confirmed.apply(one)
        confirmed.flush()
        forgetting.catch_up(replay, everything, trust.erasures, scope, searchable=False)  # what a kept snapshot still says
    if chain != head.chain:
        found.append(Text("Entries of the ledger “{scope}” were altered or are missing.", scope=scope))
    found += altered_heads(store, head, authority, *began)
    found += _unsigned(store, scope, trust) or _unled(store, scope)
    marks = "SELECT number FROM entry WHERE scope = ? AND mark <> substr(commitment, 1, 2) ORDER BY number"
    found += [Text("Entry {number} of the ledger “{scope}” was altered.", number=number, scope=scope) for (number,) in store.rows(marks, (scope,))]
    found = found or _altered_rows(store, replay, everything, scope)
    replay.close()
    return found


def _from_snapshot(store: Store, replay: SqliteStore, kinds: Kinds, scope: str, authority: bytes) -> tuple[bytes, int]:
    """Load the snapshot that a copy began with into the replay; answers the chain and the number there."""
    if not isinstance(store, SqliteStore) or store.value("SELECT 1 FROM snapshot WHERE scope = ?", (scope,)) is None:
        return START, 0
    with kept_file(store, scope) as source:
        header = load(replay, kinds, source, authority, scope)
    return header.chain, header.number


def _unsigned(store: Store, scope: str, trust: Trust) -> list[Text]:
    """Logs whose author's last signature does not hold."""
    found = []
    rows = store.rows("SELECT l.id, l.signer, s.n, s.link, s.signature FROM log l JOIN log_signature s ON s.log = l.id WHERE l.scope = ?", (scope,))
    for log, key, n, link, signature in rows:
        if not verifies(trust.public(bytes(key)), log_statement(bytes(log), n, bytes(link)), bytes(signature)):
            found.append(Text("A signature in the ledger “{scope}” was altered.", scope=scope))
    return found


def _unled(store: Store, scope: str) -> list[Text]:
    """Whether from an entry the chain of its log leads nowhere: neither to a change that follows, nor to its author's signature."""
    for (log,) in store.rows("SELECT id FROM log WHERE scope = ?", (scope,)):
        ends = {(n, bytes(link)) for n, link in store.rows("SELECT n, link FROM log_signature WHERE log = ?", (log,))}
        for table in ("entry", "waiting", "gap"):
            ends |= {(n - 1, bytes(before)) for n, before in store.rows(f"SELECT n, before FROM {table} WHERE log = ?", (log,))}
        rows = store.rows("SELECT n, before, commitment FROM entry WHERE log = ?", (log,))
        if any((n, log_link(bytes(before), bytes(commitment))) not in ends for n, before, commitment in rows):
            return [Text("A change in the ledger “{scope}” is not what its author signed.", scope=scope)]
    return []


def confirmed_states(store: Store, kinds: Kinds, scope: str) -> Iterator[State]:
    """The state of every confirmed record of a scope, whatever its kind."""
    for state, _ in _counted_states(store, kinds, scope):
        yield state


def _counted_states(store: Store, kinds: Kinds, scope: str) -> Iterator[tuple[State, bool]]:
    """The state of every confirmed record, and whether the ledger's digest has it."""
    known = {kind.name: kind for kind in (*kinds.values(), *CONTROL_KINDS)}
    for kind in known.values():
        table = table_of(kind)
        hash = table.columns.index("hash")
        for row in store.rows(f"SELECT {table.select} FROM {table.name} WHERE scope = ?", (scope,)):
            yield table.state(row), row[hash] is not None
    for (name,) in store.rows("SELECT DISTINCT kind FROM unknown WHERE scope = ?", (scope,)):
        table = table_of(kinds.known_or_bare(name))
        hash = table.columns.index("hash")
        for row in store.rows(f"SELECT {table.select} FROM unknown WHERE scope = ? AND kind = ?", (scope, name)):
            yield table.state(row), row[hash] is not None


def _altered_rows(store: Store, replay: Store, kinds: Kinds, scope: str) -> list[Text]:
    """Which records say something else than the ledger, in their state or in the columns that people read."""
    found = []
    for kind in kinds.values():
        table = table_of(kind)
        sql = f"SELECT {table.select} FROM {table.name} WHERE scope = ?"
        wanted = {row[0]: _says(table, row, scope) for row in replay.rows(sql, (scope,))}
        here = {row[0]: _says(table, row, scope) for row in store.rows(sql, (scope,))}
        for id in sorted(set(wanted) | set(here)):
            if wanted.get(id) != here.get(id):
                found.append(Text("The {kind} {id} was altered outside Dalil.", kind=kind.label, id=id))
    wanted_digest = settled(replay, kinds, scope)
    uncounted = [line_hash(state, scope) or b"" for state, counted in _counted_states(store, kinds, scope) if not counted]
    hashes = [line_hash(state, scope) or b"" for state in confirmed_states(store, kinds, scope)]
    stored = bytes(store.value("SELECT digest FROM ledger WHERE scope = ?", (scope,)))
    if not found and not wanted_digest == add_hashes(bytes(32), hashes, []) == add_hashes(stored, uncounted, []):
        found.append(Text("The records of “{scope}” do not match their ledger.", scope=scope))
    return found


def _says(table: Table, row: tuple[Any, ...], scope: str) -> tuple[Any, ...]:
    """What a row says, but for its packed state, of which the meaning counts, and the keys that it is sorted by."""
    told = (value for column, value in zip(table.columns, row, strict=True) if column not in ("state", "hash", "sort_fr", "sort_ar"))
    return (line_hash(table.state(row), scope), *(bytes(each) if isinstance(each, memoryview) else each for each in told))
