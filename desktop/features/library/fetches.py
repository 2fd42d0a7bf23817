"""Files on their way here, wherever in the library one looks meanwhile; knows no widget and no record."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from desktop.kit.tasks import Job, Lane, Progress, Runner
from sync import exchange
from sync.errors import Cancelled, Failure
from sync.spending import Occasion, Rules

__all__ = ["Fetch", "Fetches"]

Bring = Callable[..., Path]


@dataclass
class Fetch:
    """One file on its way: bytes here of `size`, since when (seconds of a steady clock) and from which byte on."""

    sha256: str
    size: int
    done: int = 0
    begun: float = 0.0
    first: int = -1
    stopping: bool = False
    insisted: bool = False

    def seconds_left(self, now: float) -> float | None:
        """How long it still takes at the speed so far; None in the first moments."""
        moved, spent = self.done - self.first, now - self.begun
        if self.first < 0 or moved <= 0 or spent < 1:
            return None
        return (self.size - self.done) * spent / moved


class Fetches(QObject):
    """Fetches by hash, one at a time each.

    Signals: `changed(sha256)` whenever one moves or ends. Attribute: `failures`, the last one by hash.
    """

    changed = Signal(str)

    def __init__(self, workspace: Any, tasks: Runner, bring: Bring = exchange.fetch, clock: Callable[[], float] = time.monotonic,
                 rules: Callable[[], Rules] = Rules) -> None:
        super().__init__()
        self.rules = rules
        self._ws, self._tasks, self._bring, self.clock = workspace, tasks, bring, clock
        self._under_way: dict[str, Fetch] = {}
        self.failures: dict[str, Failure] = {}

    def of(self, sha256: str) -> Fetch | None:
        """The fetch of a file, if it is under way."""
        return self._under_way.get(sha256)

    def begin(self, sha256: str, size: int) -> None:
        """Bring a file here, from where an earlier attempt was cut. Asked again after the month's limit kept it back, it comes all the same."""
        if sha256 in self._under_way:
            return
        kept = self.failures.pop(sha256, None)
        fetch = Fetch(sha256, size, begun=self.clock(), insisted=isinstance(kept, exchange.KeptBack))
        self._under_way[sha256] = fetch
        run = _Run(self, fetch)
        task = self._tasks.run(Lane.FREE, run.work, run.on_done, run.on_failed, owner=self)
        if sha256 in self._under_way:  # one that runs inline is over already
            task.progressed.connect(run.on_progressed)
        self.changed.emit(sha256)

    def stop(self, sha256: str) -> None:
        """Stop; what has arrived stays for the next attempt."""
        if sha256 in self._under_way:
            self._under_way[sha256].stopping = True
            self.changed.emit(sha256)

    def end(self, fetch: Fetch, failure: Failure | None) -> None:
        self._under_way.pop(fetch.sha256, None)
        if failure is not None and not isinstance(failure, Cancelled):
            self.failures[fetch.sha256] = failure
        self.changed.emit(fetch.sha256)


class _Run(QObject):
    """The work of one fetch and what becomes of it."""

    def __init__(self, owner: Fetches, fetch: Fetch) -> None:
        super().__init__(owner)
        self._owner, self._fetch = owner, fetch

    def work(self, job: Job) -> Path:
        fetch, owner = self._fetch, self._owner

        def watch(progress: exchange.Progress) -> None:
            job.report(progress.done, progress.total)

        purse = exchange.Purse(owner._ws, owner.rules(), Occasion.ANYWAY if fetch.insisted else Occasion.ASKED)
        return owner._bring(owner._ws, fetch.sha256, fetch.size, watch, lambda: fetch.stopping or job.cancelled, purse=purse)

    @Slot(object)
    def on_progressed(self, progress: Progress) -> None:
        fetch = self._fetch
        if fetch.first < 0:
            fetch.first, fetch.begun = int(progress.done), self._owner.clock()
        fetch.done = int(progress.done)
        self._owner.changed.emit(fetch.sha256)

    def on_done(self, _path: Path) -> None:
        self._owner.end(self._fetch, None)
        self.deleteLater()

    def on_failed(self, error: Exception) -> None:
        self._owner.end(self._fetch, error if isinstance(error, Failure) else None)
        self.deleteLater()
        if not isinstance(error, Failure):
            raise error
