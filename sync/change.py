"""The words of the wire: Change, Batch, Entry, Page; they are pieces of bytes and know no database."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import msgspec

from sync import codec


class Operation(IntEnum):
    """What one save does to its record."""

    EDIT = 0
    CREATE = 1
    DELETE = 2
    RESTORE = 3


class Verdict(IntEnum):
    """What the authority said of a change."""

    ACCEPTED = 1
    REFUSED = 2


# Changes and their writes hold what came from bytes, which refers to nothing that refers to them: the collector of cycles need not look.
class Write(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One part written: its path, its value, and the dots of the values that its author was shown."""

    path: str
    value: Any
    seen: list[bytes]


class Change(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One save of one record: one verdict, whole.

    `record` is a UUID (16 bytes), `time` milliseconds since 1970 by the
    author's clock: a label that decides nothing. A deletion's writes carry no
    value; their `seen` says what of each field its author had before their
    eyes. A restoration's one write, on `_life`, names the deletions seen.
    """

    record: bytes
    kind: str
    operation: int
    time: int
    writes: list[Write]


class _OfRecord(msgspec.Struct, array_like=True, frozen=True):
    record: bytes


def record_of(body: bytes) -> bytes:
    """The record of a packed change, without unpacking the rest; Damaged when it is no change."""
    record: bytes = codec.unpack(body, _OfRecord).record
    return record


class Batch(msgspec.Struct, array_like=True, frozen=True):
    """A run of consecutive changes of one log, signed over (log, last number, chain there).

    `before` is the chain just before `first`; `seeds` are (run, seed).
    """

    key: bytes
    scope: str
    nonce: bytes
    first: int
    before: bytes
    seeds: list[tuple[int, bytes]]
    bodies: list[bytes]
    signature: bytes


class Entry(msgspec.Struct, array_like=True, frozen=True):
    """A change and its verdict, in one piece, as a page carries it.

    `log` is the index of the log in the page. `body` is None for a refused
    change (born erased: `commitment` and the `reason` sealed to its author
    stay) and for one that the receiver sent in this very exchange (echo).
    """

    log: int
    n: int
    verdict: int
    control: int
    body: bytes | None = None
    commitment: bytes | None = None
    reason: bytes | None = None
    salt: bytes | None = None


class LogProof(msgspec.Struct, array_like=True, frozen=True):
    """What proves that a page's changes of one log were written by its owner.

    From the chain `before` number `first`, over the page's own commitments
    and `gaps` (number, commitment) for those that the page does not hold,
    the chain at `signed` comes out, and `signature` covers it.
    """

    key: bytes
    nonce: bytes
    first: int
    before: bytes
    signed: int
    signature: bytes
    gaps: list[tuple[int, bytes]]
    seeds: list[tuple[int, bytes]]


class Page(msgspec.Struct, array_like=True, frozen=True):
    """A run of consecutive entries of one scope, with the authority's signature on the chain at its end."""

    scope: str
    epoch: bytes
    first: int
    before: bytes
    logs: list[LogProof]
    entries: list[Entry]
    signature: bytes

    @property
    def last(self) -> int:
        """The number of the last entry."""
        return self.first + len(self.entries) - 1


class Claim(msgspec.Struct, array_like=True, frozen=True):
    """The authority's signed head of one scope as a replica holds it, and marks: (number, first 8 bytes of the chain there)."""

    scope: str
    epoch: bytes
    number: int
    chain: bytes
    signature: bytes
    marks: list[tuple[int, bytes]]


class Step(msgspec.Struct, array_like=True, frozen=True):
    """The authority's word that one scope goes from an old epoch to a new one, from a number that both ends hold.

    `head` is its signature over the head there in the new epoch; `healed` are
    (number, first 8 bytes of the chain) up to where lost chains came back.
    """

    scope: str
    old: bytes
    new: bytes
    number: int
    chain: bytes
    head: bytes
    signature: bytes
    healed: list[tuple[int, bytes]]


def log_id(key: bytes, scope: str, nonce: bytes) -> bytes:
    """The 8-byte name of a log: one key, one scope, and a nonce that parts the branches of a copied device."""
    return codec.digest(b"dalil log id", key, nonce, scope.encode())[:8]


def log_link(before: bytes, commitment: bytes) -> bytes:
    """The chain of a log one change further."""
    return codec.digest(before, commitment)


def log_statement(log: bytes, n: int, link: bytes) -> bytes:
    """The bytes that the author's key signs."""
    return codec.pack(["dalil log", log, n, link])


def entry_link(before: bytes, log: bytes, n: int, commitment: bytes, verdict: int, control: int, reason: bytes | None) -> bytes:
    """The chain of a ledger one entry further; erasing a text leaves it as it was."""
    fact = codec.digest(log, n.to_bytes(8, "big"), commitment, bytes([verdict]), control.to_bytes(8, "big"), reason or b"")
    return codec.digest(before, fact)


def head_statement(scope: str, epoch: bytes, number: int, chain: bytes) -> bytes:
    """The bytes that the authority's key signs."""
    return codec.pack(["dalil head", scope, epoch, number, chain])


def step_statement(scope: str, old: bytes, new: bytes, number: int, chain: bytes) -> bytes:
    """The bytes that the authority signs to lead a replica from one epoch to another."""
    return codec.pack(["dalil epoch", scope, old, new, number, chain])


ERASED = msgspec.msgpack.Ext(1, b"")  # stands where a value was erased; no author can write it, since no signed value is of this type
START = bytes(32)  # the chain before the first change or entry
