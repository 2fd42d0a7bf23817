"""A run of changes as columns, and back to the very bytes that were signed; asks `Known`, knows no database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sync import codec
from sync.change import Change, Operation
from sync.errors import Damaged
from sync.exchange.brief.known import Known
from sync.exchange.brief.numbers import read_column, write_column
from sync.exchange.brief.streams import Reader, Writer, packed
from sync.exchange.brief.texts import read_values, write_values
from sync.proofs import ALTERED

MOST = 4096  # changes of one run
PATHS = 1000  # parts that one change may write
RAW = 0  # the shape of a change that stands as it is
_DOT = 14
_NOTHING: list[bytes] = []  # seen, by most changes


@dataclass(frozen=True, slots=True)
class Item:
    """One place in a run: its number (of the ledger, or the one after all that both ends know), its dot, its bytes.

    `body` is None where the other end has the change already.
    """

    number: int
    dot: bytes
    body: bytes | None


Shape = tuple[str, int, tuple[str, ...]]


def write_run(out: Writer, items: Sequence[Item], known: Known) -> None:
    """The carried changes of a run. What they name is written as numbers: known ones, or places earlier in the run."""
    carried = [one for one in items if one.body is not None]
    changes = [_canonical(one.body or b"") for one in carried]
    shapes: dict[Shape, int] = {}
    paths: dict[str, int] = {}
    kinds: dict[str, int] = {}
    for one in changes:
        if one is not None:
            shapes.setdefault(_shape(one), len(shapes) + 1)
            kinds.setdefault(one.kind, len(kinds))
            for write in one.writes:
                paths.setdefault(write.path, len(paths))
    _write_names(out, list(kinds))
    _write_names(out, list(paths))
    out.number(len(shapes))
    for kind, operation, written in shapes:
        out.number(kinds[kind])
        out.number(operation)
        out.number(len(written))
        for path in written:
            out.number(paths[path])
    write_column(out, [RAW if one is None else shapes[_shape(one)] for one in changes])
    for item, change in zip(carried, changes, strict=True):
        if change is None:
            out.words(item.body or b"")
    formed = [(item, change) for item, change in zip(carried, changes, strict=True) if change is not None]
    anchors = _write_records(out, formed, known)
    _write_times(out, [change.time for _, change in formed])
    _write_seen(out, items, formed, anchors, known)
    by_path: dict[str, list[Any]] = {path: [] for path in paths}
    for _, change in formed:
        for write in change.writes:
            by_path[write.path].append(write.value)
    for values in by_path.values():
        write_values(out, values)


def read_run(source: Reader, numbers: Sequence[int], known: Known, dots: dict[int, bytes], sealed: Callable[[int, bytes], bytes]) -> list[bytes]:
    """The bytes of the changes carried at `numbers`, in order.

    `dots` gives those of the other places of the run and gets these; `sealed`
    answers the dot of a change once its bytes are known.
    """
    shapes, paths = _read_shapes(source)
    which = read_column(source, len(numbers))
    if any(not RAW <= one <= len(shapes) for one in which):
        raise Damaged(ALTERED)
    raw = {number: source.words() for number, one in zip(numbers, which, strict=True) if one == RAW}
    formed = [(number, shapes[one - 1]) for number, one in zip(numbers, which, strict=True) if one != RAW]
    records, anchors = _read_records(source, formed, known)
    times = _read_times(source, len(formed))
    seen = _read_seen(source, formed, anchors)
    named = {one for each in seen if each for refs in each for one in refs if isinstance(one, int)}
    dots.update(known.dots(named.difference(dots)))
    times_written: Counter[str] = Counter()
    for one, times_formed in Counter(which).items():
        if one != RAW:
            times_written.update(dict.fromkeys(shapes[one - 1][2], times_formed))
    by_path = {path: iter(read_values(source, times_written[path])) for path in paths}
    at = {number: index for index, (number, _) in enumerate(formed)}
    bodies = []
    for number in numbers:
        body = raw.get(number)
        if body is None:
            index = at[number]
            kind, operation, written = formed[index][1]
            try:
                values = [next(by_path[path]) for path in written]
            except StopIteration as error:  # a bent column holds fewer than it said
                raise Damaged(ALTERED) from error
            dotted = [[_dot_of(one, dots) for one in refs] for refs in seen[index]] if seen[index] else [_NOTHING] * len(written)
            body = packed((records[index], kind, operation, times[index], list(zip(written, values, dotted, strict=True))))  # as a Change
        dots[number] = sealed(number, body)
        bodies.append(body)
    return bodies


def _canonical(body: bytes) -> Change | None:
    """A change that can be taken apart and put together again without a byte of difference."""
    try:
        change = codec.unpack(body, Change)
    except Damaged:
        return None
    paths = [write.path for write in change.writes]
    right = (len(change.record) == 16 and 0 <= change.operation < 64 and len(set(paths)) == len(paths) <= PATHS
             and all(len(dot) == _DOT for write in change.writes for dot in write.seen))
    return change if right and codec.pack(change) == body else None


def _shape(change: Change) -> Shape:
    return change.kind, change.operation, tuple(write.path for write in change.writes)


def _write_names(out: Writer, names: list[str]) -> None:
    out.number(len(names))
    for name in names:
        out.text(name)


def _read_shapes(source: Reader) -> tuple[list[Shape], list[str]]:
    kinds = [source.text() for _ in range(source.count(MOST))]
    paths = [source.text() for _ in range(source.count(MOST))]
    shapes: list[Shape] = []
    for _ in range(source.count(MOST)):
        kind, operation = source.number(), source.number()
        written = source.numbers(source.count(PATHS))
        if kind >= len(kinds) or max(written, default=-1) >= len(paths) or len(set(written)) != len(written):
            raise Damaged(ALTERED)
        shapes.append((kinds[kind], operation, tuple(paths[one] for one in written)))
    return shapes, paths


def _write_records(out: Writer, formed: Sequence[tuple[Item, Change]], known: Known) -> list[int]:
    """The records as numbers of their creation, 0 for one that is named whole; answers the numbers."""
    numbers = known.creations((change.kind, change.record) for _, change in formed)
    column = []
    for item, change in formed:
        column.append(numbers.get(change.record, 0))
        if change.operation == Operation.CREATE:
            numbers.setdefault(change.record, item.number)
    write_column(out, column)
    for number, (_, change) in zip(column, formed, strict=True):
        if not number:
            out.bare(change.record)
    return column


def _read_records(source: Reader, formed: Sequence[tuple[int, Shape]], known: Known) -> tuple[list[bytes], list[int]]:
    column = read_column(source, len(formed))
    whole = {number: source.bare(16) for (number, _), one in zip(formed, column, strict=True) if not one}
    created = {number: whole[number] for number, shape in formed if shape[1] == Operation.CREATE and number in whole}
    there = {**known.records(one for one in column if one and one not in created), **created}
    found = []
    for (number, _), one in zip(formed, column, strict=True):
        if one and one not in there:
            raise Damaged(ALTERED)
        found.append(there[one] if one else whole[number])
    return found, column


def _write_times(out: Writer, times: Sequence[int]) -> None:
    if times:
        out.signed(times[0])
        write_column(out, [one - times[0] for one in times])


def _read_times(source: Reader, count: int) -> list[int]:
    if not count:
        return []
    start = source.signed()
    return [start + one for one in read_column(source, count)]


def _write_seen(out: Writer, items: Sequence[Item], formed: Sequence[tuple[Item, Change]], anchors: Sequence[int], known: Known) -> None:
    """How many each part has seen, then which: numbers from 1 on, counted from the record's creation or as they are; 0 for a whole dot."""
    inside = {one.dot: one.number for one in items}
    there = known.numbers({dot for _, change in formed for write in change.writes for dot in write.seen if dot not in inside})
    write_column(out, [len(write.seen) for _, change in formed for write in change.writes])
    plain, near, whole = [], [], []
    for (item, change), anchor in zip(formed, anchors, strict=True):
        for write in change.writes:
            for dot in write.seen:
                number = inside.get(dot, 0)
                number = number if number and number < item.number else there.get(dot, 0)
                plain.append(number)
                near.append(number - anchor)
                if not number:
                    whole.append(dot)
    if not plain:
        return
    as_they_are, from_record = Writer(), Writer()
    write_column(as_they_are, plain)
    write_column(from_record, near)
    closer = len(from_record.soft) + len(from_record.hard) < len(as_they_are.soft) + len(as_they_are.hard)
    out.number(int(closer))
    best = from_record if closer else as_they_are
    out.soft += best.soft
    out.hard += best.hard
    for dot in whole:
        out.bare(dot)


def _read_seen(source: Reader, formed: Sequence[tuple[int, Shape]], anchors: Sequence[int]) -> list[list[list[int | bytes]]]:
    """What each part of each change has seen; an empty list for each change where nobody has seen anything."""
    written = sum(len(shape[2]) for _, shape in formed)
    if written > MOST * 64:
        raise Damaged(ALTERED)
    counts = read_column(source, written)
    total = sum(counts)
    if min(counts, default=0) < 0 or total > codec.MAX_MESSAGE // _DOT:
        raise Damaged(ALTERED)
    if not total:
        return [[] for _ in formed]
    closer = source.count(1)
    column = iter(read_column(source, total))
    count = iter(counts)
    found: list[list[list[int | bytes]]] = []
    for (_, shape), anchor in zip(formed, anchors, strict=True):
        found.append([[next(column) + anchor * closer for _ in range(next(count))] for _ in shape[2]])
    for parts in found:
        for refs in parts:
            refs[:] = [one or source.bare(_DOT) for one in refs]
    return found


def _dot_of(reference: int | bytes, dots: Mapping[int, bytes]) -> bytes:
    if isinstance(reference, bytes):
        return reference
    found = dots.get(reference)
    if found is None:
        raise Damaged(ALTERED)
    return found
