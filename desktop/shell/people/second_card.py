"""What the preferences offer to a member: another computer of theirs, by a code that is shown once; knows no vault."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame

from desktop.kit.buttons import button
from desktop.kit.cards import Card, column, row
from desktop.kit.tasks import Job, Lane
from desktop.kit.text import Label, Paragraph, keep_ltr
from desktop.shell.feature import Context
from i18n import t
from sync import second_device
from sync.errors import Failure
from sync.second_device import Made

__all__ = ["SecondCard"]


class SecondCard(Card):
    """The offer, then the code. Attribute: `code`."""

    def __init__(self, context: Context) -> None:
        super().__init__(gap=16)
        self.setAccessibleName(t("Another computer of yours"))
        self._context = context
        line = row(gap=16)
        words = column(gap=2)
        words.addWidget(Label(t("Another computer of yours"), "label", wrap=True))
        self.said = Paragraph(t("Take your place to another PC, notes included. Nobody has to invite you again."), "small")
        words.addWidget(self.said)
        line.addLayout(words, 1)
        self.act = button(t("Add another computer"), self._make, icon="computer")
        line.addWidget(self.act)
        self.body.addLayout(line)
        self._box = QFrame()
        self._box.setProperty("part", "segments")
        inside = column(self._box, margin=16)
        self.code = Label("", "title", wrap=True, anchor="centre", selectable=True)
        inside.addWidget(self.code)
        self._box.hide()
        self.body.addWidget(self._box)

    def _make(self) -> None:
        self.act.setEnabled(False)
        self._context.tasks.run(Lane.DATA, self._work, self._on_made, self._on_failed)

    def _work(self, _job: Job) -> Made:
        return second_device.make(self._context.workspace)

    def _on_made(self, made: Made) -> None:
        self.act.setEnabled(True)
        self.act.setText(t("Make another code"))
        self.code.setText(keep_ltr(made.code.replace("-", "-\u200b")))
        self.code.setAccessibleName(t("Code for the other computer: {code}", code=made.code))
        self._box.show()
        self.said.setText(t("Write this code down: it is shown only now. Synchronise here if you can, then copy to a stick or share nearby. On the"
                            " other PC read it, choose “Join the network”, “I have another PC”, and type the code."))

    def _on_failed(self, error: Exception) -> None:
        self.act.setEnabled(True)
        self.said.setText(str(error) if isinstance(error, Failure) else t("This did not work. Nothing was changed; try again."))
        if not isinstance(error, Failure):
            raise error
