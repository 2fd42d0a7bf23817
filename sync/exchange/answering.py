"""The authority's half of an exchange: take batches, cut pages; knows no HTTP."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from i18n import Text
from sync import codec, ledger, segments, soundness
from sync.authority import Authority, opened
from sync.change import Page
from sync.deciding import Taken
from sync.errors import OURS, Damaged, Failure, Refused
from sync.exchange import brief, carrying, reviving, verdicts
from sync.exchange.just_written import JustWritten
from sync.exchange.remaining import reached, remaining
from sync.exchange.telling import told
from sync.exchange.words import ANSWER, PAGE, SMALLEST, TELL, Answer, BatchReceipt, Envelope, Healed, Request, request_statement
from sync.handed import Handed
from sync.identity import Certified, fingerprint, verifies
from sync.proofs import ALTERED
from sync.reasons import packed_reason
from sync.scopes import CONTROL, in_order, is_scope
from sync.shelf import Cut
from sync.snapshots import publishing
from sync.snapshots.publishing import Offer
from sync.store import Store

Batches = Sequence[Handed | Failure | bytes]  # as carried, or read already, or why it could not be; empty bytes say nothing of that


def answer(authority: Authority, body: bytes, hear: Callable[[bytes], None] = lambda _key: None) -> bytes:
    """The answer to a request, both as carried bytes. Repeating a request does no harm.

    `hear` is told the name of the key that the request says it is from, empty
    for a guest, before anything of it is believed. One bad batch never blocks
    the rest: it is set aside with a reason. Raises Damaged or Invalid for what
    is no request, Refused for a stranger's.
    """
    if brief.is_brief(body):
        hear(brief.asker_of(body))
        return brief.answer(authority, body, partial(_answer, authority))
    envelope = codec.unpack(codec.open_message(body), Envelope)
    hear(envelope.key)
    request = codec.unpack(envelope.payload, Request)
    found, pages = _answer(authority, request, _signer_of(authority, envelope, request), request.batches)
    if request.budget == TELL:
        found = told(request.cursors, found, pages, lambda one, _: len(codec.seal_message(codec.pack(one))))
    return codec.seal_message(codec.pack(found))


def _answer(authority: Authority, request: Request, signer: Certified | None, batches: Batches) -> tuple[Answer, list[Page]]:
    """The answer, and the pages in it before they were packed."""
    scopes = _scopes_of(authority, request, signer)
    if request.healing is not None:
        healed = reviving.heal(authority, scopes, request.healing)
        return Answer(authority.clock(), b"", {}, [], [], [], speaks=codec.BRIEF, healed=healed), []
    carried = carrying.receipts(request.parcels, *_taken(authority, [carrying.opened(authority, one) for one in request.parcels]))
    receipts, taken = _taken(authority, batches)
    if any(one.handed.batch.scope not in scopes for one in taken):
        scopes = _scopes_of(authority, request, signer)  # some begin with the first that is written there
    with authority.store.snapshot():
        lacked = _lacked(authority, request, scopes, taken)
        budget = max(SMALLEST, min(request.budget or ANSWER, ANSWER) - sum(len(data) for _, data in lacked.pages))
        tell = request.budget == TELL
        sealed = carrying.sealed_pages(authority, request.sealed, budget) if request.sealed and not tell else []
        others = carrying.weight(authority, request.sealed) if request.sealed and tell else 0
    packed = [data for _, data in lacked.pages]
    left = remaining(request.cursors, lacked.heads, packed, lacked.snapshots, lacked.segments)
    healed = Healed([], lacked.faults) if lacked.faults else None
    dots = frozenset().union(*(one.receipt.dots for one in taken))
    refused = verdicts.told(authority, scopes, dots) if any(one.handed.batch.scope not in scopes for one in taken) else None
    found = Answer(authority.clock(), lacked.epoch, lacked.heads, packed, receipts, lacked.astray, lacked.snapshots, left, codec.BRIEF,
                   healed, refused, lacked.segments, carried, sealed, others)
    return found, [page for page, _ in lacked.pages]


def _signer_of(authority: Authority, envelope: Envelope, request: Request) -> Certified | None:
    if request.authority and request.authority != fingerprint(authority.key.public):
        raise Refused(Text("This is not the server that this computer joined. Check the address."), "other_server")
    if not envelope.key:
        return None
    signer = authority.trust.certified(envelope.key)
    if signer is None:
        raise Refused(Text("This device has no certificate of this server. Join with a code first; your work waits safely."), "no_certificate")
    if not verifies(signer.key, request_statement(envelope.payload), envelope.signature):
        raise Damaged(ALTERED)
    return signer


def _scopes_of(authority: Authority, request: Request, signer: Certified | None) -> tuple[str, ...]:
    if signer is None and (request.batches or request.parcels or request.sealed):
        raise Refused(Text("A guest only reads. Choose your name first."), "guest")
    shown = [*request.cursors, *(one.scope for one in (request.healing.claims[:reviving.MAX_CLAIMS] if request.healing is not None else ()))]
    here = {*ledger.heads(authority.store), *(scope for scope in shown if is_scope(scope))}
    return tuple(scope for scope in in_order(here) if authority.gives(signer, scope))


def _taken(authority: Authority, batches: Batches) -> tuple[list[BatchReceipt], list[Taken]]:
    """What became of the batches, each by itself: one bad batch never blocks the rest."""
    found: dict[int, Taken | BaseException] = {}
    read: dict[int, Handed] = {}
    for at, one in enumerate(batches):
        try:
            if isinstance(one, Failure):
                raise one
            read[at] = one if isinstance(one, Handed) else opened(one)
        except Failure as failure:
            found[at] = failure
    found.update(zip(read, authority.take(list(read.values())), strict=True))
    return [_receipt(found[at]) for at in range(len(batches))], [one for at in read if isinstance(one := found[at], Taken)]


def _receipt(found: Taken | BaseException) -> BatchReceipt:
    if isinstance(found, Taken):
        return BatchReceipt(found.receipt.log, found.receipt.forked, found.receipt.waiting, None)
    if not isinstance(found, Failure) or found.code in OURS:
        raise found
    return BatchReceipt(b"", False, 0, packed_reason(found.message))


@dataclass(slots=True)
class _Lacked:
    """What the other side lacks: pages and how they are packed, or the files that hold the same; and where the ledgers stand."""

    pages: list[tuple[Page, bytes]] = field(default_factory=list)
    heads: dict[str, int] = field(default_factory=dict)
    astray: list[str] = field(default_factory=list)
    epoch: bytes = b""
    snapshots: dict[str, Offer] = field(default_factory=dict)
    segments: dict[str, list[Offer]] = field(default_factory=dict)
    faults: list[bytes] = field(default_factory=list)

    def offers(self, store: Store, request: Request, at: ledger.Head, number: int) -> bool:
        """Whether files hold what is next in a scope: a snapshot that costs fewer bytes than pages, or old pages that were frozen."""
        if request.snapshots and (offered := publishing.offer(store, at.scope, at.epoch, number)) is not None:
            self.snapshots[at.scope] = offered
        elif request.segments and (frozen := segments.offers(store, at, number)):
            self.segments[at.scope] = frozen
        return at.scope in self.snapshots or at.scope in self.segments


def _lacked(authority: Authority, request: Request, scopes: tuple[str, ...], taken: list[Taken]) -> _Lacked:
    store = authority.store
    check = soundness.checker(store, authority.key.public, authority.trust.erasures, authority.sound)
    echo = frozenset().union(*(one.receipt.dots for one in taken))
    lacked = _Lacked()
    found = ledger.heads(store)
    tell = request.budget == TELL
    left = ANSWER if tell else max(SMALLEST, min(request.budget or ANSWER, ANSWER))
    for scope in scopes:
        at = found.get(scope)
        if at is None:
            if request.cursors[scope][0]:  # a ledger that was lost whole
                lacked.astray.append(scope)
            continue
        lacked.heads[scope], lacked.epoch = at.number, at.epoch
        number, chain = request.cursors.get(scope, (0, b""))
        if number and (request.epoch != at.epoch or number > at.number):
            lacked.astray.append(scope)
            continue
        try:
            before = ledger.chain_at(store, scope, number, at)
            if number and before[:8] != chain:
                lacked.astray.append(scope)
                continue
            if number == at.number:
                continue
            if lacked.offers(store, request, at, number):
                if tell:  # what follows the files is told too
                    number = reached({}, {}, lacked.snapshots, lacked.segments)[scope]
                    before = ledger.chain_at(store, scope, number, at)
                elif scope == CONTROL:
                    break
                else:
                    continue
            just = JustWritten([one for one in taken if one.handed.batch.scope == scope])
            until = segments.next_first(store, at, number) if request.segments else None
            facts = found.get(CONTROL)
            while left > 0 and (made := _cut(authority, at, number, before, min(PAGE, left), echo, check, just, until, facts)) is not None:
                lacked.pages.append((made.page, made.data))
                number, before, left = made.page.last, made.chain, left - len(made.data)
        except Damaged as failure:  # what was altered here is served to nobody; the other scopes go on
            lacked.faults.append(packed_reason(failure.message))
        if number < at.number and scope == CONTROL and not tell:
            break  # nobody's page can be checked before every certificate is there
    return lacked


def _cut(authority: Authority, at: ledger.Head, after: int, before: bytes, budget: int, echo: frozenset[bytes], check: ledger.Check,
         just: JustWritten, until: int | None, facts: ledger.Head | None) -> Cut | None:
    """The next page: the one that was cut for somebody else a moment ago, where it is the same and no `facts` came since (an erasure is one)."""
    place = at.scope, at.epoch, after, before, budget, until, facts
    kept = authority.shelf.get(place, echo)
    if kept is not None:
        return kept
    made = ledger.cut(authority.store, at, after, before, budget, authority.key, echo, check, just, until)
    if made is None:
        return None
    page, chain = made
    cut = Cut(page, codec.pack(page), chain)
    if page.last < at.number:  # one that ends with the ledger is soon another
        authority.shelf.put(place, cut, echo)
    return cut
