"""A TCP proxy on loopback that counts every byte both ways, for tests of what a sync costs."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Counted:
    """What passed: bytes each way (`passed` has them), and turns (bursts of the client after connecting or after an answer)."""

    def __init__(self, port: int) -> None:
        self._upstream = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._open: list[socket.socket] = []
        self.reset()
        threading.Thread(target=self._accept, daemon=True).start()

    def reset(self) -> None:
        self.up = self.down = self.turns = 0
        self.passed: dict[str, bytearray] = {"up": bytearray(), "down": bytearray()}
        self._last = ""

    @property
    def both(self) -> int:
        return self.up + self.down

    def close(self) -> None:
        for one in (self._listening, *self._open):
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._upstream))
            self._open += [client, server]
            for source, sink, way in ((client, server, "up"), (server, client, "down")):
                threading.Thread(target=self._pump, args=(source, sink, way), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, way: str) -> None:
        try:
            while data := source.recv(65536):
                self.passed[way] += data
                setattr(self, way, getattr(self, way) + len(data))  # counted before it goes on, so that whoever got it finds it counted
                self.turns += way == "up" and self._last != "up"
                self._last = way
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass


@contextmanager
def counted(port: int) -> Iterator[Counted]:
    """A counting proxy before a port, while it is needed."""
    found = Counted(port)
    try:
        yield found
    finally:
        found.close()
