"""Accepted changes of a person whose entries left with a lost ledger wait again, under the same dots; knows no wire."""

from __future__ import annotations

from sync import forgetting
from sync.snapshots.origins import origins_of
from sync.store import Store
from sync.vault import ACCEPTED, FORGOTTEN, WAITING


def wait_again(store: Store, scope: str, schema: str) -> None:
    """Make those accepted changes of a scope wait that its ledger neither holds nor was loaded with; `number` keeps where they once stood."""
    own = f"{schema}entry e WHERE e.log = pending.log AND e.n = pending.n AND e.mark = substr(pending.commitment, 1, 2)"
    rows = store.rows(f"SELECT position, dot FROM pending WHERE state = ? AND scope = ? AND NOT EXISTS (SELECT 1 FROM {own})", (ACCEPTED, scope))
    origins = origins_of(store, scope, schema) if rows else None
    store.many("UPDATE pending SET state = ?, number = coalesce(number, 0) WHERE position = ?",
               [(WAITING, position) for position, dot in rows if origins is None or origins.number(bytes(dot)) is None])
    for name in (*(name for (name,) in store.rows("SELECT scope FROM main.ledger")), FORGOTTEN):
        forgetting.start_over(store, name)  # the facts of erasures may come back under other numbers


def decided_once(store: Store) -> frozenset[int]:
    """The positions of changes that wait again: most of them come back by proof, so they travel when no page is lacking."""
    return frozenset(position for (position,) in store.rows("SELECT position FROM pending WHERE state = ? AND number IS NOT NULL", (WAITING,)))
