"""What was spent: this month by kind, this person's part of it, and the months before; knows no page and reads nothing."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QProgressBar, QWidget

from desktop.kit import theme
from desktop.kit.cards import Card, column
from desktop.kit.text import Label
from desktop.shell.spending import WAYS, cost_of
from i18n import t
from i18n.values import date, money, size
from sync.traffic import Month

__all__ = ["EarlierCard", "MonthCard"]


class MonthCard(Card):
    """One month: a large figure, how much of the limit it is, and a table by kind. Attributes: `figure`, `meaning`, `table`."""

    def __init__(self) -> None:
        super().__init__(gap=8)
        self.name = Label("", "label")
        self.figure = Label("", "number")
        self.meaning = Label("", "muted", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName(t("How much of the month’s limit is used"))
        for one in (self.name, self.figure, self.bar, self.meaning):
            self.body.addWidget(one)
        self.table = QWidget()
        self._lines = column(self.table)
        self._shown: tuple[object, ...] = ()
        self.body.addWidget(self.table)

    def show_month(self, month: Month, cap: int, price: str) -> None:
        """Show it; `cap` in bytes, 0 for none, `price` of a MB in DJF or nothing."""
        spent = sum(month.computer.values())
        self.name.setText(date(month.month))
        self.figure.setText(t("{spent} of {cap}", spent=size(spent), cap=size(cap)) if cap else size(spent))
        self.bar.setVisible(bool(cap))
        if cap:
            self.bar.setValue(min(1000, spent * 1000 // cap))
        said = [t("of which you: {size}", size=size(sum(month.mine.values())))]
        cost = _cost(spent, price)
        if cost:
            said.insert(0, t("about {amount}", amount=cost))
        self.meaning.setText(" · ".join(said))
        rows = [(str(words), size(month.computer.get(way, 0)), size(month.mine.get(way, 0))) for way, words in WAYS.items()]
        _fill(self, [("", t("This computer"), t("You")), *rows] if spent else [])


class EarlierCard(Card):
    """The months before, each with its bytes and what they cost. Attribute: `table`."""

    def __init__(self) -> None:
        super().__init__(t("Earlier months"), gap=8)
        self.table = QWidget()
        self._lines = column(self.table)
        self._shown: tuple[object, ...] = ()
        self.body.addWidget(self.table)
        self.hide()

    def show_months(self, months: list[Month], price: str) -> None:
        """Show them, the newest first; out of sight when there are none."""
        self.setVisible(bool(months))
        _fill(self, [(date(one.month), size(sum(one.computer.values())), _cost(sum(one.computer.values()), price)) for one in months[:24]])


def _cost(count: int, price: str) -> str:
    found = cost_of(count, price)
    return "" if found is None else money(str(found.quantize(Decimal(1), ROUND_HALF_UP)), "DJF")


def _fill(card: MonthCard | EarlierCard, rows: list[tuple[str, ...]]) -> None:
    """Put rows into the table of a card, if they differ from what is there."""
    if tuple(rows) == card._shown:
        return
    card._shown = tuple(rows)
    while card._lines.count():
        old = card._lines.takeAt(0).widget()
        old.hide()
        old.deleteLater()
    whole = QWidget()
    grid = QGridLayout(whole)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.px(24))
    grid.setVerticalSpacing(theme.px(6))
    grid.setColumnStretch(0, 1)
    for at, cells in enumerate(rows):
        for place, words in enumerate(cells):
            label = Label(words, "small" if not cells[0] else "")
            label.setAccessibleName(words if not place else f"{cells[0]}: {words}")
            grid.addWidget(label, at, place, Qt.AlignmentFlag.AlignTrailing if place else Qt.AlignmentFlag.AlignLeading)
    card._lines.addWidget(whole)
