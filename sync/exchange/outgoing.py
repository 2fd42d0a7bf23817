"""What one sync hands in: each change once, the oldest first, marked on disk before it leaves; knows no carrier."""

from __future__ import annotations

from collections.abc import Mapping

from sync.change import Batch
from sync.ledger import Head
from sync.vault import Pending, Vault
from sync.waiting_again import decided_once

Handed = list[tuple[Batch, list[Pending]]]


class Outgoing:
    """What left in this sync: `sent` are the positions, `bytes` those of the bodies."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault
        self.sent: set[int] = set()
        self.bytes = 0
        self._held: frozenset[int] = frozenset()
        self._past: dict[str, int] = {}  # the position in each scope up to which nothing is left to hand in
        self._heads: Mapping[str, Head] = {}

    def batches(self, budget: int, heads: Mapping[str, Head], *, level: bool) -> Handed:
        """The next signed batches, about `budget` bytes of bodies, in the caller's transaction.

        What waits again may still come back by proof, so it stays until the copy is `level` with the server, which `heads` says where it stands.
        """
        held = frozenset() if level else decided_once(self.vault.store)
        if held != self._held or any(self._went_back(at) for at in heads.values()):
            self._past.clear()
        self._held, self._heads = held, heads
        found = self.vault.batches(budget, self.sent | held if held else self.sent, self._past)
        for _, run in found:
            self.vault.mark_tried(run)
            self.sent.update(one.position for one in run)
            self.bytes += _weight(run)
            self._past[run[0].scope] = run[-1].position
        return found

    def again(self, batches: Handed) -> None:
        """These did not arrive as they left: they are handed in once more."""
        for _, run in batches:
            self.sent.difference_update(one.position for one in run)
            self.bytes -= _weight(run)
        self._past.clear()

    def start_over(self) -> None:
        """Nothing of it arrived."""
        self.sent.clear()
        self._past.clear()

    def is_left(self) -> bool:
        """Whether anything waits that was not handed in."""
        return self.vault.unsent(self.sent, {} if self._held else self._past)

    def _went_back(self, at: Head) -> bool:
        """Whether a ledger stands where accepted changes may have left it: they wait again."""
        before = self._heads.get(at.scope, at)
        return before.epoch != at.epoch or before.number > at.number


def _weight(run: list[Pending]) -> int:
    return sum([len(one.body) for one in run])
