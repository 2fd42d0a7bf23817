"""Hundreds of clients that trickle headers, trickle bodies or never stop sending: who works honestly still syncs, and the server stays small."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

from resources import KINDS
from sync.exchange import join, sync
from sync.workspace import Workspace
from tests.faults.amounts import amount, tell
from tests.faults.test_crowd import _most_memory
from tests.server_process import ServerProcess

PATIENCE = 2.0  # seconds; the default is 30, and nobody here wants to wait so long
BEGINNINGS = {
    "headers that trickle": (b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", b"a"),
    "bodies that trickle": (b"POST /exchange HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n", b"a"),
    "bodies without end": (b"POST /exchange HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + bytes(65536) + b"\r\n"),
    "files without end": (b"PUT /files/" + b"0" * 64 + b"?offset=0&size=1000 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
                          b"10000\r\n" + bytes(65536) + b"\r\n"),
    "silence": (b"", b""),
}


class Hostile:
    """Connections of one kind, sending for as long as anybody listens, opened again when they were closed."""

    def __init__(self, port: int, begins: bytes, goes_on: bytes, many: int) -> None:
        self.port, self.begins, self.goes_on = port, begins, goes_on
        self.stop = threading.Event()
        self.sent = self.closed = 0
        self.open = [self._connected() for _ in range(many)]
        self.thread = threading.Thread(target=self._go_on)
        self.thread.start()

    def _connected(self) -> socket.socket | None:
        try:
            found = socket.create_connection(("127.0.0.1", self.port), 5)
            found.setblocking(False)
            found.send(self.begins or b"")
        except OSError:
            return None
        return found

    def _go_on(self) -> None:
        while not self.stop.wait(0.05):
            for place, one in enumerate(self.open):
                try:
                    if one is not None:
                        self.sent += one.send(self.goes_on) if self.goes_on else 0
                        continue
                except BlockingIOError:
                    continue
                except OSError:
                    one.close()  # type: ignore[union-attr]
                self.closed += 1
                self.open[place] = self._connected()

    def ends(self) -> None:
        self.stop.set()
        self.thread.join(20)
        for one in self.open:
            if one is not None:
                one.close()


def test_honest_people_sync_among_hostile_connections(ram: Path) -> None:
    """Each kind at a time; the one address they share is bounded, and the others (behind a proxy, another address) are not kept out."""
    many, rounds = amount(40, 300), amount(1, 15)
    server = ServerProcess(ram / "server", "", "--patience", str(PATIENCE)).start()
    try:
        ws = Workspace(ram / "pc", KINDS)
        join(ws, server.url, server.invite(), "Honest")
        from sync.relay.http import HttpCarrier

        for kind, (begins, goes_on) in BEGINNINGS.items():
            hostile = Hostile(server.port, begins, goes_on, many)
            waited = 0
            try:
                for number in range(rounds):
                    ws.add("organisation", {"name": {"fr": f"{kind} {number}"}})
                    road = HttpCarrier(server.url)
                    road.headers["X-Forwarded-For"] = "198.51.100.7"
                    waited += _patiently(ws, road)
                    road.close()
            finally:
                hostile.ends()
            assert ws.status().waiting == 0
            tell(f"hostile connections: {kind}", connections=many, syncs=rounds, told_to_come_again=waited, bytes_sent=hostile.sent,
                 closed_by_the_server=hostile.closed, server_memory_mib=round(_most_memory(server) / 2**20))
        ws.close()
        assert _most_memory(server) < 400 * 2**20
        assert server.json("verify")["ok"]
        assert not [line for line in server.lines() if line.get("status") == 500 or "error" in line]
    finally:
        server.close()


def _patiently(ws: Workspace, road: object) -> int:
    """Sync, coming again when told that many are asking; how often that was needed."""
    from sync.errors import Offline

    for tries in range(40):
        try:
            sync(ws, road)  # type: ignore[arg-type]
        except Offline:
            threading.Event().wait(0.3)
            continue
        return tries
    raise AssertionError("honest work was kept out")
