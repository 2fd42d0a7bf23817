"""Pages that were cut a moment ago, for the next who lacks the same: many come from the same number; knows no request and no database."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from sync.change import Page, Verdict, log_id

SECONDS = 10.0  # for which a page stands here: as much later it is noticed when somebody alters the database
MOST = 4 * 2**20  # bytes of pages


@dataclass(frozen=True, slots=True)
class Cut:
    """A page, the same as it is carried, and the chain of its ledger at its end."""

    page: Page
    data: bytes
    chain: bytes


class Shelf:
    """One for all authorities of one database in one process. `seconds` 0: nothing is kept, each page is cut from the database."""

    def __init__(self, seconds: float = 0.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[Hashable, tuple[float, frozenset[bytes], Cut]] = {}
        self._size = 0

    def get(self, place: Hashable, echo: frozenset[bytes]) -> Cut | None:
        """The page that was cut for the same `place`, unless it is too old or says one of the changes whose text the receiver has (dots)."""
        with self._lock:
            self._let_go()
            found = self._kept.get(place)
        return None if found is None or not found[1].isdisjoint(_places(echo)) else found[2]

    def put(self, place: Hashable, cut: Cut, echo: frozenset[bytes]) -> None:
        """Keep a page for the next, unless a text was left out of it."""
        if self._seconds <= 0:
            return
        said = _said_on(cut.page)
        if not said.isdisjoint(_places(echo)):
            return
        with self._lock:
            self._forget(place)
            self._kept[place] = self._clock(), said, cut
            self._size += len(cut.data)
            self._let_go()

    def _let_go(self) -> None:
        """Forget the oldest while they are too old, or too many."""
        while self._kept:
            place, (since, _, _) = next(iter(self._kept.items()))
            if self._size <= MOST and self._clock() - since <= self._seconds:
                break
            self._forget(place)

    def _forget(self, place: Hashable) -> None:
        old = self._kept.pop(place, None)
        if old is not None:
            self._size -= len(old[2].data)


def _places(dots: frozenset[bytes]) -> frozenset[bytes]:
    """The log and number of changes: what of a dot can be told without its text."""
    return frozenset(dot[:12] for dot in dots)


def _said_on(page: Page) -> frozenset[bytes]:
    names = [log_id(proof.key, page.scope, proof.nonce) for proof in page.logs]
    return frozenset(names[entry.log] + entry.n.to_bytes(4, "big") for entry in page.entries if entry.verdict == Verdict.ACCEPTED)
