"""The road inside one process: a server's own imports take it; knows no HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from i18n import Text
from sync import codec
from sync.authority import Authority
from sync.errors import NotFound
from sync.exchange import answering
from sync.files import Files
from sync.roads import SERVER


class Direct:
    """A carrier that hands everything to an authority and a folder of files at once."""

    protocol = codec.PROTOCOL
    road = SERVER

    def __init__(self, authority: Authority, folder: Files) -> None:
        self.authority = authority
        self.files = folder
        self.bytes_up = self.bytes_down = self.turns = 0

    def exchange(self, body: bytes) -> bytes:
        found = answering.answer(self.authority, body)
        self.bytes_up, self.bytes_down, self.turns = self.bytes_up + len(body), self.bytes_down + len(found), self.turns + 1
        return found

    def exchange_while(self, body: bytes, work: Callable[[], None]) -> bytes:
        found = self.exchange(body)
        work()
        return found

    def join(self, request: dict[str, str]) -> dict[str, Any]:
        self.authority.certify(bytes.fromhex(request["key"]), request["person"], request["device"], request["role"])
        return {"authority": self.authority.key.public.hex(), "role": request["role"]}

    def apply(self, letter: bytes, key: bytes, signature: bytes) -> str:
        raise NotFound(Text("Requests to join are handed in at the server."))

    def held(self, sha256: str) -> int:
        return self.files.held(sha256)

    def send_file(self, sha256: str, size: int, offset: int, pieces: Iterator[bytes], key: bytes, signature: bytes) -> None:
        def counted() -> Iterator[bytes]:
            for piece in pieces:
                self.bytes_up += len(piece)
                yield piece

        self.files.append(sha256, offset, counted(), size)

    def fetch_file(self, sha256: str, offset: int) -> Iterator[bytes]:
        for piece in self.files.read(sha256, offset):
            self.bytes_down += len(piece)
            yield piece
