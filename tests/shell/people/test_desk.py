"""J8 at the desk: a guest, people who come and go, a lock that hides everything, a forgotten phrase."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QApplication

from desktop.features.directory.page import DirectoryPage
from desktop.kit import theme
from desktop.shell.people.first_screen import FirstScreen
from desktop.shell.people.unlocking import Unlocking
from i18n import language, t
from i18n.spans import duration
from sync.errors import Locked
from sync.identity import SigningKey

from .conftest import AMINA, HASSAN, HERS, HIS, Desks

SECRET = "Citerne de Moulhoule"


def begin_draft(desks: Desks, words: str) -> None:
    """A new organisation is begun, its name typed, nothing saved."""
    shell = desks.session.shell
    shell.navigate("directory", "organisation", "new")
    side = shell.page("directory").side
    desks.qtbot.waitUntil(lambda: side.editor is not None and side.editor.form is not None)
    desks.rest()
    desks.qtbot.keyClicks(side.editor.form.field("name").editor.inputs()[0], words)


def drafted(desks: Desks) -> str:
    side = desks.session.shell.page("directory").side
    desks.qtbot.waitUntil(lambda: side.editor is not None and side.editor.form is not None)
    return str(side.editor.form.values()["name"])


def test_an_empty_folder_opens_as_before(desks):
    desks.start()
    assert desks.session.shell.isVisible() and desks.page is None
    assert desks.session.shell.current_feature == "home"


def test_a_sole_person_without_a_phrase_comes_straight_in(desks):
    desks.people.add(AMINA, None)
    desks.start()
    assert desks.desk.sessions.current.name == AMINA
    assert AMINA in [item.text() for item in desks.session.shell._rail._items.values()]


@pytest.mark.parametrize("people", [{AMINA: HERS}, {AMINA: None, HASSAN: None}])
def test_whoever_is_not_alone_or_has_a_phrase_sees_the_first_screen(desks, people):
    for name, phrase in people.items():
        desks.people.add(name, phrase)
    desks.start()
    assert isinstance(desks.page, FirstScreen) and desks.desk.sessions.current is None
    assert [tile.key for tile in desks.page.tiles] == ["guest", *sorted(f"person {name}" for name in people), "add", "stick"]


def test_one_who_is_named_on_the_command_line_is_asked_for_the_phrase(desks):
    desks.people.add(AMINA, HERS)
    desks.people.add(HASSAN, None)
    desks.start(AMINA)
    assert isinstance(desks.page, Unlocking)
    desks.stop()
    desks.start(HASSAN)
    assert desks.desk.sessions.current.name == HASSAN


def test_the_desk_of_a_day(two):
    """Amina writes and is locked out of sight; Hassan works meanwhile; she comes back to her draft."""
    two.enter(AMINA, HERS)
    begin_draft(two, SECRET)
    two.lock()
    assert isinstance(two.page, FirstScreen)
    assert two.desk.sessions.locked() == [AMINA]
    hers = two.desk.sessions.of(AMINA).session
    assert hers.shell is None and hers.workspace.draft("organisation", "")["values"]["name"] == {"fr": SECRET}

    two.enter(HASSAN, HIS)
    assert two.session is not hers and two.session.shell.current_feature == "home"
    assert two.session.workspace.draft("organisation", "") is None
    two.lock()

    two.page.person_chosen.emit(AMINA)
    two.type("sable lune panier requin")
    two.rest()
    assert isinstance(two.page, Unlocking), "a wrong phrase opens nothing"
    two.type(HERS.upper())
    two.rest()
    assert two.session is hers and hers.shell.current_feature == "directory"
    assert SECRET in drafted(two)


def test_nothing_of_a_locked_session_can_be_read(two, texts):
    two.enter(AMINA, HERS)
    begin_draft(two, SECRET)
    assert SECRET in drafted(two)
    before = set(QApplication.allWidgets())
    shell = two.session.shell
    two.desk.lock()
    assert not shell.isVisible(), "hidden in this very turn"
    two.rest()
    left = [one for one in QApplication.allWidgets() if one in before and one.window() is not two.desk]
    assert left == [], "no widget of hers is kept somewhere"
    assert SECRET not in texts(two.desk)
    assert SECRET not in "\n".join(spoken(QAccessible.queryAccessibleInterface(two.desk)))
    assert all(not isinstance(window.title(), str) or SECRET not in window.title() for window in QGuiApplication.topLevelWindows())


def spoken(interface) -> list[str]:
    """What a screen reader finds in the tree of a window."""
    found = [interface.text(kind) for kind in (QAccessible.Text.Name, QAccessible.Text.Value, QAccessible.Text.Description)]
    for number in range(interface.childCount()):
        child = interface.child(number)
        if child is not None:
            found += spoken(child)
    return found


def test_a_page_that_fails_while_it_goes_does_not_keep_the_door_open(two, monkeypatch):
    two.enter(AMINA, HERS)
    begin_draft(two, SECRET)
    monkeypatch.setattr(DirectoryPage, "state", _broken)
    with pytest.raises(RuntimeError):
        two.desk.lock()
    two.rest()
    assert isinstance(two.page, FirstScreen)
    assert [one for one in QApplication.allWidgets() if isinstance(one, DirectoryPage)] == []


def _broken(_page: DirectoryPage) -> None:
    raise RuntimeError


def test_what_was_copied_is_not_for_the_next_one(two):
    two.enter(AMINA, HERS)
    QApplication.clipboard().setText(SECRET)
    two.lock()
    assert QApplication.clipboard().text() == ""


def test_each_reads_their_own_language(two):
    two.enter(AMINA, HERS)
    choose(two, language="ar", size=115)
    two.lock()
    assert language() == "fr", "the first screen is nobody's"
    two.enter(HASSAN, HIS)
    assert language() == "fr"
    two.lock()
    two.enter(AMINA, HERS)
    assert language() == "ar" and QApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
    choose(two, theme="dark")
    two.stop()
    two.start()
    assert (language(), theme.current().percent) == ("fr", 100)
    two.enter(AMINA, HERS)
    assert (language(), theme.current().tokens.name, theme.current().percent) == ("ar", "dark", 115)


def choose(desks: Desks, **choices: str | int) -> None:
    before = desks.session.shell.centralWidget()
    desks.session.shell.context.preferences.choose(**choices)
    desks.qtbot.waitUntil(lambda: desks.session.shell.centralWidget() is not before)
    desks.rest()


def test_what_is_being_sent_goes_on_while_one_is_away(two):
    """The road ends nowhere, and the answer comes to a session without a window."""
    session = two.enter(AMINA, HERS)
    with session.workspace.together():
        for setting, value in {"server": "http://127.0.0.1:9", "authority": SigningKey(bytes(32)).public}.items():
            session.workspace.vault.keep(setting, value)
    with two.qtbot.waitSignal(session.syncer.failed):
        session.syncer.start()
        two.desk.lock()
        assert session.syncer.running and session.shell is None
    two.enter(AMINA, HERS)
    assert session.syncer.offline and two.session is session


def test_whoever_joins_is_called_as_on_the_first_screen(two):
    two.enter(AMINA, HERS)
    home = two.session.shell.page("home")
    home.begin_join()
    assert home.joining.form.values()["name"] == AMINA


def test_a_draft_is_in_the_vault_before_the_window_goes(two):
    two.enter(AMINA, HERS)
    begin_draft(two, SECRET)
    two.stop()  # the window is closed before the form has kept its draft by itself
    two.start()
    two.enter(AMINA, HERS)
    assert two.session.workspace.draft("organisation", "")["values"]["name"] == {"fr": SECRET}


def test_wrong_phrases_wait_longer_and_longer_and_the_window_goes_on(two):
    two.page.person_chosen.emit(AMINA)
    two.rest()
    for _ in range(4):
        two.type("une phrase au hasard ici")
        two.rest()
    step = two.page.step
    assert not step.go.isEnabled() and step.countdown.left > 0
    assert step.said.accessibleName() == t("You can try again in {time}.", time=duration(step.countdown.left))
    two.type(HERS)
    assert isinstance(two.page, Unlocking), "nothing is tried while one waits"
    two.clock.now += 6
    while step.countdown.left:
        step.countdown.tick()
    assert step.go.isEnabled()
    step.line.clear()
    two.type(HERS)
    two.rest()
    assert two.desk.sessions.current.name == AMINA


def test_a_delay_is_not_escaped_by_going_back(two):
    two.page.person_chosen.emit(AMINA)
    two.rest()
    for _ in range(4):
        two.type("une phrase au hasard ici")
        two.rest()
    two.press(Qt.Key.Key_Escape)
    assert isinstance(two.page, FirstScreen)
    two.page.person_chosen.emit(AMINA)
    two.rest()
    assert two.page.step.countdown.left > 0


def test_a_forgotten_phrase(desks):
    _, code = desks.people.add(AMINA, HERS)
    desks.start()
    desks.page.person_chosen.emit(AMINA)
    desks.rest()
    desks.page.forgotten.emit(AMINA)
    desks.rest()
    desks.type("ABCDE")
    assert "code de secours" in desks.page.step.line.line.accessibleDescription()
    desks.page.step.line.clear()
    desks.type(code.lower().replace("-", " "))
    desks.rest()
    words = desks.page.step.words()
    desks.page.step.submit()
    desks.type(words)
    desks.rest()
    new = desks.page.step.code.text().strip("\u2066\u2069").replace("\u200b", "")
    desks.page.step.sure.click()
    desks.page.step.submit()
    desks.rest()
    assert desks.desk.sessions.current.name == AMINA
    assert len(new) == len(code) and new != code
    with pytest.raises(Locked):
        desks.people.open(AMINA, HERS)
    assert desks.people.open(AMINA, words)


def test_a_recovery_is_told_once_to_whoever_comes_in_next(desks):
    _, code = desks.people.add(AMINA, HERS)
    desks.start()
    desks.enter(AMINA, HERS)
    assert desks.session.shell.notices.current is None
    desks.desk.leave()
    desks.people.recover(AMINA, code, HIS)  # by somebody who found the sheet
    desks.enter(AMINA, HIS)
    assert "code de secours" in desks.session.shell.notices.current.accessibleName()
    desks.desk.leave()
    desks.enter(AMINA, HIS)
    assert desks.session.shell.notices.current is None


def test_a_code_of_somebody_else_opens_nothing(desks):
    desks.people.add(AMINA, HERS)
    _, code = desks.people.add(HASSAN, HIS)
    desks.start()
    desks.reception._on_forgotten(AMINA)
    desks.type(code)
    words = desks.page.step.words()
    desks.page.step.submit()
    desks.type(words)
    desks.rest()
    assert desks.page.step.line._wrong.isVisibleTo(desks.page) and desks.desk.sessions.current is None
    assert desks.people.open(AMINA, HERS)


def test_a_fifth_session_ends_the_one_that_waited_longest(desks):
    names = [f"Personne {word}" for word in ("une", "deux", "trois", "quatre", "cinq")]
    for name in names:
        desks.people.add(name, None)
    desks.start()
    for name in names:
        desks.page.person_chosen.emit(name)
        desks.rest()
        desks.lock()
    assert [one.name for one in desks.desk.sessions] == names[1:]


def test_closing_a_session_gives_its_file_back(two):
    session = two.enter(AMINA, HERS)
    two.desk.leave()
    two.rest()
    assert two.desk.sessions.of(AMINA) is None
    with pytest.raises(Exception):  # noqa: B017 - whatever the driver says of a closed connection
        session.workspace.status()


def test_languages_of_the_first_screen(two):
    two.page.language_chosen.emit("ar")
    two.rest()
    assert QApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
    tiles = two.page.tiles
    assert tiles[0].mapTo(two.desk, tiles[0].rect().center()).x() > tiles[1].mapTo(two.desk, tiles[1].rect().center()).x()
