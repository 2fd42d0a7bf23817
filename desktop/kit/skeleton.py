"""Grey shapes that stand where content will come; still, so that old screens stay calm."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QWidget

from desktop.kit import theme
from desktop.kit.tokens import ROW

__all__ = ["Skeleton", "paint_row"]

_WIDTHS = (0.62, 0.48, 0.71, 0.55, 0.66, 0.43)


def paint_row(painter: QPainter, box: QRectF, number: int, way: Qt.LayoutDirection) -> None:
    """The ghost of one two-line row in `box`; `number` varies the widths."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("line"))
    width = box.width() - theme.px(32)
    share = _WIDTHS[number % len(_WIDTHS)]
    for top, height, part in ((0.26, 12, share), (0.60, 9, share * 0.62)):
        bar = QRectF(box.x() + theme.px(16), box.y() + box.height() * top, width * part, theme.px(height))
        bar = QRectF(QStyle.visualRect(way, box.toRect(), bar.toRect()))
        painter.drawRoundedRect(bar, 4, 4)
    painter.restore()


class Skeleton(QWidget):
    """A page full of ghost rows."""

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        high = theme.px(ROW)
        for number in range(min(8, self.height() // high)):
            paint_row(painter, QRectF(0, number * high, self.width(), high), number, self.layoutDirection())
