"""Qt controls whose small marks (arrow, tick) are drawn with our icons, so that they mirror and scale."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QListView, QStyle, QStyleOptionButton

from desktop.kit import icons, theme

__all__ = ["CheckBox", "ComboBox"]


class ComboBox(QComboBox):
    """A choice that opens; the wheel does not change it by accident while a form scrolls."""

    def __init__(self) -> None:
        super().__init__()
        self.setView(QListView())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setMinimumWidth(theme.px(96))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        size = theme.px(16)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        start = theme.px(10) if rtl else self.width() - theme.px(10) - size
        box = QRectF(start, (self.height() - size) / 2, size, size)
        icons.paint(QPainter(self), "arrow_down", box, theme.colour("muted"))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class CheckBox(QCheckBox):
    """A tick box."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.isChecked():
            option = QStyleOptionButton()
            self.initStyleOption(option)
            box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
            icons.paint(QPainter(self), "check", QRectF(box).adjusted(3, 3, -3, -3), theme.colour("on_accent"))
