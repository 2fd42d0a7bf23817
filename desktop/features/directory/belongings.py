"""Cards of what belongs to an organisation: projects, contacts, places; each line with its actions; knows no database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.features.directory.words import joined, other_name, span
from desktop.kit import theme
from desktop.kit.buttons import button, icon_button
from desktop.kit.cards import Card, IconLabel, column, row, rule
from desktop.kit.chips import Pill
from desktop.kit.text import Label, Paragraph, keep_ltr
from i18n import Text, t, tn
from i18n.values import date, dialled, money, phone
from resources import codes
from sync.record import Record

__all__ = ["ContactsCard", "Emit", "PlacesCard", "ProjectsCard"]

AT_ONCE = 4
_STATUS_TONES = {"active": "good", "planned": "accent", "finished": "muted", "suspended": "attention", "cancelled": "muted", "idea": "muted"}


class _Card(Card):
    """A titled card of lines, a few at once.

    Signals: `add_requested(kind)`, `edit_requested(kind, id)`, `delete_requested(kind, id)`,
    `copy_requested(text)`, `history_requested(kind, id)`.
    """

    add_requested = Signal(str)
    edit_requested = Signal(str, str)
    delete_requested = Signal(str, str)
    copy_requested = Signal(str)
    history_requested = Signal(str, str)
    kind = ""
    empty: Text

    def __init__(self, title: str, add: Text, records: Sequence[Record], may: frozenset[str]) -> None:
        super().__init__(margin=20, gap=4)
        self.setAccessibleName(title)
        self._may, self._records = may, list(records)
        head = row(gap=8)
        head.addWidget(Label(title, "title"))
        if records:
            head.addWidget(Label(str(len(records)), "muted"))
        head.addStretch(1)
        if "create" in may:
            head.addWidget(button(add, self._on_add, kind="quiet", icon="add"))
        self.body.addLayout(head)
        self._lines = column(gap=0)
        self.body.addLayout(self._lines)
        if not records:
            self._lines.addWidget(Label(self.empty, "muted", wrap=True))
        self._shown = 0
        self._more = button("", self._show_more, kind="quiet", icon="arrow_down")
        self.body.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeading)
        self._show_more()

    def line(self, record: Record) -> QWidget:
        """The widget of one record."""
        raise NotImplementedError

    def _on_add(self) -> None:
        self.add_requested.emit(self.kind)

    def _show_more(self) -> None:
        step = AT_ONCE if not self._shown else 20
        for record in self._records[self._shown : self._shown + step]:
            if self._shown:
                self._lines.addWidget(rule())
            self._lines.addWidget(self.line(record))
            self._shown += 1
        rest = len(self._records) - self._shown
        self._more.setVisible(rest > 0)
        self._more.setText(tn("Show {n} more", "Show {n} more", rest))

    def _tools(self, record: Record) -> list[QWidget]:
        name = record.title or record["role"] if self.kind == "contact" else record.title
        past = icon_button("history", t("History of {name}", name=name), Emit(self.history_requested, self.kind, record.id), ink="muted")
        tools: list[QWidget] = [past]
        if "edit" in self._may:
            tools.append(icon_button("edit", t("Edit {name}", name=name), Emit(self.edit_requested, self.kind, record.id), ink="muted"))
        if "delete" in self._may:
            tools.append(icon_button("delete", t("Delete {name}", name=name), Emit(self.delete_requested, self.kind, record.id), ink="muted"))
        return tools


class Emit:
    """Emits a signal with these values when it is called."""

    def __init__(self, signal: Any, *values: str) -> None:
        self._signal, self._values = signal, values

    def __call__(self) -> None:
        self._signal.emit(*self._values)


def _frame(icon: str) -> tuple[QFrame, Any, QVBoxLayout]:
    """A line: an icon, words in a column, room for tools at the end."""
    frame = QFrame()
    line = row(frame, gap=12)
    line.setContentsMargins(0, theme.px(10), 0, theme.px(10))
    line.addWidget(IconLabel(icon, "muted"), 0, Qt.AlignmentFlag.AlignTop)
    words = column(gap=2)
    line.addLayout(words, 1)
    return frame, line, words


class ProjectsCard(_Card):
    """Projects with funder, amount, dates and state."""

    kind = "project"
    empty = Text("No project recorded yet.")

    def __init__(self, records: Sequence[Record], owner: str, names: dict[str, str], may: frozenset[str]) -> None:
        self._owner, self._names = owner, names
        super().__init__(t("Projects"), Text("Add a project"), records, may)

    def line(self, record: Record) -> QWidget:
        frame, line, words = _frame("project")
        words.addWidget(Label(record.title, "label", wrap=True))
        other = other_name(record)
        if other:
            words.addWidget(Label(other, "small", wrap=True))
        amount = record["amount"]
        facts = [record["funder"] or "", money(amount["amount"], amount["currency"]) if amount else "", span(record["start"], record["end"])]
        if record["organisation"] != self._owner and record["organisation"]:
            facts.insert(0, t("led by {name}", name=self._names.get(record["organisation"], t("another organisation"))))
        said = joined(*facts)
        if said:
            words.addWidget(Label(said, "small", wrap=True))
        marks = row(gap=6)
        if record["status"] in codes.STATUSES:
            marks.addWidget(Pill(codes.STATUSES[record["status"]], _STATUS_TONES.get(record["status"], "muted")))
        _marks(record, marks)
        if marks.count():
            marks.addStretch(1)
            words.addLayout(marks)
        for tool in self._tools(record):
            line.addWidget(tool, 0, Qt.AlignmentFlag.AlignTop)
        return frame


class ContactsCard(_Card):
    """People and numbers, with who may see them. Deleting withdraws a consent for good, so that line asks in place."""

    kind = "contact"
    empty = Text("No contact that you may see.")

    def __init__(self, records: Sequence[Record], may: frozenset[str]) -> None:
        super().__init__(t("Contacts"), Text("Add a contact"), records, may)

    def line(self, record: Record) -> QWidget:
        frame, line, words = _frame("person")
        name, role = record["name"] or "", record["role"] or ""
        words.addWidget(Label(name or role, "label", wrap=True))
        if name and role:
            words.addWidget(Label(role, "small", wrap=True))
        for value, said in ((record["phone"], phone(record["phone"]) if record["phone"] else ""), (record["email"], keep_ltr(record["email"] or ""))):
            if value:
                words.addWidget(Label(said, selectable=True))
        words.addWidget(Label(_consent(record), "small", wrap=True))
        marks = row(gap=6)
        _marks(record, marks)
        if marks.count():
            marks.addStretch(1)
            words.addLayout(marks)
        if record["phone"]:
            act = Emit(self.copy_requested, dialled(record["phone"]))
            copy = icon_button("copy", t("Copy the number of {name}", name=name or role), act, ink="muted")
            line.addWidget(copy, 0, Qt.AlignmentFlag.AlignTop)
        tools = self._tools(record)
        for tool in tools:
            line.addWidget(tool, 0, Qt.AlignmentFlag.AlignTop)
        if "delete" in self._may:
            ask = _FinalAsk(Emit(self.delete_requested, self.kind, record.id))
            tools[-1].clicked.disconnect()
            tools[-1].clicked.connect(ask.show)
            words.addWidget(ask)
        return frame


class _FinalAsk(QFrame):
    """What cannot be undone is said where it happens, and done by a second press."""

    def __init__(self, act: Callable[[], None]) -> None:
        super().__init__()
        body = column(self, gap=8)
        body.addWidget(Paragraph(t("Deleting withdraws the person’s consent. Nobody can bring this contact back."), tone="problem"))
        line = row()
        line.addWidget(button(t("Delete for good"), act, kind="danger"))
        line.addWidget(button(t("Keep it"), self.hide))
        line.addStretch(1)
        body.addLayout(line)
        self.hide()


class PlacesCard(_Card):
    """Offices and digital spaces of an organisation."""

    kind = "place"
    empty = Text("No office or digital space recorded.")

    def __init__(self, records: Sequence[Record], may: frozenset[str]) -> None:
        super().__init__(t("Places"), Text("Add a place"), records, may)

    def line(self, record: Record) -> QWidget:
        frame, line, words = _frame("digital_space" if record["type"] == "digital_space" else "place")
        words.addWidget(Label(record.title, "label", wrap=True))
        region = codes.REGIONS.get(record["region"] or "", "")
        said = joined(str(codes.PLACE_TYPES.get(record["type"], "")), record["locality"] or "", str(region))
        words.addWidget(Label(said, "small", wrap=True))
        for tool in self._tools(record):
            line.addWidget(tool, 0, Qt.AlignmentFlag.AlignTop)
        return frame


def _consent(record: Record) -> str:
    """Who may see it, since when and how that was agreed."""
    seen_by = codes.CONSENTS.get(record["consent"] or "", Text("nobody else"))
    parts = [t("Shown to: {who}", who=seen_by)]
    if record["consent_date"]:
        parts.append(t("agreed on {date}", date=date(record["consent_date"])))
    if record["consent_how"]:
        parts.append(record["consent_how"])
    return joined(*parts)


def _marks(record: Record, line: Any) -> None:
    if record.conflicts:
        line.addWidget(Pill(tn("{n} field to settle", "{n} fields to settle", record.conflicts), "attention", "settle"))
    if record.pending:
        line.addWidget(Pill(t("Waits for the server"), "muted", "waiting"))
