"""What a sync would cost and what was spent, as commands; a real server, and the rules of the folder's preferences."""

from __future__ import annotations

import json
import os
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from desktop.terminal.demo.server import Server
from sync.store import SqliteStore
from sync.traffic import month_of
from sync.workspace import wall_clock
from tests.terminal.conftest import Dalil


@pytest.fixture
def amina(dalil: Dalil, server: Server, tmp_path: Path) -> Dalil:
    """A command line of somebody who joined."""
    run = partial(dalil, data=tmp_path / "amina")
    assert run("join", server.url, "--code", server.invite("editor"), "--name", "Amina").code == 0
    return run


def attach(amina: Dalil, folder: Path, size: int) -> None:
    path = folder / "plan.pdf"
    path.write_bytes(os.urandom(size))
    item = amina("add", "item", "--set", "title.fr=Plan", "--set", "language=fr", "--json").json["id"]
    assert amina("attach", "item", item, str(path)).code == 0


def choose(folder: Path, **choices: object) -> None:
    (folder / "amina" / "limits.json").write_text(json.dumps(choices), "utf-8")


def test_an_estimate_says_what_would_move_and_moves_nothing(amina: Dalil, tmp_path: Path) -> None:
    attach(amina, tmp_path, 70_000)
    told = amina("sync", "--estimate", "--json").json
    assert set(told) == {"up", "down", "copies", "changes", "entries", "files", "files_up", "seconds", "minutes", "error"}
    assert (told["files_up"], told["changes"], told["error"]) == (70_000, 2, None)
    assert told["up"] > 200
    assert amina("status", "--json").json["waiting"] == 2
    said = amina("sync", "--estimate", "--language", "fr").out
    assert "À envoyer" in said
    assert "cela peut attendre" in said


def test_offline_an_estimate_says_what_is_known(amina: Dalil) -> None:
    amina("add", "organisation", "--set", "name.fr=Union")
    told = amina("sync", "--estimate", "--via", "http://127.0.0.1:9", "--json")
    assert told.code == 0
    assert (told.json["down"], told.json["minutes"], told.json["error"]["code"]) == (None, None, "offline")
    assert told.json["up"] > 200
    assert "sans joindre le serveur" in amina("sync", "--estimate", "--via", "http://127.0.0.1:9", "--language", "fr").out


def test_who_has_not_joined_cannot_ask(dalil: Dalil) -> None:
    assert dalil("sync", "--estimate", "--json").json["error"]["code"] == "not_joined"


def test_a_command_obeys_the_limits_of_the_folder_and_goes_on_when_told(amina: Dalil, tmp_path: Path) -> None:
    choose(tmp_path, metered=True, large=1)
    attach(amina, tmp_path, 1_500_000)
    held = amina("sync", "--json").json
    assert [(one["what"], one["why"], one["size"]) for one in held["held"]] == [("file", "large", 1_500_000)]
    assert (held["accepted"], held["files"]) == (2, 0)
    assert "dalil sync --anyway" in amina("sync", "--language", "fr").out
    done = amina("sync", "--anyway", "--json").json
    assert (done["held"], done["files"]) == ([], 1)


def test_without_preferences_a_command_keeps_nothing_back(amina: Dalil, tmp_path: Path) -> None:
    attach(amina, tmp_path, 3_000_000)
    assert amina("sync", "--json").json["held"] == []


def test_what_was_spent_by_month_and_kind(amina: Dalil, tmp_path: Path) -> None:
    attach(amina, tmp_path, 50_000)
    amina("sync")
    choose(tmp_path, cap=50, price="100")
    told = amina("traffic", "--json").json
    assert told["month"] == told["months"][0]
    assert told["mine"] == told["computer"]
    assert 50_000 < told["mine"]["files_up"] < 51_000
    assert told["mine"]["total"] == sum(value for way, value in told["mine"].items() if way != "total")
    assert (told["cap"], told["cost"]["currency"]) == (50_000_000, "DJF")
    assert int(told["cost"]["amount"]) == round(told["computer"]["total"] / 10_000)
    assert "sur 50" in amina("traffic", "--language", "fr").out
    other = amina("traffic", "--month", "2019-02", "--json").json
    assert (other["computer"]["total"], other["cost"]) == (0, {"amount": "0", "currency": "DJF"})
    assert amina("traffic", "--month", "février", "--json").json["error"]["code"] == "invalid"


def test_a_fetch_over_the_limit_of_the_month_waits_until_one_insists(dalil: Dalil, amina: Dalil, server: Server, tmp_path: Path) -> None:
    attach(amina, tmp_path, 1_200_000)
    amina("sync")
    bilal = partial(dalil, data=tmp_path / "bilal")
    bilal("join", server.url, "--code", server.invite("member"), "--name", "Bilal")
    (tmp_path / "bilal" / "limits.json").write_text('{"cap": 1}', "utf-8")
    item = next(one["id"] for one in bilal("list", "item", "--json").json["items"] if (one["file"] or {}).get("size") == 1_200_000)
    refused = bilal("fetch", item, "--json")
    assert (refused.code, refused.json["error"]["code"]) == (1, "cap")
    assert bilal("fetch", item, "--anyway", "--json").json["size"] == 1_200_000


def test_estimate_and_anyway_exclude_each_other(amina: Dalil) -> None:
    assert amina("sync", "--estimate", "--anyway").code == 2


def test_joining_obeys_the_limits_of_the_folder_too(dalil: Dalil, server: Server, tmp_path: Path) -> None:
    there = tmp_path / "amina"
    assert dalil("list", "organisation", data=there).code == 0
    choose(tmp_path, cap=1)
    with closing(SqliteStore(there / "public.db")) as store:
        store.execute("INSERT INTO traffic (month, way, bytes) VALUES (?, 'records_down', 2000000)", (month_of(wall_clock()),))
    code = server.invite("member")
    said = dalil("join", server.url, "--code", code, "--name", "Amina", data=there)
    assert "attend" in said.out
    held = dalil("join", server.url, "--code", code, "--name", "Amina", "--json", data=there).json["held"]
    assert [(one["what"], one["why"]) for one in held] == [("records", "cap")]
    assert dalil("join", server.url, "--code", code, "--name", "Amina", "--anyway", "--json", data=there).json["held"] == []
