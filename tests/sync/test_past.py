"""The past of a record: every kind of write, by which road it came, what was refused, and what a copy that began later can honestly say."""

from __future__ import annotations

from typing import Any

import pytest

from i18n import Text
from sync import roads
from sync.actor import Actor
from sync.change import Operation
from sync.history import Event
from sync.snapshots import publishing
from tests.sync.network import YEAR, Device, Network
from tests.sync.test_snapshots import filled, publish


def past(device: Device, id: str, field: str = "", kind: str = "house") -> list[Event]:
    return [one for one in device.ws.history(kind, id) if field in ("", one.field)]


def told(events: list[Event]) -> list[tuple[str, Any, Any]]:
    return [(one.field, one.old, one.new) for one in events]


def test_every_part_of_a_record_has_its_past(network: Network) -> None:
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "Maison"}, "tags": ["red"], "facts": {"a": "1"}, "phone": "1"}).id
    ana.sync()
    bilal.sync()
    bilal.ws.edit("house", id, {"name": {"fr": "Maison", "ar": "بيت"}, "tags": ["blue"], "facts": {"b": "2"}, "phone": None, "opened": "2019"})
    bilal.ws.delete("house", id)
    bilal.sync()
    ana.sync()
    ana.ws.restore("house", id)
    network.heal()
    for device in (ana, bilal):
        events = past(device, id)
        assert told(events) == [
            ("facts#a", None, "1"), ("name.fr", None, "Maison"), ("phone", None, "1"), ("tags#red", None, True),
            ("facts#a", "1", None), ("facts#b", None, "2"), ("name.ar", None, "بيت"), ("opened", None, "2019"), ("phone", "1", None),
            ("tags#blue", None, True), ("tags#red", True, False),
            ("_life", "kept", "deleted"), ("_life", "deleted", "kept")]
        assert [one.operation for one in events] == [Operation.CREATE] * 4 + [Operation.EDIT] * 7 + [Operation.DELETE, Operation.RESTORE]
        assert {one.state for one in events} == {"accepted"}
        assert not any(one.unknown or one.refused or one.beside or one.settled for one in events)


def test_a_conflict_and_what_settled_it_stand_in_the_past(network: Network) -> None:
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "0"}).id
    network.heal()
    ana.ws.edit("house", id, {"phone": "1"})
    bilal.ws.edit("house", id, {"phone": "2"})
    network.heal()
    ana.ws.settle(id, "phone", keep=2)
    network.heal()
    for device in (ana, bilal):
        first, second, choice = past(device, id, "phone")[1:]
        assert (first.beside, second.beside, choice.beside) == (False, True, False)
        assert (first.settled, second.settled, choice.settled) == ((), (), ("1", "2"))
        assert choice.new == "2"


def test_the_road_and_the_moment_are_kept_for_each_run_of_numbers(network: Network) -> None:
    ana, bilal = network.two()
    bilal.road.road = "stick"
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "0"}).id
    assert [(one.road, one.taken, one.number, one.state) for one in past(ana, id, "phone")] == [("here", None, None, "waiting")]
    network.heal()
    assert past(ana, id, "phone")[0].road == "server"
    brought = past(bilal, id, "phone")[0]
    assert brought.road == "stick" and brought.taken is not None and brought.taken > brought.time
    bilal.road.road = "lan"
    ana.ws.edit("house", id, {"phone": "1"})
    network.heal()
    assert [one.road for one in past(bilal, id, "phone")] == ["stick", "lan"]
    bilal.reopen()
    assert [one.road for one in past(bilal, id, "phone")] == ["stick", "lan"]


def test_pages_of_one_sync_are_one_row_and_what_leaves_is_forgotten(network: Network) -> None:
    store = network.device("ana").ws.public
    with store.transaction():
        for first in (1, 11, 21):
            roads.note(store, "public", first, first + 9, "server", 5)
        roads.note(store, "public", 31, 40, "lan", 6)
        roads.note_up_to(store, "public", 35, "stick", 7)  # all of it is known already
        roads.note_up_to(store, "public", 60, "stick", 7)
    assert store.rows("SELECT first, last, road, taken FROM road ORDER BY first") == [(1, 30, "server", 5), (31, 40, "lan", 6), (41, 60, "stick", 7)]
    with store.transaction():
        roads.leave(store, "public", 34)
        roads.note(store, "public", 35, 36, "server", 9)
    assert store.rows("SELECT first, last, road FROM road ORDER BY first") == [(1, 30, "server"), (31, 34, "lan"), (35, 36, "server")]
    by = roads.Roads(store, "public", "")
    assert [by.of(number).road for number in (1, 30, 31, 34, 36, 37)] == ["server", "server", "lan", "lan", "server", "server"]
    assert by.of(37).taken is None


def test_what_was_refused_stands_in_its_authors_past_only_and_changes_nothing(tmp_path: Any) -> None:
    def may(who: Actor, operation: str, kind: str, values: Any, scope: str) -> Text | None:
        return Text("No.") if operation == "edit" and who.role == "partner" else None

    with Network(tmp_path, may=may) as network:
        ana, reader = network.device("ana"), network.device("reader", role="partner")
        id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "0"}).id
        network.heal()
        reader.ws.edit("house", id, {"phone": "9"})
        network.heal()
        ana.ws.edit("house", id, {"phone": "1"})
        network.heal()
        _, no, later = past(reader, id, "phone")
        assert (no.old, no.new, no.state, no.refused, str(no.reason)) == ("0", "9", "refused", True, "No.")
        assert no.number is not None and no.number < later.number
        assert (later.old, later.new) == ("0", "1")
        assert told(past(ana, id, "phone")) == [("phone", None, "0"), ("phone", "0", "1")]


def test_a_date_from_a_wrong_clock_is_doubtful(network: Network) -> None:
    ana, late, early = network.device("ana"), network.device("late", skew=-15 * YEAR), network.device("early", skew=9 * YEAR)
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "0"}).id
    network.heal()
    late.ws.edit("house", id, {"phone": "1"})
    network.heal()
    early.ws.edit("house", id, {"phone": "2"})
    network.heal()
    assert [one.doubtful for one in past(ana, id, "phone")] == [False, True, True]
    assert past(early, id, "phone")[0].doubtful is False  # its own clock is no measure of another's


def test_a_copy_that_began_with_a_snapshot_says_what_it_does_not_know(network: Network) -> None:
    ana, _, ids = filled(network)
    ana.ws.edit("house", ids[1], {"street": "Rue 9"})
    network.heal()
    publish(network)
    newcomer = network.device("newcomer")
    newcomer.sync()
    by_field = {one.field: one for one in past(newcomer, ids[1])}
    assert by_field["street"].unknown and by_field["street"].old is None and by_field["street"].new == "Rue 9"
    assert not by_field["name.fr"].unknown and by_field["name.fr"].operation == Operation.CREATE
    assert all(one.road == "server" and one.taken is not None for one in by_field.values())
    ana.ws.edit("house", ids[1], {"street": "Rue 10"})
    network.heal()
    last = past(newcomer, ids[1])[-1]
    assert (last.old, last.new, last.unknown) == ("Rue 9", "Rue 10", False)


def test_what_a_copy_took_before_its_snapshot_stays_in_its_past(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "_PAGED", 50.0)  # a snapshot costs less than pages however few they are
    ana, _, ids = filled(network)
    away = network.device("away")
    away.sync()
    before = told(past(away, ids[10]))
    assert before
    for street in ("Avenue 1", "Avenue 2"):
        ana.ws.edit("house", ids[10], {"street": street})
        ana.sync()
    with ana.ws.together():
        for id in ids[11:50]:
            ana.ws.edit("house", id, {"street": "Avenue" * 20})
    ana.sync()
    publish(network)
    away.sync()
    assert away.ws.public.value("SELECT count(*) FROM snapshot WHERE scope = 'public'") == 1
    after = past(away, ids[10])
    assert told(after)[: len(before)] == before
    assert [(one.new, one.unknown) for one in after[len(before):]] == [("Avenue 2", True)]  # between them stood another, which never came here
    ana.ws.edit("house", ids[10], {"street": "Avenue 3"})
    network.heal()
    assert (past(away, ids[10])[-1].old, past(away, ids[10])[-1].unknown) == ("Avenue 2", False)


def test_many_pasts_at_once_say_what_each_says_alone(network: Network) -> None:
    from sync.history import histories

    ana, _, ids = filled(network)
    publish(network)
    newcomer = network.device("newcomer")
    newcomer.sync()
    for device in (ana, newcomer):
        pairs = [("house", id) for id in ids[:6]]
        together = list(histories(device.ws.store, device.ws.overlay, device.ws.kinds, pairs))
        assert together == [device.ws.history(*pair) for pair in pairs]


def test_a_record_from_after_the_snapshot_is_known_from_its_beginning(network: Network) -> None:
    ana, _, _ = filled(network)
    publish(network)
    newcomer = network.device("newcomer")
    newcomer.sync()
    id = ana.ws.add("house", {"name": {"fr": "Neuve"}}).id
    network.heal()
    assert [(one.old, one.new, one.unknown) for one in past(newcomer, id)] == [(None, "Neuve", False)]


def test_between_two_snapshots_nothing_is_guessed(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "_PAGED", 50.0)
    ana, _, ids = filled(network)
    publish(network)
    away = network.device("away")
    away.sync()
    ana.ws.edit("house", ids[10], {"street": "Avenue 1"})
    network.heal()
    ana.ws.edit("house", ids[10], {"street": "Avenue 2"})
    with ana.ws.together():
        for id in ids[11:50]:
            ana.ws.edit("house", id, {"street": "Avenue" * 20})
    ana.sync()
    publish(network)
    before = away.ws.public.value("SELECT number FROM snapshot WHERE scope = 'public'")
    away.sync()
    assert away.ws.public.value("SELECT number FROM snapshot WHERE scope = 'public'") > before
    assert [(one.old, one.new, one.unknown) for one in past(away, ids[10], "street")] == [(None, "Avenue 1", True), (None, "Avenue 2", True)]


def test_a_refused_deletion_and_a_change_set_aside_without_a_number_are_told(tmp_path: Any) -> None:
    with Network(tmp_path, may=lambda who, operation, *_: Text("No.") if operation == "delete" and who.role == "partner" else None) as network:
        ana, partner = network.device("ana"), network.device("partner", role="partner")
        id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "0"}).id
        network.heal()
        partner.ws.delete("house", id)
        network.heal()
        (no,) = [one for one in past(partner, id) if one.refused]
        assert (no.field, no.new, no.operation) == ("_life", "deleted", Operation.DELETE)
        partner.ws.edit("house", id, {"phone": "5"})
        with partner.ws.store.transaction():  # what saving a damaged file does with a change that was altered
            partner.ws.store.execute("UPDATE pending SET state = 'refused', reason = NULL WHERE state = 'waiting'")
        (aside,) = [one for one in past(partner, id, "phone") if one.refused]
        assert (aside.number, aside.reason, aside.new, aside.taken) == (None, None, "5", None)
