"""What answers is not what was hoped for: a newer server, a portal, half an answer; each is a sentence, and nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sync import codec
from sync.errors import Failure
from sync.relay.http import HttpCarrier
from tests.sync.network import Network

Answers = Callable[[int, bytes, str], str]


@pytest.fixture
def answering() -> Iterator[Answers]:
    """Start a real HTTP server that answers everything alike; gives its address."""
    servers: list[ThreadingHTTPServer] = []

    def start(status: int, body: bytes, media: str) -> str:
        class Same(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(status)
                self.send_header("Content-Type", media)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nothing is printed in a test."""

        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), Same))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


NEWER = codec.MAGIC + bytes([codec.PROTOCOL + 1]) + b"what only it understands"


@pytest.mark.parametrize(
    ("status", "body", "code", "said"),
    [
        (200, NEWER, "newer_version", "newer version"),
        (200, b"<html><body>Welcome, log in</body></html>", "not_a_dalil_server", "login page"),
        (302, b"", "not_a_dalil_server", "login page"),
        (200, b"", "not_a_dalil_server", "login page"),
        (200, codec.MAGIC + bytes([codec.PROTOCOL]) + b"torn", "damaged", "damaged"),
        (500, b"oops", "offline", "cannot be reached"),
        (404, b"not here", "not_a_dalil_server", "login page"),
    ],
)
def test_a_stranger_is_named_and_what_waits_still_waits(
    network: Network, answering: Answers, status: int, body: bytes, code: str, said: str,
) -> None:
    from sync.exchange import sync

    device = network.device("ana")
    id = device.ws.add("house", {"name": {"fr": "Maison"}}).id
    with pytest.raises(Failure) as failed:
        sync(device.ws, HttpCarrier(answering(status, body, "text/html")))
    assert failed.value.code == code
    assert said in failed.value.message.say("en")
    assert failed.value.message.say("fr") != failed.value.message.say("en") != failed.value.message.say("ar")
    assert device.ws.status().waiting == 1
    assert device.ws.get("house", id)["name"] == {"fr": "Maison"}
    device.sync()
    assert device.ws.status().waiting == 0
