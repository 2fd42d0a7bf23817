"""A confirmed copy goes back to an earlier number, or is forgotten, while what is pending stays; knows no wire and no person's file."""

from __future__ import annotations

from sync import codec, epochs, ledger, offers, search_index
from sync.change import Change, Step, Verdict
from sync.confirmed import Confirmed, Decided, record_id
from sync.overlay import PREFIX
from sync.record import Kinds
from sync.store import Store
from sync.tables import add_hashes, table_of

_SOME = 500  # records replayed at a time


def floor(store: Store, scope: str) -> int:
    """The number up to which a ledger holds no entries, since it was loaded from a snapshot; 0 for one that holds all."""
    at = ledger.head(store, scope)
    first = store.value("SELECT min(number) FROM entry WHERE scope = ?", (scope,))
    return 0 if at is None else at.number if first is None else first - 1


def go_back(store: Store, kinds: Kinds, step: Step) -> set[tuple[str, str]]:
    """Take a step to another epoch, in one transaction; answers the (kind, id) of records that read differently now.

    Entries after the step's number leave, and the records that they touched
    are replayed from those that stay. Where their beginning is not here (it
    was in a snapshot), the confirmed part of the scope is forgotten.
    """
    with store.transaction():
        at = ledger.head(store, step.scope)
        if at is None or at.epoch != step.old or step.number > at.number:
            return set()  # another program on this folder went back meanwhile
        touched = _touched(store, step.scope, step.number)
        lowest = floor(store, step.scope)
        offers.keep_lost(store, step.scope, max(step.number, lowest))
        if lowest and (step.number < lowest or _older(store, kinds, touched, lowest)):
            forget_confirmed(store, step.scope)
            return touched
        if step.number < at.number:
            _leave(store, step)
            _replay(store, kinds, step.scope, touched)
        epochs.follow(store, step)
        return touched


def forget_confirmed(store: Store, scope: str) -> None:
    """Drop the confirmed part of a scope: entries, proofs, rows, search, head. Pending is untouched; everything is taken again."""
    with store.transaction():
        for table in ("log_signature", "log_seed", "gap"):
            store.execute(f"DELETE FROM {table} WHERE log IN (SELECT id FROM log WHERE scope = ?)", (scope,))
        for table in ("entry", "log", "signed_head", "waiting", "epoch_step", "healed", "ledger"):
            store.execute(f"DELETE FROM {table} WHERE scope = ?", (scope,))
        for (table,) in store.rows("SELECT name FROM main.sqlite_master WHERE type = 'table' ORDER BY name"):
            if not table.startswith(PREFIX) and {"id", "scope", "state", "hash"} <= store.columns(table):
                found = f"SELECT rowid FROM main.found WHERE id IN (SELECT id FROM main.{table} WHERE scope = ?)"
                store.execute(f"DELETE FROM main.search WHERE rowid IN ({found})", (scope,))
                store.execute(f"DELETE FROM main.found WHERE rowid IN ({found})", (scope,))
                store.execute(f"DELETE FROM main.{table} WHERE scope = ?", (scope,))


def _touched(store: Store, scope: str, after: int) -> set[tuple[str, str]]:
    """The (kind, id) of the records that accepted entries after a number wrote."""
    rows = store.rows("SELECT body FROM entry WHERE scope = ? AND number > ? AND verdict = ? AND body IS NOT NULL",
                      (scope, after, int(Verdict.ACCEPTED)))
    changes = (codec.unpack(bytes(body), Change) for (body,) in rows)
    return {(change.kind, record_id(change.record)) for change in changes}


def _older(store: Store, kinds: Kinds, touched: set[tuple[str, str]], lowest: int) -> bool:
    """Whether one of these records began in the part of which there are no entries."""
    for kind in {kind for kind, _ in touched}:
        table, ids = table_of(kinds.known_or_bare(kind)), [id for each, id in touched if each == kind]
        if any(number is not None and number <= lowest for (number,) in store.among(f"SELECT number FROM {table.name} WHERE id IN (?)", ids)):
            return True
    return False


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
    store.execute(f"DELETE FROM log WHERE id IN ({bare})", (scope, scope))
    store.execute("UPDATE ledger SET number = ?, chain = ? WHERE scope = ?", (number, step.chain, scope))


def _replay(store: Store, kinds: Kinds, scope: str, touched: set[tuple[str, str]]) -> None:
    """Make rows, search index and digest say what the entries that stay say of these records."""
    for kind in sorted({kind for kind, _ in touched}):
        ids = sorted(id for each, id in touched if each == kind)
        for start in range(0, len(ids), _SOME):
            _replay_some(store, kinds, scope, kind, ids[start : start + _SOME])


def _replay_some(store: Store, kinds: Kinds, scope: str, kind: str, ids: list[str]) -> None:
    table = table_of(kinds.known_or_bare(kind))
    gone = [bytes(hash) for (hash,) in store.among(f"SELECT hash FROM {table.name} WHERE id IN (?)", ids)]
    total = bytes(store.value("SELECT digest FROM ledger WHERE scope = ?", (scope,)))
    store.execute("UPDATE ledger SET digest = ? WHERE scope = ?", (add_hashes(total, [], gone), scope))
    store.many(f"DELETE FROM {table.name} WHERE id = ?", [(id,) for id in ids])
    if table.kind.search is not None:
        search_index.forget(store, ids)
    rows = store.among("SELECT number, log, n, commitment, body FROM entry WHERE verdict = ? AND scope = ? AND body IS NOT NULL"
                       " AND record IN (?)", ids, (int(Verdict.ACCEPTED), scope))
    left = [Decided(number, codec.dot(bytes(log), n, bytes(commitment)), codec.unpack(bytes(body), Change))
            for number, log, n, commitment, body in sorted(rows, key=lambda row: row[0])]
    left = [one for one in left if one.change.kind == kind]
    confirmed = Confirmed(store, kinds, scope)
    confirmed.prepare([one.change for one in left])
    for one in left:
        confirmed.apply(one)
    confirmed.flush()
