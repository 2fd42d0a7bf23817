"""Requests to join at a real server: carried by members, listed by their code, admitted once, refused; floods, forgeries, two of one code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from resources import KINDS
from resources.rights import actor_of
from server import applications
from server.premises import Premises
from sync import admission, applying, second_device
from sync.admission import Application
from sync.authority import Authority
from sync.errors import Damaged, Failure, Refused
from sync.exchange import sync
from sync.identity import SigningKey, key_id
from sync.membership import membership
from sync.record import uuid7
from sync.relay.holding import Holding
from sync.relay.http import HttpCarrier
from sync.waiting_room import WaitingRoom
from sync.workspace import Workspace, wall_clock
from tests.server_process import ServerProcess


def carry(source: Workspace, to: Workspace, authority: bytes) -> None:
    there = Holding(to, authority)
    there.take(list(Holding(source, authority).give(there.have())))


def listed(server: ServerProcess) -> list[Any]:
    return server.json("requests")["items"]


@pytest.fixture
def new(tmp_path: Path) -> Any:
    ws = Workspace(tmp_path / "new", KINDS)
    yield ws
    ws.close()


def test_paper_to_the_server_and_back_by_stick(server: ServerProcess, replica: Callable[..., Workspace], new: Workspace) -> None:
    amina = replica(server, "Amina")
    authority = amina.vault.setting("authority") or b""
    kept = amina.add("organisation", {"name": {"fr": "Pêcheurs"}}).id
    sync(amina)
    carry(amina, new, authority)
    code = applying.apply(new, "Fatouma Ali", "Pêcheurs d’Obock")
    new.add("organisation", {"name": {"fr": "Écrite avant"}})
    note = new.add("note", {"text": "à moi"}).id
    assert new.status().asked == code
    assert server.run("admit", code).returncode == 1  # nobody has brought it
    carry(new, amina, authority)
    sync(amina)
    assert WaitingRoom(amina.public).all()[0].handed
    one = next(one for one in listed(server) if one["code"] == code)
    assert (one["name"], one["organisation"]) == ("Fatouma Ali", "Pêcheurs d’Obock")
    assert code in server.run("requests").stdout
    turns = sync(amina).turns
    assert turns == 1  # it is handed in once
    said = server.json("admit", code.lower().replace("-", " "), "--role", "editor", "--org", kept)
    assert (said["person"], said["name"], said["role"]) == (new.vault.word("person"), "Fatouma Ali", "editor")
    assert code not in {one["code"] for one in listed(server)}
    sync(amina)
    assert WaitingRoom(amina.public).all() == []
    carry(amina, new, authority)
    assert (actor_of(new).role, actor_of(new).organisations) == ("editor", (kept,))
    assert new.status().asked == ""
    assert new.vault.word("server") == ""
    Holding(new).seal()
    carry(new, amina, authority)
    sync(amina)
    carry(amina, new, authority)
    assert new.status().waiting == 0
    assert new.get("note", note)["text"] == "à moi"
    assert {record["name"]["fr"] for record in amina.records("organisation")} >= {"Pêcheurs", "Écrite avant"}
    for words, failure in ((("admit", code), "admitted"), (("refuse", code), "admitted"), (("admit", "7K3M-9QXA-R2TB"), "request_unknown"),
                           (("admit", "nonsense"), "request_unknown")):
        done = server.run(*words, "--json")
        assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (1, failure), words
    assert server.json("verify")["ok"]


def test_who_is_refused_hears_it_and_stays_out(server: ServerProcess, replica: Callable[..., Workspace], new: Workspace) -> None:
    amina = replica(server, "Amina")
    authority = amina.vault.setting("authority") or b""
    carry(amina, new, authority)
    code = applying.apply(new, "Inconnu")
    carry(new, amina, authority)
    sync(amina)
    assert server.json("refuse", code) == {"refused": 1}
    for words in (("refuse", code), ("admit", code)):
        assert json.loads(server.run(*words, "--json").stdout)["error"]["code"] == "refused"
    sync(amina)
    carry(amina, new, authority)
    assert membership(new).withdrawn
    data = admission.written(new.vault.key(), authority, Application(new.vault.key().public, new.vault.own_id("person"), new.vault.own_id("device"), "X"), 9)
    own = amina.vault.key()
    assert HttpCarrier(server.url).apply(data, key_id(own.public), own.sign(admission.carried_statement(data))) == "refused"
    assert listed(server) == [] or code not in {one["code"] for one in listed(server)}


def test_only_members_bring_requests_and_only_whole_ones(server: ServerProcess, replica: Callable[..., Workspace]) -> None:
    amina = replica(server, "Amina")
    authority, own, carrier = amina.vault.setting("authority") or b"", amina.vault.key(), HttpCarrier(server.url)
    stranger = SigningKey(bytes(range(32)))

    def letter(to: bytes = authority) -> bytes:
        ids = [uuid7(wall_clock(), amina.random) for _ in range(2)]
        return admission.written(stranger, to, Application(stranger.public, ids[0], ids[1], "N"), 1)

    data = letter()
    before = len(listed(server))
    for sent, key, proof, code in (
        (data, key_id(stranger.public), stranger.sign(admission.carried_statement(data)), "no_certificate"),
        (data, key_id(own.public), own.sign(admission.carried_statement(letter())), "no_certificate"),
        (data, b"", b"", "no_certificate"),
        (data[:-1], key_id(own.public), own.sign(admission.carried_statement(data[:-1])), "damaged"),
        (letter(SigningKey(bytes(32)).public), None, None, "other_network"),
        (data + bytes(5000), key_id(own.public), bytes(64), "too_large"),
    ):
        if key is None:
            key, proof = key_id(own.public), own.sign(admission.carried_statement(sent))
        with pytest.raises(Failure) as failed:
            carrier.apply(sent, key, proof or b"")
        assert failed.value.code == code
    assert len(listed(server)) == before
    server.json("revoke", amina.vault.word("device"))
    with pytest.raises(Refused) as refused:
        carrier.apply(data, key_id(own.public), own.sign(admission.carried_statement(data)))
    assert refused.value.code == "revoked"


@pytest.fixture
def authority(tmp_path: Path) -> Any:
    found = Premises(tmp_path / "alone").enter().set_up()
    yield found
    found.store.close()


def test_another_computer_of_ones_own_needs_no_administrator(server: ServerProcess, replica: Callable[..., Workspace], new: Workspace) -> None:
    amina = replica(server, "Amina", "trainer")
    authority = amina.vault.setting("authority") or b""
    note = amina.add("note", {"text": "à moi"}).id
    sync(amina)
    code, device = second_device.make(amina)
    sync(amina)  # hands it in, and brings the answer in the same sync
    assert amina.public.value("SELECT role FROM certificate WHERE device = ?", (device,)) == "trainer"
    carry(amina, new, authority)
    second_device.take(new, code)
    assert membership(new).role == "trainer"
    assert new.status().server == server.url
    sync(new)
    assert new.get("note", note)["text"] == "à moi"
    new.edit("note", note, {"text": "encore à moi"})
    sync(new)
    sync(amina)
    assert amina.get("note", note)["text"] == "encore à moi"
    assert device in {one["device"] for one in server.json("devices")["items"]}


def test_a_device_that_was_withdrawn_vouches_for_nobody(server: ServerProcess, replica: Callable[..., Workspace]) -> None:
    amina, bilal = replica(server, "Amina"), replica(server, "Bilal")
    authority = amina.vault.setting("authority") or b""
    _, device = second_device.make(amina)
    server.json("revoke", amina.vault.word("device"))
    carry(amina, bilal, authority)
    sync(bilal)
    assert bilal.public.value("SELECT count(*) FROM certificate WHERE device = ?", (device,)) == 0
    one = next(one for one in listed(server) if one["name"] == "Amina")
    assert not one["beside"]
    assert json.loads(server.run("admit", one["code"], "--json").stdout)["error"]["code"] == "person_known"


def brought(authority: Authority, carrier: SigningKey, number: int, *, key: SigningKey | None = None, name: str = "N", count: int = 1) -> str:
    own = key or SigningKey(number.to_bytes(32, "big"))
    ids = [f"0198aaaa-0000-7000-8000-{number:012d}", f"0198aaaa-0000-7000-9000-{number:012d}"]
    data = admission.written(own, authority.key.public, Application(own.public, ids[0], ids[1], name), count)
    return applications.receive(authority, data, key_id(carrier.public), carrier.sign(admission.carried_statement(data)))


def member(authority: Authority, number: int) -> SigningKey:
    key = SigningKey(bytes([number]) * 32)
    authority.certify(key.public, f"0198bbbb-0000-7000-8000-{number:012d}", f"0198bbbb-0000-7000-9000-{number:012d}", "member")
    return key


def test_a_flood_pushes_out_its_own_and_nobody_elses(authority: Authority) -> None:
    good, flood = member(authority, 1), member(authority, 2)
    brought(authority, good, 5000)
    for number in range(1, applications.MOST_CARRIED + 20):
        brought(authority, flood, number)
    found = applications.waiting(authority)
    assert len(found) == applications.MOST_CARRIED + 1
    assert found[0].asked.person.endswith("5000")


def test_the_newer_words_of_one_key_count_and_a_code_of_two_admits_neither(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    carrier, key = member(authority, 1), SigningKey(bytes(range(32)))
    assert brought(authority, carrier, 7, key=key, name="Fatuma", count=1) == "waiting"
    assert brought(authority, carrier, 7, key=key, name="Fatouma", count=2) == "waiting"
    assert brought(authority, carrier, 7, key=key, name="Autre", count=1) == "waiting"
    one, = applications.waiting(authority)
    assert one.asked.name == "Fatouma"
    brought(authority, carrier, 8)
    monkeypatch.setattr(admission, "code_of", lambda _key: one.code)  # 2^60 keys were tried
    with pytest.raises(Refused) as refused:
        applications.admit(authority, one.code, "member")
    assert refused.value.code == "ambiguous"
    assert applications.refuse(authority, one.code) == 2
    assert applications.waiting(authority) == []


def test_nobody_comes_in_as_somebody_who_is_a_member(authority: Authority) -> None:
    carrier = member(authority, 1)
    thief = SigningKey(bytes(range(32)))
    person = f"0198bbbb-0000-7000-8000-{1:012d}"
    data = admission.written(thief, authority.key.public, Application(thief.public, person, f"0198cccc-0000-7000-8000-{1:012d}", "Moi"), 1)
    applications.receive(authority, data, key_id(carrier.public), carrier.sign(admission.carried_statement(data)))
    with pytest.raises(Refused) as refused:
        applications.admit(authority, admission.code_of(thief.public), "member")
    assert refused.value.code == "person_known"
    assert brought(authority, carrier, 9) == "waiting"
    applications.admit(authority, admission.code_of(SigningKey((9).to_bytes(32, "big")).public), "member")
    assert brought(authority, carrier, 9, count=2) == "admitted"
    with pytest.raises(Damaged):
        applications.receive(authority, b"x", key_id(carrier.public), carrier.sign(admission.carried_statement(b"x")))


def test_ones_own_devices_let_in_ten_and_no_more(authority: Authority) -> None:
    first, person = member(authority, 1), f"0198bbbb-0000-7000-8000-{1:012d}"
    network = admission.fingerprint(authority.key.public)

    def vouch(number: int) -> str:
        key, device = SigningKey(number.to_bytes(32, "big")), f"0198dddd-0000-7000-8000-{number:012d}"
        proof = first.sign(second_device._vouched(network, key.public, person, device))
        data = admission.written(key, authority.key.public, Application(key.public, person, device, "Amina", beside=(first.public, proof)), 1)
        return applications.receive(authority, data, key_id(first.public), first.sign(admission.carried_statement(data)))

    assert [vouch(number) for number in range(100, 111)] == ["admitted"] * 9 + ["waiting"] * 2
    one = applications.waiting(authority)[0]
    assert one.beside
    applications.admit(authority, one.code, "member")  # the administrator may
