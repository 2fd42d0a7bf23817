"""Cards, doors, rules and the scrolled page: the boxes a page is built of; knows no record."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QEnterEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop.kit import icons, theme
from desktop.kit.buttons import button
from desktop.kit.text import Label, Paragraph
from desktop.kit.tokens import READING
from i18n import Text

__all__ = ["ActionCard", "Card", "Door", "IconLabel", "column", "reading_column", "row", "rule", "scrolled"]


def column(parent: QWidget | None = None, *, margin: int = 0, gap: int = 12) -> QVBoxLayout:
    """A vertical layout with equal margins and a gap, in pixels at 100 %."""
    made = QVBoxLayout(parent) if parent is not None else QVBoxLayout()
    made.setContentsMargins(*[theme.px(margin)] * 4)
    made.setSpacing(theme.px(gap))
    return made


def row(parent: QWidget | None = None, *, margin: int = 0, gap: int = 8) -> QHBoxLayout:
    """A horizontal layout with equal margins and a gap, in pixels at 100 %; mirrors by itself."""
    made = QHBoxLayout(parent) if parent is not None else QHBoxLayout()
    made.setContentsMargins(*[theme.px(margin)] * 4)
    made.setSpacing(theme.px(gap))
    return made


def rule(*, upright: bool = False) -> QFrame:
    """A separator of one pixel."""
    made = QFrame()
    made.setProperty("part", "upright" if upright else "rule")
    return made


def scrolled(content: QWidget, *, name: str | Text) -> QScrollArea:
    """`content` in an area that scrolls up and down and has no frame; `name` for screen readers."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setAccessibleName(str(name))
    content.setProperty("part", "scrolled")
    area.setWidget(content)
    return area


def reading_column(owner: QWidget, title: str) -> QVBoxLayout:
    """A scrolled column of reading width with a title, in `owner`; answers the layout to add to."""
    inner = QWidget()
    inner.setMaximumWidth(theme.px(READING))
    body = column(inner, gap=16)
    body.addWidget(Label(title, "page"))
    holder = QWidget()
    holder.setMinimumHeight(1)  # as tall as its width asks, not as its narrowest would
    around = row(holder, margin=24)
    around.addWidget(inner, 1000)
    around.addStretch(1)
    column(owner).addWidget(scrolled(holder, name=title))
    return body


class Card(QFrame):
    """A raised box; put things into `body` (a vertical layout). `tone` tints it: attention, problem, good, accent."""

    def __init__(self, title: str | Text = "", *, tone: str = "", icon: str = "", margin: int = 20, gap: int = 12) -> None:
        super().__init__()
        self.setProperty("part", "card")
        if tone:
            self.setProperty("tone", tone)
        self.body = column(self, margin=margin, gap=gap)
        if str(title):
            self.setAccessibleName(str(title))
            head = row(gap=10)
            if icon:
                head.addWidget(IconLabel(icon, tone or "accent"))
            head.addWidget(Label(title, "title", wrap=True), 1)
            self.body.addLayout(head)


class ActionCard(Card):
    """Something that needs a person: what it is, why, and one action."""

    def __init__(
        self, title: str | Text, text: str | Text, action: str | Text, on_action: Callable[[], None],
        *, tone: str = "", icon: str = "",
    ) -> None:
        super().__init__(tone=tone, margin=16)
        self.setAccessibleName(str(title))
        line = row(gap=14)
        if icon:
            line.addWidget(IconLabel(icon, tone or "accent", 24), 0, Qt.AlignmentFlag.AlignTop)
        words = column(gap=2)
        words.addWidget(Label(title, "label", wrap=True))
        if str(text):
            words.addWidget(Paragraph(text, "small"))
        line.addLayout(words, 1)
        self.action = button(action, on_action, name=f"{action}: {title}")
        line.addWidget(self.action, 0, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(line)


class IconLabel(QWidget):
    """An icon that says nothing by itself: the words beside it do."""

    def __init__(self, icon: str, token: str = "muted", size: int = 20) -> None:
        super().__init__()
        self._icon, self._token = icon, token
        self.setFixedSize(theme.px(size), theme.px(size))

    def show_icon(self, icon: str, token: str) -> None:
        """Show another one."""
        self._icon, self._token = icon, token
        self.update()

    def paintEvent(self, _event: object) -> None:
        icons.paint(QPainter(self), self._icon, QRectF(self.rect()), theme.colour(self._token))


class Door(QAbstractButton):
    """A large card that opens a place in the app: icon, title, a line of text."""

    def __init__(self, icon: str, title: str | Text, text: str | Text, on_click: Callable[[], None]) -> None:
        super().__init__()
        self._on_click = on_click
        self.setAccessibleName(str(title))
        self.setAccessibleDescription(str(text))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        body = column(self, margin=20, gap=6)
        for widget in (_Badge(icon), Label(title, "title", wrap=True), Paragraph(text, "muted")):
            widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            body.addWidget(widget)
        body.insertSpacing(1, theme.px(6))
        body.addStretch(1)
        self.clicked.connect(self._on_clicked)

    def sizeHint(self) -> QSize:
        return self.layout().sizeHint()

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = 2.0 if self.hasFocus() else 1.0
        box = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        edge = "accent" if self.hasFocus() or self.underMouse() else "line"
        painter.setPen(QPen(theme.colour(edge), width))
        painter.setBrush(theme.colour("raised"))
        painter.drawRoundedRect(box, theme.px(10), theme.px(10))

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    @Slot()
    def _on_clicked(self) -> None:
        self._on_click()


class _Badge(QWidget):
    """An icon on a soft round ground."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon = icon
        self.setFixedSize(theme.px(44), theme.px(44))

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent_soft"))
        painter.drawEllipse(self.rect())
        size = theme.px(24)
        gap = (self.width() - size) / 2
        icons.paint(painter, self._icon, QRectF(gap, gap, size, size), theme.colour("accent"))
