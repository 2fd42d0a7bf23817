"""The column of saves under its filter, a few made at a time; knows no database and no task."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.features.history.dossier import Dossier, Save
from desktop.features.history.edge import at_edge
from desktop.features.history.save_card import SaveCard
from desktop.kit.banner import Banner
from desktop.kit.buttons import button
from desktop.kit.cards import column, row
from desktop.kit.controls import ComboBox
from desktop.kit.text import Label, Paragraph
from desktop.kit.unfolding import Part, Unfolding
from i18n import t, tn

__all__ = ["SavesPane"]

WIDEST = 860
STEP = 20  # saves that are shown at once, and with each press more
FIRST = 4  # parts that stand before anything comes into sight


class SavesPane(Unfolding):
    """Signals: `back_requested()`; `undo_requested(change, field)`, with "" for a whole save; `device_requested(device, number)`.

    Attributes: `dossier`; `field`, the name of the field that is shown alone, or ""; `cards` in sight, the newest save first.
    """

    back_requested = Signal()
    undo_requested = Signal(str, str)
    device_requested = Signal(str, int)

    def __init__(self, clock: Callable[[], int]) -> None:
        super().__init__(WIDEST, gap=12)
        self._clock = clock
        self.dossier: Dossier | None = None
        self.field = ""
        self.cards: list[SaveCard] = []
        self._count = STEP
        self.choice: ComboBox | None = None
        self.more: QPushButton | None = None

    def show_dossier(self, dossier: Dossier) -> None:
        """Show this; the same record again keeps the place where one was reading."""
        again = self.area is not None and self.dossier is not None and self.dossier.key == dossier.key
        if not again:
            self._count = STEP
        self.dossier = dossier
        if self.field not in {name for name, _ in dossier.fields}:
            self.field = ""
        self._renew(again=again)

    def _renew(self, *, again: bool) -> None:
        found = self.dossier.only(self.field)
        self.cards = []
        parts: list[Part] = [self._head, *(_Make(self, save) for save in found[: self._count])]
        if len(found) > self._count:
            parts.append(_More(self, len(found) - self._count))
        if again:
            self.change_parts(t("History"), parts)
        else:
            self.show_parts(t("History"), parts, FIRST)

    def _head(self) -> QWidget:
        dossier = self.dossier
        holder = QWidget()
        body = column(holder, gap=8)
        line = row()
        line.addWidget(at_edge(button(t("Back to the record"), self.back_requested.emit, kind="quiet", icon="back")))
        line.addStretch(1)
        body.addLayout(line)
        body.addWidget(Label(t("History"), "page"))
        across = row(gap=12)
        across.addWidget(Label(dossier.title or t("(without a name)"), "title", wrap=True, anchor="middle"), 1)
        if len(dossier.fields) > 1:
            self.choice = self._choice()
            across.addWidget(self.choice)
        body.addLayout(across)
        if dossier.later:
            body.addWidget(Banner(t("This PC’s copy began later than this record. What was replaced before that is not here; the server has it.")))
        if dossier.refusal is not None:
            body.addWidget(Paragraph(dossier.refusal, "small"))
        return holder

    def _choice(self) -> ComboBox:
        made = ComboBox()
        made.setAccessibleName(t("Show only this field"))
        made.addItem(t("All fields"), "")
        for name, label in self.dossier.fields:
            made.addItem(label, name)
        made.setCurrentIndex(max(0, made.findData(self.field)))
        made.currentIndexChanged.connect(self._on_choice_changed)
        return made

    @Slot(int)
    def _on_choice_changed(self, index: int) -> None:
        self.field = self.choice.itemData(index)
        self._count = STEP
        self._renew(again=False)

    def card(self, save: Save) -> SaveCard:
        """The card of a save, its requests passed on."""
        made = SaveCard(self.dossier, save, self._clock())
        made.undo_requested.connect(self.undo_requested)
        made.device_requested.connect(self.device_requested)
        self.cards.append(made)
        return made

    def show_more(self) -> None:
        """Show more of the past, under what is in sight."""
        self._count += STEP
        self._renew(again=True)


class _Make:
    def __init__(self, pane: SavesPane, save: Save) -> None:
        self._pane, self._save = pane, save

    def __call__(self) -> QWidget:
        return self._pane.card(self._save)


class _More:
    def __init__(self, pane: SavesPane, rest: int) -> None:
        self._pane, self._rest = pane, rest

    def __call__(self) -> QWidget:
        holder = QWidget()
        line = row(holder)
        words = tn("Show {n} earlier save", "Show {n} earlier saves", self._rest)
        self._pane.more = button(words, self._pane.show_more, kind="quiet", icon="arrow_down")
        line.addWidget(at_edge(self._pane.more), 0, Qt.AlignmentFlag.AlignLeading)
        line.addStretch(1)
        return holder
