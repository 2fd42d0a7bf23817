"""The file of a note in one line: its name, its size, and what can be done with it; does nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from desktop.features.notes.about_line import shorten
from desktop.kit.banner import Banner
from desktop.kit.buttons import button, icon_button
from desktop.kit.cards import column, row
from desktop.kit.text import Label, isolate
from i18n import t
from i18n.values import size
from sync.private_files import clear_size

__all__ = ["FileLine"]

LONGEST = 36  # characters of a name on the button; all of it is its tool tip


class FileLine(QWidget):
    """Hidden while there is no file and nothing goes on.

    Signals: `read_requested()`, `fetch_requested()`, `stop_requested()`, `copy_agreed()` once somebody knows what a copy is, `remove_requested()`.
    Attributes: `link` reads or fetches; `stop`; `copy`; `remove`; `question`, the banner that asks about a copy, or None.
    """

    read_requested = Signal()
    fetch_requested = Signal()
    stop_requested = Signal()
    copy_agreed = Signal()
    remove_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._here = False
        self.question: Banner | None = None
        self._body = column(self, gap=4)
        line = row(gap=4)
        self.link = button("", self._act, kind="link", icon="attach")
        self.said = Label("", "small", anchor="middle")
        self.stop = button(t("Stop"), self.stop_requested.emit, kind="quiet", icon="stop")
        self.copy = icon_button("save", t("Save a copy outside Dalil"), self.ask, ink="muted")
        self.remove = icon_button("close", t("Take the file away"), self.remove_requested.emit, ink="muted")
        for one in (self.link, self.said, self.stop, self.copy, self.remove):
            line.addWidget(one, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addStretch(1)
        self._body.addLayout(line)
        self.show_file(None, here=False, closed=False)

    def show_file(self, value: Mapping[str, Any] | None, *, here: bool, closed: bool, moving: str = "") -> None:
        """Show a file, or none. `here`: it is on this PC; `closed`: nothing may be changed; `moving`: what goes on with it, in words."""
        self._here = here
        self.drop_question()
        self.setVisible(value is not None or bool(moving))
        self.link.setVisible(value is not None and not moving)
        self.stop.setVisible(bool(moving))
        self.copy.setVisible(here and not moving)
        self.remove.setVisible(value is not None and not closed and not moving)
        self.said.setText(moving)
        if value is not None:
            name = str(value.get("name") or t("A file"))
            weight = size(clear_size(value))
            self.link.setText(shorten(name, LONGEST).replace("&", "&&"))
            words = t("Read “{name}”", name=isolate(name)) if here else t("Fetch “{name}”, {size}", name=isolate(name), size=weight)
            self.link.setToolTip(words)
            self.link.setAccessibleName(words)
            if not moving:
                self.said.setText(weight if here else t("{size}, not on this PC yet", size=weight))

    @Slot()
    def ask(self) -> None:
        """Say what a copy is before one is made; asked again, say nothing more."""
        if self.question is not None:
            self.drop_question()
            return
        self.question = Banner(t("A copy outside Dalil is not encrypted: whoever uses this PC or the stick it is on can read it."), tone="attention",
                               icon="unlock", action=t("Choose where"), on_action=self._agree)
        self._body.addWidget(self.question)
        self.question.action.setFocus(Qt.FocusReason.OtherFocusReason)

    def drop_question(self) -> None:
        """Ask no more."""
        if self.question is not None:
            self._body.removeWidget(self.question)
            self.question.hide()
            self.question.deleteLater()
            self.question = None

    def _agree(self) -> None:
        self.drop_question()
        self.copy_agreed.emit()

    def _act(self) -> None:
        (self.read_requested if self._here else self.fetch_requested).emit()
