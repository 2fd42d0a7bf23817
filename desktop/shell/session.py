"""One person's work on this PC, with a window or, while it is locked, without one; knows no feature by name and no phrase."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Slot

from desktop.kit.tasks import Job, Lane, Runner, Tasks
from desktop.shell.feature import Account, Command, Events, Feature, Left
from desktop.shell.finding import Finder
from desktop.shell.pill_words import pill_state
from desktop.shell.preferences import Choices, Preferences
from desktop.shell.syncer import Syncer
from desktop.shell.window import Shell
from i18n import Text, t
from sync.errors import Failure
from sync.events import Changed
from sync.reading import Status
from sync.workspace import Workspace, wall_clock

__all__ = ["Session"]

NOTICE = 1_000  # ms between looks whether another program (a command, another window) changed the folder
AGE = 60_000  # ms between renewals of "3 minutes ago"


class Session(QObject):
    """A workspace with what goes on in it, and the window on it.

    Attributes: `workspace`, `preferences`, `syncer`, `events`, `tasks`; `shell`, None while nobody looks.
    """

    def __init__(self, features: Sequence[Feature], workspace: Workspace, preferences: Preferences, tasks: Runner, *,
                 name: str = "", own: Sequence[Command] = (), account: Account | None = None) -> None:
        """`name` is what the first screen calls the person; `own` are actions of whoever holds the session."""
        super().__init__()
        self.workspace = workspace
        self.tasks = tasks
        self.events = Events(self)
        self.syncer = Syncer(workspace, tasks, self)
        self._features = [one for one in features if one.for_guests or not workspace.guest]
        self.preferences, self._name, self._own, self._account = preferences, name, own, account
        self._left: Left | None = None
        self._unbind = preferences.on_change(self._on_preferences_change)
        self._unsubscribe = workspace.subscribe(self._on_workspace_changed)
        self.events.records_changed.connect(self._on_records_changed)
        self.syncer.changed.connect(self._renew_pill)
        self._notice = QTimer(self, interval=NOTICE)
        self._notice.timeout.connect(self._on_notice_due)
        self._age = QTimer(self, interval=AGE)
        self._age.timeout.connect(self._renew_pill)
        self._looking = False
        self.shell: Shell | None = None
        self.bring_back()

    def begin(self) -> None:
        """Start what goes on by itself."""
        self._watch()
        self.syncer.begin()

    def bring_back(self) -> Shell:
        """Make the window, as it was when it was put away; it is not shown yet."""
        if self.shell is None:
            self.shell = Shell(self._features, workspace=self.workspace, tasks=self.tasks, preferences=self.preferences, events=self.events,
                               search=Finder(self.workspace), person=self._person, syncer=self.syncer, own=self._own, left=self._left,
                               account=self._account)
            self._renew_pill()
        return self.shell

    def take(self, own: Sequence[Command]) -> None:
        """Offer these actions instead, from the next window on."""
        self._own = own

    def put_away(self) -> None:
        """Keep what is typed and take the window apart, so that nothing of it can be seen, read aloud or photographed. Syncs go on."""
        if self.shell is None:
            return
        shell, self.shell = self.shell, None
        shell.hide()
        self._notice.stop()
        self._age.stop()
        try:
            self._left = shell.leave()
        finally:  # whatever a page says of its state, it does not stay
            shell.setParent(None)
            shell.deleteLater()

    def resume(self) -> None:
        """Somebody looks again: notice what other programs did meanwhile."""
        self._watch()
        self._on_notice_due()

    def end(self) -> None:
        """Stop what goes on, and give the files back."""
        self._unsubscribe()
        self._unbind()
        self._notice.stop()
        self._age.stop()
        self.syncer.end()
        self.syncer.meeting.end()
        if isinstance(self.tasks, Tasks):
            self.tasks.close()
        self.workspace.close()

    def _watch(self) -> None:
        self._notice.start()
        self._age.start()

    def _person(self) -> str:
        return self.workspace.vault.word("name") or self._name or t("You")

    def _say(self, text: str | Text) -> None:
        if self.shell is not None:
            self.shell.notify(text)

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
        self._say(str(error))

    @Slot()
    def _renew_pill(self) -> None:
        self.tasks.run(Lane.DATA, self._read_status, self._show_status, self._on_not_looked, owner=self)

    def _read_status(self, _job: Job) -> Status:
        return self.workspace.status()

    def _show_status(self, status: Status) -> None:
        if self.shell is not None:
            self.shell.show_pill(pill_state(status, self.syncer, wall_clock()))
        self.events.sync_changed.emit()
