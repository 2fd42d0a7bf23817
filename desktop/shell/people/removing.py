"""Leaving this PC for good: what is lost, and the sure sign that it may be; knows no vault."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot

from desktop.kit.banner import Banner
from desktop.kit.controls import CheckBox
from desktop.kit.text import Paragraph
from desktop.shell.people.sheet import Sheet, Step
from desktop.shell.people.tiles import Badge
from i18n import t, tn

__all__ = ["Removing"]


class Removing(Sheet):
    """Signals: `remove_requested(confirmed)`, True when what waits may be lost."""

    remove_requested = Signal(bool)

    def __init__(self, name: str, waiting: int) -> None:
        """`waiting`: how many changes have not left this PC."""
        super().__init__(t("Remove me from this PC"))
        step = _RemoveStep(name, waiting)
        step.sure_said.connect(self.remove_requested)
        self.show_step(step)


class _RemoveStep(Step):
    """Signals: `sure_said(confirmed)`."""

    sure_said = Signal(bool)

    def __init__(self, name: str, waiting: int) -> None:
        super().__init__(t("Remove {name} from this PC", name=name), "", t("Remove"), badge=Badge(icon="delete"))
        self._waiting = waiting
        lines = (t("Lost here, for ever: drafts, private notes, and the key with which this PC writes in your name."),
                 t("What the network has accepted stays, under your name. To come back you need a new invitation."))
        for line in lines:
            self.body.addWidget(Paragraph(line))
        self.sure = CheckBox(t("I understand"))
        if waiting:
            said = tn("{n} change has not left this PC and would be lost. Sync first, if you can.",
                      "{n} changes have not left this PC and would be lost. Sync first, if you can.", waiting)
            self.body.addWidget(Banner(said, tone="attention"))
            self.sure.setText(tn("Lose this {n} change", "Lose these {n} changes", waiting))
        self.body.addWidget(self.sure)
        self.sure.toggled.connect(self._on_sure_toggled)
        self.go.setProperty("kind", "danger")
        self.go.setEnabled(False)

    def submit(self) -> None:
        self.say(t("One moment…"), busy=True)
        self.sure_said.emit(self._waiting > 0)

    def take_keyboard(self) -> None:
        self.sure.setFocus()

    @Slot(bool)
    def _on_sure_toggled(self, sure: bool) -> None:
        self.go.setEnabled(sure)
