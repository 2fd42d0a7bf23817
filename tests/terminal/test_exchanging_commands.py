"""join, sync, conflicts, settle, outbox, digest and fetch against a real server process; and everything that only looks like one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from desktop.terminal.demo.server import Server
from tests.portal import captive_portal

Person = Callable[..., Any]


@pytest.fixture
def joined(dalil: Any, server: Server, tmp_path: Path) -> Callable[[str], Person]:
    """`joined("Amina")` answers that person's own `dalil`, on their own folder, joined to the server."""

    def someone(name: str, role: str = "member") -> Person:
        folder = tmp_path / name
        said = dalil("join", server.url, "--code", server.invite(role), "--name", name, "--json", data=folder)
        assert said.code == 0, said.out
        assert {"device", "person"} <= set(said.json)
        assert said.json["device"] != said.json["person"]
        return lambda *words: dalil(*words, data=folder)

    return someone


def test_join_sync_conflict_settle_equal_digests(joined: Any, server: Server, tmp_path: Path) -> None:
    amina, hassan = joined("Amina"), joined("Hassan")
    id = amina("add", "organisation", "--set", "name.fr=Association du port", "--json").json["id"]
    sent = amina("sync", "--json")
    assert sent.code == 0
    report = sent.json
    assert {"sent", "accepted", "refused", "received", "bytes_up", "bytes_down", "turns"} <= set(report)
    assert (report["sent"], report["accepted"], report["refused"]) == (1, 1, 0)
    assert report["turns"] >= 1
    assert report["bytes_up"] > 0
    assert hassan("sync", "--json").json["received"] >= 1

    for person, phone in ((amina, "+253 27 00 00 11"), (hassan, "+253 27 00 00 22")):
        assert person("edit", "organisation", id, "--set", f"phone={phone}", "--json").code == 0
        assert person("status", "--json").json["waiting"] == 1
    for person in (amina, hassan, amina):
        assert person("sync").code == 0
    for person in (amina, hassan):
        items = [one for one in person("conflicts", "--json").json["items"] if one["id"] == id]
        assert len(items) == 1
        assert (items[0]["kind"], items[0]["field"]) == ("organisation", "phone")
        assert [one["value"] for one in items[0]["values"]] == ["+253 27 00 00 11", "+253 27 00 00 22"]
        assert [one["name"] for one in items[0]["values"]] == ["Amina", "Hassan"]
        assert all(one["person"] and one["device"] and datetime.fromisoformat(one["time"]) for one in items[0]["values"])
        assert person("status", "--json").json["conflicts"] == 1

    words = hassan("conflicts")
    assert "Amina" in words.out
    assert "+253 27 00 00 11" in words.out
    assert id in words.out
    assert hassan("settle", id, "--field", "phone", "--keep", "3", "--json").json["error"]["code"] == "not_found"
    assert hassan("settle", id, "--field", "phone", "--keep", "2", "--json").json["change"]
    assert hassan("sync").code == 0
    assert amina("sync").code == 0
    for person in (amina, hassan):
        assert person("show", "organisation", id, "--json").json["phone"] == "+253 27 00 00 22"
        assert person("conflicts", "--json").json == {"items": []}
    assert amina("digest", "--json").json["scopes"] == hassan("digest", "--json").json["scopes"] == server.digest()
    third = amina("sync", "--json").json
    assert (third["sent"], third["accepted"], third["refused"], third["received"]) == (0, 0, 0, 0)
    last = amina("history", "organisation", id, "--json").json["items"][-1]
    assert (last["name"], last["new"], last["road"]) == ("Hassan", "+253 27 00 00 22", "server")
    assert last["number"] > 0
    assert amina("verify", "--json").json == {"ok": True, "problems": []}
    status = amina("status", "--json").json
    assert datetime.fromisoformat(status["last_accepted"])
    assert datetime.fromisoformat(status["last_received"])
    assert status["waiting"] == 0

    out = tmp_path / "out.jsonl"
    assert amina("export", "jsonl", str(out)).code == 0
    totals: dict[str, int] = {}
    for line in out.read_bytes().splitlines():
        scope = json.loads(line)["scope"]
        totals[scope] = (totals.get(scope, 0) + int.from_bytes(hashlib.sha256(line).digest(), "big")) % 2**256
    assert f"{totals['public']:064x}" == amina("digest", "--json").json["scopes"]["public"]


def test_settle_with_another_value_and_an_unseen_form(joined: Any) -> None:
    amina = joined("Amina")
    id = amina("add", "organisation", "--set", "name.fr=École", "--set", "note=A", "--json").json["id"]
    token = amina("show", "organisation", id, "--json").json["seen"]
    amina("edit", "organisation", id, "--set", "note=B")
    amina("edit", "organisation", id, "--set", "note=C", "--seen", token)
    assert amina("sync").code == 0
    items = [one for one in amina("conflicts", "--json").json["items"] if one["id"] == id]
    assert [one["value"] for one in items[0]["values"]] == ["B", "C"]
    assert amina("settle", id, "--field", "note", "--value", "B et C", "--json").code == 0
    assert amina("show", "organisation", id, "--json").json["note"] == "B et C"
    assert amina("conflicts", "--json").json == {"items": []}


def test_what_will_be_refused_is_said_at_once_and_kept(joined: Any) -> None:
    """Rights may have changed since the last sync: the server alone decides, and nothing of what was typed is lost."""
    partner, amina = joined("Bailleur", role="partner"), joined("Amina")
    said = partner("add", "organisation", "--set", "name.fr=Écrit par un partenaire")
    assert said.code == 0
    assert "partenaire publie" in said.err
    warned = partner("edit", "organisation", said.out.strip(), "--set", "phone=+253 77 00 00 01", "--json")
    assert warned.json["change"]
    assert warned.json["warning"] in warned.err
    assert partner("status", "--json").json["waiting"] == 2
    id = amina("add", "organisation", "--set", "name.fr=Association du port", "--json").json["id"]
    plain = amina("edit", "organisation", id, "--set", "phone=+253 77 00 00 01", "--json")
    assert (plain.err, plain.json.keys()) == ("", {"id", "change"})
    mark = amina("edit", "organisation", id, "--set", "verified=2026-11-01", "--json").json
    assert "secrétariat" in mark["warning"]
    assert amina("sync", "--json").json["refused"] == 1
    refused = next(one for one in amina("outbox", "--json").json["items"] if one["state"] == "refused")
    assert refused["reason"] in mark["warning"]
    assert amina("delete", "organisation", id, "--json").json.keys() == {"id", "change"}


def test_a_contact_goes_where_its_person_agreed(joined: Any) -> None:
    amina = joined("Amina")
    owner = amina("add", "organisation", "--set", "name.fr=Association du port", "--json").json["id"]
    words = ("--set", f"organisation={owner}", "--set", "name=Fatouma", "--set", "phone=77000002", "--set", "consent_date=2026")
    made = amina("add", "contact", *words, "--set", "consent=network", "--json").json["id"]
    moved = amina("edit", "contact", made, "--set", "consent=public", "--json").json["id"]
    assert moved != made
    assert amina("sync", "--json").json["refused"] == 0
    assert [(one["id"], one["consent"]) for one in amina("list", "contact", "--json").json["items"]] == [(moved, "public")]
    kept = amina("add", "contact", *words, "--set", "consent=moderator", "--json").json
    assert "secrétariat" in kept["warning"]


def test_a_refusal_leaves_exit_0_and_the_text_in_the_outbox(joined: Any) -> None:
    partner = joined("Bailleur", role="partner")
    partner("add", "organisation", "--set", "name.fr=Écrit par un partenaire")
    said = partner("sync", "--json")
    assert said.code == 0
    assert said.json["refused"] == 1
    refused = [one for one in partner("outbox", "--json").json["items"] if one["state"] == "refused"]
    assert len(refused) == 1
    assert refused[0]["reason"]
    assert refused[0]["fields"]["name.fr"] == "Écrit par un partenaire"
    assert partner("status", "--json").json["refused"] == 1
    again = partner("outbox", "resend", refused[0]["change"], "--json").json
    assert again["id"]
    assert again["change"] != refused[0]["change"]


def test_a_file_goes_up_and_comes_down(joined: Any, tmp_path: Path) -> None:
    amina, hassan = joined("Amina"), joined("Hassan")
    file = tmp_path / "guide.md"
    file.write_text("# Guide\n" * 20_000, "utf-8")
    id = amina("add", "item", "--set", "title.fr=Guide", "--json").json["id"]
    assert amina("attach", "item", id, str(file)).code == 0
    assert amina("sync", "--json").json["files"] == 1
    assert hassan("sync").code == 0
    fetched = hassan("fetch", id, "--json")
    assert fetched.code == 0, fetched.out
    assert Path(fetched.json["path"]).read_bytes() == file.read_bytes()


def test_a_code_serves_one_person_and_a_wrong_one_nobody(joined: Any, dalil: Any, server: Server, tmp_path: Path) -> None:
    code = server.invite("member")
    assert dalil("join", server.url, "--code", code, data=tmp_path / "one").code == 0
    for typed in (code, "0000-0000-00" + code[12:]):
        said = dalil("join", server.url, "--code", typed, "--json", data=tmp_path / "two")
        assert said.code == 1
        assert said.json["error"]["code"].startswith("code_")
    said = dalil("join", server.url, "--code", code, data=tmp_path / "three")
    assert said.code == 1
    assert said.out == ""
    assert said.err.strip()


@pytest.fixture
def portal() -> Iterator[str]:
    """The address of a captive portal."""
    with captive_portal() as url:
        yield url


def test_a_captive_portal_and_wrong_addresses_are_named(joined: Any, dalil: Any, server: Server, portal: str, tmp_path: Path) -> None:
    amina = joined("Amina")
    amina("add", "organisation", "--set", "name.fr=Rien ne se perd")
    code = server.invite("member")
    for url, wanted in (
        (portal, "not_a_dalil_server"), ("http://127.0.0.1:9", "offline"), ("http://nowhere.invalid", "offline"), ("http://[", "not_a_dalil_server"),
    ):
        synced = amina("sync", "--via", url, "--json")
        assert synced.code == 1
        assert synced.json["error"]["code"] == wanted, url
        assert dalil("join", url, "--code", code, "--json", data=tmp_path / "new").json["error"]["code"] == wanted
    assert amina("sync", "--via", str(tmp_path / "nowhere"), "--json").json["error"]["code"] == "no_stick"
    assert amina("status", "--json").json["waiting"] == 1
    assert amina("sync", "--json").json["accepted"] == 1


def test_a_stopped_server_is_offline_and_nothing_is_lost(dalil: Any, tmp_path: Path) -> None:
    with Server(tmp_path / "server") as own:
        own.start()
        assert dalil("join", own.url, "--code", own.invite("member"), "--name", "Amina").code == 0
        own.stop()
        dalil("add", "organisation", "--set", "name.fr=Hors ligne")
        said = dalil("sync", "--json")
        assert said.code == 1
        assert said.json["error"]["code"] == "offline"
        own.start()
        assert dalil("sync", "--json").json["accepted"] == 1
