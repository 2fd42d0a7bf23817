"""A screen reader finds a name on whatever takes the keyboard, on every page, and Tab never leaves it nameless."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from desktop import sample
from desktop.app import App
from desktop.kit.slices import at_rest
from desktop.kit.tasks import Tasks
from desktop.shell.look import apply_look
from desktop.shell.preferences import Choices, Preferences
from resources import KINDS
from sync.workspace import Workspace

PLACES = (
    ("home",), ("directory", "view", "list"), ("directory", "organisation", "?"), ("directory", "view", "map"),
    ("directory", "action", "edit"), ("library",), ("sync_room",), ("preferences",), ("spending",), ("shortcuts",),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with the sample network, and an organisation that is in conflict."""
    folder = tmp_path_factory.mktemp("names")
    one = sample.make(folder)
    one.workspace.close()
    return folder / "amina", one.organisation


@pytest.fixture
def app(made: tuple[Path, str], qapp: QApplication, qtbot) -> Iterator[App]:
    apply_look(qapp, Choices())
    app = App(Workspace(made[0], KINDS), Preferences(None), Tasks())
    app.shell.show()
    yield app
    qtbot.waitUntil(lambda: app.tasks.is_idle, timeout=10_000)
    shiboken6.delete(app.shell)  # its timers must not ask lanes that are closed
    app.end()


def nameless(root: QWidget) -> list[str]:
    """What takes the keyboard and can be seen, but says nothing."""
    found = []
    for widget in root.findChildren(QWidget):
        inner = isinstance(widget.parent(), QAbstractScrollArea) or widget.focusProxy() is not None
        if inner or not widget.isVisible() or not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            continue
        words = widget.accessibleName() or (widget.text() if hasattr(widget, "text") and callable(widget.text) else "")
        if not words.strip():
            found.append(f"{type(widget).__name__} in {type(widget.parent()).__name__}")
    return found


@pytest.mark.parametrize("place", PLACES, ids="-".join)
def test_whatever_takes_the_keyboard_has_a_name(app: App, made: tuple[Path, str], qtbot, place: tuple[str, ...]):
    app.shell.navigate(*(made[1] if word == "?" else word for word in place))
    qtbot.waitUntil(lambda: app.tasks.is_idle and at_rest(app.shell), timeout=10_000)
    assert app.shell.page(place[0]).isVisible()
    side = app.shell.page("directory").side
    if place[:2] == ("directory", "organisation"):
        qtbot.waitUntil(lambda: side.record[1] == made[1] and side.detail.dossier is not None and side.detail.is_whole)
    if place[:2] == ("directory", "action"):
        app.shell.navigate("directory", "organisation", made[1])
        qtbot.waitUntil(lambda: side.detail.dossier is not None and side.detail.is_whole)
        app.shell.navigate("directory", "action", "edit")
        qtbot.waitUntil(lambda: side.editor is not None and side.editor.form is not None)
        side.editor.form.values()  # all fields stand
    assert nameless(app.shell) == []


def test_tab_from_a_page_goes_on_in_that_page(app: App, qtbot):
    app.shell.navigate("preferences")
    app.shell.page("preferences").setFocus()
    app.shell.navigate("directory")
    qtbot.waitUntil(lambda: app.shell.focusWidget() is app.shell.page("directory"))
    qtbot.keyClick(app.shell, Qt.Key.Key_Tab)
    assert app.shell.page("directory").isAncestorOf(app.shell.focusWidget())
