"""The signed pages of a ledger, made again from a copy's own tables: what a replica can prove; knows no turn and no authority."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from sync import codec, entries, epochs, ledger
from sync.change import Page
from sync.errors import Damaged
from sync.proofs import ALTERED
from sync.snapshots.origins import origins_of
from sync.store import Store


def pages_after(store: Store, scope: str, after: int) -> Iterator[Page]:
    """The entries after a number as pages, each up to where the authority's own signature is held, with the epoch it was made in.

    Where a snapshot stands in the place of entries, none of it can be proven;
    what was taken as pages before that snapshot came can be, as ever.
    """
    at = ledger.head(store, scope)
    if at is None or at.number <= after:
        return
    lowest = ledger.floor(store, scope)
    before = ledger.chain_at(store, scope, after) if after >= lowest else _chain_there(store, scope, after)
    ends = store.rows("SELECT number, chain, signature FROM signed_head WHERE scope = ? AND number > ? AND number < ? ORDER BY number",
                      (scope, after, at.number))
    for end, chain, signature in [*ends, (at.number, at.chain, at.signature)]:
        rows = [one for one in entries.rows_after(store, scope, after, end - after) if one.number <= end]
        if before is not None and len(rows) == end - after:
            epoch = at.epoch if end == at.number else epochs.of_number(store, at, end)  # a head is signed again at each step
            yield ledger.page_of(store, rows, epoch, before, bytes(signature))
            before = entries.extend(before, rows)
        elif end > lowest:
            raise Damaged(ALTERED)
        else:
            before = bytes(chain)
        after = end


def _chain_there(store: Store, scope: str, number: int) -> bytes | None:
    """The chain at a number below which a snapshot stands for some entries; None where nobody can tell."""
    try:
        return ledger.chain_at(store, scope, number)
    except Damaged:
        return None


def carried(page: Page) -> bytes:
    """A page as it is offered."""
    return codec.squeeze(codec.pack(page))


def keep_lost(store: Store, scope: str, after: int) -> None:
    """Keep the pages after a number beside the ledger that is about to go back.

    Until what they hold is in a ledger here again, this may be the only copy
    of it: the server may be set back once more before that.
    """
    with suppress(Damaged):  # what this copy cannot prove, it cannot offer either
        for page in pages_after(store, scope, after):
            store.execute("INSERT INTO lost_page (scope, number, data) VALUES (?, ?, ?)", (scope, page.first, carried(page)))


def kept_lost(store: Store) -> list[tuple[str, bytes]]:
    """(scope, page as offered) of what was kept, control first, in order."""
    rows = store.rows("SELECT scope, data FROM lost_page ORDER BY scope <> 'control', rowid")
    return [(scope, bytes(data)) for scope, data in rows]


def not_back(store: Store) -> list[int]:
    """The kept pages, by row, of which an entry is not in the ledger here again."""
    found = []
    for row, scope, data in store.rows("SELECT rowid, scope, data FROM lost_page ORDER BY rowid"):
        dots = set(ledger.dots_on(codec.unpack(codec.unsqueeze(bytes(data), codec.MAX_MESSAGE), Page)))
        dots -= {one.dot for one in entries.rows_of(store, scope, dots)}
        if dots and (origins := origins_of(store, scope)) is not None:  # a snapshot has the change, where its entry is not here
            dots = {dot for dot in dots if origins.number(dot) is None}
        if dots:
            found.append(row)
    return found


def forget_lost(store: Store, but: list[int]) -> None:
    """Drop what was kept, but for these rows."""
    gone = [(row,) for (row,) in store.rows("SELECT rowid FROM lost_page") if row not in but]
    if gone:
        with store.transaction():
            store.many("DELETE FROM lost_page WHERE rowid = ?", gone)
            store.execute("UPDATE forgotten SET swept = -1 WHERE control > 0")  # what was erased meanwhile may have stood in them
