"""What left in one turn, as it was signed, and pages that say nothing but that it was accepted; knows no wire."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from sync import codec, entries
from sync.change import Batch, Entry, LogProof, Page, Verdict, head_statement, log_link
from sync.identity import verifies
from sync.ledger import Head
from sync.trust import Trust
from sync.vault import Pending


class Returned(NamedTuple):
    """A page of nothing but changes in the order in which they left, all accepted: these, the control number, and the chain at its end."""

    changes: list[Pending]
    control: int
    chain: bytes


class Sent:
    """The batches of one turn, each with its changes."""

    def __init__(self, batches: list[tuple[Batch, list[Pending]]]) -> None:
        self.batches = batches

    def __len__(self) -> int:
        return sum(len(run) for _, run in self.batches)

    @cached_property
    def echoes(self) -> dict[bytes, tuple[bytes, bytes]]:
        """The body and the salt of each change by its log and number, for the entries that come back without."""
        return {one.log + one.n.to_bytes(4, "big"): (one.body, codec.salt_of(seeds[one.n // codec.RUN], one.n))
                for batch, run in self.batches for seeds in (dict(batch.seeds),) for one in run}

    @cached_property
    def dots(self) -> frozenset[bytes]:
        """The identities of the changes."""
        return frozenset(one.dot for _, run in self.batches for one in run)

    def returned(self, page: Page, at: Head, authority: bytes, trust: Trust, key: bytes) -> Returned | None:
        """What a page brings back, if it is such a one, follows `at` and verifies; None for any other, which is opened entry by entry.

        What was sealed and signed when it left is compared, not computed
        again: the proof must be the very one that these changes give. `key` is
        the person's own public one.
        """
        if (page.scope, page.epoch, page.first, page.before) != (at.scope, at.epoch, at.number + 1, at.chain):
            return None
        if len(page.logs) != 1 or not page.entries:
            return None
        (proof,), first, count, control = page.logs, page.entries[0].n, len(page.entries), page.entries[0].control
        log = self._log(page.scope, proof)
        start = first - log[0].n if log else -1
        if start < 0 or start + count > len(log) or page.entries != [Entry(0, n, Verdict.ACCEPTED, control) for n in range(first, first + count)]:
            return None
        changes = log[start : start + count]
        known = trust.certified(proof.key)
        if proof != self._proof(proof.signed, changes, log[start + count :]) or known is None or known.key != key:
            return None
        facts = trust.erasures.since(0, page.scope)
        if facts and not {dot for fact in facts for dot in fact.dots}.isdisjoint(one.dot for one in changes):
            return None
        chain = entries.extend_run(page.before, changes[0].log, first, [one.commitment for one in changes], control)
        if not verifies(authority, head_statement(page.scope, page.epoch, page.last, chain), page.signature):
            return None
        return Returned(changes, control, chain)

    def _log(self, scope: str, proof: LogProof) -> list[Pending]:
        """The changes of one log that left, if they follow each other; else none."""
        parts = [run for batch, run in self.batches if (batch.scope, batch.key, batch.nonce) == (scope, proof.key, proof.nonce)]
        for before, after in pairwise(parts):
            if after[0].n != before[-1].n + 1 or after[0].before != log_link(before[-1].before, before[-1].commitment):
                return []
        return [one for run in parts for one in run]

    def _proof(self, signed: int, changes: list[Pending], later: list[Pending]) -> LogProof | None:
        """The proof that these changes give for some of a log, under the signature at a number."""
        batch = next((batch for batch, run in self.batches if run[-1].n == signed and run[-1].log == changes[0].log), None)
        if batch is None:
            return None
        runs = range(changes[0].n // codec.RUN, changes[-1].n // codec.RUN + 1)
        seeds = {run: seed for each, its in self.batches if its[0].log == changes[0].log for run, seed in each.seeds}
        return LogProof(batch.key, batch.nonce, changes[0].n, changes[0].before, signed, batch.signature,
                        [(one.n, one.commitment) for one in later if one.n <= signed], [(run, seeds[run]) for run in runs])


NOTHING = Sent([])
