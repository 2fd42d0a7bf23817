"""The ledger by itself: its chain at each number, what is missing in it, and that a page is kept alike by whoever takes it."""

from __future__ import annotations

import pytest

from sync import ledger
from sync.change import START, Verdict, log_link
from sync.entries import extend, rows_after
from sync.errors import Damaged
from sync.exchange import taking
from sync.scopes import PUBLIC
from sync.snapshots import publishing
from tests.sync.network import Device, Network, small_pages

TABLES = {
    "entry": "scope, number, log, n, before, commitment, body, verdict, control, record",
    "log": "id, scope, signer, nonce", "log_signature": "log, n, link, signature", "log_seed": "log, run, seed",
    "gap": "log, n, before, commitment", "ledger": "scope, epoch, number, chain, signature, digest",
}


def kept(device: Device) -> dict[str, list[tuple[object, ...]]]:
    """What a replica holds of the ledgers beside the rows that they made, to the byte."""
    return {table: sorted(device.ws.public.rows(f"SELECT {columns} FROM {table}"), key=str) for table, columns in TABLES.items()}


def houses(device: Device, count: int) -> list[str]:
    return [device.ws.add("house", {"name": {"fr": f"House {number}, by the sea"}}).id for number in range(count)]


def test_the_chain_at_each_number_is_what_the_entries_up_to_there_give(either: Network) -> None:
    with either as network:
        ana, _ = network.two()
        for _ in range(3):
            houses(ana, 2)
            ana.sync()
        head = ledger.head(network.store, PUBLIC)
        assert head is not None
        rows = rows_after(network.store, PUBLIC, 0, 100)
        assert len(rows) == head.number == 6
        for number in range(7):
            chain = extend(bytes(32), rows[:number])
            assert ledger.chain_at(network.store, PUBLIC, number) == chain
            assert ledger.chain_at(network.store, PUBLIC, number, head) == chain
        assert head.chain == ledger.chain_at(network.store, PUBLIC, 6)


@pytest.mark.parametrize("lost", [3, 6])
def test_a_chain_over_entries_that_are_missing_is_none(network: Network, lost: int) -> None:
    """In the middle or at the end; what is said names the ledger and the place."""
    ana, _ = network.two()
    houses(ana, 6)
    ana.sync()
    network.store.execute("DELETE FROM signed_head WHERE scope = ?", (PUBLIC,))
    network.store.execute("DELETE FROM entry WHERE scope = ? AND number = ?", (PUBLIC, lost))
    with pytest.raises(Damaged) as failed:
        ledger.chain_at(network.store, PUBLIC, 6)
    assert (failed.value.message.args["scope"], failed.value.message.args["number"]) == (PUBLIC, 0 if lost == 3 else 5)


def test_the_floor_is_where_the_entries_begin(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "_PAGED", 50.0)
    ana, bilal = network.two()
    houses(ana, 4)
    network.heal()
    assert [ledger.floor(one.ws.public, PUBLIC) for one in (ana, bilal)] == [0, 0]
    publishing.publish(network.store, network.authority.kinds, PUBLIC, network.key, network.files)
    late = network.device("late")
    late.sync()
    assert ledger.floor(late.ws.public, PUBLIC) == 4
    houses(ana, 2)
    network.heal()
    assert ledger.floor(late.ws.public, PUBLIC) == 4
    bilal.ws.public.execute("DELETE FROM entry WHERE scope = ? AND number <= 2", (PUBLIC,))
    assert ledger.floor(bilal.ws.public, PUBLIC) == 2
    bilal.ws.public.execute("DELETE FROM entry WHERE scope = ?", (PUBLIC,))
    assert ledger.floor(bilal.ws.public, PUBLIC) == 6
    assert ledger.floor(bilal.ws.public, "nowhere") == 0


def test_a_page_without_a_body_that_only_its_sender_has_names_no_changes(network: Network) -> None:
    ana, _ = network.two()
    houses(ana, 2)
    ana.sync()
    head = ledger.head(network.store, PUBLIC)
    assert head is not None
    rows = rows_after(network.store, PUBLIC, 0, 10)
    whole = ledger.page_of(network.store, rows, head.epoch, bytes(32), head.signature)
    assert ledger.dots_on(whole) == [one.dot for one in rows]
    echo = ledger.page_of(network.store, rows, head.epoch, bytes(32), head.signature, frozenset({rows[1].dot}))
    with pytest.raises(Damaged):
        ledger.dots_on(echo)


@pytest.mark.parametrize("many", [3, 200])
def test_a_page_of_ones_own_is_kept_as_everybody_keeps_it(network: Network, monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    """Also where it ends before the batch does, whose author signed what comes later: the gap up to there is kept with it."""
    monkeypatch.setattr(taking, "MANY", many)
    ana, bilal = network.two()
    with small_pages(page=700, answer=700, push=100_000):
        houses(ana, 40)
        network.heal()
    assert kept(ana) == kept(bilal)
    assert len(kept(ana)["entry"]) > 40
    assert {one[7] for one in kept(ana)["entry"]} == {int(Verdict.ACCEPTED)}
    assert len(rows_after(ana.ws.public, PUBLIC, 0, 100)) == 40


def test_a_page_of_ones_own_that_ends_before_its_batch_is_kept_with_what_its_author_signed(network: Network) -> None:
    """Its author stops there: the log goes on from its entries, over the gap, up to the signature."""
    ana, _ = network.two()
    with small_pages(page=700, answer=700, push=100_000):
        houses(ana, 40)
        turns = iter([False, True])
        ana.tries(stop=lambda: next(turns, True))
        here = ana.ws.public
        log = here.value("SELECT id FROM log WHERE scope = ?", (PUBLIC,))
        entries = here.rows("SELECT n, before, commitment FROM entry WHERE log = ? ORDER BY n", (log,))
        gaps = here.rows("SELECT n, before, commitment FROM gap WHERE log = ? ORDER BY n", (log,))
        signed = here.rows("SELECT n, link FROM log_signature WHERE log = ?", (log,))
        assert 0 < len(entries) < 40
        link, at = START, 0
        for n, before, commitment in [*entries, *gaps]:
            assert (n, bytes(before)) == (at + 1, link)
            link, at = log_link(link, bytes(commitment)), n
        assert [(n, bytes(end)) for n, end in signed] == [(at, link)]
        assert at == 40
        network.heal()
    assert kept(ana)["gap"] == []
    network.in_step()
