"""Two replicas meet at a real server process, on both databases; it is killed and comes back with everything."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests

from sync import codec, finishing
from sync.errors import Failure, NotADalilServer
from sync.exchange import asking, sync, taking
from sync.exchange.words import Envelope, Request
from sync.relay.http import HttpCarrier
from sync.workspace import Workspace
from tests.server_process import ServerProcess

Replica = Callable[..., Workspace]


def test_two_replicas_and_the_server_agree(server: ServerProcess, replica: Replica) -> None:
    amina, omar = replica(server, "Amina"), replica(server, "Omar")
    saved = amina.add("organisation", {"name": {"fr": "Association Amina"}, "region": "DJ-OB"})
    for n in range(30):
        omar.add("organisation", {"name": {"fr": f"Coopérative {n}", "ar": f"تعاونية {n}"}})
    sync(omar)
    sync(amina)
    sync(omar)
    omar.edit("organisation", saved.id, {"region": "DJ-TA"})
    amina.edit("organisation", saved.id, {"region": "DJ-AS"})
    for ws in (omar, amina, omar):
        sync(ws)
    assert amina.digest() == omar.digest() == server.json("digest")["scopes"]
    found = [(one.id, one.field, sorted(value.value for value in one.values)) for one in omar.conflicts()]
    assert found == [(saved.id, "region", ["DJ-AS", "DJ-TA"])]
    assert server.json("verify") == {"ok": True, "problems": []}
    names = [one["name"] for one in server.json("devices")["items"]]
    assert {"Amina", "Omar"} <= set(names)


def test_a_push_of_many_turns_is_written_here_while_the_server_is_at_work(
        server: ServerProcess, replica: Replica, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "PUSH", 2_000)
    monkeypatch.setattr(asking, "LARGEST_PUSH", 2_000)
    monkeypatch.setattr(taking, "MANY", 3)
    monkeypatch.setattr(finishing, "_TOGETHER", 10)
    monkeypatch.setattr(finishing, "_PIECE", 5)
    ws, reader = replica(server, "Hibo"), replica(server, "Guedi")
    for number in range(60):
        ws.add("organisation", {"name": {"fr": f"Amicale {number}"}, "note": "Note." * 20})
    report = sync(ws)
    assert report.accepted == 60
    assert report.turns > 3
    assert ws.status().waiting == 0
    assert len(ws.search_ids("amicale", 100)) == 60
    sync(reader)
    assert len(reader.search_ids("amicale", 100)) == 60
    sync(ws)
    assert ws.digest() == reader.digest() == server.json("digest")["scopes"]


def test_what_was_answered_survives_a_kill(server: ServerProcess, replica: Replica) -> None:
    ws = replica(server, "Asma")
    saved = ws.add("organisation", {"name": {"fr": "Gardée"}})
    assert sync(ws).accepted == 1
    server.kill()
    with pytest.raises(Failure) as raised:
        sync(ws)
    assert raised.value.code == "offline"
    server.start()
    assert sync(ws).turns == 1
    assert requests.get(f"{server.url}/organizations/{saved.id}", timeout=20).json()["name"] == "Gardée"
    assert server.json("verify")["ok"]


def test_a_withdrawn_device_is_told_so_and_nothing_of_it_is_published(server: ServerProcess, replica: Replica) -> None:
    ws = replica(server, "Idil")
    saved = ws.add("organisation", {"name": {"fr": "Trop tard"}})
    assert server.json("revoke", ws.vault.word("device"))["revoked"] == 1
    assert sync(ws).refused == 1
    assert [one.state for one in ws.outbox() if one.id == saved.id] == ["refused"]
    assert requests.get(f"{server.url}/organizations/{saved.id}", timeout=20).status_code == 404


def messages() -> list[bytes]:
    """Things that are no request, or a stranger's."""
    request = codec.pack(Request(b"", b"", {"public": (2**63, b"x" * 8)}, [b"", b"junk", codec.squeeze(b"junk")], 2**62))
    whole = codec.seal_message(codec.pack(Envelope(b"", b"", request)))
    return [
        b"", b"hello", b"<html>", codec.MAGIC, codec.MAGIC + b"\x01", codec.MAGIC + b"\xff" + whole[6:], whole[:-3],
        whole[:20] + b"\x00" + whole[21:],
        codec.seal_message(b""), codec.seal_message(codec.pack([1, 2, 3])), codec.seal_message(codec.pack(Envelope(b"", b"", b"junk"))),
        codec.seal_message(codec.pack(Envelope(b"stranger", b"x" * 64, request))), whole,
        codec.seal_message(bytes(codec.MAX_MESSAGE + 1)),
        codec.seal_message(codec.pack(Envelope(b"", b"", codec.pack(Request(b"", b"x", {"public": (-5, b""), "nowhere": (1, b"")}, [], -1))))),
    ]


@pytest.mark.parametrize("number", range(15))
def test_what_is_no_request_is_refused_in_words(server: ServerProcess, number: int) -> None:
    answer = requests.post(server.url + "/exchange", data=messages()[number], timeout=20)
    assert answer.status_code in (200, 400, 403)
    if answer.status_code != 200:
        assert answer.json()["error"]["code"] in ("damaged", "invalid", "newer_version", "no_certificate", "guest")


def test_a_client_at_the_wrong_address_says_so(server: ServerProcess) -> None:
    with pytest.raises((NotADalilServer, Failure)):
        HttpCarrier(server.url + "/nowhere").exchange(b"x")
