"""Buttons, each with an icon and a label or at least a name; knows no page."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton

from desktop.kit import icons, theme
from i18n import Text

__all__ = ["Segments", "button", "icon_button", "set_icon"]

_INK = {"primary": "on_accent", "quiet": "accent", "danger": "problem", "attention": "attention", "link": "accent", "": "text"}


def button(
    text: str | Text, on_click: Callable[[], None] | None = None, *, kind: str = "", icon: str = "", name: str = ""
) -> QPushButton:
    """A button with words.

    `kind`: "" (ordinary), "primary" (one a view), "quiet" (a link that acts), "attention" (a link to what
    waits for a decision, at the edge of the words around it), "link" (the same to what is merely elsewhere), "danger".
    `name` replaces the words for screen readers where they alone would not say what it acts on.
    `on_click` takes no argument and is a bound method.
    """
    made = QPushButton(str(text).replace("&", "&&"))
    made.setProperty("kind", kind)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setAccessibleName(name or str(text))
    made.setAutoDefault(False)
    if icon:
        set_icon(made, icon, _INK[kind])
    if on_click is not None:
        made.clicked.connect(_Click(made, on_click).call)
    return made


def icon_button(icon: str, name: str | Text, on_click: Callable[[], None] | None = None, *, ink: str = "text") -> QPushButton:
    """A square button with an icon only; `name` is its tool tip and its name for screen readers."""
    made = QPushButton()
    made.setProperty("kind", "icon")
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setIcon(icons.icon(icon, ink))
    made.setIconSize(QSize(theme.px(20), theme.px(20)))
    made.setAccessibleName(str(name))
    made.setToolTip(str(name))
    made.setAutoDefault(False)
    made.setFixedSize(theme.px(40), theme.px(40))
    if on_click is not None:
        made.clicked.connect(_Click(made, on_click).call)
    return made


def set_icon(made: QPushButton, icon: str, ink: str, size: int = 20) -> None:
    """Put an icon before the words of a button, with a gap that Qt does not give."""
    made.setIcon(icons.icon(icon, ink, size, gap=4))
    made.setIconSize(QSize(theme.px(size) + theme.px(4), theme.px(size)))


class _Click(QObject):
    """Drops the `checked` argument of `clicked`, so that callbacks take none."""

    def __init__(self, parent: QPushButton, act: Callable[[], None]) -> None:
        super().__init__(parent)
        self._act = act

    @Slot()
    def call(self) -> None:
        self._act()


class _Segment(QPushButton):
    """A choice whose words have room when they are written strong, as those of the one that holds."""

    def sizeHint(self) -> QSize:
        strong = QFont(self.font())
        strong.setWeight(QFont.Weight.DemiBold)
        more = QFontMetrics(strong).horizontalAdvance(self.text()) - self.fontMetrics().horizontalAdvance(self.text())
        return super().sizeHint() + QSize(max(0, more), 0)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class Segments(QFrame):
    """A few choices side by side of which one holds: list, detail, map.

    Signals: `chosen(str)` when a person chooses another one.
    """

    chosen = Signal(str)

    def __init__(self, choices: list[tuple[str, str | Text, str]], name: str | Text, chosen: str = "") -> None:
        """`choices`: (id, label, icon) each; `name` says to screen readers what is chosen here."""
        super().__init__()
        self.setProperty("part", "segments")
        self.setAccessibleName(str(name))
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        for key, label, icon in choices:
            made = _Segment(str(label))
            made.setProperty("kind", "segment")
            made.setProperty("choice", key)
            made.setCheckable(True)
            made.setCursor(Qt.CursorShape.PointingHandCursor)
            made.setAccessibleName(f"{name}: {label}")
            if icon:
                set_icon(made, icon, "text", 18)
            self._group.addButton(made)
            self._buttons[key] = made
            row.addWidget(made)
        self.choose(chosen or choices[0][0])
        self._group.buttonClicked.connect(self._on_group_button_clicked)

    def choice(self) -> str:
        """The id of the choice that holds."""
        return str(self._group.checkedButton().property("choice"))

    def choose(self, key: str) -> None:
        """Let `key` hold, without a signal."""
        self._buttons[key].setChecked(True)

    @Slot(object)
    def _on_group_button_clicked(self, pressed: QPushButton) -> None:
        self.chosen.emit(str(pressed.property("choice")))
