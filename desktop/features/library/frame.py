"""How the library's views stand in the page: margins that mirror, the way back, a title in the other script; knows no record."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLayout, QPushButton, QWidget

from desktop.kit import theme
from desktop.kit.cards import row
from desktop.kit.text import Label
from desktop.kit.tokens import MARGIN

__all__ = ["at_start", "beside_margin", "second_title", "within_margins"]



def within_margins(inner: QLayout) -> QHBoxLayout:
    """A layout with the page's margin on both sides."""
    made = row(gap=0)
    made.addSpacing(theme.px(MARGIN))
    made.addLayout(inner, 1)
    made.addSpacing(theme.px(MARGIN))
    return made


def beside_margin(widget: QWidget) -> QHBoxLayout:
    """A grid with the page's margin at its start only: its gap and its scroll bar are the margin at the end."""
    made = row(gap=0)
    made.addSpacing(theme.px(MARGIN))
    made.addWidget(widget, 1)
    return made


def at_start(back: QPushButton) -> QHBoxLayout:
    """A quiet button whose icon stands on the line where the text under it begins."""
    back.setStyleSheet("QPushButton { padding: 1px 0px; }")
    made = row(gap=0)
    made.addWidget(back)
    made.addStretch(1)
    return made


def second_title(text: str) -> Label:
    """The title in the other script: large, but lighter than the first."""
    made = Label(text, "muted", wrap=True, selectable=True)
    made.setFont(theme.font("title"))
    return made
