"""What PCs give each other without a server: records, verdicts and refusals reach everybody by any road, whatever comes twice or late."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from i18n import Text
from sync import codec, ledger
from sync.errors import Failure, Refused
from sync.exchange import carrying
from sync.postbox import PostBox
from sync.posting import Posting
from sync.record import Kinds
from sync.relay.holding import PAGE, PARCEL, SEALED, SNAPSHOT, Holding, Item
from sync.relay.parcels import Parcel, Place, SealedPage, place_of, read_page, read_parcel
from sync.scope_keys import known_to_carriers
from sync.scopes import NETWORK, scope_name
from sync.snapshots import publishing
from tests.sync.network import DOOR, HOUSE, TREE, Device, Network
from tests.sync.test_scopes import A_PERSON, MEMO

KINDS = Kinds((HOUSE, DOOR, TREE, MEMO))
MANY = 60


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Network]:
    def may(actor: object, operation: str, kind: str, values: object, scope: str) -> Text | None:
        return Text("Not this one.") if kind == "door" else None

    with Network(tmp_path, kinds=KINDS, may=may) as network:
        yield network


@pytest.fixture
def three(net: Network) -> list[Device]:
    found = [net.device(name) for name in ("ana", "bilal", "clara")]
    net.heal()
    return found


def meet(one: Device, other: Device) -> None:
    """Two PCs on one local network: each takes what it lacks."""
    here, there = Holding(one.ws), Holding(other.ws)
    here.seal()
    there.seal()
    there.take(list(here.give(there.have())))
    here.take(list(there.give(here.have())))


def stick(one: Device) -> list[Item]:
    """What a stick takes along, for nobody knows whom."""
    holding = Holding(one.ws)
    holding.seal()
    return list(holding.give())


def everything(device: Device) -> set[str]:
    return {str(record["name"]["fr"]) for kind in ("house", "tree") for record in device.ws.records(kind)}


def test_three_without_a_server_and_the_verdicts_come_all_the_way_back(net: Network, three: list[Device]) -> None:
    ana, bilal, clara = three
    for device in three:
        device.ws.add("house", {"name": {"fr": f"house of {device.name}"}})
        device.ws.add("tree", {"name": {"fr": f"tree of {device.name}"}})
    refused = ana.ws.add("door", {"name": "refused"})
    meet(ana, bilal)
    Holding(clara.ws).take(stick(bilal))
    clara.sync()
    Holding(bilal.ws).take(stick(clara))
    meet(bilal, ana)
    names = {f"{what} of {device.name}" for what in ("house", "tree") for device in three}
    for device in three:
        assert everything(device) == names, device.name
        assert {one.state for one in device.ws.outbox()} <= {"accepted", "refused"}
    assert [(one.id, "Not this one" in str(one.reason)) for one in ana.ws.outbox() if one.state == "refused"] == [(refused.id, True)]
    net.in_step()
    assert sum(device.sync().sent for device in three) == 0


@pytest.mark.parametrize("seed", range(6))
def test_everything_twice_and_in_any_order(net: Network, three: list[Device], seed: int) -> None:
    ana, bilal, clara = three
    for number in range(4):
        ana.ws.add("house", {"name": {"fr": f"h{number}"}})
        ana.ws.add("tree", {"name": {"fr": f"t{number}"}})
        Posting(ana.ws).seal()
    items = stick(ana) * 2
    net.random.seed(seed)
    net.random.shuffle(items)
    Holding(bilal.ws).take(items)
    items = stick(bilal) * 2
    net.random.shuffle(items)
    Holding(clara.ws).take(items)
    assert clara.sync().carried == 8
    back = stick(clara) * 2
    for _ in range(3):  # what came before what it follows on is taken when it comes again
        net.random.shuffle(back)
        Holding(bilal.ws).take(back)
        Holding(ana.ws).take(stick(bilal))
    assert everything(ana) == everything(bilal) == {f"{kind}{number}" for kind in "ht" for number in range(4)}
    assert {one.state for one in ana.ws.outbox()} == {"accepted"}
    net.in_step()


def test_what_is_brought_after_what_follows_it_in_its_log_is_handed_in_all_the_same(net: Network, three: list[Device]) -> None:
    """A page decides some numbers of a log, not all up to them: a carrier must not let go of those before (seed 1020 of the plan `people`)."""
    ana, bilal, clara = three
    for number in range(3):
        ana.ws.add("tree", {"name": {"fr": f"t{number}"}})
        Posting(ana.ws).seal()
    first, second, third = [one for one in stick(ana) if one.kind == PARCEL]
    Holding(clara.ws).take([second])
    assert clara.sync().carried == 1
    sealed = carrying.sealed_pages(net.authority, {NETWORK: 0}, codec.MAX_MESSAGE)
    Holding(bilal.ws).take([first, second, third])
    Holding(bilal.ws).take([Item(SEALED, one) for one in sealed])  # the authority's word for carriers, and what bilal reads himself
    Holding(ana.ws).take([Item(SEALED, one) for one in sealed])
    assert bilal.sync().carried == 2
    assert everything(bilal) == {"t0", "t1", "t2"}
    Holding(ana.ws).take(stick(bilal))
    assert {one.state for one in ana.ws.outbox()} == {"accepted"}
    net.heal()
    net.in_step()


def test_the_second_time_only_what_is_new_travels(net: Network, three: list[Device]) -> None:
    ana, bilal, _ = three
    for number in range(20):
        ana.ws.add("house", {"name": {"fr": f"h{number}"}})
    ana.sync()
    meet(ana, bilal)
    assert list(Holding(ana.ws).give(Holding(bilal.ws).have())) == []
    ana.ws.add("tree", {"name": {"fr": "new"}})
    Holding(ana.ws).seal()
    assert [one.kind for one in Holding(ana.ws).give(Holding(bilal.ws).have())] == [PARCEL]
    ana.sync()
    Holding(ana.ws).seal()
    kinds = [one.kind for one in Holding(ana.ws).give(Holding(bilal.ws).have())]
    assert kinds == [SEALED]


def test_a_pc_that_never_saw_the_server_starts_from_a_stick(net: Network, three: list[Device]) -> None:
    """A guest reads what is public; whoever joins later takes the rest from the box."""
    ana, _, _ = three
    with ana.ws.together():
        for number in range(MANY):
            ana.ws.add("house", {"name": {"fr": f"h{number}"}, "street": "Rue" * 20})
            ana.ws.add("tree", {"name": {"fr": f"t{number}"}, "street": "Rue" * 20})
    ana.sync()
    for scope in ("public", "network"):
        publishing.publish(net.store, net.authority.kinds, scope, net.key, net.files)
    late = net.device("late")
    late.sync()  # from snapshots
    ana.ws.add("house", {"name": {"fr": "tail"}})
    ana.sync()
    late.sync()
    items = stick(late)
    assert {one.kind for one in items} == {PAGE, SNAPSHOT, SEALED}
    guest = net.guest("guest")
    found = Holding(guest.ws).take(items)
    assert (found.set_aside, len(guest.ws.records("house")), guest.ws.records("tree")) == ([], MANY + 1, [])
    member = net.device("member", beside=guest)
    Holding(guest.ws).take(stick(ana))
    with member.ws.store.transaction():
        member.ws.overlay.catch_up()
    assert len(member.ws.records("house")) == MANY + 1
    guest.ws.close()
    net.devices.remove(guest)
    net.heal()
    net.in_step()


def test_a_page_that_the_box_let_go_of_is_sealed_anew_before_those_that_follow(net: Network, three: list[Device]) -> None:
    """Its own people had it; somebody met later has not, and takes nothing of what follows without it."""
    ana, bilal, clara = three
    for number in range(2):
        clara.ws.add("tree", {"name": {"fr": f"t{number}"}})
        clara.sync()
        ana.sync()
    at = ledger.head(ana.ws.private, NETWORK)
    assert at is not None
    name = scope_name(NETWORK)
    further = msgspec.structs.replace(Holding(ana.ws).have(), sealed={name: at.number - 1})
    (last,) = [one.data for one in Holding(clara.ws).give(further) if one.kind == SEALED and place_of(one.data).scope == name]
    PostBox(ana.ws.public).keep_page(last, read_page(last, known_to_carriers(ana.ws.public), net.key.public))
    assert Holding(bilal.ws).take(list(Holding(ana.ws).give(Holding(bilal.ws).have()))).set_aside == []
    assert {one["name"]["fr"] for one in bilal.ws.records("tree")} >= {"t0", "t1"}
    net.heal()
    net.in_step()


def test_a_newcomer_opens_the_sealed_snapshot(net: Network, three: list[Device]) -> None:
    ana, _, _ = three
    with ana.ws.together():
        for number in range(MANY):
            ana.ws.add("tree", {"name": {"fr": f"t{number}"}, "street": "Rue" * 20})
    ana.sync()
    publishing.publish(net.store, net.authority.kinds, "network", net.key, net.files)
    late = net.device("late")
    late.sync()
    fresh = net.device("fresh")  # certified, as the control pages on the stick say, and never online
    late.sync()
    found = Holding(fresh.ws).take(stick(late))
    assert found.set_aside == []
    assert late.ws.private.value("SELECT count(*) FROM snapshot") == 1
    assert len(fresh.ws.records("tree")) == MANY
    net.heal()
    net.in_step()


def test_a_withdrawn_devices_parcels_are_refused_by_who_heard(net: Network, three: list[Device]) -> None:
    ana, bilal, clara = three
    ana.ws.add("house", {"name": {"fr": "before"}})
    ana.sync()
    net.authority.revoke(ana.ws.vault.word("device"))
    ana.ws.add("house", {"name": {"fr": "after"}})
    items = stick(ana)
    bilal.sync()  # has heard
    found = Holding(bilal.ws).take(items)
    assert (found.parcels, len(found.set_aside)) == (0, 1)
    assert "retiré" in str(found.set_aside[0])
    assert Holding(clara.ws).take(items).parcels == 1  # has not, and the server says it
    clara.sync()
    assert everything(clara) == everything(bilal) == {"before"}


def test_another_networks_pc_gets_and_gives_nothing(net: Network, three: list[Device], tmp_path: Path) -> None:
    ana, _, _ = three
    ana.ws.add("house", {"name": {"fr": "A"}})
    with Network(tmp_path / "elsewhere", 7, kinds=KINDS) as other:
        stranger = other.device("stranger")
        stranger.sync()
        with pytest.raises(Refused):
            list(Holding(ana.ws).give(Holding(stranger.ws).have()))
        found = Holding(stranger.ws).take(stick(ana))
        assert (found.received, found.parcels, found.sealed) == (0, 0, 0)
        assert found.set_aside
        other.in_step()


def says_the_same(one: bytes, other: bytes) -> bool:
    try:
        return codec.unsqueeze(one, codec.MAX_MESSAGE) == codec.unsqueeze(other, codec.MAX_MESSAGE)
    except Failure:
        return False


def test_what_was_altered_on_the_way_is_set_aside_and_blocks_nothing(net: Network, three: list[Device]) -> None:
    ana, bilal, _ = three
    other = net.device("other", person=A_PERSON)
    other.ws.add("memo", {"words": "mine"})
    other.ws.add("tree", {"name": {"fr": "T"}})
    other.ws.add("house", {"name": {"fr": "H"}})
    other.sync()
    ana.sync()
    ana.ws.add("house", {"name": {"fr": "waits"}})
    whole = stick(ana)
    before = bilal.ws.digest()
    for place, item in enumerate(whole):
        for at in range(0, len(item.data), max(1, len(item.data) // 40)):
            data = item.data[:at] + bytes([item.data[at] ^ 4]) + item.data[at + 1:]
            if item.kind == PAGE and says_the_same(data, item.data):
                continue  # a bit of the packing that says nothing
            assert Holding(bilal.ws).take([*whole[:place][:0], Item(item.kind, data)]).received == 0
            assert bilal.ws.digest() == before
    Holding(bilal.ws).take(whole)
    assert everything(bilal) >= {"H", "T"}
    net.heal()
    net.in_step()


def test_what_fails_in_the_middle_leaves_everything_as_it_was(net: Network, three: list[Device]) -> None:
    ana, bilal, _ = three
    for number in range(10):
        ana.ws.add("house", {"name": {"fr": f"h{number}"}})
        ana.sync()
    items = stick(ana)
    before, boxed = bilal.ws.digest(), Holding(bilal.ws).have()

    def torn() -> Iterator[Item]:
        yield from itertools.islice(items, len(items) - 1)
        raise Refused(Text("The stick was pulled out."))

    with pytest.raises(Refused):
        Holding(bilal.ws).take(torn())
    assert bilal.ws.digest() == before
    assert Holding(bilal.ws).have() == boxed
    Holding(bilal.ws).take(items)
    net.heal()
    net.in_step()


def test_kinds_of_items_that_only_a_newer_program_knows_are_passed_over(net: Network, three: list[Device]) -> None:
    ana, bilal, _ = three
    ana.ws.add("house", {"name": {"fr": "A"}})
    ana.sync()
    found = Holding(bilal.ws).take([Item("hologram", codec.pack({"new": 1})), *stick(ana)])
    assert found.set_aside == []
    assert everything(bilal) == {"A"}


def test_a_parcel_under_another_hand_is_not_taken(net: Network, three: list[Device]) -> None:
    """Whoever alters a label or a box cannot sign for its author, certified as they may be."""
    ana, bilal, clara = three
    ana.ws.add("house", {"name": {"fr": "A"}})
    (item,) = [one for one in stick(ana) if one.kind == PARCEL]
    parcel, _ = read_parcel(item.data)
    forged = codec.pack(Parcel(parcel.label, parcel.box, clara.ws.vault.key().sign(b"anything")))
    found = Holding(bilal.ws).take([Item(PARCEL, forged)])
    assert (found.parcels, len(found.set_aside)) == (0, 1)
    assert Holding(bilal.ws).have().parcels == []


def road_of(device: Device, name: str) -> str:
    tree = next(one for one in device.ws.records("tree") if one["name"]["fr"] == name)
    return next(one.road for one in device.ws.history("tree", tree.id) if one.field == "name.fr")


def test_history_knows_by_which_road_a_sealed_page_came(net: Network, three: list[Device]) -> None:
    """Also for somebody away, whose pages waited in the box, and for a page that begins with what is here."""
    ana, bilal, clara = three
    away = net.device("away", beside=bilal)
    away.sync()
    for name in ("by server", "by stick", "by lan"):
        ana.ws.add("tree", {"name": {"fr": name}})
        ana.sync()
        if name == "by server":
            bilal.sync()
            clara.sync()
        elif name == "by stick":
            Holding(bilal.ws).take(stick(ana))
        else:
            for one in (bilal, clara):
                Holding(one.ws, road="lan").take(stick(ana))
    Posting(away.ws).open()
    wanted = {"by server": "server", "by stick": "usb", "by lan": "lan"}
    assert {name: road_of(bilal, name) for name in wanted} == wanted
    assert {name: road_of(away, name) for name in wanted} == wanted
    assert {name: road_of(clara, name) for name in wanted} == wanted | {"by stick": "lan"}
    for one in (bilal, away):
        one.sync()
    assert bilal.ws.public.value("SELECT count(*) FROM road WHERE scope LIKE 'sealed %'") == 0


def with_decided(data: bytes, decided: list[tuple[bytes, int, int]]) -> bytes:
    """A sealed page whose clear label names other changes as decided; the authority's signatures stay as they were."""
    page = codec.unpack(data, SealedPage)
    place = msgspec.structs.replace(codec.unpack(page.place, Place), decided=decided)
    return codec.pack(SealedPage(codec.pack(place), page.box))


def test_nobody_but_the_authority_says_that_a_parcel_is_decided(net: Network, three: list[Device]) -> None:
    """A liar nearby could have a carrier let go of what nobody else brings."""
    ana, bilal, clara = three
    ana.ws.add("memo", {"words": "first"})
    ana.sync()
    ana.ws.add("tree", {"name": {"fr": "T"}})
    ana.sync()
    ana.ws.add("memo", {"words": "second"})
    Holding(clara.ws).take(stick(ana))
    box = PostBox(clara.ws.public)
    (parcel,) = [one for one in box.parcels() if one.size]
    lies = [with_decided(one.data, [(parcel.log, parcel.last, parcel.last)]) for one in stick(ana) if one.kind == SEALED]
    assert lies
    for lie in lies:
        box.drop_pages(place_of(lie).scope, 2**40)
    assert Holding(clara.ws).take([Item(SEALED, lie) for lie in lies]).sealed == len(lies)
    assert [one.size for one in box.parcels()] == [parcel.size]
    ana.sync()  # now it is decided, and the server says so to whoever carries for her
    at = carrying.sealed_pages(net.authority, {f"person:{ana.ws.vault.word('person')}": 0}, 10**6)
    Holding(clara.ws).take([Item(SEALED, data) for data in at])
    assert [one.size for one in box.parcels()] == []


def test_who_reads_that_a_parcel_is_decided_carries_it_no_further(net: Network, three: list[Device]) -> None:
    ana, bilal, _ = three
    ana.ws.add("tree", {"name": {"fr": "T"}})
    Holding(bilal.ws).take(stick(ana))
    assert [one.size > 0 for one in PostBox(bilal.ws.public).parcels()] == [True]
    ana.sync()
    Holding(bilal.ws).take(stick(ana))
    assert PostBox(bilal.ws.public).parcels() == []
    assert everything(bilal) == {"T"}
