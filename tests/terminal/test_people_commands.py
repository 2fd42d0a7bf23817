"""`dalil people`, and what every command does when a person's file is locked; and that nothing of a vault can be found on the disk."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import pytest

from desktop.terminal import opening
from resources import KINDS
from sync import keys
from sync.errors import Locked
from sync.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
CODE = r"([0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{5}"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A try of a phrase costs the least that is allowed; nobody sits at the terminal."""
    monkeypatch.setattr(keys, "calibrated", lambda _: keys.FLOOR)
    monkeypatch.setattr(sys, "stdin", None)


def test_one_person_on_a_private_computer_needs_no_secret(dalil: Any, tmp_path: Path) -> None:
    assert dalil("people", "--json").json == {"items": []}
    assert dalil("add", "organisation", "--set", "name.fr=A").code == 0
    assert dalil("people", "--json").json == {"items": [{"name": "me", "lock": "computer"}]}
    assert not (tmp_path / "data" / "people" / "me.db").read_bytes().startswith(b"SQLite")
    assert dalil("list", "organisation", "--json").json["total"] == 1
    assert dalil("verify", "--repair").code == 0


def test_several_people_each_with_a_phrase(dalil: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    amina = dalil("people", "add", "Amina", "--json").json
    assert len(amina["phrase"].split()) == 4
    hassan = dalil("--language", "ar", "people", "add", "Hassan", "--json").json
    assert all("\u0621" <= letter <= "\u064a" or letter == " " for letter in hassan["phrase"])
    assert dalil("people", "--json").json["items"] == [{"name": "Amina", "lock": "phrase"}, {"name": "Hassan", "lock": "phrase"}]
    assert dalil("status", "--json").json["error"]["code"] == "person_needed"
    for words in (("status",), ("add", "organisation", "--set", "name.fr=A"), ("people", "lock"), ("people", "remove", "Amina")):
        said = dalil("--as", "Amina", *words, "--json")
        assert (said.code, said.json["error"]["code"]) == (1, "locked")
    monkeypatch.setenv("DALIL_SECRET", amina["phrase"].upper())
    assert dalil("--as", "Amina", "add", "organisation", "--set", "name.fr=A").code == 0
    wrong = dalil("--as", "Hassan", "status", "--json")
    assert (wrong.code, wrong.json["error"]["code"]) == (1, "locked")
    monkeypatch.setenv("DALIL_SECRET", hassan["phrase"])
    assert dalil("--as", "Hassan", "list", "organisation", "--json").json["total"] == 0


def test_locking_changing_and_recovering(dalil: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    dalil("add", "organisation", "--set", "name.fr=A")
    locked = dalil("people", "lock", "--json").json
    assert locked["name"] == "me" and locked["phrase"] and locked["code"]
    assert dalil("status").code == 1
    monkeypatch.setenv("DALIL_SECRET", locked["phrase"])
    assert dalil("list", "organisation", "--json").json["total"] == 1
    monkeypatch.setenv("DALIL_NEW_SECRET", "Le boutre de mon oncle est vert")
    assert dalil("people", "lock", "--json").json == {"name": "me", "phrase": None, "code": None}
    assert dalil("status").code == 1
    monkeypatch.delenv("DALIL_SECRET")
    assert dalil("people", "recover", "me", "--json").json["error"]["code"] == "locked"
    monkeypatch.setenv("DALIL_CODE", locked["code"][:-1])
    assert dalil("people", "recover", "me", "--json").json["error"]["code"] == "code_mistyped"
    monkeypatch.setenv("DALIL_CODE", locked["code"])
    again = dalil("people", "recover", "me", "--own", "--json").json
    assert again["phrase"] is None and again["code"] != locked["code"]
    monkeypatch.setenv("DALIL_SECRET", "le boutre de mon oncle est vert")
    said = dalil("--language", "en", "list", "organisation", "--json")
    assert said.json["total"] == 1
    assert "The recovery code was used" in said.err
    assert dalil("--language", "en", "status").err == ""  # it is told once
    assert dalil("people", "lock", "--computer").code == 0
    monkeypatch.delenv("DALIL_SECRET")
    assert dalil("status").code == 0


def test_a_new_phrase_of_ones_own_is_asked_twice_at_the_terminal(dalil: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    typed: list[str] = []
    monkeypatch.setattr(sys, "stdin", type("Terminal", (), {"isatty": lambda self: True})())
    monkeypatch.setattr("getpass.getpass", lambda question, stream: typed.pop(0))
    typed += ["Le boutre de mon oncle est vert", "Le boutre de mon oncle est bleu"]
    said = dalil("people", "add", "Amina", "--own", "--json")
    assert (said.code, said.json["error"]["code"]) == (1, "locked")
    typed += ["Le boutre de mon oncle est vert"] * 2
    assert dalil("people", "add", "Amina", "--own").code == 0
    typed += ["LE BOUTRE DE MON ONCLE EST VERT"]
    assert dalil("--as", "Amina", "status").code == 0
    assert typed == []


def test_removing_says_what_would_be_lost(dalil: Any) -> None:
    assert dalil("--as", "Amina", "add", "organisation", "--set", "name.fr=A").code == 0
    said = dalil("people", "remove", "Amina", "--json")
    assert (said.code, said.json["error"]["code"]) == (1, "unsent")
    assert dalil("people", "remove", "Amina", "--unsent-too", "--json").json == {"removed": "Amina"}
    assert dalil("people", "--json").json == {"items": []}
    assert dalil("people", "remove", "Amina", "--json").json["error"]["code"] == "not_found"


@pytest.mark.parametrize("words", [("add",), ("remove",), ("recover",), ("lock", "Amina"), ("burn", "Amina"), ("add", "Amina", "--own", "--computer")])
def test_misuse_is_exit_2(dalil: Any, words: tuple[str, ...]) -> None:
    assert dalil("people", *words).code == 2


def test_people_in_words(dalil: Any) -> None:
    assert dalil("--language", "en", "people").out == "Nobody has a place on this computer yet.\n"
    said = dalil("--language", "en", "people", "add", "Amina")
    assert "Phrase" in said.out and "Recovery code" in said.out and "at home" in said.out
    assert dalil("--language", "en", "people").out == "Amina  opens with a phrase\n"


def test_a_folder_of_an_earlier_version_is_encrypted_at_its_first_opening(dalil: Any, tmp_path: Path) -> None:
    ws = Workspace(tmp_path / "data", KINDS)
    ws.add("organisation", {"name": {"fr": "Ancienne"}})
    ws.close()
    assert dalil("people", "--json").json == {"items": [{"name": "me", "lock": "computer"}]}
    assert dalil("list", "organisation", "--json").json["total"] == 1
    assert not [path for path in (tmp_path / "data" / "people").iterdir() if b"Ancienne" in path.read_bytes()]
    clear = tmp_path / "clear.db"
    shutil.copy(tmp_path / "data" / "public.db", clear)
    clear.replace(tmp_path / "data" / "people" / "me.db")
    said = dalil("status", "--json")
    assert (said.code, said.json["error"]["code"]) == (1, "vault_in_clear")


@pytest.mark.parametrize("earlier", [False, True])
def test_several_programs_begin_at_once_on_a_folder_without_keys(program: Any, tmp_path: Path, earlier: bool) -> None:
    if earlier:
        ws = Workspace(tmp_path / "data", KINDS)
        ws.add("organisation", {"name": {"fr": "Ancienne"}})
        ws.close()
    done: list[Any] = []
    threads = [threading.Thread(target=lambda at=at: done.append(program("add", "organisation", "--set", f"name.fr=Numéro {at}"))) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.code for one in done] == [0] * 4, done
    assert program("list", "organisation", "--json").json["total"] == 4 + earlier


def test_a_guest_reads_and_leaves_no_trace(tmp_path: Path) -> None:
    opening.workspace(tmp_path, opening.ONLY_PERSON).close()
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "people").rglob("*")}
    ws = opening.guest(tmp_path)
    assert ws.records("organisation") == []
    ws.close()
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "people").rglob("*")} == before


def test_the_locked_failure_is_the_engines(tmp_path: Path) -> None:
    opening.people(tmp_path).add("Amina", "Le boutre de mon oncle est vert")
    with pytest.raises(Locked):
        opening.workspace(tmp_path, "Amina")
    key = opening.key_of(tmp_path, "Amina", "le boutre de mon oncle est vert")
    opening.workspace(tmp_path, "Amina", key=key).close()


CANARIES = ("Zénobie-Canarie-Oukoubiya", "+253 77 91 82 73", "Phrase confidentielle du canari 4711", "Brouillon du canari 0815")
WORK = """
import sys, time
from pathlib import Path
from desktop.terminal import opening
names = sys.argv[2:]
ws = opening.workspace(Path(sys.argv[1]), "Amina", "le boutre de mon oncle est vert")
house = ws.add("organisation", {"name": {"fr": "Publique"}})
one = ws.add("contact", {"name": names[0], "phone": names[1], "organisation": house.id, "role": names[2], "consent": "network", "consent_date": "2026-01-01", "consent_how": "oral"})
ws.keep_draft("contact", "", {"name": names[3]})
for number in range(60):
    ws.keep_draft("contact", one.id, {"role": f"{names[2]} {number}"})
found = ws.search_ids("zenobie", 5)
assert found, "it is found"
assert ws.get("contact", one.id)["phone"] == names[1]
print("ready", flush=True)
sys.stdin.read()
"""


def forms(text: str) -> list[bytes]:
    """A text as it may stand on a disk: UTF-8 and UTF-16, in base64 at each offset, in hex."""
    found = []
    for raw in (text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be")):
        found += [raw, raw.hex().encode(), raw.hex().upper().encode()]
        for lead in range(3):
            letters = base64.b64encode(b"\0" * lead + raw)
            found.append(letters[4 if lead else 0 : len(letters) // 4 * 4 - 4])  # without what depends on the neighbours
    return found


def hits(*folders: Path) -> list[str]:
    wanted = [(text, form) for text in CANARIES for form in forms(text)] + [(text, text.lower().encode()) for text in CANARIES]
    return [f"{path}: {text}" for folder in folders for path in folder.rglob("*") if path.is_file() for text, form in wanted if form in path.read_bytes()]


def test_nothing_of_a_vault_is_on_the_disk_after_a_kill(tmp_path: Path) -> None:
    data, temporary, home = tmp_path / "data", tmp_path / "tmp", tmp_path / "home"
    for folder in (temporary, home):
        folder.mkdir()
    opening.people(data).add("Amina", "Le boutre de mon oncle est vert")
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary), "SQLITE_TMPDIR": str(temporary), "HOME": str(home),
           "XDG_CACHE_HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen([sys.executable, "-c", WORK, str(data), *CANARIES], env=env, cwd=home, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as working:
        assert working.stdout is not None
        assert working.stdout.readline() == b"ready\n"
        assert (data / "people" / "Amina.db-wal").stat().st_size > 0
        assert hits(data, temporary, home) == []  # while it works
        working.send_signal(signal.SIGKILL)
    assert hits(data, temporary, home, Path(tempfile.gettempdir()) / "dalil") == []
    ws = opening.workspace(data, "Amina", "Le boutre de mon oncle est vert")
    assert ws.draft("contact", "") == {"name": CANARIES[3]}
    (planted := tmp_path / "home" / "planted").write_text(json.dumps({"a": CANARIES[0]}, ensure_ascii=False))
    assert hits(home) == [f"{planted}: {CANARIES[0]}"] * 1  # it can find
    ws.close()
