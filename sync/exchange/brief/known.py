"""What both ends of an exchange hold at a number of a ledger, asked of one database; the only SQL of the brief form."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from sync.change import log_link
from sync.codec import RUN
from sync.confirmed import dots_of, numbers_of
from sync.record import Kinds
from sync.store import Store
from sync.tables import table_of


class Known(Protocol):
    """Names for what has a number below the first that is new to the other end."""

    def numbers(self, dots: Iterable[bytes]) -> dict[bytes, int]:
        """The numbers of dots that have one."""
        ...

    def dots(self, numbers: Iterable[int]) -> dict[int, bytes]:
        """The dots of numbers that are here."""
        ...

    def creations(self, records: Iterable[tuple[str, bytes]]) -> dict[bytes, int]:
        """The numbers under which records (kind, 16 bytes) were created."""
        ...

    def records(self, numbers: Iterable[int]) -> dict[int, bytes]:
        """The records (16 bytes) created under numbers."""
        ...


@dataclass(frozen=True, slots=True)
class Link:
    """Where a log stands after one of its entries: whose it is, its next number, the chain there, the seed that goes on."""

    log: bytes
    key: bytes
    nonce: bytes
    next: int
    chain: bytes
    seed: bytes | None


class Ledgers:
    """One scope of one database, up to the number `below` (excluded).

    `floor` is the number up to which the other end holds no entries, only
    their outcome: no log is named by one of those.
    """

    def __init__(self, store: Store, kinds: Kinds, scope: str, below: int, floor: int = 0) -> None:
        self.store = store
        self.kinds = kinds
        self.scope = scope
        self.below = below
        self.floor = floor

    def numbers(self, dots: Iterable[bytes]) -> dict[bytes, int]:
        found = numbers_of(self.store, self.scope, dots)
        return {dot: number for dot, number in found.items() if 0 < number < self.below}  # 0: decided, but which number it had is not kept

    def dots(self, numbers: Iterable[int]) -> dict[int, bytes]:
        return dots_of(self.store, self.scope, (one for one in numbers if 0 < one < self.below))

    def creations(self, records: Iterable[tuple[str, bytes]]) -> dict[bytes, int]:
        by_kind: dict[str, list[str]] = {}
        for kind, record in set(records):
            by_kind.setdefault(kind, []).append(str(uuid.UUID(bytes=record)))
        found = {}
        for kind, ids in by_kind.items():
            name = table_of(self.kinds.known_or_bare(kind)).name
            for id, number in self.store.among(f"SELECT id, number FROM {name} WHERE scope = ? AND id IN (?)", ids, (self.scope,)):
                if number is not None and number < self.below:
                    found[uuid.UUID(id).bytes] = number
        return found

    def records(self, numbers: Iterable[int]) -> dict[int, bytes]:
        wanted = sorted({one for one in numbers if 0 < one < self.below})
        rows = self.store.among("SELECT number, record FROM entry WHERE scope = ? AND record IS NOT NULL AND number IN (?)", wanted, (self.scope,))
        found = {number: uuid.UUID(record).bytes for number, record in rows}
        for name in ("unknown", *(table_of(kind).name for kind in self.kinds.values())):  # what came with a snapshot has no entry here
            missing = [one for one in wanted if one not in found]
            if missing:
                rows = self.store.among(f"SELECT number, id FROM {name} WHERE scope = ? AND number IN (?)", missing, (self.scope,))
                found.update({number: uuid.UUID(id).bytes for number, id in rows})
        return found

    def entry_before(self, log: bytes, n: int) -> int | None:
        """The number of the entry just before number `n` of a log, if the other end can look it up."""
        found = self.store.rows("SELECT number FROM entry WHERE log = ? AND n = ? AND scope = ?", (log, n - 1, self.scope))
        return found[0][0] if len(found) == 1 and self.floor < found[0][0] < self.below else None

    def link(self, number: int) -> Link | None:
        """Where a log stands after an entry; None when that entry is not here."""
        if number >= self.below:
            return None
        row = self.store.row("SELECT e.log, e.n, e.before, e.commitment, l.signer, l.nonce FROM entry e JOIN log l ON l.id = e.log"
                             " WHERE e.scope = ? AND e.number = ?", (self.scope, number))
        if row is None:
            return None
        log, n, before, commitment, signer, nonce = row
        seed = self._seed(bytes(log), n) if n // RUN == (n + 1) // RUN else None
        return Link(bytes(log), bytes(signer), bytes(nonce), n + 1, log_link(bytes(before), bytes(commitment)), seed)

    def _seed(self, log: bytes, n: int) -> bytes | None:
        """The seed that entries of a run below have shown: an entry that is accepted, with no salt of its own, came with it."""
        shown = self.store.value("SELECT count(*) FROM entry WHERE log = ? AND n BETWEEN ? AND ? AND number > ? AND number < ?"
                                 " AND salt IS NULL AND body IS NOT NULL", (log, n // RUN * RUN, n, self.floor, self.below))
        seeds = self.store.rows("SELECT seed FROM log_seed WHERE log = ? AND run = ?", (log, n // RUN))
        return bytes(seeds[0][0]) if shown and len(seeds) == 1 else None
