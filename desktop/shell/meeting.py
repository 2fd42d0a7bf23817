"""This PC and the others on the local network: shares, looks around, visits, each only when asked to; knows no page and no record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from desktop.kit.tasks import Job, Lane, Runner, Task
from desktop.kit.tasks import Progress as Shown
from desktop.terminal import opening
from i18n import t
from sync.errors import Cancelled, Failure, Refused
from sync.identity import fingerprint
from sync.relay.visiting import Step, Visited, visit

if TYPE_CHECKING:  # few sessions need these libraries, and every start would wait for them
    from sync.relay.lan import Sharing
    from sync.relay.local import Address
    from sync.relay.nearby import Nearby, Neighbour

__all__ = ["Meeting"]


class Meeting(QObject):
    """What goes on with computers nearby. It outlives the pages that show it, and ends with the person's session.

    Signals: `changed()` whenever something may read differently.
    Attributes: `name` that others see; `sharing`, None while nobody may come; `looking`; `visiting` the
    name of whoever is visited, or ""; `step` how far that is; `met` what the last visit did, or None;
    `failure` why the last deed failed, or None; `unseen` why others cannot find this computer, or None.
    """

    changed = Signal()
    _moved = Signal()  # from threads that are not ours to the screen's

    def __init__(self, workspace: Any, tasks: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ws = workspace
        self._tasks = tasks
        self.name = ""
        self.sharing: Sharing | None = None
        self.looking = self.opening = False
        self.visiting = ""
        self.step = Step()
        self.met: Visited | None = None
        self.failure: Failure | None = None
        self.unseen: Failure | None = None
        self._voice: Nearby | None = None
        self._ears: Nearby | None = None
        self._task: Task | None = None
        self._stopping = False
        self._moved.connect(self.changed)

    @property
    def joined(self) -> bool:
        """Whether there is a network whose members could meet."""
        return not self._ws.guest and bool(self._ws.vault.setting("authority"))

    def neighbours(self) -> list[Neighbour]:
        """Who was heard since `look`."""
        return self._ears.found() if self._ears is not None else []

    def share(self, name: str) -> None:
        """Let others come, and let them find this computer."""
        if self.sharing is None and not self.opening:
            self.name, self.failure, self.unseen, self.opening = name, None, None, True
            self._tasks.run(Lane.FREE, self._share, self._on_shared, self._on_failed, owner=self)
            self.changed.emit()

    def unshare(self) -> None:
        """Let nobody in any more."""
        sharing, voice = self.sharing, self._voice
        self.sharing = self._voice = None
        if sharing is not None:
            self._tasks.run(Lane.FREE, lambda _job: _ended(sharing, voice))
        self.changed.emit()

    def look(self) -> None:
        """Hear who shares nearby, from now on."""
        if not self.looking:
            self.looking, self.failure = True, None
            self._tasks.run(Lane.FREE, self._listen, None, self._on_failed, owner=self)
            self.changed.emit()

    def visit(self, address: Address, name: str) -> None:
        """Exchange with the computer there; one visit at a time."""
        if self._task is not None:
            return
        self.visiting, self.met, self.failure, self._stopping, self.step = name, None, None, False, Step()

        def work(job: Job) -> Visited:
            def watch(step: Step) -> None:
                self.step = step
                job.report(step.done, step.total)

            from sync.relay.lan_client import LanCarrier

            return visit(self._ws, LanCarrier(address), network=address.network, watch=watch, stop=lambda: self._stopping or job.cancelled)

        self._task = self._tasks.run(Lane.FREE, work, self._on_met, self._on_failed, owner=self)
        self._task.progressed.connect(self._on_progressed)
        self.changed.emit()

    def stop(self) -> None:
        """Break the visit off; what has arrived is kept."""
        self._stopping = True

    def end(self) -> None:
        """The workspace is about to be closed: nobody is served from it any more, and nobody heard."""
        self._stopping = True
        self.blockSignals(True)
        if self._ears is not None:
            self._ears.close()
        if self.sharing is not None:
            _ended(self.sharing, self._voice)
        self.sharing = self._voice = self._ears = None

    def _network(self) -> str:
        return fingerprint(self._ws.vault.setting("authority")).hex()

    def _share(self, _job: Job) -> tuple[Sharing, Nearby, Failure | None]:
        from sync.relay.lan import Sharing
        from sync.relay.nearby import Nearby

        folder = self._ws.folder
        sharing = Sharing(lambda: opening.guest(folder), self._ws.vault.setting("authority") or b"", name=self.name, told=self._moved.emit)
        sharing.start(self._ws)
        voice = Nearby(sharing.network)
        try:
            voice.announce(self.name, sharing.addresses())
        except Refused as failure:
            return sharing, voice, failure  # whoever types the address comes in all the same
        return sharing, voice, None

    def _on_shared(self, made: tuple[Sharing, Nearby, Failure | None]) -> None:
        self.opening = False
        self.sharing, self._voice, self.unseen = made
        self.changed.emit()

    def _listen(self, _job: Job) -> None:
        from sync.relay.nearby import Nearby

        self._ears = Nearby(self._network(), self._moved.emit)
        self._ears.listen()

    def _on_met(self, found: Visited) -> None:
        self._task = None
        self.met = found
        self.met.name = found.name or self.visiting
        self.visiting = ""
        self.changed.emit()

    def _on_failed(self, error: Exception) -> None:
        self._task = None
        self.visiting, self.opening = "", False
        if not isinstance(error, Failure):
            raise error
        self.looking = self.looking and error.code != "no_network"
        self.failure = None if isinstance(error, Cancelled) else error
        self.changed.emit()

    @Slot(object)
    def _on_progressed(self, _progress: Shown) -> None:
        self.changed.emit()

    def name_of(self, neighbour: Neighbour) -> str:
        """What a computer is called on the screen."""
        return neighbour.name or t("A computer without a name")


def _ended(sharing: Sharing, voice: Nearby | None) -> None:
    if voice is not None:
        voice.close()
    sharing.use(None)
    sharing.stop()
