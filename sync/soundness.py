"""Whether entries still are what was signed when they were decided: looked at before a page is served; repairs nothing."""

from __future__ import annotations

from collections.abc import Callable

from i18n import Text
from sync import codec, entries, epochs, ledger
from sync.change import START, Change, Verdict, entry_link, head_statement
from sync.confirmed import record_id
from sync.entries import Row
from sync.erased import Erasures
from sync.errors import Damaged
from sync.identity import verifies
from sync.store import Store


def checker(store: Store, authority: bytes, erasures: Erasures) -> Callable[[ledger.Head, list[Row], bytes], None]:
    """What `ledger.cut` asks before it signs a page: raises Damaged when the entries, or the chain at their end, were altered since."""
    def check(at: ledger.Head, rows: list[Row], chain: bytes) -> None:
        altered = altered_entries(store, rows, erasures)
        if altered:
            raise Damaged(altered[0])
        end = _signed_end(store, at, rows[-1].number)
        rest = entries.rows_after(store, at.scope, rows[-1].number, end.number - rows[-1].number) if end.number > rows[-1].number else []
        signed = verifies(authority, head_statement(at.scope, end.epoch, end.number, end.chain), end.signature)
        if not signed or entries.extend(chain, rest) != end.chain:
            raise Damaged(Text("Entries {first} to {last} of the ledger “{scope}” were altered: they are not what the server signed.",
                               first=rows[0].number, last=end.number, scope=at.scope))

    return check


def altered_entries(store: Store, rows: list[Row], erasures: Erasures) -> list[Text]:
    """Entries whose text is not what their commitment says, is missing though no erasure names it, or is filed under another record."""
    found = []
    seeds = {(bytes(log), run): bytes(seed) for log, run, seed in store.among(
        "SELECT log, run, seed FROM log_seed WHERE log IN (?)", sorted({one.log for one in rows}))}
    for one in rows:
        if one.verdict != Verdict.ACCEPTED:
            continue
        if one.body is None:
            if not erasures.holds(one):
                found.append(Text("Entry {number} of the ledger “{scope}” lost its text, and no erasure names it.",
                                  number=one.number, scope=one.scope))
            continue
        seed = seeds.get((one.log, one.n // codec.RUN), b"")
        if codec.commitment(one.salt or codec.salt_of(seed, one.n), one.body) != one.commitment \
                or record_id(codec.unpack(one.body, Change).record) != one.record:
            found.append(Text("Entry {number} of the ledger “{scope}” was altered.", number=one.number, scope=one.scope))
    return found


def altered_heads(store: Store, at: ledger.Head, authority: bytes, chain: bytes = START, number: int = 0) -> list[Text]:
    """Signed heads on the way that do not carry the server's signature, or another chain than the entries up to there.

    The way begins at `number` with `chain`: where a copy was loaded from a snapshot.
    """
    kept = {number: (bytes(chain), bytes(signature)) for number, chain, signature in store.rows(
        "SELECT number, chain, signature FROM signed_head WHERE scope = ? AND number > ? AND number < ?", (at.scope, number, at.number))}
    found = []
    while number < at.number and (rows := entries.rows_after(store, at.scope, number, 1000)):
        for one in rows:
            chain = entry_link(chain, one.log, one.n, one.commitment, one.verdict, one.control, one.reason)
            number = one.number
            if number in kept:
                epoch = epochs.of_number(store, at, number)
                if kept[number][0] != chain or not verifies(authority, head_statement(at.scope, epoch, number, chain), kept[number][1]):
                    found.append(Text("The signed head {number} of the ledger “{scope}” was altered.", number=number, scope=at.scope))
    return found


def _signed_end(store: Store, at: ledger.Head, number: int) -> ledger.Head:
    """The first signed head at or after a number, in the epoch it was signed in."""
    row = store.row("SELECT number, chain, signature FROM signed_head WHERE scope = ? AND number >= ? AND number < ? ORDER BY number LIMIT 1",
                    (at.scope, number, at.number))
    return at if row is None else ledger.Head(at.scope, epochs.of_number(store, at, row[0]), row[0], bytes(row[1]), bytes(row[2]))
