"""The list under the search box: hits or actions, walked from the box; knows no search."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QWidget

from desktop.kit import theme
from desktop.kit.cards import column
from desktop.kit.lists import Mark, Row, RowList
from desktop.kit.row_delegate import RowDelegate
from desktop.kit.text import Label, keep_ltr
from desktop.kit.tokens import ROW, TARGET
from desktop.shell.feature import Command, Hit
from i18n import t

__all__ = ["Results"]

MOST = 50  # more than anyone walks through; the features' own pages show all


class Results(QFrame):
    """Drawn over the page, never taking the focus.

    Signals: `picked(Hit | Command)`.
    """

    picked = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setProperty("part", "popup")
        self.setAccessibleName(t("Results"))
        self.hide()
        self._room = 400
        self._things: list[Hit | Command] = []
        body = column(self, margin=6, gap=0)
        self._list = RowList(t("Results"))
        self._high = ROW
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.clicked.connect(self._on_list_clicked)
        self._list.setProperty("part", "results")
        body.addWidget(self._list)
        self._note = Label("", "muted", wrap=True)
        self._note.setMargin(theme.px(12))
        body.addWidget(self._note)

    def place(self, corner: QPoint, width: int, room: int) -> None:
        """Stand under the box at `corner`, at most `room` pixels high."""
        self._room = room
        self.setFixedWidth(max(width, theme.px(320)))
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self.move(corner.x() + (width - self.width() if rtl else 0), corner.y())

    def show_hits(self, hits: list[Hit], text: str) -> None:
        """Show what was found for `text`."""
        self._things = list(hits[:MOST])
        rows = [Row(str(n), hit.title, hit.other, hit.meta, None, hit.icon) for n, hit in enumerate(self._things)]
        self._set_height(ROW)
        self._show(rows, t("Nothing found for “{text}”. Try fewer letters or another spelling.", text=text))

    def show_commands(self, commands: list[Command]) -> None:
        """Show actions, with their keys at the end."""
        self._things = list(commands)
        rows = [
            Row(str(n), str(c.title), "", "", _keys(c), c.icon) for n, c in enumerate(commands)
        ]
        self._set_height(TARGET + 4)
        self._show(rows, t("No action has these words."))

    def show_failure(self, words: str) -> None:
        """Say why nothing could be searched."""
        self._things = []
        self._show([], words)

    def step(self, by: int) -> None:
        """Go up or down, round the ends."""
        total = len(self._things)
        if total:
            self._go((self._list.currentIndex().row() + by) % total)

    def pick(self) -> None:
        """Choose what is current, if the list is in sight."""
        if self.isVisible() and self._list.currentIndex().isValid() and self._things:
            self.picked.emit(self._things[self._list.currentIndex().row()])

    @property
    def things(self) -> list[Hit | Command]:
        """What is in the list."""
        return list(self._things)

    @property
    def current(self) -> int:
        """Position of the current row."""
        return self._list.currentIndex().row()

    def _show(self, rows: list[Row], nothing: str) -> None:
        self._list.rows.set_rows(rows)
        self._list.setVisible(bool(rows))
        self._note.setVisible(not rows)
        self._note.setText(nothing)
        if rows:
            self._go(0)
            high = min(len(rows), 10) * theme.px(self._high)
            self._list.setFixedHeight(min(high, self._room - 2 * theme.px(6) - 2))
            self.setFixedHeight(self._list.height() + 2 * theme.px(6) + 2)
        else:
            self.setFixedHeight(self._note.heightForWidth(self.width() - 16) + theme.px(16))
        self.show()
        self.raise_()

    def _set_height(self, height: int) -> None:
        if height != self._high:
            self._high = height
            self._list.setItemDelegate(RowDelegate(self._list, height))

    def _go(self, place: int) -> None:
        self._list.setCurrentIndex(self._list.rows.index(place))
        if place < len(self._things):
            self.setAccessibleDescription(self._list.rows.row_at(place).spoken())

    @Slot(QModelIndex)
    def _on_list_clicked(self, index: QModelIndex) -> None:
        self.picked.emit(self._things[index.row()])


def _keys(command: Command) -> Mark | None:
    if not command.keys:
        return None
    return Mark(keep_ltr(QKeySequence(command.keys).toString(QKeySequence.SequenceFormat.NativeText)))
