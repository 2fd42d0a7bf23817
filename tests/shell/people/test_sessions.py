"""What holds a session: minutes without a touch, six figures, another phrase, another code, going away for good."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from desktop.shell.people.entering import Entry
from desktop.shell.people.first_screen import FirstScreen
from desktop.shell.people.flows import Changing
from desktop.shell.people.idle import USUAL
from desktop.shell.people.pin import Pin
from desktop.shell.people.unlocking import Unlocking
from sync.errors import Locked

from .conftest import AMINA, HASSAN, HERS, HIS, Clock, Desks

FIGURES = "270619"


def preferences(desks: Desks):
    desks.session.shell.navigate("preferences")
    desks.rest()
    return desks.session.shell.page("preferences")


def press(desks: Desks, name: str) -> None:
    """Press the button of the preferences that says this."""
    found = [one for one in preferences(desks).findChildren(QPushButton) if one.accessibleName() == name]
    assert len(found) == 1, name
    found[0].click()
    desks.rest()


def test_it_locks_after_some_minutes_without_a_touch(two):
    two.enter(AMINA, HERS)
    idle = two.desk._idle
    two.clock.now += USUAL * 60 - 1
    idle.look()
    assert two.page is None
    window = two.desk.windowHandle()
    for event in (QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Shift, Qt.KeyboardModifier.NoModifier),
                  QMouseEvent(QEvent.Type.MouseMove, QPointF(5, 5), QPointF(5, 5), Qt.MouseButton.NoButton, Qt.MouseButton.NoButton,
                              Qt.KeyboardModifier.NoModifier)):
        two.clock.now += 200
        idle.eventFilter(window, event)
        two.clock.now += USUAL * 60 - 1
        idle.look()
        assert two.page is None, "somebody was here"
    two.clock.now += 1
    idle.look()
    two.rest()
    assert isinstance(two.page, FirstScreen) and two.desk.sessions.locked() == [AMINA]


def test_a_touch_of_the_window_is_noticed(two):
    two.enter(AMINA, HERS)
    two.clock.now += USUAL * 60 - 1
    QTest.mouseMove(two.desk.windowHandle(), QPoint(40, 40))
    QTest.keyClick(two.desk.windowHandle(), Qt.Key.Key_Shift)
    QApplication.processEvents()
    two.clock.now += 2
    two.desk._idle.look()
    assert two.page is None


def test_a_pc_that_slept_is_locked_when_it_wakes(two):
    two.enter(AMINA, HERS)
    two.desk._idle._clocks = (Clock(0), two.clock)  # a steady clock that stood still meanwhile
    two.desk.renew_idle(two.desk.sessions.current)
    two.clock.now += 8 * 3600
    two.desk._idle.look()
    assert two.page is not None


def test_the_minutes_are_the_persons_own_and_are_remembered(two):
    two.enter(AMINA, HERS)
    account = two.session.shell.context.account
    account.choose_minutes(15)
    two.clock.now += 14 * 60
    two.desk._idle.look()
    assert two.page is None
    two.desk.leave()
    two.enter(HASSAN, HIS)
    assert two.desk.sessions.current.minutes == USUAL
    two.desk.leave()
    two.enter(AMINA, HERS)
    assert two.desk.sessions.current.minutes == 15


def test_no_report_of_a_fault_carries_a_key(two):
    two.enter(AMINA, HERS)
    one = two.desk.sessions.current
    one.session.shell.context.account.choose_pin(FIGURES)
    said = repr(one) + repr(one.session.shell.context.account) + repr(Entry(AMINA, "phrase", one.key))
    assert one.key and repr(one.key) not in said and FIGURES not in said


def test_whoever_has_no_phrase_is_not_locked_by_itself(desks):
    desks.people.add(AMINA, None)
    desks.start()
    desks.clock.now += 9 * 3600
    desks.desk._idle.look()
    assert desks.page is None
    desks.lock()
    assert isinstance(desks.page, FirstScreen)
    desks.press(Qt.Key.Key_Return)
    assert desks.desk.sessions.current.name == AMINA


def test_a_guest_who_went_away_is_over(two):
    two.page.guest_chosen.emit()
    two.rest()
    assert two.session.workspace.guest
    two.clock.now += USUAL * 60
    two.desk._idle.look()
    two.rest()
    assert isinstance(two.page, FirstScreen) and list(two.desk.sessions) == []


def test_six_figures_reopen_and_only_what_still_runs(two):
    two.enter(AMINA, HERS)
    press(two, "Choisir six chiffres")
    two.type("12345")
    assert not two.desk.sessions.current.pin
    two.type("٢٧٠٦١٩")
    assert two.desk.sessions.current.pin and two.focus().accessibleName() == "Oublier les six chiffres"
    two.lock()
    two.page.person_chosen.emit(AMINA)
    two.type(FIGURES, enter=False)
    two.rest()
    assert two.page is None and two.desk.sessions.current.name == AMINA
    two.stop()
    two.start()
    two.page.person_chosen.emit(AMINA)
    two.rest()
    two.type(FIGURES)
    two.rest()
    assert isinstance(two.page, Unlocking), "after the end only the phrase opens"


def test_wrong_figures_wait_and_the_phrase_still_opens(two):
    two.enter(AMINA, HERS)
    two.session.shell.context.account.choose_pin(FIGURES)
    two.lock()
    two.page.person_chosen.emit(AMINA)
    for _ in range(3):
        two.type("000000", enter=False)
    step = two.page.step
    assert step.countdown.left == 5 and not step.go.isEnabled()
    two.type(FIGURES, enter=False)
    assert isinstance(two.page, Unlocking), "nothing is tried while one waits"
    two.page.ask_phrase()
    two.type(HERS)
    two.rest()
    assert two.desk.sessions.current.name == AMINA


def test_the_waits_of_figures_grow():
    clock = Clock(0)
    pin = Pin(FIGURES, clock)
    waits = []
    for _ in range(9):
        clock.now += pin.wait
        assert not pin.is_it("000000")
        waits.append(pin.wait)
    assert waits == [0, 0, 5, 10, 20, 40, 80, 160, 320]
    clock.now += 319
    assert not pin.is_it(FIGURES) and pin.wait == 1
    clock.now += 1
    assert pin.is_it(FIGURES)
    assert not pin.wait


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef"])
def test_a_pin_has_six_figures(typed):
    with pytest.raises(ValueError, match="6"):
        Pin(typed, Clock())


def test_a_first_phrase_for_the_owner_of_a_private_computer(desks):
    desks.start()
    assert desks.desk.sessions.current.name == "me"
    press(desks, "Choisir une phrase")
    words = desks.page.step.words()
    desks.page.step.submit()
    desks.type(words)
    desks.rest()
    desks.page.step.sure.click()
    desks.page.step.submit()
    desks.rest()
    assert desks.page is None and desks.session.shell.current_feature == "preferences"
    desks.lock()
    assert [tile.text() for tile in desks.page.tiles][1] == "Propriétaire de ce PC"
    desks.enter("me", words)
    desks.stop()
    desks.start()
    assert isinstance(desks.page, FirstScreen), "from now on the phrase is asked"


def test_a_phrase_is_changed_only_by_who_knows_it(two):
    two.enter(AMINA, HERS)
    press(two, "Changer ma phrase")
    assert isinstance(two.page, Changing)
    two.type("une phrase au hasard ici")
    two.rest()
    assert two.page.step.line.line.accessibleDescription()
    two.page.step.line.clear()
    two.type(HERS)
    two.rest()
    words = two.page.step.words()
    two.page.step.submit()
    two.type(words)
    two.rest()
    assert two.page is None, "the sheet at home stays good: no new one is shown"
    with pytest.raises(Locked):
        two.people.open(AMINA, HERS)
    assert two.people.open(AMINA, words)


def test_a_new_code_makes_the_old_one_worthless(desks):
    _, code = desks.people.add(AMINA, HERS)
    desks.start()
    desks.enter(AMINA, HERS)
    press(desks, "Faire un nouveau code de secours")
    desks.type(HERS)
    desks.rest()
    new = desks.page.step.code.text().strip("\u2066\u2069").replace("\u200b", "")
    desks.page.step.sure.click()
    desks.page.step.submit()
    desks.rest()
    assert desks.page is None
    with pytest.raises(Locked):
        desks.people.recover(AMINA, code, HERS)
    assert desks.people.recover(AMINA, new, HERS)


def test_the_page_of_ones_own_phrase_locks_too(two):
    two.enter(AMINA, HERS)
    press(two, "Changer ma phrase")
    two.clock.now += USUAL * 60
    two.desk._idle.look()
    two.rest()
    assert isinstance(two.page, FirstScreen)
    two.page.person_chosen.emit(AMINA)
    assert isinstance(two.page, Unlocking)


def test_back_from_ones_own_pages(two):
    two.enter(AMINA, HERS)
    for name in ("Changer ma phrase", "Me retirer de ce PC"):
        press(two, name)
        two.press(Qt.Key.Key_Escape)
        two.rest()
        assert two.page is None and two.session.shell.current_feature == "preferences"


def test_going_away_for_good(two):
    two.enter(AMINA, HERS)
    press(two, "Me retirer de ce PC")
    step = two.page.step
    assert not step.go.isEnabled()
    step.sure.click()
    step.go.click()
    two.rest()
    assert isinstance(two.page, FirstScreen) and two.desk.notices.current is not None
    assert [one.name for one in two.people.all()] == [HASSAN]
    assert not list((two.folder / "people").glob(f"{AMINA}*"))


def test_unsent_work_is_lost_only_when_that_was_said(two):
    two.enter(AMINA, HERS).workspace.add("organisation", {"name": {"fr": "Citerne"}})
    press(two, "Me retirer de ce PC")
    assert "1" in two.page.step.sure.text()
    two.page.remove_requested.emit(False)
    two.rest()
    assert AMINA in [one.name for one in two.people.all()] and two.desk.notices.current is not None
    two.enter(AMINA, HERS)
    press(two, "Me retirer de ce PC")
    two.page.step.sure.click()
    two.page.step.go.click()
    two.rest()
    assert AMINA not in [one.name for one in two.people.all()]


def test_somebody_added_from_the_preferences(two):
    two.enter(AMINA, HERS)
    press(two, "Ajouter quelqu’un")
    assert two.desk.sessions.locked() == [AMINA], "whoever adds sees nothing of hers"
    two.press(Qt.Key.Key_Escape)
    assert isinstance(two.page, FirstScreen)
