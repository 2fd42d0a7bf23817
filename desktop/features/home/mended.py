"""The card that says what opening mended: what was damaged, what was saved, that nothing is to be done; knows no file."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication

from desktop.kit.buttons import button
from desktop.kit.cards import Card, row
from desktop.kit.text import Label, Paragraph
from i18n import Text, t
from sync.mending_report import report

__all__ = ["MendedCard"]


class MendedCard(Card):
    """Signals: `read()` when its reader has understood. Attributes: `copy`, `understood`, the buttons."""

    read = Signal()

    def __init__(self, repaired: Sequence[Text], now: int) -> None:
        super().__init__(t("A file on this PC was damaged, and is mended"), icon="verified", gap=10)
        self._repaired, self._now = list(repaired), now
        for one in self._repaired:
            self.body.addWidget(Paragraph(one))
        self.body.addWidget(Paragraph(t("There is nothing to do: your work is here, and what is missing of the network comes with the next"
                                        " synchronisation. If it happens again, this disk may be wearing out: make a backup."), "muted"))
        foot = row(gap=8)
        self.understood = button(t("I have read it"), self._understand, kind="primary")
        self.copy = button(t("Copy a report"), self._copy, icon="copy", name=t("Copy a report without names, for whoever helps"))
        self.said = Label("", "small")
        foot.addWidget(self.understood)
        foot.addWidget(self.copy)
        foot.addWidget(self.said, 1)
        self.body.addLayout(foot)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(report(self._repaired, self._now))
        self.said.setText(t("Copied, without any name."))

    def _understand(self) -> None:
        self.read.emit()
