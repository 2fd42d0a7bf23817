"""A newer program opens an older one's folder: new fields and kinds come out of what was kept, nothing unsent is lost."""

from __future__ import annotations

import pytest

from i18n import Text
from sync.errors import Refused
from sync.record import Kind, Kinds, text, texts
from tests.sync.network import DOOR, HOUSE, KINDS, Network

OLD_HOUSE = Kind("house", Text("House"), Text("Houses"), ("public",), title="name", search=HOUSE.search,
                 fields=(texts("name", Text("Name"), required=True), text("phone", Text("Phone"))))
OLD = Kinds((OLD_HOUSE, DOOR))  # knows neither trees nor most of a house
VALUES = {"name": {"fr": "Maison", "ar": "بيت"}, "phone": "1", "street": "Rue 1", "tags": ["red", "blue"], "facts": {"a": "x"}, "colour": "green"}


def test_what_an_older_program_kept_unread_is_read_after_the_upgrade(network: Network) -> None:
    new, old = network.device("new"), network.device("old", kinds=OLD)
    id, tree = new.ws.add("house", VALUES).id, new.ws.add("tree", {"name": {"fr": "Acacia"}, "street": "Place"}).id
    network.heal()
    old.ws.edit("house", id, {"phone": "waiting"})  # not sent when the upgrade comes
    fresh = old.ws.add("house", {"name": {"fr": "Neuve"}}).id
    old.kinds = KINDS
    old.reopen()
    assert dict(old.ws.get("house", id)) == {**dict(new.ws.get("house", id)), "phone": "waiting"}
    assert old.ws.get("tree", tree)["street"] == "Place"
    assert {one.state for one in old.ws.outbox() if one.id in (id, fresh)} == {"waiting"}
    assert old.ws.search_ids("Maison", 5) == [("house", id)]
    network.heal()
    network.in_step()
    assert new.ws.get("house", id)["phone"] == "waiting"
    assert new.ws.get("house", fresh)["name"] == {"fr": "Neuve"}
    old.ws.edit("house", id, {"street": "Rue 2"})
    network.heal()
    network.in_step()
    assert new.ws.get("house", id)["street"] == "Rue 2"
    assert new.ws.conflicts() == []


def test_a_conflict_that_the_older_program_could_not_read_is_a_card_after_the_upgrade(network: Network) -> None:
    new, other, old = network.device("new"), network.device("other"), network.device("old", kinds=OLD)
    id = new.ws.add("house", VALUES).id
    network.heal()
    new.ws.edit("house", id, {"street": "Rue 2"})
    other.ws.edit("house", id, {"street": "Rue 3"})
    network.heal()
    assert old.ws.conflicts() == []
    old.kinds = KINDS
    old.reopen()
    assert {value.value for one in old.ws.conflicts() for value in one.values} == {"Rue 2", "Rue 3"}
    network.in_step()


def test_the_server_is_upgraded_likewise(network: Network) -> None:
    new = network.device("new")
    id = new.ws.add("house", VALUES).id
    network.heal()
    before = network.digest()
    columns = network.store.columns("house")
    for column in ("street", "colour"):  # as if its tables had been made by a program without these fields
        _forget(network, id, column)
    assert network.store.columns("house") == columns - {"street", "colour"}
    network.authority.begin()
    assert network.store.columns("house") == columns
    assert network.digest() == before
    network.in_step()
    assert network.store.row("SELECT street, colour FROM house WHERE id = ?", (id,)) == ("Rue 1", "green")


def test_an_older_program_does_not_open_what_a_newer_one_wrote(network: Network) -> None:
    device = network.device("new")
    id = device.ws.add("house", VALUES).id
    device.kinds = OLD
    with pytest.raises(Refused) as refused:
        device.reopen()
    assert refused.value.code == "newer_folder"
    device.kinds = KINDS
    device.ws = device.open()
    assert device.ws.get("house", id)["street"] == "Rue 1"


def _forget(network: Network, id: str, column: str) -> None:
    """Put a column's value where a program without that field keeps it, and drop the column."""
    from sync.projection import narrowed
    from sync.tables import Table

    have = network.store.columns("house")
    now = Table(narrowed(HOUSE, have))
    then = Table(narrowed(HOUSE, have - {column}))
    rows = [then.row(now.state(row), "public", hash=row[now.columns.index("hash")]) for row in network.store.rows(f"SELECT {now.select} FROM house")]
    with network.store.transaction():
        network.store.execute("DROP TABLE house")
        network.store.execute(network.store.dialect(next(then.schema())))
        network.store.many(then.upsert, rows)
        network.store.execute("PRAGMA user_version = 0")  # the mark of the program of today


