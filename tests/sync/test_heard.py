"""What others saved and nobody decided yet: shown as not yet confirmed where it came, handed in by nobody but its author's parcel, gone with the verdict."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from i18n import Text
from sync.posting import Posting
from sync.relay.holding import Holding
from tests.sync.network import Device, Network
from tests.sync.test_holding import KINDS, meet, stick


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Network]:
    def may(actor: object, operation: str, kind: str, values: object, scope: str) -> Text | None:
        return Text("Not this one.") if kind == "door" else None

    with Network(tmp_path, kinds=KINDS, may=may) as network:
        yield network


@pytest.fixture
def two(net: Network) -> tuple[Device, Device]:
    return net.two()


def phones(device: Device) -> list[tuple[str, bool]]:
    return sorted((str(record["phone"]), record.pending) for record in device.ws.records("house"))


def test_what_another_saved_is_shown_as_not_yet_confirmed(net: Network, two: tuple[Device, Device]) -> None:
    ana, bilal = two
    house = ana.ws.add("house", {"name": {"fr": "lighthouse"}, "phone": "1"})
    meet(ana, bilal)
    assert phones(bilal) == [("1", True)]
    assert [id for _, id in bilal.ws.search_ids("lighthouse", 5)] == [house.id]
    assert (bilal.ws.outbox(), bilal.ws.status().waiting) == ([], 0)
    report = bilal.sync()
    assert (report.sent, report.carried, report.received) == (0, 1, 1)
    assert phones(bilal) == [("1", False)]
    ana.sync()
    net.in_step()


def test_who_changes_what_they_heard_has_seen_it(net: Network, two: tuple[Device, Device]) -> None:
    """No conflict: the second author had the first value before their eyes, though nobody had accepted it."""
    ana, bilal = two
    house = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "0"})
    net.heal()
    ana.ws.edit("house", house.id, {"phone": "1"})
    meet(ana, bilal)
    bilal.ws.edit("house", house.id, {"phone": "2"})
    assert phones(bilal) == [("2", True)]
    bilal.sync()
    net.heal()
    assert phones(ana) == phones(bilal) == [("2", False)]
    assert ana.ws.conflicts() == bilal.ws.conflicts() == []
    net.in_step()


def test_two_who_did_not_see_each_other_see_that_when_they_meet(net: Network, two: tuple[Device, Device]) -> None:
    ana, bilal = two
    house = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "0"})
    net.heal()
    ana.ws.edit("house", house.id, {"phone": "1"})
    bilal.ws.edit("house", house.id, {"phone": "2"})
    meet(ana, bilal)
    assert (phones(ana), phones(bilal)) == ([("1", True)], [("2", True)])  # one's own first
    assert [one.field for one in ana.ws.conflicts()] == [one.field for one in bilal.ws.conflicts()] == ["phone"]
    bilal.ws.settle(house.id, "phone", value="3")
    meet(ana, bilal)
    net.heal()
    assert phones(ana) == phones(bilal) == [("3", False)]
    assert ana.ws.conflicts() == []
    net.in_step()


def test_a_refusal_takes_away_what_was_heard(net: Network, two: tuple[Device, Device]) -> None:
    ana, bilal = two
    ana.ws.add("door", {"name": "refused"})
    meet(ana, bilal)
    assert [record["name"] for record in bilal.ws.records("door")] == ["refused"]
    bilal.sync()
    assert bilal.ws.records("door") == []
    ana.sync()
    assert [one.state for one in ana.ws.outbox()] == ["refused"]
    net.in_step()


def test_what_breaks_a_rule_or_came_twice_is_not_shown_twice(net: Network, two: tuple[Device, Device]) -> None:
    ana, bilal = two
    house = ana.ws.add("house", {"name": {"fr": "A"}})
    items = stick(ana)
    for _ in range(3):
        Holding(bilal.ws).take(items)
    assert bilal.ws.private.value("SELECT count(*) FROM pending WHERE state = 'heard'") == 1
    bilal.sync()
    Holding(bilal.ws).take(items)  # a stick from before the verdict
    assert bilal.ws.private.value("SELECT count(*) FROM pending WHERE state = 'heard'") == 0
    assert house.id in [record.id for record in bilal.ws.records("house")]


def test_people_of_one_pc_do_not_see_each_others_outbox(net: Network) -> None:
    ana = net.device("ana")
    bilal = net.device("bilal", beside=ana)
    for one in (ana, bilal, ana):
        one.sync()
    ana.ws.add("house", {"name": {"fr": "A"}})
    Posting(ana.ws).seal()
    Posting(bilal.ws).open()
    assert bilal.ws.records("house") == []
    bilal.sync()
    assert len(bilal.ws.records("house")) == 1


def test_what_was_heard_is_no_work_of_ones_own_when_a_file_is_mended(net: Network, two: tuple[Device, Device]) -> None:
    ana, bilal = two
    ana.ws.add("house", {"name": {"fr": "A"}})
    bilal.ws.add("house", {"name": {"fr": "B"}})
    meet(ana, bilal)
    path = bilal.ws.private.paths[0]
    bilal.ws.private.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    bilal.ws.close()
    data = bytearray(path.read_bytes())
    data[:100] = bytes(100)
    path.write_bytes(data)
    bilal.ws = bilal.open()
    assert bilal.ws.repaired
    assert [one.fields for one in bilal.ws.outbox()] == [{"name.fr": "B"}]
    net.heal()
    assert {record["name"]["fr"] for record in bilal.ws.records("house")} == {"A", "B"}
    net.in_step()


def test_the_value_shown_stays_shown_beside_what_was_heard(net: Network, two: tuple[Device, Device]) -> None:
    ana, bilal = two
    house = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "0"})
    net.heal()
    ana.ws.edit("house", house.id, {"phone": "heard"})
    bilal.ws.edit("house", house.id, {"phone": "accepted"})
    bilal.sync()
    meet(ana, bilal)
    assert phones(bilal) == [("accepted", True)]
    assert [[one.value for one in card.values] for card in bilal.ws.conflicts()] == [["accepted", "heard"]]


def test_what_was_heard_goes_when_its_device_is_withdrawn(net: Network, two: tuple[Device, Device]) -> None:
    """By a sync and by a stick; what another device saved stays shown."""
    ana, bilal = two
    clara, dahir = net.device("clara"), net.device("dahir")
    net.heal()
    ana.ws.add("house", {"name": {"fr": "A"}, "phone": "1"})
    clara.ws.add("house", {"name": {"fr": "C"}, "phone": "3"})
    for one in (ana, clara):
        meet(one, bilal)
        meet(one, dahir)
    assert phones(bilal) == phones(dahir) == [("1", True), ("3", True)]
    net.authority.revoke(ana.ws.vault.word("device"))
    net.device("new").sync()
    items = stick(net.devices[-1])
    Holding(dahir.ws).take(items)
    assert phones(dahir) == [("3", True)]
    bilal.sync()
    assert [phone for phone, _ in phones(bilal)] == ["3"]
