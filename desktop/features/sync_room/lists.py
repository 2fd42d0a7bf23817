"""The five lists of the room, each with its empty state; knows what they show and no work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.features.sync_room.card_list import WIDEST, CardList
from desktop.features.sync_room.log_rows import accepted_row, visit_row
from desktop.features.sync_room.snapshot import Room
from desktop.kit import theme
from desktop.kit.cards import row
from desktop.kit.lists import RowList
from desktop.kit.slices import Slices
from desktop.kit.states import States
from i18n import t

__all__ = ["Lists"]


class Lists(QStackedWidget):
    """One in sight at a time, each made when it is first needed.

    Attributes: `cards` the lists of cards and `rows` the logs that have been made, by key; `slices` makes the cards.
    Signals: `deserted()`: the last card of a list is gone and had the focus; `log_opened(key)`: a row of what was accepted.
    """

    deserted = Signal()
    log_opened = Signal(str)

    def __init__(self, dispute: Callable[[Any], Any], waiting: Callable[[Any], Any], refused: Callable[[Any], Any]) -> None:
        super().__init__()
        self.slices = Slices(self)
        self._makers = {"settle": dispute, "waiting": waiting, "refused": refused}
        self.cards: dict[str, CardList] = {}
        self.rows: dict[str, RowList] = {}
        self._states: dict[str, States] = {}
        self._room: Room | None = None
        self._hidden: frozenset[str] = frozenset()
        self._failed: tuple[str, Callable[[], None]] | None = None
        self._shown: dict[str, Sequence[Any]] = {}

    def states(self, key: str) -> States:
        """What one list is in: content, loading, empty, failed; with it the list is made."""
        if key not in self._states:
            self._states[key] = States(self._make_cards(key) if key in self._makers else _framed(self._make_rows(key)))
            self.addWidget(self._states[key])
            self._show(key)
        return self._states[key]

    def choose(self, key: str) -> None:
        """Bring one list into sight."""
        self.setCurrentWidget(self.states(key))

    def show_loading(self) -> None:
        """Content is coming."""
        self._room = self._failed = None
        for key in self._states:
            self._show(key)

    def show_failed(self, text: str, retry: Callable[[], None]) -> None:
        """The room could not be read."""
        self._room, self._failed = None, (text, retry)
        for key in self._states:
            self._show(key)

    def show_room(self, room: Room, hidden: frozenset[str]) -> None:
        """Show everything; `hidden` are keys of refused changes that are being thrown away."""
        self._room, self._hidden, self._failed = room, hidden, None
        for key in self._states:
            self._show(key)

    def _make_cards(self, key: str) -> CardList:
        name, intro = _names()[key]
        made = self.cards[key] = CardList(name, intro, self._makers[key], self.slices)
        made.deserted.connect(self.deserted)
        return made

    def _make_rows(self, key: str) -> RowList:
        made = self.rows[key] = RowList(_names()[key][0])
        if key == "accepted":
            made.opened.connect(self.log_opened)
        return made

    def _show(self, key: str) -> None:
        """Let one list show what is known now."""
        room = self._room
        if self._failed is not None:
            self._states[key].show_failed(*self._failed)
        elif room is None:
            self._states[key].show_loading()
        elif key in self._makers:
            refused = [one for one in room.refused if one.key not in self._hidden]
            wanted = {"settle": room.disputes, "waiting": room.waiting, "refused": refused}[key]
            self.cards[key].show(wanted)
            self.cards[key].renew(room.now)
            self._settle_state(key, len(wanted))
        elif key == "accepted":
            self._show_rows(key, [accepted_row(one, room.now) for one in room.accepted])
        else:
            self._show_rows(key, [visit_row(one, at, room.now) for at, one in enumerate(room.visits)])

    def _show_rows(self, key: str, rows: list[Any]) -> None:
        if self._shown.get(key) != rows:
            chosen = self.rows[key].chosen_id()
            self.rows[key].rows.set_rows(rows)
            self.rows[key].choose(chosen)
            self._shown[key] = rows
        self._settle_state(key, len(rows))

    def _settle_state(self, key: str, count: int) -> None:
        states = self._states[key]
        if count:
            states.show_content()
        elif states.showing != "empty":
            icon, title, text = _empty()[key]
            states.show_empty(title, text, icon=icon)


def _names() -> dict[str, tuple[str, str]]:
    """What each list is called, and what it is."""
    return {
        "settle": (t("To settle"), t(
            "People wrote different things in the same place without seeing each other."
            " Nothing is lost: keep one, or write another.")),
        "waiting": (t("Waiting"), t(
            "Saved on this computer, and not answered by the server yet. There is nothing you need to do.")),
        "refused": (t("Not accepted"), t(
            "The server could not take these changes. What you typed is kept until you decide.")),
        "accepted": (t("Accepted"), ""),
        "visits": (t("Past exchanges"), ""),
    }


def _empty() -> dict[str, tuple[str, str, str]]:
    """What each list says when there is nothing in it: icon, title, text."""
    return {
        "settle": ("verified", t("Nothing to settle"),
                   t("When two people change the same thing without seeing each other, you choose here which one stays.")),
        "waiting": ("accepted", t("Nothing waits"),
                    t("Everything you saved has been answered by the server. What you save next stands here until it has left.")),
        "refused": ("verified", t("Nothing was refused"),
                    t("If the server cannot take a change, it stands here with the reason and everything you typed.")),
        "accepted": ("log", t("Nothing accepted yet"), t("What the server accepts of your work is listed here.")),
        "visits": ("history", t("No exchange yet"), t("Each exchange with the server is noted here: when it was, and what it moved.")),
    }


def _framed(content: QWidget) -> QWidget:
    """A list at the width of the cards."""
    content.setMaximumWidth(theme.px(WIDEST))
    holder = QWidget()
    around = row(holder)
    around.setContentsMargins(theme.px(24), 0, theme.px(24), 0)
    around.addWidget(content, 1000)
    around.addStretch(1)
    return holder
