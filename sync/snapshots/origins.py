"""Which change a ledger number names, and which number a change got, where a replica holds no entries but a snapshot; knows no rows."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from functools import cached_property
from operator import lt
from typing import NamedTuple
from weakref import WeakKeyDictionary

import msgspec
import zstandard

from sync import codec
from sync.change import log_id
from sync.errors import Damaged
from sync.proofs import ALTERED
from sync.snapshots.columns import numbers, pack_wholes, wholes
from sync.snapshots.content import Provenance, Refused
from sync.store import Store

DECIDED = 0  # the number of a change that is decided and stands nowhere any more: which one it was is not kept


class Origin(NamedTuple):
    """Where a standing value came from: its log, its place there, the mark of its commitment, its author's clock."""

    log: bytes
    n: int
    mark: bytes
    time: int

    @property
    def dot(self) -> bytes:
        """The change's identity."""
        return self.log + self.n.to_bytes(4, "big") + self.mark


class Place(msgspec.Struct, array_like=True, frozen=True):
    """What of one log is decided: its numbers, two bytes of each commitment, and the ledger number of each that stands (DECIDED otherwise)."""

    key: bytes
    nonce: bytes
    ns: bytes
    marks: bytes
    numbers: bytes


class Places(msgspec.Struct, array_like=True, frozen=True, tag="places"):
    """A provenance as a copy keeps it: whole numbers where it came with steps between them, so that a few are read without all the others."""

    logs: list[Place]
    numbers: bytes
    log: bytes
    position: bytes
    time: bytes
    refused: list[Refused]


def packed(one: Provenance | Places) -> bytes:
    """What stands in the database."""
    return zstandard.ZstdCompressor(level=3).compress(codec.pack(one))


def in_order(store: Store, scope: str) -> bytes:
    """What stands in the database in place of a provenance as it came."""
    return packed(_places(store, scope, ""))


def _places(store: Store, scope: str, schema: str) -> Places:
    data = store.value(f"SELECT data FROM {schema}provenance WHERE scope = ?", (scope,))
    held = codec.unpack(zstandard.ZstdDecompressor().decompress(bytes(data)), Provenance | Places)
    return held if isinstance(held, Places) else _ordered(held)


def check(held: Provenance) -> None:
    """Damaged, unless the columns of a provenance fit together: whoever reads one that was kept may rely on it."""
    found, log, position, time = map(numbers, (held.numbers, held.log, held.position, held.time))
    sizes = [len(one.marks) // 2 for one in held.logs]
    whole = len(found) == len(log) == len(position) == len(time) \
        and all(len(numbers(one.steps)) == size and len(one.marks) == 2 * size for one, size in zip(held.logs, sizes, strict=True)) \
        and min(log, default=0) >= 0 and max(log, default=-1) < len(sizes) \
        and min(position, default=0) >= 0 and all(map(lt, position, map(sizes.__getitem__, log))) \
        and all(0 <= one.log < len(sizes) and 0 <= one.position < sizes[one.log] and 0 < one.number < 2**63 for one in held.refused)
    if not whole:
        raise Damaged(ALTERED)


def _ordered(held: Provenance) -> Places:
    entered = [array("q", bytes(4 * len(one.marks))) for one in held.logs]  # DECIDED, until more is known
    found, log, position = numbers(held.numbers), numbers(held.log), numbers(held.position)
    for number, each, place in zip(found, log, position, strict=True):
        entered[each][place] = number
    for one in held.refused:
        entered[one.log][one.position] = one.number
    logs = [Place(one.key, one.nonce, pack_wholes(numbers(one.steps)), one.marks, pack_wholes(at))
            for one, at in zip(held.logs, entered, strict=True)]
    return Places(logs, pack_wholes(found), pack_wholes(log), pack_wholes(position), pack_wholes(numbers(held.time)), held.refused)


class Origins:
    """The provenance of one snapshot."""

    def __init__(self, scope: str, held: Places) -> None:
        self._logs = [log_id(one.key, scope, one.nonce) for one in held.logs]
        self._ns = [wholes(one.ns) for one in held.logs]
        self._marks = [one.marks for one in held.logs]
        self._entered = [wholes(one.numbers) for one in held.logs]
        self._numbers = wholes(held.numbers)
        self._log = wholes(held.log)
        self._position = wholes(held.position)
        self._time = wholes(held.time)
        self._refused = held.refused

    def origin(self, number: int) -> Origin | None:
        """Where the value of a ledger number came from, if it still stood at the snapshot."""
        at = bisect_left(self._numbers, number)
        if at == len(self._numbers) or self._numbers[at] != number:
            return None
        log, position = self._log[at], self._position[at]
        return Origin(self._logs[log], self._ns[log][position], self._mark(log, position), self._time[at])

    def number(self, dot: bytes) -> int | None:
        """The ledger number of a change; DECIDED when it has one that is not kept, None when it is not decided here."""
        place = self._place(dot)
        return None if place is None else self._entered[place[0]][place[1]]

    def refusal(self, dot: bytes) -> Refused | None:
        """The refusal of a change, if it was refused."""
        place = self._place(dot)
        return next((one for one in self._refused if (one.log, one.position) == place), None)

    def _place(self, dot: bytes) -> tuple[int, int] | None:
        log, n, mark = codec.dot_parts(dot)
        if log not in self._index:
            return None
        index = self._index[log]
        ns = self._ns[index]
        position = bisect_left(ns, n)
        while position < len(ns) and ns[position] == n:
            if self._mark(index, position) == mark:
                return index, position
            position += 1
        return None

    def _mark(self, log: int, position: int) -> bytes:
        return self._marks[log][2 * position : 2 * position + 2]

    @cached_property
    def _index(self) -> dict[bytes, int]:
        return {log: index for index, log in enumerate(self._logs)}


_kept: WeakKeyDictionary[Store, dict[tuple[str, str], tuple[bytes, int, Origins]]] = WeakKeyDictionary()


def origins_of(store: Store, scope: str, schema: str = "") -> Origins | None:
    """The provenance that a scope's copy was loaded with; None where every entry is here. Unpacked once and kept with the connection."""
    at = store.row(f"SELECT epoch, number FROM {schema}snapshot WHERE scope = ?", (scope,))
    if at is None:
        return None
    kept = _kept.setdefault(store, {})
    known = kept.get((schema, scope))
    if known is None or (known[0], known[1]) != (bytes(at[0]), at[1]):
        known = bytes(at[0]), at[1], Origins(scope, _places(store, scope, schema))
        kept[schema, scope] = known
    return known[2]
