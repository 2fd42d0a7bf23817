"""Where batches wait to be decided: whoever comes first decides for all who wait, in one transaction with one head; knows no rule and no HTTP."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sync.errors import OURS, Failure

Asked = TypeVar("Asked")
Found = TypeVar("Found")
MOST = 32  # batches of one transaction: the first of them waits for the last


@dataclass(slots=True)
class Turn(Generic[Asked, Found]):
    """One batch in the line, and what was found of it or why it failed, once it is `over`."""

    asked: Asked
    found: Found | None = None
    failure: BaseException | None = None
    over: bool = False


class Turns(Generic[Asked, Found]):
    """One line of one process, shared by everybody whose batches go into the same database."""

    def __init__(self) -> None:
        self._waiting: list[Turn[Asked, Found]] = []
        self._guard = threading.Lock()
        self._deciding = threading.Lock()

    def take(self, asked: Sequence[Asked], decide: Callable[[list[Asked]], list[Found]]) -> list[Turn[Asked, Found]]:
        """What became of one's own batches; what was found of them is on disk.

        `decide` answers for several at once, all of them or none. When that
        fails, each is decided alone: one bad batch blocks nothing else.
        """
        own: list[Turn[Asked, Found]] = [Turn(one) for one in asked]
        with self._guard:
            self._waiting += own
        while not all(turn.over for turn in own):
            with self._deciding:
                if not all(turn.over for turn in own):
                    with self._guard:
                        turns, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                    decided(turns, decide)
        return own


def decided(turns: Sequence[Turn[Asked, Found]], decide: Callable[[list[Asked]], list[Found]]) -> None:
    """Decide several turns at once, or each alone when that fails by what was handed in."""
    try:
        for turn, found in zip(turns, decide([one.asked for one in turns]), strict=True):
            turn.found = found
    except BaseException as failure:  # noqa: BLE001 - whoever waits hears of it, whatever it was
        ours = not isinstance(failure, Exception) or (isinstance(failure, Failure) and failure.code in OURS)
        if len(turns) > 1 and not ours:
            for turn in turns:
                decided([turn], decide)
            return
        for turn in turns:
            turn.failure = failure
    for turn in turns:
        turn.over = True
