"""The frame: pages, keys, search, palette, pill, and a change of language that loses nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QRadioButton, QWidget

from desktop.kit import theme
from desktop.kit.cards import column
from desktop.kit.slices import at_rest
from desktop.kit.tasks import InlineTasks
from desktop.kit.tokens import RAIL, RAIL_NARROW
from desktop.shell.feature import Command, Context, Events, Feature, Hit, PillState
from desktop.shell.look import apply_look
from desktop.shell.preferences import Choices, Preferences
from desktop.shell.window import Shell
from i18n import Text, language


class NotesPage(QWidget):
    """A page with a draft."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.opened: list[tuple[str, str]] = []
        self.line = QLineEdit()
        self.line.setAccessibleName("Note")
        column(self).addWidget(self.line)

    def open(self, kind: str, id: str) -> None:
        self.opened.append((kind, id))

    def state(self) -> dict:
        return {"draft": self.line.text()}

    def restore(self, state: dict) -> None:
        self.line.setText(state["draft"])


@pytest.fixture
def ran() -> list[str]:
    return []


@pytest.fixture
def shell(qtbot, tmp_path, ran):
    def commands(context: Context) -> list[Command]:
        return [
            Command("add", Text("Add a note"), lambda: ran.append("add"), "Ctrl+N"),
            Command("never", Text("Add the impossible"), lambda: ran.append("never"), "Ctrl+J", enabled=lambda: False),
        ]

    def search(text: str) -> list[Hit]:
        return [Hit("notes", "note", str(n), f"{text} {n}", "ملاحظة") for n in range(3)]

    features = [
        Feature("notes", Text("Notes"), "edit", 10, NotesPage, commands),
        Feature("sync_room", Text("Sync"), "sync", 20, NotesPage),
    ]
    preferences = Preferences(tmp_path / "preferences.json")
    apply_look(QApplication.instance(), preferences.choices)
    made = Shell(
        features, workspace=None, tasks=InlineTasks(), preferences=preferences, events=Events(), search=search,
        person=lambda: "Amina",
    )
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    yield made
    apply_look(QApplication.instance(), Choices())


def choose(qtbot, shell: Shell, **choices) -> None:
    before = shell.centralWidget()
    shell.context.preferences.choose(**choices)
    qtbot.waitUntil(lambda: shell.centralWidget() is not before and at_rest(shell))


def test_arabic_at_run_time_mirrors_and_keeps_the_draft(qtbot, shell):
    shell.page("notes").line.setText("unsaved")
    choose(qtbot, shell, language="ar")
    assert language() == "ar"
    assert shell.layoutDirection() == Qt.LayoutDirection.RightToLeft
    assert QLocale().name() == "ar_DJ"
    assert shell.page("notes").line.text() == "unsaved"
    rail = shell._rail
    assert rail.mapTo(shell, rail.rect().topRight()).x() >= shell.width() - 2


def test_a_draft_of_a_page_out_of_sight_survives_two_changes(qtbot, shell):
    shell.page("notes").line.setText("unsaved")
    shell.navigate("sync_room")
    choose(qtbot, shell, theme="dark")
    choose(qtbot, shell, size=130)
    shell.navigate("notes")
    assert shell.page("notes").line.text() == "unsaved"
    assert theme.px(100) == 130


def test_a_new_page_comes_whole_and_the_one_before_stays_until_then(qtbot, shell):
    shell.navigate("sync_room")
    assert shell.current_feature == "sync_room" and shell.page("notes").isVisible()
    qtbot.waitUntil(shell.page("sync_room").isVisible)
    assert not shell.page("notes").isVisible()
    shell.navigate("notes")
    assert shell.page("notes").isVisible(), "what has been in sight comes back at once"


def test_the_last_page_asked_for_is_the_one_that_comes(qtbot, shell):
    shell.navigate("sync_room")
    shell.navigate("preferences")
    qtbot.waitUntil(shell.page("preferences").isVisible)
    assert at_rest(shell) and not shell.page("sync_room").isVisible()


def test_a_page_that_cannot_be_made_leaves_a_window_that_is_drawn(qtbot, shell, monkeypatch):
    monkeypatch.setattr(NotesPage, "restore", _broken)
    with pytest.raises(RuntimeError):
        shell.rebuild()
    assert shell.updatesEnabled()


def _broken(_page: NotesPage, _state: dict) -> None:
    raise RuntimeError


def test_the_rail_narrows(qtbot, shell):
    shell.resize(1024, 768)
    qtbot.waitUntil(lambda: shell._rail.width() == RAIL_NARROW)
    shell.resize(1600, 1000)
    qtbot.waitUntil(lambda: shell._rail.width() == RAIL)


def test_search_by_keyboard_opens_a_hit(qtbot, shell):
    qtbot.keyClick(shell, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    box = shell.search_box
    qtbot.keyClicks(box, "eau")
    qtbot.waitUntil(lambda: len(box.results.things) == 3)
    qtbot.keyClick(box, Qt.Key.Key_Down)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert shell.page("notes").opened == [("note", "1")]
    assert not box.results.isVisible() and box.text() == ""


def test_the_palette_runs_an_action_and_hides_what_is_not_possible(qtbot, shell, ran):
    qtbot.keyClick(shell, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    box = shell.search_box
    assert box.is_palette and box.results.isVisible()
    assert not any(command.id == "never" for command in box.results.things)
    qtbot.keyClicks(box, str(Text("Add a note"))[:5])
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert ran == ["add"]


def test_escape_leaves_the_palette_and_gives_the_focus_back(qtbot, shell):
    line = shell.page("notes").line
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(shell.search_box, Qt.Key.Key_Escape)
    assert not shell.search_box.is_palette and line.hasFocus()


def test_shortcuts_respect_what_is_possible(qtbot, shell, ran):
    qtbot.keyClick(shell, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(shell, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert ran == ["add"]


def test_a_failed_search_is_said_in_the_list(qtbot, shell):
    def broken(text: str) -> list[Hit]:
        raise OSError("the index is being rebuilt")

    shell.search_box._search = broken
    shell.search_box.start_search()
    qtbot.keyClicks(shell.search_box, "x")
    qtbot.waitUntil(lambda: shell.search_box.results.isVisible())
    assert "rebuilt" in shell.search_box.results._note.text()


def test_the_pill_opens_the_sync_room_and_stops(qtbot, shell):
    stopped = []
    shell.show_pill(PillState("sending", "12/40", done=12, total=40, on_stop=lambda: stopped.append(1)))
    shell.pill._stop.click()
    shell.pill._face.click()
    assert stopped == [1] and shell.current_feature == "sync_room"


def test_offline_is_never_the_colour_of_a_problem():
    from desktop.shell.pill import _LOOKS

    assert "problem" not in "".join(_LOOKS["offline"])
    assert "attention" not in "".join(_LOOKS["offline"])


@pytest.mark.parametrize("code", ["fr", "ar", "en", "so", "aa"])
def test_every_control_has_a_name(qtbot, shell, code):
    if code != "fr":
        choose(qtbot, shell, language=code)
    for page in ("notes", "preferences", "shortcuts"):
        shell.navigate(page)
        qtbot.waitUntil(shell.page(page).isVisible)
        for widget in [*shell.findChildren(QAbstractButton), *shell.findChildren(QLineEdit)]:
            if widget.isVisible():
                assert widget.accessibleName() or widget.text(), widget


def test_everything_fits_800_by_600(qtbot, shell):
    shell.resize(800, 600)
    for page in ("notes", "preferences", "shortcuts"):
        shell.navigate(page)
        qtbot.waitUntil(shell.page(page).isVisible)
        assert shell.centralWidget().minimumSizeHint().width() <= 800, page


def test_a_notice_offers_undo(qtbot, shell):
    undone = []
    shell.notify("Deleted", "Undo", lambda: undone.append(1))
    action = next(b for b in shell.notices.current.findChildren(QAbstractButton) if b.text() == "Undo")
    action.click()
    assert undone == [1] and shell.notices.current is None


def test_choosing_by_arrow_keys_keeps_the_keyboard_in_the_question(qtbot, shell):
    shell.navigate("preferences")
    qtbot.waitUntil(shell.page("preferences").isVisible)
    light = next(r for r in shell.findChildren(QRadioButton) if r.property("value") == "light")
    light.setFocus()
    before = shell.centralWidget()
    qtbot.keyClick(light, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: shell.centralWidget() is not before)
    chosen = shell.context.preferences.choices.theme
    assert chosen != "light"
    qtbot.waitUntil(lambda: shell.focusWidget() is not None and shell.focusWidget().property("value") == chosen)


def test_a_limit_of_the_connection_makes_no_page_anew(qtbot, shell):
    page = shell.page(shell.current_feature)
    shell.context.preferences.choose(cap=50, metered=True)
    qtbot.wait(0)
    assert shell.page(shell.current_feature) is page
    choose(qtbot, shell, theme="dark")
    assert shell.page(shell.current_feature) is not page
