"""What two PCs say to each other on a local network: the words, their limits and how items stand one after the other; knows no socket.

Nothing of it is secret or believed: what the items hold is signed, and sealed
where it is not for everybody. So plain HTTP carries it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import Protocol

import msgspec

from i18n import Text
from sync import codec
from sync.errors import Damaged, Offline
from sync.relay.holding import Have, Item

HAVE, GIVE, TAKE, FILES = "/dalil/have", "/dalil/give", "/dalil/take", "/dalil/files"
KIND = "application/vnd.dalil.lan"  # by which one knows that Dalil answers
ANSWER = 4 * 1024 * 1024  # bytes of items from which an answer ends: what a cut costs at most
LARGEST = 128 * 1024 * 1024  # bytes of one item on this road: a snapshot of half a million records
MANY_ITEMS = 20_000  # in one answer
MANY_NAMES = 2_000  # of files, in one question
ASKED = 4 * 1024 * 1024  # bytes of a question
NAME = 60  # characters of a computer's name
_BEGINS = b"DALIL-LAN1"
_LENGTH = struct.Struct(">I")
_LAST, _MORE = b"\x00", b"\x01"

ODD = Text("What the other computer sent cannot be read. Is Dalil up to date on both? Nothing of it was taken.")
TOO_MUCH = Text("More was sent at once than this computer takes. Nothing is lost; try again in a moment.")
CUT = Text("The connection to the other computer was cut. What had arrived is kept; try again, it goes on from there.")


class Here(msgspec.Struct, array_like=True, frozen=True):
    """Who answers: the name that its owner chose, and what is there."""

    name: str
    have: Have


class Ask(msgspec.Struct, array_like=True, frozen=True):
    """What the asker has, and by their marks the items that came in this visit and need not come again."""

    have: Have
    without: list[bytes] = msgspec.field(default_factory=list)


class Answered(msgspec.Struct, array_like=True, frozen=True):
    """What became of items that were brought: other people's changes, sealed pages, parcels, and how many pieces were not taken."""

    received: int
    sealed: int
    parcels: int
    refused: int


class Wish(msgspec.Struct, array_like=True, frozen=True):
    """A file by its hash, how many bytes of it are here, how many it has."""

    sha256: str
    held: int
    size: int


class FilesAsked(msgspec.Struct, array_like=True, frozen=True):
    """The hashes of files that the asker lacks."""

    wanted: list[str]


class FilesTold(msgspec.Struct, array_like=True, frozen=True):
    """Which of the files asked for are there, which ones are lacking there, and which of those there the server may lack."""

    there: list[str]
    lacking: list[Wish]
    unsent: list[str] = msgspec.field(default_factory=list)


class Refusal(msgspec.Struct, array_like=True, frozen=True):
    """Why something was not done, as a code: each side has the sentence in its own language."""

    code: str


Word = Here | Ask | Answered | FilesAsked | FilesTold | Refusal | int


class Source(Protocol):
    """Whatever answers bytes, at most so many; none at the end."""

    def read(self, size: int, /) -> bytes: ...


def packed(said: Word) -> bytes:
    """A word as it travels. Not the canonical form: nothing of it is signed, and names of scopes are bytes."""
    return msgspec.msgpack.encode(said)


def mark(item: Item) -> bytes:
    """By which an item is known again within one visit."""
    return codec.digest(item.kind.encode(), item.data)[:8]


def framed(items: Iterable[Item], *, more: bool) -> Iterator[bytes]:
    """Items as they travel, with a last word that says whether more would come; without it they were cut."""
    yield _BEGINS
    for item in items:
        body = codec.pack(item)
        yield _LENGTH.pack(len(body))
        yield body
    yield _LENGTH.pack(0) + (_MORE if more else _LAST)


class Unframed:
    """Items as they arrive. Iterating raises Offline when they are cut, Damaged when they are none of ours.

    Attributes: `more` whether the other side has more, known at the end; `bytes` how many came.
    """

    def __init__(self, source: Source, most: int) -> None:
        self.more = False
        self.bytes = 0
        self._source = source
        self._most = most

    def __iter__(self) -> Iterator[Item]:
        if self._exactly(len(_BEGINS)) != _BEGINS:
            raise Damaged(ODD)
        for _ in range(MANY_ITEMS + 1):
            (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size))
            if not length:
                self.more = self._exactly(1) == _MORE
                return
            if length > LARGEST or self.bytes + length > self._most:
                raise Damaged(ODD, "too_large")
            yield codec.unpack(self._exactly(length), Item)
        raise Damaged(ODD, "too_large")

    def _exactly(self, count: int) -> bytes:
        found = bytearray()
        while len(found) < count:
            piece = self._source.read(min(count - len(found), 256 * 1024))
            if not piece:
                raise Offline(CUT, "cut")
            found += piece
        self.bytes += count
        return bytes(found)


def name_said(name: str) -> str:
    """A computer's name as it may be shown: one short line, whoever sent it."""
    return " ".join("".join(one for one in name if one.isprintable()).split())[:NAME]
