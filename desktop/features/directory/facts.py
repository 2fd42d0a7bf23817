"""A record's facts in two columns, each with who wrote it and when on hover and focus, and what waits or conflicts; knows no page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QToolTip, QWidget

from desktop.kit import theme
from desktop.kit.buttons import button, icon_button
from desktop.kit.cards import IconLabel, column, row
from desktop.kit.text import Label, Paragraph
from i18n import t

__all__ = ["Fact", "FactsGrid"]

TWO_COLUMNS = 440


@dataclass(frozen=True)
class Fact:
    """One fact: what it is, its value in words, who wrote it when.

    `state` is "" or words such as "Waits for the server"; `settle` words of a conflict, with `on_settle`;
    `copy` what a button copies, as `on_copy(copy)`; `wide` takes the whole width.
    """

    label: str
    value: str
    written: str = ""
    state: str = ""
    settle: str = ""
    on_settle: Callable[[], None] | None = None
    on_copy: Callable[[], None] | None = None
    copy_name: str = ""
    wide: bool = False


class _Cell(QFrame):
    """A fact that can be focused: then, and under the mouse, it says who wrote it."""

    def __init__(self, fact: Fact) -> None:
        super().__init__()
        self.fact = fact
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"{fact.label}: {fact.value}")
        self.setAccessibleDescription(". ".join(part for part in (fact.settle, fact.state, fact.written) if part))
        self.setToolTip(fact.written)
        line = row(self, margin=0, gap=4)
        line.setContentsMargins(theme.px(8), theme.px(6), theme.px(8), theme.px(6))
        words = column(gap=0)
        head = row(gap=6)
        head.addWidget(Label(fact.label, "small"))
        head.addStretch(1)
        words.addLayout(head)
        words.addWidget(Paragraph(fact.value))
        if fact.state:
            state = row(gap=6)
            state.addWidget(IconLabel("waiting", "muted", 16))
            state.addWidget(Label(fact.state, "small", wrap=True), 1)
            words.addLayout(state)
        if fact.settle:
            settle = row()
            settle.addWidget(button(fact.settle, fact.on_settle, kind="attention", icon="settle", name=f"{fact.settle}: {fact.label}"))
            settle.addStretch(1)
            words.addLayout(settle)
        words.addStretch(1)
        line.addLayout(words, 1)
        if fact.on_copy is not None:
            self.copy = icon_button("copy", fact.copy_name or t("Copy"), fact.on_copy, ink="muted")
            line.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()
        if self.fact.written and event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            QToolTip.showText(self.mapToGlobal(QPoint(theme.px(8), self.height())), self.fact.written, self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        QToolTip.hideText()
        self.update()

    def paintEvent(self, _event: object) -> None:
        if not self.hasFocus():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("accent"), 2))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)


class FactsGrid(QWidget):
    """Facts in two columns, in one where it is narrow; `add` may be called again with more of them."""

    def __init__(self, facts: Sequence[Fact] = ()) -> None:
        super().__init__()
        self._cells: list[_Cell] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.px(16))
        self._grid.setVerticalSpacing(theme.px(4))
        self._columns = 2
        self.add(facts)

    def add(self, facts: Sequence[Fact]) -> None:
        """Show these after those that stand."""
        self._cells += [_Cell(fact) for fact in facts]
        self._place()

    @property
    def cells(self) -> list[_Cell]:
        return list(self._cells)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the widest fact: where two do not fit beside one another, they stand in one column."""
        return QSize(self._widest(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = max(theme.px(TWO_COLUMNS), 2 * self._widest() + self._grid.horizontalSpacing())
        columns = 2 if self.width() >= room else 1
        if columns != self._columns:
            self._columns = columns
            self._place()
        self.setMinimumHeight(self._grid.totalHeightForWidth(self.width()))  # cells are never squeezed

    def _widest(self) -> int:
        return max((cell.minimumSizeHint().width() for cell in self._cells if not cell.fact.wide), default=0)

    def _place(self) -> None:
        columns = self._columns
        line = at = 0
        for cell in self._cells:
            wide = cell.fact.wide or columns == 1
            if wide and at:
                line, at = line + 1, 0
            self._grid.addWidget(cell, line, at, 1, columns if wide else 1)
            at += columns if wide else 1
            if at >= columns:
                line, at = line + 1, 0
        for number in range(2):
            self._grid.setColumnStretch(number, 1 if number < columns else 0)
            self._grid.setColumnMinimumWidth(number, 0)
