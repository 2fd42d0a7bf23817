"""Labels that keep their place and their direction; knows fonts and tokens, no record."""

from __future__ import annotations

import html
import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyleOption, QWidget

from i18n import Text, direction, language
from i18n.bidi import isolated, left_to_right

__all__ = ["ONE_LINE", "ElidedLabel", "Label", "Paragraph", "is_rtl", "isolate", "keep_ltr", "say", "turn"]

# Phone numbers, e-mail and web addresses, codes: pieces that must stay in one order inside Arabic.
_PIECES = re.compile(
    r"[\u2066-\u2068][^\u2069]*\u2069|(?<![\u2066-\u2069\w])(\+?\d[\d\u00a0 ()./-]{5,}\d|[\w.+-]+@[\w-]+\.[\w.-]+|https?://\S+|[A-Z]{2}-[A-Z0-9]{2,3})"
)
_LONG_WORD, _SIGN = re.compile(r"\S{18,}"), re.compile(r"[@./_-]+(?=\w)")
# How one line is drawn from the start side of each direction; made once, for every row asks for it several times.
ONE_LINE = {
    way: int((side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine).value)
    for way, side in (
        (Qt.LayoutDirection.LeftToRight, Qt.AlignmentFlag.AlignLeft), (Qt.LayoutDirection.RightToLeft, Qt.AlignmentFlag.AlignRight),
    )
}
_RTL = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LTR = re.compile(r"[A-Za-z\u00c0-\u024f]")


def say(text: str | Text) -> str:
    """`text` as a person reads it now."""
    return str(text)


def is_rtl(text: str) -> bool:
    """True when the first letter of `text` belongs to a script written from right to left."""
    right, left = _RTL.search(text), _LTR.search(text)
    return right is not None and (left is None or right.start() < left.start())


def keep_ltr(text: str) -> str:
    """A phone number, code or amount, isolated so that nothing around it turns it round."""
    return left_to_right(text) if text else text


def isolate(text: str) -> str:
    """A name or value, isolated when it runs against the language of the screen."""
    return isolated(text, language()) if text else text


def with_isolates(text: str) -> str:
    """Running text in which phone numbers, addresses and codes are isolated."""
    return _PIECES.sub(_whole, text) if direction() == "rtl" else text


def _whole(found: re.Match[str]) -> str:
    """A piece isolated, and kept on one line: a number that breaks cannot be dialled."""
    if found[0][0] in "\u2066\u2067\u2068":  # somebody has isolated it already
        return found[0]
    return left_to_right(found[0].replace(" ", "\u00a0"))


def _breakable(text: str) -> str:
    """A long word (an address) may break after its signs, so that it does not widen the page."""
    return _LONG_WORD.sub(lambda word: _SIGN.sub("\\g<0>\u200b", word[0]), text)


class Label(QLabel):
    """One line or a few of plain text at the start side, whatever script it is in.

    A QLabel would put Latin text on the left of an Arabic page; this one does not. `role` is a type
    role of the style sheet: small, muted, label, title, page, number, section, problem. `anchor` says where
    the words stand when the label is larger than they are: "top", "middle" or "centre" (both ways).
    """

    def __init__(
        self, text: str | Text = "", role: str = "", *, tone: str = "", wrap: bool = False,
        selectable: bool = False, anchor: str = "", parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            self.setProperty("role", role)
        if tone:
            self.setProperty("tone", tone)
        self.setWordWrap(wrap)
        self._anchor = anchor or ("top" if wrap else "middle")
        if selectable:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        self.setText(say(text))
        self.align()

    def align(self) -> None:
        """Stand at the start side of the direction in force, after `turn`.

        Not `changeEvent`: every label would be asked a dozen times while its page is made, which costs more than itself.
        """
        if self._anchor == "centre":
            self.setAlignment(Qt.AlignmentFlag.AlignCenter)
            return
        side = Qt.AlignmentFlag.AlignRight if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else Qt.AlignmentFlag.AlignLeft
        vertical = Qt.AlignmentFlag.AlignTop if self._anchor == "top" else Qt.AlignmentFlag.AlignVCenter
        self.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute | vertical)


def turn(widget: QWidget, way: Qt.LayoutDirection) -> None:
    """Let `widget` run the other way than the app, its labels too."""
    widget.setLayoutDirection(way)
    for label in widget.findChildren(Label):
        label.align()


class Paragraph(Label):
    """Wrapped text with room between its lines: 1.5, and 1.6 for Arabic."""

    def __init__(
        self, text: str | Text = "", role: str = "", *, tone: str = "", anchor: str = "top",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", role, tone=tone, wrap=True, anchor=anchor, parent=parent)
        self.setTextFormat(Qt.TextFormat.RichText)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setText(say(text))

    def setText(self, text: str) -> None:
        self.setAccessibleName(text)
        if self.textFormat() != Qt.TextFormat.RichText:
            super().setText(text)
            return
        rtl = is_rtl(text)
        side = "right" if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else "left"
        spacing = 106 if rtl else 100  # of the face's own line, which is 1.5 em tall already
        lines = "<br>".join(html.escape(_breakable(line)) for line in with_isolates(text).split("\n"))
        way = "rtl" if rtl else "ltr"
        super().setText(f'<p dir="{way}" align="{side}" style="margin:0; line-height:{spacing}%">{lines}</p>')


class ElidedLabel(Label):
    """One line that ends in … when there is no room; the whole text is then its tool tip."""

    def __init__(self, text: str | Text = "", role: str = "", *, tone: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, role, tone=tone, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setAccessibleName(text)
        self._tell()

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self.text()) + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        option = QStyleOption()
        option.initFrom(self)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        self.style().drawItemText(
            painter, self.rect(), int(self.alignment().value), option.palette, self.isEnabled(), shown, self.foregroundRole()
        )

    def _tell(self) -> None:
        cut = self.fontMetrics().horizontalAdvance(self.text()) > self.width()
        self.setToolTip(self.text() if cut else "")
