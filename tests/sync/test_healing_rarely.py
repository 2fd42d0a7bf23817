"""Healing where it seldom leads: servers that go back again and again or fail in the middle, steps that are none, proofs that nobody holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from sync import codec, epochs, erasure, ledger, offers, taking_again
from sync.change import Claim, Page, Step, head_statement, step_statement
from sync.errors import Cancelled, Failure, Refused
from sync.exchange import healing, reviving
from sync.exchange.words import Answer, Envelope, Healed, Healing, Request
from sync.going_back import go_back
from sync.proofs import ALTERED
from sync.scopes import CONTROL
from sync.trust import Trust
from tests.sync.backups import backup, put_back
from tests.sync.network import Device, Network
from tests.sync.test_healing import accepted, write_houses


@pytest.fixture
def lost(network: Network) -> tuple[Network, Device, Device]:
    """Two who hold what the server lost."""
    ana, bilal = network.two()
    kept = backup(network.store)
    write_houses([ana, bilal], 30)
    network.heal()
    put_back(network.store, kept)
    return network, ana, bilal


def test_a_server_that_goes_back_again_and_again_is_followed_no_further(network: Network) -> None:
    """The sync ends with a sentence instead of going on for ever; what was saved stays."""
    ana, bilal = network.two()
    kept = backup(network.store)
    write_houses([ana, bilal], 30)
    network.heal()
    before = accepted(network)
    put_back(network.store, kept)
    straight = ana.road.exchange

    def again(body: bytes) -> bytes:
        found = straight(body)
        put_back(network.store, kept)
        return found

    ana.road.exchange = again  # type: ignore[method-assign]
    failure = ana.tries()
    assert isinstance(failure, Refused)
    assert failure.code == "server_set_back"
    ana.road.exchange = straight  # type: ignore[method-assign]
    for device in (bilal, ana, bilal, ana):
        device.sync()
    assert accepted(network).keys() >= before.keys()
    network.in_step()


def test_a_stop_between_two_offers_costs_nothing(lost: tuple[Network, Device, Device], monkeypatch: pytest.MonkeyPatch) -> None:
    network, ana, _ = lost
    monkeypatch.setattr(healing, "PUSH", 1)  # a page a request
    offered: list[bool] = []
    straight = ana.road.exchange

    def noted(body: bytes) -> bytes:
        if body[5] == codec.PROTOCOL:
            asked = codec.unpack(codec.unpack(codec.open_message(body), Envelope).payload, Request).healing
            offered.extend([True] * bool(asked is not None and asked.offers))
        return straight(body)

    ana.road.exchange = noted  # type: ignore[method-assign]
    failure = ana.tries(stop=lambda: bool(offered))
    assert isinstance(failure, Cancelled)
    assert len(offered) == 1
    ana.sync()
    assert len(offered) > 1
    network.heal()
    network.in_step()
    assert ana.ws.status().waiting == 0


def told(device: Device, alter: Callable[[Healed], Healed]) -> Failure | None:
    """A sync on whose road every step is altered."""
    straight = device.road.exchange

    def exchange(body: bytes) -> bytes:
        found = straight(body)
        if found[5] != codec.PROTOCOL:
            return found
        answer = codec.unpack(codec.open_message(found), Answer)
        if answer.healed is None or not answer.healed.steps:
            return found
        return codec.seal_message(codec.pack(msgspec.structs.replace(answer, healed=alter(answer.healed))))

    device.road.exchange = exchange  # type: ignore[method-assign]
    try:
        return device.tries()
    finally:
        device.road.exchange = straight  # type: ignore[method-assign]


def test_a_step_in_a_scope_that_was_not_shown_is_not_taken(lost: tuple[Network, Device, Device]) -> None:
    network, ana, _ = lost
    heads = ana.ws.heads()
    failure = told(ana, lambda one: Healed([msgspec.structs.replace(each, scope="elsewhere") for each in one.steps], []))
    assert failure is not None
    assert failure.code == "damaged"
    assert ana.ws.heads() == heads
    network.heal()
    network.in_step()


def test_a_step_of_the_authoritys_own_from_a_chain_that_is_not_here_is_not_taken(lost: tuple[Network, Device, Device]) -> None:
    """It signed this for another copy: the number is here, and stands for something else."""
    network, ana, _ = lost
    heads = ana.ws.heads()

    def of_another(one: Step) -> Step:
        chain = bytes(32)
        return Step(one.scope, one.old, one.new, 1, chain, network.key.sign(head_statement(one.scope, one.new, 1, chain)),
                    network.key.sign(step_statement(one.scope, one.old, one.new, 1, chain)), [])

    failure = told(ana, lambda one: Healed([of_another(each) for each in one.steps if heads[each.scope].number > 0], []))
    assert failure is not None
    assert failure.code == "damaged"
    assert ana.ws.heads() == heads
    network.heal()
    network.in_step()


def test_a_step_that_was_taken_meanwhile_is_not_taken_twice(lost: tuple[Network, Device, Device]) -> None:
    network, ana, _ = lost
    at = ana.ws.heads()["public"]
    step = Step("public", b"another epoch"[:8], b"new".ljust(8), 0, bytes(32), b"", b"", [])
    assert go_back(ana.ws.public, ana.kinds, step) == set()
    assert ana.ws.heads()["public"] == at
    healer = healing.Healer(ana.ws, ana.kinds, network.key.public, lambda: False, lambda _: None)
    assert list(healer._lost(step)) == []
    network.heal()
    network.in_step()


def test_a_certificate_that_is_here_and_leads_nowhere_leaves_the_refusal_as_it_was(network: Network) -> None:
    """The server never lost anything: somebody took this certificate out of it by hand."""
    ana, bilal = network.two()
    ana.ws.add("house", {"name": {"fr": "A"}})
    ana.sync()
    own = ana.ws.vault.key().public.hex()
    row = network.store.rows("SELECT * FROM certificate WHERE key = ?", (own,))
    network.store.execute("DELETE FROM certificate WHERE key = ?", (own,))
    network.authority.trust = Trust(network.store, network.key.public)  # as after a restart
    failure = ana.tries()
    assert isinstance(failure, Refused)
    assert failure.code == "no_certificate"
    with network.store.transaction():
        network.store.many(f"INSERT INTO certificate VALUES ({','.join('?' * len(row[0]))})", row)
    network.authority.trust = Trust(network.store, network.key.public)
    network.heal()
    network.in_step()
    assert bilal.ws.records("house")


def test_what_a_copy_cannot_prove_is_said_and_the_rest_is_offered(lost: tuple[Network, Device, Device]) -> None:
    """A hole in the middle of a ledger: nobody can offer what follows it, others have it."""
    network, ana, bilal = lost
    before = ana.ws.public.value("SELECT max(number) FROM entry WHERE scope = 'public'")
    with ana.ws.public.transaction():
        ana.ws.public.execute("DELETE FROM entry WHERE scope = 'public' AND number = ?", (before - 3,))
    report = ana.sync()
    assert report.set_aside
    bilal.sync()
    for device in (ana, bilal):
        device.sync()
    assert len(network.store.rows("SELECT 1 FROM entry WHERE scope = 'public'")) == before


def test_a_database_that_fails_while_it_heals_is_no_fault_of_the_page(lost: tuple[Network, Device, Device], monkeypatch: pytest.MonkeyPatch) -> None:
    """Set aside, the page would not be offered again."""
    network, ana, _ = lost

    def fails(*_: object) -> int:
        raise Failure(ALTERED, "database")

    with monkeypatch.context() as patched:
        patched.setattr(reviving.taking_again, "take_again", fails)
        with pytest.raises(Failure) as failed:
            reviving.heal(network.authority, ("control", "public"), Healing([], [b"page"]))
        assert failed.value.code == "database"
        assert ana.tries() is not None
    network.heal()
    network.in_step()
    assert ana.ws.status().waiting == 0


def test_heads_of_scopes_that_are_not_there_prove_nothing(network: Network) -> None:
    network.two()
    head = head_statement("elsewhere", b"e" * 8, 5, bytes(32))
    claim = Claim("elsewhere", b"e" * 8, 5, bytes(32), network.key.sign(head), [])
    assert not epochs.lacking(network.store, network.key, [claim])
    assert not epochs.begin(network.store, network.key, network.random.randbytes, [claim])  # another process was faster, and all is well


def test_a_page_of_a_ledger_that_was_lost_whole_opens_it_again(lost: tuple[Network, Device, Device]) -> None:
    network, ana, _ = lost
    pages = [offers.carried(one) for one in offers.pages_after(ana.ws.public, "public", 0)]
    network.store.execute("DELETE FROM ledger WHERE scope = 'public'")
    network.store.execute("DELETE FROM entry WHERE scope = 'public'")
    assert taking_again.take_again(network.authority, pages[0]) > 0
    assert ledger.head(network.store, "public").number > 0  # type: ignore[union-attr]


@pytest.mark.parametrize("field", ["", "phone"])
def test_an_erased_change_that_nobody_can_prove_is_accepted_from_its_author_as_it_was_left(
        network: Network, field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fact comes back, the entry does not: what is accepted of the text is what the fact left of it."""
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "1"}).id
    network.heal()
    kept = backup(network.store)
    saved = ana.ws.edit("house", id, {"phone": "kanari", "street": "Rue 1"})
    assert ana.tries("after") is not None
    erasure.erase(network.authority, "house", id, field)
    bilal.sync()
    put_back(network.store, kept)
    whole = offers.pages_after

    def control_alone(store: Any, scope: str, after: int) -> Iterator[Page]:
        yield from whole(store, scope, after) if scope == CONTROL else ()

    monkeypatch.setattr(offers, "pages_after", control_alone)
    for device in (bilal, ana, bilal, ana):
        device.sync()
    monkeypatch.undo()
    network.heal()
    if field:
        assert network.verdicts()[saved.change][1] == 1
        assert bilal.ws.get("house", id)["street"] == "Rue 1"
        assert bilal.ws.get("house", id)["phone"] is None
    network.in_step()
    for store in (network.store, *(device.ws.public for device in network.devices)):
        assert not any(b"kanari" in bytes(body) for (body,) in store.rows("SELECT body FROM entry WHERE body IS NOT NULL"))

