"""The words of one exchange: a signed request, an answer; they are bytes and know no carrier."""

from __future__ import annotations

import msgspec

from sync import codec
from sync.change import Claim, Step
from sync.snapshots.publishing import Offer

PAGE = 96 * 1024  # bytes of bodies in a page: a cut costs one page at most
SMALLEST = 16 * 1024  # bytes of bodies of the smallest answer: 6.5 s at 20 kbit/s, compressed
ANSWER = 768 * 1024  # bytes of bodies in one answer
TELL = 1  # the budget of a request that only asks how much there is: no page comes
PUSH = 512 * 1024  # bytes of bodies in one request, at first
LARGEST_PUSH = 4 * 1024 * 1024  # … on a link that carried the ones before at once


class Envelope(msgspec.Struct, array_like=True, frozen=True):
    """A request and who asks: the name of a key, its signature over the payload; both empty for a guest."""

    key: bytes
    signature: bytes
    payload: bytes


class Healing(msgspec.Struct, array_like=True, frozen=True):
    """What a replica shows to a server that was set back: its claims, and lost pages as carried."""

    claims: list[Claim]
    offers: list[bytes]


class Healed(msgspec.Struct, array_like=True, frozen=True):
    """The answer to a Healing: the steps to take, and why an offered page was not taken, for each that was not."""

    steps: list[Step]
    set_aside: list[bytes]


class Request(msgspec.Struct, array_like=True, frozen=True):
    """What one side has and what it hands in. `cursors` are (number, first 8 bytes of the chain there) by scope.

    A `budget` of TELL asks how much is lacking, and for nothing of it.
    `snapshots` tells that it can take one instead of pages, `segments` that it
    can take pages from a file. `parcels` are of anybody who uses this computer
    or met it; `sealed` are scopes of others here, with the numbers up to which
    their pages are held for them.
    """

    authority: bytes
    epoch: bytes
    cursors: dict[str, tuple[int, bytes]]
    batches: list[bytes]
    budget: int
    snapshots: bool = False
    healing: Healing | None = None
    segments: bool = False
    parcels: list[bytes] = msgspec.field(default_factory=list)
    sealed: dict[str, int] = msgspec.field(default_factory=dict)


class BatchReceipt(msgspec.Struct, array_like=True, frozen=True):
    """What became of one batch: its log, whether that log has two branches, how many wait, and why it was set aside, if it was."""

    log: bytes
    forked: bool
    waiting: int
    reason: bytes | None


class ParcelReceipt(BatchReceipt, array_like=True, frozen=True):
    """The same of a parcel, with how many of its changes were accepted, refused, or known already; an older server counts none.

    `parcel` is its name: an answer to another request must not be taken for one to this.
    """

    accepted: int = 0
    refused: int = 0
    known: int = 0
    parcel: bytes = b""


class Refusal(msgspec.Struct, array_like=True, frozen=True):
    """A change by its dot, the number under which it was refused, and the reason sealed to its author."""

    dot: bytes
    number: int
    reason: bytes


class Refusals(msgspec.Struct, array_like=True, frozen=True):
    """Refusals in a scope that whoever asks no longer receives, under the authority's signature."""

    refusals: list[Refusal]
    signature: bytes


class Answer(msgspec.Struct, array_like=True, frozen=True):
    """What the other side lacked. `heads` are the ledgers' numbers by scope, `astray` scopes whose cursor is not on our chain.

    A scope in `snapshots` has no pages here: the snapshot costs fewer bytes.
    Nor has one in `segments`: its next pages are in these files, in order.
    `remaining` is about how many bytes of records are still to come after
    this answer, `speaks` the newest protocol that whoever answers understands.
    `refused` is for a device that was withdrawn: no page tells it. `carried`
    says what became of each parcel, `sealed` are the pages for others, and
    `others` tells who only asks how many bytes those would be.
    """

    time: int
    epoch: bytes
    heads: dict[str, int]
    pages: list[bytes]
    receipts: list[BatchReceipt]
    astray: list[str]
    snapshots: dict[str, Offer] = msgspec.field(default_factory=dict)
    remaining: int = 0
    speaks: int = 1
    healed: Healed | None = None
    refused: Refusals | None = None
    segments: dict[str, list[Offer]] = msgspec.field(default_factory=dict)
    carried: list[ParcelReceipt] = msgspec.field(default_factory=list)
    sealed: list[bytes] = msgspec.field(default_factory=list)
    others: int = 0


def request_statement(payload: bytes) -> bytes:
    """The bytes that whoever asks signs."""
    return codec.pack(["dalil request", codec.digest(payload)])


def file_statement(sha256: str, size: int) -> bytes:
    """The bytes that whoever hands in a file signs."""
    return codec.pack(["dalil file", sha256, size])
