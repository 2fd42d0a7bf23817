"""Runs the sync when it makes sense and says where one's work stands; knows no page and no record."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.kit.tasks import Job, Lane, Runner, Task
from desktop.kit.tasks import Progress as Shown
from desktop.shell.meeting import Meeting
from desktop.shell.spending import limits_in, rules_of
from i18n import tn
from sync import exchange
from sync.errors import Cancelled, Failure, Offline
from sync.spending import Occasion, Rules

SOON = 4_000  # ms after an edit, so that several saves leave together
EVERY = 5 * 60_000  # ms between tries while nothing happens


class Syncer(QObject):
    """One sync at a time, on the free lane.

    Signals: `changed()` whenever `state` may read differently; `ended(Report)`; `failed(Failure)`.
    Attributes: `running`; `progress` (sync.exchange.Progress or None); `failure` the last one or None;
    `report` of the last sync that ended well, or None; `held` what the rules of this computer let wait (sync.exchange.Held),
    `kept_back` why the last one did not begin by itself, or None; `estimate` of what would move (sync.exchange.Estimate), while it is true;
    `meeting`, the road to computers nearby.
    """

    changed = Signal()
    ended = Signal(object)
    failed = Signal(object)

    def __init__(self, workspace: Any, tasks: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._tasks = tasks
        self._task: Task | None = None
        self._stopping = self._ended = False
        self.meeting = Meeting(workspace, tasks, self)
        self.progress: exchange.Progress | None = None
        self.failure: Failure | None = None
        self.report: exchange.Report | None = None
        self.held: tuple[exchange.Held, ...] = ()
        self.kept_back: exchange.KeptBack | None = None
        self.estimate: exchange.Estimate | None = None
        self._asking: Task | None = None
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self._on_due)
        self._regular = QTimer(self, interval=EVERY)
        self._regular.timeout.connect(self._on_due)

    @property
    def running(self) -> bool:
        """Whether a sync is under way."""
        return self._task is not None

    @property
    def joined(self) -> bool:
        """Whether there is a server to sync with."""
        return not self._workspace.guest and bool(self._workspace.vault.word("server"))

    @property
    def asking(self) -> bool:
        """Whether the server is being asked what would come."""
        return self._asking is not None

    @property
    def rules(self) -> Rules:
        """What this computer may spend."""
        return rules_of(limits_in(self._workspace.folder).choices)

    def begin(self) -> None:
        """Sync now and then from here on, as far as the rules of this computer let it."""
        self._regular.start()
        self._on_due()

    def end(self) -> None:
        """Nothing begins by itself any more, whatever is still said of saves: the files are about to be given back."""
        self._ended = True
        self._soon.stop()
        self._regular.stop()
        self.stop()

    @Slot()
    def wake(self) -> None:
        """Something was saved: sync in a moment."""
        self.estimate = None
        if not self._ended:
            self._soon.start()

    @Slot()
    def start(self) -> None:
        """A person asks: sync now, unless one is under way or there is no server."""
        self._run(Occasion.ASKED)

    @Slot()
    def go_on(self) -> None:
        """A person insists: sync now, whatever the rules hold back."""
        self._run(Occasion.ANYWAY)

    @Slot()
    def ask(self) -> None:
        """Ask what a sync would move, unless one is under way."""
        if self._task is None and self._asking is None and self.joined:
            self._asking = self._tasks.run(Lane.FREE, self._estimate, self._on_told, self._on_not_told, owner=self)
            self.changed.emit()

    @Slot()
    def _on_due(self) -> None:
        self._run(Occasion.BY_ITSELF)

    def _run(self, occasion: Occasion) -> None:
        if self._task is not None or not self.joined:
            return
        self._stopping = False
        self.failure = self.kept_back = self.estimate = None
        work = _Work(self, exchange.Purse(self._workspace, self.rules, occasion))
        self._task = self._tasks.run(Lane.FREE, work, self._on_done, self._on_failed, owner=self)
        self._task.progressed.connect(self._on_progressed)
        self.changed.emit()

    @Slot()
    def stop(self) -> None:
        """Stop after the page under way; what has arrived is kept."""
        self._stopping = True

    def work(self, job: Job, purse: exchange.Purse) -> exchange.Report:
        """One sync, on the free lane."""
        def watch(progress: exchange.Progress) -> None:
            self.progress = progress
            job.report(progress.done, progress.total)

        return exchange.sync(self._workspace, progress=watch, stop=lambda: self._stopping or job.cancelled, purse=purse)

    def _estimate(self, _job: Job) -> exchange.Estimate:
        return exchange.estimate(self._workspace)

    def _on_told(self, estimate: exchange.Estimate) -> None:
        self._asking, self.estimate = None, estimate
        self.changed.emit()

    def _on_not_told(self, error: Exception) -> None:
        self._asking = None
        if not isinstance(error, Failure):
            raise error
        self.failure = error
        self.changed.emit()

    @Slot(object)
    def _on_progressed(self, _progress: Shown) -> None:
        self.changed.emit()

    def _on_done(self, report: exchange.Report) -> None:
        if self.report is not None and not report.brought:  # syncs go on by themselves: what was brought is told until something else is
            report.brought = self.report.brought
        self._task, self.progress, self.report, self.held = None, None, report, tuple(report.held)
        self.changed.emit()
        self.ended.emit(report)

    def _on_failed(self, error: Exception) -> None:
        self._task, self.progress = None, None
        if not isinstance(error, Failure):
            raise error
        if isinstance(error, exchange.KeptBack):  # nothing went wrong
            self.kept_back = error
            self.changed.emit()
            return
        self.failure = None if isinstance(error, Cancelled) else error
        self.changed.emit()
        self.failed.emit(error)

    @property
    def offline(self) -> bool:
        """Whether the last try found no server."""
        return isinstance(self.failure, Offline)


class _Work:
    """One sync with what it may spend."""

    def __init__(self, syncer: Syncer, purse: exchange.Purse) -> None:
        self._syncer, self._purse = syncer, purse

    def __call__(self, job: Job) -> exchange.Report:
        return self._syncer.work(job, self._purse)


def waiting_words(n: int) -> str:
    """`3 changes wait`."""
    return tn("{n} change waits", "{n} changes wait", n)
