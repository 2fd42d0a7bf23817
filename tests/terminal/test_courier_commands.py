"""courier write and read, and sync by a folder, against a real server process: from one data folder to another on a stick."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from desktop.terminal.demo.server import Server


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def test_a_stick_brings_records_and_chosen_files_and_a_second_one_copies_nothing(dalil: Any, server: Server, tmp_path: Path, stick: Path) -> None:
    def person(name: str) -> Any:
        said = dalil("join", server.url, "--code", server.invite("member"), "--name", name, "--json", data=tmp_path / name)
        assert said.code == 0, said.out
        return lambda *words: dalil(*words, data=tmp_path / name)

    amina, hassan = person("Amina"), person("Hassan")
    file = tmp_path / "guide.md"
    file.write_text("# Guide\n" * 20_000, "utf-8")
    id = amina("add", "item", "--set", "title.fr=Guide", "--set", "licence=cc0", "--json").json["id"]
    assert amina("attach", "item", id, str(file)).code == 0
    said = amina("courier", "write", str(stick), "--files", id, "--json").json
    assert (said["files"], len(said["set_aside"])) == (0, 1)  # not accepted yet: a stick carries files as they are
    assert amina("sync", "--json").json["accepted"] == 2
    amina("add", "organisation", "--set", "name.fr=Attend encore")
    said = amina("courier", "write", str(stick), "--files", "all", "--json").json
    assert (said["files"], said["set_aside"]) == (1, [])
    assert amina("courier", "write", str(stick), "--json").json["bytes_copied"] == 0

    read = hassan("courier", "read", str(stick), "--json")
    assert read.code == 0, read.out
    assert (read.json["received"] >= 2, read.json["files"], read.json["set_aside"]) == (True, 1, [])
    assert hassan("fetch", id, "--json").code == 0
    again = hassan("courier", "read", str(stick), "--json").json
    assert (again["received"], again["files"], again["files_known"]) == (0, 0, 1)
    assert again["bytes_known"] > 0
    assert hassan("sync", "--json").code == 0  # hands in what Amina still had to send
    both = hassan("sync", "--via", str(stick), "--json")
    assert both.code == 0, both.out
    assert both.json["written"]["files"] == 1  # what was on the stick stays
    home = amina("sync", "--via", str(stick))
    assert home.code == 0
    assert home.out.count("\n") >= 4
    assert amina("status", "--json").json["waiting"] == 0
    assert amina("digest", "--json").json["scopes"] == server.digest()

    shown = dalil("courier", "read", str(stick), "--json", data=tmp_path / "new").json["error"]
    assert shown["code"] == "not_trusted"
    network = next(word.strip(".,") for word in shown["message"].split() if word.count("-") == 3)
    assert dalil("courier", "read", str(stick), "--trust", network, data=tmp_path / "new").code == 0
    assert "Guide" in dalil("list", "item", data=tmp_path / "new").out
    assert dalil("courier", "read", str(stick), "--trust", server.invite("member"), data=tmp_path / "invited").code == 0


def test_what_is_wrong_with_a_stick_is_said(dalil: Any, server: Server, tmp_path: Path, stick: Path) -> None:
    said = dalil("courier", "write", str(stick), "--json")
    assert (said.code, said.json["error"]["code"]) == (1, "not_joined")
    assert dalil("courier", "read", str(stick), "--json").json["error"]["code"] == "not_found"
    assert dalil("courier", "read", str(tmp_path / "none"), "--json").json["error"]["code"] == "no_stick"
    assert dalil("courier", "carry", str(stick)).code == 2
    assert dalil("join", server.url, "--code", server.invite("member"), "--name", "Idil").code == 0
    assert dalil("courier", "write", str(stick), "--files", "nonsense", "--json").json["error"]["code"] == "not_found"
    assert dalil("courier", "write", str(stick), "--files", "none").code == 0
    (stick / "dalil-courier" / "manifest-1.json").write_bytes(b"torn")
    said = dalil("courier", "read", str(stick), "--json")
    assert (said.code, said.json["error"]["code"]) == (1, "damaged")


@pytest.mark.parametrize("module", ["sync.posting", "sync.relay.holding", "sync.relay.courier", "sync.relay.courier_writing", "resources.courier_choice"])
def test_each_room_of_the_road_can_be_entered_first(module: str) -> None:
    """A program that does nothing but read a stick imports them in another order than a sync."""
    done = subprocess.run([sys.executable, "-c", f"import {module}"], cwd=Path(__file__).resolve().parents[2], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_program_itself_reads_a_stick(program: Any, stick: Path) -> None:
    said = program("courier", "read", str(stick), "--json")
    assert (said.code, said.json["error"]["code"]) == (1, "not_found")


def test_a_stick_with_the_program_starts_a_pc_that_nobody_has_a_place_on(dalil: Any, server: Server, tmp_path: Path, stick: Path,
                                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    """The program stands on the stick; from there it reads the stick as a guest, and a person joins later."""
    bundle = tmp_path / "dalil"
    bundle.mkdir()
    (bundle / "dalil").write_bytes(b"program")
    assert dalil("join", server.url, "--code", server.invite("member"), "--name", "Amina").code == 0
    dalil("add", "organisation", "--set", "name.fr=Sur la clé")
    assert dalil("sync").code == 0
    said = dalil("courier", "write", str(stick), "--starter", "--json")
    assert (said.code, said.json["error"]["code"]) == (1, "no_program")
    assert dalil("courier", "write", str(stick), "--installer", str(tmp_path / "none"), "--json").json["error"]["code"] == "no_program"
    said = dalil("courier", "write", str(stick), "--starter", "--installer", str(bundle), "--json")
    assert said.json["program"] == {"folder": "dalil-programme-1", "start": "dalil", "files": 1, "bytes": 7}
    assert "dalil-programme-1" in dalil("courier", "write", str(stick)).out
    assert dalil("courier", "read").code == dalil("courier", "write").code == 2  # which stick?

    there = stick / "dalil-programme-1" / "dalil"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(there))
    fresh = tmp_path / "fresh"
    assert dalil("courier", "write", data=tmp_path / "other").code == 2
    looked = dalil("courier", "check", "--json", data=fresh).json
    assert looked["whole"] is True
    assert dalil("courier", "read", "--json", data=fresh).json["error"]["code"] == "not_trusted"
    assert dalil("courier", "read", "--trust", looked["network"], data=fresh).code == 0
    assert list((fresh / "people").iterdir()) == []
    assert dalil("courier", "write", str(stick), "--starter", "--json").json["bytes_copied"] == 0  # the very program that runs
    monkeypatch.undo()
    assert "Sur la clé" in dalil("list", "organisation", data=fresh).out
    assert dalil("join", server.url, "--code", server.invite("member"), "--name", "Hassan", data=fresh).code == 0

    there.write_bytes(b"torn")
    said = dalil("courier", "check", str(stick), data=fresh)
    assert "ne le lancez pas" in said.out
    assert dalil("courier", "check", str(stick), "--json", data=fresh).json["torn"] == {"parts": 0, "files": [], "program": ["dalil"]}
    part = next((stick / "dalil-courier" / "parts").rglob("*.bin"))
    part.write_bytes(b"torn")
    assert "écrivez la clé encore une fois" in dalil("courier", "check", str(stick)).out
