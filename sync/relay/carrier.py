"""What every road offers; knows none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol


class Carrier(Protocol):
    """A road to an authority. Bytes are counted as they pass, turns as they are made.

    `protocol` is the newest one that pays on this road: where no byte is paid for, the plain form.
    `road` is what the road is called in the history of what it brought: `server`, or a word of its own.
    """

    protocol: int
    road: str

    bytes_up: int
    bytes_down: int
    turns: int

    def exchange(self, body: bytes) -> bytes:
        """Carry a request there and its answer back."""
        ...

    def exchange_while(self, body: bytes, work: Callable[[], None]) -> bytes:
        """The same, and do some work here, at the latest before this answers; while the other end is busy, where that saves time."""
        ...

    def join(self, request: dict[str, str]) -> dict[str, Any]:
        """Ask to be certified."""
        ...

    def apply(self, letter: bytes, key: bytes, signature: bytes) -> str:
        """Hand in somebody's request to join, under the carrier's own key (its 8-byte name): "waiting", "admitted" or "refused"."""
        ...

    def held(self, sha256: str) -> int:
        """How many bytes of a file are there already."""
        ...

    def send_file(self, sha256: str, size: int, offset: int, pieces: Iterator[bytes], key: bytes, signature: bytes) -> None:
        """Hand in a file from an offset on."""
        ...

    def fetch_file(self, sha256: str, offset: int) -> Iterator[bytes]:
        """The bytes of a file from an offset on."""
        ...
