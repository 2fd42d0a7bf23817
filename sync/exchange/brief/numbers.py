"""Columns of whole numbers: as differences or as they are, in bytes that compress or packed without a lost bit; knows no change."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Sequence

from sync.errors import Damaged
from sync.exchange.brief.streams import Reader, Writer
from sync.proofs import ALTERED

TOGETHER = 64  # numbers packed into one large one
ZEROS, BYTES, STEPS, PACKED, PACKED_STEPS = range(5)


def write_column(out: Writer, values: Sequence[int]) -> None:
    """A column of numbers whose length the reader knows, in whichever form is the shortest."""
    if not values:
        return
    if not any(values):
        out.number(ZEROS)
        return
    steps = [after - before for before, after in itertools.pairwise(values)]
    forms = {
        BYTES: _cost_of_bytes(values), STEPS: 2 + _cost_of_bytes(steps),
        PACKED: _cost_of_packing(values), PACKED_STEPS: 3 + _cost_of_packing(steps),
    }
    form = min(forms, key=lambda one: (forms[one], one))
    out.number(form)
    if form in (STEPS, PACKED_STEPS):
        out.signed(values[0])
        values = steps
    if form in (BYTES, STEPS):
        for one in values:
            out.signed(one)
    else:
        low, span = min(values), max(values) - min(values)
        out.signed(low)
        out.number(span)
        pack(out, [one - low for one in values], span + 1)


def read_column(source: Reader, count: int) -> list[int]:
    """The column that `write_column` wrote."""
    if not count:
        return []
    form = source.number()
    if form == ZEROS:
        return [0] * count
    if form > PACKED_STEPS:
        raise Damaged(ALTERED)
    start = source.signed() if form in (STEPS, PACKED_STEPS) else None
    left = count if start is None else count - 1
    if form in (BYTES, STEPS):
        found = source.several(left)
    else:
        low, span = source.signed(), source.number()
        found = [low + one for one in unpack(source, left, span + 1)]
    return found if start is None else list(itertools.accumulate(found, initial=start))


def pack(out: Writer, values: Sequence[int], base: int) -> None:
    """Numbers from 0 to `base` - 1, as digits of large numbers."""
    for start in range(0, len(values), TOGETHER):
        some = values[start : start + TOGETHER]
        whole = 0
        for one in reversed(some):
            whole = whole * base + one
        out.bare(whole.to_bytes(_room(base, len(some)), "little"))


def unpack(source: Reader, count: int, base: int) -> list[int]:
    """The numbers that `pack` wrote."""
    found: list[int] = []
    while len(found) < count:
        some = min(TOGETHER, count - len(found))
        whole = int.from_bytes(source.bare(_room(base, some)), "little")
        for _ in range(some):
            whole, one = divmod(whole, base)
            found.append(one)
        if whole:
            raise Damaged(ALTERED)
    return found


def cost_of(data: bytes) -> float:
    """About how many bytes are left of these after compression."""
    if len(data) < 16:
        return len(data)
    counts = Counter(data)
    bits = sum(count * math.log2(len(data) / count) for count in counts.values())
    return min(len(data), 2 + len(counts) / 2 + bits / 8)


def _room(base: int, count: int) -> int:
    return ((base**count - 1).bit_length() + 7) // 8


def _cost_of_bytes(values: Sequence[int]) -> float:
    out = Writer()
    for one in values:
        out.signed(one)
    return cost_of(bytes(out.soft))


def _cost_of_packing(values: Sequence[int]) -> float:
    if not values:
        return 0
    span = max(values) - min(values) + 1
    return 1 if span == 1 else 3 + span.bit_length() / 8 + len(values) * math.log2(span) / 8
