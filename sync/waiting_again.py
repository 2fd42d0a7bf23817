"""Accepted changes of a person whose entries left with a lost ledger wait again, under the same dots; knows no wire."""

from __future__ import annotations

from sync.store import Store
from sync.vault import ACCEPTED, WAITING


def wait_again(store: Store, scope: str, schema: str) -> None:
    """Make those accepted changes of a scope wait whose entry is gone from its ledger; `number` keeps where they once stood.

    Up to the number that a snapshot was loaded at there are no entries, and
    nothing is concluded from that.
    """
    own = f"{schema}entry e WHERE e.log = pending.log AND e.n = pending.n AND e.mark = substr(pending.commitment, 1, 2)"
    first = f"coalesce((SELECT min(number) - 1 FROM {schema}entry WHERE scope = ?), (SELECT number FROM {schema}ledger WHERE scope = ?), 0)"
    store.execute(f"UPDATE pending SET state = ? WHERE state = ? AND scope = ? AND NOT EXISTS (SELECT 1 FROM {own}) AND number > {first}",
                  (WAITING, ACCEPTED, scope, scope, scope))


def decided_once(store: Store) -> frozenset[int]:
    """The positions of changes that wait again: most of them come back by proof, so they travel when no page is lacking."""
    return frozenset(position for (position,) in store.rows("SELECT position FROM pending WHERE state = ? AND number IS NOT NULL", (WAITING,)))
