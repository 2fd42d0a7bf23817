"""The file of a note: attached, read from memory, copied out only by who knows what that is, taken away with a way back, fetched on another PC."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from desktop.features.notes import filing
from desktop.kit.tasks import Tasks
from sync.exchange import fetching
from sync.files import CHUNK

from .conftest import write

WORDS = "Facture de la citerne : 77 34 12 56\n"


@pytest.fixture
def bill(tmp_path):
    path = tmp_path / "stick" / "facture.txt"
    path.parent.mkdir()
    path.write_text(WORDS * 6000, "utf-8")
    return path


def in_clear(*folders) -> list[str]:
    return [str(path) for folder in folders for path in folder.rglob("*") if path.is_file() and WORDS.strip().encode() in path.read_bytes()]


def escape(page, qtbot) -> None:
    """Esc where the keyboard is; a shortcut is heard in an active window alone."""
    page.window().activateWindow()
    qtbot.waitUntil(page.window().isActiveWindow)
    QTest.keyClick(page.window().focusWidget(), Qt.Key.Key_Escape)


def test_attached_read_and_closed(world, bill, qtbot):
    page = world.page()
    page.begin()
    write(page, "À payer")
    page.filing.attach(bill)
    note, = world.ws.records("note")
    assert note["file"]["name"] == "facture.txt" and note["file"]["key"]
    line = page.desk.file
    assert line.isVisible() and line.link.text() == "facture.txt" and not page.desk.clip.isVisible()
    assert page.desk.sheet.toPlainText() == "À payer", "what is typed stays"
    with qtbot.waitSignal(page.reading.reader.opened):
        QTest.mouseClick(line.link, Qt.MouseButton.LeftButton)
    assert page.reading.isVisible() and not page.front.isVisible() and WORDS.strip() in page.reading.reader.prose.toPlainText()
    escape(page, qtbot)
    assert page.front.isVisible() and not page.reading.isVisible() and page.window().focusWidget() is line.link
    assert page.reading.reader.view is None, "the file is let go of"
    assert in_clear(world.ws.files.folder) == []
    world.leave(page)
    note, = world.ws.records("note")
    assert note["text"] == "À payer" and note["file"]["name"] == "facture.txt"


def test_a_note_may_be_nothing_but_its_file(world, bill):
    page = world.page()
    page.begin()
    page.filing.attach(bill)
    assert world.notes() == [(None, None)] and world.rows(page) == ["facture.txt"]
    page.desk.delete.click()
    assert world.notes() == []
    world.acts[-1]()
    note, = world.ws.records("note")
    assert note["file"]["name"] == "facture.txt" and page.desk.file.link.text() == "facture.txt"


def test_a_page_that_goes_closes_the_file(world, bill, qtbot):
    page = world.page()
    page.begin()
    page.filing.attach(bill)
    with qtbot.waitSignal(page.reading.reader.opened):
        page.desk.file.link.click()
    world.leave(page)
    world.come(page)
    assert page.front.isVisible() and page.reading.reader.view is None


def test_whoever_goes_elsewhere_sees_it_and_what_comes_from_elsewhere_closes_nothing(world, bill, qtbot):
    page = world.page()
    page.begin()
    page.filing.attach(bill)
    note, other = page.id, world.ws.add("note", {"title": "Deux"}).id
    for go in (lambda: page.open("note", "new"), lambda: page.open("note", other), lambda: page.open("note", note), lambda: world.ws.delete("note", note)):
        page.open("note", note)
        with qtbot.waitSignal(page.reading.reader.opened):
            page.desk.file.link.click()
        world.ws.edit("note", other, {"title": f"Deux {go}"})
        world.ws.edit("note", note, {"title": f"Un {go}"})
        assert page.reading.isVisible()
        go()
        assert page.front.isVisible() and not page.reading.isVisible()


def test_a_copy_is_made_by_who_knows_what_it_is(world, bill, tmp_path, monkeypatch):
    page = world.page()
    page.begin()
    page.filing.attach(bill)
    line = page.desk.file
    line.copy.click()
    assert line.question is not None and "chiffrée" in line.question.accessibleName()
    line.copy.click()
    assert line.question is None
    line.copy.click()
    asked = []
    monkeypatch.setattr(filing, "chosen_target", lambda *words: asked.append(words[2]) or tmp_path / "out.txt")
    line.question.action.click()
    assert asked == ["facture.txt"] and line.question is None
    assert (tmp_path / "out.txt").read_bytes() == bill.read_bytes() and "out.txt" in world.said[-1]
    monkeypatch.setattr(filing, "chosen_target", lambda *words: None)
    line.copy.click()
    line.question.action.click()
    monkeypatch.setattr(filing, "chosen_target", lambda *words: tmp_path / "no" / "folder.txt")
    line.copy.click()
    line.question.action.click()
    assert "folder.txt" in world.said[-1] and page.filing.under_way is None


def test_taken_away_and_brought_back(world, bill):
    page = world.page()
    page.begin()
    write(page, "À payer")
    page.filing.attach(bill)
    before = world.ws.records("note")[0]["file"]
    page.desk.file.remove.click()
    assert world.ws.records("note")[0]["file"] is None and not page.desk.file.isVisible() and page.desk.clip.isVisible()
    assert world.ws.rows("SELECT count(*) FROM upload") == [(0,)], "what nothing speaks of is not handed in"
    world.acts[-1]()
    assert world.ws.records("note")[0]["file"] == before and page.desk.file.link.text() == "facture.txt"
    assert world.ws.rows("SELECT sha256 FROM upload") == [(before["sha256"],)]


def test_what_cannot_be_attached_is_said_and_the_note_stays(world, tmp_path):
    page = world.page()
    page.begin()
    write(page, "À payer")
    (tmp_path / "vide.txt").touch()
    for wrong in (tmp_path / "vide.txt", tmp_path, tmp_path / "nulle part"):
        page.filing.attach(wrong)
        assert wrong.name in world.said[-1]
    assert page.desk.sheet.toPlainText() == "À payer" and not page.desk.file.isVisible() and page.filing.under_way is None


def test_fetched_on_the_other_computer(worlds, network, bill, qtbot, monkeypatch):
    here, there = worlds("here"), worlds("there")
    for one in (here, there):
        network.join(one.ws)
    page = here.page()
    page.begin()
    page.filing.attach(bill)
    network.meet(here.ws, there.ws)
    monkeypatch.setattr(filing.exchange, "fetch", lambda ws, *words, **more: fetching.fetch(ws, *words, carrier=network.road, **more))
    page = there.page()
    line = page.desk.file
    assert "pas encore" in line.said.text() and not line.copy.isVisible()
    line.link.click()
    assert line.copy.isVisible() and "pas encore" not in line.said.text()
    with qtbot.waitSignal(page.reading.reader.opened):
        line.link.click()
    assert WORDS.strip() in page.reading.reader.prose.toPlainText()
    assert in_clear(here.ws.files.folder, there.ws.files.folder, network.road.files.folder) == []


def test_a_damaged_copy_is_said_in_the_reader(world, bill, qtbot):
    page = world.page()
    page.begin()
    page.filing.attach(bill)
    path = world.ws.files.path(world.ws.records("note")[0]["file"]["sha256"])
    data = bytearray(path.read_bytes())
    data[CHUNK // 2] ^= 1
    path.write_bytes(data)
    with qtbot.waitSignal(page.reading.reader.failed):
        page.desk.file.link.click()
    escape(page, qtbot)
    assert page.front.isVisible()


def test_while_one_is_under_way_it_is_said_and_can_be_stopped(worlds, bill, qtbot, monkeypatch):
    tasks = Tasks()
    world = worlds(tasks=tasks)
    page = world.page()
    page.begin()
    qtbot.waitUntil(lambda: tasks.is_idle)
    monkeypatch.setattr(filing.kept_files, "take", lambda *_words: {"sha256": "0" * 64, "size": 1, "key": "0" * 64})
    page.filing.attach(bill)
    assert page.desk.file.stop.isVisible() and page.desk.file.said.text() == "Chiffrement du fichier…"
    page.filing.attach(bill)
    assert "en cours" in world.said[-1]
    page.desk.file.stop.click()
    qtbot.waitUntil(lambda: tasks.is_idle)
    assert world.notes() == [] and page.filing.under_way is None and not page.desk.file.isVisible()
    tasks.close()


def test_the_window_for_files_remembers_nothing(qtbot, tmp_path, monkeypatch):
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "config"))
    from desktop.kit import file_dialog

    visited: list[bool] = []

    def chosen(*_words):
        dialog = QFileDialog(None, "", str(tmp_path))
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setDirectory(str(tmp_path))
        shiboken6.delete(dialog)
        visited.append(any(str(tmp_path) in path.read_text() for path in (tmp_path / "config").rglob("*") if path.is_file()))
        return str(tmp_path / "a.txt"), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", chosen)
    assert file_dialog.chosen_file(None, "x") == tmp_path / "a.txt"
    kept = [path.read_text() for path in (tmp_path / "config").rglob("*") if path.is_file()]
    assert not any(str(tmp_path) in text for text in kept), kept
    assert visited == [True], "Qt wrote it down before it was taken away"
