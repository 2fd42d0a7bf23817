"""How long and how much a visitor on the local network may keep this computer waiting; knows no word of ours.

A thread serves one request at a time, so whoever dawdles would take one from
the others. What is counted is only the time spent waiting for the visitor,
over the whole life of a connection: it grows with the bytes that came or went.
"""

from __future__ import annotations

import socket
import time
from collections import Counter
from threading import Lock
from typing import Any

from cheroot.makefile import StreamReader, StreamWriter
from cheroot.server import HTTPConnection

from sync.relay.local import is_local

PATIENCE = 10.0  # seconds without a byte
GRACE = 20.0  # seconds of waiting that are nobody's fault
SLOWEST = 2_000  # bytes a second beyond that: far below any local network
AT_ONCE = 4  # requests of one address
THREADS = 12
QUEUE = 64  # connections that wait for a thread
HEADERS = 16 * 1024  # bytes
BUFFER = 256 * 1024  # bytes read from a socket at once


class _Patient(socket.SocketIO):
    """A socket as a file, that gives up on who is too slow on the whole."""

    def __init__(self, sock: socket.socket, mode: Any) -> None:
        super().__init__(sock, mode)
        self._waited = 0.0
        self._moved = 0

    def readinto(self, buffer: Any) -> int | None:
        return self._timed(super().readinto, buffer)

    def write(self, data: Any) -> int | None:
        return self._timed(super().write, data)

    def _timed(self, move: Any, data: Any) -> int | None:
        if self._waited > GRACE + self._moved / SLOWEST:
            raise TimeoutError("timed out")  # in these words the HTTP server expects it
        began = time.monotonic()
        try:
            count: int | None = move(data)
        finally:
            self._waited += time.monotonic() - began
        self._moved += count or 0
        return count


class _Reader(StreamReader):
    def __init__(self, sock: socket.socket, _mode: str = "r", bufsize: int = BUFFER) -> None:
        super().__init__(sock, "r", bufsize)
        self._raw = _Patient(sock, "r")  # in the place of the one without patience


class _Writer(StreamWriter):
    def __init__(self, sock: socket.socket, _mode: str = "w", bufsize: int = BUFFER) -> None:
        super().__init__(sock, "w", bufsize)
        self._raw = _Patient(sock, "w")


class Visitors:
    """How many requests each address has open."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()
        self._lock = Lock()

    def enter(self, address: str) -> bool:
        """Count one more; False, and it is not counted, where there are too many."""
        with self._lock:
            if self._open[address] >= AT_ONCE:
                return False
            self._open[address] += 1
            return True

    def leave(self, address: str) -> None:
        """One less."""
        with self._lock:
            self._open[address] -= 1
            if not self._open[address]:
                del self._open[address]


class Connection(HTTPConnection):
    """A connection with patience, from a local address, one of few from there. Others are closed without a word: they get no thread."""

    rbufsize = wbufsize = BUFFER

    def __init__(self, server: Any, sock: socket.socket, _makefile: Any = None) -> None:
        super().__init__(server, sock, _makefile_of)

    def communicate(self) -> bool:
        """Serve one request; whether the connection stays open."""
        address = str(self.remote_addr)
        visitors: Visitors = self.server.visitors
        if not is_local(address) or not visitors.enter(address):
            return False
        try:
            return bool(super().communicate())
        finally:
            visitors.leave(address)


def _makefile_of(sock: socket.socket, mode: str, bufsize: int) -> Any:
    return (_Reader if "r" in mode else _Writer)(sock, mode, bufsize)


class Held:
    """Bytes of bodies in memory, of all requests."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._bytes = 0
        self._lock = Lock()

    def take(self, count: int) -> bool:
        """Make room for so many bytes; False where there is none."""
        with self._lock:
            if self._bytes + count > self.most:
                return False
            self._bytes += count
            return True

    def free(self, count: int) -> None:
        """The room is free again."""
        with self._lock:
            self._bytes -= count
