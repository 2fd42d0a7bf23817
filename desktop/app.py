"""The app: the one file that knows every room; it makes the window, receives whoever comes and gives them the rooms."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop.features.directory.feature import FEATURE as DIRECTORY
from desktop.features.history.feature import FEATURE as HISTORY
from desktop.features.home.feature import FEATURE as HOME
from desktop.features.library.feature import FEATURE as LIBRARY
from desktop.features.notes.feature import FEATURE as NOTES
from desktop.features.sync_room.feature import FEATURE as SYNC_ROOM
from desktop.features.sync_room.nearby_page import NEARBY
from desktop.kit.lasting_constants import keep_constants
from desktop.kit.tasks import Runner, Tasks
from desktop.shell.feature import Account, Command
from desktop.shell.look import apply_look
from desktop.shell.people.desk import Desk
from desktop.shell.people.reception import Reception
from desktop.shell.preferences import Choices, Preferences
from desktop.shell.session import Session
from desktop.terminal import opening
from i18n import language
from sync.people import People
from sync.workspace import Workspace, wall_clock

FEATURES = (HOME, DIRECTORY, LIBRARY, NOTES, SYNC_ROOM, HISTORY, NEARBY)


class App(Session):
    """A session with every room of this app."""

    def __init__(self, workspace: Workspace, preferences: Preferences, tasks: Runner, name: str = "", own: Sequence[Command] = (),
                 account: Account | None = None) -> None:
        super().__init__(FEATURES, workspace, preferences, tasks, name=name, own=own, account=account)


def make_session(workspace: Workspace, preferences: Preferences, name: str, own: Sequence[Command], account: Account) -> Session:
    """A session of the app with lanes of its own."""
    return App(workspace, preferences, Tasks(), name, own, account)


def make_application(folder: Path) -> tuple[QApplication, Preferences]:
    """Qt's application in the look that the folder's preferences say."""
    keep_constants()
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)  # the line above made it so
    application.setApplicationName("Dalil")
    application.setOrganizationName("Dalil")
    application.setDesktopFileName("dalil")
    preferences = Preferences(folder / "preferences.json", Choices(language=language()))
    apply_look(application, preferences.choices)
    return application, preferences


def make_desk(folder: Path, preferences: Preferences) -> tuple[Desk, Reception]:
    """The window on a data folder, and who receives at it."""
    desk = Desk(folder, preferences, make_session)
    return desk, Reception(desk, People(folder, os.urandom, wall_clock), os.urandom)


def main(folder: Path, person: str | None = None) -> int:
    """Open the app on a data folder; answers when the window is closed."""
    application, preferences = make_application(folder)
    # Ctrl+C and SIGTERM end the loop; the timers give Python its turn to notice them.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: application.quit())
    desk, reception = make_desk(folder, preferences)
    reception.begin(person, opening.from_surroundings("DALIL_SECRET"))
    desk.begin()
    code = application.exec()
    desk.end()
    return int(code)
