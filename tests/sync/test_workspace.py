"""The front door: several programs on one folder, guests who leave no trace, taking back, drafts, disks that are full or locked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.errors import Failure, Invalid, NotFound, Refused
from sync.workspace import Workspace
from tests.sync.network import KINDS, Network, everyone

ROOT = Path(__file__).parents[2]
WRITER = """
import sys, resource, json
from pathlib import Path
from sync.errors import Failure
from sync.workspace import Workspace
from tests.sync.network import KINDS
folder, name, many, limit = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
ws = Workspace(folder, KINDS)
if limit:
    import signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
done, failed = [], ""
for number in range(many):
    try:
        done.append(ws.add("house", {"name": {"fr": f"{name} {number}"}, "street": "x" * 280 if limit else "y"}).id)
    except Failure as failure:
        failed = failure.code
        break
print(json.dumps([done, failed, len(ws.records("house"))]))
"""


def program(folder: Path, name: str, many: int, limit: int = 0) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", WRITER, str(folder), name, str(many), str(limit)], stdout=subprocess.PIPE, text=True,
                            cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})


def answer(process: subprocess.Popen[str]) -> tuple[list[str], str, int]:
    out, _ = process.communicate(timeout=100)
    assert process.returncode == 0
    done, failed, seen = json.loads(out)
    return done, failed, seen


def test_two_programs_on_one_folder_both_write_and_see_each_other(network: Network) -> None:
    ana, bilal = network.two()
    programs = [program(ana.folder, name, 25) for name in ("first", "second")]
    heard: list[str] = []
    ana.ws.subscribe(lambda changed: heard.append(changed.origin))
    mine = [ana.ws.add("house", {"name": {"fr": f"mine {number}"}}).id for number in range(10)]
    found = [answer(one) for one in programs]
    assert [failed for _, failed, _ in found] == ["", ""]
    everything = {*mine, *found[0][0], *found[1][0]}
    assert {one.id for one in ana.ws.records("house")} == everything
    assert ana.ws.notice()
    assert heard[-1] == "elsewhere"
    assert not ana.ws.notice()
    report = ana.sync()
    assert (report.sent, report.accepted) == (60, 60)  # one log, no number twice
    bilal.sync()
    assert {one.id for one in bilal.ws.records("house")} == everything
    network.in_step()


def test_a_guest_reads_and_leaves_no_trace(network: Network) -> None:
    ana, _ = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    ana.ws.add("house", {"name": {"fr": "not sent"}})
    ana.ws.cancel(ana.ws.outbox()[0].change)
    ana.sync()
    waiting = ana.ws.add("house", {"name": {"fr": "Secret of ana"}}).id
    before = {path: path.stat().st_size for path in ana.folder.rglob("*") if path.is_file() and "-" not in path.name}
    guest = Workspace(ana.folder, KINDS, guest=True)
    assert [one.id for one in guest.records("house")] == [id]
    with pytest.raises(NotFound):
        guest.get("house", waiting)
    for writing in (lambda: guest.add("house", {"name": {"fr": "G"}}), lambda: guest.edit("house", id, {"phone": "1"}), lambda: guest.delete("house", id)):
        with pytest.raises(Refused):
            writing()
    guest.keep_draft("house", id, {"phone": "typed by a guest"})
    assert guest.draft("house", id) is None
    assert guest.outbox() == []
    assert guest.history("house", id)
    guest.close()
    assert {path: path.stat().st_size for path in ana.folder.rglob("*") if path.is_file() and "-" not in path.name} == before
    ana.ws.close()
    assert b"typed by a guest" not in b"".join(path.read_bytes() for path in ana.folder.rglob("*") if path.is_file())
    ana.ws = ana.open()


def test_what_never_left_can_be_taken_back_and_what_may_have_left_cannot(network: Network) -> None:
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "1"}).id
    first = ana.ws.edit("house", id, {"phone": "2"})
    ana.ws.edit("house", id, {"phone": "3"})
    ana.ws.edit("house", id, {"street": "here"})
    ana.ws.cancel(first.change)
    assert dict(ana.ws.get("house", id)).items() >= {"phone": "3", "street": "here"}.items()
    with pytest.raises(NotFound):
        ana.ws.cancel(first.change)
    ana.tries("before")  # it may have left: who knows
    with pytest.raises(Refused):
        ana.ws.cancel(ana.ws.outbox()[0].change)
    assert {one.state for one in ana.ws.outbox()} == {"carried"}
    network.heal()
    network.in_step()
    assert bilal.ws.get("house", id)["phone"] == "3"
    assert bilal.ws.conflicts() == []
    with pytest.raises(NotFound):
        ana.ws.cancel(ana.ws.outbox()[0].change)  # decided


def test_taking_back_a_deletion_and_a_creation(network: Network) -> None:
    ana, _ = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    ana.ws.edit("house", id, {"phone": "1"})
    deletion = ana.ws.delete("house", id)
    assert ana.ws.records("house") == []
    ana.ws.cancel(deletion.change)
    assert ana.ws.get("house", id)["phone"] == "1"
    edit = ana.ws.edit("house", id, {"phone": "2"})
    ana.ws.delete("house", id)
    ana.ws.restore("house", id)
    ana.ws.cancel(edit.change)
    assert ana.ws.get("house", id)["phone"] == "1"  # the deletion is still undone
    ana.ws.cancel(ana.ws.outbox()[-1].change)
    assert ana.ws.records("house") == []
    assert ana.ws.outbox() == []
    network.heal()
    network.in_step()


def test_records_are_counted_as_they_are_shown(network: Network) -> None:
    ana, bilal = network.two()

    def check(expected: dict[str, int]) -> None:
        for kind in KINDS:
            assert ana.ws.count(kind) == len(ana.ws.records(kind)) == expected.get(kind, 0)

    check({})
    houses = [ana.ws.add("house", {"name": {"fr": f"Maison {n}"}}).id for n in range(4)]
    tree = ana.ws.add("tree", {"name": {"fr": "Acacia"}}).id
    check({"house": 4, "tree": 1})
    network.heal()
    check({"house": 4, "tree": 1})
    bilal.ws.delete("house", houses[0])
    network.heal()
    check({"house": 3, "tree": 1})
    ana.ws.delete("house", houses[1])
    ana.ws.delete("tree", tree)
    ana.ws.edit("house", houses[2], {"phone": "1"})
    ana.ws.restore("house", houses[0])
    ana.ws.add("house", {"name": {"fr": "Maison"}})
    check({"house": 4})
    network.heal()
    check({"house": 4})


def test_a_draft_outlives_the_program_and_goes_when_it_is_saved(network: Network) -> None:
    ana, _ = network.two()
    ana.ws.keep_draft("house", "", {"name.fr": "half a na", "tags#red": True})
    ana.ws.keep_draft("house", "", {"name.fr": "half a name", "tags#red": True})
    ana.reopen()
    assert ana.ws.draft("house", "") == {"name.fr": "half a name", "tags#red": True}
    ana.ws.drop_draft("house", "")
    ana.ws.drop_draft("house", "")
    assert ana.ws.draft("house", "") is None


def test_many_saves_together_are_all_there_or_none(network: Network) -> None:
    ana, _ = network.two()
    told: list[int] = []
    ana.ws.subscribe(lambda changed: told.append(len(changed.ids)))


    def right_then_wrong() -> None:
        with ana.ws.together():
            ana.ws.add("house", {"name": {"fr": "A"}})
            ana.ws.add("house", {})

    with pytest.raises(Invalid):
        right_then_wrong()
    assert ana.ws.records("house") == []
    assert ana.ws.outbox() == []
    assert told == []
    with ana.ws.together():
        for number in range(3):
            ana.ws.add("house", {"name": {"fr": str(number)}})
    assert told == [3]
    network.heal()
    network.in_step()


def test_a_form_is_also_a_word(network: Network) -> None:
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "1"}).id
    network.heal()
    token = bilal.ws.form("house", id).token
    ana.ws.edit("house", id, {"phone": "2"})
    network.heal()
    bilal.ws.edit("house", id, {"phone": "3"}, token)  # typed before 2 was seen
    network.heal()
    assert {value.value for one in ana.ws.conflicts() for value in one.values} == {"2", "3"}
    other = ana.ws.add("house", {"name": {"fr": "B"}}).id
    for wrong in ("", "!!", "abc", token[:-3], ana.ws.form("house", other).token):
        with pytest.raises(Failure):
            bilal.ws.edit("house", id, {"phone": "4"}, wrong)


def test_bad_values_are_named_and_nothing_is_kept(network: Network) -> None:
    ana, _ = network.two()
    with pytest.raises(Invalid) as failure:
        ana.ws.add("house", {"phone": "x" * 301, "colour": "violet", "tags": ["red", "pink"]})
    assert {one.path for one in failure.value.problems} == {"name", "phone", "colour", "tags#pink"}
    with pytest.raises(NotFound):
        ana.ws.add("house", {"name": {"fr": "A"}, "unknown": "1"})
    with pytest.raises(Invalid):
        ana.ws.add("house", {"name": {"fr": "A\u202eB"}})
    with pytest.raises(Invalid):
        ana.ws.add("house", {"name": {"fr": "A"}}, scope="network")
    assert ana.ws.outbox() == []


@pytest.mark.skipif(os.name != "posix", reason="limits of a process are a POSIX thing")
def test_a_full_disk_is_said_and_loses_nothing(network: Network) -> None:
    ana, bilal = network.two()
    ana.ws.add("house", {"name": {"fr": "before"}})
    size = max(path.stat().st_size for path in (ana.folder / "people").iterdir())
    done, failed, seen = answer(program(ana.folder, "full", 2000, size + 120_000))
    assert failed in ("disk_full", "disk"), failed  # the disk is named, never the copy called damaged
    assert 0 < len(done) < 2000
    assert seen == len(done) + 1
    ana.reopen()
    assert {one.id for one in ana.ws.records("house")} >= set(done)
    assert len(ana.ws.records("house")) == len(done) + 1
    assert ana.ws.verify() == []
    ana.ws.add("house", {"name": {"fr": "after"}})
    network.heal()
    network.in_step()
    assert len(bilal.ws.records("house")) == len(done) + 2


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of three megabytes, where this machine lets us have one."""
    place = tmp_path / "disk"
    place.mkdir()
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("only root on Linux may mount a small disk")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "none", str(place)], check=False, capture_output=True).returncode:
        pytest.skip("this machine mounts nothing")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_really_full_disk_is_said_and_what_was_acknowledged_stays(network: Network, small_disk: Path) -> None:
    ws = Workspace(small_disk, KINDS)
    done: list[str] = []
    failed = ""
    for number in range(20_000):
        try:
            done.append(ws.add("house", {"name": {"fr": f"House {number}"}, "street": "x" * 280}).id)
        except Failure as failure:
            failed = failure.code
            break
    assert failed == "disk_full"
    assert done
    with pytest.raises(Failure):
        ws.add("house", {"name": {"fr": "again"}, "street": "x" * 290, "phone": "y" * 290})
    assert {one.id for one in ws.records("house")} == set(done)
    ws.close()
    subprocess.run(["mount", "-o", "remount,size=30m", str(small_disk)], check=True)
    ws = Workspace(small_disk, KINDS)
    assert {one.id for one in ws.records("house")} == set(done)
    assert ws.verify() == []
    assert ws.add("house", {"name": {"fr": "after"}}).id
    assert len(ws.outbox()) == len(done) + 1
    ws.close()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Failure) as failure:
        Workspace(tmp_path / "file", KINDS)
    assert failure.value.code == "read_only"
    assert str(tmp_path / "file") in str(failure.value)
    if os.geteuid() == 0:
        return  # root writes everywhere
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(Failure):
        Workspace(tmp_path / "locked", KINDS)


def test_status_says_three_dated_facts(tmp_path: Path) -> None:
    with Network(tmp_path, may=everyone) as network:
        ana = network.device("ana", skew=-10**12)
        assert (ana.ws.status().last_accepted, ana.ws.status().last_received) == (None, None)
        ana.ws.add("house", {"name": {"fr": "A"}})
        assert ana.ws.status().waiting == 1
        ana.tries("before")
        assert (ana.ws.status().last_accepted, ana.ws.status().waiting) == (None, 1)
        ana.tries("after")
        assert (ana.ws.status().last_accepted, ana.ws.status().waiting) == (None, 1)  # never a guess
        ana.sync()
        status = ana.ws.status()
        assert (status.waiting, status.refused, status.conflicts) == (0, 0, 0)
        assert status.last_accepted is not None
        assert status.last_received is not None
