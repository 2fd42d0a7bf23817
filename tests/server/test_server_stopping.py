"""Told to stop, the server finishes what is in flight; killed, it comes back; its log names nobody."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from sync.errors import Offline
from sync.exchange import sync
from sync.exchange.words import file_statement
from sync.identity import key_id
from sync.workspace import Workspace
from tests.server_process import ServerProcess


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    process = ServerProcess(tmp_path / "data").start()
    yield process
    process.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_upload_in_flight_is_finished(server: ServerProcess, replica: Callable[..., Workspace], number: int) -> None:
    ws, data = replica(server, "Amina"), os.urandom(200_000)
    sha256, key, go_on = hashlib.sha256(data).hexdigest(), ws.vault.key(), threading.Event()
    signature = key.sign(file_statement(sha256, len(data)))
    answers: list[int] = []

    def pieces() -> Iterator[bytes]:
        yield data[:100_000]
        go_on.wait(10)
        yield data[100_000:]

    def upload() -> None:
        answers.append(requests.put(f"{server.url}/files/{sha256}?offset=0&size={len(data)}", data=pieces(), timeout=20,
                                    headers={"Dalil-Signature": f"{key_id(key.public).hex()}:{signature.hex()}"}).status_code)

    thread = threading.Thread(target=upload)
    thread.start()
    part = server.folder / "files" / sha256[:2] / f"{sha256}.part"
    _until(part.exists)
    server.signal(number)
    _until(lambda: not _listens(server))
    go_on.set()
    thread.join(20)
    assert answers == [200]
    assert server.wait() == 0
    assert (server.folder / "files" / sha256[:2] / sha256).read_bytes() == data
    assert server.lines()[-1]["event"] == "stopped"


def test_stopping_with_idle_connections_is_quick(server: ServerProcess) -> None:
    session = requests.Session()
    assert session.get(server.url + "/health", timeout=20).status_code == 200
    idle = socket.create_connection(("127.0.0.1", server.port))
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < 5
    idle.close()


def test_killed_at_any_moment_it_starts_again_with_what_it_answered(server: ServerProcess, replica: Callable[..., Workspace]) -> None:
    ws = replica(server, "Omar")
    for round_ in range(4):
        for n in range(40):
            ws.add("organisation", {"name": {"fr": f"Association {round_} {n}"}})
        timer = threading.Timer(0.01 * 2**round_, lambda: server.signal(signal.SIGKILL))
        timer.start()
        with suppress(Offline):
            sync(ws)
        timer.join()
        server.wait()
        server.start()
    sync(ws)
    assert ws.status().waiting == 0
    assert ws.digest() == server.json("digest")["scopes"]
    assert server.json("verify")["ok"]


def test_the_log_names_nobody(server: ServerProcess, replica: Callable[..., Workspace]) -> None:
    ws = replica(server, "Fadumo Secret-Name")
    code = server.invite()
    saved = ws.add("organisation", {"name": {"fr": "Nom-Discret"}, "phone": "+25377123456"})
    sync(ws)
    requests.get(f"{server.url}/organizations/{saved.id}", timeout=20)
    requests.get(server.url + "/organizations", params={"search": "Nom-Discret", "page": "77123456"}, timeout=20)
    requests.get(server.url + "/77654321/Nom-Discret", timeout=20)
    requests.post(server.url + "/join", json={"code": code, "key": "77654321", "person": "Nom-Discret", "device": "x"}, timeout=20)
    lines = server.lines()
    assert {"/join", "/exchange", "/organizations/{id}", "/organizations", "-"} <= {line["path"] for line in lines if "path" in line}
    log = server.log()
    for secret in ("Fadumo", "Discret", "77123456", "77654321", saved.id, code, code.replace("-", "")):
        assert secret not in log
    exchange = next(line for line in lines if line.get("path") == "/exchange")
    assert exchange["key"] == key_id(ws.vault.key().public).hex()[:6]
    assert exchange["up"] > 0
    assert exchange["down"] > 0
    assert exchange["status"] == 200


def _listens(server: ServerProcess) -> bool:
    try:
        socket.create_connection(("127.0.0.1", server.port), 1).close()
    except OSError:
        return False
    return True


def _until(holds: Callable[[], bool], seconds: float = 10) -> None:
    end, pause = time.monotonic() + seconds, threading.Event()
    while not holds():
        assert time.monotonic() < end
        pause.wait(0.02)
