"""Several processes answer on one socket: they write in turn, one that dies is begun anew, and none outlives the one that looks after them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from server import crew as crews
from sync.errors import Failure, Offline
from sync.exchange import sync
from sync.workspace import Workspace
from tests.postgres import fresh_database
from tests.server_process import ServerProcess, descendants

PROCESSES = 2


@pytest.fixture(params=["sqlite", "postgresql"])
def crew(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ServerProcess]:
    db = fresh_database(request.getfixturevalue("postgres")) if request.param == "postgresql" else ""
    process = ServerProcess(tmp_path / "data", db, "--processes", str(PROCESSES)).start()
    yield process
    process.close()


def answering(server: ServerProcess) -> list[int]:
    """The processes that answer."""
    return [pid for pid, words in descendants(server.pid) if "spawn_main" in words]


def test_many_hand_in_at_once_and_all_of_it_is_there(crew: ServerProcess, replica: Callable[..., Workspace]) -> None:
    people = [replica(crew, f"Personne {number}") for number in range(4)]
    failures: list[BaseException] = []

    def work(ws: Workspace, number: int) -> None:
        try:
            for turn in range(5):
                for place in range(4):
                    ws.add("organisation", {"name": {"fr": f"Association {number} {turn} {place}"}})
                sync(ws)
        except BaseException as failure:  # noqa: BLE001 - told to whoever waits for the thread
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(ws, number)) for number, ws in enumerate(people)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(120)
    assert not failures
    for ws in people:
        sync(ws)
    digests = [ws.digest() for ws in people]
    assert digests == [crew.json("digest")["scopes"]] * len(people)
    assert len(people[0].records("organisation")) == 80
    assert crew.json("verify")["ok"]
    assert {line["status"] for line in crew.lines() if line.get("path") == "/exchange"} == {200}


def test_a_process_that_dies_is_begun_anew_while_the_others_answer(crew: ServerProcess, replica: Callable[..., Workspace]) -> None:
    ws, before = replica(crew, "Amina"), answering(crew)
    assert len(before) == PROCESSES
    os.kill(before[0], signal.SIGKILL)
    for number in range(20):
        ws.add("organisation", {"name": {"fr": f"Association {number}"}})
        try:
            sync(ws)
        except Offline:  # its connection was with the one that died
            sync(ws)
    assert ws.status().waiting == 0
    _until(lambda: len(answering(crew)) == PROCESSES and before[0] not in answering(crew))
    assert any(line.get("event") == "process_ended" for line in crew.lines())
    assert crew.json("verify")["ok"]


@pytest.mark.parametrize("crew", ["sqlite"], indirect=True)
def test_none_outlives_the_one_that_looks_after_them(crew: ServerProcess) -> None:
    here = answering(crew)
    crew.kill()  # reads standard output to its end: every process has closed it
    _until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in here))
    crew.start()  # on the same port
    assert requests.get(crew.url + "/health", timeout=20).status_code == 200


@pytest.mark.parametrize("crew", ["sqlite"], indirect=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_all_of_them_end(crew: ServerProcess, number: int) -> None:
    here = answering(crew)
    crew.signal(number)
    assert crew.wait() == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in here)
    assert crew.lines()[-1]["event"] == "stopped"


@pytest.mark.parametrize("crew", ["sqlite"], indirect=True)
def test_a_snapshot_is_made_of_what_any_process_took(crew: ServerProcess, replica: Callable[..., Workspace]) -> None:
    ws = replica(crew, "Omar")
    for number in range(400):
        ws.add("organisation", {"name": {"fr": f"Association {number}"}})
    sync(ws)
    _until(lambda: any(crew.folder.glob("files/??/*")), 30)
    newcomer = replica(crew, "Ismail")
    assert newcomer.digest()["public"] == ws.digest()["public"]
    assert [line["status"] for line in crew.lines() if line.get("path") == "/files/{sha256}"] == [200]


def test_a_process_that_does_not_start_is_said() -> None:
    processes = multiprocessing.get_context("spawn")
    ours, theirs = processes.Pipe()
    member = crews.Member(processes.Process(target=os._exit, args=(3,)), ours)
    member.process.start()
    theirs.close()
    with pytest.raises(Failure) as raised:
        crews.wait_for(member)
    assert raised.value.code == "server"
    member.process.join(20)


def test_a_place_whose_processes_die_young_is_filled_ever_more_slowly() -> None:
    """One that cannot start (a full disk, a module that is gone) must not keep a processor busy with starting it; one that worked is missed at once."""
    place, now, pauses = crews.Place(0.0), 0.0, []
    for _ in range(7):
        died = now = now + 1
        while not place.may_begin(now):
            now += 0.5
        pauses.append(now - died)
    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    assert place.may_begin(now + 3600)
    assert not place.may_begin(now + 3601)


def _until(holds: Callable[[], bool], seconds: float = 20) -> None:
    pause = threading.Event()
    for _ in range(int(seconds * 20)):
        if holds():
            return
        pause.wait(0.05)
    raise AssertionError("it did not come to that")
