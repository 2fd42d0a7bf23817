"""What a sync costs on a real connection, counted byte by byte; older clients and older servers are understood."""

from __future__ import annotations

import json
import random
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sync import codec
from sync.errors import Failure
from sync.exchange import answering, sync
from sync.exchange.brief import is_brief
from sync.relay.http import HttpCarrier
from sync.workspace import Workspace
from tests.counting import Counted, counted
from tests.server_process import ServerProcess
from tests.sync.network import Network

Replica = Callable[..., Workspace]


class Plain(HttpCarrier):
    """A client from before the brief form."""

    protocol = codec.PROTOCOL


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    process = ServerProcess(tmp_path_factory.mktemp("server") / "data").start()
    yield process
    process.close()


@pytest.fixture
def road(server: ServerProcess) -> Iterator[Counted]:
    with counted(server.port) as found:
        yield found


def exchanged(ws: Workspace, road: Counted, carrier: Callable[[str], HttpCarrier] = HttpCarrier) -> tuple[int, int]:
    """One sync over the counted road: (bytes both ways, turns). The client's own count is the true one."""
    road.reset()
    report = sync(ws, carrier(road.url))
    assert (report.bytes_up, report.bytes_down) == (road.up, road.down)
    assert report.set_aside == []
    return road.both, road.turns


def organisation(chance: random.Random, number: int) -> dict[str, object]:
    return {"name": {"fr": f"Association {number}", "ar": f"جمعية {number}"}, "region": "DJ-OB", "email": f"a{number}@exemple.dj",
            "phone": f"+253 77 {chance.randrange(10**6):06d}", "description": {"fr": "pour l’eau et l’école, " * 6 + "enfin"}}


def test_what_an_exchange_costs(server: ServerProcess, replica: Replica, road: Counted) -> None:
    chance = random.Random(4)
    amina, omar = replica(server, "Amina"), replica(server, "Omar")
    with amina.together():
        ids = [amina.add("organisation", organisation(chance, number)).id for number in range(600)]
    for ws in (amina, omar, amina, omar):
        sync(ws)
    cost, turns = exchanged(omar, road)
    assert (turns, cost <= 250) == (1, True), cost
    for count, bar in ((1, 500), (10, 600), (100, 1_250)):
        with amina.together():
            for id in chance.sample(ids, count):
                amina.edit("organisation", id, {"phone": f"+212 {chance.randrange(500, 800)} {chance.randrange(10**6):06d}"})
        for ws in (amina, omar):
            cost, turns = exchanged(ws, road)
            assert (turns, cost <= bar) == (1, True), (count, cost)
    omar.edit("organisation", ids[0], {"phone": "+253 77 00 00 00"})
    sync(omar)
    cost, turns = exchanged(amina, road)  # nothing to hand in: the very call brings Omar's edit
    assert amina.get("organisation", ids[0])["phone"] == "+253 77 00 00 00"
    assert (turns, cost <= 500) == (1, True), cost
    assert amina.digest() == omar.digest() == server.json("digest")["scopes"]


def test_what_cannot_be_shortened_goes_all_the_same(server: ServerProcess, replica: Replica, road: Counted) -> None:
    chance = random.Random(5)
    idil, omar = replica(server, "Idil"), replica(server, "Omar")
    with idil.together():
        ids = [idil.add("organisation", organisation(chance, number)).id for number in range(300)]  # more than the brief form is for
        for id in ids:
            idil.edit("organisation", id, {"phone": "+253 21 00 00 00"})
    exchanged(idil, road)
    exchanged(omar, road)
    assert idil.digest() == omar.digest() == server.json("digest")["scopes"]
    assert server.json("verify")["ok"]


def test_an_older_client_is_understood(server: ServerProcess, replica: Replica, road: Counted) -> None:
    older, newer = replica(server, "Older"), replica(server, "Newer")
    sync(older)
    id = older.add("organisation", {"name": {"fr": "Ancienne"}, "phone": "+253 77 11 11 11"}).id
    assert exchanged(older, road, Plain)[1] == 1
    sync(newer)
    newer.edit("organisation", id, {"phone": "+253 77 22 22 22"})
    exchanged(newer, road)
    exchanged(older, road, Plain)
    assert older.get("organisation", id)["phone"] == "+253 77 22 22 22"
    assert older.digest() == newer.digest() == server.json("digest")["scopes"]


@pytest.fixture
def older_server(tmp_path: Path) -> Iterator[tuple[Network, str, list[bool]]]:
    """A server from before the brief form, over real HTTP: what it was asked, as brief or not."""
    asked: list[bool] = []
    with Network(tmp_path / "older") as network:
        class Older(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                asked.append(is_brief(body))
                try:
                    codec.open_message(body)  # all that it knows: this raises for a newer protocol
                    status, told = 200, answering.answer(network.authority, body)
                except Failure as failure:
                    status, told = 403, json.dumps({"error": {"code": failure.code, "message": str(failure)}}).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(told)))
                self.end_headers()
                self.wfile.write(told)

            def log_message(self, *_: object) -> None:
                """Nothing is printed in a test."""

        running = ThreadingHTTPServer(("127.0.0.1", 0), Older)
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield network, f"http://127.0.0.1:{running.server_address[1]}", asked
        running.shutdown()
        running.server_close()


def test_an_older_server_is_spoken_to_plainly(older_server: tuple[Network, str, list[bool]]) -> None:
    network, url, asked = older_server
    ana = network.device("ana")
    ana.ws.add("house", {"name": {"fr": "Maison"}})
    report = sync(ana.ws, HttpCarrier(url))
    assert (report.sent, report.accepted) == (1, 1)
    assert asked == [True, False]


def test_the_answer_is_plain_http(server: ServerProcess, replica: Replica) -> None:
    """As few headers as HTTP allows, and none that names the software."""
    ws = replica(server, "Asma")
    kept: list[bytes] = []

    class Listening(HttpCarrier):
        def exchange(self, body: bytes) -> bytes:
            kept.append(body)
            return super().exchange(body)

    sync(ws, Listening(server.url))
    with socket.create_connection(("127.0.0.1", server.port), 20) as connection:
        connection.sendall(b"POST /exchange HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(kept[0]) + kept[0])
        found = b""
        while piece := connection.recv(65536):
            found += piece
    head, _, body = found.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[0] == b"HTTP/1.1 200 OK"
    assert {line.partition(b":")[0].lower() for line in lines[1:]} == {b"content-length", b"connection"}
    assert int(next(line for line in lines if line.startswith(b"content-length")).partition(b":")[2]) == len(body)
    assert is_brief(body)
