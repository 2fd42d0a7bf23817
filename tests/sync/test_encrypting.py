"""A file in clear of an earlier version becomes a vault: nothing unsent is lost, nothing stays readable, wherever it is killed."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from i18n import Text
from sync import encrypting, files_on_disk, keys
from sync.encrypting import encrypt
from sync.errors import Damaged, Failure, Refused
from sync.keys import FLOOR
from sync.people import People, Person
from sync.sealed import IN_CLEAR, SealedStore
from sync.workspace import Workspace
from tests.sync.network import KINDS

CANARY = "CanariBleuOutremer"


@pytest.fixture
def people(tmp_path: Path) -> People:
    """A folder of an earlier version: one person's file in clear, with work that waits and a draft."""
    ws = Workspace(tmp_path / "pc", KINDS)
    for number in range(40):
        ws.add("house", {"name": {"fr": f"{CANARY} {number}"}, "phone": str(number)})
    ws.keep_draft("tree", "", {"name.fr": CANARY})
    ws.close()
    return People(tmp_path / "pc", random.Random(1).randbytes, lambda: 0, cost=FLOOR)


def mend(people: People) -> Callable[[], list[Text]]:
    def opened() -> list[Text]:
        ws = Workspace(people.folder.parent, KINDS, key=IN_CLEAR)
        ws.close()
        return ws.repaired

    return opened


def look(people: People) -> list[str]:
    """What is wrong with the vault that the file should have become."""
    ws = Workspace(people.folder.parent, KINDS, key=people.open("me", None))
    try:
        wrong = [str(one) for one in (*ws.repaired, *ws.verify())]
        if ws.status().waiting != 40 or len(ws.search_ids(CANARY, 50)) != 40 or ws.draft("tree", "") != {"name.fr": CANARY}:
            wrong.append("something is lost")
    finally:
        ws.close()
    wrong += [f"{path.name} can be read" for path in people.folder.parent.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]
    return wrong + [f"{path.name} was left" for path in people.folder.iterdir() if path.name not in ("me.db", "me.keys", "me.keys.copy", "turn")]


def test_a_file_in_clear_becomes_a_vault_that_this_computer_opens(people: People) -> None:
    assert people.all() == [Person("me", "computer")]
    assert encrypt(people, "me", mend(people)) == []
    assert people.all() == [Person("me", "computer")]
    assert look(people) == []
    inode = (people.folder / "me.db").stat().st_ino
    assert encrypt(people, "me", lambda: pytest.fail("done already")) == []
    assert (people.folder / "me.db").stat().st_ino == inode


def test_what_was_only_in_the_log_of_last_writes_comes_along(people: People, tmp_path: Path) -> None:
    ws = Workspace(people.folder.parent, KINDS)
    ws.add("house", {"name": {"fr": "Last"}})
    shutil.copytree(people.folder.parent, tmp_path / "killed")  # as a kill leaves it
    ws.close()
    killed = People(tmp_path / "killed", random.Random(2).randbytes, lambda: 0, cost=FLOOR)
    assert (killed.folder / "me.db-wal").stat().st_size > 0
    encrypt(killed, "me", mend(killed))
    ws = Workspace(killed.folder.parent, KINDS, key=killed.open("me", None))
    assert ws.status().waiting == 41
    ws.close()
    assert not list(killed.folder.glob("*-wal"))


class _Killed(BaseException):
    """The program is gone."""


def test_killed_at_every_step_it_is_done_again_or_to_its_end(people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    template = people.folder.parent
    moments = 0
    while True:
        moments += 1
        folder = tmp_path / f"killed-{moments}"
        shutil.copytree(template, folder)
        here = People(folder, random.Random(moments).randbytes, lambda: 0, cost=FLOOR)
        left = [moments]

        def dying(real: Callable[..., Any], left: list[int] = left) -> Callable[..., Any]:
            def run(*given: Any, **named: Any) -> Any:
                left[0] -= 1
                if left[0] == 0:
                    raise _Killed
                return real(*given, **named)

            return run

        with monkeypatch.context() as patched:
            patched.setattr(Path, "replace", dying(Path.replace))
            for name in ("overwrite", "sync_file", "sync_folder"):
                patched.setattr(encrypting, name, dying(getattr(encrypting, name)))
            patched.setattr(keys, "write_whole", dying(files_on_disk.write_whole))
            try:
                encrypt(here, "me", mend(here))
                killed = False
            except _Killed:
                killed = True
        encrypt(here, "me", mend(here))
        assert look(here) == [], moments
        shutil.rmtree(folder)
        if not killed:
            break
    assert moments > 12


def test_work_of_an_older_program_after_a_kill_is_not_left_behind(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(encrypting, "_exchange", lambda *_: (_ for _ in ()).throw(_Killed))
        with pytest.raises(_Killed):
            encrypt(people, "me", mend(people))
    assert (people.folder / "me.db.sealed").exists()
    ws = Workspace(people.folder.parent, KINDS)  # what an older program would do
    ws.add("tree", {"name": {"fr": "Later"}})
    ws.close()
    encrypt(people, "me", mend(people))
    ws = Workspace(people.folder.parent, KINDS, key=people.open("me", None))
    assert ws.status().waiting == 41
    ws.close()


def test_a_file_in_clear_beside_keys_is_not_taken(people: People, tmp_path: Path) -> None:
    clear = (people.folder / "me.db").read_bytes()
    encrypt(people, "me", mend(people))
    (people.folder / "me.db").write_bytes(clear)
    encrypt(people, "me", lambda: pytest.fail("it is nobody's"))
    with pytest.raises(Refused) as refused:
        Workspace(people.folder.parent, KINDS, key=people.open("me", None))
    assert refused.value.code == "vault_in_clear"
    assert (people.folder / "me.db").read_bytes() == clear


def test_a_vault_without_its_keys_says_so_and_stays(people: People) -> None:
    encrypt(people, "me", mend(people))
    before = (people.folder / "me.db").read_bytes()
    for end in (keys.ENDING, keys.COPY):
        (people.folder / f"me{end}").unlink()
    with pytest.raises(Damaged) as missing:
        encrypt(people, "me", lambda: pytest.fail("it is not in clear"))
    assert "me.keys" in str(missing.value)
    assert (people.folder / "me.db").read_bytes() == before


@pytest.mark.parametrize("damage", ["header", "page"])
def test_a_damaged_file_in_clear_is_mended_first_and_what_was_kept_of_it_is_sealed(people: People, damage: str) -> None:
    path = people.folder / "me.db"
    data = bytearray(path.read_bytes())
    if damage == "header":
        data[:100] = bytes(100)
    else:
        here = sqlite3.connect(path)
        (root,) = here.execute("SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_pending_1'").fetchone()
        here.close()
        data[(root - 1) * 4096 : root * 4096] = b"\xa5" * 4096
        path.with_name("me.db.suspect").touch()
    path.write_bytes(data)
    said = encrypt(people, "me", mend(people))
    assert len(said) == 1
    ws = Workspace(people.folder.parent, KINDS, key=people.open("me", None))
    assert len(ws.outbox()) == 40
    ws.close()
    kept = {one.name for one in people.folder.iterdir() if ".damaged-" in one.name}
    assert "me.db.damaged-1.box" in kept and all(name.endswith(".box") for name in kept)
    assert not [one for one in people.folder.parent.rglob("*") if one.is_file() and CANARY.encode() in one.read_bytes()]


def test_a_file_that_somebody_has_open_waits(people: People) -> None:
    other = SealedStore(people.folder / "me.db", key=None)
    other.rows("SELECT * FROM setting")
    with pytest.raises(Failure) as busy:
        encrypt(people, "me", mend(people))
    assert busy.value.code == "busy"
    other.close()
    encrypt(people, "me", mend(people))
    assert look(people) == []


def test_a_vault_that_is_not_the_same_as_the_file_is_not_taken(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    real = encrypting._rows
    monkeypatch.setattr(encrypting, "_rows", lambda store, schema, table: list(real(store, schema, table))[: -2 if schema == "vault" else None])
    with pytest.raises(Damaged):
        encrypt(people, "me", mend(people))
    monkeypatch.setattr(encrypting, "_rows", real)
    assert not people.known("me")
    encrypt(people, "me", mend(people))
    assert look(people) == []
