"""Large numbers that open the place they count; knows no record."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QEnterEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from desktop.kit import theme
from desktop.kit.cards import Card, column, row, rule
from desktop.kit.text import Label
from i18n import Text
from i18n.values import number

__all__ = ["Numbers"]


class Numbers(Card):
    """Numbers side by side; each is `(count, words, act)`."""

    def __init__(self, name: str | Text, counts: Sequence[tuple[int, str, Callable[[], None]]]) -> None:
        super().__init__(margin=4, gap=0)
        self.setAccessibleName(str(name))
        line = row(gap=0)
        for place, (count, words, act) in enumerate(counts):
            if place:
                bar = rule(upright=True)
                line.addWidget(bar)
            line.addWidget(_Number(count, words, act), 1)
        self.body.addLayout(line)


class _Number(QAbstractButton):
    def __init__(self, count: int, words: str, act: Callable[[], None]) -> None:
        super().__init__()
        self._act = act
        self.setAccessibleName(f"{number(count)} {words}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        body = column(self, margin=12, gap=0)
        figure, label = Label(number(count), "number"), Label(words, "muted", wrap=True)
        figure.setFont(theme.font("number", weight=600, tabular=True))
        for widget in (figure, label):
            widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            body.addWidget(widget)
        self.clicked.connect(self._on_clicked)

    def sizeHint(self) -> QSize:
        return self.layout().sizeHint()

    def paintEvent(self, _event: object) -> None:
        if self.underMouse() or self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("accent"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_soft") if self.underMouse() else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(2, 2, -2, -2), theme.px(8), theme.px(8))

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    @Slot()
    def _on_clicked(self) -> None:
        self._act()
