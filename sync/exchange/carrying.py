"""The authority and what somebody carries for others: opens their parcels, seals pages for those who are away; knows no HTTP."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sync import ledger, scope_keys, scopes, soundness
from sync.authority import Authority
from sync.deciding import Taken
from sync.errors import Damaged, Failure
from sync.exchange.words import ANSWER, PAGE, BatchReceipt, ParcelReceipt
from sync.handed import Handed, handed
from sync.proofs import ALTERED
from sync.relay.parcels import name_of, opened_batch, place_of, sealed_page

MOST = 32  # scopes of others that one request asks for


def opened(authority: Authority, data: bytes) -> Handed | Failure:
    """The batch in a parcel, or why there is none; who signed it is looked at when it is decided."""
    try:
        batch = opened_batch(data, authority.scope_key, authority.key)
        return Damaged(ALTERED) if batch is None else handed(batch)
    except Failure as failure:
        return failure


def receipts(parcels: Sequence[bytes], plain: Sequence[BatchReceipt], taken: Iterable[Taken]) -> list[ParcelReceipt]:
    """What became of parcels, in their order, with counts: who carries them reads no verdict, and would like to say at home what came of it."""
    decided = iter(taken)
    found = []
    for data, one in zip(parcels, plain, strict=True):
        of = next(decided).receipt if one.reason is None else None
        counts = (of.accepted, of.refused, of.known) if of is not None else (0, 0, 0)
        found.append(ParcelReceipt(one.log, one.forked, one.waiting, one.reason, *counts, name_of(data)))
    return found


def sealed_pages(authority: Authority, wanted: dict[str, int], budget: int) -> list[bytes]:
    """The next pages of scopes after numbers, sealed to those who may read them, about `budget` bytes of bodies in all.

    Anybody who is certified may carry them. What is not as it was signed is given to nobody.
    """
    found: list[bytes] = []
    generations = scope_keys.newest(authority.store)
    check = soundness.checker(authority.store, authority.key.public, authority.trust.erasures, authority.sound)
    for scope in [one for one in scopes.in_order(wanted) if one in generations][:MOST]:
        at = ledger.head(authority.store, scope)
        number = wanted[scope]
        if at is None or scopes.is_in_clear(scope) or not 0 <= number < at.number:
            continue
        key = scope_keys.made(authority.key, scope, generations[scope])
        try:
            before = ledger.chain_at(authority.store, scope, number, at)
            while budget > 0 and (cut := ledger.cut(authority.store, at, number, before, min(PAGE, budget), authority.key, check=check)) is not None:
                page, before = cut
                found.append(sealed_page(page, key, authority.key))
                number, budget = page.last, budget - len(found[-1])
        except Damaged:
            continue
    return found


def weight(authority: Authority, wanted: dict[str, int]) -> int:
    """About how many bytes `sealed_pages` would send until nothing is lacking: what one answer holds is made and measured, the rest judged by it."""
    pages = sealed_pages(authority, wanted, ANSWER)
    names = {scopes.scope_name(scope): scope for scope in wanted}
    reached, entries = dict(wanted), 0
    for data in pages:
        place = place_of(data)
        reached[names[place.scope]], entries = place.last, entries + place.last + 1 - place.first
    sizes = sum(map(len, pages))
    left = sum(max(0, at.number - number) for scope, number in reached.items()
               if number > wanted[scope] and (at := ledger.head(authority.store, scope)) is not None)
    return sizes + left * (sizes // entries if entries else 0)
