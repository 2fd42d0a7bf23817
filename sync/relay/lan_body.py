"""A visitor's request body as it arrives on the local network: counted, bounded, and none of it kept longer than its request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sync.errors import Damaged, Offline
from sync.relay.lan_limits import Held
from sync.relay.lan_words import CUT, TOO_MUCH

PIECE = 256 * 1024  # bytes at once


class Body:
    """So many bytes from a socket, no more. In `held`, if given, each byte takes room until the block ends."""

    def __init__(self, source: Any, size: int, held: Held | None) -> None:
        self.size = self.left = size
        self._source = source
        self._held = held
        self._taken = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._held is not None:
            self._held.free(self._taken)

    def read(self, size: int, /) -> bytes:
        """Up to so many bytes, as soon as some are there; none at the end. Offline when the visitor left, or is too slow."""
        if not self.left:
            return b""
        try:
            # One read of the socket: `read` would wait for all, and so for whoever sends a byte now and then.
            found: bytes = self._source.rfile.read1(min(size, self.left))
        except OSError as error:
            raise Offline(CUT, "cut") from error
        if not found:
            raise Offline(CUT, "cut")
        self._source.remaining -= len(found)
        self.left -= len(found)
        if self._held is not None:
            if not self._held.take(len(found)):
                raise Damaged(TOO_MUCH, "crowded")
            self._taken += len(found)
        return found

    def pieces(self) -> Iterator[bytes]:
        """Piece by piece; a cut ends them, what came before it counts."""
        with suppress(Offline):
            while piece := self.read(PIECE):
                yield piece

    def all(self) -> bytes:
        """All of it."""
        found = bytearray()
        while piece := self.read(PIECE):
            found += piece
        return bytes(found)


def file_pieces(path: Path, offset: int) -> Iterator[bytes]:
    """The bytes of a file from an offset on."""
    with path.open("rb") as data:
        data.seek(offset)
        while piece := data.read(PIECE):
            yield piece
