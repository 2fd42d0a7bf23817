"""Columns of texts and of other values: alike ones (telephones, dates) by what differs; knows no field and no change."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any

from sync import codec
from sync.errors import Damaged
from sync.exchange.brief.numbers import cost_of, pack, read_column, unpack, write_column
from sync.exchange.brief.streams import Reader, Writer, decoded
from sync.proofs import ALTERED

DIGITS = "0123456789"
FEWEST = 8  # texts from which a pattern pays for its description
WIDEST = 16  # characters that may stand in one place of a pattern
LONGEST = 64  # characters of a pattern
JOINED, ALIKE, NUMBERS, ANYTHING = range(4)


def write_values(out: Writer, values: Sequence[Any]) -> None:
    """A column of values whose length the reader knows."""
    if not values:
        return
    if all(isinstance(one, str) for one in values):
        _write_texts(out, values)
    elif all(isinstance(one, int) and not isinstance(one, bool) for one in values):
        out.number(NUMBERS)
        write_column(out, values)
    else:
        out.number(ANYTHING)
        out.words(codec.pack(list(values)))


def read_values(source: Reader, count: int) -> list[Any]:
    """The column that `write_values` wrote."""
    if not count:
        return []
    form = source.number()
    if form == JOINED:
        lengths = read_column(source, count)
        whole = source.words()
        if min(lengths) < 0 or sum(lengths) != len(whole):
            raise Damaged(ALTERED)
        ends = itertools.accumulate(lengths, initial=0)
        if whole.isascii():
            text = whole.decode()
            return [text[start:end] for start, end in itertools.pairwise(ends)]
        return [decoded(whole[start:end]) for start, end in itertools.pairwise(ends)]
    if form == ALIKE:
        return _read_alike(source, count)
    if form == NUMBERS:
        return read_column(source, count)
    found = codec.unpack(source.words())
    if form != ANYTHING or not isinstance(found, list) or len(found) != count:
        raise Damaged(ALTERED)
    return found


def _write_texts(out: Writer, texts: Sequence[str]) -> None:
    coded = [one.encode() for one in texts]
    pattern = _pattern(texts)
    if pattern is not None:
        cost = sum(2 + len(place) * (place is not DIGITS) for place in pattern) / 2 + len(texts) * math.log2(_ways(pattern)) / 8
        if cost < len(texts) / 4 + cost_of(b"".join(coded)):
            out.number(ALIKE)
            _write_alike(out, texts, pattern)
            return
    out.number(JOINED)
    write_column(out, [len(one) for one in coded])
    out.words(b"".join(coded))


def _pattern(texts: Sequence[str]) -> list[str] | None:
    """The characters of each place, when all texts are of one length and few characters stand in each place."""
    length = len(texts[0])
    if len(texts) < FEWEST or not 0 < length <= LONGEST or any(len(one) != length for one in texts):
        return None
    found = []
    for place in zip(*texts, strict=True):
        used = "".join(sorted(set(place)))
        if len(used) > WIDEST:
            return None
        found.append(DIGITS if len(used) > 4 and set(used) <= set(DIGITS) else used)
    return found


def _ways(pattern: list[str]) -> int:
    return math.prod(len(place) for place in pattern)


def _write_alike(out: Writer, texts: Sequence[str], pattern: list[str]) -> None:
    out.number(len(pattern))
    for place in pattern:
        out.number(0 if place is DIGITS else len(place))
    out.text("".join(place for place in pattern if place is not DIGITS))
    values = []
    for one in texts:
        value = 0
        for place, character in zip(pattern, one, strict=True):
            value = value * len(place) + place.index(character)
        values.append(value)
    pack(out, values, _ways(pattern))


def _read_alike(source: Reader, count: int) -> list[str]:
    widths = [source.count(WIDEST) for _ in range(source.count(LONGEST))]
    told, at, pattern = source.text(), 0, []
    for width in widths:
        pattern.append(told[at : at + width] if width else DIGITS)
        at += width
    if at != len(told):
        raise Damaged(ALTERED)
    found = []
    pieces = list(_pieces(pattern))[::-1]
    for value in unpack(source, count, _ways(pattern)):
        one = ""
        for ways, many, place in pieces:
            if ways == 1:
                one = place + one
            else:
                value, index = divmod(value, ways)
                one = (str(index).zfill(many) if place is DIGITS else place[index]) + one
        found.append(one)
    return found


def _pieces(pattern: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """A pattern in pieces, each with how many ways it can be: digits in a row are one number, what is the same in every text is one text."""
    for form, places in itertools.groupby(pattern, lambda place: DIGITS if place is DIGITS else len(place) == 1):
        if form is DIGITS:
            many = sum(1 for _ in places)
            yield 10**many, many, DIGITS
        elif form:
            yield 1, 1, "".join(places)
        else:
            yield from ((len(place), 1, place) for place in places)
