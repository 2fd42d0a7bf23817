"""A guest leaves no trace: the folder, the temporary folder and the surroundings are afterwards what they were, byte for byte."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop import sample
from desktop.shell.people.first_screen import FirstScreen

from .conftest import AMINA, HERS, Desks

# SQLite's own, beside a file that is open: they hold nothing that the file does not.
OF_SQLITE = ("-wal", "-shm")


def bytes_of(*folders: Path) -> dict[str, str]:
    """Every file of some folders by its hash."""
    found = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.name.endswith(OF_SQLITE):
                found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


@pytest.fixture
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Folders of one's own for everything that a program may leave behind."""
    made = []
    for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"):
        folder = tmp_path / "around" / name.lower()
        folder.mkdir(parents=True)
        monkeypatch.setenv(name, str(folder))
        made.append(folder)
    monkeypatch.setattr(tempfile, "tempdir", None)
    return made


@pytest.fixture
def shared_pc(desks: Desks) -> Desks:
    """A PC with a sample network in it, and Amina."""
    one = sample.make(desks.folder.parent / "network")
    desks.public = one
    one.workspace.close()
    os.rename(desks.folder.parent / "network" / "amina", desks.folder.parent / "kept")
    desks.folder.rmdir()
    os.rename(desks.folder.parent / "kept", desks.folder)
    desks.people.add(AMINA, HERS)
    desks.start()
    return desks


def test_a_guests_visit_leaves_everything_as_it_was(shared_pc, surroundings):
    desks, folder = shared_pc, shared_pc.folder
    desks.enter(AMINA, HERS)
    desks.desk.leave()
    desks.rest()
    before = bytes_of(folder, *surroundings)

    desks.page.guest_chosen.emit()
    desks.rest()
    shell = desks.session.shell
    assert desks.session.workspace.guest
    for place in (("home",), ("directory", "organisation", desks.public.organisation), ("library", "item", desks.public.item), ("sync_room",)):
        shell.navigate(*place)
        desks.rest()
    read(desks)
    assert desks.session.shell.page("library").view == "reading"
    search(desks, "peche")
    desks.session.shell.context.preferences.choose(language="ar", theme="dark", size=130)
    desks.qtbot.waitUntil(lambda: desks.session.shell.layoutDirection() == Qt.LayoutDirection.RightToLeft)
    desks.rest()
    desks.session.shell.navigate("preferences")
    desks.rest()
    desks.lock()

    assert isinstance(desks.page, FirstScreen) and list(desks.desk.sessions) == []
    after = bytes_of(folder, *surroundings)
    assert {name: after.get(name) for name in before} == before
    assert set(after) == set(before)
    assert desks.desk.layoutDirection() == Qt.LayoutDirection.LeftToRight, "the next one does not find a guest's language"


def read(desks: Desks) -> None:
    """Open a guide and go down in it."""
    page = desks.session.shell.page("library")
    desks.session.shell.navigate("library", "item", desks.public.item)
    desks.rest()
    page.detail.read_requested.emit(desks.public.item)
    desks.rest()
    page.keep()


def search(desks: Desks, words: str) -> None:
    box = desks.session.shell.search_box
    box.start_search()
    desks.qtbot.keyClicks(box, words)
    desks.qtbot.waitUntil(lambda: box.results.isVisible())
    desks.rest()


def test_a_guest_sees_no_account(two):
    two.page.guest_chosen.emit()
    two.rest()
    shell = two.session.shell
    assert [command.id for command in shell.commands() if command.id in ("lock", "leave", "join")] in (["lock"], ["join", "lock"])
    shell.navigate("preferences")
    two.rest()
    assert not [card for card in shell.page("preferences").findChildren(object) if type(card).__name__ in ("_Phrase", "_Open", "_Figures", "_LockAfter")]
