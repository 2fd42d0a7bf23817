"""What is too large, too slow, too much or too often is stopped, said in words, and leaves room for the others."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.server_process import ServerProcess

PATIENCE = 1.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    process = ServerProcess(tmp_path_factory.mktemp("server") / "data", "", "--patience", str(PATIENCE)).start()
    yield process
    process.close()


def connect(server: ServerProcess) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port), 20)
    connection.settimeout(20)
    return connection


def all_of(connection: socket.socket) -> bytes:
    """Everything until the server closes."""
    found = b""
    try:
        while piece := connection.recv(65536):
            found += piece
    except ConnectionResetError:
        pass
    return found


@pytest.mark.parametrize("path", ["/exchange", "/join", "/", "/nowhere"])
def test_a_body_over_the_limit_is_refused_in_words(server: ServerProcess, path: str) -> None:
    for data in (bytes(9 * 2**20), iter([bytes(2**20)] * 9)):  # declared, and in chunks of unknown length
        answer = requests.post(server.url + path, data=data, timeout=20)
        assert answer.status_code == 413 if path in ("/exchange", "/join") else answer.status_code in (404, 405, 413)
        assert answer.json()["error"]["code"] in ("too_large", "not_found", "method")


def test_an_endless_body_ends(server: ServerProcess) -> None:
    sent = 0
    with connect(server) as connection:
        connection.sendall(b"POST /exchange HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        piece = b"100000\r\n" + bytes(2**20) + b"\r\n"
        try:
            while sent < 200 * 2**20:
                connection.sendall(piece)
                sent += 2**20
        except OSError:
            pass
    assert sent < 60 * 2**20
    assert _memory_of(server) < 400 * 2**20


@pytest.mark.parametrize("start", [b"", b"GET /h", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "])
def test_headers_that_never_end_are_left(server: ServerProcess, start: bytes) -> None:
    began = time.monotonic()
    with connect(server) as connection:
        connection.sendall(start)
        trickle = threading.Thread(target=_trickle, args=(connection,), daemon=True)
        if start:
            trickle.start()
        assert all_of(connection) == b""
    assert PATIENCE * 0.8 < time.monotonic() - began < PATIENCE * 6


def test_headers_without_end_are_left_before_they_fill_the_memory(server: ServerProcess) -> None:
    sent = 0
    with connect(server) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        try:
            while sent < 64 * 2**20:
                connection.sendall(b"X-Long: " + b"y" * 8000 + b"\r\n")
                sent += 8010
        except OSError:
            pass
        assert all_of(connection) == b""
    assert sent < 32 * 2**20  # what the two systems hold between them, not what was wanted
    assert _memory_of(server) < 400 * 2**20


def test_slow_headers_of_a_second_request_are_left_too(server: ServerProcess) -> None:
    with connect(server) as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"200 OK" in connection.recv(65536)
        connection.sendall(b"GET /health HT")
        began = time.monotonic()
        all_of(connection)
        assert time.monotonic() - began < PATIENCE * 6


def test_a_body_that_stops_or_trickles_is_left(server: ServerProcess) -> None:
    for trickling in (False, True):
        began = time.monotonic()
        with connect(server) as connection:
            connection.sendall(b"POST /exchange HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nx")
            if trickling:
                threading.Thread(target=_trickle, args=(connection,), daemon=True).start()
            answer = all_of(connection)
        assert b"408" in answer.split(b"\r\n", 1)[0]
        assert b'"too_slow"' in answer
        assert time.monotonic() - began < PATIENCE * 12


def test_many_half_open_connections_leave_room_for_others(server: ServerProcess) -> None:
    waiting = [connect(server) for _ in range(200)]
    try:
        for one in waiting:
            one.sendall(b"POST /exchange HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
        began = time.monotonic()
        assert requests.get(server.url + "/health", timeout=20).status_code == 200
        assert time.monotonic() - began < 5
        refused = requests.post(server.url + "/exchange", data=b"x", timeout=20)
        assert refused.status_code == 503
        assert int(refused.headers["Retry-After"]) > 0
        assert refused.json()["error"]["code"] == "crowded"
    finally:
        for one in waiting:
            one.close()
    _until(lambda: requests.post(server.url + "/exchange", data=b"x", timeout=20).status_code == 400)


def test_guessing_codes_ends_in_a_pause(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path / "data").start()
    try:
        request = {"code": "0000-0000-0000-0000", "key": "00" * 32, "person": "x", "device": "x"}
        answers = [requests.post(server.url + "/join", json={**request, "code": "nonsense"}, timeout=20) for _ in range(22)]
        assert [one.status_code for one in answers] == [403] * 20 + [429] * 2
        assert int(answers[-1].headers["Retry-After"]) > 0
        elsewhere = requests.post(server.url + "/join", json=request, headers={"X-Forwarded-For": "198.51.100.7"}, timeout=20)
        assert elsewhere.status_code == 400  # another address, told by a proxy on this machine, may still try
    finally:
        server.close()


def test_what_is_no_http_is_answered_and_logged_as_json(server: ServerProcess) -> None:
    with connect(server) as connection:
        connection.sendall(b"\x16\x03\x01\x02\x00\x01\x00 hello\r\n\r\n")
        assert b"400" in all_of(connection)
    server.lines()


def _trickle(connection: socket.socket) -> None:
    """One byte every so often, for as long as the other side listens."""
    pause = threading.Event()
    try:
        while not pause.wait(PATIENCE / 4):
            connection.sendall(b"x")
    except OSError:
        return


def _until(holds: object, seconds: float = 15) -> None:
    end, pause = time.monotonic() + seconds, threading.Event()
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < end
        pause.wait(0.1)


def _memory_of(server: ServerProcess) -> int:
    assert server._process is not None
    status = Path(f"/proc/{server._process.pid}/status")
    if not status.exists():
        return 0
    line = next(one for one in status.read_text().splitlines() if one.startswith("VmHWM"))
    return int(line.split()[1]) * 1024
