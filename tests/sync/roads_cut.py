"""A road between two sockets that is cut after so many bytes, and a door behind which somebody says one thing: for tests on loopback."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread


class CutRoad:
    """Carries each connection to `to`, and cuts it both ways after `after` bytes that went to the visitor or came from them. `port` is its own."""

    def __init__(self, to: int) -> None:
        self.to = to
        self.after = 10**12
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            with near, socket.create_connection(("127.0.0.1", self.to)) as far:
                self._left = self.after
                back = Thread(target=self._carry, args=(far, near), daemon=True)
                back.start()
                self._carry(near, far)
                back.join()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while self._left > 0 and (piece := source.recv(min(65536, self._left))):
                self._left -= len(piece)
                target.sendall(piece)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


@contextmanager
def cutting(to: int) -> Iterator[CutRoad]:
    road = CutRoad(to)
    try:
        yield road
    finally:
        road.close()


@contextmanager
def answering_once(says: bytes) -> Iterator[int]:
    """A door on loopback behind which whoever comes first hears this, whatever they ask."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        def serve() -> None:
            with suppress(OSError):
                one, _ = door.accept()
                with one:
                    one.recv(65536)
                    one.sendall(says)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield int(door.getsockname()[1])
    thread.join()
