"""A place that nothing opens any more: what happened, and the two ways on; knows no key and no file."""

from __future__ import annotations

from PySide6.QtCore import Signal

from desktop.kit.buttons import button
from desktop.kit.text import Paragraph
from desktop.shell.people.names import shown_name
from desktop.shell.people.sheet import Sheet, Step
from desktop.shell.people.tiles import Badge
from i18n import Text, t

__all__ = ["Unopened"]


class Unopened(Sheet):
    """Signals: `restore_wanted()`; `anew_wanted(name)`: set the files aside and begin anew. Attribute: `name`."""

    restore_wanted = Signal()
    anew_wanted = Signal(str)

    def __init__(self, name: str, why: str | Text) -> None:
        super().__init__(t("The place of {name} does not open", name=shown_name(name)))
        self.name = name
        step = _UnopenedStep(name, why)
        step.restore_wanted.connect(self.restore_wanted)
        self.restore, self.anew = step.go, button(t("Begin anew"), self._begin_anew, kind="quiet")
        step.acts.insertWidget(1, self.anew)
        self.show_step(step)

    def _begin_anew(self) -> None:
        self.anew_wanted.emit(self.name)


class _UnopenedStep(Step):
    """Signals: `restore_wanted()`."""

    restore_wanted = Signal()

    def __init__(self, name: str, why: str | Text) -> None:
        super().__init__(t("The place of {name} does not open", name=shown_name(name)), "", t("Restore a backup"), badge=Badge(icon="warning"))
        self.body.addWidget(Paragraph(why))
        for line in (
            t("With a backup everything comes back, also what was written here since, if the file itself still reads."),
            t("Without one, begin anew and join with a new code: what the network has accepted comes back by itself. What was not sent stays in the"
              " file, which is set aside and not deleted."),
        ):
            self.body.addWidget(Paragraph(line, "muted"))

    def submit(self) -> None:
        self.restore_wanted.emit()
