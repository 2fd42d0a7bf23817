"""The word "Dalil" with its sign, at the head of the rail."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from desktop.kit import theme
from i18n import direction

__all__ = ["Wordmark", "app_icon", "paint_sign"]


def paint_sign(painter: QPainter, box: QRectF, ground: QColor, ink: QColor) -> None:
    """The sign: a way point on a path, white on a rounded square. It is not mirrored."""
    unit = box.width() / 32
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, 8 * unit, 8 * unit)
    painter.translate(box.topLeft())
    painter.scale(unit, unit)
    way = QPainterPath(QPointF(7, 23))
    way.cubicTo(QPointF(13, 23), QPointF(12, 15.5), QPointF(17, 15.5))
    way.cubicTo(QPointF(20, 15.5), QPointF(20.5, 13.5), QPointF(21.5, 12.2))
    pen = QPen(ink, 2.6)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(way)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawEllipse(QPointF(23.2, 9.6), 3.1, 3.1)
    painter.drawEllipse(QPointF(7.4, 23), 2.1, 2.1)
    painter.restore()


def app_icon() -> QIcon:
    """The sign as the window's icon."""
    made = QIcon()
    for size in (16, 32, 48, 128, 256):
        picture = QPixmap(size, size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        paint_sign(painter, QRectF(0, 0, size, size), QColor("#0B6E75"), QColor("#FFFFFF"))
        painter.end()
        made.addPixmap(picture)
    return made


class Wordmark(QWidget):
    """Sign and name; the sign alone when the rail is narrow."""

    def __init__(self) -> None:
        super().__init__()
        self._narrow = False
        self.setAccessibleName("Dalil")
        self.setFixedHeight(theme.px(56))

    def set_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(48), theme.px(56))

    def paintEvent(self, _event: object) -> None:
        px = theme.px
        painter = QPainter(self)
        size = px(30)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        start = (self.width() - size) / 2 if self._narrow else px(9)
        x = self.width() - start - size if rtl else start
        top = (self.height() - size) / 2
        paint_sign(painter, QRectF(x, top, size, size), theme.colour("accent"), theme.colour("on_accent"))
        if self._narrow:
            return
        gap = size + px(20)
        room = QRectF(0 if rtl else gap, 0, self.width() - gap, self.height())
        painter.setFont(theme.font("title", weight=600))
        painter.setPen(theme.colour("text"))
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        name = "دليل" if direction() == "rtl" else "Dalil"
        painter.drawText(room, int((side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter).value), name)
