"""Frees reference cycles on the screen's thread and on no other; knows nothing of the app.

Python looks for cycles in whichever thread happens to allocate. A cycle of widgets that a worker finds is
taken apart there, while Qt goes on with the same objects on the screen's thread, and the process dies of it.
Measured with PySide6 6.12.0: looking for cycles from a second thread every 20 ms ends the kit's own tests in a
segmentation fault. So Python looks no more by itself, and a timer of the screen's thread does.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

__all__ = ["GarbageCollector", "collect_what_is_due"]

OFTEN = 1_000  # ms; what a second leaves behind is looked through in a few ms


def collect_what_is_due() -> None:
    """Look for cycles as far as Python itself would by now: in the youngest objects, sometimes in the older ones, seldom in all."""
    due = [generation for generation, (count, limit) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)) if count > limit]
    if due:
        gc.collect(due[-1])


class GarbageCollector(QObject):
    """From `begin()` to `end()` cycles are freed on the thread of this object only. One a process."""

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self._by_itself = False  # whether Python looked by itself before
        self._timer = QTimer(self, interval=OFTEN)
        self._timer.timeout.connect(self._on_timeout)

    def begin(self) -> None:
        """Take over from Python. What lives by now is as good as for ever, and is not looked through again and again."""
        self._by_itself = gc.isenabled()
        gc.disable()
        gc.collect()
        gc.freeze()
        self._timer.start()

    def end(self) -> None:
        """Give it back to whoever had it."""
        self._timer.stop()
        gc.unfreeze()
        if self._by_itself:
            gc.enable()

    @Slot()
    def _on_timeout(self) -> None:
        collect_what_is_due()
