"""Backing up and restoring through the screens: real folders, real vaults, from the page to the stick and back on another PC."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from desktop.kit.states import States
from desktop.shell import backup_work
from desktop.shell.backup_page import BackupPage
from desktop.shell.people.first_screen import FirstScreen
from desktop.shell.people.flows import Adding
from desktop.shell.people.restoring import Restoring
from desktop.shell.people.unopened import Unopened
from sync import backup, keys
from sync.errors import Failure
from sync.relay.courier import Progress
from tests.shell.people.conftest import AMINA, HASSAN, HERS, Desks


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = tmp_path / "stick"
    found.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(found))
    return found


def backup_page(desks: Desks) -> BackupPage:
    desks.session.shell.context.navigate("backup")
    desks.rest()
    found = desks.session.shell.page("backup")
    assert isinstance(found, BackupPage)
    return found


def made(desks: Desks) -> BackupPage:
    page = backup_page(desks)
    page.choose.click()
    desks.rest()
    page.go.click()
    desks.rest()
    return page


def test_a_backup_through_the_page_says_its_bytes_and_its_day(two: Desks, stick: Path) -> None:
    two.enter(AMINA, HERS)
    two.session.workspace.add("organisation", {"name": {"fr": "Sauvée"}})
    page = backup_page(two)
    assert "jamais" in page.last.text()
    page.choose.click()
    two.rest()
    assert "libres" in page.sums.text()
    assert page.box is None
    page.go.click()
    two.rest()
    assert page.banner.property("tone") == "good"
    assert backup.last(two.session.workspace) is not None
    page.show_rest()
    assert "jamais" not in page.last.text()
    assert list(stick.rglob("manifest-1.json"))
    two.session.shell.context.navigate("preferences")
    two.rest()


def test_who_has_no_phrase_chooses_one_first(desks: Desks, stick: Path) -> None:
    desks.start()
    page = backup_page(desks)
    assert page.choose is None
    page._choose_phrase()
    desks.rest()
    assert desks.page is not None and desks.page.accessibleName() == "Choisir une phrase"


def test_a_stick_that_is_full_or_gone_is_said_and_a_stop_is_heard(two: Desks, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two.enter(AMINA, HERS)
    page = backup_page(two)
    page.choose_place(stick / "gone")
    two.rest()
    assert page.banner.property("tone") == "attention"
    page.choose_place(stick)
    two.rest()
    with monkeypatch.context() as patch:
        patch.setattr(page, "stopping", lambda: True)
        page.write()
        two.rest()
    assert "Arrêté" in page.banner.accessibleName()
    page._on_failed(Failure(backup.NO_ROOM))
    with pytest.raises(ValueError, match="ours"):
        page._on_failed(ValueError("ours"))
    assert "Copie" in backup_work.progress_said(Progress(1, 2, "write"))
    assert backup_work.last_said(10**18, 0)
    assert backup_work.day_of(10**18) == ""


def elsewhere(desks: Desks, tmp_path: Path, name: str = "other") -> Desks:
    """Another PC."""
    desks.stop()
    desks.folder = tmp_path / name
    desks.folder.mkdir()
    return desks


def test_it_comes_back_on_a_new_pc_from_the_first_screen(two: Desks, stick: Path, tmp_path: Path) -> None:
    two.enter(AMINA, HERS)
    two.session.workspace.add("organisation", {"name": {"fr": "Sauvée"}})
    made(two)
    there = elsewhere(two, tmp_path)
    there.people.add(HASSAN, "une grande tortue verte chante")
    there.people.add("Idil", "une grande tortue verte chante")
    there.start()
    assert isinstance(there.page, FirstScreen)
    there.page.restore.click()
    there.rest()
    assert isinstance(there.page, Restoring)
    there.page.step.submit()
    there.rest()
    there.type("une phrase qui est fausse ici")
    there.rest()
    assert "n’ouvre aucune sauvegarde" in there.page.step.line.accessibleDescription() or there.page.step.line.line.text()
    there.page.step.line.line.setText(HERS)
    there.page.step.submit()
    there.rest()
    assert AMINA in there.page.step.accessibleName()
    there.page.step.submit()
    there.rest()
    there.page.step.submit()
    there.rest()
    assert [one.title for one in there.session.workspace.records("organisation")] == ["Sauvée"]
    assert {one.name for one in there.people.all()} == {AMINA, HASSAN, "Idil"}


def test_a_fresh_pc_offers_it_beside_joining_and_the_code_opens_it(two: Desks, stick: Path, tmp_path: Path) -> None:
    code = two.people.renew_code(AMINA, two.people.open(AMINA, HERS))
    two.enter(AMINA, HERS)
    made(two)
    there = elsewhere(two, tmp_path)
    there.start()
    there.session.shell.page("sync_room").join_form.paper.restore.click()
    there.rest()
    page = there.page
    assert isinstance(page, Restoring)
    page.go_back()
    there.rest()
    there.reception.show_restoring()
    page = there.page
    page.look(stick)
    there.rest()
    page._with_code()
    page._with_phrase()
    page._with_code()
    there.type(code)
    there.rest()
    page.step.submit()
    there.rest()
    page.step.submit()
    there.rest()
    assert [one.name for one in there.people.all()] == [AMINA]  # the empty place of the first start made way


def test_somebody_of_that_name_stays_and_another_name_is_asked(two: Desks, stick: Path, tmp_path: Path) -> None:
    two.enter(AMINA, HERS)
    made(two)
    there = elsewhere(two, tmp_path)
    for name in (AMINA, HASSAN):
        there.people.add(name, "une grande tortue verte chante")
    there.start()
    there.page.restore.click()
    page = there.page
    page.look(stick)
    there.rest()
    there.type(HERS)
    page.step.submit()
    there.rest()
    page.step.line.setText("Amina Houssein Ali")
    page.step.submit()
    there.rest()
    page.step.submit()
    there.rest()
    assert len(there.people.all()) == 3


def test_what_goes_wrong_while_restoring_is_said_and_it_may_be_stopped(two: Desks, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two.page.restore.click()
    page = two.page
    page.look(stick)
    two.rest()
    assert "pas de sauvegarde" in page.step.said.text()
    two.press(Qt.Key.Key_Escape)
    assert isinstance(two.page, FirstScreen)
    two.enter(AMINA, HERS)
    made(two)
    two.desk.lock()
    two.rest()
    two.page.restore.click()
    page = two.page
    page.look(stick)
    two.rest()
    page.go_back()
    page.look(stick)
    two.rest()
    two.type(HERS)
    with monkeypatch.context() as patch:
        patch.setattr(page, "stopping", lambda: True)
        page.step.submit()
        two.rest()
    assert "Arrêté" in page.step.said.text()
    with pytest.raises(ValueError, match="ours"):
        page._refuse(ValueError("ours"))
    page.step.submit()
    two.rest()
    assert page.step.accessibleName() == "Rien ne manquait ici"
    page.step.submit()
    two.rest()
    assert two.desk.sessions.current.name == AMINA


def test_keys_that_are_destroyed_lead_to_the_backup(two: Desks, stick: Path) -> None:
    two.enter(AMINA, HERS)
    two.session.workspace.add("organisation", {"name": {"fr": "Sauvée"}})
    made(two)
    two.session.workspace.add("organisation", {"name": {"fr": "Depuis"}})
    two.stop()
    for end in (keys.ENDING, keys.COPY):
        (two.folder / "people" / f"{AMINA}{end}").write_bytes(b"torn")
    two.start()
    two.page.person_chosen.emit(AMINA)
    two.rest()
    two.page.restore.click()
    two.rest()
    page = two.page
    assert isinstance(page, Restoring)
    page.look(stick)
    two.rest()
    two.type(HERS)
    page.step.submit()
    two.rest()
    page.step.submit()
    two.rest()
    assert not isinstance(two.page, States)
    assert {one.title for one in two.session.workspace.records("organisation")} == {"Sauvée", "Depuis"}


@pytest.mark.parametrize("lost", [False, True])
def test_without_a_backup_one_begins_anew_and_the_file_stays(two: Desks, lost: bool) -> None:
    two.enter(AMINA, HERS)
    two.session.workspace.add("organisation", {"name": {"fr": "Perdue"}})
    two.stop()
    vault = (two.folder / "people" / f"{AMINA}.db").read_bytes()
    for end in (keys.ENDING, keys.COPY):
        path = two.folder / "people" / f"{AMINA}{end}"
        path.unlink() if lost else path.write_bytes(b"torn")
    two.start(AMINA if lost else None)
    if not lost:
        two.page.person_chosen.emit(AMINA)
        two.rest()
    assert isinstance(two.page, Unopened)
    two.page.anew.click()
    two.rest()
    assert (two.folder / "people" / f"{AMINA}.db.lost-1").read_bytes() == vault
    assert [one.name for one in two.people.all()] == [HASSAN]
    assert isinstance(two.page, Adding)
