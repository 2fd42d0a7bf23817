"""How much is left of a sync and how long that takes, from what has moved so far; knows no carrier and no record."""

from __future__ import annotations

from collections.abc import Callable

ENOUGH = 1.0  # seconds of moving from which a pace means something


class Pace:
    """The pace of one sync. `now` gives seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._start = now()

    def seconds(self, moved: int, left: int) -> int | None:
        """About how many seconds `left` bytes take, after `moved` bytes; None while nobody can say."""
        took = self._now() - self._start
        if not left:
            return 0
        if took < ENOUGH or not moved:
            return None
        return round(left * took / moved)
