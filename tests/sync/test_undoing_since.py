"""Undoing a device's whole work: what nobody else touched reads as before, what others wrote stays, and doing it twice changes nothing."""

from __future__ import annotations

import random
from typing import Any

import pytest

from sync.errors import NotFound, Refused
from sync.merge import LIFE
from sync.undoing_since import Plan, carry_out, plan
from tests.sync.network import Device, Network
from tests.sync.test_snapshots import filled, publish
from tests.sync.test_undoing import HOUSE, made, read

PHONES, STREETS, TAGS = ("1", "2", "3"), ("Rue 1", "Rue 2", None), ("red", "green", "blue")


def device_of(device: Device) -> str:
    return device.ws.vault.word("device")


def head(device: Device, scope: str = "public") -> int:
    return device.ws.heads()[scope].number


def undone(by: Device, whose: Device, since: int, scope: str | None = "public") -> Plan:
    listed = plan(by.ws, device_of(whose), since, scope)
    carry_out(by.ws, listed)
    return listed


def parts(device: Device) -> dict[str, dict[str, Any] | None]:
    """What is shown of each house, by part; None for one that is not shown."""
    kind = device.ws.kinds["house"]
    shown = {one.id: kind.split(dict(one)) for one in device.ws.records("house")}
    ids = {id for schema in ("pub.", "main.shown_") for (id,) in device.ws.store.rows(f"SELECT id FROM {schema}house")}
    return {id: shown.get(id) for id in ids}


def test_fields_read_as_before_and_what_others_wrote_stays(network: Network) -> None:
    ana, rogue = network.two()
    office = network.device("office")
    first, second = made(ana), made(ana)
    before = head(ana) + 1
    rogue.ws.edit("house", first, {"phone": "9", "street": "Rue 9", "tags": ["blue"], "name": {"fr": "Maison", "ar": "x"}})
    rogue.ws.edit("house", first, {"phone": "99"})
    rogue.ws.delete("house", second)
    new = rogue.ws.add("house", {"name": {"fr": "Faux"}}).id
    network.heal()
    ana.ws.edit("house", first, {"street": "Rue 3"})
    network.heal()
    listed = undone(office, rogue, before)
    assert {(one.field, one.now, one.back) for one in listed.due} == {
        ("phone", "99", "1"), ("name.ar", "x", None), ("tags#blue", True, False), ("tags#red", None, True),
        (LIFE, "deleted", "kept"), (LIFE, "kept", "deleted")}
    assert [(one.field, one.now) for one in listed.steps if one.left is not None] == [("street", "Rue 3")]
    network.heal()
    network.in_step()
    assert read(ana, first) == HOUSE | {"street": "Rue 3"}
    assert read(rogue, second) == HOUSE
    with pytest.raises(NotFound):
        ana.ws.get("house", new)
    assert ana.ws.history("house", first)[-1].author.person == office.ws.vault.word("person")
    again = undone(office, rogue, before)
    assert again.due == ()
    assert office.ws.status().waiting == 0


def test_what_the_device_wrote_over_somebody_elses_value_goes_back_to_that(network: Network) -> None:
    ana, rogue = network.two()
    office = network.device("office")
    id = made(ana)
    before = head(ana) + 1
    for device, phone in ((rogue, "8"), (ana, "2"), (rogue, "9"), (rogue, "99")):
        device.ws.edit("house", id, {"phone": phone})
        network.heal()
    undone(office, rogue, before)
    assert read(office, id)["phone"] == "2"


def test_in_a_conflict_the_devices_value_goes_and_the_others_stays(network: Network) -> None:
    ana, rogue = network.two()
    office = network.device("office")
    id = made(ana)
    before = head(ana) + 1
    rogue.ws.edit("house", id, {"phone": "9"})
    ana.ws.edit("house", id, {"phone": "2"})
    network.heal()
    assert office.ws.conflicts()
    undone(office, rogue, before)
    network.heal()
    assert ana.ws.conflicts() == office.ws.conflicts() == []
    assert read(ana, id)["phone"] == "2"


def test_what_came_after_the_list_was_made_stays_as_it_is(network: Network) -> None:
    ana, rogue = network.two()
    office = network.device("office")
    id = made(ana)
    before = head(ana) + 1
    rogue.ws.edit("house", id, {"phone": "9", "street": "Rue 9"})
    network.heal()
    listed = plan(office.ws, device_of(rogue), before, "public")
    ana.ws.edit("house", id, {"phone": "2"})
    network.heal()
    carry_out(office.ws, listed)
    assert (read(office, id)["phone"], read(office, id)["street"]) == ("2", "Rue 1")


def test_only_some_records_if_named(network: Network) -> None:
    ana, rogue = network.two()
    office = network.device("office")
    ids = [made(ana), made(ana)]
    before = head(ana) + 1
    for id in ids:
        rogue.ws.edit("house", id, {"phone": "9"})
    network.heal()
    listed = plan(office.ws, device_of(rogue), before, "public")
    assert len(carry_out(office.ws, listed, [("house", ids[1])])) == 1
    assert [read(office, id)["phone"] for id in ids] == ["9", "1"]


def test_records_that_others_built_on_or_deleted_too_stay_and_it_is_said(network: Network) -> None:
    ana, rogue = network.two()
    office = network.device("office")
    deleted, both, edited = made(ana), made(ana), made(ana)
    before = head(ana) + 1
    new = rogue.ws.add("house", {"name": {"fr": "Neuve"}}).id
    rogue.ws.edit("house", deleted, {"phone": "9"})
    network.heal()
    ana.ws.edit("house", new, {"phone": "5"})
    ana.ws.delete("house", deleted)
    ana.ws.delete("house", both)
    rogue.ws.delete("house", both)
    ana.ws.delete("house", edited)
    network.heal()
    rogue.ws.restore("house", edited)
    network.heal()
    listed = undone(office, rogue, before)
    assert {(one.id, one.field) for one in listed.steps if one.left is not None} == {(new, LIFE), (deleted, LIFE), (both, LIFE)}
    assert [(one.id, one.back) for one in listed.due] == [(edited, "deleted")]
    network.heal()
    assert {one.id for one in ana.ws.records("house")} == {new}


def test_what_was_brought_back_and_worked_on_stays_and_what_a_record_must_have_too(network: Network) -> None:
    ana, rogue = network.two()
    office = network.device("office")
    returned, named = made(ana), made(ana, name={"ar": "بيت"})
    ana.ws.delete("house", returned)
    network.heal()
    before = head(ana) + 1
    rogue.ws.restore("house", returned)
    rogue.ws.edit("house", named, {"name": {"ar": "بيت", "fr": "Nom"}})
    network.heal()
    ana.ws.edit("house", returned, {"phone": "5"})
    ana.ws.edit("house", named, {"name": {"fr": "Nom"}})
    network.heal()
    listed = undone(office, rogue, before)
    assert {(one.id, one.field) for one in listed.steps} == {(returned, LIFE), (named, "name.fr")}
    assert listed.due == ()


def test_contacts_withdrawn_or_made_are_left_with_the_reason(network: Network) -> None:
    ana, rogue = network.two()
    office = network.device("office")
    door = ana.ws.add("door", {"name": "Porte"}).id
    network.heal()
    before = head(ana, "network") + 1
    rogue.ws.delete("door", door)
    new = rogue.ws.add("door", {"name": "Autre"}).id
    network.heal()
    listed = undone(office, rogue, before, "network")
    assert {one.id for one in listed.steps} == {door, new}
    assert listed.due == ()


def test_numbers_count_in_each_ledger_for_itself(network: Network) -> None:
    ana, rogue = network.two()
    office = network.device("office")
    house, tree = made(ana), ana.ws.add("tree", {"name": {"fr": "Acacia"}, "phone": "1"}).id
    network.heal()
    rogue.ws.edit("house", house, {"phone": "9"})
    rogue.ws.edit("tree", tree, {"phone": "9"})
    network.heal()
    with pytest.raises(Refused):
        plan(office.ws, device_of(rogue), 2)
    assert {one.kind for one in plan(office.ws, device_of(rogue), 2, "network").due} == {"tree"}
    undone(office, rogue, 1, None)
    assert (read(office, house)["phone"], office.ws.get("tree", tree)["phone"]) == ("1", "1")


def test_who_is_meant_must_be_somebody_else_who_is_known_here(network: Network) -> None:
    ana, rogue = network.two()
    made(ana)
    for device, scope, failure in (("nobody", None, NotFound), (device_of(rogue), "nowhere", NotFound), (device_of(ana), None, Refused)):
        with pytest.raises(failure):
            plan(ana.ws, device, 1, scope)


def test_what_this_copy_cannot_know_is_counted(network: Network) -> None:
    ana, _, ids = filled(network)
    rogue = network.device("rogue")
    network.heal()
    before = head(ana) + 1
    rogue.ws.edit("house", ids[1], {"street": "Rue 9"})
    network.heal()
    publish(network)
    office = network.device("office")
    office.sync()
    assert (plan(office.ws, device_of(rogue), before, "public").steps, plan(office.ws, device_of(rogue), before, "public").older) == ((), 1)
    assert (len(plan(ana.ws, device_of(rogue), before, "public").due), plan(ana.ws, device_of(rogue), before, "public").older) == (1, 0)
    rogue.ws.edit("house", ids[1], {"street": "Rue 99"})
    network.heal()
    (step,) = plan(office.ws, device_of(rogue), before, "public").steps
    assert step.left is not None


@pytest.mark.parametrize("seed", range(16))
def test_whatever_happened_untouched_fields_read_as_before_and_others_stay(tmp_path: Any, seed: int) -> None:
    """A random history of three people, then the undoing of one; the witness keeps who wrote which part, and nothing else."""
    chance = random.Random(seed)
    with Network(tmp_path, seed) as network:
        ana, rogue, office = (network.device(name) for name in ("ana", "rogue", "office"))
        ids = [made(ana) for _ in range(4)]
        for _ in range(6):
            _write(chance, chance.choice((ana, rogue)), chance.choice(ids), network)
        network.heal()
        before, at = parts(office), head(office) + 1
        touched: set[tuple[str, str]] = set()  # (record, part) that somebody else wrote since, "" for the record as a whole
        created: list[str] = []
        for _ in range(25):
            device = rogue if chance.random() < 0.6 else ana
            if device is rogue and chance.random() < 0.1:
                created.append(rogue.ws.add("house", HOUSE).id)
                continue
            id = chance.choice([*ids, *created])
            wrote = _write(chance, device, id, network)
            if device is ana:
                touched |= {(id, path) for path in wrote}
        network.heal()
        then = parts(office)
        listed = undone(office, rogue, at)
        after = parts(office)
        due = {(one.id, one.field) for one in listed.due}
        for id in ids:
            if any(each == id for each, path in touched if path == ""):
                continue  # somebody else deleted it or brought it back: the directed tests say what becomes of it
            paths = {*(before[id] or ()), *(then[id] or ()), *(after[id] or ())}
            own = {path for path in paths if (id, path) not in touched}
            if before[id] is not None and after[id] is not None:
                assert {path: after[id].get(path) for path in own} == {path: before[id].get(path) for path in own}, id
            if before[id] is not None:
                assert after[id] is not None, id
            for path in paths - own:
                if then[id] is not None and (id, path) not in due:
                    assert after[id] is not None and after[id].get(path) == then[id].get(path), (id, path)
        for id in created:
            assert (after[id] is None) == (then[id] is None or not any(each == id for each, _ in touched)), id
        waiting = office.ws.status().waiting
        assert undone(office, rogue, at).due == ()
        assert office.ws.status().waiting == waiting
        network.heal()
        network.in_step()
        assert undone(office, rogue, at).due == ()
        assert parts(ana) == parts(office)


def _write(chance: random.Random, device: Device, id: str, network: Network) -> set[str]:
    """One random save by somebody, synced now and then; answers the parts that it wrote, "" for the record as a whole."""
    wrote: set[str] = set()
    if not device.ws.by_ids("house", [id]):
        return wrote
    if chance.random() < 0.08:
        device.ws.delete("house", id)
        wrote = {""}
        if chance.random() < 0.7:
            device.ws.restore("house", id)
    else:
        values = {"phone": chance.choice(PHONES), "street": chance.choice(STREETS), "tags": chance.sample(TAGS, chance.randrange(3)),
                  "facts": {chance.choice("ab"): chance.choice(PHONES)}, "name": {"fr": "Maison", "ar": chance.choice(("بيت", "دار"))},
                  "opened": chance.choice(("2019", "2020"))}
        device.ws.edit("house", id, {name: values[name] for name in chance.sample(sorted(values), chance.randrange(1, 4))})
        wrote = {one.field for one in device.ws.history("house", id) if one.dot == device.ws.history("house", id)[-1].dot}
    if chance.random() < 0.6:
        network.heal()
    return wrote
