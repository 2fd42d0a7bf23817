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
    assert amina("list", "organisation", "--json").json["total"] == 1
    assert amina("list", "note", "--json").json["items"][0]["text"] == "à moi"
