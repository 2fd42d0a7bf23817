"""The list of notes under its search line, read again when notes change; knows no open note, only which id is lit."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desktop.features.notes.shelf import Entry, Shelf
from desktop.features.notes.words import row_of
from desktop.features.notes.work import List
from desktop.kit import theme
from desktop.kit.buttons import button
from desktop.kit.cards import column, row, rule
from desktop.kit.controls import SignLine
from desktop.kit.lists import RowList
from desktop.kit.states import States
from desktop.kit.tasks import Lane, Task
from desktop.kit.text import Label
from desktop.shell.feature import Context
from i18n import t, tn

__all__ = ["ListPane"]

WAIT_MS = 120  # after the last letter


class ListPane(QWidget):
    """Signals: `chosen(id)`; `opened(id)`; `new_requested()`; `read()` after each reading.

    Attributes: `list`, `search`, `states`, `new`; `lit`, the id of the row that is to be chosen.
    """

    chosen = Signal(str)
    opened = Signal(str)
    new_requested = Signal()
    read = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._shelf = Shelf(context.workspace)
        self._reading: Task | None = None
        self._written: set[str] | None = set()  # ids since the last reading; None when it may have been any
        self.lit = ""
        body = column(self, gap=0)
        head = QWidget()
        lines = column(head, gap=12)
        lines.setContentsMargins(theme.px(16), theme.px(16), theme.px(16), theme.px(12))
        top = row(gap=8)
        words = column(gap=0)
        words.addWidget(Label(t("Notes"), "page"))
        self._count = Label("", "small")
        words.addWidget(self._count)
        top.addLayout(words, 1)
        self.new = button(t("New note"), self.new_requested.emit, kind="primary", icon="add")
        top.addWidget(self.new, 0, Qt.AlignmentFlag.AlignTop)
        lines.addLayout(top)
        self.search = _Search()
        self.search.setPlaceholderText(t("Search my notes"))
        self.search.setAccessibleName(t("Search my notes"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._on_search_changed)
        self.search.down.connect(self._on_search_down)
        lines.addWidget(self.search)
        body.addWidget(head)
        body.addWidget(rule())
        self.list = RowList(t("Notes"))
        self.list.chosen.connect(self.chosen)
        self.list.opened.connect(self.opened)
        self.list.clicked.connect(self._on_list_clicked)
        self.states = States(self.list)
        body.addWidget(self.states, 1)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT_MS)
        self._wait.timeout.connect(self._on_wait_timeout)

    @property
    def typed(self) -> str:
        """What is searched for."""
        return self.search.text().strip()

    @property
    def is_bare(self) -> bool:
        """Whether there is no note at all."""
        return self.states.showing == "empty" and not self.typed

    def light(self, id: str) -> None:
        """Let the row of this note be chosen, now or when it comes."""
        self.lit = id
        if not self.list.choose(id):
            self.list.setCurrentIndex(QModelIndex())

    def refresh(self, ids: frozenset[str] | None = frozenset()) -> None:
        """Read again; `ids` were written since, none of them known when None."""
        self._written = None if ids is None or self._written is None else self._written | ids
        if self._reading is not None:
            self._reading.cancel()
        changed = frozenset(self._written) if self._written is not None else None
        if not self.list.rows.rowCount() and self.states.showing == "content":
            self.states.show_loading()
        self._reading = self._context.tasks.run(Lane.DATA, List(self._shelf, self.typed, changed), self._on_read, self._on_not_read)

    def _on_read(self, answer: tuple[str, list[Entry]]) -> None:
        typed, entries = answer
        if typed == self.typed:
            self._written = set()
            self._show_entries(entries)
            self.read.emit()

    def _on_not_read(self, error: Exception) -> None:
        self.states.show_failed(str(error), self.refresh, t("The notes could not be read"))

    def _show_entries(self, entries: list[Entry]) -> None:
        """Show these rows, and stay where one was reading."""
        place = self.list.verticalScrollBar().value()
        now = self._context.workspace.clock()
        self.list.rows.set_rows([row_of(one, now) for one in entries])
        self._count.setText(tn("{n} note", "{n} notes", len(entries)) if entries else "")
        if entries:
            self.states.show_content()
        elif self.typed:
            self.states.show_empty(t("No note has these words"), t("Write fewer words, or another spelling."), t("Show all notes"), self.search.clear,
                                   icon="search")
        else:
            self.states.show_empty(t("No note yet"), t("What you write here is yours alone."), icon="note")
        if self.list.choose(self.lit):
            self.list.verticalScrollBar().setValue(place)
            self.list.scrollTo(self.list.currentIndex())

    @Slot()
    def _on_search_changed(self) -> None:
        self._wait.start()

    @Slot()
    def _on_wait_timeout(self) -> None:
        self.refresh()

    @Slot()
    def _on_list_clicked(self) -> None:
        self.chosen.emit(self.list.chosen_id())

    @Slot()
    def _on_search_down(self) -> None:
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self.list.currentIndex().isValid() and self.list.rows.rowCount():
            self.list.setCurrentIndex(self.list.rows.index(0))


class _Search(SignLine):
    """Signals: `down()` when one goes from it into the list."""

    down = Signal()

    def __init__(self) -> None:
        super().__init__("search")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.down.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)
