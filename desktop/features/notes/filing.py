"""What becomes of a note's file: attached, fetched, copied out, taken away with a way back; draws nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Slot

from desktop.features.notes.desk import Desk
from desktop.features.notes.shelf import NOTE
from desktop.features.notes.work import Paper
from desktop.kit.file_dialog import chosen_file, chosen_target
from desktop.kit.tasks import Job, Lane, Progress
from desktop.shell.feature import Context
from desktop.shell.spending import limits_in, rules_of
from i18n import t
from i18n.values import size
from resources import kept_files
from sync import exchange
from sync.errors import Cancelled, Failure
from sync.private_files import save_copy
from sync.spending import Occasion

__all__ = ["Filing"]


class Filing(QObject):
    """Works for the note that lies on the desk; one file at a time. Attribute: `under_way`, what goes on, or None."""

    def __init__(self, context: Context, desk: Desk) -> None:
        super().__init__(desk)
        self._context, self._ws, self._desk = context, context.workspace, desk
        self.under_way: _Act | None = None
        self._kept_back = ""  # the file that the month's limit kept back: asked again, it comes all the same
        desk.attach_requested.connect(self.choose)
        desk.file.fetch_requested.connect(self.fetch)
        desk.file.stop_requested.connect(self._on_stop_requested)
        desk.file.copy_agreed.connect(self._on_copy_agreed)
        desk.file.remove_requested.connect(self.remove)

    @Slot()
    def choose(self) -> None:
        """Let the person choose a file and attach it."""
        path = chosen_file(self._desk, t("Choose a file"))
        if path is not None:
            self.attach(path)

    def attach(self, path: Path) -> None:
        """Encrypt a copy of a file and give it to the note; the source stays where it is."""
        act = _Act(self, self._desk.paper, t("The file is being encrypted…"))
        self._begin(act, lambda job: kept_files.take(self._ws, path, NOTE), act.put)

    @Slot()
    def fetch(self) -> None:
        """Bring the file here, from where an earlier attempt was cut."""
        paper = self._desk.paper
        value = paper.file
        occasion = Occasion.ANYWAY if self._kept_back == value["sha256"] else Occasion.ASKED
        purse = exchange.Purse(self._ws, rules_of(limits_in(self._ws.folder).choices), occasion)
        act = _Act(self, paper, t("On its way"))

        def work(job: Job) -> Mapping[str, Any]:
            def watch(told: exchange.Progress) -> None:
                job.report(told.done, told.total)

            exchange.fetch(self._ws, value["sha256"], int(value["size"]), watch, lambda: act.stopping, purse=purse)
            return dict(value)

        self._begin(act, work, act.show)

    def copy_to(self, target: Path) -> None:
        """Write a copy in clear where somebody wants it."""
        paper = self._desk.paper
        act = _Act(self, paper, t("The copy is being written…"))
        said = t("The copy is written: {name}", name=target.name)
        self._begin(act, lambda job: save_copy(self._ws.files, paper.file, target), lambda _bytes: self.notify(said))

    @Slot()
    def remove(self) -> None:
        """Take the file away from the note; the notice at the foot of the window brings it back."""
        paper = self._desk.paper
        self._context.tasks.run(Lane.DATA, _Put(self._ws, paper.id, None), _Removed(self, paper, paper.file), self._on_failed, owner=self)

    def put(self, paper: Paper, value: Mapping[str, Any] | None) -> None:
        """Write a file into a note."""
        self._context.tasks.run(Lane.DATA, _Put(self._ws, paper.id, value), _Shown(self, paper), self._on_failed, owner=self)

    def show(self, paper: Paper, value: Mapping[str, Any] | None) -> None:
        """The note has this file now."""
        if self._desk.paper is not None and self._desk.paper.id == paper.id:
            self._desk.paper.file = None if value is None else dict(value)
            self._desk.paper.here = value is not None
        self.renew()

    def renew(self) -> None:
        """Show how the file of the note in sight stands."""
        act = self.under_way
        mine = act is not None and self._desk.paper is not None and self._desk.paper.id == act.paper.id
        self._desk.show_file(act.said if act is not None and mine else "")

    def end(self, act: _Act, error: Exception | None = None) -> None:
        """What was under way is over; a failure is said."""
        if self.under_way is act:
            self.under_way = None
        self.renew()
        if isinstance(error, exchange.KeptBack):
            self._kept_back = act.paper.file["sha256"]
        if error is not None and not isinstance(error, Cancelled):
            self._on_failed(error)

    def notify(self, text: str, action: str = "", on_action: Any = None) -> None:
        """Say something at the foot of the window."""
        self._context.notify(text, action, on_action)

    def _begin(self, act: _Act, work: Any, done: Any) -> None:
        if self.under_way is not None:
            self.notify(t("Another file is under way. Wait for it, or stop it."))
            return
        self.under_way = act
        task = self._context.tasks.run(Lane.FREE, work, act.finished(done), act.fail, owner=self)
        if self.under_way is act:  # one that runs inline is over already
            act.task = task
            task.progressed.connect(act.on_progressed)
        self.renew()

    def _on_failed(self, error: Exception) -> None:
        self.notify(str(error) if isinstance(error, Failure) else t("This was not saved: {why}", why=str(error)))
        if not isinstance(error, Failure):
            raise error

    @Slot()
    def _on_stop_requested(self) -> None:
        act = self.under_way
        if act is not None:
            act.stopping = True
            if not act.resumable and act.task is not None:
                act.task.cancel()
                self.end(act)

    @Slot()
    def _on_copy_agreed(self) -> None:
        value = self._desk.paper.file
        target = chosen_target(self._desk, t("Save a copy outside Dalil"), str(value.get("name") or ""))
        if target is not None:
            self.copy_to(target)


class _Act(QObject):
    """One thing that is done with a file: whose note it is, how it is said, whether it shall stop."""

    def __init__(self, filing: Filing, paper: Paper, said: str) -> None:
        super().__init__(filing)
        self._filing, self.paper, self._words, self.said = filing, paper, said, said
        self.stopping, self.resumable, self.task = False, False, None

    def finished(self, done: Any) -> Any:
        """What to call with the outcome."""
        def call(outcome: Any) -> None:
            self._filing.end(self)
            done(outcome)
            self.deleteLater()

        return call

    def put(self, value: Mapping[str, Any]) -> None:
        self._filing.put(self.paper, value)

    def show(self, value: Mapping[str, Any]) -> None:
        self._filing.show(self.paper, value)

    def fail(self, error: Exception) -> None:
        self._filing.end(self, error)
        self.deleteLater()

    @Slot(object)
    def on_progressed(self, progress: Progress) -> None:
        self.resumable = True
        self.said = t("{done} of {size}", done=size(int(progress.done)), size=size(int(progress.total)))
        self._filing.renew()


class _Put:
    """Writes a file into a note, which begins with it if it was never saved, or takes it away; answers it."""

    def __init__(self, ws: Any, id: str, value: Mapping[str, Any] | None) -> None:
        self._ws, self._id, self._value = ws, id, value

    def __call__(self, _job: Job) -> Mapping[str, Any] | None:
        ws, value = self._ws, self._value
        with ws.together():
            if not ws.by_ids(NOTE, [self._id]):
                ws.add(NOTE, {"file": value}, id=self._id)
            else:
                before = ws.get(NOTE, self._id)["file"]
                ws.edit(NOTE, self._id, {"file": value})
                if before is not None and before != value:
                    kept_files.withdraw(ws, before["sha256"])
            if value is not None:
                ws.offer(value["sha256"], value["size"])
        return value


class _Shown:
    """Shows what was written, when it is called."""

    def __init__(self, filing: Filing, paper: Paper) -> None:
        self._filing, self._paper = filing, paper

    def __call__(self, value: Mapping[str, Any] | None) -> None:
        self._filing.show(self._paper, value)


class _Removed:
    """Says that the file is gone, and brings it back."""

    def __init__(self, filing: Filing, paper: Paper, value: Mapping[str, Any]) -> None:
        self._filing, self._paper, self._value = filing, paper, dict(value)

    def __call__(self, _value: None) -> None:
        self._filing.show(self._paper, None)
        self._filing.notify(t("The file is taken away from this note."), t("Undo"), self._bring_back)

    def _bring_back(self) -> None:
        self._filing.put(self._paper, self._value)
