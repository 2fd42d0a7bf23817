"""A batch as it was handed in, and what follows from its bytes, computed once: log, chain, commitments, changes; checks no signature."""

from __future__ import annotations

from dataclasses import dataclass

from sync import codec
from sync.change import Batch, Change, log_id, log_link
from sync.entries import Row
from sync.errors import Damaged
from sync.proofs import ALTERED


@dataclass(frozen=True, slots=True)
class Handed:
    """A batch, its log, its changes as ledger rows without verdict, the chain after them, and the changes read (None: it is none)."""

    batch: Batch
    log: bytes
    rows: list[Row]
    end: bytes
    changes: list[Change | None]


def handed(batch: Batch) -> Handed:
    """What follows from a batch; Damaged when it has no shape that anything could follow from."""
    if not batch.bodies or batch.first < 1 or batch.first + len(batch.bodies) > 2**32 or len(batch.before) != 32:
        raise Damaged(ALTERED)  # a dot has four bytes for its number
    runs = range(batch.first // codec.RUN, (batch.first + len(batch.bodies) - 1) // codec.RUN + 1)
    if [run for run, _ in batch.seeds] != list(runs):
        raise Damaged(ALTERED)  # one seed for each run is all there is to send
    log, seeds, chain = log_id(batch.key, batch.scope, batch.nonce), dict(batch.seeds), batch.before
    rows: list[Row] = []
    for n, body in enumerate(batch.bodies, batch.first):
        commitment = codec.commitment(codec.salt_of(seeds[n // codec.RUN], n), body)
        rows.append(Row(batch.scope, 0, log, n, chain, commitment, None, body, 0, None, 0, None))
        chain = log_link(chain, commitment)
    return Handed(batch, log, rows, chain, [read(body) for body in batch.bodies])


def read(body: bytes) -> Change | None:
    """The change that bytes are; None when they are none."""
    try:
        return codec.unpack(body, Change)  # type: ignore[no-any-return]
    except Damaged:
        return None
