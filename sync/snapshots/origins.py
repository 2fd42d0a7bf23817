"""Which change a ledger number names, and which number a change got, where a replica holds no entries but a snapshot; knows no rows."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from functools import cached_property
from typing import NamedTuple
from weakref import WeakKeyDictionary

import zstandard

from sync import codec
from sync.change import log_id
from sync.snapshots.columns import numbers
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


class Origins:
    """The provenance of one snapshot."""

    def __init__(self, scope: str, held: Provenance) -> None:
        self._logs = [log_id(one.key, scope, one.nonce) for one in held.logs]
        self._ns = [numbers(one.steps) for one in held.logs]
        self._marks = [one.marks for one in held.logs]
        self._numbers = numbers(held.numbers)
        self._log = numbers(held.log)
        self._position = numbers(held.position)
        self._time = numbers(held.time)
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
        return None if place is None else self._by_place.get(place, DECIDED)

    def refusal(self, dot: bytes) -> Refused | None:
        """The refusal of a change, if it was refused."""
        place = self._place(dot)
        return next((one for one in self._refused if (one.log, one.position) == place), None)

    def _place(self, dot: bytes) -> tuple[int, int] | None:
        log, n, mark = codec.dot_parts(dot)
        if log not in self._index:
            return None
        index = self._index[log]
        ns: array[int] = self._ns[index]
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

    @cached_property
    def _by_place(self) -> dict[tuple[int, int], int]:
        found = dict(zip(zip(self._log, self._position, strict=True), self._numbers, strict=True))
        found.update({(one.log, one.position): one.number for one in self._refused})
        return found


_kept: WeakKeyDictionary[Store, dict[tuple[str, str], tuple[bytes, int, Origins]]] = WeakKeyDictionary()


def origins_of(store: Store, scope: str, schema: str = "") -> Origins | None:
    """The provenance that a scope's copy was loaded with; None where every entry is here. Unpacked once and kept with the connection."""
    at = store.row(f"SELECT epoch, number FROM {schema}snapshot WHERE scope = ?", (scope,))
    if at is None:
        return None
    kept = _kept.setdefault(store, {})
    known = kept.get((schema, scope))
    if known is None or (known[0], known[1]) != (bytes(at[0]), at[1]):
        packed = store.value(f"SELECT provenance FROM {schema}snapshot WHERE scope = ?", (scope,))
        known = bytes(at[0]), at[1], Origins(scope, codec.unpack(zstandard.ZstdDecompressor().decompress(bytes(packed)), Provenance))
        kept[schema, scope] = known
    return known[2]
