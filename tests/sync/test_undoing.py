"""Undoing is a change like another: it writes what stood there before, has seen what is shown, and overwrites nobody silently."""

from __future__ import annotations

from typing import Any

import pytest

from sync.errors import Invalid, NotFound, Refused
from sync.undoing import Undone, undo, undo_all
from tests.sync.network import Device, Network
from tests.sync.test_snapshots import filled, publish

HOUSE = {"name": {"fr": "Maison"}, "phone": "1", "street": "Rue 1", "tags": ["red"], "facts": {"a": "1"}, "opened": "2019"}


def made(device: Device, **values: Any) -> str:
    id = device.ws.add("house", HOUSE | values).id
    device.network.heal()
    return id


def read(device: Device, id: str) -> dict[str, Any]:
    return dict(device.ws.get("house", id))


def back(device: Device, id: str, change: str, field: str | None = None, kind: str = "house") -> Undone:
    return undo(device.ws, kind, id, change, field)


def test_a_whole_save_is_undone_and_that_is_undone_too(network: Network) -> None:
    ana, bilal = network.two()
    id = made(ana)
    before = read(ana, id)
    change = ana.ws.edit("house", id, {"name": {"ar": "بيت"}, "phone": None, "tags": ["blue"], "facts": {"b": "2"}, "opened": "2020"}
                         | {"name": {"fr": "Maison", "ar": "بيت"}}).change
    after = read(ana, id)
    network.heal()
    undone = back(bilal, id, change)  # by whoever sees it
    assert undone.left == ()
    assert read(bilal, id) == before
    network.heal()
    assert read(ana, id) == before
    assert back(ana, id, undone.saved.change).left == ()
    network.heal()
    assert read(ana, id) == read(bilal, id) == after
    assert ana.ws.conflicts() == []
    network.in_step()


@pytest.mark.parametrize("field", ["phone", "tags", "name.fr", "facts#a", "opened"])
def test_one_field_of_a_save_is_put_back_alone(network: Network, field: str) -> None:
    ana, bilal = network.two()
    id = made(ana)
    before = read(ana, id)
    change = ana.ws.edit("house", id, {"name": {"fr": "Autre"}, "phone": "2", "tags": ["blue"], "facts": {"a": "2"}, "opened": "2020"}).change
    after = read(ana, id)
    back(ana, id, change, field)
    name = field.partition(".")[0].partition("#")[0]
    network.heal()
    assert read(bilal, id) == after | {name: before[name]}


def test_what_was_replaced_since_is_left_unless_its_field_is_named(network: Network) -> None:
    ana, bilal = network.two()
    id = made(ana)
    change = ana.ws.edit("house", id, {"phone": "2", "street": "Rue 2"}).change
    network.heal()
    bilal.ws.edit("house", id, {"phone": "3"})
    network.heal()
    undone = back(ana, id, change)
    assert undone.left == ("phone",)
    assert (read(ana, id)["phone"], read(ana, id)["street"]) == ("3", "Rue 1")
    with pytest.raises(Refused):
        back(ana, id, change)  # by now everything in it is another's
    back(ana, id, change, "phone")
    network.heal()
    assert read(bilal, id)["phone"] == "1"
    assert bilal.ws.conflicts() == []


def test_undoing_twice_saves_nothing(network: Network) -> None:
    ana, _ = network.two()
    id = made(ana)
    change = ana.ws.edit("house", id, {"phone": "2"}).change
    back(ana, id, change, "phone")
    assert back(ana, id, change, "phone").saved.change == ""
    assert len(ana.ws.outbox()) == 3


def test_a_value_that_came_while_one_looked_stands_beside(network: Network) -> None:
    ana, bilal = network.two()
    id = made(ana)
    change = ana.ws.edit("house", id, {"phone": "2"}).change
    network.heal()
    form = bilal.ws.form("house", id)
    ana.ws.edit("house", id, {"phone": "3"})
    network.heal()
    undo(bilal.ws, "house", id, change, "phone", form)
    network.heal()
    (card,) = ana.ws.conflicts()
    assert {one.value for one in card.values} == {"1", "3"}


def test_in_a_conflict_only_the_changes_own_value_goes(network: Network) -> None:
    ana, bilal = network.two()
    id = made(ana)
    mine = ana.ws.edit("house", id, {"phone": "2"}).change
    bilal.ws.edit("house", id, {"phone": "3"})
    network.heal()
    assert len(ana.ws.conflicts()) == 1
    back(ana, id, mine)
    network.heal()
    assert ana.ws.conflicts() == bilal.ws.conflicts() == []
    assert read(ana, id)["phone"] == read(bilal, id)["phone"] == "3"


def test_in_a_conflict_of_others_nothing_is_put_back_before_it_is_settled(network: Network) -> None:
    ana, bilal = network.two()
    id = made(ana)
    old = ana.ws.edit("house", id, {"phone": "2"}).change
    network.heal()
    ana.ws.edit("house", id, {"phone": "4"})
    bilal.ws.edit("house", id, {"phone": "3"})
    network.heal()
    with pytest.raises(Refused):
        back(ana, id, old, "phone")
    assert {one.value for one in ana.ws.conflicts()[0].values} == {"3", "4"}


def test_what_settled_a_conflict_is_undone_to_the_value_shown_before(network: Network) -> None:
    ana, bilal = network.two()
    id = made(ana)
    ana.ws.edit("house", id, {"phone": "2"})
    bilal.ws.edit("house", id, {"phone": "3"})
    network.heal()
    shown = read(bilal, id)["phone"]
    choice = bilal.ws.settle(id, "phone", value="5").change
    back(bilal, id, choice)
    assert read(bilal, id)["phone"] == shown


def test_a_deletion_and_a_creation_and_a_return_are_undone(network: Network) -> None:
    ana, bilal = network.two()
    id = made(ana)
    creation = ana.ws.history("house", id)[0].dot.hex()
    gone = ana.ws.delete("house", id).change
    network.heal()
    returned = back(bilal, id, gone).saved.change
    network.heal()
    assert read(ana, id)["phone"] == "1"
    assert back(bilal, id, gone).saved.change == ""  # it stands no more
    back(bilal, id, returned)
    network.heal()
    with pytest.raises(NotFound):
        ana.ws.get("house", id)
    with pytest.raises(Refused):
        back(ana, id, creation)
    other = made(ana)
    creation = ana.ws.history("house", other)[0].dot.hex()
    taken = back(ana, other, creation).saved.change
    with pytest.raises(NotFound):
        ana.ws.get("house", other)
    back(ana, other, taken)
    assert read(ana, other)["phone"] == "1"
    network.heal()
    network.in_step()


def test_a_creation_on_which_others_built_is_not_undone(network: Network) -> None:
    ana, bilal = network.two()
    id = made(ana)
    creation = ana.ws.history("house", id)[0].dot.hex()
    bilal.ws.edit("house", id, {"phone": "2"})
    network.heal()
    with pytest.raises(Refused):
        back(ana, id, creation)
    assert read(ana, id)["phone"] == "2"


def test_a_withdrawal_is_final_and_a_creation_that_would_be_one_is_refused(network: Network) -> None:
    ana, _ = network.two()
    id = ana.ws.add("door", {"name": "Porte"}).id
    creation = ana.ws.history("door", id)[0].dot.hex()
    with pytest.raises(Refused):
        back(ana, id, creation, kind="door")
    gone = ana.ws.delete("door", id).change
    network.heal()
    with pytest.raises(Refused):
        back(ana, id, gone, kind="door")


def test_what_a_record_must_have_stays(network: Network) -> None:
    ana, _ = network.two()
    id = made(ana)
    creation = ana.ws.history("house", id)[0].dot.hex()
    with pytest.raises(Invalid):
        back(ana, id, creation, "name")
    back(ana, id, creation, "street")
    assert (ana.ws.get("house", id)["street"], ana.ws.get("house", id)["phone"]) == (None, "1")


def test_what_is_not_there_is_said(network: Network) -> None:
    ana, bilal = network.two()
    id, other = made(ana), made(ana)
    change = ana.ws.edit("house", id, {"phone": "2"}).change
    for record, dot, field in ((id, "00" * 14, None), (other, change, None), (id, change, "street"), (id, "no-hex", None)):
        with pytest.raises(NotFound):
            back(ana, record, dot, field)
    guest = network.guest("guest", bilal.folder)
    with pytest.raises(Refused):
        back(guest, id, change)


def test_what_a_copy_cannot_know_is_not_put_back(network: Network) -> None:
    ana, _, ids = filled(network)
    change = ana.ws.edit("house", ids[1], {"street": "Rue 9"}).change
    several = ana.ws.edit("house", ids[2], {"street": "Rue 9", "phone": "9"}).change
    network.heal()
    publish(network)
    newcomer = network.device("newcomer")
    newcomer.sync()
    with pytest.raises(Refused):
        back(newcomer, ids[2], several)
    for field in (None, "street"):
        with pytest.raises(Refused):
            back(newcomer, ids[1], change, field)
    back(ana, ids[1], change)
    network.heal()
    assert read(newcomer, ids[1])["street"] == "Rue 1"


def test_a_refused_change_has_nothing_to_undo(tmp_path: Any) -> None:
    from i18n import Text

    with Network(tmp_path, may=lambda who, operation, *_: Text("No.") if operation == "edit" and who.role == "partner" else None) as network:
        ana, partner = network.device("ana"), network.device("partner", role="partner")
        id = made(ana)
        change = partner.ws.edit("house", id, {"phone": "9"}).change
        network.heal()
        with pytest.raises(Refused):
            back(partner, id, change)


def test_several_are_undone_together_or_not_at_all(network: Network) -> None:
    ana, bilal = network.two()
    ids = [made(ana) for _ in range(3)]
    changes = [("house", id, ana.ws.edit("house", id, {"phone": "2"}).change) for id in ids]
    network.heal()
    with pytest.raises(NotFound):
        undo_all(bilal.ws, [*changes, ("house", ids[0], "00" * 14)])
    assert bilal.ws.status().waiting == 0
    assert len(undo_all(bilal.ws, changes)) == 3
    assert {read(bilal, id)["phone"] for id in ids} == {"1"}
