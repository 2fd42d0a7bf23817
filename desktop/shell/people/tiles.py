"""Tiles of the first screen: a guest, a person, somebody new; knows names only, nothing of any vault."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFont, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from desktop.kit import icons, theme
from desktop.kit.cards import column
from desktop.kit.text import Label, is_rtl, isolate
from i18n import Text

__all__ = ["WIDE", "Badge", "Tile", "initials"]

WIDE, HIGH = 208, 204  # pixels at 100 %


def initials(name: str) -> str:
    """One or two letters that stand for a name; Arabic letters are not joined to each other."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return name[:1].upper()
    found = words[0][:1] if len(words) == 1 else words[0][0] + words[-1][0]
    return ("\u200c\u2009" if is_rtl(found) else "").join(found).upper()


class Badge(QWidget):
    """A round ground with initials, or with an icon."""

    def __init__(self, words: str = "", icon: str = "", size: int = 72) -> None:
        super().__init__()
        self._words, self._icon, self._size = words, icon, size
        self.setFixedSize(theme.px(size), theme.px(size))

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent_soft"))
        painter.drawEllipse(self.rect())
        if self._icon:
            size = theme.px(self._size * 0.44)
            gap = (self.width() - size) / 2
            icons.paint(painter, self._icon, QRectF(gap, gap, size, size), theme.colour("accent"))
            return
        face = QFont(theme.font("page", weight=600))
        face.setPixelSize(theme.px(self._size * 0.36))
        painter.setFont(face)
        painter.setPen(theme.colour("accent"))
        painter.drawText(QRectF(self.rect()), int(Qt.AlignmentFlag.AlignCenter.value), self._words)


class Tile(QAbstractButton):
    """One way in: a badge, a name, a word about it.

    Attributes: `key`, what the tile stands for. `dashed` draws the edge of a place that is still free.
    """

    def __init__(self, key: str, badge: Badge, title: str | Text, text: str | Text = "", *, mark: str = "", dashed: bool = False) -> None:
        """`mark`: an icon before `text`."""
        super().__init__()
        self.key, self._dashed = key, dashed
        self.setText(str(title))
        self.setToolTip(str(title))
        self.setAccessibleName(str(title))
        self.setAccessibleDescription(str(text))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(theme.px(WIDE), theme.px(HIGH))
        body = column(self, margin=16, gap=4)
        body.addSpacing(theme.px(8))
        body.addWidget(badge, 0, Qt.AlignmentFlag.AlignHCenter)
        body.addSpacing(theme.px(8))
        name = Label(isolate(str(title)), "title", wrap=True)
        name.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        name.setMaximumHeight(2 * name.fontMetrics().lineSpacing() + theme.px(8))
        body.addWidget(name)
        self._mark = icons.pixmap(mark, "muted", 14, 2) if mark else None
        said = Label(text, "small", wrap=True)
        said.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        body.addWidget(said)
        body.addStretch(1)
        for part in (badge, name, said):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(WIDE), theme.px(HIGH))

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self.hasFocus()
        width = 2.0 if lit else 1.0
        box = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        pen = QPen(theme.colour("accent" if lit or self.underMouse() else "edge" if self._dashed else "line"), width)
        if self._dashed and not lit:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush if self._dashed else theme.colour("raised"))
        painter.drawRoundedRect(box, theme.px(10), theme.px(10))
        if self._mark is not None:
            place = QRectF(0, 0, theme.px(16), theme.px(16))
            gap = theme.px(12)
            place.moveTopLeft(box.topLeft())
            rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
            place.translate(gap if rtl else box.width() - gap - place.width(), gap)
            painter.drawPixmap(place, self._mark, QRectF(self._mark.rect()))

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)
