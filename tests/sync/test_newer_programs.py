"""Fields and kinds that only a newer program knows are kept byte for byte, counted in the digest and passed on."""

from __future__ import annotations

import json

from i18n import Text
from sync.record import Field, Kind, Kinds, text, texts
from tests.sync.network import DOOR, HOUSE, KINDS, TREE, Device, Network

OLD_HOUSE = Kind("house", Text("House"), Text("Houses"), ("public",), title="name",
                 fields=(texts("name", Text("Name"), required=True), text("phone", Text("Phone"))))
OLD = Kinds((OLD_HOUSE, DOOR))  # knows neither trees nor most of a house
VALUES = {"name": {"fr": "A", "ar": "أ"}, "phone": "1", "street": "Rue 1", "tags": ["red", "blue"], "facts": {"a": "x"}, "colour": "green"}


def reopen_with(device: Device, kinds: Kinds) -> None:
    """Close the program, and open the folder with another one."""
    device.ws.close()
    device.kinds = kinds
    device.ws = device.open()


def export(device: Device) -> dict[str, dict]:
    return {line["id"]: line for line in map(json.loads, device.ws.export_lines())}


def test_an_older_program_edits_a_record_and_the_unknown_fields_survive(network: Network) -> None:
    new, old = network.device("new"), network.device("old", kinds=OLD)
    id = new.ws.add("house", VALUES).id
    network.heal()
    assert old.ws.get("house", id)["phone"] == "1"
    assert "street" not in old.ws.get("house", id).kind.by_name
    before = export(old)[id]["fields"]
    assert before["street"] == [[1, "Rue 1"]]
    form = old.ws.form("house", id)
    old.ws.edit("house", id, {"phone": "2", "name": {"fr": "B"}}, form)
    network.heal()
    after = export(new)[id]["fields"]
    unknown = [path for path in before if path.split(".")[0].split("#")[0] not in ("name", "phone")]
    assert len(unknown) == 5
    assert {path: after[path] for path in unknown} == {path: before[path] for path in unknown}
    assert dict(new.ws.get("house", id)) | {} == {**dict(new.ws.get("house", id)), "phone": "2", "street": "Rue 1", "tags": ["blue", "red"], "name": {"fr": "B"}}
    network.in_step()
    assert old.ws.digest() == new.ws.digest()


def test_edits_and_conflicts_in_unknown_fields_reach_those_who_know_them(network: Network) -> None:
    new, other, old = network.device("new"), network.device("other"), network.device("old", kinds=OLD)
    id = new.ws.add("house", VALUES).id
    network.heal()
    new.ws.edit("house", id, {"street": "Rue 2", "phone": "new"})
    other.ws.edit("house", id, {"street": "Rue 3", "phone": "other"})
    old.ws.edit("house", id, {"phone": "old"})
    network.heal()
    network.in_step()
    assert {one.field for one in new.ws.conflicts()} == {"street", "phone"}
    assert {one.field for one in old.ws.conflicts()} == {"phone"}  # nobody settles what they cannot read
    old.ws.settle(id, "phone", keep=3)
    new.ws.settle(id, "street", keep=1)
    network.heal()
    network.in_step()
    assert all(device.ws.conflicts() == [] for device in (new, other, old))
    assert other.ws.get("house", id)["phone"] == old.ws.get("house", id)["phone"]


def test_an_older_program_deletes_only_what_it_saw_and_restores_the_whole(network: Network) -> None:
    new, old = network.device("new"), network.device("old", kinds=OLD)
    id = new.ws.add("house", VALUES).id
    network.heal()
    old.ws.delete("house", id)
    network.heal()
    assert new.ws.records("house") == []
    network.in_step()
    old.ws.restore("house", id)
    network.heal()
    assert new.ws.get("house", id)["street"] == "Rue 1"
    old.ws.delete("house", id)
    new.ws.edit("house", id, {"street": "Rue 9"})
    network.heal()
    assert old.ws.get("house", id)["phone"] == "1"  # an edit in a field it cannot read brings the record back
    assert {one.field for one in new.ws.conflicts()} == {"_life"}
    network.in_step()


def test_a_kind_that_only_a_newer_program_knows_is_kept_and_passed_on(network: Network) -> None:
    new, old, late = network.device("new"), network.device("old", kinds=OLD), network.device("late")
    id = new.ws.add("tree", {"name": {"fr": "Acacia"}, "phone": "1"}).id
    network.heal()
    assert export(old)[id]["fields"]["name.fr"] == [[1, "Acacia"]]
    assert export(old)[id]["kind"] == "tree"
    new.ws.edit("tree", id, {"phone": "2"})
    late.ws.edit("tree", id, {"phone": "3"})
    network.heal()
    network.in_step()
    assert old.ws.digest() == new.ws.digest()
    assert len(export(old)[id]["fields"]["phone"]) == 2
    new.ws.delete("tree", id)
    network.heal()
    network.in_step()


def test_what_a_newer_program_saved_leaves_by_an_older_one(network: Network) -> None:
    """Two programs take turns on one folder: the older one, which lacks a kind, hands in what it cannot show."""
    ana, bilal = network.two()
    trees = [ana.ws.add("tree", {"name": {"fr": f"Acacia {n}"}, "phone": str(n)}).id for n in range(3)]
    house = ana.ws.add("house", VALUES).id
    reopen_with(ana, Kinds((HOUSE, DOOR)))
    assert ana.sync().accepted == 4
    assert ana.ws.status().waiting == 0
    assert ana.ws.get("house", house)["phone"] == "1"
    bilal.sync()
    network.in_step()
    reopen_with(ana, KINDS)
    for device in (ana, bilal):
        assert [device.ws.get("tree", id)["phone"] for id in trees] == ["0", "1", "2"]
    network.in_step()


def test_an_old_server_passes_on_what_it_does_not_know(network: Network) -> None:
    with Network(network.folder / "old-server", kinds=OLD) as net:
        new, old = net.device("new", kinds=Kinds((HOUSE, DOOR, TREE))), net.device("old")
        id = new.ws.add("house", VALUES).id
        tree = new.ws.add("tree", {"name": {"fr": "Acacia"}}).id
        new.ws.edit("house", id, {"street": "Rue 2"})
        net.heal()
        other = net.device("other", kinds=Kinds((HOUSE, DOOR, TREE)))
        net.heal()
        assert other.ws.get("house", id)["street"] == "Rue 2"
        assert other.ws.get("tree", tree).title == "Acacia"
        assert {one.state for one in new.ws.outbox()} == {"accepted"}
        net.in_step()
        assert old.ws.digest() == other.ws.digest() == net.digest()


def test_a_value_of_another_shape_than_this_program_expects_does_no_harm(network: Network) -> None:
    """A newer program widened a field: the old one shows nothing there, and keeps it."""
    wider = Kind("house", Text("House"), Text("Houses"), ("public",), title="name", fields=tuple(
        Field("phone", HOUSE.by_name["photo"].shape, Text("Phone")) if one.name == "phone" else one for one in HOUSE.fields))
    with Network(network.folder / "wider", kinds=Kinds((wider, DOOR, TREE))) as net:
        new, old = net.device("new"), net.device("old", kinds=Kinds((HOUSE, DOOR, TREE)))
        id = new.ws.add("house", {"name": {"fr": "A"}, "phone": {"sha256": "a" * 64, "size": 3}}).id
        net.heal()
        assert old.ws.get("house", id)["phone"] is None
        old.ws.edit("house", id, {"street": "x"})
        net.heal()
        assert new.ws.get("house", id)["phone"]["size"] == 3
        net.in_step()
