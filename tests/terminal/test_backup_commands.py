"""dalil backup and dalil restore against a real server process: an old backup on a second PC while the first goes on."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop.terminal.demo.server import Server
from sync import keys

PHRASE = "le boutre de mon oncle est vert"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "calibrated", lambda _: keys.FLOOR)
    monkeypatch.setattr(sys, "stdin", None)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


def on(dalil: Any, folder: Path) -> Callable[..., Any]:
    return lambda *words: dalil(*words, "--json", data=folder)


def names(run: Callable[..., Any]) -> list[str]:
    return sorted(one["name"]["fr"] for one in run("list", "organisation").json["items"] if "Sauvegarde" in one["name"]["fr"])


def test_an_old_backup_goes_on_beside_the_computer_that_it_was_made_of(dalil: Any, server: Server, tmp_path: Path, stick: Path,
                                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DALIL_SECRET", PHRASE)
    first, second, third = (on(dalil, tmp_path / name) for name in ("first", "second", "third"))
    assert first("people", "add", "Amina").code == 0
    assert first("join", server.url, "--code", server.invite("member"), "--name", "Amina").code == 0
    known = first("add", "organisation", "--set", "name.fr=Sauvegarde A", "--set", "phone=+25377000001").json["id"]
    assert first("sync").code == 0
    first("edit", "organisation", known, "--set", "phone=+25377000002")
    first("add", "organisation", "--set", "name.fr=Sauvegarde B")
    done = first("backup", str(stick))
    assert done.code == 0, done.out
    assert (done.json["files"], done.json["phrase"], done.json["code"], done.json["set_aside"]) == (0, None, None, [])
    first("edit", "organisation", known, "--set", "website=https://premier.example")
    first("add", "organisation", "--set", "name.fr=Sauvegarde C")
    assert first("sync").code == 0

    back = second("restore", str(stick))
    assert back.code == 0, back.out
    assert (back.json["name"], back.json["how"], back.json["waiting"]) == ("Amina", "placed", 2)
    assert second("people").json == {"items": [{"name": "Amina", "lock": "phrase"}]}
    second("edit", "organisation", known, "--set", "email=second@example.dj")
    second("add", "organisation", "--set", "name.fr=Sauvegarde D")
    said = second("sync").json
    assert (said["refused"], second("status").json["waiting"]) == (0, 0)
    assert first("sync").code == 0
    assert third("join", server.url, "--code", server.invite("member"), "--name", "Zahra").code == 0
    assert third("sync").code == 0
    for run in (first, second, third):
        assert names(run) == ["Sauvegarde A", "Sauvegarde B", "Sauvegarde C", "Sauvegarde D"]
        shown = run("show", "organisation", known).json
        assert (shown["phone"], shown["website"], shown["email"]) == ("+25377000002", "https://premier.example", "second@example.dj")
        assert run("conflicts").json["items"] == []
        assert run("digest").json["scopes"]["public"] == server.digest()["public"]
        assert run("verify").json["ok"]
    again = first("restore", str(stick)).json
    assert (again["how"], again["waiting"]) == ("taken", 0)
    assert first("sync").json["accepted"] == 0


def test_a_computer_without_a_phrase_gets_one_for_its_backup(dalil: Any, tmp_path: Path, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, away = on(dalil, tmp_path / "home"), on(dalil, tmp_path / "away")
    home("add", "organisation", "--set", "name.fr=Sauvegarde")
    done = home("backup", str(stick)).json
    assert len(done["phrase"].split()) == 4
    assert home("people").json["items"][0]["lock"] == "computer"
    assert away("restore", str(stick)).json["error"]["code"] == "locked"
    assert away("restore", str(stick), "--by-code").json["error"]["code"] == "locked"
    monkeypatch.setenv("DALIL_SECRET", "une autre phrase que la bonne")
    assert away("restore", str(stick)).json["error"]["code"] == "locked"
    monkeypatch.setenv("DALIL_SECRET", done["phrase"])
    assert away("restore", str(stick)).json["how"] == "placed"
    assert names(away) == ["Sauvegarde"]
    monkeypatch.delenv("DALIL_SECRET")
    monkeypatch.setenv("DALIL_CODE", done["code"])
    assert on(dalil, tmp_path / "coded")("restore", str(stick)).json["how"] == "placed"
    monkeypatch.setenv("DALIL_NEW_SECRET", PHRASE)
    assert home("backup", str(stick), "--own").json["phrase"] is None
    words = dalil("--language", "en", "backup", str(stick), data=tmp_path / "home").out
    assert "The backup is whole" in words
    assert "Recovery code of this backup" in words


def test_restoring_in_words(dalil: Any, tmp_path: Path, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DALIL_SECRET", PHRASE)
    home = tmp_path / "home"
    dalil("people", "add", "Amina", data=home)
    dalil("add", "organisation", "--set", "name.fr=Sauvegarde", data=home)
    dalil("backup", str(stick), "--files", "all", data=home)
    said = dalil("--language", "en", "restore", str(stick), data=home)
    assert said.out == "Everything in this backup is in the place of Amina already. Nothing was changed.\n"
    said = dalil("--language", "en", "restore", str(stick), data=tmp_path / "away")
    assert said.out.startswith("The place of Amina is here again as it was; 1 change waits in it.")
    for end in (".keys", ".keys.copy"):
        (home / "people" / f"Amina{end}").unlink()
    assert dalil("--language", "en", "restore", str(stick), data=home).out.startswith("The keys of Amina were lost and are here again.")
    other = tmp_path / "other"
    dalil("people", "add", "Amina", data=other)
    said = dalil("restore", str(stick), "--json", data=other)
    assert (said.code, said.json["error"]["code"]) == (1, "exists")
    said = dalil("--as", "Amina Ali", "restore", str(stick), "--json", data=other)
    assert (said.code, said.json["name"]) == (0, "Amina Ali")


def test_misuse_and_missing_sticks_are_said(dalil: Any, tmp_path: Path, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DALIL_SECRET", PHRASE)
    assert dalil("restore", str(stick), "--json").json["error"]["code"] == "not_found"
    assert dalil("restore", str(stick / "none"), "--json").json["error"]["code"] == "no_stick"
    assert dalil("backup").code == 2
    assert dalil("backup", str(stick), "--files", "some").code == 2
    monkeypatch.setenv("DALIL_NEW_SECRET", PHRASE)
    assert dalil("backup", str(stick / "none"), "--json").json["error"]["code"] == "no_stick"
    monkeypatch.setenv("DALIL_CODE", "XXXXX")
    monkeypatch.delenv("DALIL_SECRET")
    assert dalil("restore", str(stick), "--json").json["error"]["code"] == "code_mistyped"


def test_the_program_itself_writes_and_reads_a_backup(program: Any, tmp_path: Path, stick: Path) -> None:
    assert program("backup", str(stick), "--json", DALIL_NEW_SECRET=PHRASE).code == 0
    said = program("restore", str(stick), "--json", data=tmp_path / "away", DALIL_SECRET=PHRASE)
    assert (said.code, said.json["how"]) == (0, "placed"), said.err


def test_a_copy_from_before_an_upgrade_is_taken_back(dalil: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DALIL_SECRET", PHRASE)
    home = tmp_path / "home"
    dalil("people", "add", "Amina", data=home)
    dalil("add", "organisation", "--set", "name.fr=Sauvegarde", data=home)
    copy = home / "backups" / "Amina.db.upgrade-9"
    copy.parent.mkdir(exist_ok=True)
    copy.write_bytes((home / "people" / "Amina.db").read_bytes())
    said = dalil("--language", "en", "restore", str(copy), data=home)
    assert said.out == "Everything in this backup is in the place of Amina already. Nothing was changed.\n"
    (home / "people" / "Amina.db").unlink()
    said = dalil("--language", "en", "restore", str(copy), data=home)
    assert said.out == "The place of Amina is here again as it was when the copy was made.\n"
    assert names(on(dalil, home)) == ["Sauvegarde"]
