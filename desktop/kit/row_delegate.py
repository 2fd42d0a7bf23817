"""Paints one two-line row: title, the other script beside it, a meta line, a mark; knows no model."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.kit import icons, skeleton, theme
from desktop.kit.text import ONE_LINE, is_rtl, with_isolates
from desktop.kit.tokens import ROW

__all__ = ["ROW_DATA", "RowDelegate"]

ROW_DATA = int(Qt.ItemDataRole.UserRole) + 1
_MARGIN, _ICON, _GAP = 16, 20, 12
_OTHER = 72  # room below which the other script is left out


class RowDelegate(QStyledItemDelegate):
    """Draws what `ROW_DATA` answers: something with title, other, meta, mark and icon, or None."""

    def __init__(self, parent: object = None, height: int = ROW) -> None:
        super().__init__(parent)
        self._height = height
        self._title = theme.font("body", weight=600)
        self._body = theme.font("small")
        self._title_metrics, self._body_metrics = QFontMetrics(self._title), QFontMetrics(self._body)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(theme.px(160), theme.px(self._height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        box, way = option.rect, option.direction
        row = index.data(ROW_DATA)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.save()
        self._ground(painter, box, way, selected, bool(option.state & QStyle.StateFlag.State_MouseOver))
        if row is None:
            skeleton.paint_row(painter, QRectF(box), index.row(), way)
        else:
            self._words(painter, box, way, row)
        if focused and _by_keyboard(option):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(box).adjusted(2, 2, -2, -3), 6, 6)
        painter.restore()

    def _ground(self, painter: QPainter, box: QRect, way: Qt.LayoutDirection, selected: bool, hover: bool) -> None:
        if selected:
            painter.fillRect(box, theme.colour("accent_soft"))
            bar = QRect(box.x(), box.y(), theme.px(4), box.height())
            painter.fillRect(QStyle.visualRect(way, box, bar), theme.colour("accent"))
        elif hover:
            painter.fillRect(box, theme.colour("sunken"))
        painter.fillRect(QRect(box.x(), box.bottom(), box.width(), 1), theme.colour("line"))

    def _words(self, painter: QPainter, box: QRect, way: Qt.LayoutDirection, row: object) -> None:
        px = theme.px
        start, end = box.x() + px(_MARGIN), box.right() + 1 - px(_MARGIN)
        first = QRect(0, box.y() + px(9), 0, px(24))
        second = QRect(0, box.y() + px(33), 0, px(20))
        if not row.meta:  # one line only: in the middle
            first = second = QRect(0, box.y() + (box.height() - px(24)) // 2, 0, px(24))
        if row.icon:
            at = QRect(start, box.y() + (box.height() - px(_ICON)) // 2, px(_ICON), px(_ICON))
            icons.paint(painter, row.icon, QRectF(QStyle.visualRect(way, box, at)), theme.colour("muted"))
            start += px(_ICON + _GAP)
        mark_end = end
        if row.mark is not None:
            mark_end = self._mark(painter, box, way, row.mark, start, end, second)
        end = end if row.meta else mark_end
        width = min(self._title_metrics.horizontalAdvance(row.title) + 2, end - start)
        other = self._body_metrics.horizontalAdvance(row.other) + 2 if row.other else 0
        if end - start - width - px(_GAP) < min(other, px(_OTHER)):  # the title comes first; scraps of the other say nothing
            other = 0
        self._say(painter, box, way, row.title, self._title, "text", first, start, width)
        if other:
            begin = start + width + px(_GAP)
            self._say(painter, box, way, row.other, self._body, "muted", first.translated(0, 1), begin, end - begin)
        if row.meta:
            self._say(painter, box, way, row.meta, self._body, "muted", second, start, mark_end - start)

    def _mark(
        self, painter: QPainter, box: QRect, way: Qt.LayoutDirection, mark: object, start: int, end: int, line: QRect
    ) -> int:
        """Draw the mark at the end of the second line; answers where the room before it ends."""
        px = theme.px
        width = min(self._body_metrics.horizontalAdvance(mark.text) + 2, (end - start) // 2)
        tone = mark.tone or "text"
        self._say(painter, box, way, mark.text, self._body, tone, line, end - width, width)
        begin = end - width
        if mark.icon:
            begin -= px(20)
            at = QRect(begin, line.y() + (line.height() - px(16)) // 2, px(16), px(16))
            icons.paint(painter, mark.icon, QRectF(QStyle.visualRect(way, box, at)), theme.colour(tone))
        return begin - px(_GAP)

    def _say(
        self, painter: QPainter, box: QRect, way: Qt.LayoutDirection, words: str, font: QFont, token: str,
        line: QRect, start: int, width: int,
    ) -> None:
        if width < 12:
            return
        metrics = self._title_metrics if font is self._title else self._body_metrics
        place = QStyle.visualRect(way, box, QRect(start, line.y(), width, line.height()))
        rtl = way == Qt.LayoutDirection.RightToLeft
        painter.setFont(font)
        painter.setPen(theme.colour(token))
        shown = metrics.elidedText(with_isolates(words), Qt.TextElideMode.ElideRight, width)
        if is_rtl(words) != rtl:  # so that its … stands at its own end
            shown = f"\u2068{shown}\u2069"
        painter.drawText(place, ONE_LINE[way], shown)


def _by_keyboard(option: QStyleOptionViewItem) -> bool:
    """A ring is drawn when the list has the focus, so that keyboard users see where they are."""
    return option.widget is not None and option.widget.hasFocus()
