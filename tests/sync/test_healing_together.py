"""Healing beside snapshots, the brief form and erasures: each keeps its promise while a server gets back what it lost."""

from __future__ import annotations

import pytest

from sync import codec, erasure
from sync.exchange import brief
from sync.overlay import Overlay
from sync.scopes import PUBLIC
from sync.snapshots import publishing
from tests.sync.backups import backup, put_back
from tests.sync.network import Device, Network
from tests.sync.test_healing import accepted, epochs, write_houses
from tests.sync.test_snapshots import filled, publish, without_pages


def edit_all(devices: list[Device], ids: list[str], word: str) -> None:
    """Each device edits records that a snapshot holds, and adds one."""
    for number, device in enumerate(devices):
        for at in range(number, 12, len(devices)):
            device.ws.edit("house", ids[10 + at], {"phone": f"{word} {at}"})
        device.ws.add("house", {"name": {"fr": f"{word} {number}"}})


@pytest.mark.parametrize("counted", [True, False])
def test_a_server_set_back_above_the_number_of_a_newcomers_snapshot(either: Network, counted: bool) -> None:
    """The newcomer replays over the snapshot what it holds above it: nothing is loaded again, the digest is right at once."""
    ana, bilal, ids = filled(either)
    publish(either)
    newcomer = either.device("newcomer")
    newcomer.sync()
    without_pages(newcomer)
    edit_all([ana, bilal, newcomer], ids, "before")
    either.heal()
    kept = backup(either.store)
    edit_all([ana, bilal, newcomer], ids, "after")
    newcomer.ws.delete("house", ids[20])
    either.heal()
    before = accepted(either)
    if counted:
        newcomer.ws.digest()
    put_back(either.store, kept)
    newcomer.sync()
    assert accepted(either) == before
    assert newcomer.ws.public.value("SELECT count(*) FROM snapshot WHERE scope = 'public'") == 1
    assert newcomer.ws.verify() == []
    either.heal()
    assert accepted(either) == before
    assert len(epochs(either)) == 1
    either.in_step()
    assert newcomer.ws.get("house", ids[10])["phone"] == "after 0"
    assert all(device.ws.status().waiting == 0 for device in (ana, bilal, newcomer))


@pytest.mark.parametrize("killed", [True, False])
def test_what_was_saved_here_is_shown_while_a_copy_that_was_forgotten_is_on_its_way(
        network: Network, killed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server stands below the snapshot, so all of the copy is to be taken again: a cut just then, or a kill, hides nobody's own work."""
    ana = network.device("ana")
    ana.sync()
    newcomer = network.device("newcomer")
    kept = backup(network.store)
    write_houses([ana], 8)
    ana.sync()
    monkeypatch.setattr(publishing, "_PAGED", 50.0)  # a snapshot counts as cheaper than pages
    publish(network)
    newcomer.sync()
    own = newcomer.ws.add("house", {"name": {"fr": "Own"}}).id
    newcomer.sync()
    put_back(network.store, kept)
    with monkeypatch.context() as patch:
        if killed:
            patch.setattr(Overlay, "catch_up", lambda _: set())
        newcomer.tries("", "", "", "before")
    assert newcomer.ws.public.value("SELECT number FROM ledger WHERE scope = 'public'") == 0
    newcomer.reopen()
    assert newcomer.ws.get("house", own)["name"] == {"fr": "Own"}
    assert newcomer.ws.status().waiting == 1
    for _ in range(2):
        network.heal()
    assert newcomer.ws.status().waiting == 0
    assert newcomer.ws.get("house", own)["name"] == {"fr": "Own"}
    network.in_step()


def test_who_held_entries_below_their_snapshot_replays_what_is_above_it_only(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a copy took before its snapshot is history: the snapshot says already what came of it."""
    monkeypatch.setattr(publishing, "_PAGED", 50.0)  # a snapshot costs less than pages however few they are
    ana, _, ids = filled(network)
    away = network.device("away")
    away.sync()
    with ana.ws.together():
        for id in ids[10:50]:
            ana.ws.edit("house", id, {"street": "Avenue" * 20})
    ana.sync()
    publish(network)
    away.sync()
    assert away.ws.public.value("SELECT count(*) FROM snapshot WHERE scope = 'public'") == 1
    assert away.ws.public.value("SELECT count(*) FROM entry WHERE scope = 'public'") > 60
    kept = backup(network.store)
    ana.ws.edit("house", ids[10], {"phone": "after"})
    network.heal()
    before = accepted(network)
    put_back(network.store, kept)
    away.sync()
    assert accepted(network) == before
    assert away.ws.verify() == []
    network.heal()
    network.in_step()


def test_a_server_set_back_below_the_number_of_a_newcomers_snapshot(either: Network) -> None:
    """The newcomer cannot prove what is under its snapshot: it offers the rest, forgets, and takes everything again; its own work waits."""
    ana, bilal = either.two()
    kept = backup(either.store)
    with ana.ws.together():
        ids = [ana.ws.add("house", {"name": {"fr": f"Maison {n}"}, "street": "Rue" * 20}).id for n in range(40)]
    either.heal()
    newcomer = either.device("newcomer")
    publish(either)
    newcomer.sync()
    without_pages(newcomer)
    saved = newcomer.ws.add("house", {"name": {"fr": "Newcomer’s"}})
    edit_all([bilal, newcomer], ids, "above")
    either.heal()
    newcomer.ws.edit("house", ids[1], {"phone": "unsent"})
    before = accepted(either)
    put_back(either.store, kept)
    newcomer.sync()
    assert newcomer.ws.public.value("SELECT count(*) FROM snapshot") == 0
    assert newcomer.ws.private.value("SELECT count(*) FROM snapshot") == 0
    assert saved.change in accepted(either)
    either.heal()
    either.heal()
    after = accepted(either)
    assert before.items() <= after.items()
    assert len(after) == len(before) + 1
    either.in_step()
    assert ana.ws.get("house", ids[1])["phone"] == "unsent"
    assert newcomer.ws.status().waiting == 0


def test_snapshots_of_an_epoch_that_was_left_are_not_offered(network: Network) -> None:
    ana, _, _ = filled(network)
    publish(network)
    kept = backup(network.store)
    ana.ws.add("house", {"name": {"fr": "A"}})
    ana.sync()
    put_back(network.store, kept)
    ana.sync()
    newcomer = network.device("newcomer")
    newcomer.sync()
    assert newcomer.ws.public.value("SELECT count(*) FROM snapshot") == 0
    publish(network)
    later = network.device("later")
    later.sync()
    without_pages(later)
    network.heal()
    network.in_step()


def test_what_a_person_knew_as_accepted_from_a_snapshot_waits_again_when_nobody_can_prove_it(network: Network) -> None:
    """Ana's other copy came from a snapshot; the server loses it all. She has no page, but she has what she saved."""
    ana, _ = network.two()
    kept = backup(network.store)
    with ana.ws.together():
        for number in range(40):
            ana.ws.add("house", {"name": {"fr": f"Maison {number}"}, "street": "Rue" * 20})
    id = ana.ws.records("house")[0].id
    ana.ws.edit("house", id, {"phone": "1"})
    ana.ws.edit("house", id, {"phone": "2"})
    assert ana.tries("after") is not None  # the answer is lost: verdicts come with the snapshot
    publish(network)
    ana.sync()
    before = accepted(network)
    put_back(network.store, kept)
    network.heal()
    network.heal()
    assert before.items() <= accepted(network).items()
    assert ana.ws.status().waiting == 0
    assert ana.ws.get("house", id)["phone"] == "2"
    network.in_step()


def test_healing_begins_from_a_brief_exchange(either: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """A misfit because the server was set back ends in a plain turn of the same sync; the next sync is brief again."""
    from tests.sync.network import Road

    monkeypatch.setattr(Road, "protocol", codec.BRIEF)
    ana, bilal = either.two()
    ana.ws.add("house", {"name": {"fr": "A"}})
    either.heal()
    kept = backup(either.store)
    saved = ana.ws.add("house", {"name": {"fr": "Lost"}})
    either.heal()
    before = accepted(either)
    put_back(either.store, kept)
    waits = ana.ws.add("house", {"name": {"fr": "Waits"}})
    ana.road.requests.clear()
    ana.sync()
    forms = [brief.is_brief(each) for each in ana.road.requests]
    assert forms[0]
    assert not any(forms[1:])
    assert saved.change in accepted(either)
    assert waits.change in accepted(either)
    assert before.items() <= accepted(either).items()
    for device in (ana, bilal):
        device.sync()
        device.road.requests.clear()
        device.ws.add("house", {"name": {"fr": device.name}})
        device.sync()
        assert [brief.is_brief(each) for each in device.road.requests] == [True] * len(device.road.requests)
    either.heal()
    either.in_step()


def test_somebody_known_to_a_lost_page_alone_heals_from_a_brief_exchange(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.sync.network import Road

    monkeypatch.setattr(Road, "protocol", codec.BRIEF)
    ana, _ = network.two()
    kept = backup(network.store)
    dini = network.device("dini")
    dini.sync()
    dini.ws.add("house", {"name": {"fr": "Dini’s"}})
    dini.sync()
    before = accepted(network)
    put_back(network.store, kept)
    dini.sync()
    assert before.items() <= accepted(network).items()
    network.heal()
    network.in_step()


@pytest.mark.parametrize("field", ["", "phone"])
def test_what_was_erased_after_the_backup_stays_erased(either: Network, field: str) -> None:
    """The backup still says it, and an entry after the backup too: the fact comes back first, and both are erased again."""
    ana, bilal = either.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "kanari"}).id
    other = ana.ws.add("house", {"name": {"fr": "Other"}, "phone": "stays"}).id
    either.heal()
    kept = backup(either.store)
    bilal.ws.edit("house", id, {"phone": "kanari 2"})
    bilal.ws.edit("house", other, {"street": "stays too"})
    either.heal()
    erasure.erase(either.authority, "house", id, field)
    either.heal()
    before = accepted(either)
    put_back(either.store, kept)
    either.heal()
    either.heal()
    assert accepted(either) == before
    either.in_step()
    for store in (either.store, ana.ws.public, bilal.ws.public):
        assert store.value("SELECT count(*) FROM entry WHERE scope = ? AND body IS NULL", (PUBLIC,)) == 2
        assert not any(b"kanari" in bytes(body) for (body,) in store.rows("SELECT body FROM entry WHERE body IS NOT NULL"))
    assert ana.ws.get("house", other)["street"] == "stays too"
    assert either.device("late").sync()
    either.heal()
    either.in_step()


@pytest.mark.parametrize("field", ["", "phone"])
def test_what_was_erased_is_known_by_its_dot_when_numbers_mean_other_entries(either: Network, field: str) -> None:
    """The server accepts other changes before the fact comes back, one of them to the very record: numbers after the backup name others now."""
    ana, bilal = either.two()
    dini = either.device("dini")
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "kanari"}).id
    other = ana.ws.add("house", {"name": {"fr": "Other"}, "phone": "stays"}).id
    either.heal()
    kept = backup(either.store)
    bilal.ws.edit("house", id, {"phone": "kanari 2"})
    bilal.ws.edit("house", other, {"street": "stays too"})
    bilal.sync()
    ana.sync()  # dini knows none of this
    erasure.erase(either.authority, "house", id, field)
    ana.sync()
    bilal.sync()
    put_back(either.store, kept)
    late_edit = dini.ws.edit("house", id, {"street": "unaware"}).change
    unrelated = dini.ws.add("house", {"name": {"fr": "Unrelated"}, "phone": "3"}).id
    dini.ws.edit("house", other, {"name": {"fr": "Renamed"}})
    dini.sync()  # no head of his is beyond the backup: the server takes these first
    either.heal()
    either.heal()
    late = either.device("late")
    late.sync()
    either.heal()
    either.in_step()
    for device in (ana, bilal, dini, late):
        assert device.ws.get("house", unrelated)["phone"] == "3"
        assert device.ws.get("house", other)["street"] == "stays too"
        assert device.ws.get("house", other)["name"]["fr"] == "Renamed"
        assert {one.id for one in device.ws.records("house")} == {other, unrelated} | ({id} if field else set())
        if field:
            assert (device.ws.get("house", id)["phone"], device.ws.get("house", id)["street"]) == (None, "unaware")
    assert accepted(either)[late_edit] == 1
    for store in (either.store, *(device.ws.public for device in either.devices)):
        assert store.value("SELECT count(*) FROM entry WHERE scope = ? AND verdict = 1 AND body IS NULL", (PUBLIC,)) == (2 if field else 3)
        assert not any(b"kanari" in bytes(body) for (body,) in store.rows("SELECT body FROM entry WHERE body IS NOT NULL"))


@pytest.mark.parametrize("field", ["", "phone"])
def test_an_erased_change_that_only_its_author_still_has_comes_back_without_what_was_erased(network: Network, field: str) -> None:
    """The answer was lost: the author holds the text as waiting, the fact comes back from another, and nobody can prove the entry."""
    ana, bilal = network.two()
    network.heal()
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "1"}).id
    network.heal()
    kept = backup(network.store)
    ana.ws.edit("house", id, {"phone": "kanari", "street": "Rue 1"})
    assert ana.tries("after") is not None
    erasure.erase(network.authority, "house", id, field)
    control = network.store.rows("SELECT log, n FROM entry WHERE scope = 'control'")
    bilal.sync()
    put_back(network.store, kept)
    bilal.ws.public.execute("DELETE FROM lost_page")
    network.heal()
    network.heal()
    assert network.store.rows("SELECT log, n FROM entry WHERE scope = 'control'") == control
    network.in_step()
    for store in (network.store, *(device.ws.public for device in network.devices)):
        assert not any(b"kanari" in bytes(body) for (body,) in store.rows("SELECT body FROM entry WHERE body IS NOT NULL"))
