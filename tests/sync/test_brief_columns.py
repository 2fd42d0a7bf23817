"""Columns and runs of the brief form come back exactly, whatever they hold; what is no column is refused, never guessed."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import codec
from sync.change import Change, Operation, Write
from sync.errors import Failure
from sync.exchange.brief.changes import Item, read_run, write_run
from sync.exchange.brief.numbers import read_column, write_column
from sync.exchange.brief.streams import Reader, Writer
from sync.exchange.brief.texts import read_values, write_values

INTEGERS = st.integers(-(2**63), 2**64 - 1)
NEAR = st.integers(-3, 3)
PHONES = st.from_regex(r"\+253 7[78] [0-9]{6}", fullmatch=True)
PLAIN = st.recursive(st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=12),
                     lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=5), one, max_size=3), max_leaves=6)


@given(st.lists(INTEGERS, max_size=200) | st.lists(NEAR, max_size=200) | st.integers(1, 300).map(lambda n: list(range(7, 7 + 3 * n, 3))))
def test_a_column_of_numbers_comes_back(values: list[int]) -> None:
    out = Writer()
    write_column(out, values)
    source = Reader(out.finished())
    assert read_column(source, len(values)) == values
    source.end()


@given(st.lists(st.text(max_size=30), max_size=40) | st.lists(PHONES, max_size=40) | st.lists(PLAIN, max_size=20) | st.lists(INTEGERS, max_size=20))
def test_a_column_of_values_comes_back(values: list[Any]) -> None:
    out = Writer()
    write_values(out, values)
    source = Reader(out.finished())
    found = read_values(source, len(values))
    assert codec.pack(found) == codec.pack(values)
    source.end()


def test_what_is_alike_costs_what_differs() -> None:
    """A hundred telephones of nine free digits hold 374 bytes; numbers one after another hold none."""
    phones = [f"+212 {500 + n * 7 % 300} {n * 7919 * 104729 % 1000000:06d}" for n in range(100)]
    out = Writer()
    write_values(out, phones)
    assert len(out.finished()) < 400
    out = Writer()
    write_column(out, list(range(5000, 6000)))
    assert len(out.finished()) < 12


class Shelf:
    """What both ends hold, for tests: dots and records by number, up to a number."""

    def __init__(self, below: int) -> None:
        self.below = below
        self.by_number = {number: codec.digest(b"dot", number.to_bytes(4, "big"))[:14] for number in range(1, below)}
        self.created = {number: codec.digest(b"record", number.to_bytes(4, "big"))[:16] for number in range(1, below, 2)}

    def numbers(self, dots: Iterable[bytes]) -> dict[bytes, int]:
        names = {dot: number for number, dot in self.by_number.items()}
        return {dot: names[dot] for dot in dots if dot in names}

    def dots(self, numbers: Iterable[int]) -> dict[int, bytes]:
        return {number: self.by_number[number] for number in numbers if number in self.by_number}

    def creations(self, records: Iterable[tuple[str, bytes]]) -> dict[bytes, int]:
        names = {record: number for number, record in self.created.items()}
        return {record: names[record] for _, record in records if record in names}

    def records(self, numbers: Iterable[int]) -> dict[int, bytes]:
        return {number: self.created[number] for number in numbers if number in self.created}


def sealed(number: int, body: bytes) -> bytes:
    return codec.digest(b"sealed", number.to_bytes(4, "big"), body)[:14]


def a_value(chance: random.Random, depth: int = 0) -> Any:
    kinds = ["null", "bool", "small", "large", "text", "phone", "phone", *(["list", "map"] if depth < 3 else [])]
    match chance.choice(kinds):
        case "null":
            return None
        case "bool":
            return chance.random() < 0.5
        case "small":
            return chance.randint(-3, 300)
        case "large":
            return chance.randint(-(2**63), 2**63 - 1)
        case "text":
            return "".join(chance.choices("aé أب\n0", k=chance.randint(0, 30)))
        case "phone":
            return f"+253 77 {chance.randrange(10**6):06d}"
        case "list":
            return [a_value(chance, depth + 1) for _ in range(chance.randint(0, 3))]
    return {f"k{n}": a_value(chance, depth + 1) for n in range(chance.randint(0, 3))}


def a_run(chance: random.Random) -> list[Item]:
    """Changes on a shelf below 9: of known, new and strange records, with all kinds of `seen`; some without bytes, which the other end has."""
    shelf, items = Shelf(9), []
    dots, records = list(shelf.by_number.values()), list(shelf.created.values())
    alike = chance.random() < 0.3
    for number in range(shelf.below, shelf.below + chance.randint(0, 40)):
        operation = 0 if alike else chance.choice((0, 0, 0, 1, 1, 2, 3, 40))
        record = chance.choice(records) if operation != 1 or chance.random() < 0.2 else chance.randbytes(16)
        if operation == Operation.CREATE:
            records.append(record)
        paths = ["phone"] if alike else chance.sample(["phone", "name.fr", "name.ar", "tags#red", "from.the.future"], chance.randint(0, 4))
        writes = [Write(path, None if operation == Operation.DELETE else a_value(chance),
                        [chance.choice(dots) if chance.random() < 0.9 else chance.randbytes(14) for _ in range(chance.choice((0, 1, 1, 1, 2, 3)))])
                  for path in paths]
        change = Change(record, chance.choice(("house", "house", "unheard of")), operation, 1_770_000_000_000 + chance.choice((number, chance.randrange(10**10))), writes)
        body = chance.randbytes(chance.randint(0, 30)) if chance.random() < 0.05 else codec.pack(change)
        if chance.random() < 0.05:
            body = msgspec.msgpack.encode([*codec.unpack(codec.pack(change)), "a field of the future"])
        dots.append(sealed(number, body))
        items.append(Item(number, dots[-1], body if chance.random() < 0.85 else None))
    return items


def test_a_run_of_changes_comes_back_byte_for_byte() -> None:
    for seed in range(1500):
        items, shelf = a_run(random.Random(seed)), Shelf(9)
        out = Writer()
        write_run(out, items, shelf)
        source = Reader(out.finished())
        dots = {one.number: one.dot for one in items if one.body is None}
        numbers = [one.number for one in items if one.body is not None]
        assert read_run(source, numbers, shelf, dots, sealed) == [one.body for one in items if one.body is not None], f"seed {seed}"
        source.end()


def test_a_bent_run_is_refused_or_is_another_run() -> None:
    """Nothing but Damaged or Invalid comes out of bytes that somebody turned: no other exception, no endless work."""
    refused = 0
    for seed in range(3000):
        chance = random.Random(seed)
        items, shelf = a_run(chance), Shelf(9)
        out = Writer()
        write_run(out, items, shelf)
        for stream in (out.soft, out.hard):
            for _ in range(chance.randint(0, 3)):
                if stream:
                    stream[chance.randrange(len(stream))] = chance.randrange(256)
        dots = {one.number: one.dot for one in items if one.body is None}
        try:
            read_run(Reader(out.finished()), [one.number for one in items if one.body is not None], shelf, dots, sealed)
        except Failure as failure:
            assert failure.code in ("damaged", "invalid"), f"seed {seed}"
            refused += 1
    assert 300 < refused < 3000


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        source = Reader(data)
        read_run(source, range(1, 20), Shelf(1), {}, sealed)
    except Failure as failure:
        assert failure.code in ("damaged", "invalid")


def test_what_a_shelf_lacks_is_refused() -> None:
    shelf = Shelf(9)
    change = Change(shelf.created[3], "house", 0, 1, [Write("phone", "1", [shelf.by_number[4]])])
    out = Writer()
    write_run(out, [Item(9, sealed(9, codec.pack(change)), codec.pack(change))], shelf)
    for poorer in (3, 4):
        with pytest.raises(Failure) as failed:
            read_run(Reader(out.finished()), [9], Shelf(poorer), {}, sealed)
        assert failed.value.code == "damaged"
