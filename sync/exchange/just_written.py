"""The entries that a request itself just made, and their proof, from memory: what was checked and written a moment ago is not read back."""

from __future__ import annotations

from sync import codec, entries
from sync.change import LogProof
from sync.deciding import Taken
from sync.entries import Row
from sync.ledger import Head


class JustWritten:
    """What one request wrote in one scope. It serves nobody else: whoever else asks gets what the database holds, once it was looked at."""

    def __init__(self, taken: list[Taken]) -> None:
        self._taken = [one for one in taken if one.rows]
        self._rows = {row.number: row for one in self._taken for row in one.rows}
        self._head = self._taken[-1].head if self._taken else None

    def after(self, at: Head, number: int, before: bytes) -> list[Row] | None:
        """The entries after a number, if all of them up to the head are these and lead from the chain `before` to it; None otherwise."""
        if self._head != at or at.number - number > len(self._rows):
            return None
        rows = [row for one in range(number + 1, at.number + 1) if (row := self._rows.get(one)) is not None]
        return rows if len(rows) == at.number - number and entries.extend(before, rows) == at.chain else None

    def proof(self, rows: list[Row]) -> LogProof | None:
        """The proof of entries that all are of one batch of this request: the batch itself; None otherwise."""
        for one in self._taken:
            batch, changes = one.handed.batch, one.handed.rows
            places = {row.n - batch.first: row for row in rows}
            if len(places) != len(rows) or not all(
                    0 <= at < len(changes) and row.log == one.handed.log and row.commitment == changes[at].commitment for at, row in places.items()):
                continue
            runs = {row.n // codec.RUN for row in rows if row.body is not None and row.salt is None}
            start = min(places)
            gaps = [(row.n, row.commitment) for at, row in enumerate(changes[start:], start) if at not in places]
            return LogProof(batch.key, batch.nonce, batch.first + start, changes[start].before, changes[-1].n, batch.signature, gaps,
                            [(run, seed) for run, seed in batch.seeds if run in runs])
        return None
