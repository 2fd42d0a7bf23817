"""Runs the sync when it makes sense and says where one's work stands; knows no page and no record."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.kit.tasks import Job, Lane, Runner, Task
from desktop.kit.tasks import Progress as Shown
from desktop.shell.meeting import Meeting
from i18n import tn
from sync import exchange
from sync.errors import Cancelled, Failure, Offline

SOON = 4_000  # ms after an edit, so that several saves leave together
EVERY = 5 * 60_000  # ms between tries while nothing happens


class Syncer(QObject):
    """One sync at a time, on the free lane.

    Signals: `changed()` whenever `state` may read differently; `ended(Report)`; `failed(Failure)`.
    Attributes: `running`; `progress` (sync.exchange.Progress or None); `failure` the last one or None;
    `report` of the last sync that ended well, or None; `meeting`, the road to computers nearby.
    """

    changed = Signal()
    ended = Signal(object)
    failed = Signal(object)

    def __init__(self, workspace: Any, tasks: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._tasks = tasks
        self._task: Task | None = None
        self._stopping = False
        self.meeting = Meeting(workspace, tasks, self)
        self.progress: exchange.Progress | None = None
        self.failure: Failure | None = None
        self.report: exchange.Report | None = None
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self.start)
        self._regular = QTimer(self, interval=EVERY)
        self._regular.timeout.connect(self.start)

    @property
    def running(self) -> bool:
        """Whether a sync is under way."""
        return self._task is not None

    @property
    def joined(self) -> bool:
        """Whether there is a server to sync with."""
        return not self._workspace.guest and bool(self._workspace.vault.word("server"))

    def begin(self) -> None:
        """Sync now and then from here on."""
        self._regular.start()
        self.start()

    @Slot()
    def wake(self) -> None:
        """Something was saved: sync in a moment."""
        self._soon.start()

    @Slot()
    def start(self) -> None:
        """Sync now, unless one is under way or there is no server."""
        if self._task is not None or not self.joined:
            return
        self._stopping = False
        self.failure = None
        self._task = self._tasks.run(Lane.FREE, self._work, self._on_done, self._on_failed, owner=self)
        self._task.progressed.connect(self._on_progressed)
        self.changed.emit()

    @Slot()
    def stop(self) -> None:
        """Stop after the page under way; what has arrived is kept."""
        self._stopping = True

    def _work(self, job: Job) -> exchange.Report:
        def watch(progress: exchange.Progress) -> None:
            self.progress = progress
            job.report(progress.done, progress.total)

        return exchange.sync(self._workspace, progress=watch, stop=lambda: self._stopping or job.cancelled)

    @Slot(object)
    def _on_progressed(self, _progress: Shown) -> None:
        self.changed.emit()

    def _on_done(self, report: exchange.Report) -> None:
        self._task, self.progress, self.report = None, None, report
        self.changed.emit()
        self.ended.emit(report)

    def _on_failed(self, error: Exception) -> None:
        self._task, self.progress = None, None
        if not isinstance(error, Failure):
            raise error
        self.failure = None if isinstance(error, Cancelled) else error
        self.changed.emit()
        self.failed.emit(error)

    @property
    def offline(self) -> bool:
        """Whether the last try found no server."""
        return isinstance(self.failure, Offline)


def waiting_words(n: int) -> str:
    """`3 changes wait`."""
    return tn("{n} change waits", "{n} changes wait", n)


