"""Carries out erasures in one database that may hold the text: entries, salts, records, index; knows no person and no network."""

from __future__ import annotations

from dataclasses import dataclass, field

from sync import codec, entries, search_index, stale
from sync.change import Change, Verdict
from sync.confirmed import record_id
from sync.erased import Erasures, Fact, belongs, files_in
from sync.merge import Deletion, State
from sync.record import Kinds
from sync.salts import replace_seeds
from sync.snapshots.origins import origins_of
from sync.store import SqliteStore, Store
from sync.tables import Table, add_hashes, line, line_hash, table_of


@dataclass(slots=True)
class Forgotten:
    """What went: records as (kind, id), changes as (log, number), names of attachments that it spoke of."""

    records: set[tuple[str, str]] = field(default_factory=set)
    changes: set[tuple[bytes, int]] = field(default_factory=set)
    files: set[str] = field(default_factory=set)


def catch_up(store: Store, kinds: Kinds, erasures: Erasures, scope: str, *, searchable: bool) -> Forgotten:
    """Forget what the control ledger says was erased since this database last did so, in the caller's transaction."""
    found = Forgotten()
    for fact in erasures.since(done(store, scope), scope):
        _carry_out(store, kinds, fact, erasures, found, searchable=searchable)
    keep_done(store, scope, erasures.newest, found)
    return found


def done(store: Store, name: str) -> int:
    """Up to which number of the control ledger erasures are carried out here, in a scope."""
    return int(store.value("SELECT control FROM forgotten WHERE scope = ?", (name,)) or 0)


def keep_done(store: Store, name: str, control: int, found: Forgotten) -> None:
    """Note how far erasures are carried out; a file that lost something is to be swept of its bytes."""
    before = store.row("SELECT control, swept FROM forgotten WHERE scope = ?", (name,)) or (0, 0)
    dirty = before[1] < before[0] or found.changes or found.records
    store.execute("INSERT INTO forgotten (scope, control, swept) VALUES (?, ?, ?)"
                  " ON CONFLICT (scope) DO UPDATE SET control = excluded.control, swept = excluded.swept",
                  (name, control, before[1] if dirty else control))


def start_over(store: Store, name: str) -> None:
    """Carry out every erasure again: the control ledger went back, or what they were carried out on. What is to be swept still is."""
    store.execute("UPDATE forgotten SET swept = CASE WHEN swept < control THEN -1 ELSE 0 END, control = 0 WHERE scope = ?", (name,))


def still_named(store: Store, kinds: Kinds, sha256: str) -> bool:
    """Whether something that was not erased speaks of an attachment: an entry, or a record whose entries are not here."""
    word = "instr({}, ?) > 0" if isinstance(store, SqliteStore) else "position(CAST(? AS BYTEA) IN {}) > 0"
    places = [("entry", "body"), ("entry", "remains"), ("waiting", "body"), ("unknown", "state")]
    names = [name for kind in kinds.values() if kind.fields and store.columns(kind.name) for name in (kind.name,)]
    places += [(name, "state") for name in names]
    if any(store.value(f"SELECT 1 FROM {table} WHERE {word.format(column)} LIMIT 1", (sha256.encode(),)) for table, column in places):
        return True
    columns = [(name, one.name) for name in names for one in kinds[name].fields if one.shape.structured]
    return any(store.value(f'SELECT 1 FROM {table} WHERE "{column}" LIKE ? LIMIT 1', (f"%{sha256}%",)) for table, column in columns)


def was_erased(store: Store, id: str) -> bool:
    """Whether a record that is not here was, and was erased whole."""
    return store.value("SELECT 1 FROM entry WHERE record = ? AND verdict = ? AND body IS NULL AND remains IS NULL LIMIT 1",
                       (id, int(Verdict.ACCEPTED))) is not None


def saw_erased(store: Store, scope: str, change: Change) -> bool:
    """Whether the author of a change saw a value of which nothing is left: its record was erased whole.

    An entry that came back without text, from a replica, does not say of
    which record it is.
    """
    dots = {dot for write in change.writes for dot in write.seen}
    return any(row.verdict == Verdict.ACCEPTED and row.body is None and row.remains is None for row in entries.rows_of(store, scope, dots))


def _carry_out(store: Store, kinds: Kinds, fact: Fact, erasures: Erasures, found: Forgotten, *, searchable: bool) -> None:
    here: dict[str, set[str]] = {}
    gone: list[tuple[bytes | None, str, int]] = []
    runs: dict[bytes, set[int]] = {}
    missing = set(fact.dots)
    erased: set[int] = set()  # the numbers that the changes named have in this database: its states speak of numbers
    for row in entries.rows_of(store, fact.scope, fact.dots):
        missing.discard(row.dot)
        erased.add(row.number)
        text = row.remains if row.body is None else row.body
        if row.verdict != Verdict.ACCEPTED or text is None or (row.body is None and erasures.reached(row.dot, text) >= fact.control):
            continue
        change = codec.unpack(text, Change)
        gone.append((fact.left_of(row.dot, text), fact.scope, row.number))
        found.changes.add((row.log, row.n))
        found.files |= files_in(write.value for write in change.writes)
        runs.setdefault(row.log, set()).add(row.n // codec.RUN)
        here.setdefault(change.kind, set()).add(record_id(change.record))
    store.many("UPDATE entry SET body = NULL, salt = NULL, remains = ? WHERE scope = ? AND number = ?", gone)
    for log, its in runs.items():
        replace_seeds(store, log, its)
    if missing:
        erased |= _find(store, kinds, fact, missing, here)
    for kind, ids in here.items():
        _rewrite(store, table_of(kinds.known_or_bare(kind)), fact, erased, sorted(ids), searchable=searchable)
        found.records |= {(kind, id) for id in ids}


def _find(store: Store, kinds: Kinds, fact: Fact, missing: set[bytes], here: dict[str, set[str]]) -> set[int]:
    """Add the records of entries that never came here, a snapshot brought what had become of them; answers the numbers of those entries."""
    origins = origins_of(store, fact.scope)
    erased = set() if origins is None else {number for dot in missing if (number := origins.number(dot))}
    if not erased:
        return erased
    for table in _tables(store, kinds, fact.scope):
        where, args = ("scope = ?", (fact.scope,)) if table.kind.fields else ("scope = ? AND kind = ?", (fact.scope, table.kind.name))
        sql = f"SELECT {table.select} FROM {table.name} WHERE {where} AND "
        rows = store.among(sql + "state IS NULL AND number IN (?)", sorted(erased), args) + store.rows(sql + "state IS NOT NULL", args)
        ids = {row[0] for row in rows if _says(table.state(row), fact, erased)}
        if ids:
            here.setdefault(table.kind.name, set()).update(ids)
            stale.note(store, fact.scope)
    return erased


def _says(state: State, fact: Fact, erased: set[int]) -> bool:
    """Whether a record still says what was erased."""
    if not fact.fields:  # its creation may stand nowhere any more, and then its number is not known
        standing = {one.reference for live in state.parts.values() for one in live} | {one.reference for one in state.deletions}
        return state.number in erased or not erased.isdisjoint(standing)
    before = line(state, fact.scope)
    after = _without(state.copy(), fact, erased)
    return after is None or line(after, fact.scope) != before


def _tables(store: Store, kinds: Kinds, scope: str) -> list[Table]:
    names = [name for (name,) in store.rows("SELECT DISTINCT kind FROM unknown WHERE scope = ?", (scope,))]
    return [table_of(kind) for kind in kinds.values() if kind.fields] + [table_of(kinds.known_or_bare(name)) for name in names]


def _rewrite(store: Store, table: Table, fact: Fact, erased: set[int], ids: list[str], *, searchable: bool) -> None:
    """Take what was erased out of records: rows, index and digest."""
    at = table.columns.index("hash")
    minus: list[bytes] = []
    rows, dropped = [], []
    for row in store.among(f"SELECT {table.select} FROM {table.name} WHERE id IN (?)", ids):
        state = table.state(row)
        if row[at] is not None:
            minus.append(line_hash(state, fact.scope) or bytes(32))
        state = _without(state, fact, erased)
        if state is None:
            dropped.append(row[0])
        else:
            rows.append(table.row(state, fact.scope))
    store.many(f"DELETE FROM {table.name} WHERE id = ?", [(id,) for id in dropped])
    store.many(table.upsert, rows)
    if searchable:
        search_index.forget(store, dropped)
        search_index.refresh(store, table, rows)
    total = store.value("SELECT digest FROM ledger WHERE scope = ?", (fact.scope,))
    store.execute("UPDATE ledger SET digest = ? WHERE scope = ?", (add_hashes(bytes(total), [], minus), fact.scope))


def _without(state: State, fact: Fact, erased: set[int]) -> State | None:
    """A state as it is when the changes that a fact names, with these numbers here, had never said what was erased; None when nothing is left.

    An erased value stands for nothing, and what its author had replaced stays
    replaced. Every change that wrote the field is named, so nothing beneath
    comes to light.
    """
    if not fact.fields:
        return None
    mine = [path for path in state.parts if any(belongs(path, each) for each in fact.fields)]
    for path in mine:
        state.parts[path] = tuple(one for one in state.parts[path] if one.reference not in erased)
    for path in [each for each in state.early if "#" in each and any(belongs(each, one) for one in fact.fields)]:
        del state.early[path]
    state.deletions = tuple(
        Deletion(one.reference, {
            path: seen - erased if any(belongs(path, each) for each in fact.fields) else seen
            for path, seen in one.covers.items()
            if one.reference not in erased or "#" not in path or not any(belongs(path, each) for each in fact.fields)})
        for one in state.deletions
    )
    state.parts = {path: live for path, live in state.parts.items() if live}
    return state
