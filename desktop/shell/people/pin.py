"""Six figures that reopen a session which still runs: in memory only, with delays that grow; knows no screen."""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Callable

__all__ = ["LENGTH", "Pin", "figures"]

LENGTH = 6
_FREE = 3  # wrong tries without a wait
_FIRST, _LONGEST = 5.0, 3600.0  # seconds; each further wrong try doubles the wait


def figures(typed: str) -> str:
    """The figures among what was typed, Arabic ones as 0-9."""
    return "".join(str(unicodedata.digit(one)) for one in typed if unicodedata.digit(one, None) is not None)


class Pin:
    """Never written anywhere, so it opens nothing after the session has ended: then only the phrase does."""

    def __init__(self, typed: str, clock: Callable[[], float]) -> None:
        """`clock`: seconds of a steady clock. ValueError for anything but six figures."""
        self._figures, self._clock = figures(typed), clock
        self._wrong, self._until = 0, 0.0
        if len(self._figures) != LENGTH:
            raise ValueError(f"a PIN has {LENGTH} figures")

    @property
    def wait(self) -> float:
        """Seconds before the next try counts."""
        return max(0.0, self._until - self._clock())

    def is_it(self, typed: str) -> bool:
        """Whether that is it; a try before the wait is over counts for nothing."""
        if self.wait:
            return False
        if hmac.compare_digest(figures(typed), self._figures):
            self._wrong = 0
            return True
        self._wrong += 1
        if self._wrong >= _FREE:
            self._until = self._clock() + min(_LONGEST, _FIRST * 2 ** (self._wrong - _FREE))
        return False
