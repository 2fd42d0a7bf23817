"""The sync pill: one calm sentence about where one's work stands; a click opens the Sync room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QEnterEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from desktop.kit import icons, theme
from desktop.kit.buttons import icon_button
from desktop.kit.cards import row
from desktop.shell.feature import PillState
from i18n import t

__all__ = ["SyncPill"]

# state -> icon, ink, ground. Offline is a state like another: never the colour of a problem.
_LOOKS = {
    "current": ("online", "good", "good_ground"),
    "waiting": ("waiting", "attention", "attention_ground"),
    "old": ("clock", "attention", "attention_ground"),
    "sending": ("sending", "accent", "accent_soft"),
    "offline": ("offline", "muted", "sunken"),
    "refused": ("refused", "problem", "problem_ground"),
}


class _Face(QAbstractButton):
    """What is drawn and pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.state = PillState("current", "")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_state(self, state: PillState) -> None:
        self.state = state
        self.setAccessibleName(t("Sync: {state}", state=state.text))
        self.setAccessibleDescription(t("Opens the Sync room"))
        self.setToolTip(state.detail)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        px = theme.px
        self.setFont(theme.font("small", weight=600))
        return QSize(self.fontMetrics().horizontalAdvance(self.state.text) + px(18 + 8 + 28) + 2, px(40))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(44), theme.px(40))

    def paintEvent(self, _event: object) -> None:
        px = theme.px
        icon, ink, ground = _LOOKS[self.state.state]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = 2.0 if self.hasFocus() else 1.0
        box = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        shape = QPainterPath()
        shape.addRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.fillPath(shape, theme.colour(ground))
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        if self.state.total > 0:
            self._progress(painter, shape, box, rtl)
        edge = "accent" if self.hasFocus() else ink if self.underMouse() else "line"
        painter.setPen(QPen(theme.colour(edge), width))
        painter.drawPath(shape)
        size, pad = px(18), px(14)
        x = self.width() - pad - size if rtl else pad
        icons.paint(painter, icon, QRectF(x, (self.height() - size) / 2, size, size), theme.colour(ink))
        room = QRectF(pad + size + px(8), 0, self.width() - 2 * pad - size - px(8), self.height())
        if rtl:
            room.moveLeft(pad)
        painter.setFont(theme.font("small", weight=600))
        painter.setPen(theme.colour("text" if self.state.state == "offline" else ink))
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        words = painter.fontMetrics().elidedText(self.state.text, Qt.TextElideMode.ElideRight, int(room.width()) + 1)
        painter.drawText(room, int(flags.value), words)

    def _progress(self, painter: QPainter, shape: QPainterPath, box: QRectF, rtl: bool) -> None:
        done = box.width() * min(1.0, self.state.done / self.state.total)
        part = QPainterPath()
        part.addRect(QRectF(box.right() - done if rtl else box.left(), box.bottom() - theme.px(4), done, theme.px(5)))
        painter.fillPath(shape.intersected(part), theme.colour("accent"))

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()


class SyncPill(QWidget):
    """The pill, and beside it a stop while something is being sent.

    Signals: `pressed()` when a person wants to see the Sync room.
    """

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._on_stop = None
        self._face = _Face()
        self._stop = icon_button("stop", t("Stop; what is not sent yet waits"), self._stop_sending, ink="accent")
        line: QHBoxLayout = row(self, gap=4)
        line.addWidget(self._face)
        line.addWidget(self._stop)
        self._face.clicked.connect(self._on_face_clicked)
        self.show_state(PillState("current", ""))

    @property
    def state(self) -> PillState:
        """What is said now."""
        return self._face.state

    def show_state(self, state: PillState) -> None:
        """Say this."""
        self._on_stop = state.on_stop
        self._face.show_state(state)
        self._stop.setVisible(state.on_stop is not None)

    def _stop_sending(self) -> None:
        if self._on_stop is not None:
            self._on_stop()

    @Slot()
    def _on_face_clicked(self) -> None:
        self.pressed.emit()
