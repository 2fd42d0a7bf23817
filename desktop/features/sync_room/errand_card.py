"""The cards of one's own changes: what waits, and what was refused with the reason and the text; knows no workspace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout

from desktop.features.sync_room.card_list import Ago, WalkedCard
from desktop.features.sync_room.inputs import inputs_of
from desktop.features.sync_room.moments import said
from desktop.features.sync_room.rewriting import Rewriting
from desktop.features.sync_room.snapshot import Errand
from desktop.kit import theme
from desktop.kit.banner import Banner
from desktop.kit.buttons import button
from desktop.kit.cards import IconLabel, column, row
from desktop.kit.chips import Pill
from desktop.kit.text import Label, Paragraph
from i18n import Text, t, tn
from sync.record import Kind

__all__ = ["RefusedCard", "WaitingCard"]

FEW = 5  # fields that a card shows before it counts the others
_SHORT = 280  # characters of a value that a card shows


class _ErrandCard(WalkedCard):
    """What both have: the record, what was done when, the fields as they were written.

    Signals: `open_requested(kind, id)`.
    """

    open_requested = Signal(str, str)

    def __init__(self, errand: Errand, now: int, state: str, pill: Pill | None) -> None:
        super().__init__(errand)
        lines = [t("{field}: {value}", field=label, value=words) for label, words in errand.lines[:FEW]]
        story = t("{verb}: {name}", verb=errand.verb, name=errand.title)
        self.setAccessibleName(". ".join(part for part in (state, story, errand.reason, said(errand.time, now), *lines) if part))
        head = row(gap=12)
        words = column(gap=2)
        words.addWidget(Label(errand.title, "title", wrap=True))
        beside = row(gap=6)
        beside.addWidget(Label(t("{kind} · {verb}", kind=errand.kind_label, verb=errand.verb), "small"))
        beside.addWidget(Label("·", "small"))
        beside.addWidget(Ago(errand.time, now))
        beside.addStretch(1)
        words.addLayout(beside)
        head.addLayout(words, 1)
        if pill is not None:
            head.addWidget(pill, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)

    def _show_lines(self) -> None:
        errand: Errand = self.data
        if not errand.lines:
            return
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(16))
        grid.setVerticalSpacing(theme.px(6))
        grid.setColumnMinimumWidth(0, theme.px(140))
        grid.setColumnStretch(1, 1)
        for at, (label, words) in enumerate(errand.lines[:FEW]):
            grid.addWidget(Label(label, "small", wrap=True, anchor="top"), at, 0)
            value = Paragraph(words if len(words) <= _SHORT else words[:_SHORT].rstrip() + "…")
            grid.addWidget(value, at, 1)
        more = len(errand.lines) - FEW
        if more > 0:
            grid.addWidget(Label(tn("and {n} more field", "and {n} more fields", more), "small"), FEW, 1)
        self.body.addLayout(grid)

    def _open(self) -> None:
        self.open_requested.emit(self.data.kind, self.data.id)


class WaitingCard(_ErrandCard):
    """A change without a verdict. Signals: `take_back_requested(Errand)`."""

    take_back_requested = Signal(object)

    def __init__(self, errand: Errand, now: int) -> None:
        carried = errand.state == "carried"
        state = t("May have left, not answered yet") if carried else t("Waits on this computer")
        super().__init__(errand, now, state, Pill(state, "muted" if carried else "attention", "sending" if carried else "waiting"))
        self._show_lines()
        foot = row(gap=4)
        if carried:
            words = t("It may already be on its way, so it can no longer be taken back. You can change the record again.")
            foot.addWidget(Paragraph(words, "small", anchor="middle"), 1)
        else:
            self.take_back = button(t("Take back"), self._take_back, icon="undo", name=t("Take back the change of {name}", name=errand.title))
            foot.addWidget(self.take_back)
            foot.addStretch(1)
        if errand.here:
            again = t("Change again") if carried else t("Open")
            foot.addWidget(button(again, self._open, kind="quiet", name=t("Open {name}", name=errand.title)))
        self.body.addLayout(foot)

    def _take_back(self) -> None:
        self.take_back_requested.emit(self.data)


class RefusedCard(_ErrandCard):
    """A change that the server refused: the reason, what was typed, and the three ways on.

    Signals: `resend_requested(Errand, values by path)`, `throw_away_requested(Errand)`.
    """

    resend_requested = Signal(object, object)
    throw_away_requested = Signal(object)

    def __init__(self, errand: Errand, kind: Kind, now: int) -> None:
        super().__init__(errand, now, t("Not accepted"), Pill(Text("Not accepted"), "problem", "refused"))
        self._kind = kind
        self._rewriting: Rewriting | None = None
        self.body.addWidget(Banner(errand.reason or t("The server refused this change."), tone="problem"))
        self._show_lines()
        self._problem = row(gap=6)
        self._trouble = Label("", "problem", wrap=True)
        self._trouble.hide()
        self._problem.addWidget(self._trouble, 1)
        self.body.addLayout(self._problem)
        foot = row(gap=8)
        self.resend = button(t("Send again"), self._resend, icon="sending", name=t("Send again: {name}", name=errand.title))
        foot.addWidget(self.resend)
        self.mend: object = None
        if inputs_of(kind, errand.parts):
            self.mend = button(t("Correct it"), self._mend, icon="edit", name=t("Correct it: {name}", name=errand.title))
            foot.addWidget(self.mend)
        self.throw = button(t("Throw away"), self._throw_away, kind="quiet", icon="delete", name=t("Throw away: {name}", name=errand.title))
        foot.addWidget(self.throw)
        foot.addStretch(1)
        safe = row(gap=6)
        safe.addWidget(IconLabel("lock", "muted", 16))
        safe.addWidget(Label(t("Your text is kept here."), "small"))
        foot.addLayout(safe)
        self.body.addLayout(foot)

    def typed(self) -> Any:
        return self._rewriting.values() if self._rewriting else None

    def restore(self, typed: Mapping[str, Any]) -> None:
        self._mend()
        if self._rewriting is not None:
            self._rewriting.restore(typed)

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Say why it could not be sent again: by path, or under "" for the whole."""
        if self._rewriting is not None:
            self._rewriting.show_problems(problems)
        else:
            self._trouble.setText("\n".join(problems.values()))
            self._trouble.show()

    def _resend(self) -> None:
        self.resend_requested.emit(self.data, {})

    def _throw_away(self) -> None:
        self.throw_away_requested.emit(self.data)

    def _mend(self) -> None:
        if self._rewriting is None:
            self._rewriting = Rewriting(inputs_of(self._kind, self.data.parts), t("Send again with this"), icon="sending")
            self._rewriting.send_requested.connect(self._on_rewriting_send_requested)
            self._rewriting.cancel_requested.connect(self._on_rewriting_cancel_requested)
            self.body.addWidget(self._rewriting)
            self.watch_keys()
        self._show_ways(shown=False)
        self._rewriting.focus()

    def _show_ways(self, *, shown: bool) -> None:
        for one in (self.resend, self.mend, self.throw):
            if one is not None:
                one.setVisible(shown)

    @Slot(object)
    def _on_rewriting_send_requested(self, values: dict[str, Any]) -> None:
        self.resend_requested.emit(self.data, values)

    @Slot()
    def _on_rewriting_cancel_requested(self) -> None:
        if self._rewriting is not None:
            self._rewriting.hide()
            self._rewriting.deleteLater()
            self._rewriting = None
            self._show_ways(shown=True)
            self.mend.setFocus()
