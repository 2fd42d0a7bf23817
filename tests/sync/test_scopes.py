"""Scopes that belong to some: who is given them, who holds their keys, and what becomes of them when the server loses them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from i18n import Text
from sync import ledger, scope_keys
from sync.errors import Damaged
from sync.identity import key_id
from sync.keyring import Keyring
from sync.record import Kind, Kinds, text
from sync.scopes import MODERATOR, NETWORK, ORG, PERSON, PUBLIC, fits, in_order, in_order_of_locks, is_scope, scope_of
from sync.snapshots import publishing
from tests.sync.backups import backup, put_back
from tests.sync.network import DOOR, HOUSE, TREE, Device, Network

ASSOCIATION = "0198aaaa-0000-7000-8000-000000000001"
OTHER = "0198aaaa-0000-7000-8000-000000000002"
MEMO = Kind("memo", Text("Memo"), Text("Memos"), (PERSON, ORG, MODERATOR), title="words",
            search=lambda record: (record["words"] or "", ""), fields=(text("words", Text("Words"), required=True), text("more", Text("More"))))
KINDS = Kinds((HOUSE, DOOR, TREE, MEMO))
A_PERSON = "0198bbbb-0000-7000-8000-000000000001"


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Network]:
    with Network(tmp_path, kinds=KINDS) as network:
        yield network


def words(device: Device) -> list[str]:
    return sorted(record["words"] for record in device.ws.records("memo"))


def keyring(net: Network, device: Device) -> Keyring:
    return Keyring(device.ws.public, device.ws.vault.key(), net.key.public)


def test_only_what_is_written_as_a_scope_is_one() -> None:
    assert [is_scope(one) for one in ("public", "control", "network", "moderator", f"org:{OTHER}", f"person:{OTHER}")] == [True] * 6
    assert not any(map(is_scope, ("", "members", "org", "org:", "org:1", f"org:{OTHER.upper()}", f"team:{OTHER}", f"org:{OTHER} ", f"public:{OTHER}")))
    assert fits(f"person:{OTHER}", (PERSON,))
    assert not fits(f"person:{OTHER}", (ORG, PUBLIC))
    assert not fits("person:me", (PERSON,))
    several = [f"person:{OTHER}", "network", f"org:{OTHER}", "moderator", "public", "control"]
    assert in_order(several) == ["control", "public", "network", "moderator", f"org:{OTHER}", f"person:{OTHER}"]
    assert in_order_of_locks(several)[-1] == "control"


def test_a_persons_own_follows_them_to_their_other_computer_and_to_nobody_else(net: Network) -> None:
    ana, again, bilal = net.device("ana", person=A_PERSON), net.device("again", person=A_PERSON), net.device("bilal", role="moderator")
    ana.ws.add("memo", {"words": "mine"}, scope_of(PERSON, A_PERSON))
    net.heal()
    assert (words(ana), words(again), words(bilal)) == (["mine"], ["mine"], [])
    net.in_step()
    own = scope_of(PERSON, A_PERSON)
    assert own in ana.ws.digest()
    assert own in net.digest()
    assert own not in bilal.ws.digest()
    assert bilal.ws.private.value("SELECT count(*) FROM entry WHERE scope = ?", (own,)) == 0
    again.ws.edit("memo", again.ws.records("memo")[0].id, {"words": "still mine"})
    net.heal()
    assert words(ana) == ["still mine"]


def test_an_organisations_own_and_the_moderators_go_to_theirs(net: Network) -> None:
    ana = net.device("ana", organisation=ASSOCIATION)
    bilal = net.device("bilal", organisation=ASSOCIATION)
    clara, dalia = net.device("clara", organisation=OTHER), net.device("dalia", role="moderator")
    ana.ws.add("memo", {"words": "ours"}, scope_of(ORG, ASSOCIATION))
    dalia.ws.add("memo", {"words": "to check"}, MODERATOR)
    net.heal()
    assert [words(one) for one in (ana, bilal, clara, dalia)] == [["ours"], ["ours"], [], ["to check"]]
    net.in_step()


def test_nobody_writes_where_they_do_not_read(net: Network) -> None:
    ana, bilal = net.device("ana", organisation=ASSOCIATION), net.device("bilal")
    ana.ws.add("memo", {"words": "first"}, scope_of(ORG, ASSOCIATION))
    net.heal()
    bilal.ws.add("memo", {"words": "strange"}, scope_of(ORG, ASSOCIATION))
    bilal.ws.add("memo", {"words": "nowhere yet"}, scope_of(ORG, OTHER))
    bilal.ws.add("house", {"name": {"fr": "B"}})
    report = bilal.sync()
    assert (report.accepted, report.refused) == (1, 1)  # what cannot be taken blocks nothing
    assert list(dict.fromkeys(map(str, report.set_aside))) == ["Ceci appartient à une partie du réseau qui ne vous est pas ouverte."]
    assert {one.state for one in bilal.ws.outbox() if one.kind == "memo"} == {"refused", "carried"}
    ana.sync()
    assert words(ana) == ["first"]
    assert scope_of(ORG, OTHER) not in ledger.heads(net.store)


def test_an_id_lives_in_one_scope_for_life(net: Network) -> None:
    """Somebody who knows the id of a record cannot reach it, or shadow it, from a scope of their own."""
    ana, bilal = net.device("ana", organisation=ASSOCIATION), net.device("bilal", person=A_PERSON)
    first = ana.ws.add("memo", {"words": "ours"}, scope_of(ORG, ASSOCIATION))
    net.heal()
    bilal.ws.add("memo", {"words": "theirs"}, scope_of(PERSON, A_PERSON), first.id)
    bilal.sync()
    refused, = [one for one in bilal.ws.outbox() if one.state == "refused"]
    assert "un autre endroit" in str(refused.reason)
    ana.sync()
    assert words(ana) == ["ours"]
    net.in_step()


def test_each_holds_the_keys_of_what_they_read(net: Network) -> None:
    ana = net.device("ana", organisation=ASSOCIATION)
    clara = net.device("clara", organisation=OTHER)
    ana.ws.add("memo", {"words": "ours"}, scope_of(ORG, ASSOCIATION))
    net.heal()
    late = net.device("late", organisation=ASSOCIATION)
    net.heal()
    assert keyring(net, ana).scopes() == [NETWORK, scope_of(ORG, ASSOCIATION)] == keyring(net, late).scopes()
    assert keyring(net, clara).scopes() == [NETWORK]
    key = keyring(net, ana).of_scope(NETWORK)
    assert key is not None
    assert key == keyring(net, late).of_scope(NETWORK) == scope_keys.made(net.key, NETWORK, 1)
    assert keyring(net, ana).of_name(key.name) == key


def test_whoever_leaves_opens_nothing_new_and_a_newcomer_opens_what_is_old(net: Network) -> None:
    ana, bilal = net.two()
    old = keyring(net, ana).of_scope(NETWORK)
    assert old is not None
    sealed = old.seal(b"before", b"here")
    net.authority.revoke(bilal.ws.vault.word("device"))
    late = net.device("late")
    ana.sync()
    late.sync()
    bilal.sync()
    new = keyring(net, ana).of_scope(NETWORK)
    assert new is not None
    assert (new.generation, new.name == old.name) == (2, False)
    found = keyring(net, late)
    assert found.of_scope(NETWORK) == new
    assert found.of_name(old.name).unseal(sealed, b"here") == b"before"  # type: ignore[union-attr]
    assert keyring(net, bilal).of_scope(NETWORK) == old
    assert keyring(net, bilal).of_name(new.name) is None
    net.authority.revoke(bilal.ws.vault.word("device"))
    assert scope_keys.newest(net.store) == {NETWORK: 2}


def test_sealed_bytes_open_whole_in_their_place_or_not_at_all() -> None:
    from sync.identity import SigningKey

    key = scope_keys.made(SigningKey(bytes(32)), NETWORK, 1)
    sealed = key.seal(b"text", b"here")
    assert key.seal(b"text", b"here") == sealed  # a copy is known as one
    assert key.unseal(sealed, b"here") == b"text"
    other = scope_keys.made(SigningKey(bytes(32)), NETWORK, 2)
    for holder, data, place in ((key, sealed, b"there"), (other, sealed, b"here"), (key, sealed[:-1], b"here"), (key, b"", b"here"),
                                *((key, sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1:], b"here") for at in range(len(sealed)))):
        with pytest.raises(Damaged):
            holder.unseal(data, place)


def test_a_scope_that_the_server_lost_whole_comes_back(net: Network) -> None:
    """A backup from before its first change knows nothing of it, not even that it was there."""
    ana, bilal = net.device("ana", organisation=ASSOCIATION), net.device("bilal", organisation=ASSOCIATION)
    net.heal()
    kept = backup(net.store)
    ana.ws.add("memo", {"words": "ours"}, scope_of(ORG, ASSOCIATION))
    net.heal()
    put_back(net.store, kept)
    bilal.ws.add("memo", {"words": "theirs too"}, scope_of(ORG, ASSOCIATION))
    net.heal()
    net.heal()
    assert words(ana) == words(bilal) == ["ours", "theirs too"]
    net.in_step()
    assert keyring(net, bilal).of_scope(scope_of(ORG, ASSOCIATION)) == scope_keys.made(net.key, scope_of(ORG, ASSOCIATION), 1)


def test_a_withdrawn_device_keeps_what_it_has_and_learns_of_its_refusals(net: Network) -> None:
    ana, bilal = net.device("ana", organisation=ASSOCIATION), net.device("bilal", organisation=ASSOCIATION)
    ana.ws.add("memo", {"words": "ours"}, scope_of(ORG, ASSOCIATION))
    net.heal()
    net.authority.revoke(bilal.ws.vault.word("device"))
    bilal.ws.add("memo", {"words": "late"}, scope_of(ORG, ASSOCIATION))
    ana.ws.add("memo", {"words": "more"}, scope_of(ORG, ASSOCIATION))
    ana.sync()
    report = bilal.sync()
    assert (report.accepted, report.refused) == (0, 1)
    assert words(bilal) == ["late", "ours"] or words(bilal) == ["ours"]
    assert net.authority.trust.certified(key_id(bilal.ws.vault.key().public)).revoked  # type: ignore[union-attr]


def test_the_first_that_a_withdrawn_device_saved_in_a_place_of_its_own_is_refused_with_the_reason(net: Network) -> None:
    """Set aside because nothing had begun there, it would have waited for ever (seed 13 of the plan `people`)."""
    ana = net.device("ana", person=A_PERSON, organisation=ASSOCIATION)
    net.heal()
    net.authority.revoke(ana.ws.vault.word("device"))
    ana.ws.add("memo", {"words": "late"}, scope_of(PERSON, A_PERSON))
    ana.ws.add("memo", {"words": "late"}, scope_of(ORG, ASSOCIATION))
    report = ana.sync()
    assert (report.refused, report.set_aside) == (2, [])
    assert {(one.state, "retiré" in str(one.reason)) for one in ana.ws.outbox()} == {("refused", True)}
    ana.ws.add("memo", {"words": "elsewhere"}, scope_of(ORG, OTHER))  # what was never theirs begins for nobody
    assert len(ana.sync().set_aside) == 1
    assert scope_of(ORG, OTHER) not in ledger.heads(net.store)
    late = net.device("late", person=A_PERSON)
    late.ws.add("memo", {"words": "mine"}, scope_of(PERSON, A_PERSON))
    late.sync()
    assert words(late) == ["mine"]
    ana.ws.close()
    net.devices.remove(ana)
    net.in_step()


def test_who_joins_late_takes_what_belongs_to_some_of_them_from_snapshots(net: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind names families of scopes, `org`, and a ledger is `org:<id>`: no record of it stood in the snapshot (seed 2047 of the plan `people`)."""
    monkeypatch.setattr(publishing, "_PAGED", 50.0)  # a snapshot however small
    ana = net.device("ana", person=A_PERSON, organisation=ASSOCIATION, role="moderator")
    places = (scope_of(PERSON, A_PERSON), scope_of(ORG, ASSOCIATION), MODERATOR)
    for place in places:
        ana.ws.add("memo", {"words": place}, place)
    net.heal()
    for place in places:
        publishing.publish(net.store, net.authority.kinds, place, net.key, net.files)
    late = net.device("late", person=A_PERSON, organisation=ASSOCIATION, role="moderator")
    late.sync()
    assert late.ws.private.value("SELECT count(*) FROM snapshot") == 3
    assert words(late) == sorted(places)
    net.heal()
    net.in_step()


def test_what_is_theirs_is_found_by_its_words_and_digests_again_after_a_repair(net: Network) -> None:
    ana = net.device("ana", organisation=ASSOCIATION)
    ana.ws.add("memo", {"words": "lighthouse"}, scope_of(ORG, ASSOCIATION))
    net.heal()
    assert [kind for kind, _ in ana.ws.search_ids("lighthouse", 10)] == ["memo"]
    ana.ws.private.execute("UPDATE memo SET words = 'altered'")
    assert ana.ws.verify()
    from sync import repairing

    assert repairing.repair(ana.ws)
    ana.reopen()
    net.heal()
    assert words(ana) == ["lighthouse"]
    net.in_step()


def test_a_key_that_is_none_keeps_nobody_else_from_theirs(net: Network) -> None:
    ana, bilal = net.two()
    net.authority.certify(b"k" * 32, A_PERSON, OTHER, "member")  # as an old program may have
    net.authority.revoke(bilal.ws.vault.word("device"))
    ana.sync()
    assert keyring(net, ana).of_scope(NETWORK) == scope_keys.made(net.key, NETWORK, 2)


@pytest.mark.parametrize("many", [1, 1_500])
def test_the_first_that_somebody_writes_for_themselves_is_decided_in_the_same_sync(net: Network, many: int) -> None:
    """Its scope begins with it at the server: what the server gives is looked at again after what it took."""
    ana = net.device("ana", person=A_PERSON, organisation=ASSOCIATION)
    ana.sync()
    for number in range(many):
        ana.ws.add("memo", {"words": f"mine {number}"}, scope_of(PERSON, A_PERSON))
    ana.ws.add("memo", {"words": "ours"}, scope_of(ORG, ASSOCIATION))
    ana.ws.add("house", {"name": {"fr": "everybody's"}})
    report = ana.sync()
    assert (report.accepted, ana.ws.status().waiting) == (many + 2, 0)
    net.in_step()
    again = ana.sync()
    assert (again.sent, again.received, again.turns) == (0, 0, 1)


@pytest.mark.parametrize("brief", [False, True])
def test_the_first_change_of_a_scope_is_known_as_accepted_after_one_sync(net: Network, *, brief: bool) -> None:
    ana = net.device("ana", person=A_PERSON)
    if brief:
        ana.sync()  # the form in which both leave out what both hold needs a first answer
    ana.ws.add("memo", {"words": "mine"})
    ana.ws.add("house", {"name": {"fr": "A"}})
    report = ana.sync()
    assert (report.sent, report.accepted) == (2, 2)
    assert ana.ws.status().waiting == 0
    net.in_step()
