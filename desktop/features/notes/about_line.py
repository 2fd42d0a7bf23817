"""The organisation that a note is about: found by typing, shown as a link; knows no record, only its id and name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from desktop.kit.buttons import button, icon_button
from desktop.kit.cards import row
from desktop.kit.forms.kinds import Deliver, Reference
from desktop.kit.forms.reference import ReferenceEditor
from i18n import t

__all__ = ["AboutLine"]

LONGEST = 40  # characters of a name on the button; all of it is its tool tip


def shorten(name: str, most: int) -> str:
    """A name of at most so many characters."""
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


class AboutLine(QWidget):
    """Hidden while there is none and nobody looks for one.

    Signals: `edited()`; `open_requested(id)`. Attributes: `id` of the organisation or "", `name` of it; `link`, `finder`.
    """

    edited = Signal()
    open_requested = Signal(str)

    def __init__(self, find: Callable[[str, Deliver], None]) -> None:
        super().__init__()
        self.id = self.name = ""
        line = row(self, gap=4)
        self.link = button("", self._open, kind="link", icon="organisation")
        self.finder = ReferenceEditor(Reference(find, self._label_of, t("Which organisation is this note about?")), t("About"))
        self.finder.edited.connect(self._on_finder_edited)
        self.remove = icon_button("close", t("Take the link away"), self._drop, ink="muted")
        line.addWidget(self.link)
        line.addWidget(self.finder, 1)
        line.addWidget(self.remove)
        line.addStretch(1)
        self.show_about("", "")

    def show_about(self, id: str, name: str) -> None:
        """Show this link, or none for ""."""
        self.id, self.name = id, name or (t("an organisation that is not on this PC") if id else "")
        words = t("About: {name}", name=self.name)
        self.link.setText(t("About: {name}", name=shorten(self.name, LONGEST)).replace("&", "&&"))
        self.link.setToolTip(words)
        self.link.setAccessibleName(words)
        self.link.setVisible(bool(id))
        self.finder.hide()
        self.setVisible(bool(id))

    @Slot()
    def begin(self) -> None:
        """Let the person look for one."""
        self.setVisible(True)
        self.link.hide()
        self.finder.set_value(None)
        self.finder.show()
        self.finder.focus()

    def _label_of(self, _id: str) -> str:
        return self.name

    def _open(self) -> None:
        self.open_requested.emit(self.id)

    def _drop(self) -> None:
        had = self.id
        self.show_about("", "")
        if had:
            self.edited.emit()

    @Slot()
    def _on_finder_edited(self) -> None:
        found = self.finder.value()
        if found:
            self.show_about(found, self.finder.inputs()[0].text())
            self.edited.emit()
