"""What others saved and no authority has decided yet, as it came over a stick or a local network: kept in a person's file until it is; knows no road.

It is shown by the same rule as one's own work that waits, as not yet confirmed,
and leaves with the entry that decides it, whatever the verdict. It stands in the
table of what waits under a state of its own, so that nothing of it is handed in.
"""

from __future__ import annotations

from collections.abc import Iterable

from sync.change import Batch, Operation, log_statement
from sync.confirmed import record_id
from sync.handed import Handed
from sync.identity import Certified, verifies
from sync.ledger import keep_log
from sync.merge import State
from sync.record import Kinds
from sync.rules import first_problem, is_well_formed
from sync.snapshots.origins import origins_of
from sync.store import Store
from sync.trust import Trust
from sync.vault import HEARD

Pairs = set[tuple[str, str, str]]  # (kind, id, scope)


def keep(store: Store, kinds: Kinds, handed: Handed, schema: str) -> Pairs:
    """Keep the changes of a batch that verified and that no entry decides, in the caller's transaction; answers the records concerned.

    What breaks the rules of its kind will be refused: nobody is shown it.
    """
    found: Pairs = set()
    batch: Batch = handed.batch
    for row, change in zip(handed.rows, handed.changes, strict=True):
        if change is None or not is_well_formed(change) or change.kind not in kinds:
            continue
        id = record_id(change.record)
        here = None if change.operation == Operation.CREATE else State(id, change.kind)
        if first_problem(change, here, kinds[change.kind]) is not None:
            continue
        known = store.value(f"SELECT 1 FROM {schema}entry WHERE log = ? AND n = ? AND mark = ?", (row.log, row.n, row.commitment[:2]))
        if known is None and store.value("SELECT 1 FROM main.pending WHERE dot = ?", (row.dot,)) is None:
            store.execute("INSERT INTO main.pending (log, n, scope, dot, before, commitment, body, kind, record, state, tried)"
                          " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
                          (row.log, row.n, batch.scope, row.dot, row.before, row.commitment, row.body, change.kind, id, HEARD))
            keep_log(store, handed.log, batch.scope, batch.key, batch.nonce)
            found.add((change.kind, id, batch.scope))
    return found


def is_from(handed: Handed, author: Certified) -> bool:
    """Whether a certified author signed a batch."""
    return verifies(author.key, log_statement(handed.log, handed.rows[-1].n, handed.end), handed.batch.signature)


def drop_decided(store: Store, scope: str, schema: str) -> Pairs:
    """Let go of what the ledger of a scope has decided; answers the records concerned."""
    rows = store.rows("SELECT position, kind, record, log, n, dot FROM main.pending WHERE state = ? AND scope = ?", (HEARD, scope))
    if not rows:
        return set()
    origins = origins_of(store, scope, schema)
    gone = [(position, kind, record) for position, kind, record, log, n, dot in rows
            if store.value(f"SELECT 1 FROM {schema}entry WHERE log = ? AND n = ? AND mark = ?", (log, n, bytes(dot)[12:])) is not None
            or (origins is not None and origins.number(bytes(dot)) is not None)]
    _drop(store, (position for position, _, _ in gone))
    return {(kind, record, scope) for _, kind, record in gone}


def drop_withdrawn(store: Store, authority: bytes, public: Store) -> Pairs:
    """Let go of what devices saved that were withdrawn since, in the caller's transaction; answers the records concerned.

    Nobody but the authority can still accept it, and then it comes in a page.
    """
    rows = store.rows("SELECT p.position, p.kind, p.record, p.scope, l.signer FROM main.pending p CROSS JOIN main.log l ON l.id = p.log"
                      " WHERE p.state = ?", (HEARD,))
    if not rows:
        return set()
    trust = Trust(public, authority)
    gone = [row for row in rows if (author := trust.certified(bytes(row[4]))) is not None and author.revoked]
    _drop(store, (position for position, *_ in gone))
    return {(kind, record, scope) for _, kind, record, scope, _ in gone}


def _drop(store: Store, positions: Iterable[int]) -> None:
    store.many("DELETE FROM main.pending WHERE position = ?", [(position,) for position in positions])
