"""A first copy from a stick, on a PC that never saw a network: choose it, compare whose it is, read it; knows no person and no vault."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame

from desktop.kit.banner import Banner
from desktop.kit.buttons import button
from desktop.kit.cards import column
from desktop.kit.file_dialog import chosen_folder
from desktop.kit.tasks import Job, Lane, Progress, Runner
from desktop.kit.text import Label, Paragraph, keep_ltr
from desktop.shell.people.sheet import Sheet, Step
from desktop.shell.people.tiles import Badge
from desktop.shell.stick_said import progress_said, seen_said
from desktop.terminal import opening
from i18n import t, tn
from sync.errors import Cancelled, Failure
from sync.relay import courier

__all__ = ["ReadingStick"]


class ReadingStick(Sheet):
    """Signals: `done()` when the copy is here and somebody wants to look at it. Attributes: `place` of the stick; `trust`, what was compared."""

    done = Signal()

    def __init__(self, folder: Path, tasks: Runner) -> None:
        """`folder`: the data folder that takes the copy."""
        super().__init__(t("Read a stick"))
        self.folder, self.tasks = folder, tasks
        self.place, self.trust = Path(), ""
        self._stop = False
        self.ask_place()

    def ask_place(self) -> None:
        """Ask which stick."""
        self.trust = ""
        said = t("This PC has no copy of the network yet. Choose the stick that the secretariat or another association gave you: everything public"
                 " on it can then be read here, without a name and without a network.")
        step = _Act(t("Read a stick"), said, t("Choose the stick"), "usb")
        step.going.connect(self._on_place_asked)
        self.show_step(step)

    def look(self, place: Path) -> None:
        """Look at what is there."""
        self.place = place
        self.step.say(t("Looking at the stick…"), busy=True)
        self.tasks.run(Lane.FREE, self._look, self._on_looked, self._on_failed, owner=self)

    def go_back(self) -> None:
        """One step back; what is being read is stopped first, and leaves nothing half done."""
        if self.step is not None and self.step.is_busy:
            self._stop = True
        elif isinstance(self.step, _Act) and self.step.first:
            super().go_back()
        else:
            self.ask_place()

    def _look(self, _job: Job) -> courier.Seen:
        with closing(opening.guest(self.folder)) as ws:
            return courier.look(ws, self.place, self.trust)

    def _read(self, job: Job) -> courier.Read:
        def watch(progress: courier.Progress) -> None:
            job.report(progress.done, progress.total, progress.step)

        with closing(opening.guest(self.folder)) as ws:
            return courier.read(ws, self.place, self.trust, watch, lambda: self._stop or job.cancelled)

    def _on_looked(self, seen: courier.Seen) -> None:
        step = _Act(t("What is on the stick"), "", t("Read it"), "import", first=False)
        for line in seen_said(seen):
            step.body.addWidget(Paragraph(line))
        step.going.connect(self._on_read_asked)
        self.show_step(step)

    def _on_failed(self, error: Exception) -> None:
        self._stop = False
        if isinstance(error, Cancelled):
            self.ask_place()
        elif isinstance(error, Failure) and error.code == "not_trusted":
            self._ask_trust(str(error.message.args.get("network", "")))
        elif isinstance(error, Failure):
            self.ask_place()
            self.step.refuse(error.message)
        else:
            self.ask_place()
            self.step.refuse(t("This did not work. Nothing was changed; try again."))
            raise error

    def _ask_trust(self, network: str) -> None:
        """Whoever made a stick can write anything on it: a person compares whose it is, once."""
        said = t("Compare this code with the one that the secretariat says, on its paper or by telephone."
                 " If one sign differs, somebody else made this stick: do not read it.")
        step = _Act(t("Whose stick is it?"), said, t("It is the same code"), "lock", first=False)
        box = QFrame()
        box.setProperty("part", "segments")
        shown = Label(keep_ltr(network), "title", wrap=True, anchor="centre", selectable=True)
        shown.setAccessibleName(t("Code of the network: {code}", code=network))
        column(box, margin=16).addWidget(shown)
        step.body.addWidget(box)
        step.network = network
        step.acts.addWidget(button(t("It is another one"), self.ask_place))
        step.going.connect(self._on_trusted)
        self.show_step(step)

    @Slot()
    def _on_place_asked(self) -> None:
        found = chosen_folder(self, t("Choose the stick"))
        if found:
            self.look(Path(found))

    @Slot()
    def _on_trusted(self) -> None:
        self.trust = self.step.network
        self.look(self.place)

    @Slot()
    def _on_read_asked(self) -> None:
        self._stop = False
        self.step.say(progress_said(None), busy=True)
        task = self.tasks.run(Lane.FREE, self._read, self._on_read, self._on_failed, owner=self)
        task.progressed.connect(self._on_progressed)

    @Slot(object)
    def _on_progressed(self, progress: Progress) -> None:
        if self.step is not None and self.step.is_busy:
            self.step.say(progress_said(courier.Progress(int(progress.done), int(progress.total), progress.text)), busy=True)

    def _on_read(self, found: courier.Read) -> None:
        received = tn("{n} change received", "{n} changes received", found.taken.received)
        step = _Act(t("The copy is here"), received, t("Look at it"), "verified")
        aside = list(dict.fromkeys(str(one) for one in (*found.taken.set_aside, *found.set_aside)))
        if aside:
            step.body.addWidget(Banner("\n".join(aside), tone="attention"))
        step.body.addWidget(Paragraph(t("The stick can be taken out. To write too, add your name on the first screen."), "small"))
        step.going.connect(self.done)
        self.show_step(step)


class _Act(Step):
    """A step with nothing to fill in. Signals: `going()`. Attributes: `first`, whether going back leaves the sheet; `network`."""

    going = Signal()

    def __init__(self, title: str, text: str, go: str, icon: str, *, first: bool = True) -> None:
        super().__init__(title, text, go, badge=Badge(icon=icon))
        self.first, self.network = first, ""

    def submit(self) -> None:
        if not self.is_busy:
            self.going.emit()

    def take_keyboard(self) -> None:
        self.go.setFocus(Qt.FocusReason.OtherFocusReason)
