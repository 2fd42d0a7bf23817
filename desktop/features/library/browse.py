"""The shelf: cards of what fits the filters, page by page as they come into sight, and the collections; knows no detail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from desktop.features.library.card_grid import Card, CardGrid
from desktop.features.library.cards import card_of, collection_card
from desktop.features.library.filters import FilterBar
from desktop.features.library.frame import beside_margin, within_margins
from desktop.kit import theme
from desktop.kit.buttons import Segments, button
from desktop.kit.cards import column, row
from desktop.kit.states import States
from desktop.kit.tasks import Job, Lane
from desktop.kit.text import Label
from desktop.shell.feature import Context
from i18n import Text, t, tn
from resources import library
from resources.library import Counts, Filter
from resources.rights import refusal
from resources.starter import shelf
from sync.events import Changed

__all__ = ["Browse"]

FIRST = 64
_TOGETHER = 60  # ms in which several changes are one reading


@dataclass(frozen=True)
class _Page:
    offset: int
    cards: list[Card]


@dataclass(frozen=True)
class _Whole:
    left: Counts
    cards: list[Card]
    collections: list[Card]
    refusal: Text | None


class Browse(QWidget):
    """Signals: `opened(kind, id)`, `add_requested(kind)`."""

    opened = Signal(str, str)
    add_requested = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context, self._ws = context, context.workspace
        self._round = 0
        self._wanted = ""
        self._refusal: Text | None = None
        self._collections: list[Card] = []
        self.total = 0
        whole = column(self, gap=16)
        whole.addSpacing(theme.px(24))
        body = column(gap=12)
        whole.addLayout(within_margins(body))
        head = row(gap=12)
        head.addWidget(Label(t("Library"), "page"))
        self.count = Label("", "muted")
        head.addWidget(self.count, 1)
        views = [("item", t("Documents"), "file"), ("collection", t("Collections"), "collection")]
        self.views = Segments(views, t("What is shown"))
        self.views.chosen.connect(self._on_views_chosen)
        head.addWidget(self.views)
        self.add = button(t("Add a document"), self._on_add, kind="primary", icon="add")
        head.addWidget(self.add)
        body.addLayout(head)
        self.filters = FilterBar()
        self.filters.narrowed.connect(self._on_filters_narrowed)
        body.addWidget(self.filters)
        self.grid = CardGrid(t("Documents"))
        self.grid.opened.connect(self._on_grid_opened)
        self.states = States(self.grid)
        whole.addLayout(beside_margin(self.states), 1)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_TOGETHER)
        self._soon.timeout.connect(self.load)

    def state(self) -> dict[str, Any]:
        """What holds, to stand up again."""
        return {"filter": self.filters.now, "view": self.views.choice(), "chosen": self.grid.chosen_id()}

    def restore(self, state: dict[str, Any]) -> None:
        self.filters.put(state["filter"])
        self.views.choose(state["view"])
        self._wanted = state["chosen"]
        self.load()

    def renew(self, changed: Changed) -> None:
        """Records changed: read again when items or collections are among them."""
        if not changed.kinds or changed.kinds & {"item", "collection"}:
            self._soon.start()

    @Slot()
    def load(self) -> None:
        """Read the list anew, keeping the place."""
        self._round += 1
        self._wanted = self._wanted or self.grid.chosen_id()
        self.states.show_loading()
        _Reading(self, self._round, self.filters.now).run(self._context)

    def read(self, chosen: Filter) -> _Whole:
        """Everything of the first sight; on the data lane."""
        shelf.keep_shared(self._ws)
        page = shelf.items(self._ws, chosen, FIRST, 0)
        collections = [collection_card(one) for one in library.collections(self._ws)]
        return _Whole(shelf.choices_left(self._ws, chosen), self._cards(page.records), collections, refusal(self._ws, "item", "create"))

    def read_page(self, chosen: Filter, offset: int, limit: int) -> _Page:
        return _Page(offset, self._cards(shelf.items(self._ws, chosen, limit, offset).records))

    def show_whole(self, whole: _Whole) -> None:
        self._refusal = whole.refusal
        self._collections = whole.collections
        self.add.setVisible(whole.refusal is None)
        self.filters.show_left(whole.left)
        self.total = whole.left.total
        if self.views.choice() == "collection":
            self._show_collections()
            return
        self.filters.show()
        self.add.setText(t("Add a document"))
        self.count.setText(tn("{n} document", "{n} documents", self.total))
        if not self.total:
            self._show_nothing()
            return
        at = self.grid.verticalScrollBar().value()
        if self.total > len(whole.cards):
            self.grid.rows.set_source(self.total, _Ask(self, self._round, self.filters.now))
            self.grid.rows.put(0, whole.cards)
        else:
            self.grid.rows.set_rows(whole.cards)
        self.states.show_content()
        self.grid.choose(self._wanted)
        self.grid.verticalScrollBar().setValue(at)
        self._wanted = ""

    def ask(self, round_: int, chosen: Filter, offset: int, limit: int) -> None:
        if round_ == self._round:
            _Reading(self, round_, chosen, offset, limit).run(self._context)

    def take(self, round_: int, found: _Whole | _Page) -> None:
        """What was read has come; of an older filter it is dropped."""
        if round_ != self._round:
            return
        if isinstance(found, _Whole):
            self.show_whole(found)
        else:
            self.grid.rows.put(found.offset, found.cards)

    def fail(self, round_: int, error: Exception) -> None:
        if round_ == self._round:
            self.states.show_failed(str(error), self.load)

    def _cards(self, records: list[Any]) -> list[Card]:
        return [card_of(one, kept=not shelf.is_starter(one) and library.is_kept(self._ws, one)) for one in records]

    def _show_collections(self) -> None:
        self.filters.hide()
        self.add.setText(t("Make a collection"))
        self.count.setText(tn("{n} collection", "{n} collections", len(self._collections)))
        self.grid.rows.set_rows(self._collections)
        if self._collections:
            self.states.show_content()
            self.grid.choose(self._wanted)
            self._wanted = ""
        else:
            may = self._refusal is None
            text = t("A collection gathers documents for a purpose: a training, a first visit, a theme.")
            self.states.show_empty(t("No collection yet"), text, t("Make a collection") if may else "", self._on_add, icon="collection")

    def _show_nothing(self) -> None:
        now = self.filters.now
        if now == Filter():
            may = self._refusal is None
            text = t("Add the first document from this PC: it needs no network.")
            self.states.show_empty(t("The library is empty"), text if may else "", t("Add a document") if may else "", self._on_add, icon="library")
        else:
            text = t("Try fewer letters or another spelling, or take a filter away.")
            self.states.show_empty(t("Nothing fits"), text, t("Take the filters away"), self.filters.clear, icon="search")

    def _on_add(self) -> None:
        self.add_requested.emit(self.views.choice())

    @Slot(object)
    def _on_filters_narrowed(self, _now: Filter) -> None:
        self.grid.verticalScrollBar().setValue(0)
        self.load()

    @Slot(str)
    def _on_views_chosen(self, _view: str) -> None:
        self.grid.rows.set_rows([])
        self.load()

    @Slot(str)
    def _on_grid_opened(self, id: str) -> None:
        self.opened.emit(self.views.choice(), id)


class _Ask:
    """Asks for a page of the list of one round."""

    def __init__(self, owner: Browse, round_: int, chosen: Filter) -> None:
        self._owner, self._round, self._chosen = owner, round_, chosen

    def __call__(self, offset: int, limit: int) -> None:
        self._owner.ask(self._round, self._chosen, offset, limit)


class _Reading(QObject):
    """One question to the data lane, with the round it belongs to."""

    def __init__(self, owner: Browse, round_: int, chosen: Filter, offset: int = 0, limit: int = 0) -> None:
        super().__init__(owner)
        self._owner, self._round, self._chosen, self._offset, self._limit = owner, round_, chosen, offset, limit

    def run(self, context: Context) -> None:
        context.tasks.run(Lane.DATA, self._read, self._on_read, self._on_failed)

    def _read(self, _job: Job) -> _Whole | _Page:
        if self._limit:
            return self._owner.read_page(self._chosen, self._offset, self._limit)
        return self._owner.read(self._chosen)

    def _on_read(self, found: _Whole | _Page) -> None:
        self._owner.take(self._round, found)
        self.deleteLater()

    def _on_failed(self, error: Exception) -> None:
        self._owner.fail(self._round, error)
        self.deleteLater()
