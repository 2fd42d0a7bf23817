"""The one door to threads: a serial lane for data and a free lane for network and files.

Nothing else in the desktop names a thread. A task ends in exactly one way: done, failed, cancelled,
or unheard because its owner is gone. Callbacks run on the screen's thread.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from threading import Event
from typing import Any, Protocol

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

__all__ = ["Cancelled", "InlineTasks", "Job", "Lane", "Progress", "Runner", "Task", "Tasks"]


class Lane(Enum):
    """DATA: one after another, for the workspace. FREE: side by side, for network and files."""

    DATA = "data"
    FREE = "free"


class Cancelled(Exception):
    """Raised inside work by `job.check()` after somebody cancelled the task."""


class Progress:
    """How far work has come: `done` of `total` (0 when unknown), and a word about what goes on."""

    def __init__(self, done: float, total: float = 0, text: str = "") -> None:
        self.done, self.total, self.text = done, total, text


class Job:
    """What work sees of its task. Safe to use from the thread that runs the work."""

    def __init__(self, task: Task) -> None:
        self._task = task

    @property
    def cancelled(self) -> bool:
        """True as soon as nobody wants the outcome any more."""
        return self._task.is_cancelled

    def check(self) -> None:
        """Call now and then in long work; raises Cancelled when nobody wants the outcome."""
        if self.cancelled:
            raise Cancelled

    def report(self, done: float, total: float = 0, text: str = "") -> None:
        """Tell the screen how far the work is."""
        self._task._reported.emit(Progress(done, total, text))


class Task(QObject):
    """One piece of work under way.

    Signals: `progressed(Progress)`; `ended()` once, after the callback of whichever way it ended.
    Attributes: `state` is "waiting", "done", "failed" or "cancelled".
    """

    progressed = Signal(object)
    ended = Signal()
    _reported = Signal(object)
    _finished = Signal(str, object)

    def __init__(
        self,
        work: Callable[[Job], Any],
        done: Callable[[Any], None] | None,
        failed: Callable[[Exception], None] | None,
        owner: QObject | None,
    ) -> None:
        super().__init__()
        self.state = "waiting"
        self._work, self._done, self._failed = work, done, failed
        self._owner = owner or _owner_of(done) or _owner_of(failed)
        self._stop = Event()
        self._reported.connect(self._on_reported, Qt.ConnectionType.AutoConnection)
        self._finished.connect(self._on_finished, Qt.ConnectionType.AutoConnection)

    @property
    def is_cancelled(self) -> bool:
        return self._stop.is_set()

    def cancel(self) -> None:
        """Nobody wants the outcome: no callback will be called. Work stops at its next `check()`."""
        self._stop.set()

    def run(self) -> None:
        """Do the work here and now; called by a lane."""
        if self.is_cancelled:
            self._finished.emit("cancelled", None)
            return
        try:
            outcome = self._work(Job(self))
        except Cancelled:
            self._finished.emit("cancelled", None)
        except Exception as error:  # noqa: BLE001 - whatever it is goes to `failed`, or is raised on the screen's thread
            self._finished.emit("failed", error)
        else:
            self._finished.emit("done", outcome)

    @Slot(object)
    def _on_reported(self, progress: Progress) -> None:
        if not self.is_cancelled and self._is_heard():
            self.progressed.emit(progress)

    @Slot(str, object)
    def _on_finished(self, way: str, outcome: Any) -> None:
        heard = self._is_heard()
        self.state = "cancelled" if self.is_cancelled or not heard else way
        done, failed = self._done, self._failed
        self._work = self._done = self._failed = self._owner = None  # break cycles with widgets
        try:
            if self.state == "done" and done is not None:
                done(outcome)
            elif self.state == "failed":
                if failed is None:
                    raise outcome
                failed(outcome)
        finally:
            self.ended.emit()

    def _is_heard(self) -> bool:
        return self._owner is None or shiboken6.isValid(self._owner)


class Runner(Protocol):
    """What pages ask for: `Tasks` in the app, `InlineTasks` in tests."""

    def run(
        self,
        lane: Lane,
        work: Callable[[Job], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        *,
        owner: QObject | None = None,
    ) -> Task: ...


class Tasks(QObject):
    """The two lanes of the app. `close()` before the process ends.

    Signals: `idle()` when the last task under way has ended.
    """

    idle = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes = {
            Lane.DATA: ThreadPoolExecutor(1, thread_name_prefix="data"),
            Lane.FREE: ThreadPoolExecutor(4, thread_name_prefix="free"),
        }
        self._under_way: set[Task] = set()

    def run(
        self,
        lane: Lane,
        work: Callable[[Job], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        *,
        owner: QObject | None = None,
    ) -> Task:
        """Do `work(job)` on `lane`, then call `done(outcome)` or `failed(error)` on the screen's thread.

        Neither is called after `task.cancel()`, nor when `owner` (by default the QObject whose
        method `done` or `failed` is) has been destroyed meanwhile.
        """
        task = Task(work, done, failed, owner)
        self._under_way.add(task)
        task.ended.connect(self._on_task_ended)
        self._lanes[lane].submit(task.run)
        return task

    @property
    def is_idle(self) -> bool:
        return not self._under_way

    def close(self) -> None:
        """Cancel what waits, let what runs come to its next `check()`, and end the threads."""
        for task in self._under_way:
            task.cancel()
        for lane in self._lanes.values():
            lane.shutdown(wait=True, cancel_futures=True)
        self._under_way.clear()

    @Slot()
    def _on_task_ended(self) -> None:
        self._under_way.discard(self.sender())
        if not self._under_way:
            self.idle.emit()


class InlineTasks:
    """Runs everything at once on the caller's thread: for tests and for pictures."""

    def run(
        self,
        lane: Lane,
        work: Callable[[Job], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        *,
        owner: QObject | None = None,
    ) -> Task:
        """As `Tasks.run`, already over when it returns."""
        task = Task(work, done, failed, owner)
        task.run()
        return task


def _owner_of(callback: Callable | None) -> QObject | None:
    owner = getattr(callback, "__self__", None)
    return owner if isinstance(owner, QObject) else None
