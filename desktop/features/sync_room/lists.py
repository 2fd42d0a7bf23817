"""The five lists of the room, each with its empty state; knows what they show and no work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

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
    """One in sight at a time. Attributes: `cards` the lists of cards and `rows` the logs, by key; `slices` makes the cards."""

    def __init__(self, dispute: Callable[[Any], Any], waiting: Callable[[Any], Any], refused: Callable[[Any], Any]) -> None:
        super().__init__()
        self.slices = slices = Slices(self)
        self.cards = {
            "settle": CardList(t("To settle"), t(
                "People wrote different things in the same place without seeing each other."
                " Nothing is lost: keep one, or write another."), dispute, slices),
            "waiting": CardList(t("Waiting"), t(
                "Saved on this computer, and not answered by the server yet. There is nothing you need to do."), waiting, slices),
            "refused": CardList(t("Not accepted"), t(
                "The server could not take these changes. What you typed is kept until you decide."), refused, slices),
        }
        self.rows = {"accepted": RowList(t("Accepted")), "visits": RowList(t("Past exchanges"))}
        self._empty = {
            "settle": ("verified", t("Nothing to settle"),
                       t("When two people change the same thing without seeing each other, you choose here which one stays.")),
            "waiting": ("accepted", t("Nothing waits"),
                        t("Everything you saved has been answered by the server. What you save next stands here until it has left.")),
            "refused": ("verified", t("Nothing was refused"),
                        t("If the server cannot take a change, it stands here with the reason and everything you typed.")),
            "accepted": ("log", t("Nothing accepted yet"), t("What the server accepts of your work is listed here.")),
            "visits": ("history", t("No exchange yet"), t("Each exchange with the server is noted here: when it was, and what it moved.")),
        }
        self._states: dict[str, States] = {}
        for key, content in {**self.cards, **{key: _framed(one) for key, one in self.rows.items()}}.items():
            self._states[key] = States(content)
            self.addWidget(self._states[key])
        self._shown: dict[str, Sequence[Any]] = {}

    def states(self, key: str) -> States:
        """What one list is in: content, loading, empty, failed."""
        return self._states[key]

    def choose(self, key: str) -> None:
        """Bring one list into sight."""
        self.setCurrentWidget(self._states[key])

    def show_loading(self) -> None:
        """Content is coming."""
        for states in self._states.values():
            states.show_loading()

    def show_failed(self, text: str, retry: Callable[[], None]) -> None:
        """The room could not be read."""
        for states in self._states.values():
            states.show_failed(text, retry)

    def show_room(self, room: Room, hidden: frozenset[str]) -> None:
        """Show everything; `hidden` are keys of refused changes that are being thrown away."""
        refused = [one for one in room.refused if one.key not in hidden]
        for key, wanted in (("settle", room.disputes), ("waiting", room.waiting), ("refused", refused)):
            self.cards[key].show(wanted)
            self.cards[key].renew(room.now)
            self._settle_state(key, len(wanted))
        self._show_rows("accepted", [accepted_row(one, room.now) for one in room.accepted])
        self._show_rows("visits", [visit_row(one, at, room.now) for at, one in enumerate(room.visits)])

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
            icon, title, text = self._empty[key]
            states.show_empty(title, text, icon=icon)


def _framed(content: QWidget) -> QWidget:
    """A list at the width of the cards."""
    content.setMaximumWidth(theme.px(WIDEST))
    holder = QWidget()
    around = row(holder)
    around.setContentsMargins(theme.px(24), 0, theme.px(24), 0)
    around.addWidget(content, 1000)
    around.addStretch(1)
    return holder
