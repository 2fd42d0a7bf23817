"""A road between replica and server that counts bytes and turns and can be slow; loopback TCP: knows no HTTP."""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_PIECE, _SEGMENT = 1 << 18, 1400  # bytes read at once: when the road is free, and when it is shaped


class _Way:
    """One direction: what went through it, and when its rate lets the next piece leave."""

    def __init__(self, rate: float) -> None:
        self.rate = rate  # bytes a second; 0 is free
        self.bytes = 0
        self.free = 0.0
        self.lock = threading.Lock()

    def leaves(self, size: int) -> float:
        """Count a piece; the moment at which its last byte has left."""
        with self.lock:
            self.bytes += size
            if not self.rate:
                return 0.0
            self.free = max(time.monotonic(), self.free) + size / self.rate
            return self.free


class Link:
    """Carries connections to a port. Bytes are those of HTTP with its headers; the headers of TCP are not counted."""

    def __init__(self, port: int, down: float = 0, up: float = 0, delay: float = 0) -> None:
        self.target = port
        self.delay = delay  # seconds there and back
        self.ways = {"up": _Way(up / 8), "down": _Way(down / 8)}
        self.turns = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def bytes(self) -> int:
        """Bytes both ways."""
        return self.ways["up"].bytes + self.ways["down"].bytes

    def close(self) -> None:
        """Take no more connections."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        time.sleep(self.delay)  # the handshake, which loopback hides
        far = socket.create_connection(("127.0.0.1", self.target))
        for one in (near, far):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        last = {"way": ""}
        for way, source, sink in (("up", near, far), ("down", far, near)):
            threading.Thread(target=self._pump, args=(way, source, sink, last), daemon=True).start()

    def _pump(self, way: str, source: socket.socket, sink: socket.socket, last: dict[str, str]) -> None:
        through = self.ways[way]
        held: queue.Queue[tuple[float, bytes]] = queue.Queue(maxsize=40 if through.rate else 4)
        threading.Thread(target=_deliver, args=(held, sink), daemon=True).start()
        with suppress(OSError):
            while piece := source.recv(_SEGMENT if through.rate else _PIECE):
                if way == "up" and last["way"] != "up":
                    self.turns += 1
                last["way"] = way
                held.put((through.leaves(len(piece)) + self.delay / 2, piece))
        held.put((0.0, b""))


def _deliver(held: queue.Queue[tuple[float, bytes]], sink: socket.socket) -> None:
    with suppress(OSError):
        while (one := held.get())[1]:
            time.sleep(max(0.0, one[0] - time.monotonic()))
            sink.sendall(one[1])
        sink.shutdown(socket.SHUT_WR)


@contextmanager
def link(port: int, down: float = 0, up: float = 0, delay: float = 0) -> Iterator[Link]:
    """A road to a port of this machine: bits a second each way (0 is free), seconds there and back."""
    made = Link(port, down, up, delay)
    try:
        yield made
    finally:
        made.close()
