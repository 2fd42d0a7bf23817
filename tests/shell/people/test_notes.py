"""Notes on a shared PC: a lock and a kill lose nothing, the next one sees nothing, a guest has no such page."""

from __future__ import annotations

from PySide6.QtCore import Qt

from .conftest import AMINA, HASSAN, HERS, HIS

CANARY = "kanari-secret-81"


def notes(desks):
    desks.session.shell.navigate("notes")
    desks.rest()
    return desks.session.shell.page("notes")


def begin(desks, text: str):
    page = notes(desks)
    page.begin()
    desks.rest()
    page.desk.sheet.setFocus()
    page.desk.sheet.insertPlainText(text)
    return page


def test_a_lock_keeps_what_is_typed_and_the_next_one_sees_nothing(two, texts):
    session = two.enter(AMINA, HERS)
    begin(two, CANARY)
    two.lock()
    assert CANARY not in texts(two.desk)
    assert session.workspace.records("note") == [], "half a sentence is no note yet"
    two.enter(HASSAN, HIS)
    his = notes(two)
    assert CANARY not in texts(two.desk) and his.states.showing == "empty"
    assert two.session.workspace.outbox() == []
    two.lock()
    two.enter(AMINA, HERS)
    page = two.session.shell.page("notes")
    assert page.desk.sheet.toPlainText() == CANARY and page.desk.is_touched
    two.session.shell.navigate("home")
    two.rest()
    assert [one["text"] for one in session.workspace.records("note")] == [CANARY]


def test_a_session_that_is_closed_keeps_the_last_letter(two):
    two.enter(AMINA, HERS)
    begin(two, CANARY)
    two.desk.leave()
    two.rest()
    two.enter(AMINA, HERS)
    assert notes(two).desk.sheet.toPlainText() == CANARY


def test_a_page_of_another_language_keeps_what_is_typed(two):
    two.enter(AMINA, HERS)
    begin(two, CANARY)
    two.session.preferences.choose(language="ar")
    two.qtbot.waitUntil(lambda: two.session.shell.layoutDirection() == Qt.LayoutDirection.RightToLeft)
    two.rest()
    page = two.session.shell.page("notes")
    assert page.desk.sheet.toPlainText() == CANARY and two.session.workspace.records("note") == []


def test_the_same_keys_begin_what_the_page_in_sight_is_about(two):
    two.enter(AMINA, HERS)
    page = notes(two)
    two.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert page.id and page.desk.is_empty and two.session.shell.current_feature == "notes"
    two.session.shell.navigate("directory")
    two.rest()
    two.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert two.session.shell.page("directory").side.editor is not None and two.session.shell.current_feature == "directory"


def test_a_guest_has_no_notes(two):
    two.page.guest_chosen.emit()
    two.rest()
    shell = two.session.shell
    assert "notes" not in shell._features and not [one.id for one in shell.commands() if "note" in one.id]


def test_whoever_has_no_phrase_is_told_so(desks, texts):
    desks.people.add(AMINA, None)
    desks.start()
    begin(desks, "x")
    assert "Sur ce poste, quiconque ouvre Dalil le peut" in texts(desks.desk).replace("\u00a0", " ")
