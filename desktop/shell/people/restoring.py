"""Taking a backup back, step by step: where it lies, the phrase that opens it, how far it is; knows no window and no session."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QProgressBar

from desktop.kit.banner import Banner
from desktop.kit.buttons import button
from desktop.kit.file_dialog import chosen_folder
from desktop.kit.tasks import Job, Lane, Runner
from desktop.kit.text import Label, Paragraph
from desktop.shell.backup_work import Telling, day_of, progress_said
from desktop.shell.people.ask import AskStep
from desktop.shell.people.names import refusal_of, shown_name
from desktop.shell.people.sheet import Sheet, Step
from desktop.shell.people.steps import NameStep
from desktop.shell.people.tiles import Badge
from desktop.terminal import opening
from i18n import Text, t, tn
from i18n.values import size
from sync import backup_folder, restoring
from sync.backup_folder import Manifest
from sync.errors import Failure, Locked
from sync.people import People
from sync.relay.courier import Progress
from sync.restoring import Opened, Restored

__all__ = ["Restoring"]


class Restoring(Sheet):
    """Signals: `done(name, key)` when it is back, the key that of the vault. Attribute: `progress`, while it goes on."""

    done = Signal(str, object)

    def __init__(self, folder: Path, people: People, tasks: Runner) -> None:
        super().__init__(t("Restore a backup"))
        self.folder, self.people, self.tasks = folder, people, tasks
        self.name = ""
        self.progress: Progress | None = None
        self._place, self._secret, self._by_code = Path(), "", False
        self._found: Opened | None = None
        self._stop_asked = False
        self._ask_place()

    def go_back(self) -> None:
        if self.step is not None and self.step.is_busy:
            return
        if isinstance(self.step, _PlaceStep) or not self.back.isVisibleTo(self):
            super().go_back()
        else:
            self._ask_place()

    def stopping(self) -> bool:
        """Whether a person asked to stop; asked from the lane's thread."""
        return self._stop_asked

    def _ask_place(self) -> None:
        step = _PlaceStep()
        step.chosen.connect(self.look)
        self.show_step(step)

    @Slot(object)
    def look(self, place: Path) -> None:
        """See which backups are there."""
        self._place = place
        self.step.say(t("One moment…"), busy=True)
        self.tasks.run(Lane.FREE, self._look, self._on_looked, self._on_failed)

    def _look(self, _job: Job) -> list[Manifest]:
        return [manifest for _, manifest in backup_folder.whole_on(self._place)]

    def _on_looked(self, found: list[Manifest]) -> None:
        days = [t("{day}, {size}", day=day_of(one.made), size=size(one.bytes)) for one in found[:4]]
        said = tn("On this stick there is {n} backup: {days}.", "On this stick there are {n} backups: {days}. Your phrase opens yours.", len(found),
                  days=" · ".join(days))
        self._said = said
        self._ask_secret(code=False)

    def _ask_secret(self, *, code: bool) -> None:
        self._by_code = code
        label = t("Recovery code") if code else t("Your phrase")
        step = AskStep(t("Open the backup"), self._said, label, t("Go on"), badge=Badge(icon="lock"), hidden=not code, ltr=code)
        words, other = (t("Use my phrase"), self._with_phrase) if code else (t("Use the recovery code"), self._with_code)
        step.acts.addWidget(button(words, other, kind="quiet"))
        step.answered.connect(self._on_secret_answered)
        self.show_step(step)

    def _with_phrase(self) -> None:
        self._ask_secret(code=False)

    def _with_code(self) -> None:
        self._ask_secret(code=True)

    @Slot(str)
    def _on_secret_answered(self, secret: str) -> None:
        self._secret = secret
        self.step.say(t("Opening…"), busy=True)
        self.tasks.run(Lane.FREE, self._unlock, self._on_unlocked, self._on_failed)

    def _unlock(self, _job: Job) -> Opened:
        return restoring.unlock(self._place, self._secret, code=self._by_code)

    def _on_unlocked(self, found: Opened) -> None:
        self._secret, self._found, self.name = "", found, found.about.name
        step = _OfferStep(found)
        step.wanted.connect(self._restore)
        self.show_step(step)

    @Slot()
    def _restore(self) -> None:
        self._stop_asked, self.progress = False, None
        step = _RunningStep()
        step.stop_asked.connect(self._on_stop_asked)
        self.show_step(step, back=False)
        task = self.tasks.run(Lane.FREE, self._work, self._on_restored, self._on_not_restored)
        task.progressed.connect(self._on_progressed)

    def _work(self, job: Job) -> Restored:
        return restoring.restore(self.folder, self.people, self._found, lambda name, key: opening.workspace(self.folder, name, key=key),
                                 self.name, Telling(job, self), self.stopping)

    @Slot(object)
    def _on_progressed(self, _shown: object) -> None:
        if isinstance(self.step, _RunningStep):
            self.step.show_progress(self.progress)

    @Slot()
    def _on_stop_asked(self) -> None:
        self._stop_asked = True

    def _on_restored(self, done: Restored) -> None:
        self.name = done.name
        step = _DoneStep(done, self._found, by_code=self._by_code)
        step.opened.connect(self._on_open_asked)
        self.show_step(step, back=False)

    @Slot()
    def _on_open_asked(self) -> None:
        found, self._found = self._found, None
        self.done.emit(self.name, found.key)

    def _on_not_restored(self, error: Exception) -> None:
        if isinstance(error, Failure) and error.code == "exists":
            step = NameStep(self._refusal, "", title=t("Under another name"), text=error.message)
            step.chosen.connect(self._on_name_chosen)
            self.show_step(step)
            return
        self._on_unlocked(self._found)
        self._refuse(error)

    def _refusal(self, name: str) -> Text | None:
        return refusal_of(name, [one.name for one in self.people.all()])

    @Slot(str)
    def _on_name_chosen(self, name: str) -> None:
        self.name = name
        self._restore()

    def _on_failed(self, error: Exception) -> None:
        self._secret = ""
        self._refuse(error)

    def _refuse(self, error: Exception) -> None:
        words = error.message if isinstance(error, Failure) else Text("This did not work. Nothing was changed; try again.")
        self.step.say()
        self.step.refuse(words, error.wait if isinstance(error, Locked) else 0)
        if not isinstance(error, Failure):
            raise error


class _PlaceStep(Step):
    """Where the backup lies. Signals: `chosen(Path)`."""

    chosen = Signal(object)

    def __init__(self) -> None:
        text = t("Plug in the stick with the backup, then choose it. Your phrase, or your recovery code, opens it here as it did where it was made."
                 " No network is needed.")
        super().__init__(t("Restore a backup"), text, t("Choose the stick or folder"), badge=Badge(icon="usb"))

    def submit(self) -> None:
        if found := chosen_folder(self, t("Choose the stick or folder")):
            self.chosen.emit(Path(found))


class _OfferStep(Step):
    """Whose it is and what it holds. Signals: `wanted()`."""

    wanted = Signal()

    def __init__(self, found: Opened) -> None:
        super().__init__(t("The backup of {name}", name=shown_name(found.about.name)), t("Made on {day}.", day=day_of(found.manifest.made)),
                         t("Restore"), badge=Badge(icon="import"))
        lines = [tn("{n} change waits in it to be sent.", "{n} changes wait in it to be sent.", found.about.waiting), t("In all: {size}.",
                 size=size(found.bytes))]
        if found.about.files:
            lines.append(tn("{n} document.", "{n} documents.", len(found.about.files)))
        for line in lines:
            self.body.addWidget(Paragraph(line))
        self.body.addWidget(Paragraph(t("Nothing that is on this PC is lost. Where the old PC still works, both may go on: the network keeps"
                                        " what each of them wrote."), "small"))

    def submit(self) -> None:
        self.wanted.emit()


class _RunningStep(Step):
    """How far it is. Signals: `stop_asked()`."""

    stop_asked = Signal()

    def __init__(self) -> None:
        super().__init__(t("Restoring…"), "", t("Stop"), badge=Badge(icon="import"))
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(t("How far the backup is"))
        self.words = Label(progress_said(None), "small")
        self.body.addWidget(self.bar)
        self.body.addWidget(self.words)
        self.go.setProperty("kind", "")

    def submit(self) -> None:
        self.go.setEnabled(False)
        self.go.setText(t("Stopping…"))
        self.stop_asked.emit()

    def show_progress(self, progress: Progress | None) -> None:
        """How far it is."""
        self.words.setText(progress_said(progress))
        if progress is not None and progress.total:
            self.bar.setRange(0, 1000)
            self.bar.setValue(progress.done * 1000 // progress.total)


class _DoneStep(Step):
    """It is back. Signals: `opened()`."""

    opened = Signal()

    def __init__(self, done: Restored, found: Opened, *, by_code: bool) -> None:
        from desktop.terminal.commands.backup import said

        new = done.how != "taken" or bool(done.lacked.waiting + done.lacked.refused + done.lacked.drafts)
        title = t("Your place is here again") if new else t("Nothing was missing here")
        super().__init__(title, "", t("Open"), badge=Badge(icon="verified"))
        self.body.addWidget(Banner(said(done, found), tone="good"))
        if by_code:
            self.body.addWidget(Paragraph(t("Then choose a new phrase, with this same code: “I forgot my phrase”, where one comes in.")))
        for one in dict.fromkeys(map(str, done.set_aside)):
            self.body.addWidget(Paragraph(one, "small"))

    def submit(self) -> None:
        self.opened.emit()
