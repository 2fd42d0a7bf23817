"""A backup on a stick: whole or not at all, read by its owner alone, and taken back without losing or doubling anybody's work."""

from __future__ import annotations

import base64
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from sync import backup, backup_folder, backup_sealing, keys, phrases, restoring, salvage
from sync.backup_folder import BackupFolder, Manifest, whole_on
from sync.errors import Cancelled, Damaged, Failure, Invalid, Locked, NotFound, Refused
from sync.people import People
from sync.record import uuid7
from sync.relay import stick_files
from sync.relay.courier import Progress
from sync.restoring import Restored
from sync.sealed import SealedStore
from sync.store import Full
from sync.workspace import Workspace
from tests.sync.network import KINDS, Device, Network

KEY = bytes(range(32))
PHRASE = "le boutre de mon oncle est vert"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def net(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Network]:
    monkeypatch.setattr(Network, "vault_key", KEY)
    with Network(tmp_path / "net") as network:
        yield network


@pytest.fixture
def stick() -> Iterator[Path]:
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="dalil-backup-", dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


def people_of(folder: Path) -> People:
    return People(folder, os.urandom, lambda: 1_770_000_000_000, cost=keys.FLOOR)


def locked(device: Device, phrase: str = PHRASE) -> keys.Keys:
    """The keys of a device's vault, as a person who locked it has them."""
    found = keys.read(device.folder / "people" / device.file)
    if found is None:
        found = keys.Keys(keys.VERSION, keys.id_of(KEY), [keys.by_phrase(KEY, phrases.meant(phrase), keys.FLOOR, os.urandom)])
        keys.write(device.folder / "people" / device.file, found)
    return found


def saved(device: Device, stick: Path, *, files: bool = False) -> backup.Written:
    return backup.write(device.ws, stick, device.file, locked(device), files=files)


def back(net: Network, stick: Path, folder: Path, name: str = "", phrase: str = PHRASE) -> Restored:
    found = restoring.unlock(stick, phrase)
    return restoring.restore(folder, people_of(folder), found, opener(net, folder), name)


def opener(net: Network, folder: Path) -> Callable[[str, bytes], Workspace]:
    return lambda name, key: Workspace(folder, KINDS, name, key=key, clock=net.now, random=net.random.randbytes)


def on(net: Network, folder: Path, name: str = "second") -> Device:
    """A device on a folder that a backup was restored to."""
    found = Device(net, name, folder, 0, KINDS)
    net.devices.append(found)
    return found


def phones(device: Device) -> dict[str, str | None]:
    return {str(one["name"]["fr"]): one["phone"] for one in device.ws.records("house")}


def files_of(stick: Path) -> dict[str, bytes]:
    return {path.relative_to(stick).as_posix(): path.read_bytes() for path in sorted(stick.rglob("*")) if path.is_file()}


# ------------------------------------------------------------ there and back


def test_a_place_comes_back_on_another_computer_while_the_first_goes_on(net: Network, stick: Path, tmp_path: Path) -> None:
    ana, bilal = net.two()
    known = ana.ws.add("house", {"name": {"fr": "Known"}, "phone": "1"}).id
    net.heal()
    ana.ws.add("house", {"name": {"fr": "Waits"}, "phone": "2"})
    ana.ws.edit("house", known, {"phone": "shared"})
    ana.ws.keep_draft("house", "", {"name.fr": "typed"})
    ana.ws.add("tree", {"name": {"fr": "Members'"}})
    done = saved(ana, stick)
    assert (done.files, done.set_aside, done.copied > 0) == (0, [], True)
    assert backup.last(ana.ws) == done.made
    ana.ws.edit("house", known, {"street": "first goes on"})
    ana.ws.add("house", {"name": {"fr": "After"}, "phone": "3"})
    ana.sync()

    there = tmp_path / "other"
    found = back(net, stick, there)
    assert (found.how, found.name) == ("placed", "me")
    second = on(net, there)
    assert second.ws.repaired == []
    assert second.ws.draft("house", "") == {"name.fr": "typed"}
    assert phones(second) == {"Known": "shared", "Waits": "2"}
    assert {one.id for one in second.ws.records("tree")} == {one.id for one in ana.ws.records("tree")}
    second.ws.edit("house", known, {"opened": "2026"})
    second.ws.add("house", {"name": {"fr": "Second's"}, "phone": "4"})
    logs = {bytes(log) for (log,) in second.ws.store.rows("SELECT log FROM own_log")}
    assert logs.isdisjoint({bytes(log) for (log,) in ana.ws.store.rows("SELECT log FROM own_log")})
    assert second.sync().set_aside == []
    net.heal()
    net.in_step()
    for device in (ana, bilal, second, net.device("late")):
        device.sync()
        assert phones(device) == {"Known": "shared", "Waits": "2", "After": "3", "Second's": "4"}
        house = device.ws.get("house", known)
        assert (house["street"], house["opened"]) == ("first goes on", "2026")
        assert device.ws.conflicts() == []
    assert {verdict for _, verdict in net.verdicts().values()} == {1}
    assert len(net.verdicts()) == net.store.value("SELECT count(*) FROM entry")  # nothing twice
    assert [device.sync().sent for device in net.devices] == [0] * 4


@pytest.mark.parametrize("sent", [False, True])
def test_what_was_restored_waits_and_can_no_longer_be_taken_back(net: Network, stick: Path, tmp_path: Path, sent: bool) -> None:
    """The computer that it was copied from may have handed it in since."""
    ana, bilal = net.two()
    one = ana.ws.add("house", {"name": {"fr": "Waits"}, "phone": "2"})
    saved(ana, stick)
    if sent:
        ana.sync()
    net.devices.remove(ana)
    ana.ws.close()  # it was stolen
    back(net, stick, tmp_path / "other")
    second = on(net, tmp_path / "other")
    with pytest.raises(Refused):
        second.ws.cancel(one.change)
    second.ws.edit("house", one.id, {"phone": "3"})
    net.heal()
    net.in_step()
    assert phones(bilal) == {"Waits": "3"}
    assert second.ws.status().waiting == 0


def test_files_that_wait_go_along_and_all_of_them_when_asked(net: Network, stick: Path, tmp_path: Path) -> None:
    ana, _ = net.two()
    kept = []
    for name, size in (("confirmed", 5_000_000), ("waits", 9_000)):
        (tmp_path / name).write_bytes(net.random.randbytes(size))
        id = ana.ws.add("house", {"name": {"fr": name}}).id
        value = ana.ws.files.take(tmp_path / name)
        ana.ws.edit("house", id, {"photo": value})
        if name == "waits":
            with ana.ws.together():
                ana.ws.offer(value["sha256"], value["size"])
        else:
            ana.sync()
        kept.append(value["sha256"])
    meant = backup.plan(ana.ws, stick)
    assert ([one for one, _ in meant.waiting_files], [one for one, _ in meant.other_files]) == ([kept[1]], [kept[0]])
    assert meant.bytes(files=True) - meant.bytes(files=False) == 5_000_000
    assert meant.before is None
    assert saved(ana, stick).files == 1
    assert back(net, stick, tmp_path / "none").files == 1
    assert saved(ana, stick, files=True).files == 2
    found = back(net, stick, tmp_path / "all")
    assert (found.files, found.set_aside) == (2, [])
    second = on(net, tmp_path / "all")
    assert [b"".join(second.ws.files.read(one)) for one in kept] == [(tmp_path / name).read_bytes() for name in ("confirmed", "waits")]
    again = saved(ana, stick, files=True)
    assert again.files == 2
    assert again.copied < 3_000_000  # files that are there and right are not copied again
    assert backup.plan(ana.ws, stick).before == again.made
    ana.ws.files.path(kept[0]).unlink()
    assert saved(ana, stick, files=True).files == 1


def test_other_peoples_parcels_in_the_post_box_come_back_and_are_handed_in(net: Network, stick: Path, tmp_path: Path) -> None:
    """What others on the lost PC had saved lies sealed in the backup; whoever restores it hands it in under their names."""
    from sync.posting import attend

    net.two()
    ana = net.device("first")
    clara = net.device("clara", beside=ana)
    net.heal()
    for device in (ana, clara):
        attend(device.ws)
    clara.ws.add("house", {"name": {"fr": "Clara's"}})
    saved(ana, stick)
    for device in (clara, ana):
        net.devices.remove(device)
        device.ws.close()
    for place, public in (("empty", False), ("used", True)):
        if public:
            shutil.copytree(net.folder / "bilal", tmp_path / place)  # another PC of the network, whose copy stays
            for one in (tmp_path / place / "people").iterdir():
                one.unlink()
        back(net, stick, tmp_path / place)
        second = on(net, tmp_path / place, place)
        assert second.ws.public.value("SELECT count(*) FROM parcel") == 1
        if public:
            second.sync()
            assert second.ws.records("house")[0].title == "Clara's"
    net.heal()
    net.in_step()


def test_lost_keys_come_back_from_a_backup_and_the_work_here_stays(net: Network, stick: Path) -> None:
    ana, _ = net.two()
    saved(ana, stick)
    ana.ws.add("house", {"name": {"fr": "After"}})
    ana.ws.close()
    for end in (keys.ENDING, keys.COPY):
        (ana.folder / "people" / f"me{end}").write_bytes(b"torn")
    assert back(net, stick, ana.folder).how == "keys"
    ana.ws = ana.open()
    assert phones(ana) == {"After": None}
    assert people_of(ana.folder).open("me", PHRASE) == KEY
    net.heal()
    net.in_step()


def test_a_vault_that_is_lost_too_is_set_aside_and_read(net: Network, stick: Path) -> None:
    """Keys and file are damaged: the backup takes the place, and what still reads of the damaged file comes into it."""
    ana, bilal = net.two()
    ana.ws.add("house", {"name": {"fr": "Before"}, "phone": "1"})
    saved(ana, stick)
    ana.ws.add("house", {"name": {"fr": "After"}, "phone": "2"})
    ana.ws.close()
    path = ana.folder / "people" / "me.db"
    data = bytearray(path.read_bytes())
    data[:4096] = bytes(4096)
    path.write_bytes(data)
    for end in (keys.ENDING, keys.COPY):
        (ana.folder / "people" / f"me{end}").unlink()
    found = back(net, stick, ana.folder)
    assert (found.how, len(found.set_aside)) == ("placed", 1)  # it is said what became of the damaged file
    ana.ws = ana.open()
    assert phones(ana) == {"Before": "1", "After": "2"}
    assert list(path.parent.glob("me.db.damaged-1"))
    net.heal()
    net.in_step()
    assert phones(bilal) == {"Before": "1", "After": "2"}


def test_a_missing_vault_comes_back_with_the_phrase_of_today(net: Network, stick: Path) -> None:
    ana, _ = net.two()
    ana.ws.add("house", {"name": {"fr": "Before"}})
    saved(ana, stick)
    people = people_of(ana.folder)
    people.change("me", KEY, "une tout autre phrase pour demain")
    ana.ws.close()
    (ana.folder / "people" / "me.db").unlink()
    assert back(net, stick, ana.folder).how == "placed"
    assert people.open("me", "une tout autre phrase pour demain") == KEY
    ana.ws = ana.open()
    assert phones(ana) == {"Before": None}


def test_over_a_place_that_goes_on_nothing_is_taken_that_its_owner_took_back(net: Network, stick: Path) -> None:
    ana, _ = net.two()
    gone = ana.ws.add("house", {"name": {"fr": "Taken back"}})
    ana.ws.add("house", {"name": {"fr": "Kept"}})
    ana.ws.keep_draft("house", "", {"name.fr": "typed"})
    saved(ana, stick)
    ana.ws.cancel(gone.change)
    ana.ws.drop_draft("house", "")
    ana.ws.add("house", {"name": {"fr": "After"}})
    ana.ws.close()
    found = back(net, stick, ana.folder)
    assert (found.how, found.lacked.waiting, found.lacked.drafts) == ("taken", 0, 0)
    ana.ws = ana.open()
    assert set(phones(ana)) == {"Kept", "After"}
    assert ana.ws.draft("house", "") is None
    net.heal()
    net.in_step()


def test_an_older_place_takes_what_it_lacks_of_a_newer_backup(net: Network, stick: Path, tmp_path: Path) -> None:
    ana, bilal = net.two()
    ana.ws.add("house", {"name": {"fr": "Old"}, "phone": "1"})
    ana.ws.close()
    shutil.copytree(ana.folder, tmp_path / "old")
    ana.ws = ana.open()
    ana.ws.add("house", {"name": {"fr": "New"}, "phone": "2"})
    ana.ws.keep_draft("house", "", {"name.fr": "typed"})
    saved(ana, stick)
    shutil.copytree(ana.folder / "people", tmp_path / "keys")
    for end in (keys.ENDING, keys.COPY):
        shutil.copy(ana.folder / "people" / f"me{end}", tmp_path / "old" / "people" / f"me{end}")
    net.devices.remove(ana)
    ana.ws.close()  # its disk broke
    second = on(net, tmp_path / "old")
    second.ws.add("house", {"name": {"fr": "Beside"}, "phone": "3"})
    second.ws.close()
    for expected in (1, 0):  # the second time there is nothing left to take
        found = back(net, stick, tmp_path / "old")
        assert (found.how, found.lacked.waiting, found.lacked.drafts) == ("taken", expected, expected)
    second.ws = second.open()
    second.ws.add("house", {"name": {"fr": "Later"}, "phone": "4"})
    net.heal()
    net.in_step()
    assert phones(bilal) == {"Old": "1", "New": "2", "Beside": "3", "Later": "4"}


def test_a_change_lost_in_the_middle_of_a_damaged_file_comes_from_the_backup(net: Network, stick: Path) -> None:
    ana, bilal = net.two()
    for number in range(6):
        ana.ws.add("house", {"name": {"fr": str(number)}, "phone": str(number)})
    saved(ana, stick)
    ana.ws.add("house", {"name": {"fr": "after"}, "phone": "after"})
    with ana.ws.private.transaction():
        ana.ws.private.execute("DELETE FROM pending WHERE n IN (3, 4)")  # as a salvage leaves it
    ana.ws.close()
    assert back(net, stick, ana.folder).lacked.waiting == 2
    ana.ws = ana.open()
    net.heal()
    net.in_step()
    assert phones(bilal) == {**{str(n): str(n) for n in range(6)}, "after": "after"}


def test_who_joined_anew_gets_what_waited_under_the_new_key(net: Network, stick: Path) -> None:
    ana, bilal = net.two()
    ana.ws.add("house", {"name": {"fr": "Waits"}, "phone": "1"})
    saved(ana, stick)
    ana.ws.close()
    (ana.folder / "people" / "me.db").unlink()
    net.devices.remove(ana)
    again = Device(net, "again", ana.folder, 0, KINDS)
    person = uuid7(net.now(), net.random.randbytes)
    net.authority.certify(again.ws.vault.key().public, person, person, "member", "")
    with again.ws.store.transaction():
        for setting, value in {"authority": net.key.public, "server": "direct", "role": "member", "person": person, "device": person}.items():
            again.ws.vault.keep(setting, value)
    again.ws.close()
    for expected in (1, 0):
        assert back(net, stick, ana.folder).lacked.waiting == expected
    again.ws = again.open()
    net.devices.append(again)
    net.heal()
    net.in_step()
    assert phones(bilal) == {"Waits": "1"}


def test_somebody_else_of_that_name_keeps_their_place(net: Network, stick: Path, tmp_path: Path) -> None:
    ana, _ = net.two()
    ana.ws.add("house", {"name": {"fr": "Before"}})
    saved(ana, stick)
    folder = tmp_path / "other"
    people = people_of(folder)
    people.add("me", "une phrase qui est à une autre")
    before = files_of(folder)
    with pytest.raises(Refused) as refused:
        back(net, stick, folder)
    assert refused.value.code == "exists"
    with pytest.raises(Refused):
        back(net, stick, folder, "ME")
    assert {name: data for name, data in files_of(folder).items() if "turn" not in name} == {n: d for n, d in before.items() if "turn" not in n}
    assert back(net, stick, folder, "Ana").how == "placed"
    assert [one.name for one in people.all()] == ["Ana", "me"]
    assert people.open("Ana", PHRASE) == KEY


def test_a_place_in_which_nobody_did_anything_makes_way(net: Network, stick: Path, tmp_path: Path) -> None:
    """The program makes one at its first start, before anybody can ask for a backup."""
    ana, _ = net.two()
    ana.ws.add("house", {"name": {"fr": "Before"}})
    saved(ana, stick)
    for name, typed in (("me", False), ("", False), ("Ana", False), ("me", True)):
        folder = tmp_path / f"{name} {typed}"
        people = people_of(folder)
        key, _ = people.add("me", None)
        with closing(Workspace(folder, KINDS, "me", key=key)) as ws:
            if typed:
                ws.keep_draft("house", "", {"name.fr": "typed"})
            elif name == "":  # somebody has it open
                people.change("me", key, "une phrase qui ne va pas avec")
        if typed or name == "":
            with pytest.raises(Refused) as refused:
                back(net, stick, folder, name)
            assert refused.value.code == "exists"
            assert people.known("me")
        else:
            assert back(net, stick, folder, name).how == "placed"
            assert [one.name for one in people.all()] == [name]


def test_another_networks_computer_takes_nothing(net: Network, stick: Path, tmp_path: Path) -> None:
    ana, _ = net.two()
    saved(ana, stick)
    with Network(tmp_path / "others", 7) as other:
        device = other.device("zahra")
        other.heal()
        device.ws.close()
        with pytest.raises(Refused) as refused:
            back(net, stick, device.folder, "Ana")
        assert refused.value.code == "other_network"
        assert not people_of(device.folder).known("Ana")
        device.ws = device.open()


def test_a_backup_is_made_while_others_write(net: Network, stick: Path, tmp_path: Path) -> None:
    ana, _ = net.two()
    other = ana.open()  # another program on the same folder
    stop = threading.Event()
    count = 0

    def write() -> None:
        nonlocal count
        while not stop.is_set():
            other.add("house", {"name": {"fr": str(count)}})
            count += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for turn in range(4):
            saved(ana, stick)
            folder = tmp_path / f"copy {turn}"
            back(net, stick, folder)
            with closing(opener(net, folder)("me", KEY)) as ws:
                assert [str(one) for one in ws.verify()] == []
                assert len(ws.outbox()) == len(ws.records("house"))
    finally:
        stop.set()
        writer.join()
        other.close()
    assert count > 4


# ------------------------------------------------------------ who may read it


def test_the_wrong_phrase_opens_nothing_and_the_code_does(net: Network, stick: Path, tmp_path: Path) -> None:
    ana, _ = net.two()
    people = people_of(ana.folder)
    locked(ana)
    code = people.renew_code("me", KEY)
    saved(ana, stick)
    with pytest.raises(Locked):
        restoring.unlock(stick, "une autre phrase que la bonne")
    with pytest.raises(Invalid):
        restoring.unlock(stick, code[:-1], code=True)
    other = people.renew_code("me", KEY)
    with pytest.raises(Locked):
        restoring.unlock(stick, other, code=True)
    found = restoring.unlock(stick, code.lower(), code=True)
    assert (found.key, found.about.name, found.bytes > 0) == (KEY, "me", True)
    assert restoring.restore(tmp_path / "o", people_of(tmp_path / "o"), found, opener(net, tmp_path / "o")).how == "placed"
    people.change("me", KEY, "une phrase de plus tard encore")
    assert restoring.unlock(stick, PHRASE).key == KEY  # the one of the day of the backup


def test_what_this_computer_alone_opens_needs_a_phrase_for_its_backup(net: Network, stick: Path, tmp_path: Path) -> None:
    ana, _ = net.two()
    people = people_of(ana.folder)
    keys.write(ana.folder / "people" / "me", keys.Keys(keys.VERSION, keys.id_of(KEY), [keys.by_computer(KEY)]))
    with pytest.raises(Refused) as refused:
        people.portable("me", KEY)
    assert refused.value.code == "phrase_needed"
    with pytest.raises(Refused):
        backup.write(ana.ws, stick, "me", keys.read(ana.folder / "people" / "me"))
    assert files_of(stick) == {}
    locks, code = people.portable("me", KEY, PHRASE)
    backup.write(ana.ws, stick, "me", locks)
    assert KEY not in b"".join(files_of(stick).values())
    assert KEY.hex().encode() not in b"".join(files_of(stick).values())
    assert people.all()[0].lock == "computer"  # here nothing changed
    assert restoring.unlock(stick, code, code=True).key == KEY
    back(net, stick, tmp_path / "other")
    assert people_of(tmp_path / "other").open("me", PHRASE) == KEY


def test_backups_of_several_people_lie_on_one_stick_and_each_opens_theirs(net: Network, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, _ = net.two()
    saved(ana, stick)
    monkeypatch.setattr(Network, "vault_key", KEY[::-1])
    zahra = net.device("zahra")
    locks = keys.Keys(keys.VERSION, keys.id_of(KEY[::-1]), [keys.by_phrase(KEY[::-1], phrases.meant("celle de zahra la très longue"), keys.FLOOR, os.urandom)])
    backup.write(zahra.ws, stick, "Zahra", locks)
    assert len(whole_on(stick)) == 2
    assert restoring.unlock(stick, PHRASE).about.name == "me"
    assert restoring.unlock(stick, "celle de zahra la très longue").about.name == "Zahra"
    for place in (stick / "dalil-backup", stick / "dalil-backup" / keys.id_of(KEY).hex()):
        assert restoring.unlock(place, PHRASE).about.name == "me"


def test_nothing_is_on_the_stick_in_clear(net: Network, stick: Path) -> None:
    ana, _ = net.two()
    canary, phone = "Çanari-Xyzzy", "77123456"
    ana.ws.add("tree", {"name": {"fr": canary}, "phone": phone})
    ana.ws.add("house", {"name": {"fr": canary}, "phone": phone})
    ana.ws.keep_draft("house", "", {"name.fr": canary})
    ana.sync()  # in the public copy it stands in clear
    backup.write(ana.ws, stick, "Nom-Secret", locked(ana), files=True)
    data = b"".join(name.encode() + b"\0" + each for name, each in files_of(stick).items())
    for word in (canary, phone, "Nom-Secret", "ana", net.key.public.hex()):
        if word != "ana":
            assert not [form for form in _forms(word) if form in data]
    found = restoring.unlock(stick, PHRASE)
    sealing = backup_sealing.Sealing(KEY)
    plain = b"".join(sealing.open(found.folder.read(one.sha256, one.size)) for one in found.manifest.pieces)
    assert canary.encode() in plain  # so the search can find
    left = [one for one in (ana.folder / "backups").rglob("*") if one.name != "turn"]
    assert left == []


def _forms(word: str) -> list[bytes]:
    raw = word.encode()
    encoded = [base64.b64encode(b"\0" * shift + raw)[4 if shift else 0:-4] for shift in range(3)]
    return [raw, word.encode("utf-16-le"), word.encode("utf-16-be"), raw.hex().encode(), *encoded]


# ------------------------------------------------------------ sticks that are torn, altered, hostile, full


def refused(net: Network, stick: Path, folder: Path) -> Failure:
    """What somebody hears who restores there; nothing of the folder has changed then."""
    before = files_of(folder) if folder.exists() else {}
    with pytest.raises(Failure) as failure:
        back(net, stick, folder)
    after = files_of(folder) if folder.exists() else {}
    assert {name: data for name, data in after.items() if not name.endswith("turn")} == {n: d for n, d in before.items() if not n.endswith("turn")}
    return failure.value


def test_a_backup_cut_or_flipped_anywhere_brings_nothing(net: Network, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup_sealing, "PIECE", 64 * 1024)
    ana, _ = net.two()
    ana.ws.add("house", {"name": {"fr": "A"}})
    saved(ana, stick)
    monkeypatch.setattr(keys, "unwrapped", lambda locks, by, secret: KEY)  # each try would take its tenth of a second
    whole = files_of(stick)
    assert len(whole) > 5
    tried = 0
    for name, data in whole.items():
        if name.endswith(".txt"):
            continue
        step = 1 + len(data) // 40
        for at in range(0, len(data), step):
            for torn in (data[:at], data[:at] + bytes([data[at] ^ (1 << at % 8)]) + data[at + 1:]):
                (stick / name).write_bytes(torn)
                assert refused(net, stick, tmp_path / "other").code in ("damaged", "strange_stick", "locked")
                tried += 1
        (stick / name).unlink()
        assert refused(net, stick, tmp_path / "other").code in ("damaged", "not_found")
        (stick / name).write_bytes(data)
    assert tried > 300
    assert back(net, stick, tmp_path / "other").how == "placed"


def test_a_writing_that_ends_anywhere_leaves_the_backup_before_or_the_new(net: Network, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, _ = net.two()
    ana.ws.add("house", {"name": {"fr": "old"}})
    saved(ana, stick)
    ana.ws.add("house", {"name": {"fr": "new"}})
    whole = {1: 0, 2: 0}
    reached = False
    for touch in range(1, 200):
        place = stick / f"copy-{touch}"
        shutil.copytree(stick / "dalil-backup", place / "dalil-backup")
        pulled = _Pulled(touch)
        with monkeypatch.context() as patch:
            for call in ("open", "fsync", "unlink", "rename", "mkdir", "rmdir"):
                patch.setattr(os, call, pulled.around(getattr(os, call), place))
            try:
                saved(ana, place)
                reached = True
            except Failure as failure:
                assert failure.code in ("stick", "read_only")
        (folder, manifest), = whole_on(place)
        assert all(folder.holds(one.sha256, one.size) for one in manifest.pieces)
        whole[manifest.number] += 1
        if touch % 10 == 0 or reached:
            saved(ana, place)
            assert not list(place.rglob("*.new"))
            back(net, place, tmp_path / f"to {touch}")
            with closing(opener(net, tmp_path / f"to {touch}")("me", KEY)) as ws:
                assert len(ws.records("house")) == 2
        shutil.rmtree(place)
        if reached:
            break
    assert reached
    assert whole[1] > 2
    assert whole[2] > 2


class _Pulled:
    """A stick that is pulled out at one touch: nothing of it answers from then on."""

    def __init__(self, touch: int) -> None:
        self.left = touch

    def around(self, call, place: Path):
        def touched(path, *args, **options):
            if isinstance(path, int) or str(path).startswith(str(place)):
                self.left -= 1
                if self.left <= 0:
                    raise OSError(5, "Input/output error")
            return call(path, *args, **options)

        return touched


def _killed_at(touch: int, work: Callable[[], object]) -> bool:
    """Do some work in a process of its own that is killed at one touch of a disk; whether it was done before."""
    child = os.fork()
    if child == 0:
        left = touch

        def around(call):
            def touched(*args, **options):
                nonlocal left
                left -= 1
                if left <= 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                return call(*args, **options)

            return touched

        for name in ("open", "fsync", "unlink", "rename", "replace", "mkdir"):
            setattr(os, name, around(getattr(os, name)))
        try:
            work()
            os._exit(0)
        except BaseException:  # noqa: BLE001 - whatever it was, the parent must hear of it
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return not os.WIFSIGNALED(status)


@pytest.mark.parametrize("state", ["nothing", "damaged"])
def test_a_restoring_that_is_killed_anywhere_is_done_or_not_and_can_be_done_again(net: Network, stick: Path, tmp_path: Path, state: str) -> None:
    ana, _ = net.two()
    ana.ws.add("house", {"name": {"fr": "A"}})
    saved(ana, stick)
    ana.ws.close()
    found = restoring.unlock(stick, PHRASE)
    done = False
    outcomes = set()
    for touch in (*range(1, 12), *range(12, 400, 4)):
        folder = tmp_path / str(touch)
        if state == "damaged":
            (folder / "people").mkdir(parents=True)
            (folder / "people" / "me.db").write_bytes(os.urandom(8192))
            (folder / "people" / "me.keys").write_bytes(b"torn")
        done = _killed_at(touch, lambda folder=folder: restoring.restore(folder, people_of(folder), found, opener(net, folder)))
        people = people_of(folder)
        if people.known("me") and keys.read(folder / "people" / "me") if state == "nothing" else False:
            from sync import encrypting

            encrypting.encrypt(people, "me", list)
            with closing(opener(net, folder)("me", KEY)) as ws:
                outcomes.add(len(ws.records("house")))
        again = restoring.restore(folder, people, found, opener(net, folder))
        assert again.how in ("placed", "keys", "taken")
        assert people.open("me", PHRASE) == KEY
        with closing(opener(net, folder)("me", KEY)) as ws:
            assert len(ws.records("house")) == 1
            assert [str(one) for one in ws.verify()] == []
        assert [one for one in (folder / "backups").iterdir() if one.name != "turn"] == []
        shutil.rmtree(folder)
        if done:
            break
    assert done
    assert outcomes <= {1}  # never a place that opens empty
    ana.ws = ana.open()


def test_a_backing_up_that_is_killed_anywhere_leaves_nothing_that_stays(net: Network, stick: Path) -> None:
    ana, _ = net.two()
    ana.ws.add("house", {"name": {"fr": "A"}})
    saved(ana, stick)
    ana.ws.close()
    done = False
    for touch in range(1, 200, 3):
        def work() -> None:
            ana.ws = ana.open()
            saved(ana, stick)

        done = _killed_at(touch, work)
        assert restoring.unlock(stick, PHRASE).about.name == "me"
        if done:
            break
    assert done
    ana.ws = ana.open()
    saved(ana, stick)
    assert [one for one in (ana.folder / "backups").iterdir() if one.name != "turn"] == []
    assert not list(stick.rglob("*.new"))


def test_altered_foreign_and_future_backups_are_refused(net: Network, stick: Path, tmp_path: Path) -> None:
    ana, _ = net.two()
    assert refused(net, stick, tmp_path / "o").code == "not_found"
    assert refused(net, stick / "nowhere", tmp_path / "o").code == "no_stick"
    saved(ana, stick)
    (folder, manifest), = whole_on(stick)
    path = folder.root / f"manifest-{manifest.number}.json"

    def says(**changes: object) -> str:
        line = msgspec.json.encode(msgspec.to_builtins(manifest) | changes, order="sorted")
        path.write_bytes(line + b"\n" + backup_folder.codec.digest(line).hex().encode() + b"\n")
        return refused(net, stick, tmp_path / "o").code

    contents = msgspec.to_builtins(manifest.contents)
    assert says(dalil_backup=2) == "newer_version"
    assert says(dalil_backup=0) == "damaged"
    assert says(count=manifest.count + 1) == "damaged"
    assert says(id="../../../../etc/pwd") == "damaged"
    assert says(id="0" * 16) == "damaged"
    assert says(keys="../..") == "locked"
    assert says(keys="00") == "locked"
    assert says(contents=[{**contents[0], "pieces": [["../../etc/passwd", 5]]}, *contents[1:]]) == "damaged"
    assert says(contents=[contents[1], contents[0], *contents[2:]]) == "damaged"  # what is the vault is said under the seal
    assert says(contents=contents[:-1], count=manifest.count - 1, bytes=manifest.bytes - contents[-1]["pieces"][0][1]) == "damaged"
    open_keys = keys.Keys(keys.VERSION, keys.id_of(KEY), [*locked(ana).wraps, keys.by_computer(KEY)])
    assert says(keys=keys.packed(open_keys).hex()) == "locked"
    assert says(keys=keys.packed(msgspec.structs.replace(open_keys, id=bytes(8))).hex()) == "locked"
    path.write_bytes(b"{}\n")
    assert refused(net, stick, tmp_path / "o").code == "damaged"
    path.unlink()
    path.symlink_to("/etc/passwd")
    assert refused(net, stick, tmp_path / "o").code == "strange_stick"
    shutil.rmtree(folder.root)
    for number in range(1_002):
        (stick / "dalil-backup" / f"x{number}").touch()
    assert refused(net, stick, tmp_path / "o").code == "strange_stick"
    shutil.rmtree(stick / "dalil-backup")
    (stick / "dalil-backup").symlink_to(tmp_path)
    assert refused(net, stick, tmp_path / "o").code == "strange_stick"
    assert not (tmp_path / "o" / "people").exists() or people_of(tmp_path / "o").all() == []


def test_pieces_of_two_backups_are_never_taken_for_one(net: Network, stick: Path, tmp_path: Path) -> None:
    ana, _ = net.two()
    saved(ana, stick)
    (_, first), = whole_on(stick)
    shutil.copytree(stick, tmp_path / "kept")
    ana.ws.add("house", {"name": {"fr": "A"}})
    saved(ana, stick)
    (folder, second), = whole_on(stick)
    shutil.copytree(tmp_path / "kept" / "dalil-backup", stick / "dalil-backup", dirs_exist_ok=True)
    mixed = backup_folder.made(9, second.made, second.network, second.id, bytes.fromhex(second.keys),
                               [first.contents[0], *second.contents[1:]])
    folder.put_manifest(9, backup_folder.written(mixed))
    assert refused(net, stick, tmp_path / "o").code == "damaged"


def test_a_backup_of_a_newer_program_is_left_alone(net: Network, stick: Path, tmp_path: Path) -> None:
    ana, _ = net.two()
    with ana.ws.private.transaction():
        ana.ws.private.execute("UPDATE schema_number SET number = 10000")
    saved(ana, stick)
    assert refused(net, stick, tmp_path / "o").code == "newer_folder"


def test_a_damaged_file_here_is_not_backed_up_over_a_good_one(net: Network, stick: Path) -> None:
    ana, _ = net.two()
    for number in range(40):
        ana.ws.add("house", {"name": {"fr": str(number)}, "street": "x" * 300})
    saved(ana, stick)
    before = files_of(stick)
    ana.ws.close()
    path = ana.folder / "people" / "me.db"
    data = bytearray(path.read_bytes())
    data[-2000:-1900] = bytes(100)
    path.write_bytes(data)
    ana.ws = ana.open()
    if not ana.ws.repaired:  # the page is none that opening looks at
        with pytest.raises(Failure) as failure:
            saved(ana, stick)
        assert failure.value.code in ("damaged", "disk")
        assert files_of(stick) == before
        ana.reopen()
    saved(ana, stick)


def test_no_room_is_said_before_anything_is_written(net: Network, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, _ = net.two()
    with monkeypatch.context() as patch:
        patch.setattr(BackupFolder, "free", lambda _: 10)
        with pytest.raises(Failure) as failure:
            saved(ana, stick)
        assert failure.value.code == "stick_full"
    tight = shutil._ntuple_diskusage(10**9, 10**9, 1_000_000)
    with monkeypatch.context() as patch:
        patch.setattr(BackupFolder, "free", lambda _: 10**9)
        patch.setattr(backup.shutil, "disk_usage", lambda _: tight)
        with pytest.raises(Full):
            saved(ana, stick)
    assert files_of(stick) == {}
    saved(ana, stick)
    with monkeypatch.context() as patch:
        patch.setattr(restoring.shutil, "disk_usage", lambda _: tight)
        assert refused(net, stick, tmp_path / "o").code == "disk_full"


def test_a_person_may_stop_and_a_worn_stick_is_noticed(net: Network, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, _ = net.two()
    with pytest.raises(Failure) as failure:
        backup.write(ana.ws, stick, "me", locked(ana), stop=lambda: True)
    assert failure.value.code == "cancelled"
    with pytest.raises(NotFound):
        restoring.unlock(stick, PHRASE)
    with monkeypatch.context() as patch:
        patch.setattr(stick_files, "hash_of", lambda path, size: "")
        with pytest.raises(Failure) as failure:
            saved(ana, stick)
        assert failure.value.code == "bad_stick"
    seen: list[Progress] = []
    backup.write(ana.ws, stick, "me", locked(ana), seen.append)
    found = restoring.unlock(stick, PHRASE)
    folder = tmp_path / "o"
    with pytest.raises(Cancelled):
        restoring.restore(folder, people_of(folder), found, opener(net, folder), stop=lambda: True)
    assert people_of(folder).all() == []
    restoring.restore(folder, people_of(folder), found, opener(net, folder), watch=seen.append)
    assert {one.step for one in seen} == {"write", "check", "take"}
    assert all(one.done <= one.total for one in seen)
    assert seen[-1].done == seen[-1].total


_ON_A_SMALL_STICK = """
import os, shutil, sys
from pathlib import Path
from sync import backup, keys, restoring
from sync.backup_folder import BackupFolder
from sync.errors import Failure
from sync.workspace import Workspace
from tests.sync.network import KINDS
folder, stick, KEY = Path(sys.argv[1]), Path(sys.argv[2]), bytes(range(32))
BackupFolder.free = lambda self: 10**9  # somebody else takes the room after we looked
ws = Workspace(folder, KINDS, key=KEY)
locks = keys.Keys(keys.VERSION, keys.id_of(KEY), [keys.by_phrase(KEY, "laphrase", keys.FLOOR, os.urandom)])
backup.write(ws, stick, "me", locks)
with ws.together():
    for number in range(2500):
        ws.add("house", {"name": {"fr": os.urandom(140).hex()}})
try:
    backup.write(ws, stick, "me", locks)
    code = "written"
except Failure as failure:
    code = failure.code
found = restoring.unlock(stick, "la phrase")
restoring._check(found, lambda _: None, lambda: False)
print(code, found.about.waiting, len(list(stick.rglob("*.new"))))
"""


@pytest.mark.skipif(shutil.which("unshare") is None or subprocess.run(["unshare", "-rm", "true"], check=False, capture_output=True).returncode != 0,
                    reason="a small disk of our own needs user namespaces")
def test_a_stick_that_is_full_in_the_middle_keeps_the_backup_before(tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    (tmp_path / "program.py").write_text(_ON_A_SMALL_STICK, "utf-8")
    command = f"mount -t tmpfs -o size=700k none {tmp_path}/stick && exec {sys.executable} {tmp_path}/program.py {tmp_path}/data {tmp_path}/stick"
    done = subprocess.run(["unshare", "-rm", "sh", "-c", command], cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["stick_full", "0", "0"]


def test_a_guest_has_nothing_to_back_up(net: Network, stick: Path) -> None:
    guest = net.guest("visitor")
    with pytest.raises(Refused):
        backup.plan(guest.ws, stick)


def test_the_manifest_says_what_is_there(net: Network, stick: Path) -> None:
    ana, _ = net.two()
    done = saved(ana, stick)
    (folder, manifest), = whole_on(stick)
    assert isinstance(manifest, Manifest)
    assert (manifest.made, manifest.bytes) == (done.made, done.bytes)
    assert manifest.count == len(manifest.pieces) == len(list(folder.root.rglob("*.bin")))
    assert manifest.bytes == sum(one.stat().st_size for one in folder.root.rglob("*.bin"))
    assert "Dalil" in (folder.root / backup.WORDS).read_text("utf-8-sig")
    with closing(SealedStore(ana.folder / "people" / "me.db", key=KEY)) as store:
        assert store.value("SELECT value FROM setting WHERE name = ?", (backup.LAST,)) == str(done.made).encode()
    assert salvage.is_damaged(ana.folder / "people" / "me.db", KEY, wholly=True) is False
    with pytest.raises(Damaged):
        backup_sealing.Sealing(bytes(32)).open(folder.read(manifest.pieces[0].sha256, manifest.pieces[0].size))
