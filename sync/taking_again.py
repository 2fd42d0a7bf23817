"""A page that this authority once signed and has lost: opened, and what it proves appended again; knows no turn and no replica."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from sync import codec, entries, epochs, erasure, ledger, proofs
from sync.authority import Authority
from sync.change import Change, Claim, Operation, Page, Verdict, head_statement, log_id
from sync.confirmed import Confirmed
from sync.errors import Damaged
from sync.proofs import ALTERED
from sync.salts import drop_told
from sync.scopes import CONTROL, is_scope
from sync.store import Store


def take_again(authority: Authority, data: bytes) -> int:
    """Append what an offered page proves was decided, in its order and with its verdicts; how many entries came back.

    The page carries this authority's own signature and each author's. Dots
    that the ledger knows are skipped. Raises Damaged when it does not verify.
    """
    page = codec.unpack(codec.unsqueeze(data, codec.MAX_MESSAGE), Page)
    if not is_scope(page.scope) or page.first < 1:
        raise Damaged(ALTERED)
    own = ledger.Head(page.scope, page.epoch, page.first - 1, page.before, b"")
    rows, chain = ledger.open_page(page, own, authority.key.public, authority.trust, {})
    note_loss(authority, [Claim(page.scope, page.epoch, page.last, chain, page.signature, [])])
    with authority.store.transaction():
        taken = _append(authority, page, rows)
        _note_healed(authority.store, page, chain)
        began = {one.record for one in taken if one.record is not None and _creates(one)}
        if any(one.verdict == Verdict.ACCEPTED and one.record is None for one in taken):  # erased whole: what waits may have seen it
            began |= {id for (id,) in authority.store.rows("SELECT DISTINCT record FROM waiting WHERE scope = ?", (page.scope,))}
        if began:
            authority.release(page.scope, sorted(began))
        if page.scope != CONTROL:
            erasure.complete(authority, page.scope, {one.record for one in taken})
    if page.scope == CONTROL:
        erasure.again(authority)
    return len(taken)


def note_loss(authority: Authority, shown: list[Claim]) -> None:
    """Begin a new epoch if these heads prove that the ledgers lost something, a whole ledger perhaps."""
    for one in shown:
        if ledger.head(authority.store, one.scope) is None and epochs.is_signed(authority.key, one):
            authority.found(one.scope)
    if epochs.lacking(authority.store, authority.key, shown):
        epochs.begin(authority.store, authority.key, authority.random, shown)


def _append(authority: Authority, page: Page, rows: list[entries.Row]) -> list[entries.Row]:
    store = authority.store
    logs = [log_id(proof.key, page.scope, proof.nonce) for proof in page.logs]
    mode = "lock" if authority.trust.erasures.since(0, page.scope) else "share"  # a further fact may have to be written there
    at, control = ledger.head(store, page.scope, "lock"), ledger.head(store, CONTROL, mode)
    if at is None or control is None:
        raise Damaged(ALTERED)
    known = _known(store, rows)
    again = [one for one in rows if one.dot in known]
    taken: list[entries.Row] = []
    for one in _with_salts(rows, page, _keep_proofs(store, page, rows)):
        if one.dot not in known:
            known.add(one.dot)
            taken.append(replace(one, number=at.number + len(taken) + 1, control=control.number))
    if not taken:
        return []
    proofs.drop_gaps(store, taken)
    proofs.keep_waiting(store, taken)
    store.many("DELETE FROM waiting WHERE log = ? AND n = ? AND mark = ?", [(one.log, one.n, one.commitment[:2]) for one in taken])
    entries.insert(store, taken)
    for place, proof in enumerate(page.logs):
        own = [one for one in taken if one.log == logs[place]]
        proofs.keep_branch(store, logs[place], [one for one in again if one.log == logs[place]])
        drop_told(store, logs[place], own, [run for run, _ in proof.seeds])
    confirmed = Confirmed(store, authority.kinds, page.scope, searchable=False)
    changes = ledger.decided(taken)
    confirmed.prepare([one.change for one in changes])
    for one in changes:
        confirmed.apply(one)
    confirmed.flush()
    number, chain = taken[-1].number, entries.extend(at.chain, taken)
    ledger.move(store, at, number, chain, authority.key.sign(head_statement(page.scope, at.epoch, number, chain)))
    return taken


def _keep_proofs(store: Store, page: Page, rows: list[entries.Row]) -> set[tuple[int, int]]:
    """Remember what proves the page; answers (log's place in it, run) of seeds that are not kept, since the run has another one here."""
    apart: set[tuple[int, int]] = set()
    for place, proof in enumerate(page.logs):
        log = log_id(proof.key, page.scope, proof.nonce)
        links = proofs.chain_of(proof, [row for row, entry in zip(rows, page.entries, strict=True) if entry.log == place])
        here = dict(store.among("SELECT run, seed FROM log_seed WHERE log = ? AND run IN (?)", [run for run, _ in proof.seeds], (log,)))
        other = {run for run, seed in proof.seeds if run in here and bytes(here[run]) != seed}
        apart |= {(place, run) for run in other}
        ledger.keep_log(store, log, page.scope, proof.key, proof.nonce)
        ledger.keep_proof(store, log, proof.signed, links[proof.signed + 1], proof.signature,
                          [(run, seed) for run, seed in proof.seeds if run not in other])
        proofs.keep_gaps(store, log, proof.gaps, links)
    return apart


def _with_salts(rows: list[entries.Row], page: Page, apart: set[tuple[int, int]]) -> Iterator[entries.Row]:
    """The rows, with a salt of their own where the seed of their run is not kept."""
    for row, entry in zip(rows, page.entries, strict=True):
        run = row.n // codec.RUN
        if (entry.log, run) in apart and row.salt is None and row.body is not None:
            yield replace(row, salt=codec.salt_of(dict(page.logs[entry.log].seeds)[run], row.n))
        else:
            yield row


def _known(store: Store, rows: list[entries.Row]) -> set[bytes]:
    """The dots among these that the ledger has entries of."""
    found: set[bytes] = set()
    for log in {one.log for one in rows}:
        numbers = sorted({one.n for one in rows if one.log == log})
        for n, mark in store.among("SELECT n, mark FROM entry WHERE log = ? AND n IN (?)", numbers, (log,)):
            found.add(log + n.to_bytes(4, "big") + bytes(mark))
    return found


def _creates(row: entries.Row) -> bool:
    text = row.remains if row.body is None else row.body
    return row.verdict == Verdict.ACCEPTED and text is not None and codec.unpack(text, Change).operation == Operation.CREATE


def _note_healed(store: Store, page: Page, chain: bytes) -> None:
    """Remember up to where a lost chain came back without a hole, so that the next replica offers only the rest."""
    before = page.first - 1
    joins = store.row("SELECT number FROM healed WHERE scope = ? AND number = ? AND chain = ?", (page.scope, before, page.before))
    at = ledger.head(store, page.scope)
    if at is not None and page.last <= at.number and ledger.chain_at(store, page.scope, page.last) == chain:
        return  # it was never lost
    if joins is None and (at is None or before > at.number or ledger.chain_at(store, page.scope, before) != page.before):
        return
    store.execute("DELETE FROM healed WHERE scope = ? AND number = ? AND chain = ?", (page.scope, before, page.before))
    store.execute("INSERT INTO healed (scope, number, chain) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (page.scope, page.last, chain))
