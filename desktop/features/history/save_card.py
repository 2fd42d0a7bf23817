"""One save of a record as a card: who, when, by which road, what it changed, and the ways back; knows no database."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop.features.history import words
from desktop.features.history.dossier import Dossier, Line, Save
from desktop.features.history.edge import at_edge
from desktop.kit import theme
from desktop.kit.buttons import button
from desktop.kit.cards import Card, IconLabel, column, row
from desktop.kit.chips import Pill
from desktop.kit.flow import FlowLayout
from desktop.kit.text import Label, Paragraph
from i18n import t, tn
from sync.change import Operation

__all__ = ["SaveCard"]

LINES = 8  # of one save that are shown at once


class SaveCard(Card):
    """Signals: `undo_requested(change, field)`, with "" for the whole save; `device_requested(device, number)`."""

    undo_requested = Signal(str, str)
    device_requested = Signal(str, int)

    def __init__(self, dossier: Dossier, save: Save, now: int) -> None:
        super().__init__(margin=16, gap=6)
        self.save, self._dossier = save, dossier
        self.buttons: list[QPushButton] = []
        about = save.about
        self.setAccessibleName(f"{words.who(about)}, {words.when(about, now)}")
        across = row(gap=14)
        self.body.addLayout(across)
        across.addWidget(IconLabel(words.icon(save), "problem" if about.refused else "muted"), 0, Qt.AlignmentFlag.AlignTop)
        body = column(gap=4)
        across.addLayout(body, 1)
        body.addLayout(self._head(now))
        body.addWidget(Label(words.came(about), "small", wrap=True))
        self._lines = column(gap=2)
        body.addLayout(self._lines)
        deed = words.deed(save)
        if deed:
            self._lines.addWidget(Paragraph(deed))
        self._rest: tuple[Line, ...] = ()
        if about.operation in (Operation.EDIT, Operation.CREATE):
            self._show(save.lines[: LINES if not deed else 0])
            self._rest = save.lines[LINES if not deed else 0 :]
        foot = QWidget()
        if self._foot(FlowLayout(foot, 20)):
            body.addWidget(foot)

    def _head(self, now: int) -> QHBoxLayout:
        about, head = self.save.about, row(gap=8)
        head.addWidget(Label(words.who(about), "label"))
        day = Label(words.when(about, now), "small")
        day.setToolTip(words.exact(about))
        head.addWidget(day)
        head.addStretch(1)
        if about.refused:
            head.addWidget(Pill(t("Refused"), "problem", "refused"))
        elif about.number is None:
            head.addWidget(Pill(t("Waits for the server"), "muted", "waiting"))
        elif about.doubtful:
            head.addWidget(Pill(t("Doubtful date"), "attention", "clock"))
        return head

    def _show(self, lines: tuple[Line, ...]) -> None:
        for line in lines:
            self._lines.addWidget(self._line(line))

    def _line(self, line: Line) -> QWidget:
        holder = QWidget()
        across = row(holder, gap=8)
        across.setContentsMargins(0, 0, 0, 0)
        said = words.line_words(self._dossier.kind, line, self._dossier.names)
        across.addWidget(Paragraph(said, anchor="middle"), 1)
        if line.undoable:
            label = words.put_back_words(self._dossier.kind, line, self._dossier.names)
            across.addWidget(self._button(label, line.field, f"{label}: {said}"), 0, Qt.AlignmentFlag.AlignVCenter)
        else:
            holder.setMinimumHeight(theme.px(32))
        return holder

    def _foot(self, foot: FlowLayout) -> int:
        """Fill the line of what can be done with the save as a whole; answers how much that is."""
        save = self.save
        if self._rest:
            rest = len(self._rest)
            shown = t("Show its values") if words.deed(save) else tn("Show {n} more", "Show {n} more", rest)
            self.more = button(shown, self._show_rest, kind="quiet", icon="arrow_down")
            foot.addWidget(at_edge(self.more))
        labels = {"save": t("Undo all of this save"), "deletion": t("Bring the record back"), "creation": t("Delete the record again")}
        if save.undo:
            foot.addWidget(at_edge(self._button(labels[save.undo], "", labels[save.undo])))
        if save.foreign:
            self.device = button(t("Undo this device’s work from here on…"), self._on_device, kind="quiet", icon="undo")
            foot.addWidget(at_edge(self.device))
        return foot.count()

    def _button(self, text: str, field: str, name: str) -> QPushButton:
        made = button(text, _Asked(self, field), kind="quiet", icon="undo", name=name)
        self.buttons.append(made)
        return made

    def _show_rest(self) -> None:
        rest, self._rest = self._rest, ()
        self.more.hide()
        self._show(rest)

    def _on_device(self) -> None:
        self.device_requested.emit(self.save.foreign, self.save.about.number or 0)


class _Asked:
    """Asks for an undoing when it is called."""

    def __init__(self, card: SaveCard, field: str) -> None:
        self._card, self._field = card, field

    def __call__(self) -> None:
        self._card.undo_requested.emit(self._card.save.change, self._field)


