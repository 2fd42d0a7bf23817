"""The last chunk of a snapshot: where its values came from, read in pieces, so that no column of it is whole in memory; knows no database."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator
from itertools import accumulate, chain
from typing import BinaryIO, NamedTuple

import msgspec
import zstandard

from sync import codec
from sync.errors import Damaged
from sync.proofs import ALTERED
from sync.snapshots.columns import wholes

_FIELDS, _FIELDS_OF_A_LOG = 7, 4  # with the tag
BEGINNING = bytes([0x90 + _FIELDS]) + codec.pack("origins")  # of this chunk, and of no other
_PIECE = 2**16  # bytes of a column that are unpacked at once: whole numbers of 8
_PACKING = zstandard.ZstdCompressionParameters.from_level(1, window_log=16, write_content_size=0)  # looks back little, so holds little


class Log(msgspec.Struct, array_like=True, frozen=True):
    """What of one log is decided: steps between its numbers, in order, and the two bytes of each commitment (a fork repeats a number)."""

    key: bytes
    nonce: bytes
    steps: bytes
    marks: bytes


class Refused(msgspec.Struct, array_like=True, frozen=True):
    """A refused change: its ledger number, its place (log, position in that log) and the reason sealed to its author."""

    number: int
    log: int
    position: int
    reason: bytes


class Provenance(msgspec.Struct, array_like=True, frozen=True, tag="origins"):
    """Who wrote what is still standing: for each ledger number that a live value or a deletion refers to, its log, place there and time.

    The columns are steps between 64-bit numbers (see `columns.steps`), so that a run of fresh records costs next to nothing.
    """

    logs: list[Log]
    numbers: bytes
    log: bytes
    position: bytes
    time: bytes
    refused: list[Refused]


class Column:
    """A column of steps, as a copy holds it after reading: packed. `count` is how many numbers it has."""

    def __init__(self, pieces: Iterator[bytes], size: int) -> None:
        if size % 8:
            raise Damaged(ALTERED)
        packing = zstandard.ZstdCompressor(compression_params=_PACKING).compressobj()
        self._packed = b"".join([*map(packing.compress, pieces), packing.flush()])
        self.count = size // 8

    def walk(self) -> Iterator[int]:
        """The numbers one by one: none of them is held. They may be larger than 64 bits where nobody looked at them."""
        with zstandard.ZstdDecompressor().stream_reader(self._packed) as stream:
            yield from accumulate(chain.from_iterable(map(wholes, iter(lambda: stream.read(_PIECE), b""))))

    def numbers(self) -> array[int]:
        """All of them; Damaged when one has no place in 64 bits."""
        try:
            return array("q", self.walk())
        except OverflowError as error:
            raise Damaged(ALTERED) from error


class HeldLog(NamedTuple):
    """A `Log` as it is held after reading."""

    key: bytes
    nonce: bytes
    ns: Column
    marks: bytes


class Held(NamedTuple):
    """A `Provenance` as it is held after reading."""

    logs: list[HeldLog]
    numbers: Column
    log: Column
    position: Column
    time: Column
    refused: list[Refused]


class Reading:
    """One chunk of a stream, of `length` bytes, hashed as it passes. Whatever it gives is to be believed once `end` was not Damaged."""

    def __init__(self, stream: BinaryIO, length: int) -> None:
        self.left = length
        self._stream = stream
        self._hash = hashlib.sha256()

    def pieces(self, count: int, size: int = _PIECE) -> Iterator[bytes]:
        """So many bytes, `size` at a time; Damaged when there are not so many."""
        if count > self.left:
            raise Damaged(ALTERED)
        self.left -= count
        while count:
            piece = self._stream.read(min(count, size))
            if not piece:
                raise Damaged(ALTERED)
            self._hash.update(piece)
            count -= len(piece)
            yield piece

    def take(self, count: int) -> bytes:
        """So many bytes."""
        return b"".join(self.pieces(count))

    def end(self, name: bytes) -> None:
        """Damaged, unless this was all of the chunk, and it is the one of that name."""
        if self.left or self._hash.digest()[:16] != name:
            raise Damaged(ALTERED)


class _Rest(msgspec.Struct, array_like=True, frozen=True):
    refused: list[Refused]


def held(reading: Reading) -> Held:
    """What a chunk says after its `BEGINNING`; Damaged where it is none."""
    try:
        logs = [_log(reading) for _ in range(_items(reading))]
        columns = [_column(reading) for _ in range(4)]
        rest = msgspec.msgpack.decode(b"\x91" + reading.take(reading.left), type=_Rest)
    except msgspec.DecodeError as error:
        raise Damaged(ALTERED) from error
    return Held(logs, *columns, rest.refused)


def _log(reading: Reading) -> HeldLog:
    if _items(reading) != _FIELDS_OF_A_LOG:
        raise Damaged(ALTERED)
    return HeldLog(_bytes(reading), _bytes(reading), _column(reading), _bytes(reading))


def _column(reading: Reading) -> Column:
    size = _size(reading)
    return Column(reading.pieces(size), size)


def _bytes(reading: Reading) -> bytes:
    return reading.take(_size(reading))


def _items(reading: Reading) -> int:
    """How many items a list has, as msgpack says it."""
    first, = reading.take(1)
    if 0x90 <= first <= 0x9F:
        return first - 0x90
    return _count(reading, first, {0xDC: 2, 0xDD: 4})


def _size(reading: Reading) -> int:
    """How many bytes follow, as msgpack says it."""
    first, = reading.take(1)
    return _count(reading, first, {0xC4: 1, 0xC5: 2, 0xC6: 4})


def _count(reading: Reading, first: int, widths: dict[int, int]) -> int:
    if first not in widths:
        raise Damaged(ALTERED)
    return int.from_bytes(reading.take(widths[first]), "big")
