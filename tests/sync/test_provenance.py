"""The last chunk of a snapshot, read in pieces: what was written comes back, and what is none of it is refused at every byte."""

from __future__ import annotations

import hashlib
import io

import pytest

from sync import codec
from sync.errors import Damaged
from sync.snapshots.columns import steps
from sync.snapshots.provenance import BEGINNING, Column, Held, Log, Provenance, Reading, Refused, held


def read(body: bytes, signed: bytes | None = None) -> Held:
    """A chunk as it is read out of a file; `signed` is the one that the authority meant, this one without."""
    reading = Reading(io.BytesIO(body), len(body))
    assert reading.take(len(BEGINNING)) == BEGINNING
    found = held(reading)
    reading.end(hashlib.sha256(signed or body).digest()[:16])
    return found


def written(logs: int = 1, numbers: int = 3) -> Provenance:
    columns = [steps(range(start, start + numbers)) for start in (5, 0, 1, 10**12)]
    made = [Log(b"key %d" % one, b"nonce", steps(range(1, numbers + 1)), b"ab" * numbers) for one in range(logs)]
    return Provenance(made, *columns, [Refused(7, 0, 2, b"sealed")])


@pytest.mark.parametrize(("logs", "numbers"), [(0, 0), (1, 3), (15, 40), (16, 1), (300, 0), (2, 40_000)])  # every width that msgpack has for such sizes
def test_what_was_written_is_read(logs: int, numbers: int) -> None:
    one = written(logs, numbers)
    found = read(codec.pack(one))
    assert [(each.key, each.nonce, each.marks) for each in found.logs] == [(each.key, each.nonce, each.marks) for each in one.logs]
    for column, first in (*((each.ns, 1) for each in found.logs), (found.numbers, 5), (found.log, 0), (found.position, 1), (found.time, 10**12)):
        assert column.count == numbers
        assert list(column.walk()) == list(column.numbers()) == list(range(first, first + numbers))
    assert found.refused == one.refused


def test_a_list_whose_length_is_written_longer_than_needed_is_read_alike() -> None:
    body = codec.pack(written())
    at = len(BEGINNING)
    assert body[at] == 0x91
    for longer in (b"\xdc\x00\x01", b"\xdd\x00\x00\x00\x01"):
        assert [one.key for one in read(body[:at] + longer + body[at + 1 :]).logs] == [b"key 0"]


def test_whatever_is_cut_or_has_more_is_refused() -> None:
    body = codec.pack(written())
    for size in range(len(BEGINNING), len(body)):
        with pytest.raises(Damaged):
            read(body[:size])
    with pytest.raises(Damaged):
        read(body + b"\0")


def test_whatever_byte_says_otherwise_is_another_chunk_or_none() -> None:
    """Nothing but Damaged is raised, and what is read to its end is never the one that was signed."""
    body = codec.pack(written())
    for at in range(len(BEGINNING), len(body)):
        for bit in range(8):
            bent = body[:at] + bytes([body[at] ^ 1 << bit]) + body[at + 1 :]
            with pytest.raises(Damaged):
                read(bent, body)


def test_a_stream_that_ends_before_its_chunk_is_refused() -> None:
    reading = Reading(io.BytesIO(b"four"), 5)
    with pytest.raises(Damaged):
        reading.take(5)


def test_a_column_is_of_whole_numbers_that_have_place_in_64_bits() -> None:
    with pytest.raises(Damaged):
        Column(iter([b"1234567"]), 7)
    large = steps([2**62]) * 2
    with pytest.raises(Damaged):
        Column(iter([large]), len(large)).numbers()
