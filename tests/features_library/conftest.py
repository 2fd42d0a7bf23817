"""A library page in a window's context, on a real workspace, with the app's look."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QCoreApplication, Qt

from desktop.features.library.page import LibraryPage
from desktop.kit import theme
from desktop.kit.slices import at_rest
from desktop.kit.tasks import Tasks
from desktop.shell.feature import Context, Events
from desktop.shell.preferences import Choices, Preferences
from i18n import set_language
from resources import KINDS
from sync.workspace import Workspace


@pytest.fixture(autouse=True)
def look(qapp):
    set_language("fr")
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    theme.apply(qapp, theme.Theme())
    yield
    set_language("fr")
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    workspace = Workspace(tmp_path / "data", KINDS)
    yield workspace
    workspace.close()


class Desk:
    """A page with what surrounds it: `said` are the notices with their undo, `gone` where it navigated."""

    def __init__(self, qtbot, ws: Workspace, bring: Callable | None = None, restored: dict | None = None) -> None:
        self.qtbot, self.ws = qtbot, ws
        self.tasks, self.events = Tasks(), Events()
        self.said: list[SimpleNamespace] = []
        self.gone: list[tuple] = []
        self.context = Context(ws, self.tasks, self._go, self._say, Preferences(None, Choices()), self.events)
        self._end = ws.subscribe(self.events.records_changed.emit)
        self.page = LibraryPage(self.context, bring) if bring else LibraryPage(self.context)
        if restored is not None:
            self.page.restore(restored)
        qtbot.addWidget(self.page)
        self.page.resize(1000, 700)
        self.page.show()
        self.settle()

    def _go(self, *where: str) -> None:
        self.gone.append(where)

    def _say(self, text: object, action: object = "", act: Callable[[], None] | None = None) -> None:
        self.said.append(SimpleNamespace(text=str(text), action=str(action), act=act))

    def settle(self) -> None:
        """Wait until nothing is under way any more, timers of the list included."""
        self.qtbot.waitUntil(lambda: self.tasks.is_idle and not self.page.browse._soon.isActive() and not self.page.browse.filters._wait.isActive() and at_rest(self.page), timeout=10_000)
        QCoreApplication.processEvents()  # a layout shows what was put into it one turn later

    def open(self, id: str, kind: str = "item") -> None:
        self.page.open(kind, id)
        self.settle()

    def titles(self) -> list[str]:
        rows = self.page.browse.grid.rows
        return [rows.row_at(n).title for n in range(rows.rowCount()) if rows.row_at(n) is not None]

    def buttons(self, widget) -> dict:
        from PySide6.QtWidgets import QPushButton

        return {made.text(): made for made in widget.findChildren(QPushButton) if made.isVisibleTo(widget)}

    def close(self) -> None:
        self._end()
        self.tasks.close()


@pytest.fixture
def desk(qtbot, ws) -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []

    def make(bring: Callable | None = None, workspace: Workspace | None = None, restored: dict | None = None) -> Desk:
        made.append(Desk(qtbot, workspace or ws, bring, restored))
        return made[-1]

    yield make
    for one in made:
        one.close()
