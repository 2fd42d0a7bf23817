"""The signed pages of a ledger, made again from a copy's own tables: what a replica can prove; knows no turn and no authority."""

from __future__ import annotations

from collections.abc import Iterator

from sync import entries, epochs, ledger
from sync.change import Page
from sync.errors import Damaged
from sync.proofs import ALTERED
from sync.store import Store


def pages_after(store: Store, scope: str, after: int) -> Iterator[Page]:
    """The entries after a number as pages, each up to where the authority's own signature is held, with the epoch it was made in."""
    at = ledger.head(store, scope)
    if at is None or at.number <= after:
        return
    before = ledger.chain_at(store, scope, after)
    ends = store.rows("SELECT number, signature FROM signed_head WHERE scope = ? AND number > ? AND number < ? ORDER BY number",
                      (scope, after, at.number))
    for end, signature in [*ends, (at.number, at.signature)]:
        rows = entries.rows_after(store, scope, after, end - after)
        if len(rows) != end - after:
            raise Damaged(ALTERED)
        yield ledger.page_of(store, rows, epochs.of_number(store, at, end), before, bytes(signature))
        after, before = end, entries.extend(before, rows)
