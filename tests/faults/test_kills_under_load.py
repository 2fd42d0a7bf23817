"""The server, then its PostgreSQL, killed again and again while people push: nothing acknowledged lost, nothing doubled, 503 and never 500."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.dying_postgres import dying_postgres
from tests.e2e.programs import Person
from tests.faults.amounts import LONG, amount, chance, tell
from tests.server_process import ServerProcess, descendants

PEOPLE = 3


class Load:
    """People who save and sync as fast as they can; what each was told is kept."""

    def __init__(self, folder: Path, server: ServerProcess) -> None:
        self.stop = threading.Event()
        self.said: Counter[str] = Counter()
        self.kept: dict[str, str] = {}
        self.people = [Person(folder / f"person{number}") for number in range(PEOPLE)]
        self.wrong: list[BaseException] = []
        for number, person in enumerate(self.people):
            assert person.does("join", server.url, server.invite(), f"Person {number}") == "member"
        self.threads = [threading.Thread(target=self._work, args=(number, person)) for number, person in enumerate(self.people)]
        self.began = threading.Event()
        for thread in self.threads:
            thread.start()

    def _work(self, number: int, person: Person) -> None:
        count = 0
        try:
            while not self.stop.is_set():
                for _ in range(4):
                    count += 1
                    name = f"Person {number} save {count}"
                    self.kept[person.does("add", {"name": {"fr": name}})] = name
                while not self.stop.is_set():
                    found = person.does("sync")
                    self.said[found.get("failed", "accepted")] += 1
                    if "failed" not in found:
                        break
                    self.stop.wait(0.1)
                self.began.set()
        except BaseException as error:
            self.wrong.append(error)
            raise

    def ends(self) -> None:
        """Let everybody finish and hand in the rest; then everything is everywhere, once."""
        self.stop.set()
        for thread in self.threads:
            thread.join(120)
        assert self.wrong == []

    def check(self, server: ServerProcess) -> None:
        for _ in range(2):
            for person in self.people:
                assert "failed" not in person.does("sync")
        wanted = server.json("digest")["scopes"]
        for person in self.people:
            assert person.does("digest") == wanted
            assert {id: record["name"]["fr"] for id, record in person.does("records").items()} == self.kept
            assert (person.does("waiting"), person.does("conflicts"), person.does("verify")) == (0, [], [])
        assert requests.get(server.url + "/organizations", timeout=20).json()["total_items"] == len(self.kept)
        assert server.json("verify")["ok"]


@contextmanager
def load(folder: Path, server: ServerProcess) -> Iterator[Load]:
    found = Load(folder, server)
    try:
        yield found
    finally:
        found.stop.set()
        for thread in found.threads:
            thread.join(60)
        for person in found.people:
            person.leaves()


def wait(random: random.Random, longest: float) -> None:
    """A moment while the load goes on."""
    threading.Event().wait(random.uniform(0, longest))


def inside(work: Load, kill: Callable[[], None]) -> bool:
    """Kill, and say whether somebody's sync was broken by it."""
    before = work.said["offline"] + work.said["busy"]
    kill()
    return work.said["offline"] + work.said["busy"] > before


def runs(server: ServerProcess) -> bool:
    """Whether the process is there still: nobody but this test may end it."""
    return server._process is not None and server._process.poll() is None


def no_500(server: ServerProcess) -> Counter[int]:
    """The statuses of every exchange; none may be an error of the server's own."""
    lines = server.lines()
    assert not [line for line in lines if line.get("status") == 500 or "error" in line]
    return Counter(line["status"] for line in lines if line.get("path") == "/exchange")


@pytest.mark.parametrize("processes", [1, 2])
def test_a_server_killed_under_load(ram: Path, processes: int) -> None:
    """With several processes, now the one that looks after the others and now one of those that answer."""
    random, kills = chance("server kills"), amount(2, 200)
    server = ServerProcess(ram / "server", "", "--processes", str(processes)).start()
    try:
        with load(ram, server) as work:
            for _ in range(kills):
                assert work.began.wait(60)
                wait(random, 0.3)
                assert runs(server), "the server ended by itself"
                answering = [pid for pid, words in descendants(server.pid) if "spawn_main" in words]
                if answering and random.random() < 0.5:
                    os.kill(random.choice(answering), signal.SIGKILL)
                else:
                    server.kill()
                    server.start()
                work.began.clear()
                assert work.wrong == []
            work.ends()
            work.check(server)
            assert runs(server), "the server ended by itself"
            statuses = no_500(server)
            tell("server killed under load", processes=processes, kills=kills, people=PEOPLE, saves=len(work.kept), syncs=dict(work.said),
                 statuses=dict(statuses), lost=0, doubled=0)
            assert work.said["offline"] > 0 or not LONG
    finally:
        server.close()


def test_a_postgresql_killed_under_load(ram: Path) -> None:
    random, kills = chance("postgresql kills"), amount(1, 50)
    with dying_postgres() as postgres:
        server = ServerProcess(ram / "server", postgres.url).start()
        try:
            with load(ram, server) as work:
                for _ in range(kills):
                    assert work.began.wait(60)
                    wait(random, 0.3)
                    postgres.die()
                    assert requests.get(server.url + "/health", timeout=20).status_code == 503
                    postgres.come_back()
                    assert requests.get(server.url + "/health", timeout=20).status_code == 200
                    work.began.clear()
                    assert work.wrong == []
                work.ends()
                work.check(server)
                statuses = no_500(server)
                tell("PostgreSQL killed under load", kills=kills, people=PEOPLE, saves=len(work.kept), syncs=dict(work.said),
                     statuses=dict(statuses), restarts_of_the_server=0, lost=0, doubled=0)
                assert statuses[503] > 0 or not LONG
        finally:
            server.close()
