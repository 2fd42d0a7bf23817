"""Whether entries still are what was signed when they were decided: looked at before a page is served; repairs nothing."""

from __future__ import annotations

import hashlib
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

_REMEMBERED = 20_000  # entries of which it is remembered that they were sound: about 3 MB


class Sound:
    """What this process found sound before, by fingerprint: a row that is the same to the byte needs no second look, one that was altered gets it.

    Rows, the seeds that their salts come from, and signed heads; the oldest are forgotten when there are too many.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret  # nobody can alter a row so that its fingerprint stays
        self._rows: dict[bytes, None] = {}
        self._heads: dict[tuple[bytes, bytes], None] = {}

    def fingerprint(self, row: Row, seed: bytes) -> bytes:
        """Sixteen bytes over everything that a row is checked against."""
        parts = (row.scope, row.number, row.log, row.n, row.commitment, row.salt, row.body, row.record, seed)
        return hashlib.blake2b(codec.pack(parts), digest_size=16, key=self._secret).digest()

    def knows(self, mark: bytes) -> bool:
        """Whether a row with this fingerprint was found sound."""
        return mark in self._rows

    def keep(self, marks: list[bytes]) -> None:
        """Remember rows that were found sound."""
        for one in marks:
            self._rows[one] = None
        while len(self._rows) > _REMEMBERED:
            del self._rows[next(iter(self._rows))]

    def signed(self, authority: bytes, statement: bytes, signature: bytes) -> bool:
        """Whether the authority signed a statement; a signature that held still does."""
        if (statement, signature) in self._heads:
            return True
        held = verifies(authority, statement, signature)
        if held:
            if len(self._heads) >= _REMEMBERED // 100:
                self._heads.clear()
            self._heads[statement, signature] = None
        return held


def checker(store: Store, authority: bytes, erasures: Erasures, sound: Sound) -> Callable[[ledger.Head, list[Row], bytes], None]:
    """What `ledger.cut` asks before it signs a page: raises Damaged when the entries, or the chain at their end, were altered since."""
    def check(at: ledger.Head, rows: list[Row], chain: bytes) -> None:
        altered = altered_entries(store, rows, erasures, sound)
        if altered:
            raise Damaged(altered[0])
        end = _signed_end(store, at, rows[-1].number)
        rest = entries.rows_after(store, at.scope, rows[-1].number, end.number - rows[-1].number) if end.number > rows[-1].number else []
        signed = sound.signed(authority, head_statement(at.scope, end.epoch, end.number, end.chain), end.signature)
        if not signed or entries.extend(chain, rest) != end.chain:
            raise Damaged(Text("Entries {first} to {last} of the ledger “{scope}” were altered: they are not what the server signed.",
                               first=rows[0].number, last=end.number, scope=at.scope))

    return check


def altered_entries(store: Store, rows: list[Row], erasures: Erasures, sound: Sound | None = None) -> list[Text]:
    """Entries whose text is not what their commitment says, is missing though no erasure names it, or is filed under another record."""
    found = []
    marks = []
    seeds: dict[tuple[bytes, int], list[bytes]] = {}  # the two branches of a forked log may each have brought one
    for log, run, seed in store.among("SELECT log, run, seed FROM log_seed WHERE log IN (?)", sorted({one.log for one in rows})):
        seeds.setdefault((bytes(log), run), []).append(bytes(seed))
    for one in rows:
        if one.verdict != Verdict.ACCEPTED:
            continue
        if one.body is None:
            if not erasures.holds(one):
                found.append(Text("Entry {number} of the ledger “{scope}” lost its text, and no erasure names it.",
                                  number=one.number, scope=one.scope))
            continue
        known = sorted(seeds.get((one.log, one.n // codec.RUN), [b""]))
        if sound is not None:
            mark = sound.fingerprint(one, b"".join(known))
            if sound.knows(mark):
                continue
            marks.append(mark)
        salts = [one.salt] if one.salt else [codec.salt_of(seed, one.n) for seed in known]
        if all(codec.commitment(salt, one.body) != one.commitment for salt in salts) \
                or record_id(codec.unpack(one.body, Change).record) != one.record:
            found.append(Text("Entry {number} of the ledger “{scope}” was altered.", number=one.number, scope=one.scope))
    if sound is not None and not found:
        sound.keep(marks)
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
