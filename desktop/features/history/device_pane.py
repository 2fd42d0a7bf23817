"""What undoing a device's work would put back, record by record, with what stays and why; knows no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.features.history.edge import at_edge
from desktop.kit.banner import Banner
from desktop.kit.buttons import button
from desktop.kit.cards import Card, column, row, rule
from desktop.kit.text import Label, Paragraph
from desktop.kit.unfolding import Part, Unfolding
from i18n import t, tn
from i18n.bidi import Piece
from resources.wording import label_of, worded
from sync.fields import Elements
from sync.history import RESTORED
from sync.merge import LIFE
from sync.record import Kinds
from sync.undoing_since import Plan, Step

__all__ = ["DevicePane"]

WIDEST = 860
AT_ONCE = 50  # records


class DevicePane(Unfolding):
    """Signals: `back_requested()`, `confirmed(plan)`. Attributes: `act`, the button that does it, or None when there is nothing to do."""

    back_requested = Signal()
    confirmed = Signal(object)

    def __init__(self, kinds: Kinds) -> None:
        super().__init__(WIDEST)
        self._kinds = kinds
        self.plan: Plan | None = None
        self.act: QWidget | None = None
        self._titles: Mapping[str, str] = {}

    def show_plan(self, plan: Plan, titles: Mapping[str, str], who: str) -> None:
        """Show this; `titles` by the records' ids, `who` works on the device."""
        self.plan, self._titles, self._who = plan, titles, who
        records: dict[str, list[Step]] = {}
        for one in sorted(plan.steps, key=lambda step: step.left is not None):
            records.setdefault(one.id, []).append(one)
        parts: list[Part] = [self._head, *(_Record(self, steps) for steps in list(records.values())[:AT_ONCE])]
        if len(records) > AT_ONCE:
            parts.append(_Told(tn("and {n} more record", "and {n} more records", len(records) - AT_ONCE)))
        self.show_parts(t("What would be undone"), parts, min(len(parts), 6))

    def _head(self) -> QWidget:
        plan = self.plan
        holder = QWidget()
        body = column(holder, gap=12)
        line = row()
        line.addWidget(at_edge(button(t("Back to the history"), self.back_requested.emit, kind="quiet", icon="back")))
        line.addStretch(1)
        body.addLayout(line)
        body.addWidget(Label(t("What would be undone"), "page", wrap=True))
        body.addWidget(Paragraph(t(
            "Everything that {who} wrote on that device, from number {number} on, and that still stands. What others have written since stays.",
            who=self._who, number=str(plan.since)), "muted"))
        if plan.older:
            body.addWidget(Banner(tn(
                "{n} value of this device is from before this copy began: what it replaced is not here.",
                "{n} values of this device are from before this copy began: what they replaced is not here.", plan.older)))
        due = len(plan.due)
        if due:
            foot = row()
            self.act = button(tn("Put {n} value back", "Put {n} values back", due), self._on_act, kind="primary", icon="undo")
            foot.addWidget(self.act)
            foot.addStretch(1)
            body.addLayout(foot)
        else:
            self.act = None
            body.addWidget(Banner(t("Nothing is left to undo."), tone="good"))
        return holder

    def record_card(self, steps: Sequence[Step]) -> QWidget:
        """One record: what would be put back, then what stays and why."""
        kind = self._kinds[steps[0].kind]
        card = Card(self._titles.get(steps[0].id) or str(kind.label), margin=16, gap=6)
        for at, one in enumerate(steps):
            if at and (one.left is None) != (steps[at - 1].left is None):
                card.body.addWidget(rule())
            card.body.addWidget(Paragraph(self._said(one), "" if one.left is None else "small"))
        return card

    def _said(self, one: Step) -> str:
        kind = self._kinds[one.kind]
        if one.field == LIFE:
            deed = t("The record comes back") if one.back == RESTORED else t("The record is deleted")
            return deed if one.left is None else t("The record stays as it is: {why}", why=one.left)
        label = label_of(kind, one.field)
        now, back = worded(kind, one.field, one.now), worded(kind, one.field, one.back)
        known = kind.field_of(one.field)
        if known is not None and isinstance(known[0].shape, Elements) and one.left is None:
            element = worded(kind, one.field, one.now or True)
            return (t("{field}: {after} added", field=label, after=Piece(element)) if one.back
                    else t("{field}: {before} removed", field=label, before=Piece(element)))
        if one.left is not None:
            return t("{field}: {value} stays. {why}", field=label, value=Piece(now or t("nothing")), why=one.left)
        if not back:
            return t("{field}: {before} removed", field=label, before=Piece(now))
        return (t("{field}: from {before} to {after}", field=label, before=Piece(now), after=Piece(back)) if now
                else t("{field}: {after} entered", field=label, after=Piece(back)))

    def _on_act(self) -> None:
        self.act.setEnabled(False)
        self.confirmed.emit(self.plan)


class _Record:
    def __init__(self, pane: DevicePane, steps: Sequence[Step]) -> None:
        self._pane, self._steps = pane, steps

    def __call__(self) -> QWidget:
        return self._pane.record_card(self._steps)


class _Told:
    def __init__(self, text: str) -> None:
        self._text = text

    def __call__(self) -> QWidget:
        return Label(self._text, "muted", anchor="middle")
