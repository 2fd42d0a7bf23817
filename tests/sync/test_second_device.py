"""Another computer of the same person: made known by a code, without an administrator, by whichever road."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync import admission, applying, codec, recovery_code, second_device
from sync.admission import Application
from sync.appointing import appoint
from sync.errors import Damaged, Failure, Invalid, NotFound, Refused
from sync.identity import SigningKey, key_id
from sync.membership import membership
from sync.relay.holding import TICKET, Holding, Item
from sync.scopes import PERSON, scope_of
from sync.second_device import Ticket, voucher_of
from sync.trust import Trust
from sync.waiting_room import WaitingRoom
from tests.sync.network import Device, Network
from tests.sync.test_applying import carry, newcomer
from tests.sync.test_membership import KINDS


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Network]:
    with Network(tmp_path, kinds=KINDS) as network:
        yield network


def vouched(net: Network, device: Device) -> Application:
    """What the authority finds in the letter that a device wrote for another one; certified as the server does."""
    for one in WaitingRoom(device.ws.public).all():
        letter = admission.read(one.data)
        asked = admission.opened(letter, net.key)
        found = voucher_of(letter, asked, net.authority.trust)
        if found is not None:
            net.authority.certify(asked.key, asked.person, asked.device, found.role, found.organisations)
            return asked
    raise AssertionError("nobody vouches for anybody")


def test_one_stick_makes_the_other_computer_ones_own(net: Network) -> None:
    ana = net.device("ana", role="editor")
    own = scope_of(PERSON, ana.ws.vault.word("person"))
    ana.ws.add("memo", {"words": "à moi"}, own)
    net.heal()
    made = second_device.make(ana.ws)
    vouched(net, ana)  # her sync hands it in
    ana.sync()
    again = newcomer(net, "again")
    with pytest.raises(NotFound):
        second_device.take(again.ws, made.code)
    carry(ana, again)
    second_device.take(again.ws, made.code.lower())
    assert again.ws.vault.word("device") == made.device
    assert again.ws.vault.word("person") == ana.ws.vault.word("person")
    assert membership(again.ws).role == "editor"
    assert applying.code_waiting(again.ws) == ""
    carry(ana, again)
    assert [one["words"] for one in again.ws.records("memo")] == ["à moi"]
    again.ws.add("memo", {"words": "d’ici"}, own)
    again.ws.vault.keep("server", "direct")
    net.heal()
    assert {one["words"] for one in ana.ws.records("memo")} == {"à moi", "d’ici"}
    net.in_step()
    assert b"".join(data for _, data in WaitingRoom(again.ws.public).tickets()) == b""
    with pytest.raises(Refused):
        second_device.take(again.ws, made.code)


def test_until_the_server_has_heard_what_is_saved_there_waits(net: Network) -> None:
    ana, again = net.device("ana"), newcomer(net, "again")
    ana.sync()
    made = second_device.make(ana.ws)
    carry(ana, again)
    second_device.take(again.ws, made.code)
    assert applying.code_waiting(again.ws)
    again.ws.add("house", {"name": {"fr": "B"}})
    Holding(again.ws).seal()
    assert again.ws.public.value("SELECT count(*) FROM parcel") == 0
    bilal = net.device("bilal")
    bilal.sync()
    carry(again, bilal)  # the second one carries its own request too
    vouched(net, bilal)
    bilal.sync()
    carry(bilal, again)
    assert membership(again.ws).certified
    assert applying.code_waiting(again.ws) == ""
    Holding(again.ws).seal()
    assert again.ws.public.value("SELECT count(*) FROM parcel") == 1


def test_who_may_vouch_for_whom(net: Network) -> None:
    ana, bilal = net.two()
    second_device.make(ana.ws)
    data = WaitingRoom(ana.ws.public).all()[0].data
    letter = admission.read(data)
    asked = admission.opened(letter, net.key)
    trust = Trust(net.store, net.key.public)
    assert voucher_of(letter, asked, trust) is not None
    from msgspec.structs import replace

    own = bilal.ws.vault.key()
    forged = second_device._vouched(letter.network, asked.key, asked.person, asked.device)
    for wrong in (replace(asked, beside=None), replace(asked, beside=(own.public, own.sign(forged))), replace(asked, person=asked.device),
                  replace(asked, key=own.public), replace(asked, device=asked.person), replace(asked, beside=(SigningKey(bytes(32)).public, bytes(64)))):
        assert voucher_of(letter, wrong, trust) is None
    net.authority.revoke(ana.ws.vault.word("device"))
    assert voucher_of(letter, asked, trust) is None
    appoint(net.authority, bilal.ws.vault.word("person"), "editor")
    ana.sync()
    with pytest.raises(Refused):
        second_device.make(ana.ws)


def test_a_ticket_is_what_a_members_device_signed_and_the_code_opens(net: Network) -> None:
    ana = net.device("ana")
    ana.sync()
    first, second = second_device.make(ana.ws), second_device.make(ana.ws)
    (_, data), = WaitingRoom(ana.ws.public).tickets()
    assert b"ana" not in data
    trust = Trust(ana.ws.public, net.key.public)
    assert second_device.read(data, net.key.public, trust).number == 2
    for at in range(len(data)):
        with pytest.raises(Failure):
            second_device.read(data[:at] + bytes([data[at] ^ 1]) + data[at + 1:], net.key.public, trust)
    for wrong in (b"", data[:-1], data + bytes(second_device.MAX_TICKET)):
        with pytest.raises(Damaged):
            second_device.read(wrong, net.key.public, trust)
    with pytest.raises(Refused):
        second_device.read(data, SigningKey(bytes(32)).public, trust)
    again = newcomer(net, "again")
    carry(ana, again)
    assert Holding(again.ws, net.key.public).take([Item(TICKET, data)]).letters == 0
    with pytest.raises(NotFound):
        second_device.take(again.ws, first.code)  # worth nothing once a newer one was made
    with pytest.raises(Invalid):
        second_device.take(again.ws, "ABCD")
    name, _ = second_device._of_code(recovery_code.parse(first.code))
    bent = codec.unpack(data, Ticket)
    again.ws.public.execute("UPDATE ticket SET name = ?, data = ?", (name, data))
    with pytest.raises(Damaged):
        second_device.take(again.ws, first.code)
    assert bent.author == key_id(ana.ws.vault.key().public)
    carry(ana, net.device("late"))
    second_device.take(newcomer(net, "third", beside=ana).ws, second.code)


def test_what_was_written_under_another_name_stays_that_ones(net: Network) -> None:
    ana, other, guest = net.device("ana"), newcomer(net, "other"), net.guest("guest")
    ana.sync()
    made = second_device.make(ana.ws)
    carry(ana, other)
    other.ws.add("house", {"name": {"fr": "A"}})
    with pytest.raises(Refused) as refused:
        second_device.take(other.ws, made.code)
    assert refused.value.code == "not_fresh"
    for device in (guest, other):
        with pytest.raises(Refused):
            second_device.make(device.ws)
    with pytest.raises(Refused):
        second_device.take(guest.ws, made.code)
    net.authority.revoke(ana.ws.vault.word("device"))
    ana.sync()
    (_, data), = WaitingRoom(ana.ws.public).tickets()
    found = Holding(ana.ws).take([Item(TICKET, data)])
    assert [str(one) for one in found.set_aside] != []
