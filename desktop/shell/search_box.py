"""The one search box: finds anything as one types, and with Ctrl+K any action; knows hits and commands only."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.kit import theme
from desktop.kit.controls import SignLine
from desktop.kit.tasks import Job, Lane, Runner, Task
from desktop.shell.feature import Command, Hit
from desktop.shell.palette import matching
from desktop.shell.results import Results
from i18n import t

__all__ = ["SearchBox"]

SEARCH_AFTER_MS = 60


class SearchBox(SignLine):
    """A line with a list of results under it.

    Arrow keys walk the list, Enter opens, Esc closes and gives the focus back.

    Signals: `hit_chosen(Hit)`; `command_chosen(Command)`.
    """

    hit_chosen = Signal(object)
    command_chosen = Signal(object)

    def __init__(
        self, tasks: Runner, search: Callable[[str], list[Hit]], commands: Callable[[], list[Command]], window: QWidget
    ) -> None:
        """`search(text)` runs on the data lane; `commands()` answers those of the moment; the results
        are drawn inside `window`."""
        super().__init__("search")
        self._tasks, self._search, self._commands = tasks, search, commands
        self._task: Task | None = None
        self._before: QWidget | None = None
        self.is_palette = False
        self.results = Results(window)
        self.results.picked.connect(self._on_results_picked)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(theme.px(620))
        self.setMinimumWidth(theme.px(200))
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(SEARCH_AFTER_MS)
        self._wait.timeout.connect(self._on_wait_timeout)
        self.textEdited.connect(self._on_text_edited)
        window.installEventFilter(self)
        self._show_mode()

    def start_search(self) -> None:
        """Go into the box to search everything."""
        self._enter(palette=False)

    def start_palette(self) -> None:
        """Go into the box to find an action; pressed again, back to searching."""
        self._enter(palette=not (self.is_palette and self.hasFocus()))

    def leave(self) -> None:
        """Close the results, empty the box, give the focus back to where it was."""
        self._stop()
        self.results.hide()
        self.clear()
        self.is_palette = False
        self._show_mode()
        if self._before is not None and self.hasFocus():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._before = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.leave()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.results.isVisible():
            self.results.step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.results.pick()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.results.isVisible():
            self._place()
        elif event.type() == QEvent.Type.MouseButtonPress and self.results.isVisible():
            self.results.hide()
        return super().eventFilter(watched, event)

    def focusOutEvent(self, event: QEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.results.hide()

    def _enter(self, *, palette: bool) -> None:
        if not self.hasFocus():
            self._before = self.window().focusWidget()
        self.is_palette = palette
        self._stop()
        self.clear()
        self._show_mode()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if palette:
            self._show_commands("")
        else:
            self.results.hide()

    def _show_mode(self) -> None:
        words = t("Find an action") if self.is_palette else t("Search everything")
        self.setPlaceholderText(words if self.is_palette else f"{words}   (Ctrl+F)")
        self.setAccessibleName(words)
        self.show_sign("command" if self.is_palette else "search", "accent" if self.is_palette else "muted")

    def _show_commands(self, text: str) -> None:
        self._place()
        self.results.show_commands(matching(self._commands(), text))

    def _stop(self) -> None:
        self._wait.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _place(self) -> None:
        window = self.results.parentWidget()
        corner = self.mapTo(window, QPoint(0, self.height() + theme.px(4)))
        self.results.place(corner, self.width(), window.height() - corner.y() - theme.px(16))

    @Slot(str)
    def _on_text_edited(self, text: str) -> None:
        self._stop()
        if self.is_palette:
            self._show_commands(text)
        elif text.strip():
            self._wait.start()
        else:
            self.results.hide()

    @Slot()
    def _on_wait_timeout(self) -> None:
        text = self.text().strip()
        self._task = self._tasks.run(Lane.DATA, _Question(self._search, text), self._on_found, self._on_failed)

    def _on_found(self, hits: list[Hit]) -> None:
        if self.hasFocus() or not self.window().isActiveWindow():
            self._place()
            self.results.show_hits(hits, self.text().strip())

    def _on_failed(self, error: Exception) -> None:
        self._place()
        self.results.show_failure(str(error))

    @Slot(object)
    def _on_results_picked(self, thing: Hit | Command) -> None:
        self.leave()
        if isinstance(thing, Hit):
            self.hit_chosen.emit(thing)
        else:
            self.command_chosen.emit(thing)


class _Question:
    """One search under way: the text as it was when asked."""

    def __init__(self, search: Callable[[str], list[Hit]], text: str) -> None:
        self._search, self._text = search, text

    def __call__(self, job: Job) -> list[Hit]:
        job.check()
        return self._search(self._text)


