"""Roles and withdrawals as the commands meet them: heard from a stick, in force from then on, without a network."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from desktop.terminal.demo.server import Server


def at_server(server: Server, *words: str) -> Any:
    """What a command of the server answers."""
    done = subprocess.run([sys.executable, "-m", "server", "--data", str(server.folder), *words, "--json"], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_a_withdrawal_and_a_role_come_by_stick(dalil: Any, server: Server, tmp_path: Path) -> None:
    def person(name: str) -> Any:
        said = dalil("join", server.url, "--code", server.invite("member"), "--name", name, "--json", data=tmp_path / name)
        assert said.code == 0, said.out
        return lambda *words: dalil(*words, data=tmp_path / name)

    stick = tmp_path / "stick"
    stick.mkdir()
    amina, bilal, hassan = person("Amina"), person("Bilal"), person("Hassan")
    id = amina("add", "organisation", "--set", "name.fr=Pêcheurs", "--json").json["id"]
    assert amina("sync").code == 0
    assert amina("add", "note", "--set", "text=à moi").code == 0
    of_amina, of_bilal = (json.loads(each("status", "--json").out)["person"] for each in (amina, bilal))
    device = next(one["device"] for one in at_server(server, "devices")["items"] if one["person"] == of_amina)
    at_server(server, "revoke", device)
    at_server(server, "grant", of_bilal, "--role", "moderator")

    assert hassan("sync").code == 0
    assert hassan("courier", "write", str(stick)).code == 0
    for each in (amina, bilal):
        assert each("courier", "read", str(stick)).code == 0
    assert bilal("status", "--json").json["role"] == "moderator"
    said = amina("status", "--json").json
    assert (said["withdrawn"], said["waiting"]) == (True, 1)
    assert "retiré du réseau" in amina("status").out
    for words in (("edit", "organisation", id, "--set", "phone=+253 77 00 00 01"), ("add", "note", "--set", "text=encore"),
                  ("delete", "organisation", id)):
        refused = amina(*words, "--json")
        assert (refused.code, refused.json["error"]["code"]) == (1, "revoked"), words
        assert "reste lisible" in refused.json["error"]["message"]
    assert amina("show", "organisation", id, "--json").json["name"] == {"fr": "Pêcheurs"}
    assert amina("list", "note", "--json").json["items"][0]["text"] == "à moi"


def test_somebody_without_internet_is_admitted_by_paper_and_sticks(dalil: Any, server: Server, tmp_path: Path) -> None:
    """J7: Fatouma’s PC never reaches the server."""
    stick = tmp_path / "stick"
    stick.mkdir()
    assert dalil("join", server.url, "--code", server.invite("member"), "--name", "Amina", data=tmp_path / "Amina").code == 0

    def amina(*words: str) -> Any:
        return dalil(*words, data=tmp_path / "Amina")

    def fatouma(*words: str) -> Any:
        return dalil(*words, data=tmp_path / "Fatouma")

    assert fatouma("request", "--json").json["error"]["code"] == "not_found"
    said = fatouma("request", "--name", "Fatouma Ali", "--org", "Pêcheurs", "--json").json
    code = said["code"]
    assert (said["sealed"], said["refused"]) == (False, False)
    assert "ne connaît encore aucun réseau" in fatouma("request").out
    assert amina("courier", "write", str(stick)).code == 0
    network = amina("courier", "write", str(stick), "--json")
    assert network.code == 0
    shown = fatouma("courier", "read", str(stick), "--json").json["error"]
    network = next(word.strip(".,") for word in shown["message"].split() if word.count("-") == 3)
    assert fatouma("courier", "read", str(stick), "--trust", network).code == 0
    assert fatouma("request", "--json").json == {"code": code, "sealed": True, "refused": False}
    assert fatouma("add", "organisation", "--set", "name.fr=Pêcheurs de Tadjourah").code == 0
    assert code in fatouma("status").out
    assert fatouma("courier", "write", str(stick)).code == 0
    assert amina("courier", "read", str(stick)).code == 0
    assert amina("sync").code == 0
    listed = at_server(server, "requests")["items"]
    assert [(one["code"], one["name"], one["organisation"]) for one in listed] == [(code, "Fatouma Ali", "Pêcheurs")]
    at_server(server, "admit", code, "--role", "editor")
    assert amina("sync").code == 0
    assert amina("courier", "write", str(stick)).code == 0
    assert fatouma("courier", "read", str(stick)).code == 0
    said = fatouma("status", "--json").json
    assert (said["role"], said["asked"], said["waiting"]) == ("editor", None, 2)
    assert fatouma("request", "--name", "Fatouma", "--json").json["error"]["code"] == "member"
    assert fatouma("courier", "write", str(stick)).code == 0
    assert amina("courier", "read", str(stick)).code == 0
    assert amina("sync").code == 0
    assert amina("courier", "write", str(stick)).code == 0
    assert fatouma("courier", "read", str(stick)).code == 0
    assert fatouma("status", "--json").json["waiting"] == 0
    assert fatouma("join", server.url).code == 0  # a member needs no code: this says where the server is
    assert fatouma("sync", "--json").json["turns"] == 1
    assert fatouma("digest", "--json").json["scopes"]["public"] == server.digest()["public"]


def test_another_computer_becomes_ones_own_by_a_code_and_a_stick(dalil: Any, server: Server, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    assert dalil("join", server.url, "--code", server.invite("trainer"), "--name", "Amina", data=tmp_path / "Amina").code == 0

    def amina(*words: str) -> Any:
        return dalil(*words, data=tmp_path / "Amina")

    def again(*words: str) -> Any:
        return dalil(*words, data=tmp_path / "again")

    assert amina("add", "note", "--set", "text=à moi").code == 0
    made = amina("second", "--json").json
    assert amina("sync").code == 0
    assert amina("courier", "write", str(stick)).code == 0
    assert again("second", made["code"], "--json").json["error"]["code"] == "no_ticket"
    shown = again("courier", "read", str(stick), "--json").json["error"]
    network = next(word.strip(".,") for word in shown["message"].split() if word.count("-") == 3)
    assert again("courier", "read", str(stick), "--trust", network).code == 0
    assert again("second", "XXXX", "--json").json["error"]["code"] == "code_mistyped"
    assert again("second", made["code"], "--json").json["device"] == made["device"]
    assert again("courier", "read", str(stick)).code == 0
    assert again("list", "note", "--json").json["items"][0]["text"] == "à moi"
    said = again("status", "--json").json
    assert (said["role"], said["asked"], said["name"], said["server"]) == ("trainer", None, "Amina", server.url)
    assert again("sync").code == 0
    assert again("second", made["code"], "--json").json["error"]["code"] == "not_fresh"
