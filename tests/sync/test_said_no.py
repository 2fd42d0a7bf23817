"""What cannot be done on this PC is said in a sentence, and what was refused can be sent again, whatever it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from i18n import Text
from sync.actor import Actor
from sync.errors import Damaged, Invalid, NotFound
from sync.record import Kinds
from tests.sync.network import HOUSE, KINDS, Device, Network

NO = Text("Not today.")


@pytest.fixture
def ana(network: Network) -> Device:
    return network.device("ana")


def test_what_is_not_there_is_said(ana: Device) -> None:
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    with pytest.raises(NotFound) as said:
        ana.ws.write("house", id, {"windows": "3"})
    assert "phone" in str(said.value)  # which fields there are
    with pytest.raises(NotFound):
        ana.ws.edit("house", id, {"windows": "3"})
    with pytest.raises(NotFound):
        ana.ws.settle(id, "phone", keep=1)
    for change in ("no dot", "00" * 14):
        with pytest.raises(NotFound):
            ana.ws.cancel(change)
        with pytest.raises(NotFound):
            ana.ws.resend(change)
    assert ana.ws.get("house", id)["name"] == {"fr": "A"}


def test_only_values_that_are_there_can_be_chosen(network: Network) -> None:
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    network.heal()
    for device in (ana, bilal):
        device.ws.edit("house", id, {"phone": device.name})
    network.heal()
    for wrong in (0, 3):
        with pytest.raises(NotFound):
            ana.ws.settle(id, "phone", keep=wrong)
    assert len(ana.ws.conflicts()) == 1
    ana.ws.settle(id, "phone", keep=2)
    network.heal()
    assert bilal.ws.conflicts() == []


def test_what_was_not_deleted_is_not_restored(ana: Device) -> None:
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    before = len(ana.ws.outbox())
    assert ana.ws.restore("house", id).change == ""
    assert len(ana.ws.outbox()) == before


@pytest.mark.parametrize("operation", ["delete", "restore", "edit"])
def test_whatever_was_refused_can_be_sent_again(tmp_path: Path, operation: str) -> None:
    refusing = [False]

    def may(actor: Actor, asked: str, kind: str, values: Any, scope: str) -> Text | None:
        return NO if refusing[0] and asked == operation else None

    with Network(tmp_path, may=may) as network:
        ana, bilal = network.two()
        id = ana.ws.add("house", {"name": {"fr": "A"}}).id
        network.heal()
        if operation == "restore":
            ana.ws.delete("house", id)
            network.heal()
        refusing[0] = True
        {"delete": lambda: ana.ws.delete("house", id), "restore": lambda: ana.ws.restore("house", id),
         "edit": lambda: ana.ws.edit("house", id, {"phone": "1"})}[operation]()
        network.heal()
        refused, = (one for one in ana.ws.outbox() if one.state == "refused")
        assert str(refused.reason) == "Not today."
        refusing[0] = False
        ana.ws.resend(refused.change)
        network.heal()
        network.in_step()
        assert {one.state for one in ana.ws.outbox()} == {"accepted"}
        here = {one.id: one["phone"] for one in bilal.ws.records("house")}
        assert here == {"delete": {}, "restore": {id: None}, "edit": {id: "1"}}[operation]


def test_lines_of_one_kind_alone_can_be_exported(network: Network) -> None:
    ana = network.device("ana")
    ana.ws.add("house", {"name": {"fr": "A"}})
    ana.ws.add("door", {"name": "B"}, scope="public")
    ana.sync()
    assert [b'"kind":"door"' in one for one in ana.ws.export_lines("door")] == [True]
    assert [b'"kind":"house"' in one for one in ana.ws.export_lines("house")] == [True]
    assert len(list(ana.ws.export_lines())) == 4  # and the certificate, and the key of the members' scope
    assert ana.ws.rows("SELECT count(*) FROM house") == [(1,)]


def test_a_change_of_somebody_whose_certificate_never_came_has_no_name(network: Network) -> None:
    """A copy whose certificates were lost still tells what was written, and by nobody that it knows."""
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    network.heal()
    with bilal.ws.public.transaction():
        bilal.ws.public.execute("DELETE FROM certificate WHERE key = ?", (ana.ws.vault.key().public.hex(),))
    event, = bilal.ws.history("house", id)
    assert (event.author.person, event.author.mine) == ("", False)


def test_a_change_of_a_log_that_is_not_here_has_no_name_and_ones_own_has(network: Network) -> None:
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    network.heal()
    for device in (ana, bilal):
        with device.ws.public.transaction():
            device.ws.public.execute("DELETE FROM log WHERE scope = 'public'")
    assert [one.author.mine for one in ana.ws.history("house", id)] == [True]
    assert [(one.author.person, one.author.mine) for one in bilal.ws.history("house", id)] == [("", False)]


def test_a_record_of_the_wrong_scope_is_refused_by_the_authority_too(network: Network) -> None:
    """A program that knows the kind otherwise (an older or a wicked one) does not decide where it stands."""
    elsewhere = Kinds((*(one for one in KINDS.values() if one.name != "house"),
                       type(HOUSE)("house", HOUSE.label, HOUSE.plural, ("network",), HOUSE.fields, HOUSE.title)))
    ana = network.device("ana", kinds=elsewhere)
    saved = ana.ws.add("house", {"name": {"fr": "A"}})
    ana.sync()
    refused, = ana.ws.outbox()
    assert (refused.change, refused.state) == (saved.change, "refused")
    assert "cannot stand in" in refused.reason.msgid


def test_a_reason_that_was_sealed_to_another_or_a_key_that_is_none_is_said(network: Network) -> None:
    from sync.identity import SigningKey, seal

    key, other = SigningKey(b"a" * 32), SigningKey(b"b" * 32)
    assert key.unseal(seal(key.public, b"why")) == b"why"
    with pytest.raises(Damaged):
        key.unseal(seal(other.public, b"why"))
    for none in (b"\xff" * 32, b"\1" + bytes(31)):  # no point of the curve; one of small order
        with pytest.raises(Damaged):
            seal(none, b"why")
        with pytest.raises(Damaged):
            key.shared(none)
    with pytest.raises(Damaged):
        key.shared(b"short")
    assert key.shared(other.public) == other.shared(key.public)


def test_keys_that_were_agreed_on_fill_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    from sync import identity

    monkeypatch.setattr(identity, "_SHARED", 3)
    key = identity.SigningKey(b"a" * 32)
    for number in range(8):
        other = identity.SigningKey(bytes([number]) * 32)
        assert key.shared(other.public) == other.shared(key.public)
    assert len(key._shared) <= 3


def test_a_save_that_is_too_large_is_said_and_not_kept(ana: Device) -> None:
    with pytest.raises(Invalid):
        ana.ws.add("house", {"name": {"fr": "A"}, "facts": {f"k{n}": "x" * 290 for n in range(1000)}})
    assert ana.ws.records("house") == []
