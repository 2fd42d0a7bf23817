"""A column that scrolls and is made part by part; what stood there before stays in sight until enough of it stands; knows no part."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from desktop.kit import theme
from desktop.kit.cards import column, row, scrolled
from desktop.kit.slices import Slices
from i18n import Text

__all__ = ["Part", "Unfolding"]

Part = Callable[[], QWidget | None]  # makes a part, or adds to one that stands and answers None


class Unfolding(QWidget):
    """Parts under each other, as wide as `widest` pixels at 100 % at most.

    Signals: `unfolded()` when what was asked for last has come into sight. Attribute: `area`, what is in sight, None at first.
    """

    unfolded = Signal()

    def __init__(self, widest: int, gap: int = 16, share: int = 1) -> None:
        """`share`: how much of the room between them the parts take before the margin at the end does."""
        super().__init__()
        self._widest, self._gap, self._share = widest, gap, share
        self._frame = column(self, gap=0)
        self.area: QScrollArea | None = None
        self._made: QScrollArea | None = None  # out of sight, while the one before it still stands
        self._slices = Slices(self)

    @property
    def is_whole(self) -> bool:
        """Whether every part stands and is in sight."""
        return self._made is None and self._slices.is_over

    def show_parts(self, name: str | Text, parts: Sequence[Part], first: int) -> None:
        """Show these instead; they come into sight when the first ones stand, `name` says to screen readers what they are."""
        self._open(name)
        steps = [_Make(self, part) for part in parts]
        self._slices.begin([*steps[:first], self._come_into_sight, *steps[first:]])

    def change_parts(self, name: str | Text, parts: Sequence[Part]) -> None:
        """Show these instead, of the same thing: all at once when all stand, and where one was reading."""
        self._open(name)
        self._slices.begin([*(_Make(self, part) for part in parts), self._come_back])

    def put(self, part: QWidget) -> None:
        """Let a part stand under the others."""
        self._body.insertWidget(self._body.count() - 1, part)
        for one in (part, *part.findChildren(QWidget)):  # out of sight it would be styled when it comes into it, all at once
            one.ensurePolished()
        part.show()

    def _open(self, name: str | Text) -> None:
        """A new column, out of sight. From the outside in: a widget that moves under another is styled again with all that is in it."""
        if self._made is not None:
            self._drop(self._made)
        holder = QWidget()
        holder.setMinimumHeight(1)  # as tall as its width asks, not as its narrowest would
        self._made = scrolled(holder, name=name)
        self._made.hide()
        self._frame.addWidget(self._made)
        around = row(holder, margin=24)
        inner = QWidget()
        around.addWidget(inner, self._share)
        around.addStretch(0 if self._share == 1 else 1)
        inner.setMaximumWidth(theme.px(self._widest))
        self._body = column(inner, gap=self._gap)
        self._body.addStretch(1)

    def _come_into_sight(self) -> None:
        old, self.area, self._made = self.area, self._made, None
        if old is not None:
            if old.isAncestorOf(self.window().focusWidget()):
                self.setFocus()  # or Qt looks for the next control, and finds the rail
            self._drop(old)
        self.area.show()
        self.unfolded.emit()

    def _come_back(self) -> None:
        at = self.area.verticalScrollBar().value() if self.area is not None else 0
        self._come_into_sight()
        if at:
            self._frame.activate()
            self.area.widget().layout().activate()
            self.area.verticalScrollBar().setValue(at)

    def _drop(self, area: QScrollArea) -> None:
        self._frame.removeWidget(area)
        area.hide()
        area.deleteLater()


class _Make:
    """Calls a part and puts what it has made."""

    def __init__(self, owner: Unfolding, part: Part) -> None:
        self._owner, self._part = owner, part

    def __call__(self) -> None:
        made = self._part()
        if made is not None:
            self._owner.put(made)
