"""A list of two-line rows that stays quick with 100,000 of them; knows rows, not records.

Rows come all at once (`set_rows`) or page by page as they come into sight (`set_source`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from desktop.kit import theme
from desktop.kit.row_delegate import ROW_DATA, RowDelegate
from desktop.kit.tokens import ROW
from i18n import Text, t

__all__ = ["Mark", "Row", "RowList", "RowsModel"]

PAGE = 64
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Mark:
    """A state at the end of a row: icon and words in a tone (good, attention, problem, accent, muted)."""

    text: str
    tone: str = "muted"
    icon: str = ""


@dataclass(frozen=True)
class Row:
    """One row. `other` is the title in the other script, small beside it; `icon` stands at the start."""

    id: str
    title: str
    other: str = ""
    meta: str = ""
    mark: Mark | None = None
    icon: str = ""

    def spoken(self) -> str:
        """The row in one breath, for screen readers."""
        parts = (self.title, self.other, self.meta, self.mark.text if self.mark else "")
        return ", ".join(part for part in parts if part)


class RowsModel(QAbstractListModel):
    """Rows by position. A row that has not come yet is None and drawn as a ghost."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row | None] = []
        self._ask: Callable[[int, int], None] | None = None
        self._asked: set[int] = set()

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show exactly these rows."""
        self.beginResetModel()
        self._rows, self._ask, self._asked = list(rows), None, set()
        self.endResetModel()

    def set_source(self, total: int, ask: Callable[[int, int], None]) -> None:
        """Show `total` rows; `ask(offset, limit)` is called when rows come into sight, once a page.

        Whoever is asked answers with `put(offset, rows)`, now or later.
        """
        self.beginResetModel()
        self._rows, self._ask, self._asked = [None] * total, ask, set()
        self.endResetModel()

    def put(self, offset: int, rows: Sequence[Row]) -> None:
        """Rows have come: they stand from `offset` on. What lies beyond the total is dropped."""
        rows = list(rows)[: max(0, len(self._rows) - offset)]
        if not rows:
            return
        self._rows[offset : offset + len(rows)] = rows
        self.dataChanged.emit(self.index(offset), self.index(offset + len(rows) - 1))

    def replace(self, row: Row) -> bool:
        """Redraw the row of that id if it is loaded."""
        place = self.position(row.id)
        if place < 0:
            return False
        self._rows[place] = row
        self.dataChanged.emit(self.index(place), self.index(place))
        return True

    def position(self, row_id: str) -> int:
        """Where the row of that id stands among those loaded; -1 if it is not."""
        return next((n for n, row in enumerate(self._rows) if row is not None and row.id == row_id), -1)

    def row_at(self, place: int) -> Row | None:
        """The row at `place`, asking for its page if it has not come."""
        row = self._rows[place]
        if row is None and self._ask is not None:
            page = place // PAGE
            if page not in self._asked:
                self._asked.add(page)
                self._ask(page * PAGE, PAGE)
                row = self._rows[place] if place < len(self._rows) else None
        return row

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        if role == ROW_DATA:
            return self.row_at(index.row())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            row = self._rows[index.row()]
            if row is None:
                return t("Loading…")
            return row.title if role == Qt.ItemDataRole.DisplayRole else row.spoken()
        return None


class RowList(QListView):
    """The list itself.

    Signals: `chosen(str)` when the current row changes (keyboard or click); `opened(str)` on Enter
    or double click.
    """

    chosen = Signal(str)
    opened = Signal(str)

    def __init__(self, name: str | Text, parent: QWidget | None = None, *, row_height: int = ROW) -> None:
        """`name` says to screen readers what is listed; `row_height` in pixels at 100 %."""
        super().__init__(parent)
        self.setAccessibleName(str(name))
        self.rows = RowsModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(RowDelegate(self, row_height))
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(theme.px(24))
        self.doubleClicked.connect(self._on_double_clicked)
        self._silent = False

    def chosen_id(self) -> str:
        """Id of the current row, or ""."""
        row = self._row(self.currentIndex())
        return row.id if row else ""

    def choose(self, row_id: str) -> bool:
        """Make the row of that id current and bring it into sight, without a signal."""
        place = self.rows.position(row_id)
        if place < 0:
            return False
        self._silent = True
        self.setCurrentIndex(self.rows.index(place))
        self._silent = False
        return True

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        row = self._row(current)
        if row is not None and not self._silent:
            self.chosen.emit(row.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._on_double_clicked(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _row(self, index: Index) -> Row | None:
        return self.rows.row_at(index.row()) if index.isValid() else None

    @Slot(QModelIndex)
    def _on_double_clicked(self, index: Index) -> None:
        row = self._row(index)
        if row is not None:
            self.opened.emit(row.id)
