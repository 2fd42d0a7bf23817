"""Work for the screen that is too long for one turn of its event loop, done a few parts a turn; knows no part."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

__all__ = ["SLICE", "Slices", "at_rest", "polish"]

SLICE = 0.005  # s of one turn that go into parts, so that keys and clicks are heard between them
_TOGETHER = 8  # widgets styled in one part


class Slices(QObject):
    """Parts that are called one after another, as many in a turn as fit into SLICE, at least one.

    Between two turns with parts there is one without: in that one Qt places and paints what the parts have made.
    Signals: `ended()` after the last part. Whoever cannot wait calls `finish`.
    """

    ended = Signal()

    def __init__(self, owner: QObject) -> None:
        """`owner`: with it the parts still to come are dropped."""
        super().__init__(owner)
        self._rest: deque[Callable[[], object]] = deque()
        self._breathing = False
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._on_next_timeout)

    @property
    def left(self) -> int:
        """How many parts are still to come."""
        return len(self._rest)

    @property
    def is_over(self) -> bool:
        """Whether every part has been called."""
        return not self._rest

    def begin(self, parts: Iterable[Callable[[], object]]) -> None:
        """Do these from the next turn on, instead of those still to come."""
        self._rest = deque(parts)
        self._breathing = False
        self._next.start()

    def add(self, part: Callable[[], object]) -> None:
        """Do this too, after the others."""
        self._rest.append(part)
        self._next.start()

    def drop(self) -> None:
        """Forget the parts still to come."""
        self._rest.clear()
        self._next.stop()

    def finish(self) -> None:
        """Do all that is left now."""
        while self._rest:
            self._call()

    def _call(self) -> None:
        part = self._rest.popleft()
        part()
        if not self._rest:
            self._next.stop()
            self.ended.emit()

    @Slot()
    def _on_next_timeout(self) -> None:
        self._breathing = not self._breathing
        if self._breathing:
            until = time.perf_counter() + SLICE
            self._call()
            while self._rest and time.perf_counter() < until:
                self._call()
        if self._rest:
            self._next.start()


def polish(slices: Slices, widget: QWidget) -> None:
    """Style `widget` and all that is in it, which is out of sight, a little a turn: or Qt does it when it is shown, all at once."""
    waiting = deque([widget, *widget.findChildren(QWidget)])

    def some() -> None:
        for _ in range(min(_TOGETHER, len(waiting))):
            one = waiting.popleft()
            if shiboken6.isValid(one):
                one.ensurePolished()

    for _ in range(0, len(waiting), _TOGETHER):
        slices.add(some)


def at_rest(root: QObject) -> bool:
    """Whether nothing in `root` is still being made part by part."""
    return all(one.is_over for one in root.findChildren(Slices))
