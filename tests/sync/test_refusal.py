"""A refusal reaches its author with the reason and the text that they typed, which can be changed and sent again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from i18n import Text
from sync import codec
from sync.actor import Actor
from sync.errors import Refused
from sync.exchange.words import Answer
from sync.record import Kind, Kinds, text
from sync.relay.direct import Direct
from tests.sync.network import HOUSE, KINDS, TREE, Network

NO = Text("Ask the secretariat first.")


def closed_to_partners(actor: Actor, operation: str, kind: str, values: Mapping[str, Any] | None, scope: str) -> Text | None:
    """Partners may not write houses; nobody may touch a house called Closed."""
    if kind == "house" and (actor.role == "partner" or "Closed" in ((values or {}).get("name") or {}).values()):
        return NO
    return None


@pytest.fixture
def net(tmp_path: Path) -> Any:
    with Network(tmp_path, may=closed_to_partners) as found:
        yield found


def test_the_text_stays_with_its_author_and_can_be_sent_again(net: Network) -> None:
    ana, bilal = net.device("ana"), net.device("bilal", role="partner")
    id = ana.ws.add("house", {"name": {"fr": "École"}, "phone": "1"}).id
    net.heal()
    typed = {"phone": "2", "name": {"fr": "École", "ar": "مدرسة"}}
    refused = bilal.ws.edit("house", id, typed)
    report = bilal.sync()
    assert (report.sent, report.accepted, report.refused) == (1, 0, 1)
    item = bilal.ws.outbox()[0]
    assert (item.change, item.state, item.title) == (refused.change, "refused", "École")
    assert item.reason is not None
    assert item.reason.msgid == NO.msgid
    assert item.fields == {"phone": "2", "name.ar": "مدرسة"}
    assert bilal.ws.status().refused == 1
    assert bilal.ws.get("house", id)["phone"] == "1"  # a refused change has no effect
    bilal.sync()
    assert bilal.ws.outbox()[0].state == "refused"  # it stays until its author decides
    bilal.reopen()
    again = bilal.ws.resend(refused.change, {"phone": "3"})
    assert [one.change for one in bilal.ws.outbox()] == [again.change]
    assert bilal.ws.get("house", id)["phone"] == "3"
    bilal.ws.cancel(again.change)
    assert bilal.ws.get("house", id)["phone"] == "1"
    assert bilal.ws.outbox() == []
    net.heal()
    net.in_step()


def test_what_was_typed_is_published_nowhere(net: Network) -> None:
    ana, bilal = net.device("ana"), net.device("bilal", role="partner")
    bilal.ws.add("house", {"name": {"fr": "SecretiveWords"}})
    net.heal()
    for device, files in ((ana, ("public.db", "people/me.db")), (bilal, ("public.db",))):
        device.ws.close()
        for name in files:
            assert b"SecretiveWords" not in (device.folder / name).read_bytes()
        device.ws = device.open()
    body = "SELECT count(*) FROM entry WHERE verdict = 2 AND body IS NOT NULL"
    assert net.store.value(body) == 0
    assert b"SecretiveWords" not in b"".join(bytes(row[0]) for row in net.store.rows("SELECT body FROM entry WHERE body IS NOT NULL"))
    assert b"secretariat" not in b"".join(bytes(row[0]) for row in net.store.rows("SELECT reason FROM entry WHERE reason IS NOT NULL"))


def test_nothing_of_a_refused_creation_remains_and_its_edits_follow_it(net: Network) -> None:
    ana, bilal = net.device("ana"), net.device("bilal", role="partner")
    created = bilal.ws.add("house", {"name": {"fr": "A"}})
    bilal.ws.edit("house", created.id, {"phone": "7"})
    bilal.ws.delete("house", bilal.ws.add("house", {"name": {"fr": "B"}}).id)
    report = bilal.sync()
    assert report.refused == 4
    assert {one.state for one in bilal.ws.outbox()} == {"refused"}
    assert {tuple(sorted(one.fields)) for one in bilal.ws.outbox()} == {("name.fr",), ("phone",), ()}
    assert bilal.ws.records("house") == []
    ana.sync()
    assert ana.ws.records("house") == []
    saved = bilal.ws.resend(created.change)  # under a new id, since the old one is burnt
    assert saved.id != created.id
    net.heal()
    net.in_step()


def test_an_edit_typed_twice_replaces_what_its_author_saw_and_nothing_else(net: Network) -> None:
    ana, bilal = net.two()
    other = ana.ws.add("house", {"name": {"fr": "Open"}, "phone": "1"}).id
    net.heal()
    bilal.ws.edit("house", other, {"phone": "2"})
    bilal.ws.edit("house", other, {"phone": "3"})
    ana.ws.edit("house", other, {"phone": "9"})
    net.heal()
    assert {value.value for one in ana.ws.conflicts() for value in one.values} == {"3", "9"}
    net.in_step()


def test_a_withdrawn_device_reads_the_reason_and_no_longer_the_network(net: Network) -> None:
    ana, bilal = net.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    net.heal()
    bilal.ws.edit("house", id, {"phone": "before"})
    bilal.sync()
    assert net.authority.revoke(bilal.ws.vault.word("device")) == 1
    assert net.authority.revoke(bilal.ws.vault.word("device")) == 0
    ana.ws.add("tree", {"name": {"fr": "hidden from the withdrawn"}})
    ana.sync()
    bilal.ws.edit("house", id, {"phone": "after"})
    report = bilal.sync()
    assert report.refused == 1
    assert bilal.ws.outbox()[0].reason is not None
    assert bilal.ws.outbox()[0].fields == {"phone": "after"}
    assert bilal.ws.get("house", id)["phone"] == "before"
    assert bilal.ws.records("tree") == []
    ana.sync()
    assert ana.ws.get("house", id)["phone"] == "before"


def test_a_stranger_is_refused_and_keeps_everything(net: Network) -> None:
    with Network(net.folder / "other", seed=5) as other:
        stranger = other.device("stranger")
        stranger.ws.add("house", {"name": {"fr": "A"}})
        stranger.road.authority = net.authority
        failure = stranger.tries("")
        assert isinstance(failure, Refused)
        assert failure.code == "other_server"
        with stranger.ws.store.transaction():
            stranger.ws.vault.keep("authority", net.key.public)
        failure = stranger.tries("")
        assert isinstance(failure, Refused)
        assert failure.code == "no_certificate"
        assert stranger.ws.status().waiting == 1
    assert net.verdicts() == {}


def test_rules_are_checked_on_both_ends(tmp_path: Path) -> None:
    """The server knows a rule that this program does not: the change comes back naming the field."""
    short = Kind("house", HOUSE.label, HOUSE.plural, HOUSE.scopes,
                 tuple(text("phone", Text("Phone"), limit=3) if one.name == "phone" else one for one in HOUSE.fields), "name")
    strict = Kinds((short, TREE, KINDS["door"]))
    with Network(tmp_path, kinds=strict) as net:
        ana = net.device("ana", kinds=KINDS)
        ana.sync()
        id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "123"}).id
        ana.ws.edit("house", id, {"phone": "1234", "street": "x"})
        ana.ws.edit("house", id, {"street": "y"})
        report = ana.sync()
        assert (report.accepted, report.refused) == (2, 1)  # a verdict a change, never a batch
        refused = next(one for one in ana.ws.outbox() if one.state == "refused")
        assert refused.fields == {"phone": "1234", "street": "x"}
        assert "phone" in str(refused.reason)
        assert ana.ws.get("house", id)["street"] == "y"
        ana.ws.resend(refused.change, {"phone": "124"})
        ana.sync()
        assert ana.ws.get("house", id)["phone"] == "124"
        net.in_step()


def test_a_withdrawn_consent_is_final(network: Network) -> None:
    ana, bilal = network.two()
    id = ana.ws.add("door", {"name": "Front", "phone": "1"}, scope="public").id
    network.heal()
    bilal.ws.edit("door", id, {"phone": "2"})
    ana.ws.delete("door", id)
    ana.sync()
    report = bilal.sync()
    assert report.refused == 1
    item = bilal.ws.outbox()[0]
    assert item.fields == {"phone": "2"}
    assert "withdrawn" in item.reason.msgid if item.reason else False
    for device in (ana, bilal):
        device.sync()
        assert device.ws.records("door") == []
        assert device.ws.conflicts() == []
    network.in_step()


@pytest.mark.parametrize(("edited", "batches"), [(False, 3), (True, 3), (False, 2), (True, 2), (False, 1)])
def test_nobody_enters_anew_what_was_withdrawn(network: Network, edited: bool, batches: int) -> None:
    """A creation under the id of a withdrawn record would publish again what a person no longer consents to."""
    ana, bilal = network.two()
    id = ana.ws.add("door", {"name": "Front", "phone": "1"}, scope="network").id
    if batches > 1:
        network.heal()
    if edited:
        bilal.ws.edit("door", id, {"name": "Back", "phone": "2"})  # nothing is left of what the creation wrote
        network.heal()
    ana.ws.delete("door", id)
    if batches > 2:
        network.heal()
    again = ana.ws.add("door", {"name": "Front", "phone": "1"}, scope="network", id=id)
    assert ana.sync().refused == 1
    item = next(one for one in ana.ws.outbox() if one.change == again.change)
    assert item.state == "refused"
    assert item.reason is not None
    assert "withdrawn" in item.reason.msgid
    assert item.fields == {"name": "Front", "phone": "1"}  # and nothing of what was typed is lost
    network.heal()
    assert ana.ws.records("door") == bilal.ws.records("door") == []
    network.in_step()


def test_nobody_enters_anew_elsewhere_what_was_withdrawn(network: Network) -> None:
    ana, bilal = network.two()
    id = ana.ws.add("door", {"name": "Front", "phone": "1"}, scope="network").id
    network.heal()
    ana.ws.delete("door", id)
    network.heal()
    bilal.ws.add("door", {"name": "Front", "phone": "1"}, scope="public", id=id)
    assert bilal.sync().refused == 1
    network.heal()
    assert ana.ws.records("door") == bilal.ws.records("door") == []
    network.in_step()


def test_an_edit_on_top_of_a_refused_one_still_replaces_what_its_author_saw(tmp_path: Path) -> None:
    """1 <- 2 (refused) <- 3: whoever wrote 3 had seen 1, so 1 must not come back beside it."""
    refuse = iter([False, True, False])

    def may(actor: Actor, operation: str, kind: str, values: Mapping[str, Any] | None, scope: str) -> Text | None:
        return NO if next(refuse) else None

    with Network(tmp_path, may=may) as net:
        ana = net.device("ana")
        id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "1"}).id
        ana.sync()
        ana.ws.edit("house", id, {"phone": "2"})
        ana.ws.edit("house", id, {"phone": "3"})
        report = ana.sync()
        assert (report.accepted, report.refused) == (1, 1)
        assert ana.ws.get("house", id)["phone"] == "3"
        assert ana.ws.conflicts() == []
        net.in_step()


@pytest.mark.parametrize("protocol", [codec.PROTOCOL, codec.BRIEF])
def test_a_withdrawn_device_hears_what_became_of_its_last_saves_among_members(net: Network, protocol: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """No page tells it any more: the answer itself does, and they are handed in once."""
    monkeypatch.setattr(Direct, "protocol", protocol)
    ana, bilal = net.two()
    id = ana.ws.add("tree", {"name": {"fr": "Acacia"}, "phone": "1"}).id
    net.heal()
    bilal.ws.edit("tree", id, {"phone": "2"})
    own = bilal.ws.add("tree", {"name": {"fr": "Bilal’s"}}).id
    bilal.ws.edit("tree", own, {"phone": "3"})
    net.authority.revoke(bilal.ws.vault.word("device"))
    assert bilal.sync().refused == 3
    assert {one.state for one in bilal.ws.outbox()} == {"refused"}
    assert all(one.reason is not None and one.fields for one in bilal.ws.outbox())
    assert bilal.ws.get("tree", id)["phone"] == "1"
    assert bilal.ws.status().waiting == 0
    turns, sent = bilal.road.turns, bilal.sync().sent
    assert (bilal.road.turns, sent) == (turns + 1, 0)
    ana.sync()
    assert ana.ws.get("tree", id)["phone"] == "1"


def test_a_refusal_that_the_authority_did_not_sign_is_none(net: Network) -> None:
    ana, bilal = net.two()
    bilal.ws.add("tree", {"name": {"fr": "Acacia"}})
    net.authority.revoke(bilal.ws.vault.word("device"))
    told: list[bool] = []

    def forged(data: bytes) -> bytes:
        answer = codec.unpack(codec.open_message(data), Answer)
        told.append(answer.refused is not None)
        refused = answer.refused and replace(answer.refused, signature=bytes(64))
        return codec.seal_message(codec.pack(replace(answer, refused=refused)))

    with bilal.ws.store.transaction():
        bilal.ws.vault.keep("speaks", str(codec.PROTOCOL))
    bilal.sync(forged, forged, forged)
    assert any(told)
    assert [one.state for one in bilal.ws.outbox()] == ["carried"]
    assert ana.sync()
    bilal.sync()
    assert [one.state for one in bilal.ws.outbox()] == ["refused"]
