"""One identity on two disks: both branches are kept, the second goes on in a log of its own, and everybody agrees."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from sync import codec, offers
from sync.authority import opened
from sync.change import Operation
from sync.errors import Refused
from sync.snapshots import publishing
from sync.verify import problems_of
from tests.sync.backups import backup, put_back
from tests.sync.network import Device, Network, small_pages


def logs_of(device: Device) -> set[bytes]:
    return {bytes(log) for (log,) in device.ws.store.rows("SELECT log FROM own_log")}


@pytest.mark.parametrize("before", [0, 1, 62, 70])
def test_both_branches_of_a_copied_device_are_kept(either: Network, before: int) -> None:
    """`before` changes are shared; 62 and more meet the next run of salts on both branches."""
    with either as network:
        ana, bilal = network.two()
        id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "0"}).id if before else bilal.ws.add("house", {"name": {"fr": "A"}, "phone": "0"}).id
        for number in range(1, before):
            ana.ws.edit("house", id, {"phone": str(number)})
        network.heal()
        copy = network.copy(ana, "copy")
        for number in range(4):
            ana.ws.edit("house", id, {"street": f"first {number}"})
            copy.ws.edit("house", id, {"phone": f"second {number}"})
        mine = ana.ws.add("house", {"name": {"fr": "Mine"}}).id
        other = copy.ws.add("house", {"name": {"fr": "Other"}}).id
        ana.sync()
        report = copy.sync()
        assert report.set_aside == []
        assert logs_of(ana).isdisjoint(logs_of(copy)) or before == 0
        ana.ws.edit("house", id, {"street": "first again"})
        copy.ws.edit("house", id, {"phone": "second again"})
        network.heal()
        network.in_step()
        for device in (ana, bilal, copy):
            record = device.ws.get("house", id)
            assert (record["street"], record["phone"]) == ("first again", "second again")
            assert {one.id for one in device.ws.records("house")} == {id, mine, other}
            assert device.ws.conflicts() == []
        assert {verdict for _, verdict in network.verdicts().values()} == {1}
        network.device("late")
        network.heal()
        network.in_step()


def test_the_end_of_a_branch_that_lacks_its_beginning_condemns_nobody(either: Network) -> None:
    """The server has the last change of one branch, which waits, and all of the other: both ends are signed under one number of the log."""
    with either as network:
        ana, bilal = network.two()
        ana.ws.add("house", {"name": {"fr": "Shared"}, "phone": "0"})
        network.heal()
        copy = network.copy(ana, "copy")
        first = ana.ws.add("house", {"name": {"fr": "A"}}).id
        ana.ws.edit("house", first, {"phone": "1"})
        with ana.ws.store.transaction():
            last, = (batch for batch, run in ana.ws.vault.batches(10**6, without={ana.ws.vault.waiting("public")[0].position}))
        assert network.authority.commit(codec.squeeze(codec.pack(last))).accepted == 0
        other = copy.ws.add("house", {"name": {"fr": "B"}}).id
        copy.ws.edit("house", other, {"phone": "2"})
        copy.sync()
        bilal.sync()
        assert [str(one) for one in problems_of(network.store, network.kinds, ("control", "public"), network.key.public, network.store)] == []
        assert bilal.ws.verify() == []
        network.heal()
        network.in_step()
        for device in (ana, bilal, copy):
            assert {one.id: one["phone"] for one in device.ws.records("house") if one["phone"] != "0"} == {first: "1", other: "2"}


@pytest.mark.parametrize("other", [b"\0" * 16, b"\xff" * 16])
def test_a_copy_with_the_seeds_of_both_branches_condemns_no_entry(network: Network, other: bytes) -> None:
    """One that went back with a server keeps the seed that its first entries have, and is given the one of the branch that came back first."""
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    network.heal()
    for store in (bilal.ws.public, network.store):
        with store.transaction():
            store.execute("INSERT INTO log_seed SELECT log, run, ? FROM log_seed WHERE log IN (SELECT log FROM entry WHERE scope = 'public')", (other,))
    network.in_step()
    network.device("late")
    network.heal()
    network.in_step()
    with bilal.ws.public.transaction():
        bilal.ws.public.execute("UPDATE entry SET body = replace(body, 'A', 'B') WHERE record = ?", (id,))
    assert bilal.ws.verify() != []


def test_what_both_branches_share_travels_again_after_a_loss(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy heard by a snapshot that a shared change was accepted, and parted from the log; when the server loses it, the copy alone has it."""
    monkeypatch.setattr(publishing, "_PAGED", 50.0)
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    network.heal()
    kept = backup(network.store)
    ana.ws.edit("house", id, {"phone": "shared"})
    copy = network.copy(ana, "copy")
    ana.ws.edit("house", id, {"street": "ana"})
    ana.sync()
    copy.ws.edit("house", id, {"opened": "copy"})
    publishing.publish(network.store, network.authority.kinds, "public", network.key, network.files)
    copy.sync()
    assert copy.ws.status().waiting == 0
    assert copy.ws.store.value("SELECT count(*) FROM pub.entry WHERE scope = 'public' AND number = 2") == 0
    network.devices.remove(ana)
    ana.ws.close()  # its disk broke
    put_back(network.store, kept)
    network.heal()
    network.in_step()
    assert copy.ws.status().waiting == 0
    assert (bilal.ws.get("house", id)["phone"], bilal.ws.get("house", id)["opened"]) == ("shared", "copy")


@pytest.mark.parametrize("copies", [2, 3])
@pytest.mark.parametrize("together", [False, True])
def test_copies_that_took_different_saves_back_share_what_came_after(either: Network, copies: int, together: bool) -> None:
    """Their logs differ before a change that is the same on all, number, salt and text: it is accepted once, and proves what each had before it."""
    with either as network:
        ana, bilal = network.two()
        ids = [ana.ws.add("house", {"name": {"fr": str(at)}, "phone": "0"}).id for at in range(copies)]
        network.heal()
        saved = [ana.ws.edit("house", id, {"phone": "1"}).change for id in ids]
        ana.ws.edit("house", ids[0], {"street": "Shared"})
        disks = [ana, *(network.copy(ana, f"copy {at}") for at in range(1, copies))]
        for at, device in enumerate(disks):
            for each in range(copies - 1, -1, -1):  # the last first: those before it keep their names
                if each != at:
                    device.ws.cancel(saved[each])
        if together:
            handed = [opened(codec.squeeze(codec.pack(batch))) for device in disks for batch, _ in device.ws.vault.batches(10**6)]
            assert not [one for one in network.authority.take(handed) if isinstance(one, BaseException)]
        for device in disks:
            assert device.sync().set_aside == []
        network.heal()
        network.in_step()
        assert [str(one) for one in problems_of(network.store, network.kinds, ("control", "public"), network.key.public, network.store)] == []
        for device in (*disks, bilal, network.device("late")):
            device.sync()
            assert [device.ws.get("house", id)["phone"] for id in ids] == ["1"] * copies
            assert device.ws.get("house", ids[0])["street"] == "Shared"
        network.in_step()


@pytest.mark.parametrize("waits", [False, True])
def test_what_copies_share_is_proven_on_each_branch_when_one_comes_back_by_its_page(
        network: Network, waits: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server lost what one copy had handed in; the other hands in its branch, which waits or not, before anybody offers the lost page."""
    ana, bilal = network.two()
    kept = backup(network.store)
    ids = [bilal.ws.add("house", {"name": {"fr": str(at)}, "phone": "0"}).id for at in range(2)]
    network.heal()
    kept = kept if waits else backup(network.store)
    saved = [ana.ws.edit("house", id, {"phone": "1"}).change for id in ids]
    ana.ws.edit("house", ids[0], {"street": "Shared"})
    copy = network.copy(ana, "copy")
    ana.ws.cancel(saved[1])
    copy.ws.cancel(saved[0])
    ana.sync()
    bilal.sync()
    put_back(network.store, kept)
    if waits:
        proven = offers.pages_after
        for device, pages in ((copy, 0), (bilal, 1)):  # nobody shows the creation yet
            monkeypatch.setattr(offers, "pages_after", lambda *about, pages=pages: list(proven(*about))[-pages:] if pages else [])
            assert device.sync().set_aside == []
        monkeypatch.setattr(offers, "pages_after", proven)
    for device in (copy, bilal, ana, copy, bilal):
        assert device.sync().set_aside == []
    assert [str(one) for one in problems_of(network.store, network.kinds, ("control", "public"), network.key.public, network.store)] == []
    for device in (ana, copy, bilal, network.device("late")):
        device.sync()
        assert [device.ws.get("house", id)["phone"] for id in ids] == ["1", "1"]
    network.in_step()


def test_a_fork_with_everything_unsent_keeps_every_change(network: Network) -> None:
    """The copy is made while changes wait: they are the same on both, what follows is not."""
    ana, _ = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    ana.ws.edit("house", id, {"phone": "shared"})
    copy = network.copy(ana, "copy")
    ana.ws.edit("house", id, {"phone": "first"})
    copy.ws.edit("house", id, {"phone": "second"})
    copy.ws.edit("house", id, {"street": "second"})
    network.heal()
    network.in_step()
    conflict, = ana.ws.conflicts()
    assert {value.value for value in conflict.values} == {"first", "second"}
    assert {value.author.mine for value in conflict.values} == {True}
    assert ana.ws.get("house", id)["street"] == "second"


@pytest.mark.parametrize("moved", [False, True])
def test_a_creation_that_is_taken_back_takes_along_what_a_later_log_says_of_its_record(network: Network, *, moved: bool) -> None:
    """Its log ended before it left, since another copy goes on with it; moved, it stands behind that edit even in the new log."""
    ana, bilal = network.two()
    before = ana.ws.add("house", {"name": {"fr": "Before"}})
    created = ana.ws.add("house", {"name": {"fr": "A"}})
    log, = logs_of(ana)
    with ana.ws.store.transaction():
        ana.ws.vault.fork(log)
    ana.ws.edit("house", created.id, {"phone": "1"})
    after = ana.ws.add("house", {"name": {"fr": "After"}})
    ana.ws.edit("house", created.id, {"street": "2"})
    if moved:
        ana.ws.cancel(before.change)
        created = next(one for one in ana.ws.outbox() if one.fields.get("name.fr") == "A")
    ana.ws.cancel(created.change)
    network.heal()
    network.in_step()
    assert ana.ws.status().waiting == 0
    assert {one["name"]["fr"] for one in bilal.ws.records("house")} == {"After"} | (set() if moved else {"Before"})
    assert bilal.ws.get("house", after.id)["name"] == {"fr": "After"}


def test_what_moved_into_a_later_log_stays_where_it_was_among_what_was_saved(network: Network) -> None:
    """The creation stands behind its edit in the new log; the edit is shown all the time, and everybody gets both."""
    ana, bilal = network.two()
    before = ana.ws.add("house", {"name": {"fr": "Before"}})
    created = ana.ws.add("house", {"name": {"fr": "A"}})
    log, = logs_of(ana)
    with ana.ws.store.transaction():
        ana.ws.vault.fork(log)
    ana.ws.edit("house", created.id, {"phone": "1"})
    ana.ws.cancel(before.change)
    assert ana.ws.get("house", created.id)["phone"] == "1"
    assert [one.operation for one in ana.ws.outbox()] == [Operation.EDIT, Operation.CREATE]
    network.heal()
    network.in_step()
    assert ana.ws.outbox()[0].state == "accepted"
    assert bilal.ws.get("house", created.id)["phone"] == "1"


def test_a_creation_stays_when_what_a_later_log_says_of_its_record_may_have_left(network: Network) -> None:
    ana, bilal = network.two()
    created = ana.ws.add("house", {"name": {"fr": "A"}})
    log, = logs_of(ana)
    with ana.ws.store.transaction():
        ana.ws.vault.fork(log)
    edit = ana.ws.edit("house", created.id, {"phone": "1"})
    with ana.ws.store.transaction():
        ana.ws.vault.mark_tried([one for one in ana.ws.vault.waiting() if one.dot.hex() == edit.change])
    with pytest.raises(Refused):
        ana.ws.cancel(created.change)
    network.heal()
    network.in_step()
    assert bilal.ws.get("house", created.id)["phone"] == "1"


def test_a_device_set_back_to_an_old_backup_loses_nothing_that_had_left(network: Network) -> None:
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    ana.sync()
    ana.ws.close()
    shutil.copytree(ana.folder, network.folder / "backup")
    ana.ws = ana.open()
    ana.ws.edit("house", id, {"phone": "sent"})
    ana.sync()
    ana.ws.close()
    shutil.rmtree(ana.folder)
    shutil.copytree(network.folder / "backup", ana.folder)
    ana.ws = ana.open()
    ana.ws.edit("house", id, {"street": "after"})
    ana.ws.edit("house", id, {"phone": "after"})
    network.heal()
    network.in_step()
    assert bilal.ws.get("house", id)["street"] == "after"
    assert {value.value for one in bilal.ws.conflicts() for value in one.values} == {"sent", "after"}


@pytest.mark.parametrize("seed", range(4))
def test_copies_that_write_and_sync_at_random_end_alike(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    with Network(tmp_path, seed) as network, small_pages():
        ana, bilal = network.two()
        ids = [ana.ws.add("house", {"name": {"fr": str(number)}}).id for number in range(3)]
        network.heal()
        devices, typed = [ana, bilal], 0
        for step in range(60):
            if step in (10, 25):
                devices.append(network.copy(chance.choice(devices), f"copy {step}"))
            device = chance.choice(devices)
            if chance.random() < 0.3:
                device.tries(*(chance.choice(("", "after", "double")) for _ in range(3)))
            else:
                typed += 1
                device.ws.edit("house", chance.choice(ids), {chance.choice(("phone", "street")): f"typed {typed}"})
        network.heal()
        network.in_step()
        assert all(device.sync().sent == 0 for device in devices)
        assert len([verdict for _, verdict in network.verdicts().values() if verdict == 1]) >= typed + 3
