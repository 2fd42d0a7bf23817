"""The list itself: pages of rows as they come into sight, refreshed by id; knows filters as data, no detail."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from desktop.features.directory import words
from desktop.kit.cards import column
from desktop.kit.lists import Row, RowList
from desktop.kit.states import States
from desktop.kit.tasks import Job, Lane
from desktop.shell.feature import Context
from i18n import t
from resources import listing
from resources.listing import Left, Narrowed
from sync.events import Changed

__all__ = ["ListingPane"]

FIRST = 64


@dataclass(frozen=True)
class _Page:
    offset: int
    rows: list[Row]


@dataclass(frozen=True)
class _Whole:
    left: Left
    rows: list[Row]


class ListingPane(QWidget):
    """Rows of what fits a filter.

    Signals: `counted(Left)` after each reading; `chosen(id)`; `opened(id)`; `add_requested()`; `clear_requested()`.
    """

    counted = Signal(object)
    chosen = Signal(str)
    opened = Signal(str)
    add_requested = Signal()
    clear_requested = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._ws = context.workspace
        self._narrowed, self._sort = Narrowed(), "name"
        self._round = 0
        self._total = -1
        self._wanted = ""
        self._keep_place = False
        self._titles: dict[str, str] = {}  # of the rows that have come
        self.list = RowList(t("Organisations"))
        self.list.chosen.connect(self.chosen)
        self.list.opened.connect(self.opened)
        self.states = States(self.list)
        column(self).addWidget(self.states)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(200)
        self._soon.timeout.connect(self._on_soon_timeout)

    def show_list(self, narrowed: Narrowed, sort: str, choose: str = "") -> None:
        """List what fits, from the top; `choose` the row of that id when it is there."""
        self._narrowed, self._sort = narrowed, sort
        self._wanted = choose or self.list.chosen_id()
        self._read_whole()

    def first_id(self) -> str:
        """Id of the first row, or ""."""
        rows = self.list.rows
        row = rows.row_at(0) if rows.rowCount() else None
        return row.id if row else ""

    def refresh(self, changed: Changed) -> None:
        """Redraw the rows of what changed; read the list again only when who is in it may have changed."""
        if not changed.ids:  # a copy was loaded whole, or another program was at work here
            self._soon.start()
        elif "organisation" in changed.kinds:
            shown = {id: self._titles[id] for id in changed.ids if id in self._titles}
            if len(shown) > FIRST:
                self._soon.start()
            else:
                self._context.tasks.run(Lane.DATA, _Some(self, shown), self._on_some_read, self._on_failed)
        elif "project" in changed.kinds:
            self._soon.start()

    def _read_whole(self) -> None:
        self._round += 1
        if self._total < 0:
            self.states.show_loading()
        self._context.tasks.run(Lane.DATA, _Reading(self, self._round), self._on_whole_read, self._on_failed)

    def _ask(self, offset: int, limit: int) -> None:
        _PageAsk(self, self._round, offset, limit).run()

    def take_page(self, round_: int, page: _Page) -> None:
        """Rows have come; those of an older filter are dropped."""
        if round_ == self._round:
            self._put(page.offset, page.rows)

    def _put(self, offset: int, rows: list[Row]) -> None:
        self.list.rows.put(offset, rows)
        self._titles.update((row.id, row.title) for row in rows)

    def rows_of(self, offset: int, limit: int) -> list[Row]:
        """Rows from `offset` on; called on the data lane."""
        today = words.today_of(self._ws.clock())
        records = listing.fitting(self._ws, self._narrowed, words.since(today), sort=self._sort, limit=limit, offset=offset)
        return [words.row_of(record, today) for record in records]

    def _on_whole_read(self, answer: tuple[int, _Whole]) -> None:
        round_, whole = answer
        if round_ != self._round:
            return
        place = self.list.verticalScrollBar().value() if self._keep_place else 0
        self._keep_place = False
        self._total = whole.left.total
        self.list.rows.set_source(self._total, self._ask)
        self._titles = {}
        self._put(0, whole.rows)
        if self._total:
            self.states.show_content()
        elif self._narrowed.is_empty:
            self._say_empty()
        else:
            self.states.show_empty(
                t("No organisation fits"), t("Take a filter away, or write fewer words."), t("Take all filters away"),
                self.clear_requested.emit, icon="search",
            )
        if self._wanted:
            self.list.choose(self._wanted)
        if place:
            self.list.verticalScrollBar().setValue(place)
        self.counted.emit(whole.left)

    def _say_empty(self) -> None:
        if self._ws.guest:
            self.states.show_empty(
                t("The directory is empty on this PC"), t("It fills up at the first exchange with the network, or from a USB stick."),
            )
        else:
            self.states.show_empty(
                t("The directory is empty"), t("Write down the first organisation, or fetch those of the network by an exchange."),
                t("Add an organisation"), self.add_requested.emit, icon="directory",
            )

    def _on_failed(self, error: Exception) -> None:
        self.states.show_failed(str(error), self._read_whole, t("The directory could not be read"))

    def _on_some_read(self, answer: tuple[int, Left, list[Row], bool]) -> None:
        left_total, left, rows, moved = answer
        if moved or left_total != self._total:
            self._wanted = self.list.chosen_id()
            self._keep_place = True
            self._read_whole()
            return
        for row in rows:
            self.list.rows.replace(row)
        self.counted.emit(left)

    @Slot()
    def _on_soon_timeout(self) -> None:
        self._wanted = self.list.chosen_id()
        self._keep_place = True
        self._read_whole()


class _Reading:
    """Reads the counts and the first rows."""

    def __init__(self, pane: ListingPane, round_: int) -> None:
        self._pane, self._round = pane, round_

    def __call__(self, _job: Job) -> tuple[int, _Whole]:
        pane = self._pane
        since = words.since(words.today_of(pane._ws.clock()))
        rows = pane.rows_of(0, FIRST)
        return self._round, _Whole(listing.left(pane._ws, pane._narrowed, since), rows)


class _Some:
    """Reads the rows of some ids, the counts, and whether one of them left the list or changed its name."""

    def __init__(self, pane: ListingPane, titles: dict[str, str]) -> None:
        self._pane, self._titles = pane, titles

    def __call__(self, _job: Job) -> tuple[int, Left, list[Row], bool]:
        ws = self._pane._ws
        today = words.today_of(ws.clock())
        left = listing.left(ws, self._pane._narrowed, words.since(today))
        rows = [words.row_of(record, today) for record in ws.by_ids("organisation", list(self._titles))]
        moved = len(rows) != len(self._titles) or any(row.title != self._titles[row.id] for row in rows)
        return left.total, left, rows, moved


class _PageAsk(QObject):
    """One page that came into sight."""

    def __init__(self, pane: ListingPane, round_: int, offset: int, limit: int) -> None:
        super().__init__(pane)
        self._pane, self._round, self._offset, self._limit = pane, round_, offset, limit

    def run(self) -> None:
        self._pane._context.tasks.run(Lane.DATA, self._read, self._on_read, self._on_failed)

    def _read(self, job: Job) -> _Page:
        job.check()
        return _Page(self._offset, self._pane.rows_of(self._offset, self._limit))

    def _on_read(self, page: _Page) -> None:
        self._pane.take_page(self._round, page)
        self.deleteLater()

    def _on_failed(self, error: Exception) -> None:
        self._pane._on_failed(error)
        self.deleteLater()


