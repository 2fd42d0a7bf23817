"""Asking to be let in without a network: the letter, what a PC keeps of it, and what the person may do until they are answered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from i18n import Text
from sync import admission, applying
from sync.admission import Application
from sync.appointing import turn_away
from sync.errors import Damaged, Invalid, Offline, Refused
from sync.identity import SigningKey, fingerprint, key_id, verifies
from sync.membership import membership
from sync.record import Kind, Kinds, text
from sync.relay.holding import LETTER, Holding, Item
from sync.scopes import NETWORK
from sync.waiting_room import MOST, WaitingRoom, network_here, note_network
from tests.sync.network import DOOR, HOUSE, TREE, Device, Network

ID, OTHER_ID = "0198aaaa-0000-7000-8000-000000000001", "0198aaaa-0000-7000-8000-000000000002"
KINDS = Kinds((HOUSE, DOOR, TREE, Kind("person", Text("Person"), Text("People"), (NETWORK,), (text("name", Text("Name"), required=True),), title="name")))
KEY = SigningKey(bytes(range(32)))


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Network]:
    with Network(tmp_path, kinds=KINDS) as network:
        yield network


def newcomer(net: Network, name: str = "new", beside: Device | None = None) -> Device:
    """Somebody with a file on a PC, who has not joined."""
    found = Device(net, name, beside.folder if beside else net.folder / name, 0, net.kinds, file=name if beside else "me")
    net.devices.append(found)
    return found


def carry(source: Device, to: Device) -> None:
    """What one PC gives another, checked and taken there."""
    there = Holding(to.ws, net_key(source))
    there.take(list(Holding(source.ws, net_key(source)).give(there.have())))


def net_key(device: Device) -> bytes:
    return device.network.key.public


def letter(number: int, authority: bytes, key: SigningKey | None = None) -> bytes:
    own = key or SigningKey(number.to_bytes(32, "big"))
    return admission.written(own, authority, Application(own.public, ID, OTHER_ID, f"Nom {number}"), number)


def admitted(net: Network, device: Device, role: str = "member") -> None:
    data, = [one.data for one in WaitingRoom(device.ws.public).all()]
    asked = admission.opened(admission.read(data), net.key)
    net.authority.certify(asked.key, asked.person, asked.device, role)


def test_a_code_is_read_off_paper_and_off_the_picture() -> None:
    code = admission.code_of(KEY.public)
    assert len(code) == 14
    assert admission.parse_code(code.lower().replace("-", " ")) == code
    assert admission.parse_code(admission.picture_of(KEY.public)) == code
    assert admission.parse_code(f"  {code}\n".replace("0", "O").replace("1", "I")) == code
    for wrong in ("", code[:-1], code + "A", "dalil-request:", "é" * 12):
        with pytest.raises(Invalid):
            admission.parse_code(wrong)


def test_a_letter_is_what_its_key_signed_or_none(net: Network) -> None:
    data = letter(7, net.key.public)
    found = admission.read(data)
    assert admission.opened(found, net.key).name == "Nom 7"
    assert b"Nom" not in data
    for at in range(len(data)):
        with pytest.raises(Damaged):
            admission.read(data[:at] + bytes([data[at] ^ 1]) + data[at + 1:])
    for wrong in (data[:-1], b"", data + b"x" * admission.MAX_LETTER):
        with pytest.raises(Damaged):
            admission.read(wrong)
    with pytest.raises(Damaged):
        admission.opened(found, KEY)


@pytest.mark.parametrize("asked", [
    Application(KEY.public, ID, OTHER_ID, "Nom"), Application(bytes(32), ID, "x", "Nom"), Application(bytes(32), ID, OTHER_ID, " "),
    Application(bytes(32), ID.upper(), OTHER_ID, "Nom"), Application(bytes(32), ID, OTHER_ID, "a\nb"), Application(bytes(32), ID, OTHER_ID, "x" * 201),
    Application(bytes(32), ID, OTHER_ID, "Nom", "a\u202eb"),
])
def test_what_a_bent_program_seals_is_not_shown_to_anybody(net: Network, asked: Application) -> None:
    own = SigningKey(bytes(32))
    wrong = replace(asked, key=own.public) if asked.key == bytes(32) else asked
    with pytest.raises(Damaged):
        admission.opened(admission.read(admission.written(own, net.key.public, wrong, 1)), net.key)


def test_a_member_is_made_by_paper_and_stick(net: Network) -> None:
    """J7: the letter goes by two sticks to the server, the certificate comes back by one."""
    ana = net.device("ana")
    ana.ws.add("house", {"name": {"fr": "A"}})
    net.heal()
    new = newcomer(net)
    carry(ana, new)
    code = applying.apply(new.ws, "  Fatouma   Ali ", "Pêcheurs")
    assert code == admission.code_of(new.ws.vault.key().public)
    assert applying.code_waiting(new.ws) == code
    assert new.ws.status().asked == code
    assert applying.is_sealed(new.ws)
    new.ws.add("house", {"name": {"fr": "B"}})  # work goes on, and waits
    Holding(new.ws).seal()
    assert new.ws.public.value("SELECT count(*) FROM parcel") == 0
    bilal = net.device("bilal")
    bilal.sync()
    carry(new, bilal)
    carry(bilal, ana)
    data, = [one.data for one in WaitingRoom(ana.ws.public).all()]
    asked = admission.opened(admission.read(data), net.key)
    assert (asked.name, asked.organisation, asked.person) == ("Fatouma Ali", "Pêcheurs", new.ws.vault.word("person"))
    admitted(net, ana, "editor")
    ana.sync()
    assert WaitingRoom(ana.ws.public).all() == []
    carry(ana, new)
    assert membership(new.ws).role == "editor"
    assert applying.code_waiting(new.ws) == ""
    assert WaitingRoom(new.ws.public).all() == []
    Holding(new.ws).seal()
    assert new.ws.public.value("SELECT count(*) FROM parcel") > 0
    carry(new, ana)
    ana.sync()
    carry(ana, new)
    assert new.ws.status().waiting == 0
    net.heal()
    net.in_step()
    with pytest.raises(Refused) as refused:
        applying.apply(new.ws, "Fatouma")
    assert refused.value.code == "member"


def test_on_a_shared_pc_the_next_sync_of_anybody_carries_it_and_brings_the_address(net: Network) -> None:
    ana = net.device("ana")
    ana.sync()
    assert network_here(ana.ws.public) == (net.key.public, "direct")
    new = newcomer(net, "fatouma", beside=ana)
    applying.apply(new.ws, "Fatouma")
    assert new.ws.vault.setting("authority") == net.key.public
    admitted(net, new)
    ana.sync()
    new.reopen()
    applying.renew(new.ws)
    assert membership(new.ws).certified
    assert new.ws.vault.word("server") == "direct"
    assert new.sync().accepted == 1  # her name


def test_who_asks_before_any_network_is_known_here_is_sealed_to_it_when_it_comes(net: Network) -> None:
    ana, new = net.device("ana"), newcomer(net)
    ana.sync()
    code = applying.apply(new.ws, "Fatouma")
    assert not applying.is_sealed(new.ws)
    carry(ana, new)
    assert applying.is_sealed(new.ws)
    again = applying.apply(new.ws, "Fatouma Ali")  # she mistyped
    assert again == code
    carry(new, ana)
    admitted(net, ana)
    data, = [one.data for one in WaitingRoom(ana.ws.public).all()]
    assert (admission.read(data).number, admission.opened(admission.read(data), net.key).name) == (2, "Fatouma Ali")


def test_who_is_turned_away_hears_it_by_stick(net: Network) -> None:
    ana, new = net.device("ana"), newcomer(net)
    ana.sync()
    carry(ana, new)
    applying.apply(new.ws, "Fatouma")
    turn_away(net.authority, new.ws.vault.key().public, new.ws.vault.word("person"), new.ws.vault.word("device"))
    ana.sync()
    carry(ana, new)
    found = membership(new.ws)
    assert (found.certified, found.withdrawn) == (True, True)
    assert applying.code_waiting(new.ws)
    assert WaitingRoom(new.ws.public).all() == []
    applying.renew(new.ws)
    assert WaitingRoom(new.ws.public).all() == []
    assert net.store.value("SELECT keys FROM certificate WHERE revoked = 1") is None


def test_a_thousand_requests_push_out_each_other_and_never_ones_own(net: Network) -> None:
    ana, new = net.device("ana"), newcomer(net)
    ana.sync()
    carry(ana, new)
    applying.apply(new.ws, "Fatouma")
    found = Holding(new.ws).take(Item(LETTER, letter(n, net.key.public)) for n in range(1, 1001))
    assert found.letters == 1000
    room = WaitingRoom(new.ws.public).all()
    assert len(room) == MOST + 1
    assert room[0].key == new.ws.vault.key().public.hex()
    assert {admission.read(one.data).number for one in room[1:]} == set(range(1001 - MOST, 1001))


def test_altered_foreign_and_old_letters_are_not_kept(net: Network) -> None:
    ana = net.device("ana")
    ana.sync()
    good, old = letter(5, net.key.public, KEY), letter(4, net.key.public, KEY)
    bad = good[:-1] + bytes([good[-1] ^ 1])
    holding = Holding(ana.ws)
    found = holding.take([Item(LETTER, one) for one in (good, old, good, bad, letter(6, SigningKey(bytes(32)).public))])
    assert (found.letters, found.known, len(found.set_aside)) == (1, 2, 2)
    assert [one.data for one in holding.room.all()] == [good]
    assert holding.have().letters == [holding.room.all()[0].name]
    assert [item for item in holding.give(holding.have()) if item.kind == LETTER] == []
    member = admission.written(ana.ws.vault.key(), net.key.public, Application(ana.ws.vault.key().public, ID, OTHER_ID, "Ana"), 1)
    assert holding.take([Item(LETTER, member)]).letters == 0  # she is a member


def test_what_cannot_be_asked(net: Network) -> None:
    guest, new, ana = net.guest("guest"), newcomer(net), net.device("ana")
    for device, name, failure in ((guest, "G", Refused), (ana, "A", Refused), (new, " ", Invalid), (new, "x" * 201, Invalid), (new, "a\u202eb", Invalid)):
        with pytest.raises(failure):
            applying.apply(device.ws, name)
    assert applying.code_waiting(new.ws) == ""
    applying.renew(guest.ws)
    applying.renew(new.ws)


def test_the_network_of_a_pc_is_believed_when_its_ledger_is_of_that_key(net: Network) -> None:
    ana = net.device("ana")
    ana.sync()
    store = ana.ws.public
    note_network(store, SigningKey(bytes(32)).public, "https://ailleurs.example")
    assert network_here(store) is None
    note_network(store, net.key.public, "")
    assert network_here(store) == (net.key.public, "")  # another network's address is not this one's
    note_network(store, net.key.public, "https://dalil.example")
    note_network(store, net.key.public, "")
    assert network_here(store) == (net.key.public, "https://dalil.example")
    assert fingerprint(net.key.public) == admission.read(letter(1, net.key.public)).network


def test_a_sync_hands_in_what_lies_here_and_takes_the_answer_in_the_same_run(net: Network) -> None:
    """What a server says of letters, and what a cut or an older server leaves for another time."""
    ana, new, other = net.device("ana"), newcomer(net), newcomer(net, "other")
    ana.sync()
    for device, name in ((new, "Fatouma"), (other, "Idil")):
        carry(ana, device)
        applying.apply(device.ws, name)
        carry(device, ana)
    handed: list[bytes] = []

    def server(data: bytes, key: bytes, signature: bytes) -> str:
        letter = admission.read(data)
        assert verifies(ana.ws.vault.key().public, admission.carried_statement(data), signature)
        assert key == key_id(ana.ws.vault.key().public)
        handed.append(letter.key)
        if len(handed) == 1:
            raise Offline(Text("cut"))
        if letter.key == other.ws.vault.key().public:
            return "waiting"
        asked = admission.opened(letter, net.key)
        net.authority.certify(asked.key, asked.person, asked.device, "member")
        return "admitted"

    ana.sync()  # an older server takes none: they stay
    assert [one.handed for one in WaitingRoom(ana.ws.public).all()] == [False, False]
    ana.road.apply = server  # type: ignore[method-assign]
    ana.sync()
    assert len(handed) == 1
    assert [one.handed for one in WaitingRoom(ana.ws.public).all()] == [False, False]
    ana.sync()
    assert [(one.key, one.handed) for one in WaitingRoom(ana.ws.public).all()] == [(other.ws.vault.key().public.hex(), True)]
    assert ana.ws.public.value("SELECT role FROM certificate WHERE key = ?", (new.ws.vault.key().public.hex(),)) == "member"
    ana.sync()
    assert len(handed) == 3
