"""A confirmed copy goes back to an earlier number, or is forgotten, while what is pending stays; knows no wire and no person's file."""

from __future__ import annotations

from sync import codec, epochs, forgetting, ledger, offers, roads, search_index, stale
from sync.change import Change, Step, Verdict
from sync.confirmed import Confirmed, Decided, record_id
from sync.overlay import PREFIX
from sync.record import Kinds
from sync.scopes import CONTROL, PUBLIC
from sync.snapshots.loading import states_at
from sync.store import SqliteStore, Store
from sync.tables import Table, add_hashes, line_hash, table_of

_SOME = 500  # records replayed at a time


def go_back(store: SqliteStore, kinds: Kinds, step: Step) -> set[tuple[str, str]]:
    """Take a step to another epoch, in one transaction; answers the (kind, id) of records that read differently now.

    Entries after the step's number leave, and the records that they touched
    are replayed from those that stay, over what the snapshot says of them when
    the copy was loaded with one. When the step leads below it, or it says what
    was erased since, the confirmed part of the scope is forgotten.
    """
    with store.transaction():
        at = ledger.head(store, step.scope)
        if at is None or at.epoch != step.old or step.number > at.number:
            return set()  # another program on this folder went back meanwhile
        touched = _touched(store, step.scope, step.number)
        lowest = ledger.floor(store, step.scope)
        offers.keep_lost(store, step.scope, step.number)
        if step.number < lowest or (touched and lowest and not _has_beginning(store, step.scope, lowest)):
            forget_confirmed(store, step.scope)
            epochs.follow_empty(store, step.scope, step.new)  # empty, not unknown: who looks sees that what was accepted waits again
            return touched
        if step.number < at.number:
            _leave(store, step)
            _replay(store, kinds, step.scope, touched)
        _look_again(store, step.scope)
        epochs.follow(store, step)
        return touched


def forget_confirmed(store: Store, scope: str) -> None:
    """Drop the confirmed part of a scope: entries, proofs, rows, search, snapshot, head. Pending is untouched; everything is taken again."""
    with store.transaction():
        for table in ("log_signature", "log_seed", "gap"):
            store.execute(f"DELETE FROM {table} WHERE log IN (SELECT id FROM log WHERE scope = ?)", (scope,))
        for table in ("entry", "log", "signed_head", "waiting", "epoch_step", "healed", "snapshot", "provenance", "ledger"):
            store.execute(f"DELETE FROM {table} WHERE scope = ?", (scope,))
        roads.leave(store, scope, 0)
        for (table,) in store.rows("SELECT name FROM main.sqlite_master WHERE type = 'table' ORDER BY name"):
            if not table.startswith(PREFIX) and {"id", "scope", "state", "hash"} <= store.columns(table):
                found = f"SELECT rowid FROM main.found WHERE id IN (SELECT id FROM main.{table} WHERE scope = ?)"
                store.execute(f"DELETE FROM main.search WHERE rowid IN ({found})", (scope,))
                store.execute(f"DELETE FROM main.found WHERE rowid IN ({found})", (scope,))
                store.execute(f"DELETE FROM main.{table} WHERE scope = ?", (scope,))
        _look_again(store, scope)
        stale.drop(store, scope)


def _look_again(store: Store, scope: str) -> None:
    """The facts of erasures may be others, or come back under other numbers."""
    forgetting.start_over(store, PUBLIC if scope == CONTROL else scope)


def _has_beginning(store: Store, scope: str, lowest: int) -> bool:
    """Whether a snapshot tells how records were where the entries begin, and nothing of what was erased since."""
    return store.value("SELECT number FROM snapshot WHERE scope = ?", (scope,)) == lowest and not stale.noted(store, scope)


def _touched(store: Store, scope: str, after: int) -> set[tuple[str, str]]:
    """The (kind, id) of the records that accepted entries after a number wrote."""
    rows = store.rows("SELECT coalesce(body, remains) FROM entry WHERE scope = ? AND number > ? AND verdict = ?"
                      " AND (body IS NOT NULL OR remains IS NOT NULL)", (scope, after, int(Verdict.ACCEPTED)))
    changes = (codec.unpack(bytes(text), Change) for (text,) in rows)
    return {(change.kind, record_id(change.record)) for change in changes}


def _leave(store: Store, step: Step) -> None:
    """Take the entries after the step's number out, but for what still proves entries that stay."""
    scope, number = step.scope, step.number
    store.execute("INSERT INTO gap (log, n, before, commitment) SELECT log, n, before, commitment FROM entry"
                  " WHERE scope = ? AND number > ? ON CONFLICT DO NOTHING", (scope, number))
    for table in ("entry", "signed_head"):
        store.execute(f"DELETE FROM {table} WHERE scope = ? AND number > ?", (scope, number))
    bare = "SELECT id FROM log WHERE scope = ? AND id NOT IN (SELECT log FROM entry WHERE scope = ?)"
    for table in ("log_signature", "log_seed", "gap"):
        store.execute(f"DELETE FROM {table} WHERE log IN ({bare})", (scope, scope))
    if ledger.floor(store, scope) == 0:
        store.execute(f"DELETE FROM log WHERE id IN ({bare})", (scope, scope))  # those that a snapshot brought have no entries, and stay
    store.execute("UPDATE ledger SET number = ?, chain = ? WHERE scope = ?", (number, step.chain, scope))
    roads.leave(store, scope, number)


def _replay(store: SqliteStore, kinds: Kinds, scope: str, touched: set[tuple[str, str]]) -> None:
    """Make rows, search index and digest say what the entries that stay say of these records."""
    by_kind: dict[str, list[str]] = {}
    for kind, id in sorted(touched):
        by_kind.setdefault(kind, []).append(id)
    for kind, ids in by_kind.items():
        _take_out(store, table_of(kinds.known_or_bare(kind)), scope, ids)
    for state in states_at(store, kinds, scope, touched):
        table = table_of(kinds.known_or_bare(state.kind))
        row = table.row(state, scope)
        store.many(table.upsert, [row])
        search_index.refresh(store, table, [row])
    for kind, ids in by_kind.items():
        for start in range(0, len(ids), _SOME):
            _replay_some(store, kinds, scope, kind, ids[start : start + _SOME])


def _take_out(store: Store, table: Table, scope: str, ids: list[str]) -> None:
    """Take records out of rows, search index and digest; the digest has only those that were counted."""
    hash = table.columns.index("hash")
    rows = store.among(f"SELECT {table.select} FROM {table.name} WHERE id IN (?)", ids)
    minus = [line_hash(table.state(row), scope) or bytes(32) for row in rows if row[hash] is not None]
    total = bytes(store.value("SELECT digest FROM ledger WHERE scope = ?", (scope,)))
    store.execute("UPDATE ledger SET digest = ? WHERE scope = ?", (add_hashes(total, [], minus), scope))
    store.many(f"DELETE FROM {table.name} WHERE id = ?", [(id,) for id in ids])
    if table.kind.search is not None:
        search_index.forget(store, ids)


def _replay_some(store: Store, kinds: Kinds, scope: str, kind: str, ids: list[str]) -> None:
    rows = store.among("SELECT number, log, n, commitment, coalesce(body, remains) FROM entry WHERE verdict = ? AND scope = ?"
                       " AND number > ? AND (body IS NOT NULL OR remains IS NOT NULL) AND record IN (?)",
                       ids, (int(Verdict.ACCEPTED), scope, ledger.floor(store, scope)))  # it says what those below made
    left = [Decided(number, codec.dot(bytes(log), n, bytes(commitment)), codec.unpack(bytes(text), Change))
            for number, log, n, commitment, text in sorted(rows, key=lambda row: row[0])]
    left = [one for one in left if one.change.kind == kind]
    confirmed = Confirmed(store, kinds, scope)
    confirmed.prepare([one.change for one in left])
    for one in left:
        confirmed.apply(one)
    confirmed.flush()
