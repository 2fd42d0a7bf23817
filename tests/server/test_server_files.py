"""Files at a real server process: resumed from any byte both ways, checked against their name, taken from members only."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from sync.exchange import fetch, sync
from sync.exchange.words import file_statement
from sync.identity import key_id
from sync.workspace import Workspace
from tests.server_process import ServerProcess

Replica = Callable[..., Workspace]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    process = ServerProcess(tmp_path_factory.mktemp("server") / "data").start()
    yield process
    process.close()


def put(server: ServerProcess, ws: Workspace, data: bytes, offset: int = 0, whole: bytes | None = None, **changed: str) -> requests.Response:
    whole = data if whole is None else whole
    sha256, key = hashlib.sha256(whole).hexdigest(), ws.vault.key()
    signature = key.sign(file_statement(sha256, len(whole)))
    headers = {"Dalil-Signature": f"{key_id(key.public).hex()}:{signature.hex()}", **changed}
    return requests.put(f"{server.url}/files/{sha256}?offset={offset}&size={len(whole)}", data=data, headers=headers, timeout=20)


def test_an_upload_goes_on_where_it_was_cut(server: ServerProcess, replica: Replica) -> None:
    ws, data = replica(server, "Amina"), os.urandom(300_000)
    url = f"{server.url}/files/{hashlib.sha256(data).hexdigest()}"
    assert requests.head(url, timeout=20).headers["Dalil-Held"] == "0"
    assert put(server, ws, data[:100_000], whole=data).json() == {"held": 100_000}
    part = requests.head(url, timeout=20)
    assert (part.status_code, part.headers["Dalil-Held"]) == (404, "99999")  # the last byte comes again: it may be the one that makes the file whole
    assert put(server, ws, data[200_000:], 200_000, data).status_code == 400  # a hole is not filled with guesses
    server.kill()
    server.start()
    assert put(server, ws, data[100_000:], 100_000, data).json() == {"held": 300_000}
    answer = requests.get(url, timeout=20)
    assert answer.content == data
    assert "immutable" in answer.headers["Cache-Control"]


def test_a_reader_killed_before_a_whole_file_had_its_name_goes_on(server: ServerProcess, replica: Replica) -> None:
    """Nothing of it is lacking, so there is nothing that the server could send: asking for that failed at every sync from then on."""
    ws, data = replica(server, "Amina"), os.urandom(70_000)
    assert put(server, ws, data).status_code == 200
    path = ws.files.path(hashlib.sha256(data).hexdigest())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".part").write_bytes(data)
    assert fetch(ws, path.name, len(data)).read_bytes() == data


def test_any_part_of_a_file(server: ServerProcess, replica: Replica) -> None:
    data = os.urandom(70_000)
    assert put(server, replica(server, "Omar"), data).status_code == 200
    url = f"{server.url}/files/{hashlib.sha256(data).hexdigest()}"
    for asked, found in (("bytes=0-", data), ("bytes=69999-", data[-1:]), ("bytes=10-19", data[10:20]), ("bytes=-5", data[-5:])):
        answer = requests.get(url, headers={"Range": asked}, timeout=20)
        assert (answer.status_code, answer.content) == (206, found)
    for asked in ("bytes=70000-", "bytes=5-2", "bytes=-0", "bytes=a-b"):
        answer = requests.get(url, headers={"Range": asked}, timeout=20)
        assert (answer.status_code, answer.headers["Content-Range"], answer.json()["error"]["code"]) == (416, "bytes */70000", "range")


def test_strangers_and_wrong_bytes_are_refused(server: ServerProcess, replica: Replica, tmp_path: Path) -> None:
    ws, data = replica(server, "Asma"), os.urandom(1000)
    for header in ("", "junk", f"{'00' * 8}:{'00' * 64}", f"{key_id(ws.vault.key().public).hex()}:{'00' * 64}"):
        assert put(server, ws, data, **{"Dalil-Signature": header}).json()["error"]["code"] == "no_certificate"
    wrong = put(server, ws, b"x" * 1000, whole=data)
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (400, "damaged")
    assert requests.head(f"{server.url}/files/{hashlib.sha256(data).hexdigest()}", timeout=20).headers["Dalil-Held"] == "0"
    assert put(server, ws, data + b"more", whole=data).status_code == 400
    for name in ("..%2f..%2fserver.db", "x" * 64, "authority.key"):
        assert requests.get(f"{server.url}/files/{name}", timeout=20).status_code == 404
    assert requests.put(f"{server.url}/files/{'a' * 64}?offset=0&size={3 * 2**30}", data=b"x", timeout=20).status_code == 400
    server.json("revoke", ws.vault.word("device"))
    assert put(server, ws, os.urandom(10)).json()["error"]["code"] == "revoked"


def test_an_attachment_reaches_another_replica(server: ServerProcess, replica: Replica, tmp_path: Path) -> None:
    giver, taker = replica(server, "Hodan"), replica(server, "Ali")
    document = tmp_path / "guide.txt"
    document.write_bytes(os.urandom(200_000))
    item = giver.add("item", {"title": {"fr": "Guide"}})
    giver.attach("item", item.id, document)
    assert sync(giver).files == 1
    sync(taker)
    file = taker.get("item", item.id)["file"]
    assert fetch(taker, file["sha256"], file["size"]).read_bytes() == document.read_bytes()
    assert server.json("verify")["ok"]
    path = server.folder / "files" / file["sha256"][:2] / file["sha256"]
    path.write_bytes(b"altered")
    assert file["sha256"] in server.run("verify").stdout
    assert server.run("verify").returncode == 1
