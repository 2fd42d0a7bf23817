"""A page of nothing but one's own changes is compared with what left: it says the same as entry by entry, and no lie passes for it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from sync import codec, ledger
from sync.change import Page, head_statement
from sync.erased import Erasures
from sync.exchange.sent import Returned, Sent
from sync.identity import SigningKey
from sync.trust import Trust
from tests.sync.network import Device, Network

LEDGER = ("ledger", "entry", "log", "log_signature", "log_seed", "signed_head", "gap", "house", "found")


def saved(ana: Device, count: int = 70) -> None:
    """More creations than share a seed, and an edit on top."""
    with ana.ws.together():
        ids = [ana.ws.add("house", {"name": {"fr": f"Maison {n}"}, "phone": str(n)}).id for n in range(count)]
    ana.ws.edit("house", ids[1], {"phone": "another"})


def came_back(network: Network, ana: Device, after: int = 0, budget: int = 10**6) -> tuple[Sent, Page, ledger.Head]:
    """What ana handed in, a page that brings it back, and where her copy stands before it."""
    with ana.ws.store.transaction():
        sent = Sent(ana.ws.vault.batches(10**6))
    dots = frozenset[bytes]()
    for batch, _ in sent.batches:
        dots |= network.authority.commit(codec.squeeze(codec.pack(batch))).dots
    at = ana.ws.heads()["public"]
    whole = ledger.heads(network.store)["public"]
    page, _ = ledger.cut(network.store, whole, at.number, at.chain, budget, network.key, dots) or pytest.fail("no page")
    return sent, page, at


def opened(network: Network, ana: Device, sent: Sent, page: Page, at: ledger.Head) -> Returned | None:
    trust = Trust(ana.ws.public, network.key.public)
    return sent.returned(page, at, network.key.public, trust, ana.ws.vault.key().public)


def test_ones_own_changes_come_back_as_they_left(network: Network) -> None:
    ana, _ = network.two()
    saved(ana)
    sent, page, at = came_back(network, ana)
    found = opened(network, ana, sent, page, at)
    assert found is not None
    rows, chain = ledger.open_page(page, at, network.key.public, Trust(ana.ws.public, network.key.public), sent.echoes)
    assert found.chain == chain
    assert [one.body for one in found.changes] == [row.body for row in rows]


def test_a_page_that_ends_within_a_batch_is_one_too(network: Network) -> None:
    ana, _ = network.two()
    saved(ana)
    sent, page, at = came_back(network, ana, budget=600)
    assert len(page.entries) < 71
    found = opened(network, ana, sent, page, at)
    assert found is not None
    assert len(found.changes) == len(page.entries)


@pytest.mark.parametrize("budget", [10**6, 600])
def test_either_way_writes_the_same(network: Network, monkeypatch: pytest.MonkeyPatch, budget: int) -> None:
    ana, _ = network.two()
    saved(ana)
    monkeypatch.setattr("sync.exchange.answering.PAGE", budget)
    again = network.copy(ana, "again")
    ana.sync()
    monkeypatch.setattr(Sent, "returned", lambda *_: None)
    again.sync()
    for table in LEDGER:
        order = "id, kind" if table == "found" else "*"
        assert sorted(ana.ws.public.rows(f"SELECT {order} FROM {table}"), key=str) == sorted(
            again.ws.public.rows(f"SELECT {order} FROM {table}"), key=str), table
    network.heal()
    network.in_step()


def test_no_lie_about_ones_own_changes_is_taken_for_them(network: Network) -> None:
    """Each of these is opened entry by entry, where it is refused with its reason or taken for what it is."""
    ana, _ = network.two()
    saved(ana)
    sent, page, at = came_back(network, ana)
    (proof,), (first, *rest) = page.logs, page.entries

    def with_proof(**other: Any) -> Page:
        return msgspec.structs.replace(page, logs=[msgspec.structs.replace(proof, **other)])

    def with_first(**other: Any) -> Page:
        return msgspec.structs.replace(page, entries=[msgspec.structs.replace(first, **other), *rest])

    stranger = SigningKey(b"s" * 32)
    (run, seed), *seeds = proof.seeds
    lies: list[Callable[[], Page]] = [
        lambda: msgspec.structs.replace(page, signature=stranger.sign(head_statement(page.scope, page.epoch, page.last, page.before))),
        lambda: msgspec.structs.replace(page, signature=bytes(64)),
        lambda: msgspec.structs.replace(page, entries=rest),
        lambda: msgspec.structs.replace(page, entries=[*rest, first]),
        lambda: msgspec.structs.replace(page, before=b"b" * 32),
        lambda: msgspec.structs.replace(page, epoch=b"another!"),
        lambda: msgspec.structs.replace(page, logs=[proof, proof]),
        lambda: with_proof(signature=bytes(64)),
        lambda: with_proof(before=b"b" * 32),
        lambda: with_proof(nonce=b"another!"),
        lambda: with_proof(seeds=[(run, b"w" * 16), *seeds]),
        lambda: with_proof(seeds=[*proof.seeds, (run + 9, seed)]),
        lambda: with_proof(gaps=[(proof.signed + 1, bytes(32))]),
        lambda: with_proof(signed=proof.signed + 1),
        lambda: with_first(control=first.control + 1),
        lambda: with_first(verdict=2),
        lambda: with_first(n=first.n + 1),
        lambda: with_first(salt=b"s" * 16),
        lambda: with_first(body=b"words that nobody wrote"),
        lambda: with_first(commitment=bytes(32)),
    ]
    assert opened(network, ana, sent, page, at) is not None
    for number, lie in enumerate(lies):
        assert opened(network, ana, sent, lie(), at) is None, number
    everywhere = msgspec.structs.replace(page, entries=[msgspec.structs.replace(one, control=one.control + 1) for one in page.entries])
    assert opened(network, ana, sent, everywhere, at) is None
    assert Sent([]).returned(page, at, network.key.public, Trust(ana.ws.public, network.key.public), ana.ws.vault.key().public) is None


def test_a_withdrawn_or_unknown_key_proves_nothing(network: Network) -> None:
    ana, _ = network.two()
    saved(ana, 3)
    sent, page, at = came_back(network, ana)
    trust = Trust(ana.ws.public, network.key.public)
    assert sent.returned(page, at, network.key.public, trust, SigningKey(b"o" * 32).public) is None


def test_a_change_that_was_erased_does_not_come_back_as_it_left(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, _ = network.two()
    saved(ana, 3)
    sent, page, at = came_back(network, ana)
    assert opened(network, ana, sent, page, at) is not None
    fact = SimpleNamespace(dots=[min(sent.dots)])
    monkeypatch.setattr(Erasures, "since", lambda *_: [fact])
    assert opened(network, ana, sent, page, at) is None
