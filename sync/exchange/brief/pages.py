"""A page in brief form and back: logs by what the receiver holds, its own changes by their place, others' as columns; checks no signature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sync import codec
from sync.change import START, Entry, LogProof, Page, Verdict, log_id
from sync.errors import Damaged
from sync.exchange.brief.batches import Own
from sync.exchange.brief.changes import MOST, Item, read_run, write_run
from sync.exchange.brief.known import Ledgers
from sync.exchange.brief.numbers import read_column, write_column
from sync.exchange.brief.streams import Reader, Writer
from sync.proofs import ALTERED

CARRIED, SALTED, ECHO, ECHO_SALTED, REFUSED, REFUSED_OWN = range(6)
OWN, FOLLOWS, WHOLE = range(3)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the receiver's copy of a scope stands before a page: its epoch, its last number, the chain there."""

    epoch: bytes
    number: int
    chain: bytes


def write_page(page: Page, known: Ledgers, sent: Sequence[Own]) -> Writer | None:
    """A page that follows directly what its receiver has; None for one that must go as it is."""
    if not 0 < len(page.entries) <= MOST:
        return None
    out = Writer()
    by_log = {one.log: (index, one) for index, one in enumerate(sent)}
    names = [log_id(proof.key, page.scope, proof.nonce) for proof in page.logs]
    out.bare(page.signature)
    out.number(len(page.entries))
    out.number(len(page.logs))
    forms = [_form(entry, names, by_log) for entry in page.entries]
    if None in forms:
        return None
    write_column(out, [one or 0 for one in forms])
    write_column(out, [entry.log for entry in page.entries])
    write_column(out, [entry.control for entry in page.entries])
    expected = {index: proof.first for index, proof in enumerate(page.logs)}
    steps = []
    for entry in page.entries:
        steps.append(entry.n - expected[entry.log])
        expected[entry.log] = entry.n + 1
    write_column(out, steps)
    for index, proof in enumerate(page.logs):
        here = [entry for entry in page.entries if entry.log == index]
        if not here or not _write_proof(out, proof, names[index], here, by_log.get(names[index]), known):
            return None
    items = []
    seeds = [dict(proof.seeds) for proof in page.logs]
    for number, (entry, form) in enumerate(zip(page.entries, forms, strict=True), page.first):
        own = by_log.get(names[entry.log])
        commitment = _commitment(entry, form or 0, seeds[entry.log], own[1] if own else None)
        if commitment is None:
            return None
        if form == REFUSED:
            out.bare(entry.commitment or b"")
        if form in (REFUSED, REFUSED_OWN):
            out.blob(entry.reason or b"")
        if form in (SALTED, ECHO_SALTED):
            out.bare(entry.salt or b"")
        items.append(Item(number, codec.dot(names[entry.log], entry.n, commitment), entry.body))
    write_run(out, items, known)
    return out


def read_page(source: Reader, at: Place, known: Ledgers, sent: Sequence[Own]) -> Page:
    """The canonical page after `at`; Damaged when this end cannot put it together."""
    signature = source.bare(64)
    count, many = source.count(MOST), source.count(MOST)
    forms, logs = read_column(source, count), read_column(source, count)
    controls, steps = read_column(source, count), read_column(source, count)
    if any(not CARRIED <= one <= REFUSED_OWN for one in forms) or any(not 0 <= one < many for one in logs) or set(logs) != set(range(many)):
        raise Damaged(ALTERED)
    proofs, ns = [], [0] * count
    for index in range(many):
        here = [place for place in range(count) if logs[place] == index]
        proofs.append(_read_proof(source, [(forms[place], steps[place]) for place in here], known, sent))
        n = proofs[index].first
        for place in here:
            n += steps[place]
            ns[place] = n
            n += 1
    if any(not 0 < n < 2**32 for n in ns) or any(not 0 <= one < 2**63 for one in controls):
        raise Damaged(ALTERED)
    names = [log_id(proof.key, known.scope, proof.nonce) for proof in proofs]
    by_log = {one.log: one for one in sent}
    seeds = [dict(proof.seeds) for proof in proofs]
    entries: list[Entry] = []
    dots: dict[int, bytes] = {}
    for place, form in enumerate(forms):
        commitment = source.bare(32) if form == REFUSED else None
        reason = source.blob() if form in (REFUSED, REFUSED_OWN) else None
        salt = source.bare(16) if form in (SALTED, ECHO_SALTED) else None
        own = by_log.get(names[logs[place]])
        if form == REFUSED_OWN and own is not None:
            commitment = own.commitments.get(ns[place])
        verdict = Verdict.REFUSED if form in (REFUSED, REFUSED_OWN) else Verdict.ACCEPTED
        entry = Entry(logs[place], ns[place], int(verdict), controls[place], None, commitment, reason, salt)
        if form not in (CARRIED, SALTED):
            proven = _commitment(entry, form, seeds[logs[place]], own)
            if proven is None:
                raise Damaged(ALTERED)
            dots[at.number + 1 + place] = codec.dot(names[logs[place]], ns[place], proven)
        entries.append(entry)

    def sealed(number: int, body: bytes) -> bytes:
        entry = entries[number - at.number - 1]
        salt = entry.salt or _salt(seeds[entry.log], entry.n)
        assert salt is not None  # the proof was read with a seed for each run that is carried here
        return codec.dot(names[entry.log], entry.n, codec.commitment(salt, body))

    carried = [at.number + 1 + place for place, form in enumerate(forms) if form in (CARRIED, SALTED)]
    for number, body in zip(carried, read_run(source, carried, known, dots, sealed), strict=True):
        one = entries[number - at.number - 1]
        entries[number - at.number - 1] = Entry(one.log, one.n, one.verdict, one.control, body, None, None, one.salt)
    return Page(known.scope, at.epoch, at.number + 1, at.chain, proofs, entries, signature)


def _form(entry: Entry, names: list[bytes], by_log: dict[bytes, tuple[int, Own]]) -> int | None:
    """How an entry is written; None for one that no form gives back exactly."""
    own = by_log.get(names[entry.log])
    if entry.verdict == Verdict.ACCEPTED and entry.commitment is None and entry.reason is None and (entry.salt is None or len(entry.salt) == 16):
        if entry.body is not None:
            return CARRIED if entry.salt is None else SALTED
        return None if own is None else ECHO if entry.salt is None else ECHO_SALTED
    if entry.verdict == Verdict.REFUSED and entry.reason is not None and entry.commitment is not None and entry.body is None and entry.salt is None:
        known = own is not None and own[1].commitments.get(entry.n) == entry.commitment
        return REFUSED_OWN if known else REFUSED
    return None


def _commitment(entry: Entry, form: int, seeds: dict[int, bytes], own: Own | None) -> bytes | None:
    if form in (REFUSED, REFUSED_OWN):
        return entry.commitment
    if form in (ECHO, ECHO_SALTED):
        return own.commitments.get(entry.n) if own is not None else None
    salt = entry.salt or _salt(seeds, entry.n)
    return None if salt is None or entry.body is None else codec.commitment(salt, entry.body)


def _salt(seeds: dict[int, bytes], n: int) -> bytes | None:
    seed = seeds.get(n // codec.RUN)
    return None if seed is None else codec.salt_of(seed, n)


def _unsalted(entries: Sequence[Entry]) -> list[int]:
    return [one.n for one in entries if one.verdict == Verdict.ACCEPTED and one.salt is None]


def _write_proof(out: Writer, proof: LogProof, log: bytes, here: list[Entry], own: tuple[int, Own] | None, known: Ledgers) -> bool:
    """Whether the proof could be written so that it comes back exactly."""
    numbers = [one.n for one in here]
    if own is not None and own[1].proof(numbers, _unsalted(here)) == proof:
        out.number(OWN)
        out.number(own[0])
        out.number(proof.first - own[1].batch.first)
        return True
    runs = sorted({n // codec.RUN for n in _unsalted(here)})
    if [run for run, _ in proof.seeds] != runs or any(len(seed) != 16 for _, seed in proof.seeds):
        return False
    if any(not proof.first <= n <= proof.signed or len(commitment) != 32 for n, commitment in proof.gaps) or len(proof.signature) != 64:
        return False
    before = known.entry_before(log, proof.first)
    link = known.link(before) if before is not None else None
    if link is not None and (link.key, link.nonce, link.chain) == (proof.key, proof.nonce, proof.before):
        out.number(FOLLOWS)
        out.number(before or 0)
    else:
        link = None
        if len(proof.key) != 8 or (proof.first == 1 and proof.before != START) or len(proof.before) != 32:
            return False
        out.number(WHOLE)
        out.bare(proof.key)
        out.blob(proof.nonce)
        out.number(proof.first)
        if proof.first > 1:
            out.bare(proof.before)
    out.number(proof.signed - max(numbers))
    out.bare(proof.signature)
    out.number(len(proof.gaps))
    for n, commitment in proof.gaps:
        out.number(n - proof.first)
        out.bare(commitment)
    goes_on = bool(runs) and link is not None and link.seed == proof.seeds[0][1] and runs[0] == (proof.first - 1) // codec.RUN
    out.number(int(goes_on))
    for _, seed in proof.seeds[int(goes_on) :]:
        out.bare(seed)
    return True


def _read_proof(source: Reader, here: list[tuple[int, int]], known: Ledgers, sent: Sequence[Own]) -> LogProof:
    """`here` are the form of each entry of this log, and its step from the number expected."""
    form = source.count(WHOLE)
    if form == OWN:
        return _own_proof(source, sent, here)
    link = None
    if form == FOLLOWS:
        link = known.link(source.number())
        if link is None:
            raise Damaged(ALTERED)
        key, nonce, first, before = link.key, link.nonce, link.next, link.chain
    else:
        key, nonce, first = source.bare(8), source.blob(), source.number()
        before = source.bare(32) if first > 1 else START
    numbers = _numbers(first, here)
    signed = max(numbers) + source.number()
    if signed >= 2**32:
        raise Damaged(ALTERED)
    signature = source.bare(64)
    gaps = [(first + source.number(), source.bare(32)) for _ in range(source.count(codec.MAX_MESSAGE // 32))]
    runs = sorted({n // codec.RUN for n, (form, _) in zip(numbers, here, strict=True) if form in (CARRIED, ECHO)})
    seeds = []
    if source.count(1):
        if link is None or link.seed is None or not runs:
            raise Damaged(ALTERED)
        seeds.append(link.seed)
    while len(seeds) < len(runs):
        seeds.append(source.bare(16))
    return LogProof(key, nonce, first, before, signed, signature, gaps, list(zip(runs, seeds, strict=True)))


def _own_proof(source: Reader, sent: Sequence[Own], here: list[tuple[int, int]]) -> LogProof:
    """The proof that one's own batch gives."""
    at, offset = source.number(), source.number()
    if at >= len(sent):
        raise Damaged(ALTERED)
    numbers = _numbers(sent[at].batch.first + offset, here)
    found = sent[at].proof(numbers, [n for n, (form, _) in zip(numbers, here, strict=True) if form in (CARRIED, ECHO)])
    if found is None or found.first != sent[at].batch.first + offset:
        raise Damaged(ALTERED)
    return found


def _numbers(first: int, here: list[tuple[int, int]]) -> list[int]:
    found, n = [], first
    for _, step in here:
        n += step
        found.append(n)
        n += 1
    return found
