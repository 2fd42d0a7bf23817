"""A decision on its way from a card to the data lane and back to the page, and what an Undo calls; knows no card's inside."""

from __future__ import annotations

from typing import Any, Protocol

import shiboken6
from PySide6.QtWidgets import QWidget

from desktop.features.sync_room import acts
from desktop.kit.tasks import Lane
from desktop.shell.feature import Context

__all__ = ["Act", "BringBack", "SaveAgainLater", "stands"]


class Page(Protocol):
    """What the page answers to."""

    def told(self, act: Act, outcome: Any) -> None: ...
    def refused(self, act: Act, error: Exception) -> None: ...
    def bring_back(self, change: str) -> None: ...
    def save_again(self, work: acts.SaveAgain) -> None: ...


class Act:
    """One decision under way: its work, the words for its success, the card it was made in."""

    def __init__(self, page: Page, work: Any, words: str, card: Any) -> None:
        self.page, self.work, self.words, self.card = page, work, words, card

    def run(self, context: Context) -> None:
        context.tasks.run(Lane.DATA, self.work, self._on_done, self._on_failed, owner=self.page)  # type: ignore[arg-type]  # the page is a QObject

    def _on_done(self, outcome: Any) -> None:
        self.page.told(self, outcome)

    def _on_failed(self, error: Exception) -> None:
        if self.card is not None and not stands(self.card):
            self.card = None
        self.page.refused(self, error)


class BringBack:
    """Calling this brings a thrown-away change back."""

    def __init__(self, page: Page, change: str) -> None:
        self._page, self._change = page, change

    def __call__(self) -> None:
        if stands(self._page):
            self._page.bring_back(self._change)


class SaveAgainLater:
    """Calling this saves again what was taken back."""

    def __init__(self, page: Page, work: acts.SaveAgain) -> None:
        self._page, self._work = page, work

    def __call__(self) -> None:
        if stands(self._page):
            self._page.save_again(self._work)


def stands(widget: QWidget) -> bool:
    """Whether Qt has not taken the widget away meanwhile."""
    return shiboken6.isValid(widget)
