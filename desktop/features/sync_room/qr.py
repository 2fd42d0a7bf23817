"""A QR code as a widget: dark on white in every look, because phones and cameras want it so; knows no address."""

from __future__ import annotations

import segno
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from desktop.kit import theme

__all__ = ["QrCode"]

_QUIET = 4  # modules of white around the code, as its standard asks


class QrCode(QWidget):
    """The code of a text, `side` logical pixels wide."""

    def __init__(self, side: int = 168) -> None:
        super().__init__()
        self._rows: list[bytes] = []
        self.setFixedSize(QSize(theme.px(side), theme.px(side)))

    def show_text(self, text: str, name: str) -> None:
        """Draw this text; `name` is for screen readers."""
        self._rows = [bytes(one) for one in segno.make(text, error="m", micro=False).matrix]
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.update()

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.GlobalColor.white)
        painter.drawRoundedRect(QRectF(self.rect()), theme.px(8), theme.px(8))
        if not self._rows:
            return
        count = len(self._rows) + 2 * _QUIET
        module = max(1, self.width() // count)  # whole pixels, or edges blur
        left = (self.width() - module * len(self._rows)) // 2
        painter.setBrush(Qt.GlobalColor.black)
        for y, line in enumerate(self._rows):
            for x, dark in enumerate(line):
                if dark:
                    painter.drawRect(left + x * module, left + y * module, module, module)
