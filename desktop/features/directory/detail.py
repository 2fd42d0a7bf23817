"""One record in full: names, marks, facts, what belongs to it, its past, and what one can do; knows no list and no form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop.features.directory import words
from desktop.features.directory.belongings import ContactsCard, Emit, PlacesCard, ProjectsCard
from desktop.features.directory.dossier import Dossier
from desktop.features.directory.facts import Fact, FactsGrid
from desktop.features.directory.history_card import HistoryCard
from desktop.kit.banner import Banner
from desktop.kit.buttons import button, icon_button
from desktop.kit.cards import Card, column, row
from desktop.kit.chips import Pill
from desktop.kit.flow import FlowLayout
from desktop.kit.text import Label, Paragraph, isolate
from desktop.kit.unfolding import Part, Unfolding
from i18n import t, tn
from i18n.values import date, dialled
from sync import fields as shapes
from sync.merge import LIFE
from sync.record import Field

__all__ = ["Detail"]

WIDEST = 860
AT_ONCE = 4  # facts made in one turn
_HIDDEN = {"name", "title", "acronym", "description", "summary", "facts", "verified", "verified_how", "identifiers", "latitude", "longitude"}


class Detail(Unfolding):
    """A record's page.

    Signals: `edit_requested(kind, id)`, `add_requested(kind)`, `delete_requested(kind, id)`,
    `settle_requested()`, `copy_requested(text)`, `history_requested(kind, id)`.
    """

    edit_requested = Signal(str, str)
    add_requested = Signal(str)
    delete_requested = Signal(str, str)
    settle_requested = Signal()
    copy_requested = Signal(str)
    history_requested = Signal(str, str)

    def __init__(self) -> None:
        super().__init__(WIDEST)
        self.dossier: Dossier | None = None
        self.facts: FactsGrid | None = None

    def show_dossier(self, dossier: Dossier) -> None:
        """Show this; the same record again is changed at once and keeps the place where one was reading."""
        again = self.area is not None and self.dossier is not None and self.dossier.key == dossier.key
        self.dossier = dossier
        parts, first = self._plan()
        if again:
            self.change_parts(dossier.record.title, parts)
        else:
            self.show_parts(dossier.record.title, parts, first)

    def _plan(self) -> tuple[list[Part], int]:
        """The parts, and how many of them are needed before anything is shown."""
        dossier = self.dossier
        record = dossier.record
        facts = self._all_facts()
        parts: list[Part] = [self._head, *(_More(self._more_facts, facts[at : at + AT_ONCE]) for at in range(0, max(len(facts), 1), AT_ONCE))]
        self.facts = None
        if "facts" in record.kind.by_name and record["facts"]:
            parts.append(self._legal_facts)
        first = len(parts)
        if record.kind.name == "organisation":
            parts += [self._projects, self._contacts]
            if dossier.places or "create" in dossier.may("place"):
                parts.append(self._places)
        if dossier.entries:
            parts.append(self._history)
        return parts, first

    def _projects(self) -> QWidget:
        return self._bound(ProjectsCard(self.dossier.projects, self.dossier.record.id, self.dossier.names, self.dossier.may("project")))

    def _contacts(self) -> QWidget:
        return self._bound(ContactsCard(self.dossier.contacts, self.dossier.may("contact")))

    def _places(self) -> QWidget:
        return self._bound(PlacesCard(self.dossier.places, self.dossier.may("place")))

    def _history(self) -> QWidget:
        return HistoryCard(self.dossier.entries, Emit(self.history_requested, *self.dossier.key))

    def _bound(self, card: ProjectsCard | ContactsCard | PlacesCard) -> QWidget:
        card.add_requested.connect(self.add_requested)
        card.edit_requested.connect(self.edit_requested)
        card.delete_requested.connect(self.delete_requested)
        card.copy_requested.connect(self.copy_requested)
        card.history_requested.connect(self.history_requested)
        return card

    def _head(self) -> QWidget:
        holder = QWidget()
        body = column(holder, gap=16)
        record = self.dossier.record
        line = row(gap=8)
        names = column(gap=0)
        names.addWidget(Label(record.title or str(record.kind.label), "page", wrap=True, selectable=True))
        other = words.other_name(record)
        acronym = record["acronym"] if "acronym" in record.kind.by_name else ""
        if other:
            names.addWidget(Label(other, "muted", wrap=True, selectable=True))
        if acronym:
            names.addWidget(Label(isolate(acronym), "muted"))
        line.addLayout(names, 1)
        may = self.dossier.may(record.kind.name)
        if "edit" in may:
            act = Emit(self.edit_requested, *self.dossier.key)
            self.edit = button(t("Edit"), act, icon="edit", name=t("Edit {name}", name=record.title))
            line.addWidget(self.edit, 0, Qt.AlignmentFlag.AlignTop)
        if "delete" in may:
            self.delete = icon_button("delete", t("Delete {name}", name=record.title), Emit(self.delete_requested, *self.dossier.key))
            line.addWidget(self.delete, 0, Qt.AlignmentFlag.AlignTop)
        body.addLayout(line)
        self._marks(body)
        if self.dossier.refusal is not None:
            body.addWidget(Paragraph(self.dossier.refusal, "small"))
        text = "description" if "description" in record.kind.by_name else "summary"
        if text in record.kind.by_name and record.text(text):
            body.addWidget(Paragraph(record.text(text)))
        return holder

    def _marks(self, body: Any) -> None:
        dossier, record = self.dossier, self.dossier.record
        pills = []
        if "verified" in record.kind.by_name:
            mark = words.verified_mark(record, dossier.today)
            pills.append(Pill(words.verified_sentence(record, dossier.today), mark.tone, mark.icon))
        if "status" in record.kind.by_name and record["status"]:
            pills.append(Pill(words.said(record, "status"), "accent"))
        if record.pending:
            pills.append(Pill(t("Waits for the server"), "muted", "waiting"))
        if pills:
            holder = QWidget()
            flow = FlowLayout(holder)
            for pill in pills:
                flow.addWidget(pill)
            body.addWidget(holder)
        if record.conflicts:
            body.addWidget(Banner(self._conflict_words(), tone="attention", icon="settle", action=t("Settle"), on_action=self.settle_requested.emit))

    def _conflict_words(self) -> str:
        conflicts, kind = self.dossier.conflicts, self.dossier.record.kind
        if LIFE in conflicts:
            return t("Somebody deleted this while somebody else changed it. Choose whether it stays.")
        labels = [str(kind.by_name[name].label) for name in conflicts if name in kind.by_name]
        return t("Several values were written without their authors seeing one another: {fields}. Choose those that stay.", fields=", ".join(labels))

    def _all_facts(self) -> list[Fact]:
        record = self.dossier.record
        facts = [fact for field in record.kind.fields if field.name not in _HIDDEN and (fact := self._fact(field)) is not None]
        return sorted(facts, key=lambda fact: fact.wide)

    def _more_facts(self, facts: list[Fact]) -> None:
        """The card of facts with the first of them, then a few more in it."""
        if self.facts is not None:
            self.facts.add(facts)
            return
        card = Card(margin=12, gap=4)
        card.setAccessibleName(t("Facts"))
        if facts:
            self.facts = FactsGrid(facts)
            card.body.addWidget(self.facts)
        else:
            line = column(margin=8)
            line.addWidget(Label(t("Nothing but the name is recorded yet."), "muted", wrap=True))
            card.body.addLayout(line)
        self.put(card)

    def _legal_facts(self) -> QWidget:
        own = Card(t("Legal facts"), margin=20, gap=8)
        own.body.addWidget(FactsGrid([self._legal(one) for one in self.dossier.record["facts"].values()]))
        return own

    def _fact(self, field: Field) -> Fact | None:
        dossier, record = self.dossier, self.dossier.record
        value = words.said(record, field.name, dossier.names)
        if not value and field.name not in dossier.conflicts:
            return None
        event = dossier.written.get(field.name)
        count = dossier.conflicts.get(field.name, 0)
        copies = field.shape in (shapes.phone(), shapes.email()) and bool(record[field.name])
        return Fact(
            str(field.label), value,
            written=t("Written by {who}, {when}", who=words.who(event), when=words.moment_of(event.time)) if event else "",
            state=t("Waits for the server") if event and event.number is None and not dossier.is_new else "",
            settle=tn("{n} value: settle", "{n} values: settle", count) if count else "",
            on_settle=self.settle_requested.emit if count else None,
            on_copy=_Copy(self, dialled(record[field.name]) if field.shape == shapes.phone() else record[field.name]) if copies else None,
            copy_name=t("Copy: {field}", field=field.label),
            wide=isinstance(field.shape, shapes.Line) and field.shape.long,
        )

    def _legal(self, fact: dict[str, Any]) -> Fact:
        meta = words.joined(date(fact["date"]) if fact.get("date") else "", fact.get("source") or "")
        return Fact(str(fact.get("name", "")), "\n".join(part for part in (str(fact.get("value", "")), meta) if part))


class _Copy:
    def __init__(self, detail: Detail, text: str) -> None:
        self._detail, self._text = detail, text

    def __call__(self) -> None:
        self._detail.copy_requested.emit(self._text)


class _More:
    """Makes one part from the facts it is given."""

    def __init__(self, make: Callable[[list[Fact]], None], facts: list[Fact]) -> None:
        self._make, self._facts = make, facts

    def __call__(self) -> None:
        self._make(self._facts)
