"""A batch in brief form and back: its log by the entry it follows, its changes as columns; checks no signature."""

from __future__ import annotations

from dataclasses import dataclass

from sync import codec
from sync.change import START, Batch, LogProof, log_id
from sync.errors import Damaged
from sync.exchange.brief.changes import MOST, Item, read_run, write_run
from sync.exchange.brief.known import Ledgers
from sync.exchange.brief.streams import Reader, Writer
from sync.handed import Handed, handed
from sync.proofs import ALTERED

LARGEST = 128 * 1024  # bytes of bodies from which the brief form saves too little to be worth its time


@dataclass(frozen=True, slots=True)
class Own:
    """A batch that both ends hold during an exchange: the chain before each of its numbers, the commitments, the records."""

    batch: Batch
    log: bytes
    chains: dict[int, bytes]
    commitments: dict[int, bytes]
    records: dict[int, bytes]

    def dot(self, n: int) -> bytes:
        """The identity of one of its changes."""
        return codec.dot(self.log, n, self.commitments[n])

    def proof(self, here: list[int], readable: list[int]) -> LogProof | None:
        """The proof of a page that holds the numbers `here` of this log; `readable` are those whose seed the page carries."""
        first, signed = min(here), max(self.commitments)
        if first not in self.commitments or max(here) > signed:
            return None
        held = set(here)
        gaps = [(n, self.commitments[n]) for n in range(first, signed + 1) if n not in held]
        runs = {n // codec.RUN for n in readable}
        seeds = [(run, seed) for run, seed in self.batch.seeds if run in runs]
        return LogProof(self.batch.key, self.batch.nonce, first, self.chains[first], signed, self.batch.signature, gaps, seeds)


def own(batch: Batch) -> Own:
    """What a batch says of itself, computed alike by whoever sent it and whoever took it."""
    return own_of(handed(batch))


def own_of(one: Handed) -> Own:
    """The same of a batch that was read already."""
    records = {row.n: change.record for row, change in zip(one.rows, one.changes, strict=True)
               if change is not None}  # what is no change, the authority refuses; nobody names its record
    return Own(one.batch, one.log, {row.n: row.before for row in one.rows}, {row.n: row.commitment for row in one.rows}, records)


def fits(batch: Batch, key: bytes) -> bool:
    """Whether a batch can be written briefly: small, of whoever asks, with one seed for each of its runs."""
    runs = list(runs_of(batch.first, len(batch.bodies)))
    return (batch.key == key and [run for run, _ in batch.seeds] == runs and all(len(seed) == 16 for _, seed in batch.seeds)
            and 0 < len(batch.bodies) <= MOST and sum(map(len, batch.bodies)) <= LARGEST and len(batch.signature) == 64)


def runs_of(first: int, count: int) -> range:
    """The runs of a log that share seeds, for `count` changes from `first` on."""
    return range(first // codec.RUN, (first + count - 1) // codec.RUN + 1)


def write_batch(out: Writer, one: Own, known: Ledgers) -> None:
    """A batch that `fits`. The changes take the numbers after all that both ends know."""
    batch = one.batch
    before = known.entry_before(one.log, batch.first)
    link = known.link(before) if before is not None else None
    if link is None or (link.key, link.nonce, link.chain) != (batch.key, batch.nonce, batch.before):
        out.number(0)
        _write_log(out, batch)
        link = None
    else:
        out.number(before or 0)
    out.number(len(batch.bodies))
    out.bare(batch.signature)
    seeds = [seed for _, seed in batch.seeds]
    goes_on = link is not None and link.seed == seeds[0]
    out.number(int(goes_on))
    for seed in seeds[int(goes_on) :]:
        out.bare(seed)
    items = [Item(known.below + at, one.dot(batch.first + at), body) for at, body in enumerate(batch.bodies)]
    write_run(out, items, known)


def read_batch(source: Reader, key: bytes, known: Ledgers) -> Batch:
    """The canonical batch; Damaged when this end cannot put it together."""
    before = source.number()
    link = known.link(before) if before else None
    if before and link is None:
        raise Damaged(ALTERED)
    nonce, first, chain = (link.nonce, link.next, link.chain) if link is not None else _read_log(source)
    count = source.count(MOST)
    if not count or first + count > 2**32:
        raise Damaged(ALTERED)
    signature = source.bare(64)
    runs = list(runs_of(first, count))
    seeds = []
    if source.count(1):
        if link is None or link.seed is None:
            raise Damaged(ALTERED)
        seeds.append(link.seed)
    while len(seeds) < len(runs):
        seeds.append(source.bare(16))
    of_run = dict(zip(runs, seeds, strict=True))
    log = log_id(key, known.scope, nonce)

    def sealed(number: int, body: bytes) -> bytes:
        n = first + number - known.below
        return codec.dot(log, n, codec.commitment(codec.salt_of(of_run[n // codec.RUN], n), body))

    bodies = read_run(source, range(known.below, known.below + count), known, {}, sealed)
    return Batch(key, known.scope, nonce, first, chain, list(of_run.items()), bodies, signature)


def _write_log(out: Writer, batch: Batch) -> None:
    out.blob(batch.nonce)
    out.number(batch.first)
    if batch.first > 1:
        out.bare(batch.before)


def _read_log(source: Reader) -> tuple[bytes, int, bytes]:
    nonce, first = source.blob(), source.number()
    if not 0 < first < 2**32:
        raise Damaged(ALTERED)
    return nonce, first, source.bare(32) if first > 1 else START
