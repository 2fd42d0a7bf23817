"""What a certificate says is in force wherever it is heard: another role, other organisations, a withdrawal, by whichever road."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from i18n import Text
from sync import scope_keys
from sync.appointing import appoint
from sync.change import Operation
from sync.errors import Invalid
from sync.events import Changed
from sync.keyring import Keyring
from sync.membership import NONE, WHICH, Membership, membership
from sync.record import Kind, Kinds, text
from sync.relay.holding import Holding
from sync.scopes import MODERATOR, NETWORK, ORG, PERSON, scope_of
from tests.sync.network import DOOR, HOUSE, TREE, Device, Network

FIRST, SECOND, THIRD = (f"0198aaaa-0000-7000-8000-00000000000{n}" for n in (1, 2, 3))
MEMO = Kind("memo", Text("Memo"), Text("Memos"), (PERSON, ORG, MODERATOR), title="words", fields=(text("words", Text("Words"), required=True),))
KINDS = Kinds((HOUSE, DOOR, TREE, MEMO))


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Network]:
    with Network(tmp_path, kinds=KINDS) as network:
        yield network


def person(device: Device) -> str:
    return device.ws.vault.word("person")


def words(device: Device) -> list[str]:
    return sorted(record["words"] for record in device.ws.records("memo"))


def by_stick(source: Device, to: Device) -> None:
    there = Holding(to.ws)
    there.take(list(Holding(source.ws).give(there.have())))


def told(device: Device) -> list[Changed]:
    found: list[Changed] = []
    device.ws.subscribe(found.append)
    return found


def test_who_is_here_before_and_after_joining(net: Network, tmp_path: Path) -> None:
    ana, guest = net.device("ana", organisation=FIRST), net.guest("guest")
    assert membership(guest.ws) == Membership()
    assert membership(ana.ws) == Membership("member", person(ana), (FIRST,))  # what was answered on joining, until its first copy is here
    ana.sync()
    assert membership(ana.ws) == Membership("member", person(ana), (FIRST,), certified=True)
    assert ana.ws.status().role == "member"


@pytest.mark.parametrize("road", ["server", "stick"])
def test_another_role_is_taken_up_by_any_road_and_every_page_hears_of_it(net: Network, road: str) -> None:
    ana, bilal = net.two()
    appoint(net.authority, person(ana), "moderator", [FIRST])
    heard = told(ana)
    assert membership(ana.ws).role == "member"
    if road == "server":
        ana.sync()
    else:
        bilal.sync()
        by_stick(bilal, ana)
    assert membership(ana.ws) == Membership("moderator", person(ana), (FIRST,), certified=True)
    assert (ana.ws.status().role, ana.ws.status().organisations) == ("moderator", (FIRST,))
    assert any(not one.ids and one.kinds for one in heard)
    ana.reopen()
    assert membership(ana.ws).role == "moderator"
    heard = told(ana)
    ana.sync()
    assert not any(not one.ids and one.kinds for one in heard)
    net.heal()
    net.in_step()
    assert net.store.value("SELECT count(*) FROM certificate WHERE conflicts > 0") == 0


def test_a_role_that_changed_twice_is_the_last_one(net: Network) -> None:
    ana, _ = net.two()
    for role in ("editor", "moderator", "member", "trainer"):
        assert [one.role for one in appoint(net.authority, person(ana), role)] == [role]
        ana.sync()
        assert membership(ana.ws).role == role
    number = net.store.value("SELECT number FROM ledger WHERE scope = 'control'")
    appoint(net.authority, person(ana), "trainer", leaves=[SECOND])
    assert net.store.value("SELECT number FROM ledger WHERE scope = 'control'") == number  # nothing is said twice


def test_a_withdrawal_is_heard_by_stick(net: Network) -> None:
    ana, bilal = net.two()
    ana.ws.add("house", {"name": {"fr": "A"}})
    net.authority.revoke(ana.ws.vault.word("device"))
    bilal.sync()
    heard = told(ana)
    by_stick(bilal, ana)
    assert membership(ana.ws).withdrawn
    assert ana.ws.status().withdrawn
    assert any(not one.ids and one.kinds for one in heard)
    assert len(ana.ws.records("house")) == 1


def test_who_speaks_for_two_reads_and_writes_both(net: Network) -> None:
    both = net.device("both", organisation=f"{FIRST} {SECOND}")
    one, other = net.device("one", organisation=FIRST), net.device("other", organisation=SECOND)
    both.ws.add("memo", {"words": "to one"}, scope_of(ORG, FIRST))
    other.ws.add("memo", {"words": "from the other"}, scope_of(ORG, SECOND))
    both.ws.add("memo", {"words": "to the other"}, scope_of(ORG, SECOND))
    net.heal()
    assert words(both) == ["from the other", "to one", "to the other"]
    assert (words(one), words(other)) == (["to one"], ["from the other", "to the other"])
    net.in_step()
    with pytest.raises(Invalid) as found:
        both.ws.add("memo", {"words": "to whom?"}, ORG)
    assert (found.value.message, found.value.problems[0].path) == (WHICH, "scope")
    one.ws.add("memo", {"words": "ours"}, ORG)
    assert one.ws.records("memo", "words = 'ours'")[0].scope == scope_of(ORG, FIRST)
    with pytest.raises(Invalid) as found:
        net.device("nobody").ws.add("memo", {"words": "whose?"}, ORG)
    assert found.value.message == NONE


def test_who_comes_to_another_organisation_reads_what_was_there_and_who_leaves_nothing_new(net: Network) -> None:
    ana, bilal = net.device("ana", organisation=FIRST), net.device("bilal", organisation=SECOND)
    ana.ws.add("memo", {"words": "first"}, scope_of(ORG, FIRST))
    bilal.ws.add("memo", {"words": "second"}, scope_of(ORG, SECOND))
    net.heal()
    appoint(net.authority, person(ana), joins=[SECOND])
    net.heal()
    assert words(ana) == ["first", "second"]
    assert Keyring(ana.ws.public, ana.ws.vault.key(), net.key.public).scopes() == [NETWORK, scope_of(ORG, FIRST), scope_of(ORG, SECOND)]
    appoint(net.authority, person(ana), leaves=[FIRST])
    assert scope_keys.newest(net.store) == {NETWORK: 1, scope_of(ORG, FIRST): 2, scope_of(ORG, SECOND): 1}
    ana.ws.add("memo", {"words": "too late"}, scope_of(ORG, FIRST))
    report = ana.sync()
    assert (report.accepted, report.refused) == (0, 1)
    newest = Keyring(ana.ws.public, ana.ws.vault.key(), net.key.public).of_scope(scope_of(ORG, FIRST))
    assert newest is not None
    assert newest.generation == 1
    appoint(net.authority, person(ana), joins=[FIRST], leaves=[SECOND])  # and back again
    ana.sync()
    newest = Keyring(ana.ws.public, ana.ws.vault.key(), net.key.public).of_scope(scope_of(ORG, FIRST))
    assert newest is not None
    assert newest.generation == 2
    assert membership(ana.ws).organisations == (FIRST,)
    net.heal()
    net.in_step()


def test_who_is_no_moderator_any_more_has_no_new_key_of_theirs(net: Network) -> None:
    ana, bilal = net.device("ana", role="moderator"), net.device("bilal", role="moderator")
    ana.ws.add("memo", {"words": "to check"}, MODERATOR)
    net.heal()
    appoint(net.authority, person(bilal), "member")
    net.heal()
    assert scope_keys.newest(net.store)[MODERATOR] == 2
    held = Keyring(bilal.ws.public, bilal.ws.vault.key(), net.key.public).of_scope(MODERATOR)
    assert held is not None
    assert held.generation == 1
    ana.ws.add("memo", {"words": "of bilal"}, MODERATOR)
    net.heal()
    assert "of bilal" not in words(bilal)


def test_every_device_of_a_person_follows_but_a_withdrawn_one(net: Network) -> None:
    ana = net.device("ana")
    again, lost = net.device("again", person=person(ana)), net.device("lost", person=person(ana))
    net.authority.revoke(lost.ws.vault.word("device"))
    assert len(appoint(net.authority, person(ana), "editor")) == 2
    net.heal()
    assert [membership(one.ws).role for one in (ana, again, lost)] == ["editor", "editor", "member"]
    assert appoint(net.authority, FIRST, "editor") == []


def test_a_certificate_of_an_earlier_version_names_its_only_organisation(net: Network) -> None:
    """0.2.0 wrote it in a field of its own. Who leaves it has left it."""
    ana = net.device("ana")
    id, = [id for id, one in net.authority.trust.everyone() if one.person == person(ana)]
    net.authority.declare(Operation.EDIT, id, {"organisation": FIRST}, "certificate")
    ana.sync()
    assert membership(ana.ws).organisations == (FIRST,)
    assert [one.organisations for one in appoint(net.authority, person(ana), joins=[SECOND])] == [(FIRST, SECOND)]
    ana.sync()
    assert membership(ana.ws).organisations == (FIRST, SECOND)
    appoint(net.authority, person(ana), leaves=[FIRST, THIRD])
    ana.sync()
    assert membership(ana.ws).organisations == (SECOND,)
    net.in_step()
