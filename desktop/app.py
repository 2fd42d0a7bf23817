"""The app: the one file that knows every room; it opens the data folder, lights the window and connects the two."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication, QWidget

from desktop.features.directory.feature import FEATURE as DIRECTORY
from desktop.features.history.feature import FEATURE as HISTORY
from desktop.features.home.feature import FEATURE as HOME
from desktop.features.library.feature import FEATURE as LIBRARY
from desktop.features.sync_room.feature import FEATURE as SYNC_ROOM
from desktop.kit.cards import column
from desktop.kit.garbage import GarbageCollector
from desktop.kit.lasting_constants import keep_constants
from desktop.kit.states import States
from desktop.kit.tasks import Job, Lane, Runner, Tasks
from desktop.shell.feature import Events
from desktop.shell.finding import Finder
from desktop.shell.look import apply_look
from desktop.shell.pill_words import pill_state
from desktop.shell.preferences import Choices, Preferences
from desktop.shell.syncer import Syncer
from desktop.shell.window import Shell
from desktop.terminal import opening
from i18n import language, t
from sync.errors import Failure
from sync.events import Changed
from sync.reading import Status
from sync.workspace import Workspace, wall_clock

FEATURES = (HOME, DIRECTORY, LIBRARY, SYNC_ROOM, HISTORY)
NOTICE = 1_000  # ms between looks whether another program (a command, another window) changed the folder
TRY_AGAIN = 75  # what the loop ends with when a person wants the folder opened once more
AGE = 60_000  # ms between renewals of "3 minutes ago"


class App(QObject):
    """A window on one person's workspace.

    Attributes: `workspace`, `syncer`, `shell`, `events`.
    """

    def __init__(self, workspace: Workspace, preferences: Preferences, tasks: Runner) -> None:
        super().__init__()
        self.workspace = workspace
        self.tasks = tasks
        self.events = Events(self)
        self.syncer = Syncer(workspace, tasks, self)
        self.shell = Shell(FEATURES, workspace=workspace, tasks=tasks, preferences=preferences, events=self.events,
                           search=Finder(workspace), person=self._person, syncer=self.syncer)
        preferences.on_change(self._on_preferences_change)
        self._unsubscribe = workspace.subscribe(self._on_workspace_changed)
        self.events.records_changed.connect(self._on_records_changed)
        self.syncer.changed.connect(self._renew_pill)
        self._notice = QTimer(self, interval=NOTICE)
        self._notice.timeout.connect(self._on_notice_due)
        self._age = QTimer(self, interval=AGE)
        self._age.timeout.connect(self._renew_pill)
        self._garbage = GarbageCollector(self)
        self._looking = False
        self._renew_pill()

    def begin(self) -> None:
        """Show the window and start what goes on by itself."""
        self.shell.show()
        self._garbage.begin()
        self._notice.start()
        self._age.start()
        self.syncer.begin()

    def end(self) -> None:
        """Stop what goes on, and give the files back."""
        self._unsubscribe()
        self._notice.stop()
        self._age.stop()
        self.syncer.stop()
        if isinstance(self.tasks, Tasks):
            self.tasks.close()
        self._garbage.end()
        self.workspace.close()

    def _person(self) -> str:
        return self.workspace.vault.word("name") or t("You")

    def _on_preferences_change(self, _choices: Choices) -> None:
        QTimer.singleShot(0, self, self._renew_pill)  # after the window spoke the new language

    def _on_workspace_changed(self, changed: Changed) -> None:
        # Called in the thread that wrote; a signal brings it to the screen's.
        self.events.records_changed.emit(changed)

    @Slot(object)
    def _on_records_changed(self, changed: Changed) -> None:
        self._renew_pill()
        if changed.origin == "here":
            self.syncer.wake()

    @Slot()
    def _on_notice_due(self) -> None:
        if not self._looking:
            self._looking = True
            self.tasks.run(Lane.DATA, self._look, self._on_looked, self._on_not_looked, owner=self)

    def _look(self, _job: Job) -> bool:
        return self.workspace.notice()

    def _on_looked(self, _changed: bool) -> None:
        self._looking = False

    def _on_not_looked(self, error: Exception) -> None:
        self._looking = False
        if not isinstance(error, Failure):
            raise error
        self.shell.notify(str(error))

    @Slot()
    def _renew_pill(self) -> None:
        self.tasks.run(Lane.DATA, self._read_status, self._show_status, self._on_not_looked, owner=self)

    def _read_status(self, _job: Job) -> Status:
        return self.workspace.status()

    def _show_status(self, status: Status) -> None:
        self.shell.show_pill(pill_state(status, self.syncer, wall_clock()))
        self.events.sync_changed.emit()


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


def main(folder: Path, person: str | None = None) -> int:
    """Open the app on a data folder; answers when the window is closed."""
    application, preferences = make_application(folder)
    # Ctrl+C and SIGTERM end the loop; the timers give Python its turn to notice them.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: application.quit())
    while True:
        try:
            name = opening.person_of(folder, person)
            workspace = opening.workspace(folder, name, opening.from_surroundings("DALIL_SECRET"))
            break
        except Failure as failure:
            if _say(application, failure) != TRY_AGAIN:
                return 1
    app = App(workspace, preferences, Tasks())
    app.begin()
    code = application.exec()
    app.end()
    return int(code)


def _say(application: QApplication, failure: Failure) -> int:
    """A window that says why the data folder cannot be opened; nothing in it was touched. Answers TRY_AGAIN if asked to."""
    window = QWidget()
    window.setWindowTitle("Dalil")
    window.resize(640, 360)
    panel = States(QWidget())
    panel.show_failed(str(failure), lambda: application.exit(TRY_AGAIN))
    column(window, margin=24).addWidget(panel)
    window.show()
    return int(application.exec())
