"""`dalil-server erase` beside a running server: gone from its folder and, at their next sync, from every replica."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from resources import KINDS
from sync.exchange import fetch, sync
from sync.workspace import Workspace
from tests.server_process import ServerProcess

CANARY = "Zébulon-Canari"


def holding(place: Path, word: str = CANARY) -> list[str]:
    """The files beneath a folder that hold a word in UTF-8 or UTF-16."""
    needles = [word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be")]
    return [str(file.relative_to(place)) for file in sorted(place.rglob("*")) if file.is_file() and any(one in file.read_bytes() for one in needles)]


def refusal(server: ServerProcess, *words: str) -> str:
    done = server.run(*words)
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_person_and_what_is_about_them_go_everywhere(server: ServerProcess, replica: Callable[..., Workspace]) -> None:
    amina, barre = replica(server, CANARY), replica(server, "Barre", "editor")
    sync(barre)
    assert [one["name"] for one in barre.records("person", "name = ?", (CANARY,))] == [CANARY]
    person = amina.vault.word("person")
    done = server.json("erase", "person", person)
    assert done["records"] == [{"kind": "person", "id": person}]
    assert done["swept"]
    for ws in (amina, barre):
        sync(ws)
        assert ws.records("person", "id = ?", (person,)) == []
        assert ws.verify() == []
        assert ws.digest() == {scope: server.json("digest")["scopes"][scope] for scope in ws.digest()}
    assert holding(barre.folder) == []
    assert holding(server.folder) == []
    late = replica(server, "Late")
    sync(barre)
    assert late.digest() == barre.digest()
    assert server.json("verify")["ok"]
    assert "erased before" in refusal(server, "erase", "person", person)


def test_a_field_and_a_file_are_erased_while_the_server_runs(server: ServerProcess, replica: Callable[..., Workspace], tmp_path: Path) -> None:
    ana, bilal = replica(server, "Ana", "editor"), replica(server, "Bilal", "editor")
    organisation = ana.add("organisation", {"name": {"fr": "Association"}, "phone": "+253 77 00 00 01", "note": CANARY}).id
    (tmp_path / "guide.txt").write_text(CANARY, encoding="utf-8")
    item = ana.add("item", {"title": {"fr": "Guide"}, "licence": "cc_by"}).id
    ana.attach("item", item, tmp_path / "guide.txt")
    sync(ana)
    sync(bilal)
    file = bilal.get("item", item)["file"]
    fetch(bilal, file["sha256"], file["size"])
    assert holding(bilal.folder)
    assert server.json("erase", "organisation", organisation, "--field", "note")["files"] == 0
    assert server.json("erase", "item", item)["files"] == 1
    for ws in (ana, bilal):
        sync(ws)
        assert ws.get("organisation", organisation)["note"] is None
        assert ws.get("organisation", organisation)["name"] == {"fr": "Association"}
        assert ws.records("item", "id = ?", (item,)) == []
        assert not ws.files.here(file["sha256"])
        assert [one.erased for one in ws.history("organisation", organisation) if one.field.startswith("note")] == [True]
    assert holding(ana.folder) == holding(bilal.folder) == []
    assert holding(server.folder) == []
    assert server.json("verify")["ok"]


@pytest.mark.parametrize(("words", "sentence"), [
    (("organisation", "01890000-0000-7000-8000-000000000000"), "There is no Organisation"),
    (("person", "nobody"), "There is no Person"),
    (("boat", "x"), "There is no kind of record"),
    (("organisation", "x", "--field", "sail"), "has no field"),
])
def test_what_is_not_there_is_said(server: ServerProcess, words: tuple[str, ...], sentence: str) -> None:
    assert sentence in refusal(server, "erase", *words)


def test_the_operators_own_copy_forgets_too(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path / "server")
    (tmp_path / "list.csv").write_text(f"name,phone\n{CANARY},+253 77 00 00 02\n", encoding="utf-8")
    done = server.run("import", str(tmp_path / "list.csv"))
    assert done.returncode == 0, done.stderr + done.stdout
    ws = Workspace(tmp_path / "server" / "operator", KINDS, "operator")
    (found,) = ws.records("organisation")
    ws.close()
    assert holding(tmp_path / "server")
    server.json("erase", "organisation", found.id)
    assert holding(tmp_path / "server") == []
    assert os.path.isdir(tmp_path / "server" / "operator")
