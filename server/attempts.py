"""How often an address may be wrong; knows no code and no route."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from i18n import Text
from sync.errors import Failure


class Attempts:
    """Counts failures by address in a sliding window; in memory, since a restart is rarer than a window is long."""

    def __init__(self, now: Callable[[], float], most: int, window: float = 600) -> None:
        self.now = now
        self.most = most
        self.window = window
        self._failed: dict[str, deque[float]] = {}

    def check(self, address: str) -> None:
        """Raise Failure `too_many` when an address was wrong too often of late."""
        if len(self._recent(address)) >= self.most:
            raise Failure(Text("Too many wrong codes came from this connection. Wait ten minutes, then try again."), "too_many")

    def note(self, address: str) -> None:
        """Remember that an address was wrong."""
        if len(self._failed) > 10_000:
            for known in list(self._failed):
                self._recent(known)
        self._failed.setdefault(address, deque(maxlen=self.most)).append(self.now())

    def _recent(self, address: str) -> deque[float]:
        times = self._failed.get(address, deque())
        while times and times[0] < self.now() - self.window:
            times.popleft()
        if not times:
            self._failed.pop(address, None)
        return times
