"""What a replica offers a server that was set back is offered until it is in the ledger again, and a withdrawn device goes on all the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sync import codec
from sync.change import Verdict
from sync.exchange.words import Answer, Envelope, Healed, Request
from tests.sync.backups import backup, put_back
from tests.sync.network import Device, Network
from tests.sync.test_healing import accepted

ELSE = Answer(0, b"", {}, [], [], [])
OLD = Answer(0, b"", {}, [], [], [], healed=Healed([], []))


def for_offers(device: Device, instead: Answer, times: int = 99) -> Callable[[bytes], bytes]:
    """A relay that keeps offers to itself and says something else; whatever else is asked goes through."""
    def exchange(body: bytes) -> bytes:
        nonlocal times
        if times and body[5] == codec.PROTOCOL:
            healing = codec.unpack(codec.unpack(codec.open_message(body), Envelope).payload, Request).healing
            if healing is not None and healing.offers:
                times -= 1
                return codec.seal_message(codec.pack(instead))
        return kept(body)

    kept = device.road.exchange
    device.road.exchange = exchange  # type: ignore[method-assign]
    return kept


@pytest.mark.parametrize("instead", [ELSE, OLD])
@pytest.mark.parametrize("times", [1, 99])
def test_an_offer_that_something_else_answers_is_made_again(network: Network, instead: Answer, times: int) -> None:
    """Bilal never comes again: what the server had accepted from him only Ana can prove."""
    ana, bilal = network.two()
    kept = backup(network.store)
    id = bilal.ws.add("house", {"name": {"fr": "Bilal’s"}}).id
    bilal.sync()
    ana.sync()
    before = accepted(network)
    put_back(network.store, kept)
    network.devices.remove(bilal)
    bilal.ws.close()
    straight = for_offers(ana, instead, times)
    ana.tries()
    ana.road.exchange = straight  # type: ignore[method-assign]
    ana.sync()
    assert accepted(network) == before
    assert ana.ws.get("house", id)
    assert ana.ws.public.value("SELECT count(*) FROM lost_page") == 0
    network.in_step()


def test_an_offer_that_the_server_cannot_take_is_not_made_again(network: Network) -> None:
    """Nobody vouches for Bilal any more: his entries come back from nobody, and Ana's syncs cost what they always did."""
    ana, _ = network.two()
    kept = backup(network.store)
    dini = network.device("dini")
    dini.ws.add("house", {"name": {"fr": "Dini’s"}})
    dini.sync()
    ana.sync()
    put_back(network.store, kept)
    network.devices.remove(dini)
    dini.ws.close()
    with ana.ws.public.transaction():
        ana.ws.public.execute("UPDATE entry SET body = NULL WHERE scope = 'control' AND number = (SELECT max(number) FROM entry WHERE scope = 'control')")
    assert ana.sync().set_aside
    assert ana.ws.public.value("SELECT count(*) FROM lost_page") == 0
    turns = ana.road.turns
    ana.sync()
    assert ana.road.turns == turns + 1


@pytest.mark.parametrize("holds", [True, False])
def test_a_withdrawn_device_goes_on_with_a_server_that_was_set_back(network: Network, holds: bool) -> None:
    """Its copy of what members share is of an epoch that nobody leads it out of; what everybody may read comes as before."""
    ana, bilal = network.two()
    bilal.ws.add("tree", {"name": {"fr": "Acacia"}})
    network.heal()
    kept = backup(network.store)
    ana.ws.add("house", {"name": {"fr": "After"}})
    ana.sync()
    if holds:
        bilal.sync()
    put_back(network.store, kept)
    network.authority.revoke(bilal.ws.vault.word("device"))
    ana.sync()
    late = bilal.ws.add("house", {"name": {"fr": "Bilal’s"}})
    bilal.sync()
    ana.ws.add("house", {"name": {"fr": "More"}})
    ana.sync()
    bilal.sync()
    assert {one.text("name", "fr") for one in bilal.ws.records("house")} >= {"After", "More"}
    assert {one.text("name", "fr") for one in bilal.ws.records("tree")} == {"Acacia"}
    assert accepted(network)[late.change] == Verdict.REFUSED
    turns = bilal.road.turns
    bilal.sync()
    assert bilal.road.turns == turns + 1
    assert {scope: bilal.ws.digest()[scope] for scope in ("control", "public")} == {scope: network.digest()[scope] for scope in ("control", "public")}
