"""A real desk on a real folder: real vaults, real phrases at the cheapest cost that a vault allows; nothing waits for a clock."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop.app import make_session
from desktop.kit.slices import at_rest
from desktop.shell.look import apply_look
from desktop.shell.people.desk import Desk
from desktop.shell.people.reception import Reception
from desktop.shell.preferences import Choices, Preferences
from desktop.shell.session import Session
from sync.keys import FLOOR
from sync.people import People
from sync.workspace import wall_clock

AMINA, HASSAN = "Amina Houssein", "حسن علي"
HERS, HIS = "sable lune panier corail", "une grande tortue verte chante"


@dataclass
class Clock:
    """Seconds, as the test says."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Desks:
    """Desks on one folder, one after another, as when the program is started again."""

    folder: Path
    qtbot: object
    clock: Clock = field(default_factory=Clock)
    desk: Desk | None = None
    reception: Reception | None = None

    @property
    def people(self) -> People:
        return People(self.folder, os.urandom, wall_clock, steady=self.clock, cost=FLOOR)

    def start(self, person: str | None = None) -> Desk:
        """Start the program."""
        preferences = Preferences(self.folder / "preferences.json", Choices())
        apply_look(QApplication.instance(), preferences.choices)
        self.desk = Desk(self.folder, preferences, make_session, steady=self.clock, wall=self.clock)
        self.reception = Reception(self.desk, self.people, os.urandom)
        self.reception.begin(person)
        self.desk.begin()
        self.rest()
        return self.desk

    def stop(self) -> None:
        """End it, as somebody who closes the window."""
        if self.desk is not None:
            self.desk.close()
            self.rest()
            self.desk.end()
            self.desk.deleteLater()
            self.desk = None
            self.bury()

    def rest(self) -> None:
        """Let everything under way come to its end."""
        self.qtbot.waitUntil(self._is_at_rest, timeout=20_000)
        self.bury()

    def bury(self) -> None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def _is_at_rest(self) -> bool:
        return self.desk.tasks.is_idle and all(one.session.tasks.is_idle for one in self.desk.sessions) and at_rest(self.desk)

    @property
    def page(self) -> QWidget:
        return self.desk.page

    @property
    def session(self) -> Session:
        """The session in sight."""
        return self.desk.sessions.current.session

    def type(self, text: str, *, enter: bool = True) -> None:
        """Type where the cursor is, then Enter."""
        for letter in text:  # the test library's own keys know no accents and no Arabic
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(self.focus(), QKeyEvent(kind, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, letter))
        if enter:
            self.press(Qt.Key.Key_Return)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.focus(), key, modifier)
        self.rest()

    def focus(self) -> QWidget:
        found = self.desk.focusWidget()
        assert found is not None, "nothing has the keyboard"
        return found

    def enter(self, name: str, phrase: str) -> Session:
        """Come in from the first screen."""
        self.page.person_chosen.emit(name)
        self.rest()
        self.type(phrase)
        self.rest()
        return self.session

    def lock(self) -> None:
        self.press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)


@pytest.fixture
def desks(qapp: QApplication, qtbot, tmp_path: Path) -> Iterator[Desks]:
    """No desk yet: a test starts it."""
    made = Desks(tmp_path / "data", qtbot)
    made.folder.mkdir()
    yield made
    made.stop()
    apply_look(qapp, Choices())


@pytest.fixture
def two(desks: Desks) -> Desks:
    """Amina and Hassan have a phrase each; the desk stands at the first screen."""
    desks.people.add(AMINA, HERS)
    desks.people.add(HASSAN, HIS)
    desks.start()
    return desks


@pytest.fixture
def texts() -> Callable[[QWidget], str]:
    """Everything that can be read in a widget, by eye or by ear."""
    def read(root: QWidget) -> str:
        found = []
        for one in [root, *root.findChildren(QWidget)]:
            found += [one.accessibleName(), one.accessibleDescription(), one.toolTip(), one.windowTitle()]
            found += [getattr(one, name)() for name in ("text", "toPlainText") if callable(getattr(one, name, None))]
        return "\n".join(words for words in found if isinstance(words, str))
    return read
