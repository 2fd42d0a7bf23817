"""Cards in as many columns as there is room for, drawn one by one so that thousands stay quick; knows cards, not records."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPen, QPixmap, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.kit import icons, theme
from desktop.kit.lists import Row, RowsModel
from desktop.kit.row_delegate import ROW_DATA
from desktop.kit.slices import Slices
from desktop.kit.text import ONE_LINE, is_rtl, with_isolates
from i18n import Text

__all__ = ["Card", "CardGrid"]

_HEIGHT, _GAP, _PAD, _BADGE, _LEAST = 168, 12, 16, 40, 284
_KEPT = 64  # pictures of cards, of 200 kB each on an ordinary screen
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Card(Row):
    """A row drawn as a card: title on two lines, `meta` under it, `mark` at the foot and `note` at its end."""

    note: str = ""

    def spoken(self) -> str:
        return ", ".join(part for part in (super().spoken(), self.note) if part)


class CardGrid(QListView):
    """The cards.

    Signals: `opened(str)` on Enter or a click.
    """

    opened = Signal(str)

    def __init__(self, name: str | Text) -> None:
        super().__init__()
        self.setAccessibleName(str(name))
        self.rows = RowsModel(self)
        self.setModel(self.rows)
        self._delegate = _CardDelegate(self)
        self.setItemDelegate(self._delegate)
        self._slices = Slices(self)
        self._slices.ended.connect(self._on_slices_ended)
        self.rows.modelReset.connect(self._draw_ahead)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.verticalScrollBar().setSingleStep(theme.px(32))
        self.clicked.connect(self._on_clicked)

    def chosen_id(self) -> str:
        """Id of the current card, or ""."""
        row = self.rows.row_at(self.currentIndex().row()) if self.currentIndex().isValid() else None
        return row.id if row else ""

    def choose(self, card_id: str) -> None:
        """Make that card current and bring it into sight."""
        place = self.rows.position(card_id)
        if place >= 0:
            self.setCurrentIndex(self.rows.index(place))

    def columns(self) -> int:
        """How many cards stand side by side."""
        return max(1, self._room() // theme.px(_LEAST))

    def _room(self) -> int:
        """The width for cards: that of the scroll bar stays free even when there is none, so that nothing jumps."""
        return self.width() - self.verticalScrollBar().sizeHint().width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._share_width()
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._on_clicked(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _share_width(self) -> None:
        size = QSize(self._room() // self.columns(), theme.px(_HEIGHT + _GAP))
        if size != self.gridSize():
            self.setGridSize(size)
            self._draw_ahead()

    @Slot()
    def _draw_ahead(self) -> None:
        """Draw the cards that will be in sight, a few a turn; what is in sight stays until then."""
        size = self.gridSize()
        if not size.isValid() or not self.isVisible():
            return
        self.viewport().setUpdatesEnabled(False)
        first = self.verticalScrollBar().value() // size.height() * self.columns()
        count = (self.height() // size.height() + 2) * self.columns()
        self._slices.begin([_Ahead(self, place) for place in range(first, min(first + count, self.rows.rowCount()))] or [self.update])

    def draw(self, place: int) -> None:
        """Have the card at `place` drawn before it is asked for."""
        if place < self.rows.rowCount():
            size = self.gridSize() - QSize(theme.px(_GAP), theme.px(_GAP))
            self._delegate.drawn(self.rows.row_at(place), size, self.layoutDirection())

    @Slot()
    def _on_slices_ended(self) -> None:
        self.viewport().setUpdatesEnabled(True)

    @Slot(QModelIndex)
    def _on_clicked(self, index: Index) -> None:
        row = self.rows.row_at(index.row())
        if row is not None:
            self.opened.emit(row.id)


class _Ahead:
    def __init__(self, grid: CardGrid, place: int) -> None:
        self._grid, self._place = grid, place

    def __call__(self) -> None:
        self._grid.draw(self._place)


class _CardDelegate(QStyledItemDelegate):
    """Draws one card."""

    def __init__(self, parent: CardGrid) -> None:
        super().__init__(parent)
        self._grid = parent
        self._title, self._small = theme.font("body", weight=600), theme.font("small")
        self._small_metrics = QFontMetrics(self._small)
        self._drawn: dict[tuple[object, ...], QPixmap] = {}

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return self._grid.gridSize() if self._grid.gridSize().isValid() else QSize(theme.px(_LEAST), theme.px(_HEIGHT + _GAP))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        card, way, px = index.data(ROW_DATA), option.direction, theme.px
        box = option.rect.adjusted(0, 0, -px(_GAP), -px(_GAP))
        if way == Qt.LayoutDirection.RightToLeft:
            box.translate(px(_GAP), 0)
        painter.drawPixmap(box.topLeft(), self.drawn(card, box.size(), way))
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus) and self._grid.hasFocus()
        if focused or option.state & QStyle.StateFlag.State_MouseOver:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("accent"), 2.0 if focused else 1.0))
            painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), px(10), px(10))
            painter.restore()

    def drawn(self, card: Card | None, size: QSize, way: Qt.LayoutDirection) -> QPixmap:
        """A card as a picture, drawn once for its size and direction: scrolling and hovering only copy it."""
        ratio = self._grid.devicePixelRatioF()
        key = (card, size.width(), size.height(), way, ratio)
        found = self._drawn.get(key)
        if found is None:
            if len(self._drawn) >= _KEPT:
                self._drawn.clear()
            found = self._drawn[key] = QPixmap(size * ratio)
            found.setDevicePixelRatio(ratio)
            found.fill(Qt.GlobalColor.transparent)
            painter = QPainter(found)
            self._draw(painter, QRect(QPoint(0, 0), size), way, card)
            painter.end()
        return found

    def _draw(self, painter: QPainter, box: QRect, way: Qt.LayoutDirection, card: Card | None) -> None:
        px = theme.px
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("line"), 1.0))
        painter.setBrush(theme.colour("raised"))
        painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), px(10), px(10))
        if card is None:
            self._ghost(painter, box, way)
        else:
            self._words(painter, box.adjusted(px(_PAD), px(_PAD), -px(_PAD), -px(_PAD)), way, card)

    def _ghost(self, painter: QPainter, box: QRect, way: Qt.LayoutDirection) -> None:
        px = theme.px
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("line"))
        for top, width in ((px(_PAD), px(_BADGE)), (px(72), box.width() // 2), (px(96), box.width() // 3)):
            bar = QRect(box.x() + px(_PAD), box.y() + top, width, px(40 if width == px(_BADGE) else 10))
            painter.drawRoundedRect(QRectF(QStyle.visualRect(way, box, bar)), 5, 5)

    def _words(self, painter: QPainter, inner: QRect, way: Qt.LayoutDirection, card: Card) -> None:
        px = theme.px
        badge = QRect(inner.x(), inner.y(), px(_BADGE), px(_BADGE))
        place = QRectF(QStyle.visualRect(way, inner, badge))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent_soft"))
        painter.drawRoundedRect(place, px(10), px(10))
        gap = px(_BADGE - 22) / 2
        icons.paint(painter, card.icon, place.adjusted(gap, gap, -gap, -gap), theme.colour("accent"))
        beside = QRect(inner.x() + px(_BADGE + 12), inner.y(), inner.width() - px(_BADGE + 12), px(52))
        used = self._title_lines(painter, inner, beside, way, card.title)
        meta = QRect(beside.x(), inner.y() + used + px(4), beside.width(), px(20))
        self._line(painter, inner, meta, way, card.meta, "muted")
        if card.other:
            self._line(painter, inner, meta.translated(0, px(22)), way, card.other, "muted")
        self._foot(painter, inner, way, card)

    def _title_lines(self, painter: QPainter, inner: QRect, box: QRect, way: Qt.LayoutDirection, words: str) -> int:
        """Draw the title on at most two lines, from the start side; answers the height used."""
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        option.setTextDirection(Qt.LayoutDirection.RightToLeft if is_rtl(words) else Qt.LayoutDirection.LeftToRight)
        metrics = QFontMetrics(self._title)
        high = round(metrics.height() * 0.98)
        shaped = QTextLayout(words, self._title)
        shaped.setTextOption(option)
        shaped.beginLayout()
        pieces: list[str] = []
        while len(pieces) < 2:
            line = shaped.createLine()
            if not line.isValid():
                break
            line.setLineWidth(box.width())
            piece = words[line.textStart() : line.textStart() + line.textLength()]
            last = len(pieces) == 1 and line.textStart() + line.textLength() < len(words)
            pieces.append(metrics.elidedText(words[line.textStart() :], Qt.TextElideMode.ElideRight, box.width()) if last else piece.rstrip())
        shaped.endLayout()
        painter.setFont(self._title)
        for number, piece in enumerate(pieces):
            self._say(painter, inner, QRect(box.x(), box.y() + number * high, box.width(), high), way, piece, "text")
        return high * len(pieces)

    def _line(self, painter: QPainter, inner: QRect, box: QRect, way: Qt.LayoutDirection, words: str, token: str) -> None:
        painter.setFont(self._small)
        shown = self._small_metrics.elidedText(with_isolates(words), Qt.TextElideMode.ElideRight, box.width())
        self._say(painter, inner, box, way, shown, token)

    def _foot(self, painter: QPainter, inner: QRect, way: Qt.LayoutDirection, card: Card) -> None:
        px = theme.px
        line = QRect(inner.x(), inner.bottom() - px(21), inner.width(), px(22))
        painter.fillRect(QRect(inner.x(), line.y() - px(9), inner.width(), 1), theme.colour("line"))
        start = line.x()
        painter.setFont(self._small)
        note = min(self._small_metrics.horizontalAdvance(card.note) + 2, line.width() // 2)
        room = line.width() - note - px(8)
        if card.mark is not None:
            if card.mark.icon:
                at = QRectF(QStyle.visualRect(way, inner, QRect(start, line.y() + px(3), px(16), px(16))))
                icons.paint(painter, card.mark.icon, at, theme.colour(card.mark.tone))
                start, room = start + px(22), room - px(22)
            self._line(painter, inner, QRect(start, line.y(), room, line.height()), way, card.mark.text, card.mark.tone)
        if card.note:
            self._line(painter, inner, QRect(line.right() + 1 - note, line.y(), note, line.height()), way, card.note, "muted")

    def _say(self, painter: QPainter, inner: QRect, box: QRect, way: Qt.LayoutDirection, words: str, token: str) -> None:
        rtl = way == Qt.LayoutDirection.RightToLeft
        painter.setPen(theme.colour(token))
        shown = f"\u2068{words}\u2069" if is_rtl(words) != rtl else words
        painter.drawText(QStyle.visualRect(way, inner, box), ONE_LINE[way], shown)
