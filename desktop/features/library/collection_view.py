"""One collection: its titles, why it was made, and its items in their order; knows no form."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from desktop.features.library import words
from desktop.features.library.card_grid import CardGrid
from desktop.features.library.cards import card_of
from desktop.features.library.dossier import Dossier
from desktop.features.library.frame import at_start, beside_margin, second_title, within_margins
from desktop.kit import theme
from desktop.kit.buttons import button, icon_button
from desktop.kit.cards import column, row
from desktop.kit.states import States
from desktop.kit.text import Label, Paragraph
from desktop.kit.tokens import READING
from i18n import t, tn

__all__ = ["CollectionView"]


class CollectionView(QWidget):
    """Signals: `back_requested()`, `edit_requested(kind, id)`, `delete_requested(kind, id)`, `opened(kind, id)`,
    `history_requested(kind, id)`."""

    back_requested = Signal()
    edit_requested = Signal(str, str)
    delete_requested = Signal(str, str)
    opened = Signal(str, str)
    history_requested = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.dossier: Dossier | None = None
        whole = column(self, gap=16)
        whole.addSpacing(theme.px(24))
        self._frame = column(gap=8)
        whole.addLayout(within_margins(self._frame))
        back = button(t("Library"), self.back_requested.emit, kind="quiet", icon="back", name=t("Back to the library"))
        self._frame.addLayout(at_start(back))
        self._head: QWidget | None = None
        self.grid = CardGrid(t("Items"))
        self.grid.opened.connect(self._on_grid_opened)
        self._states = States(self.grid)
        whole.addLayout(beside_margin(self._states), 1)

    def show_dossier(self, dossier: Dossier) -> None:
        """Show this collection."""
        self.dossier = dossier
        old, self._head = self._head, self._made()
        self._frame.insertWidget(1, self._head)
        self._head.show()
        if old is not None:
            self._frame.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.grid.rows.set_rows([card_of(item, kept=item.id in dossier.kept) for item in dossier.items])
        if dossier.items:
            self._states.show_content()
        else:
            may = dossier.refusal is None
            text = t("Edit the collection to choose some.") if may else ""
            self._states.show_empty(t("No item in it yet"), text, t("Edit") if may else "", self._on_edit, icon="collection")

    def _made(self) -> QWidget:
        dossier, record = self.dossier, self.dossier.record
        head = QWidget()
        body = column(head, gap=8)
        line = row(gap=8)
        titles = column(gap=2)
        titles.addWidget(Label(record.title, "page", wrap=True, selectable=True))
        other = words.other_title(record)
        if other:
            titles.addWidget(second_title(other))
        line.addLayout(titles, 1)
        line.addWidget(icon_button("history", t("History of {name}", name=record.title), self._on_history), 0, Qt.AlignmentFlag.AlignTop)
        if dossier.refusal is None:
            self.edit = button(t("Edit"), self._on_edit, icon="edit", name=t("Edit {name}", name=record.title))
            line.addWidget(self.edit, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(icon_button("delete", t("Delete {name}", name=record.title), self._on_delete), 0, Qt.AlignmentFlag.AlignTop)
        body.addLayout(line)
        if record.text("description"):
            text = Paragraph(record.text("description"))
            text.setMaximumWidth(theme.px(READING))
            body.addWidget(text)
        said = [tn("{n} document", "{n} documents", len(dossier.items))]
        if record["audience"]:
            said.append(words.said(record.kind.by_name["audience"], record))
        if dossier.absent:
            said.append(tn("{n} has not arrived yet", "{n} have not arrived yet", dossier.absent))
        body.addWidget(Label(" · ".join(said), "muted", wrap=True))
        return head

    def _on_edit(self) -> None:
        self.edit_requested.emit(*self.dossier.key)

    def _on_history(self) -> None:
        self.history_requested.emit(*self.dossier.key)

    def _on_delete(self) -> None:
        self.delete_requested.emit(*self.dossier.key)

    @Slot(str)
    def _on_grid_opened(self, id: str) -> None:
        self.opened.emit("item", id)
