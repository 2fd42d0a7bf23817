"""attach, fetch, verify of a private file, and what a stick, a server and the data folders hold of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.terminal.demo.server import Server
from tests.terminal.conftest import Said
from tests.terminal.test_people_commands import forms

CANARY = "Zénobie Oukoubiya 4711"


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    file = tmp_path / "letter" / "lettre.txt"
    file.parent.mkdir()
    file.write_text(f"{CANARY}\n" * 9000, "utf-8")
    return file


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """One of its own: a note begins a scope on the server, and other tests compare all that theirs holds."""
    with Server(tmp_path / "server") as running:
        running.start()
        yield running


def kept(dalil: Any, letter: Path) -> str:
    id = dalil("add", "note", "--set", "text=À garder", "--json").json["id"]
    said = dalil("attach", "note", id, str(letter), "--json")
    assert said.code == 0, said.out
    return str(id)


def holding(folder: Path) -> list[str]:
    found = []
    for path in folder.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        found += [str(path) for form in forms(CANARY) if form in data]
    return found


def test_what_lies_here_is_encrypted_and_a_copy_is_asked_for(dalil: Any, tmp_path: Path, letter: Path) -> None:
    id = kept(dalil, letter)
    assert holding(tmp_path / "data") == []
    told = dalil("fetch", id, "--json").json
    assert (told["path"], told["encrypted"], told["name"]) == (None, True, "lettre.txt")
    assert "--to" in dalil("fetch", id).out
    copied = dalil("fetch", id, "--to", str(tmp_path / "copie.txt"), "--json")
    assert (copied.code, copied.json["path"]) == (0, str(tmp_path / "copie.txt"))
    assert "chiffrée" in copied.err
    assert (tmp_path / "copie.txt").read_bytes() == letter.read_bytes()
    again = dalil("fetch", id, "--to", str(tmp_path / "copie.txt"), "--json")
    assert (again.code, again.json["error"]["code"]) == (1, "exists")
    folder = tmp_path / "out"
    folder.mkdir()
    assert dalil("fetch", id, "--to", str(folder)).code == 0
    assert (folder / "lettre.txt").read_bytes() == letter.read_bytes()
    nowhere = dalil("fetch", id, "--to", str(tmp_path / "no" / "folder"), "--json")
    assert (nowhere.code, nowhere.json["error"]["code"]) == (1, "file")


def test_a_public_file_is_copied_out_without_a_warning_and_under_no_name_that_leads_elsewhere(dalil: Any, tmp_path: Path, letter: Path) -> None:
    id = dalil("add", "item", "--set", "title.fr=Guide", "--json").json["id"]
    assert dalil("attach", "item", id, str(letter)).code == 0
    file = dalil("show", "item", id, "--json").json["file"]
    for name, wanted in (("../../evil.txt", "evil.txt"), ("..\\..\\evil.doc", "evil.doc"), ("/etc/evil", "evil"), ("..", file["sha256"][:8])):
        folder = tmp_path / wanted / "in"
        folder.mkdir(parents=True)
        assert dalil("edit", "item", id, "--set", "file=" + str({**file, "name": name}).replace("'", '"').replace("\\\\", "\\\\")).code == 0
        said = dalil("fetch", id, "--to", str(folder))
        assert (said.code, said.err) == (0, ""), said.err
        assert [path.name for path in (tmp_path / wanted).rglob("*") if path.is_file()] == [wanted]


def test_a_damaged_copy_is_said_and_removed(dalil: Any, tmp_path: Path, letter: Path) -> None:
    id = kept(dalil, letter)
    assert dalil("verify", "--json").json == {"ok": True, "problems": []}
    file = dalil("show", "note", id, "--json").json["file"]
    path = tmp_path / "data" / "files" / file["sha256"][:2] / file["sha256"]
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    said = dalil("verify", "--json")
    assert said.code == 1
    assert len(said.json["problems"]) == 1
    assert "lettre.txt" in said.json["problems"][0]
    assert dalil("fetch", id, "--to", str(tmp_path / "copy"), "--json").json["error"]["code"] == "damaged"
    assert not (tmp_path / "copy").exists()
    mended = dalil("verify", "--repair", "--json")
    assert mended.code == 0, mended.out
    assert "lettre.txt" in mended.json["repaired"][0]
    assert not path.exists()


def test_server_and_stick_hold_bytes_that_nobody_else_opens(dalil: Any, server: Server, tmp_path: Path, letter: Path) -> None:
    def person(name: str) -> Any:
        said = dalil("join", server.url, "--code", server.invite("member"), "--name", name, "--json", data=tmp_path / name)
        assert said.code == 0, said.out
        return lambda *words: dalil(*words, data=tmp_path / name)

    amina, hassan, stick = person("Amina"), person("Hassan"), tmp_path / "stick"
    stick.mkdir()
    id = kept(amina, letter)
    assert amina("courier", "write", str(stick), "--files", "all").code == 0
    assert holding(stick) == []
    sent: Said = amina("sync", "--json")
    assert (sent.code, sent.json["files"]) == (0, 1), sent.out
    file = amina("show", "note", id, "--json").json["file"]
    assert (server.folder / "files" / file["sha256"][:2] / file["sha256"]).stat().st_size == file["size"]
    assert hassan("sync").code == 0
    assert hassan("fetch", id, "--json").json["error"]["code"] == "not_found"
    for place in (server.folder / "files", stick, tmp_path / "Amina", tmp_path / "Hassan"):
        assert holding(place) == []
    path = tmp_path / "Amina" / "files" / file["sha256"][:2] / file["sha256"]
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    assert amina("verify", "--repair").code == 0
    copy = amina("fetch", id, "--to", str(tmp_path / "copy.txt"), "--json")
    assert copy.code == 0, copy.out
    assert (tmp_path / "copy.txt").read_bytes() == letter.read_bytes()
    assert path.read_bytes() == whole
