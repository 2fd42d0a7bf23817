"""The authority's end of the brief form: expands requests, shortens answers; whatever it expands is checked elsewhere; knows no HTTP."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import msgspec

from i18n import Text
from sync import codec, ledger
from sync.authority import Authority
from sync.change import Page
from sync.errors import Damaged, Refused
from sync.exchange.brief import messages
from sync.exchange.brief.batches import LARGEST, Own, own_of, read_batch
from sync.exchange.brief.known import Ledgers
from sync.exchange.brief.pages import Place, write_page
from sync.exchange.brief.streams import Reader, Writer
from sync.exchange.remaining import reached
from sync.exchange.telling import told
from sync.exchange.words import TELL, Answer, BatchReceipt, Request
from sync.handed import Handed, handed
from sync.identity import Certified, fingerprint
from sync.proofs import ALTERED

Given = Callable[[Request, Certified | None, Sequence[Handed | bytes]], tuple[Answer, list[Page]]]


@dataclass(frozen=True, slots=True)
class _Heard:
    """A request in the plain form, the batches that both ends hold now, and where the replica stands in each scope."""

    request: Request
    batches: list[Handed | bytes]
    sent: list[Own]
    places: dict[str, Place]
    floors: dict[str, int]


def asker_of(body: bytes) -> bytes:
    """The name of the key that a request says it is from; empty for a guest."""
    return messages.parts_of_request(body)[0]


def answer(authority: Authority, body: bytes, given: Given) -> bytes:
    """The answer to a brief request, as carried; `given` answers the plain one that it stands for.

    Raises Damaged or Invalid for what is no request, Refused for a stranger's.
    """
    key, proof, payload = messages.parts_of_request(body)
    signer = None
    if key:
        signer = authority.trust.certified(key)
        if signer is None:
            raise Refused(Text("This device has no certificate of this server. Join with a code first; your work waits safely."), "no_certificate")
        if not hmac.compare_digest(messages.authenticator(authority.key, signer.key, payload), proof):
            raise Damaged(ALTERED)
    heard = _heard(authority, key, Reader(payload))
    out = Writer()
    if heard is None:
        out.number(messages.MISFIT)
    else:
        out.number(messages.ANSWER)
        found, pages = given(heard.request, signer, heard.batches)
        if heard.request.budget == TELL:
            found, pages = told(heard.request.cursors, found, pages, lambda one, those: _size(authority, heard, one, those)), []
        _write_answer(out, authority, heard, found, pages)
    return messages.HEAD + out.finished()


def _heard(authority: Authority, key: bytes, source: Reader) -> _Heard | None:
    """The request, or None when its fixed point is not on our chain."""
    point = source.bare(8)
    places, floors, epoch = {}, {}, b""
    heads = ledger.heads(authority.store)
    for _ in range(source.count(len(messages.SCOPES) * 64)):
        scope, number, floor = messages.read_scope(source), source.number(), source.number()
        at = heads.get(scope)
        if at is None or number > at.number:
            return None
        epoch = at.epoch
        places[scope] = Place(at.epoch, number, ledger.chain_at(authority.store, scope, number, at))
        floors[scope] = floor
    cursors = [(scope, at.number, at.chain) for scope, at in places.items()]
    if point != messages.fixed_point(fingerprint(authority.key.public), epoch, cursors):
        return None
    budget, rest = source.number(), messages.read_rest(source)
    batches, sent = _batches(authority, key, source, places)
    shown = {scope: (at.number, at.chain[:8]) for scope, at in places.items()}
    values = [fingerprint(authority.key.public), epoch, shown, [b""] * bool(batches), budget, *rest]  # the batches go beside it
    return _Heard(messages.made(Request, values), batches, sent, places, floors)


def _batches(authority: Authority, key: bytes, source: Reader, places: dict[str, Place]) -> tuple[list[Handed | bytes], list[Own]]:
    """The batches as the authority commits them. One that does not come out whole ends the reading: what follows it is asked for again."""
    found: list[Handed | bytes] = []
    sent: list[Own] = []
    count = source.count(codec.MAX_MESSAGE)
    try:
        for _ in range(count):
            if source.count(messages.BRIEF) == messages.AS_IS:
                found.append(codec.squeeze(source.words(), 1))
                continue
            scope = messages.read_scope(source)
            reached = places[scope].number if scope in places else 0
            batch = read_batch(source, key, Ledgers(authority.store, authority.kinds, scope, reached + 1))
            read = handed(batch)
            found.append(read)
            sent.append(own_of(read))
        source.end()
    except Damaged:
        found += [b""] * (count - len(found))
    return found, sent


def _size(authority: Authority, heard: _Heard, found: Answer, pages: list[Page]) -> int:
    """The bytes of an answer whose pages follow on the offered files, where there are some."""
    out = Writer()
    after = reached({scope: (at.number, b"") for scope, at in heard.places.items()}, found.heads, found.snapshots, found.segments)
    places = {scope: Place(b"", number, b"") for scope, number in after.items()}
    floors = heard.floors | {scope: one.number for scope, one in found.snapshots.items()}
    _write_answer(out, authority, replace(heard, places=places, floors=floors), found, pages)
    return len(out.finished())


def _write_answer(out: Writer, authority: Authority, heard: _Heard, found: Answer, pages: list[Page]) -> None:
    out.number(found.time)
    out.blob(b"" if found.epoch == heard.request.epoch else found.epoch)
    out.number(len(found.heads))
    for scope, number in found.heads.items():
        messages.write_scope(out, scope)
        out.signed(number - (heard.places[scope].number if scope in heard.places else 0))
    out.number(len(found.receipts))
    for receipt in found.receipts:
        _write_receipt(out, receipt, heard.sent)
    out.words(codec.pack(found.astray) if found.astray else b"")
    messages.write_rest(out, msgspec.structs.replace(found, speaks=1), 6)  # whoever reads this knows what we speak
    out.number(len(found.pages))
    reached = {scope: at.number for scope, at in heard.places.items()}
    for page, data in zip(pages, found.pages, strict=True):
        written = None
        if len(data) <= LARGEST and page.first == reached.get(page.scope, 0) + 1:
            known = Ledgers(authority.store, authority.kinds, page.scope, page.first, heard.floors.get(page.scope, 0))
            written = write_page(page, known, heard.sent)
        reached[page.scope] = page.last
        out.number(messages.AS_IS if written is None else messages.BRIEF)
        if written is None:
            out.words(data)
        else:
            messages.write_scope(out, page.scope)
            out.soft += written.soft
            out.hard += written.hard


def _write_receipt(out: Writer, receipt: BatchReceipt, sent: list[Own]) -> None:
    usual = next((index for index, one in enumerate(sent, 1) if receipt == BatchReceipt(one.log, False, 0, None)), 0)
    out.number(usual)
    if not usual:
        out.words(codec.pack(receipt))
