"""Says when nobody has touched keyboard or mouse for a while, a while in which the PC slept included; knows no session."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QWindow

__all__ = ["LOCK_AFTER", "MINUTES", "USUAL", "IdleWatch"]

_TOUCHED = frozenset({
    QEvent.Type.KeyPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.TouchBegin,
    QEvent.Type.TouchUpdate, QEvent.Type.TabletPress, QEvent.Type.InputMethod,
})
LOCK_AFTER = "lock after"  # under which name a person's file remembers their minutes
MINUTES, USUAL = (2, 5, 15, 30), 5  # what can be chosen, and what holds until it is
LOOK = 2_000  # ms between looks


class IdleWatch(QObject):
    """Watches the events of a window, which are few; those of its parts, which are many, it leaves alone.

    Signals: `idle()` once, when `minutes` have gone by without a touch. Two clocks are asked, a steady one and the
    wall's: the steady one of some systems stands still while the PC sleeps, and the wall's may be set back.
    """

    idle = Signal()

    def __init__(self, parent: QObject, steady: Callable[[], float], wall: Callable[[], float]) -> None:
        """Both clocks in seconds."""
        super().__init__(parent)
        self._clocks = (steady, wall)
        self._minutes = 0
        self._touched = (0.0, 0.0)
        self._timer = QTimer(self, interval=LOOK)
        self._timer.timeout.connect(self.look)

    def watch(self, window: QWindow) -> None:
        """Hear what comes to this window."""
        window.installEventFilter(self)

    def begin(self, minutes: int) -> None:
        """Count from now on; 0 minutes means never."""
        self._minutes = minutes
        self.touch()
        if minutes:
            self._timer.start()
        else:
            self._timer.stop()

    def stop(self) -> None:
        """Count no more."""
        self._timer.stop()

    @Slot()
    def touch(self) -> None:
        """Somebody is here."""
        self._touched = tuple(clock() for clock in self._clocks)

    @Slot()
    def look(self) -> None:
        """Whether it has been long enough by now."""
        gone = max(clock() - then for clock, then in zip(self._clocks, self._touched, strict=True))
        if self._timer.isActive() and gone >= self._minutes * 60:
            self._timer.stop()
            self.idle.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHED:
            self.touch()
        return super().eventFilter(watched, event)
