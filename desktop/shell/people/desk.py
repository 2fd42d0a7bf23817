"""The one window of the app: a page that belongs to no session, or the window of the session in use; knows no feature and no phrase."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from desktop.kit import theme
from desktop.kit.banner import Notices
from desktop.kit.garbage import GarbageCollector
from desktop.kit.states import States
from desktop.kit.tasks import Lane, Tasks
from desktop.shell.feature import Command
from desktop.shell.look import apply_look
from desktop.shell.mark import app_icon
from desktop.shell.people.account import DeskAccount
from desktop.shell.people.entering import Entered, Entering, Entry
from desktop.shell.people.idle import USUAL, IdleWatch
from desktop.shell.people.names import said_name
from desktop.shell.people.own_preferences import OwnPreferences
from desktop.shell.people.running import Running, Sessions
from desktop.shell.preferences import Preferences
from desktop.shell.session import Session
from i18n import Text, t
from sync.errors import Damaged, Failure
from sync.workspace import Workspace

__all__ = ["Desk", "MakeSession"]

MakeSession = Callable[[Workspace, Preferences, str, Sequence[Command], DeskAccount], Session]


class Desk(QMainWindow):
    """Holds the sessions, of which at most one is in sight.

    Signals: `first_wanted(name)`: nothing is in sight any more, `name` was; `unopened(name, why)`: nothing opens their file any more;
    `shown(name)`: this one's work is;
    `account_wanted(page)`: whoever works asks for "phrase", "code", "add", "remove" or "restore".
    Attributes: `sessions`; `tasks`, of no session; `page`, the page of no session in sight, None while a session is.
    """

    first_wanted = Signal(str)
    unopened = Signal(str, str)
    shown = Signal(str)
    account_wanted = Signal(str)

    def __init__(self, folder: Path, preferences: Preferences, make_session: MakeSession, *,
                 steady: Callable[[], float] = time.monotonic, wall: Callable[[], float] = time.time) -> None:
        """`preferences` are those of the folder; `steady` and `wall` are clocks in seconds."""
        super().__init__()
        self.folder, self._preferences, self._make, self._steady = folder, preferences, make_session, steady
        self.sessions, self.tasks = Sessions(), Tasks(self)
        self.page: QWidget | None = None
        self._behind: Running | None = None  # whose page of no session is in sight: their phrase, their removal
        self._entering: Entering | None = None
        self._copied = False  # whether what can be pasted now was copied in this window
        QApplication.clipboard().dataChanged.connect(self._on_clipboard_changed)
        self._garbage = GarbageCollector(self)
        self._idle = IdleWatch(self, steady, wall)
        self._idle.idle.connect(self.lock)
        self.stack = QStackedWidget()
        self.setCentralWidget(self.stack)
        self.notices = Notices(self.stack)
        self.setWindowIcon(app_icon())
        self.setMinimumSize(800, 600)
        self.resize(1024, 768)

    def begin(self) -> None:
        """Show the window."""
        self._garbage.begin()
        self.show()
        self._idle.watch(self.windowHandle())

    def end(self) -> None:
        """End every session, and what the window itself has under way."""
        self.tasks.close()
        for one in self.sessions:
            self.finish(one)
        self._garbage.end()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.put_away()  # what is typed is kept
        self.show_page(QWidget())
        super().closeEvent(event)

    def open(self, entry: Entry) -> None:
        """Let this person, or the guest, work: their session comes back, or a new one begins once their file is open."""
        running = self.sessions.of(entry.name)
        if running is not None:
            self._bring_back(running)
            return
        waiting = States(QWidget())
        waiting.show_loading()
        self.show_page(waiting)
        self._entering = Entering(self.folder, entry)
        self._try_to_open()

    def preferences(self) -> Preferences:
        """The folder's, as they stand there now: whoever was in sight before may have chosen."""
        self._preferences = Preferences(self.folder / "preferences.json", self._preferences.choices)
        return self._preferences

    @Slot()
    def lock(self) -> None:
        """Put what is in sight behind its lock; a guest's visit ends."""
        one = self.sessions.current or self._behind
        try:
            self.put_away()
        finally:  # whatever a page did wrong meanwhile
            if one is not None:
                if one.lock == "guest":
                    self.finish(one)
                self.first_wanted.emit(one.name)

    @Slot()
    def leave(self) -> None:
        """End the session in sight: what is typed is kept, its file is closed."""
        one = self.sessions.current
        self.put_away()
        if one is not None:
            self.finish(one)
            self.first_wanted.emit(one.name)

    def wear(self) -> None:
        """Put on the folder's look and language: what is made next belongs to nobody. Whoever was here may read another one."""
        apply_look(QApplication.instance(), self.preferences().choices)

    def put_away(self) -> Running | None:
        """Take what is in sight apart; answers whose it was. Their session goes on."""
        one, self.sessions.current = self.sessions.current, None
        self._idle.stop()
        if one is not None:
            if one.lock != "computer" and self._copied:
                QApplication.clipboard().clear()  # what was copied here is not for the next one
            one.session.put_away()
        return one

    def finish(self, one: Running) -> None:
        """End a session and give its file back."""
        one.session.put_away()
        self.sessions.drop(one)
        one.session.end()
        one.session.deleteLater()

    def show_page(self, page: QWidget, behind: Running | None = None) -> None:
        """Show a page of no session. `behind`: whose it is; they are locked out of it as of their own work."""
        self._drop_page()
        self.page, self._behind = page, behind
        theme.dress(page)
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        self.setWindowTitle(f"{page.accessibleName()} – Dalil" if page.accessibleName() else "Dalil")
        if behind is not None:
            self.renew_idle(behind)

    def back(self, lock: str = "") -> None:
        """From a page that belongs to somebody to their work. `lock`: what keeps it closed from now on, when that changed."""
        one = self._behind
        if one is not None:
            if lock:
                one.lock = lock
                one.session.take(self._commands(lock))
            self._bring_back(one)

    def renew_idle(self, one: Running) -> None:
        """Count the minutes without a touch from now on, if there is anything to lock."""
        if one.lock == "computer":
            self._idle.stop()
        else:
            self._idle.begin(one.minutes)

    def _try_to_open(self) -> None:
        self.tasks.run(Lane.FREE, self._entering.work, self._on_entered, self._on_not_entered)

    def _on_entered(self, found: Entered) -> None:
        entry, self._entering = self._entering.entry, None
        account = DeskAccount(self, self._steady)
        preferences = self._preferences_of(entry, found)
        session = self._make(found.workspace, preferences, said_name(entry.name), self._commands(entry.lock), account)
        account.running = Running(entry.name, entry.lock, session, found.key, found.minutes or USUAL)
        session.begin()
        self._bring_back(account.running)
        if found.told:
            session.shell.notify("\n".join(map(str, found.told)), t("Make a new one"), partial(account.show, "code"))

    def _preferences_of(self, entry: Entry, found: Entered) -> Preferences:
        """A guest's choices are forgotten, those of whoever has a phrase are kept in their file; whoever has none has the whole PC's."""
        if entry.lock == "guest":
            return Preferences(None, self.preferences().choices)
        if entry.lock == "phrase":
            return OwnPreferences(found.workspace, self.preferences().choices)
        return self.preferences()

    def _on_not_entered(self, error: Exception) -> None:
        if isinstance(error, Damaged) and self._entering.entry.lock != "guest":
            self.unopened.emit(self._entering.entry.name, str(error))
            return
        if isinstance(self.page, States):
            self.page.show_failed(str(error), self._try_to_open, t("This could not be opened"))
        if not isinstance(error, Failure):
            raise error

    def _bring_back(self, one: Running) -> None:
        for other in self.sessions.use(one):
            self.finish(other)
        apply_look(QApplication.instance(), one.session.preferences.choices)
        shell = one.session.bring_back()
        shell.windowTitleChanged.connect(self.setWindowTitle)
        self.setWindowTitle(shell.windowTitle())
        self.stack.addWidget(shell)
        self.stack.setCurrentWidget(shell)
        self._drop_page()
        (shell.focusWidget() or shell.centralWidget()).setFocus(Qt.FocusReason.OtherFocusReason)  # or keys go nowhere
        one.session.resume()
        self.renew_idle(one)
        self.shown.emit(one.name)

    def _commands(self, lock: str) -> list[Command]:
        if lock == "guest":
            return [Command("lock", Text("End the visit"), self.lock, "Ctrl+L", "lock")]
        title = Text("Lock") if lock == "phrase" else Text("Change person")
        return [Command("lock", title, self.lock, "Ctrl+L", "lock"), Command("leave", Text("Close my session"), self.leave, "", "close")]

    @Slot()
    def _on_clipboard_changed(self) -> None:
        self._copied = self.isActiveWindow()

    def _drop_page(self) -> None:
        old, self.page, self._behind = self.page, None, None
        if old is not None:
            old.hide()
            self.stack.removeWidget(old)
            old.deleteLater()
