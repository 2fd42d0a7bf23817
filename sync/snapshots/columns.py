"""Columns of whole numbers and ids as bytes that compress well; knows nothing else."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

from sync.errors import Damaged
from sync.proofs import ALTERED


def steps(numbers: Iterable[int]) -> bytes:
    """The differences between neighbours (the first from 0), 8 bytes each, little-endian."""
    listed = [0, *numbers]
    return _little(array("q", (after - before for before, after in pairwise(listed)))).tobytes()


def numbers(data: bytes | memoryview) -> array[int]:
    """What `steps` was made of; Damaged when it is no such column."""
    if len(data) % 8:
        raise Damaged(ALTERED)
    try:
        return array("q", accumulate(wholes(data)))
    except OverflowError as error:
        raise Damaged(ALTERED) from error


def wholes(data: bytes | memoryview) -> Sequence[int]:
    """Numbers that stand as they are, 8 bytes each, little-endian, without a copy where the machine reads them so."""
    if sys.byteorder == "big":  # pragma: no cover - none of ours is
        return _little(array("q", data))
    return memoryview(data).cast("q")


def pack_wholes(column: array[int]) -> memoryview:
    """What `wholes` reads; a view of the column where the machine keeps it so."""
    return memoryview(column if sys.byteorder == "little" else _little(array("q", column))).cast("B")


def pack_ids(ids: Iterable[str]) -> bytes:
    """UUIDs as 16 bytes each."""
    return bytes.fromhex("".join(ids).replace("-", ""))


def ids(data: bytes) -> list[str]:
    """UUIDs as people and tables write them; Damaged when these are none."""
    if len(data) % 16:
        raise Damaged(ALTERED)
    digits = data.hex()
    return [f"{digits[at:at + 8]}-{digits[at + 8:at + 12]}-{digits[at + 12:at + 16]}-{digits[at + 16:at + 20]}-{digits[at + 20:at + 32]}"
            for at in range(0, len(digits), 32)]


def _little(column: array[int]) -> array[int]:
    """The same column, swapped on a machine that keeps the high byte first."""
    if sys.byteorder == "big":  # pragma: no cover - none of ours is
        column.byteswap()
    return column
