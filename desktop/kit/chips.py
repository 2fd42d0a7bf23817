"""Chips (a filter or word one can take away, a choice one can tick) and pills (a state in a word)."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from desktop.kit import icons, theme
from desktop.kit.flow import FlowLayout
from i18n import Text, t

__all__ = ["CheckChip", "Chip", "ChipRow", "Pill"]

_TONES = {
    "": ("text", "sunken"), "accent": ("accent", "accent_soft"), "attention": ("attention", "attention_ground"),
    "problem": ("problem", "problem_ground"), "good": ("good", "good_ground"), "muted": ("muted", "sunken"),
}


class _Drawn(QAbstractButton):
    """What chips and pills share: a rounded ground, an icon, a word, a focus ring."""

    _height, _pad, _icon = 32, 12, 16

    def __init__(self, text: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(text)
        self._icon_name = icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFont(theme.font("small"))

    def _colours(self) -> tuple[str, str, str]:
        """Tokens of ink, ground and edge."""
        return "text", "sunken", "line"

    def _icon_now(self) -> str:
        return self._icon_name

    def _end_icon(self) -> str:
        return ""

    def sizeHint(self) -> QSize:
        px = theme.px
        width = 2 * px(self._pad) + self.fontMetrics().horizontalAdvance(self.text()) + 2
        width += (px(self._icon) + px(6)) * (bool(self._icon_now()) + bool(self._end_icon()))
        return QSize(width, px(self._height))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), theme.px(80)), theme.px(self._height))

    def paintEvent(self, _event: object) -> None:
        px = theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink, ground, edge = self._colours()
        width = 2.0 if self.hasFocus() else 1.0
        box = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        painter.setPen(QPen(theme.colour("accent" if self.hasFocus() else edge), width))
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        start, end = float(px(self._pad)), float(self.width() - px(self._pad))
        size = px(self._icon)
        top = (self.height() - size) / 2
        if self._icon_now():
            icons.paint(painter, self._icon_now(), QRectF(self._mirror(start, size, rtl), top, size, size), theme.colour(ink))
            start += size + px(6)
        if self._end_icon():
            end -= size
            icons.paint(painter, self._end_icon(), QRectF(self._mirror(end, size, rtl), top, size, size), theme.colour(ink))
            end -= px(6)
        painter.setPen(theme.colour(ink))
        room = QRectF(self._mirror(start, end - start, rtl), 0, end - start, self.height())
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, int(room.width()) + 1)
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, int((side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter).value), words)

    def _mirror(self, start: float, width: float, rtl: bool) -> float:
        return self.width() - start - width if rtl else start

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()


class Chip(_Drawn):
    """A word that holds now and can be taken away by click, Delete or Backspace.

    Signals: `removed(str)` with the chip's key.
    """

    removed = Signal(str)

    def __init__(self, text: str | Text, key: str = "", icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(str(text), icon, parent)
        self.key = key or str(text)
        self.setAccessibleName(t("Remove {name}", name=str(text)))
        self.setToolTip(t("Remove {name}", name=str(text)))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self._on_clicked)

    def _colours(self) -> tuple[str, str, str]:
        return "accent", "accent_soft", "accent" if self.underMouse() else "accent_soft"

    def _end_icon(self) -> str:
        return "close"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_clicked()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _on_clicked(self) -> None:
        self.removed.emit(self.key)


class CheckChip(_Drawn):
    """A choice one can tick; a tick and a ground say that it holds."""

    _height = 36

    def __init__(self, text: str | Text, key: str, parent: QWidget | None = None) -> None:
        super().__init__(str(text), "", parent)
        self.key = key
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.toggled.connect(self._on_toggled)

    def _colours(self) -> tuple[str, str, str]:
        if self.isChecked():
            return "accent", "accent_soft", "accent"
        return "text", "sunken" if self.underMouse() else "raised", "edge"

    def _icon_now(self) -> str:
        return "check" if self.isChecked() else ""

    @Slot()
    def _on_toggled(self) -> None:
        self.updateGeometry()


class Pill(_Drawn):
    """A state said by icon and word, not to be pressed: "verified", "waiting", "on this PC"."""

    _height, _pad, _icon = 26, 10, 16

    def __init__(self, text: str | Text, tone: str = "muted", icon: str = "", parent: QWidget | None = None) -> None:
        """`tone`: "", accent, attention, problem, good, muted."""
        super().__init__(str(text), icon, parent)
        self._tone = tone
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _colours(self) -> tuple[str, str, str]:
        ink, ground = _TONES[self._tone]
        return ink, ground, ground


class ChipRow(QWidget):
    """Chips that wrap; hidden while there are none.

    Signals: `removed(str)` with the key of the chip a person took away (it stays until `show_chips`).
    """

    removed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    def show_chips(self, chips: Iterable[tuple[str, str | Text]]) -> None:
        """Replace the chips by `(key, words)` pairs."""
        self._flow.clear()
        for key, words in chips:
            chip = Chip(words, key)
            chip.removed.connect(self.removed)
            self._flow.addWidget(chip)
        self.setVisible(self._flow.count() > 0)
        self.updateGeometry()
