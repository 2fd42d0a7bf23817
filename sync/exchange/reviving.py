"""The authority's half of healing: takes lost pages again, and leads a replica that shows a lost head into the new epoch; knows no HTTP."""

from __future__ import annotations

from sync import epochs, taking_again
from sync.authority import Authority
from sync.errors import OURS, Failure
from sync.exchange.words import Healed, Healing
from sync.reasons import packed_reason

MAX_CLAIMS = 64  # one a scope is all that a replica has to show


def heal(authority: Authority, scopes: tuple[str, ...], asked: Healing) -> Healed:
    """What a replica that was led astray needs: its steps, once a loss that it proves has begun a new epoch.

    Offers need no certificate: they carry this authority's own signature. One
    bad page never blocks the rest.
    """
    set_aside: list[bytes] = []
    for data in asked.offers:
        try:
            taking_again.take_again(authority, data)
        except Failure as failure:
            if failure.code in OURS:
                raise
            set_aside.append(packed_reason(failure.message))
    claims = [one for one in asked.claims[:MAX_CLAIMS] if one.scope in scopes]
    taking_again.note_loss(authority, claims)
    with authority.store.snapshot():
        steps = [step for one in claims if (step := epochs.step_for(authority.store, authority.key, one)) is not None]
    return Healed(steps, set_aside)
