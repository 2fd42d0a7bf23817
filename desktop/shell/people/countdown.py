"""Seconds that go by before one may try again; knows no phrase."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

__all__ = ["Countdown"]


class Countdown(QObject):
    """Counts down by itself. Signals: `ticked(left)` at once and each second, in whole seconds; `over()` at nothing."""

    ticked = Signal(int)
    over = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.left = 0
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self.tick)

    def begin(self, seconds: float) -> None:
        """Count from here; over at once when there is nothing to wait for."""
        self.left = max(0, -int(-seconds // 1))
        self._second.start()
        self._tell()

    def stop(self) -> None:
        """Count no more, and say nothing."""
        self._second.stop()

    @Slot()
    def tick(self) -> None:
        """One second has gone by."""
        self.left = max(0, self.left - 1)
        self._tell()

    def _tell(self) -> None:
        if self.left:
            self.ticked.emit(self.left)
        else:
            self._second.stop()
            self.over.emit()
