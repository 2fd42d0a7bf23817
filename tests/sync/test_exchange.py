"""One bad item never blocks the rest; every cut costs a page at most; nobody reads what is not for them."""

from __future__ import annotations

import random

import pytest

from sync import codec
from sync.change import Batch, Change, Operation, Page, Write
from sync.errors import Cancelled, Damaged, Failure, Invalid, Offline
from sync.exchange.words import Answer
from tests.sync.network import Device, Network, small_pages


def opened(device: Device) -> Answer:
    """The answer that a device's sync gets first."""
    kept: list[bytes] = []

    def keep(found: bytes) -> bytes:
        kept.append(found)
        return found

    device.sync(keep)
    return codec.unpack(codec.open_message(kept[0]), Answer)


def waiting(device: Device) -> list[Batch]:
    with device.ws.store.transaction():
        return [batch for batch, _ in device.ws.vault.batches(10**6)]


def test_a_batch_that_does_not_verify_is_set_aside_and_the_rest_goes_on(either: Network) -> None:
    ana, bilal = either.two()
    house = ana.ws.add("house", {"name": {"fr": "A"}}).id
    tree = ana.ws.add("tree", {"name": {"fr": "Acacia"}}).id
    bilal.ws.add("house", {"name": {"fr": "B"}})
    bilal.sync()
    log = ana.ws.vault._own_log("public")[0]
    with ana.ws.store.transaction():  # what a broken disk does: one log's chain no longer fits
        ana.ws.store.execute("UPDATE pending SET before = zeroblob(31) WHERE log = ?", (log,))
    report = ana.sync()
    assert len(report.set_aside) == 1
    assert str(report.set_aside[0])
    assert (report.sent, report.accepted, report.received) == (2, 1, 1)
    assert ana.ws.get("house", house)  # still here, still waiting
    assert {one.id: one.state for one in ana.ws.outbox()} == {house: "carried", tree: "accepted"}
    bilal.sync()
    assert bilal.ws.get("tree", tree)


def test_one_change_too_large_to_travel_blocks_nothing_else(network: Network) -> None:
    ana, bilal = network.two()
    first = ana.ws.add("house", {"name": {"fr": "A"}}).id
    big = {f"k{number}": "x" * 300 for number in range(999)}
    with pytest.raises(Invalid, match="256"):  # said where it is typed
        ana.ws.edit("house", first, {"facts": big})
    assert ana.ws.status().waiting == 1
    second = ana.ws.add("house", {"name": {"fr": "B"}}).id
    ana.ws.edit("house", first, {"phone": "1"})
    for device in (ana, bilal, ana):
        device.sync()
    assert bilal.ws.get("house", second)
    assert bilal.ws.get("house", first)["phone"] == "1"


def test_a_change_waits_for_the_creation_of_its_record_and_blocks_nothing(either: Network) -> None:
    ana, bilal = either.two()
    created = ana.ws.add("house", {"name": {"fr": "A"}})
    ana.ws.edit("house", created.id, {"phone": "1"})
    creation, = waiting(ana)
    record = bytes.fromhex(created.id.replace("-", ""))
    with bilal.ws.store.transaction():  # bilal heard of the record by a road that the server has not seen
        bilal.ws.vault.append("public", Change(record, "house", int(Operation.EDIT), 1, [Write("street", "unheard", [])]))
    other = bilal.ws.add("house", {"name": {"fr": "B"}}).id
    report = bilal.sync()
    assert (report.sent, report.accepted) == (2, 1)
    assert bilal.ws.status().waiting == 1
    bilal.sync()
    assert bilal.ws.status().waiting == 1
    assert either.authority.commit(codec.squeeze(codec.pack(creation))).accepted == 3  # and what waited for it
    either.heal()
    either.in_step()
    assert ana.ws.get("house", created.id)["street"] == "unheard"
    assert ana.ws.get("house", other)
    assert bilal.ws.status().waiting == 0


def test_batches_in_pieces_in_any_order_with_holes_reach_everybody(either: Network) -> None:
    """A relay brings what it has; a hole in a log stops neither the server nor those who read."""
    ana, bilal = either.two()
    ids = [ana.ws.add("house", {"name": {"fr": str(number)}}).id for number in range(6)]
    with ana.ws.store.transaction():
        (_, run), = ana.ws.vault.batches(10**6)
        pieces = [codec.squeeze(codec.pack(ana.ws.vault._batch([one]))) for one in run]
    for number in (4, 1, 4, 5):
        either.authority.commit(pieces[number])
    bilal.sync()
    assert {one.id for one in bilal.ws.records("house")} == {ids[1], ids[4], ids[5]}
    late = either.device("late")
    late.sync()
    for number in (3, 0, 2):
        either.authority.commit(pieces[number])
    either.heal()
    either.in_step()
    assert {one.id for one in late.ws.records("house")} == set(ids)
    assert {one.state for one in ana.ws.outbox()} == {"accepted"}


def test_a_lost_answer_and_a_doubled_request_do_no_harm(either: Network) -> None:
    ana, bilal = either.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    with pytest.raises(Offline):
        ana.sync("after")
    assert ana.ws.status().waiting == 1
    entered = either.store.value("SELECT count(*) FROM entry WHERE scope = 'public'")
    assert entered == 1
    report = ana.sync("double")
    assert (report.sent, report.accepted) == (1, 1)
    assert either.store.value("SELECT count(*) FROM entry WHERE scope = 'public'") == entered
    bilal.sync("double")
    assert bilal.ws.get("house", id)
    either.in_step()


def test_what_was_handed_in_comes_back_without_its_text(network: Network) -> None:
    ana, bilal = network.two()
    ana.ws.add("house", {"name": {"fr": "x" * 300}, "street": "y" * 300})
    found = opened(ana)
    assert [entry.body for data in found.pages for entry in codec.unpack(data, Page).entries] == [None]
    again = opened(bilal)
    assert [len(entry.body or b"") > 600 for data in again.pages for entry in codec.unpack(data, Page).entries] == [True]
    network.in_step()
    assert ana.sync().turns == 1


def test_a_guest_gets_what_is_public_and_nothing_else(network: Network) -> None:
    ana, _ = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    ana.ws.add("tree", {"name": {"fr": "For members"}})
    ana.sync()
    guest = network.guest("guest")
    with pytest.raises(Failure):
        guest.ws.add("house", {"name": {"fr": "G"}})
    found = opened(guest)
    assert {codec.unpack(data, Page).scope for data in found.pages} == {"control", "public"}
    assert set(found.heads) == {"control", "public"}
    assert guest.ws.get("house", id)
    assert guest.ws.records("tree") == []
    assert guest.ws.verify() == []


@pytest.mark.parametrize("seed", range(3))
def test_a_page_cut_anywhere_is_taken_up_where_it_was(either: Network, seed: int) -> None:
    chance = random.Random(seed)
    ana, bilal = either.two()
    with small_pages():
        with ana.ws.together():
            for number in range(40):
                ana.ws.add(chance.choice(("house", "tree")), {"name": {"fr": f"{number} " + "x" * chance.randint(0, 200)}})
        ana.sync()
        numbers = [sum(head.number for head in bilal.ws.heads().values())]
        for _ in range(400):
            looks = iter([False] * chance.randint(1, 3))
            cut = chance.random()
            fault = (lambda found, cut=cut: found[: int(len(found) * cut)]) if chance.random() < 0.5 else ""
            failure = bilal.tries(fault, "", stop=lambda looks=looks: next(looks, True))
            numbers.append(sum(head.number for head in bilal.ws.heads().values()))
            assert bilal.ws.verify() == [] if chance.random() < 0.1 else True
            if failure is None:
                break
            assert isinstance(failure, Cancelled | Damaged), failure
        assert numbers == sorted(numbers)
        assert len(set(numbers)) > 5  # it came page by page
    bilal.sync()
    either.in_step()


def test_nothing_new_moves_nothing_and_little(network: Network) -> None:
    ana, bilal = network.two()
    ana.ws.add("house", {"name": {"fr": "A"}})
    network.heal()
    for device in (ana, bilal):
        report = device.sync()
        assert (report.sent, report.accepted, report.refused, report.received, report.turns) == (0, 0, 0, 0, 1)
        assert report.bytes_up + report.bytes_down < 400


def test_pull_does_not_wait_for_push(network: Network) -> None:
    """What others wrote arrives although nothing of one's own is taken."""
    ana, bilal = network.two()
    bilal.ws.add("house", {"name": {"fr": "B"}})
    bilal.sync()
    ana.ws.add("house", {"name": {"fr": "A"}})
    with ana.ws.store.transaction():
        ana.ws.store.execute("UPDATE pending SET body = ?", (b"not a change",))
    assert len(ana.sync().set_aside) == 1
    assert "B" in {row[0] for row in ana.ws.public.rows("SELECT json_extract(name, '$.fr') FROM house")}


def test_progress_is_told_and_dated(network: Network) -> None:
    ana, bilal = network.two()
    for number in range(20):
        ana.ws.add("house", {"name": {"fr": str(number)}})
    ana.sync()
    with small_pages():
        from sync.exchange.asking import sync

        told = []
        sync(bilal.ws, bilal.road, progress=told.append)
    assert len(told) > 2
    assert [one.done for one in told] == sorted(one.done for one in told)
    assert told[-1].done == told[-1].total == 20
    status = bilal.ws.status()
    assert status.last_received is not None
    assert status.last_accepted is None or status.last_accepted <= status.last_received
    assert bilal.ws.visits()[0].received == 20
    bilal.tries("before")
    assert bilal.ws.visits()[0].failure == "offline"


def test_a_server_that_cannot_write_says_so_and_sets_nothing_aside(network: Network) -> None:
    ana = network.device("ana")
    ana.sync()
    ana.ws.add("house", {"name": {"fr": "A"}})
    network.store.execute("PRAGMA query_only = ON")
    failure = ana.tries()
    assert failure is not None
    assert failure.code == "read_only"
    network.store.execute("PRAGMA query_only = OFF")
    report = ana.sync()
    assert (report.accepted, report.set_aside) == (1, [])
