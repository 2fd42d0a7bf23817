"""The page of data and cost: what this computer moved, month by month, and what its connection may cost; runs no sync."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.kit import theme
from desktop.kit.cards import Card, reading_column, row
from desktop.kit.tasks import Job, Lane
from desktop.kit.text import Label, Paragraph
from desktop.shell.choice import Choice
from desktop.shell.feature import Context
from desktop.shell.spending import PRICE, limits_in
from desktop.shell.spent_card import EarlierCard, MonthCard
from i18n import t
from i18n.values import size
from sync import traffic
from sync.errors import Failure
from sync.traffic import Month

__all__ = ["SpendingPage"]

CAPS = (0, 20, 50, 100, 250, 500, 1000, 5000)  # MB a month
LARGE = (0, 2, 5, 20, 50, 200)  # MB of a file
HOURS = ("", "22:00-06:00", "18:00-08:00", "12:00-14:00")
_MB = 1_000_000


class SpendingPage(QWidget):
    """What was spent first, then the limits; each choice holds at once.

    Attributes: `month`, `earlier` the cards of what was spent; `price` the line for the price of a MB.
    """

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._limits = limits_in(context.workspace.folder)
        chosen = self._limits.choices
        page = reading_column(self, t("Data and cost"))
        self.month = MonthCard()
        self.earlier = EarlierCard()
        page.addWidget(self.month)
        page.addWidget(self.earlier)
        page.addWidget(Label(t("Limits of this computer"), "title"))
        page.addWidget(Paragraph(t("They hold for everybody who works here. What you save is never lost: it waits."), "small"))
        paid = [("no", t("By the month, whatever it carries")), ("yes", t("By volume: telephone, 4G key"))]
        page.addWidget(self._choice("metered", t("How the connection is paid"), paid, "yes" if chosen.metered else "no", t(
            "By volume, exchanges that begin by themselves carry records only. Files and large copies wait for your yes.")))
        page.addWidget(self._choice("cap", t("Limit of the month"), [(str(n), size(n * _MB) if n else t("None")) for n in _with(CAPS, chosen.cap)],
                                    str(chosen.cap), t("At the limit your own records still leave when you synchronise; everything else waits.")))
        page.addWidget(self._choice("large", t("Ask before sending a file above"),
                                    [(str(n), size(n * _MB) if n else t("Never ask")) for n in _with(LARGE, chosen.large)], str(chosen.large)))
        hours = [(one, _hours_said(one)) for one in dict.fromkeys((*HOURS, chosen.hours))]
        page.addWidget(self._choice("hours", t("Exchanges begin by themselves"), hours, chosen.hours,
                                    t("By this computer’s clock. The button “Synchronise” works at any hour.")))
        page.addWidget(self._price_card(chosen.price))
        page.addStretch(1)
        context.events.sync_changed.connect(self._load)
        self._load()

    def state(self) -> dict[str, str]:
        """Which question the keyboard is in."""
        return next(({"asked": one.name} for one in self.findChildren(Choice) if one.has_keyboard()), {})

    def restore(self, state: dict[str, str]) -> None:
        """Go back into that question."""
        for one in self.findChildren(Choice):
            if one.name == state.get("asked"):
                QTimer.singleShot(0, one, one.take_keyboard)

    def _choice(self, name: str, title: str, options: list[tuple[str, str]], chosen: str, text: str = "") -> Choice:
        made = Choice(name, title, options, chosen, text)
        made.chosen.connect(self._on_choice_chosen)
        return made

    def _price_card(self, price: str) -> Card:
        card = Card(gap=6)
        card.body.addWidget(Label(t("Price of 1 MB, in DJF"), "label"))
        card.body.addWidget(Paragraph(
            t("If you know it, the cost stands beside the bytes. A package of 1 GB for 1,000 DJF is 1 DJF for 1 MB."), "small"))
        line = row(gap=12)
        self.price = QLineEdit(price)
        self.price.setAccessibleName(t("Price of 1 MB, in DJF"))
        self.price.setMaximumWidth(theme.px(160))
        self.price.editingFinished.connect(self._on_price_edited)
        self._wrong = Label("", "small", tone="problem", wrap=True)
        line.addWidget(self.price)
        line.addWidget(self._wrong, 1)
        line.addStretch(1)
        card.body.addLayout(line)
        return card

    @Slot(str, str)
    def _on_choice_chosen(self, name: str, value: str) -> None:
        chosen: Any = value == "yes" if name == "metered" else value if name == "hours" else int(value)
        self._limits.choose(**{name: chosen})
        self._context.events.sync_changed.emit()

    @Slot()
    def _on_price_edited(self) -> None:
        typed = self.price.text().strip().replace(",", ".").translate(_LATIN)
        self._wrong.setText("" if typed in PRICE else t("Write a number such as 1 or 0.5, or nothing."))
        if typed in PRICE:
            self._limits.choose(price=typed)
            self._load()

    @Slot()
    def _load(self) -> None:
        self._context.tasks.run(Lane.DATA, self._read, self._on_read, self._on_not_read, owner=self)

    def _read(self, _job: Job) -> tuple[str, list[Month]]:
        return traffic.this_month(self._context.workspace), traffic.months(self._context.workspace)

    def _on_read(self, found: tuple[str, list[Month]]) -> None:
        now, months = found
        chosen = self._limits.choices
        self.month.show_month(next((one for one in months if one.month == now), Month(now, {}, {})), chosen.cap * _MB, chosen.price)
        self.earlier.show_months([one for one in months if one.month != now], chosen.price)

    def _on_not_read(self, error: Exception) -> None:
        if not isinstance(error, Failure):
            raise error
        self._context.notify(str(error))


_LATIN = str.maketrans("٠١٢٣٤٥٦٧٨٩٫", "0123456789.")


def _with(known: tuple[int, ...], chosen: int) -> list[int]:
    """The usual answers, and the one that was written elsewhere."""
    return sorted({*known, chosen})


def _hours_said(hours: str) -> str:
    first, _, last = hours.partition("-")
    return t("from {first} to {last}", first=first, last=last) if hours else t("At any hour")
