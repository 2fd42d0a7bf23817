"""Which change a ledger number names, and which number a change got, where a replica holds no entries but a snapshot; knows no rows."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection, Sequence
from functools import cached_property
from typing import NamedTuple
from weakref import WeakKeyDictionary

import msgspec
import zstandard

from sync import codec
from sync.change import log_id
from sync.errors import Damaged
from sync.proofs import ALTERED
from sync.snapshots.columns import pack_wholes, wholes
from sync.snapshots.content import read_provenance, unchecked_header
from sync.snapshots.kept import kept_file
from sync.snapshots.provenance import Column, Held, Refused
from sync.store import SqliteStore, Store

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


class Places(msgspec.Struct, array_like=True, frozen=True):
    """A provenance as a copy keeps it: whole numbers where it came with steps between them, each column compressed by itself.

    So a few are read without all the others, and one column at a time is whole in memory while they are made.
    """

    logs: list[Place]
    numbers: bytes
    log: bytes
    position: bytes
    time: bytes
    refused: list[Refused]


def in_order(store: SqliteStore, scope: str) -> bytes:
    """What is to stand in the database for the provenance of the snapshot that a scope's copy was loaded with."""
    return codec.pack(_ordered(_as_it_came(store, scope, "main")))


def _places(store: SqliteStore, scope: str, schema: str) -> Places:
    data = store.value(f"SELECT data FROM {schema}provenance WHERE scope = ?", (scope,))
    return codec.unpack(bytes(data), Places) if data else _ordered(_as_it_came(store, scope, schema.rstrip(".") or "main"))


def _as_it_came(store: SqliteStore, scope: str, schema: str) -> Held:
    with kept_file(store, scope, schema) as source:
        return read_provenance(source, unchecked_header(source))


def check(held: Held) -> None:
    """Damaged, unless the columns of a provenance fit together: whoever reads one that was kept may rely on it."""
    sizes = [one.ns.count for one in held.logs]
    whole = len({len(one.numbers()) for one in (held.numbers, held.log, held.position, held.time)}) == 1 \
        and all(len(one.ns.numbers()) == size and len(one.marks) == 2 * size for one, size in zip(held.logs, sizes, strict=True)) \
        and all(0 <= log < len(sizes) for log in held.log.walk()) \
        and all(0 <= place < sizes[log] for log, place in zip(held.log.walk(), held.position.walk(), strict=True)) \
        and all(0 <= one.log < len(sizes) and 0 <= one.position < sizes[one.log] and 0 < one.number < 2**63 for one in held.refused)
    if not whole:
        raise Damaged(ALTERED)


def _ordered(held: Held) -> Places:
    entered = [array("q", bytes(8 * one.ns.count)) for one in held.logs]  # DECIDED, until more is known
    for number, log, place in zip(held.numbers.walk(), held.log.walk(), held.position.walk(), strict=True):
        entered[log][place] = number
    for one in held.refused:
        entered[one.log][one.position] = one.number
    logs = [Place(one.key, one.nonce, _squeezed(one.ns.numbers()), one.marks, _squeezed(at)) for one, at in zip(held.logs, entered, strict=True)]
    return Places(logs, *map(_as_wholes, (held.numbers, held.log, held.position, held.time)), held.refused)


def _as_wholes(column: Column) -> bytes:
    return _squeezed(column.numbers())


def _squeezed(column: array[int]) -> bytes:
    whole = pack_wholes(column)
    making = zstandard.ZstdCompressor(level=1).compressobj(len(whole))  # compressed in one call, it would keep the room for the worst
    return bytes(making.compress(whole) + making.flush())


def _unsqueezed(data: bytes) -> Sequence[int]:
    return wholes(zstandard.ZstdDecompressor().decompress(data))


class Origins:
    """The provenance of one snapshot. A column is unpacked when somebody asks for what stands in it: most look for a number only."""

    def __init__(self, scope: str, held: Places) -> None:
        self._held = held
        self._logs = [log_id(one.key, scope, one.nonce) for one in held.logs]
        self._unpacked: dict[bytes, Sequence[int]] = {}

    def origin(self, number: int) -> Origin | None:
        """Where the value of a ledger number came from, if it still stood at the snapshot."""
        held, numbers = self._held, self._column(self._held.numbers)
        at = bisect_left(numbers, number)
        if at == len(numbers) or numbers[at] != number:
            return None
        log, position = self._column(held.log)[at], self._column(held.position)[at]
        n = self._column(held.logs[log].ns)[position]
        return Origin(self._logs[log], n, self._mark(log, position), self._column(held.time)[at])

    def numbers_by(self, logs: Collection[bytes], since: int) -> list[int]:
        """The ledger numbers from `since` on, of values that stood at the snapshot, which these logs wrote."""
        own = {at for at, log in enumerate(self._logs) if log in logs}
        numbers, by = self._column(self._held.numbers), self._column(self._held.log)
        return [numbers[at] for at in range(bisect_left(numbers, since), len(numbers)) if by[at] in own]

    def number(self, dot: bytes) -> int | None:
        """The ledger number of a change; DECIDED when it has one that is not kept, None when it is not decided here."""
        place = self._place(dot)
        return None if place is None else self._column(self._held.logs[place[0]].numbers)[place[1]]

    def refusal(self, dot: bytes) -> Refused | None:
        """The refusal of a change, if it was refused."""
        place = self._place(dot)
        return next((one for one in self._held.refused if (one.log, one.position) == place), None)

    def _place(self, dot: bytes) -> tuple[int, int] | None:
        log, n, mark = codec.dot_parts(dot)
        if log not in self._index:
            return None
        index = self._index[log]
        ns = self._column(self._held.logs[index].ns)
        position = bisect_left(ns, n)
        while position < len(ns) and ns[position] == n:
            if self._mark(index, position) == mark:
                return index, position
            position += 1
        return None

    def _mark(self, log: int, position: int) -> bytes:
        return self._held.logs[log].marks[2 * position : 2 * position + 2]

    def _column(self, packed: bytes) -> Sequence[int]:
        found = self._unpacked.get(packed)
        if found is None:
            found = self._unpacked[packed] = _unsqueezed(packed)
        return found

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
        assert isinstance(store, SqliteStore)  # an authority holds every entry, and no snapshot but as a file
        known = bytes(at[0]), at[1], Origins(scope, _places(store, scope, schema))
        kept[schema, scope] = known
    return known[2]
