"""The past of one record, save by save: who, when, from what to what; knows no database."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from desktop.features.directory.dossier import Entry
from desktop.kit import theme
from desktop.kit.buttons import button
from desktop.kit.cards import Card, column, row, rule
from desktop.kit.flow import FlowLayout
from desktop.kit.text import Label, Paragraph
from i18n import t, tn

__all__ = ["HistoryCard"]

AT_ONCE = 4
LINES = 6


class HistoryCard(Card):
    """The saves, the newest first, a few at once."""

    def __init__(self, entries: Sequence[Entry], open_all: Callable[[], None]) -> None:
        """`open_all` leads to the page of the whole history, with its ways back."""
        super().__init__(t("History"), margin=20, gap=4)
        self._entries, self._shown = list(entries), 0
        self._lines = column(gap=0)
        self.body.addLayout(self._lines)
        self._more = button("", self._show_more, kind="quiet", icon="arrow_down")
        self.all = button(t("See it all and undo"), open_all, kind="quiet", icon="history")
        foot = QWidget()
        flow = FlowLayout(foot)
        flow.addWidget(self.all)
        flow.addWidget(self._more)
        self.body.addWidget(foot)
        self._show_more()

    def _show_more(self) -> None:
        step = AT_ONCE if not self._shown else 20
        for entry in self._entries[self._shown : self._shown + step]:
            if self._shown:
                self._lines.addWidget(rule())
            self._lines.addWidget(_line(entry))
            self._shown += 1
        rest = len(self._entries) - self._shown
        self._more.setVisible(rest > 0)
        self._more.setText(tn("Show {n} more", "Show {n} more", rest))


def _line(entry: Entry) -> QWidget:
    box = QWidget()
    body = column(box, gap=2)
    body.setContentsMargins(0, theme.px(10), 0, theme.px(10))
    head = row(gap=8)
    head.addWidget(Label(entry.who, "label"))
    head.addWidget(Label(entry.when, "small"), 1)
    if entry.waiting:
        head.addWidget(Label(t("Waits for the server"), "small"))
    body.addLayout(head)
    if entry.creates:
        body.addWidget(Label(tn("Created the record with {n} value", "Created the record with {n} values", len(entry.lines)), "small"))
        return box
    for label, before, after in entry.lines[:LINES]:
        body.addWidget(Paragraph(_said(label, before, after), "small"))
    rest = len(entry.lines) - LINES
    if rest > 0:
        body.addWidget(Label(tn("and {n} more value", "and {n} more values", rest), "small"))
    return box


def _said(label: str, before: str, after: str) -> str:
    if before == after:
        return t("{field}: {after} kept", field=label, after=after)
    if before and after:
        return t("{field}: {before} became {after}", field=label, before=before, after=after)
    if after:
        return t("{field}: {after} added", field=label, after=after)
    return t("{field}: {before} removed", field=label, before=before)
