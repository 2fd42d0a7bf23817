"""Qt controls whose small marks (arrow, tick) are drawn with our icons, so that they mirror and scale."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QListView, QStyle, QStyleOptionButton

from desktop.kit import icons, theme

__all__ = ["CheckBox", "ComboBox", "SignLine"]


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
    """A tick box; a dash stands for some of several."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.isChecked():
            option = QStyleOptionButton()
            self.initStyleOption(option)
            box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
            name = "check" if self.checkState() == Qt.CheckState.Checked else "zoom_out"
            icons.paint(QPainter(self), name, QRectF(box).adjusted(3, 3, -3, -3), theme.colour("on_accent"))


class SignLine(QLineEdit):
    """A line with an icon at its start; drawn, because Qt's own would be a button without a name."""

    def __init__(self, icon: str, token: str = "muted") -> None:
        super().__init__()
        self._sign, self._token = icon, token
        self._make_room()

    def show_sign(self, icon: str, token: str = "muted") -> None:
        """Show another icon."""
        self._sign, self._token = icon, token
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._make_room()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        size = theme.px(18)
        start = self.width() - theme.px(12) - size if self._is_rtl() else theme.px(12)
        box = QRectF(start, (self.height() - size) / 2, size, size)
        icons.paint(QPainter(self), self._sign, box, theme.colour(self._token))

    def _make_room(self) -> None:
        room = theme.px(26)
        self.setTextMargins(0 if self._is_rtl() else room, 0, room if self._is_rtl() else 0, 0)

    def _is_rtl(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft
