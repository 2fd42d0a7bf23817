"""Programs two versions apart in one network: each keeps what only the other knows, whichever side of the server it stands on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from i18n import Text
from sync import codec
from sync import fields as shapes
from sync.change import Change, Entry, Page, Write
from sync.errors import Damaged, Invalid
from sync.exchange.words import Answer
from sync.record import Field, Kind, Kinds, text, texts
from sync.scopes import NETWORK, PUBLIC
from tests.sync.network import Device, Network

_CODES = {name: Text("Colour") for name in ("red", "green", "blue")}
_NAME, _PHONE = texts("name", Text("Name"), required=True), text("phone", Text("Phone"))


def version(*fields: Field, more: tuple[Kind, ...] = ()) -> Kinds:
    """The kinds of one version: a house with these fields, and what else there was."""
    return Kinds((Kind("house", Text("House"), Text("Houses"), (PUBLIC,), (_NAME, *fields), title="name"), *more))


_DOOR = Kind("door", Text("Door"), Text("Doors"), (NETWORK, PUBLIC), (_NAME, _PHONE), title="name")
_GATE = Kind("gate", Text("Gate"), Text("Gates"), (NETWORK, PUBLIC), (_NAME, Field("tags", shapes.Words(), Text("Tags"))), title="name")
_TAGS = Field("tags", shapes.Codes(lambda: _CODES), Text("Tags"))
_FACTS = Field("facts", shapes.Entries(shapes.Line()), Text("Facts"))
_STREET = text("street", Text("Street"))
VERSIONS = (  # each knows what the one before does not; the last one has dropped a field and a kind of the first
    version(_PHONE, more=(_DOOR,)),
    version(_PHONE, _TAGS, more=(_DOOR,)),
    version(_TAGS, _FACTS, _STREET, more=(_GATE,)),
)
VALUES = {"name": {"fr": "A"}, "phone": "1", "tags": ["red", "green"], "facts": {"a": "x"}, "street": "Rue 1"}


def lines(device: Device) -> dict[str, Any]:
    return {line["id"]: line for line in map(json.loads, device.ws.export_lines())}


def known(device: Device, values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in device.kinds["house"].by_name}


@pytest.mark.parametrize("server", [0, 1, 2])
def test_nobody_deletes_what_only_others_know(network: Network, server: int) -> None:
    with Network(network.folder / "mixed", kinds=VERSIONS[server]) as net:
        people = [net.device(f"version {number}", kinds=kinds) for number, kinds in enumerate(VERSIONS)]
        oldest, middle, newest = people
        id = newest.ws.add("house", known(newest, VALUES)).id
        gate = newest.ws.add("gate", {"name": {"fr": "Gate"}, "tags": ["iron", "old"]}).id
        door = oldest.ws.add("door", {"name": {"fr": "Door"}, "phone": "1"}).id
        net.heal()
        oldest.ws.edit("house", id, {"phone": "1"})  # a field that the newest dropped
        middle.ws.edit("house", id, {"tags": ["red", "blue"]})  # elements of a set that the oldest does not know
        newest.ws.edit("house", id, {"street": "Rue 2", "facts": {"a": "x", "b": "y"}})
        net.heal()
        net.in_step()
        fields = lines(oldest)[id]["fields"]
        assert {path for path, live in fields.items() if live[0][1] not in (None, False)} == \
            {"name.fr", "phone", "tags#red", "tags#blue", "facts#a", "facts#b", "street"}
        assert [lines(one)[id] for one in people] == [lines(oldest)[id]] * 3
        oldest.ws.edit("house", id, {"name": {"fr": "B"}})
        newest.ws.edit("gate", gate, {"tags": ["iron"]})
        middle.ws.delete("door", door)
        net.heal()
        net.in_step()
        assert sorted(newest.ws.get("house", id)["tags"]) == ["blue", "red"]
        assert newest.ws.get("house", id)["facts"] == {"a": "x", "b": "y"}
        assert newest.ws.get("gate", gate)["tags"] == ["iron"]
        assert oldest.ws.records("door") == []
        # deleted by one who cannot read all of it, restored by another
        oldest.ws.delete("house", id)
        net.heal()
        assert [one.ws.records("house") for one in people] == [[], [], []]
        middle.ws.restore("house", id)
        net.heal()
        net.in_step()
        assert newest.ws.get("house", id)["street"] == "Rue 2"
        assert oldest.ws.get("house", id)["phone"] == "1"


@pytest.mark.parametrize("server", [0, 2])
def test_conflicts_and_history_of_unknown_fields_wait_for_those_who_know_them(network: Network, server: int) -> None:
    with Network(network.folder / "mixed", kinds=VERSIONS[server]) as net:
        oldest, newest, other = (net.device(name, kinds=kinds) for name, kinds in (("o", VERSIONS[0]), ("n", VERSIONS[2]), ("p", VERSIONS[2])))
        id = newest.ws.add("house", known(newest, VALUES)).id
        net.heal()
        newest.ws.edit("house", id, {"street": "Rue 2"})
        other.ws.edit("house", id, {"street": "Rue 3"})
        net.heal()
        net.in_step()
        assert oldest.ws.conflicts() == []
        assert len(lines(oldest)[id]["fields"]["street"]) == 2
        assert [one.field for one in newest.ws.conflicts()] == ["street"]
        past = [(one.field, one.new, one.number) for one in newest.ws.history("house", id)]
        assert [(one.field, one.new, one.number) for one in oldest.ws.history("house", id)] == past  # by its path, though it has no name for it
        newest.ws.settle(id, "street", keep=1)
        net.heal()
        oldest.kinds = VERSIONS[1]
        oldest.reopen()
        assert oldest.ws.get("house", id)["tags"] == ["green", "red"]
        assert oldest.ws.digest() == newest.ws.digest() == net.digest()


def test_an_operation_of_the_future_is_refused_with_a_sentence_and_blocks_nothing(network: Network) -> None:
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    network.heal()
    with ana.ws.store.transaction():
        strange = ana.ws.vault.append("public", Change(bytes.fromhex(id.replace("-", "")), "house", 9, 1, [Write("phone", "1", [])]))
    ana.ws.edit("house", id, {"street": "Rue 1"})
    network.heal()
    network.in_step()
    item = next(one for one in ana.ws.outbox() if one.change == strange.dot.hex())
    assert (item.state, item.reason.msgid) == ("refused", "This change is not written as expected.")
    assert bilal.ws.get("house", id)["street"] == "Rue 1"


def altered(answer: bytes, change: Any) -> bytes:
    """An answer whose public pages say something of another version."""
    found = codec.unpack(codec.open_message(answer), Answer)
    pages = []
    for data in found.pages:
        page = codec.unpack(data, Page)
        pages.append(codec.pack(change(page)) if page.scope == "public" else data)
    return codec.seal_message(codec.pack(Answer(found.time, found.epoch, found.heads, pages, found.receipts, found.astray, found.snapshots)))


def test_a_verdict_of_the_future_is_not_taken_and_everything_else_goes_on(network: Network) -> None:
    ana, bilal = network.two()
    ana.ws.add("house", {"name": {"fr": "A"}})
    ana.sync()
    tree = bilal.ws.add("tree", {"name": {"fr": "Kept"}}).id

    def future(page: Page) -> Page:
        entries = [Entry(one.log, one.n, 7, one.control, one.body, one.commitment, one.reason, one.salt) for one in page.entries]
        return Page(page.scope, page.epoch, page.first, page.before, page.logs, entries, page.signature)

    failure = bilal.tries(lambda answer: altered(answer, future))
    assert isinstance(failure, Damaged)
    assert str(failure)
    assert bilal.ws.records("house") == []
    assert bilal.ws.get("tree", tree)["name"] == {"fr": "Kept"}
    bilal.ws.edit("tree", tree, {"phone": "1"})
    network.heal()
    network.in_step()
    assert len(bilal.ws.records("house")) == 1


def test_a_protocol_of_the_future_is_said_and_the_work_goes_on_offline(network: Network) -> None:
    ana, _ = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id

    def newer(answer: bytes) -> bytes:
        return codec.MAGIC + bytes([codec.PROTOCOL + 9]) + answer[len(codec.MAGIC) + 1 :]

    failure = ana.tries(newer)
    assert isinstance(failure, Invalid)
    assert failure.code == "newer_version"
    ana.ws.edit("house", id, {"phone": "1"})
    ana.reopen()
    assert ana.ws.get("house", id)["phone"] == "1"
    network.heal()
    network.in_step()
