"""The rail at the start side: the features, and at its foot the person and the preferences."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QSizePolicy

from desktop.kit import icons, theme
from desktop.kit.cards import column
from desktop.kit.tokens import RAIL, RAIL_NARROW
from desktop.shell.mark import Wordmark

__all__ = ["Rail", "RailItem"]


class RailItem(QAbstractButton):
    """One destination: icon and word; the icon alone when the rail is narrow, its word then a tool tip."""

    def __init__(self, key: str, icon: str, title: str) -> None:
        super().__init__()
        self.key = key
        self._icon = icon
        self.setText(title)
        self.setAccessibleName(title)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.is_narrow = False

    def set_narrow(self, narrow: bool) -> None:
        self.is_narrow = narrow
        self.setToolTip(self.text() if narrow else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(48), theme.px(44))

    def paintEvent(self, _event: object) -> None:
        px = theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        ground = "accent_soft" if self.isChecked() else "line" if self.underMouse() else ""
        painter.setPen(QPen(theme.colour("accent"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(ground) if ground else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, px(8), px(8))
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        ink = theme.colour("accent" if self.isChecked() else "text")
        size, gap = px(22), px(13)
        start = (self.width() - size) / 2 if self.is_narrow else gap
        x = self.width() - start - size if rtl else start
        icons.paint(painter, self._icon, QRectF(x, (self.height() - size) / 2, size, size), ink)
        if not self.is_narrow:
            room = QRectF(start + size + gap, 0, self.width() - start - size - 2 * gap, self.height())
            if rtl:
                room.moveLeft(gap)
            painter.setFont(theme.font("body", weight=600 if self.isChecked() else 400))
            painter.setPen(ink)
            side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
            flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
            words = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, int(room.width()))
            painter.drawText(room, int(flags.value), words)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class Rail(QFrame):
    """Destinations one below another.

    Signals: `chosen(str)` with the destination's id when a person chooses it.
    """

    chosen = Signal(str)

    def __init__(self, top: Sequence[tuple[str, str, str]], foot: Sequence[tuple[str, str, str]], name: str) -> None:
        """`top` and `foot`: (id, icon, title) each; `name` for screen readers."""
        super().__init__()
        self.setProperty("part", "rail")
        self.setAccessibleName(name)
        body = column(self, margin=8, gap=4)
        self._mark = Wordmark()
        body.addWidget(self._mark)
        body.addSpacing(theme.px(8))
        self._group = QButtonGroup(self)
        self._items: dict[str, RailItem] = {}
        for part in (top, foot):
            for key, icon, title in part:
                item = RailItem(key, icon, title)
                self._group.addButton(item)
                self._items[key] = item
                body.addWidget(item)
            if part is top:
                body.addStretch(1)
        self._group.buttonClicked.connect(self._on_group_button_clicked)
        self.set_narrow(False)

    def set_narrow(self, narrow: bool) -> None:
        """Icons only, or icons with words."""
        self.setFixedWidth(theme.px(RAIL_NARROW if narrow else RAIL))
        self._mark.set_narrow(narrow)
        for item in self._items.values():
            item.set_narrow(narrow)

    def show_chosen(self, key: str) -> None:
        """Mark the destination that is in sight, without a signal; none when it is not in the rail."""
        if key in self._items:
            self._items[key].setChecked(True)
        elif self._group.checkedButton() is not None:
            self._group.setExclusive(False)
            self._group.checkedButton().setChecked(False)
            self._group.setExclusive(True)

    def item(self, key: str) -> RailItem:
        """The item of a destination."""
        return self._items[key]

    @Slot(QAbstractButton)
    def _on_group_button_clicked(self, item: RailItem) -> None:
        self.chosen.emit(item.key)
