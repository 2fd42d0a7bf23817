"""A road whose bytes are counted by what they carry and kept by month; knows no HTTP and no rule."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sync import traffic
from sync.relay.carrier import Carrier
from sync.traffic import COPIES, FILES_DOWN, FILES_UP, RECORDS_DOWN, RECORDS_UP
from sync.workspace import Workspace

KEPT_EVERY = 2**20  # bytes after which what moved is written down: a kill forgets no more
TELLING = 32 * 1024  # bytes from which a run says how fast the link is


class Metered:
    """The same road. `brought` is what fetched files are counted as; `settle` writes down what is only counted so far."""

    def __init__(self, ws: Workspace, inner: Carrier, brought: str = COPIES, now: Callable[[], float] = time.monotonic) -> None:
        self.ws = ws
        self.inner = inner
        self.brought = brought
        self._now = now
        self._seen = inner.bytes_up, inner.bytes_down
        self._moved = dict.fromkeys(traffic.WAYS, 0)
        self._paced, self._seconds = 0, 0.0
        self._spent = traffic.spent(ws)

    @property
    def protocol(self) -> int:
        return self.inner.protocol

    @property
    def road(self) -> str:
        return self.inner.road

    @property
    def bytes_up(self) -> int:
        return self.inner.bytes_up

    @property
    def bytes_down(self) -> int:
        return self.inner.bytes_down

    @property
    def turns(self) -> int:
        return self.inner.turns

    @property
    def spent(self) -> int:
        """The bytes that this computer moved this month, with what is not written down yet."""
        return self._spent + sum(self._moved.values())

    def exchange(self, body: bytes) -> bytes:
        with self._counted(RECORDS_UP, RECORDS_DOWN):
            return self.inner.exchange(body)

    def exchange_while(self, body: bytes, work: Callable[[], None]) -> bytes:
        with self._counted(RECORDS_UP, RECORDS_DOWN):
            return self.inner.exchange_while(body, work)

    def join(self, request: dict[str, str]) -> dict[str, Any]:
        with self._counted(RECORDS_UP, RECORDS_DOWN):
            return self.inner.join(request)

    def apply(self, letter: bytes, key: bytes, signature: bytes) -> str:
        with self._counted(RECORDS_UP, RECORDS_DOWN):
            return self.inner.apply(letter, key, signature)

    def held(self, sha256: str) -> int:
        with self._counted(FILES_UP, FILES_DOWN):
            return self.inner.held(sha256)

    def send_file(self, sha256: str, size: int, offset: int, pieces: Iterator[bytes], key: bytes, signature: bytes) -> None:
        with self._counted(FILES_UP, FILES_DOWN):
            self.inner.send_file(sha256, size, offset, self._passing(pieces, FILES_UP, FILES_DOWN), key, signature)

    def fetch_file(self, sha256: str, offset: int) -> Iterator[bytes]:
        with self._counted(self.brought, self.brought):
            yield from self._passing(self.inner.fetch_file(sha256, offset), self.brought, self.brought)

    def settle(self) -> None:
        """Write down what moved since the last time, and the pace of it."""
        moved, self._moved = self._moved, dict.fromkeys(traffic.WAYS, 0)
        if any(moved.values()):
            with self.ws.store.transaction():
                traffic.add(self.ws, moved)
                self._keep_pace()
        self._spent = traffic.spent(self.ws)

    def _keep_pace(self) -> None:
        if self._paced >= TELLING and self._seconds > 0:
            pace, before = self._paced / self._seconds, float(self.ws.vault.word("pace") or 0)
            self.ws.vault.keep("pace", str(round((pace + before) / 2 if before else pace)))
            self._paced, self._seconds = 0, 0.0

    def _passing(self, pieces: Iterator[bytes], up: str, down: str) -> Iterator[bytes]:
        for piece in pieces:
            yield piece
            self._count(up, down)
            if sum(self._moved.values()) >= KEPT_EVERY:
                self.settle()

    @contextmanager
    def _counted(self, up: str, down: str) -> Iterator[None]:
        """Count what passes inside, also when it ends with a cut."""
        start, before = self._now(), self.bytes_up + self.bytes_down
        try:
            yield
        finally:
            self._seconds += self._now() - start
            self._paced += self.bytes_up + self.bytes_down - before
            self._count(up, down)

    def _count(self, up: str, down: str) -> None:
        now = self.bytes_up, self.bytes_down
        self._moved[up] += now[0] - self._seen[0]
        self._moved[down] += now[1] - self._seen[1]
        self._seen = now
