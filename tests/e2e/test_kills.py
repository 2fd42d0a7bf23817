"""kill -9 of a client or of the server at random moments: restart needs no one, nothing acknowledged is lost.

`DALIL_KILLS=50` plays the long form; `DALIL_SEED` chooses the moments. How
often a kill met work that was begun and not acknowledged is counted by what
had been answered; moments come earlier on a machine that answers fast, so that
most do.
"""

from __future__ import annotations

import os
import random
import select
import signal
from pathlib import Path
from typing import Any

from tests.e2e.programs import Person, Server, running

KILLS = int(os.environ.get("DALIL_KILLS", "8"))
SEED = int(os.environ.get("DALIL_SEED", "1"))


class Worker:
    """One person, what was acknowledged to them, and what may or may not have happened when they were killed."""

    def __init__(self, person: Person, name: str) -> None:
        self.person = person
        self.name = name
        self.kept: dict[str, dict[str, Any]] = {}  # what an answer said is on disk, by id
        self.perhaps: dict[str, set[str]] = {}  # notes in flight when the program was killed, by id
        self.count = 0

    def orders(self, many: int, chance: random.Random) -> list[tuple[Any, ...]]:
        """Adds and edits of one's own records, each recognisable."""
        found: list[tuple[Any, ...]] = []
        for _ in range(many):
            self.count += 1
            if self.kept and chance.random() < 0.5:
                found.append(("edit", chance.choice(list(self.kept)), {"note": f"{self.name} {self.count}"}))
            else:
                found.append(("add", {"name": {"fr": f"{self.name} {self.count}"}, "note": f"{self.name} {self.count}"}))
        return found

    def acknowledged(self, order: tuple[Any, ...], answer: Any) -> None:
        if order[0] == "add":
            self.kept[answer] = dict(order[1])
        else:
            self.kept[order[1]].update(order[2])
            self.perhaps.pop(order[1], None)

    def in_flight(self, order: tuple[Any, ...]) -> None:
        if order[0] == "edit":
            self.perhaps.setdefault(order[1], set()).add(order[2]["note"])

    def check(self, records: dict[str, dict[str, Any]]) -> None:
        """Every acknowledged save reads as it was typed; one in flight may have been the last."""
        for id, values in self.kept.items():
            assert id in records, f"{self.name}'s acknowledged {values} is gone"
            assert records[id]["name"] == values["name"]
            assert records[id]["note"] in {values["note"], *self.perhaps.get(id, ())}, f"an acknowledged edit of {id} is gone"


def begun(person: Person, delay: float) -> bool:
    """Wait for an answer at most so many seconds; whether one came."""
    return bool(select.select([person.process.stdout], [], [], delay)[0])


def killed_while_writing(worker: Worker, chance: random.Random) -> bool:
    orders = worker.orders(12, chance)
    for order in orders:
        worker.person.begins(*order)
    begun(worker.person, chance.uniform(0, 0.02))
    answered = 0
    if chance.random() < 0.5:  # let a few be answered
        for order in orders[: chance.randint(1, 8)]:
            worker.acknowledged(order, worker.person.hears())
            answered += 1
    worker.person.killed()
    while (answer := worker.person.hears()) is not None:
        worker.acknowledged(orders[answered], answer)
        answered += 1
    for order in orders[answered:]:
        worker.in_flight(order)
    return answered < len(orders)


def killed_while_syncing(worker: Worker, chance: random.Random, longest: float) -> bool:
    for order in worker.orders(8, chance):
        worker.acknowledged(order, worker.person.does(*order))
    worker.person.begins("sync")
    begun(worker.person, chance.uniform(0, longest))
    worker.person.killed()
    return worker.person.hears() is None


def server_killed(server: Server, worker: Worker, chance: random.Random, longest: float) -> bool:
    for order in worker.orders(8, chance):
        worker.acknowledged(order, worker.person.does(*order))
    worker.person.begins("sync")
    inside = not begun(worker.person, chance.uniform(0, longest))
    server.stop(signal.SIGKILL)
    answer = worker.person.hears()
    assert answer is not None
    assert answer.get("failed") in (None, "offline"), answer
    return inside and answer.get("failed") == "offline"


def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    inside = number = 0
    longest = 0.12  # seconds; adapts to how fast this machine answers
    with running(tmp_path / "server") as server:
        workers = [Worker(Person(tmp_path / name), name) for name in ("ana", "bilal")]
        for worker in workers:
            assert worker.person.does("join", server.url, server.invite(), worker.name) == "member"
        while number < KILLS or (inside < KILLS * 0.6 and number < KILLS * 3):
            worker = chance.choice(workers)
            what = (killed_while_writing, killed_while_syncing, server_killed)[number % 3]
            if what is server_killed:
                met = server_killed(server, worker, chance, longest)
                server.start()
                assert server.ask("verify") == {"ok": True, "problems": []}
            else:
                met = what(worker, chance, longest) if what is killed_while_syncing else what(worker, chance)
                worker.person.again()
            number += 1
            inside += met
            longest *= 1.05 if met else 0.8
            assert worker.person.does("verify") == []
            worker.check(worker.person.does("records"))
            if chance.random() < 0.5:
                assert "failed" not in worker.person.does("sync")
        for _ in range(2):
            for worker in workers:
                assert "failed" not in worker.person.does("sync")
        digests = [worker.person.does("digest") for worker in workers]
        assert digests == [server.ask("digest")["scopes"]] * 2
        for worker in workers:
            for one in workers:
                one.check(worker.person.does("records"))
            assert worker.person.does("conflicts") == []  # alone means no conflict, killed or not
            assert worker.person.does("waiting") == 0
            assert worker.person.does("verify") == []
            worker.person.leaves()
    print(f"{inside} of {number} kills met work that was not acknowledged yet")
    assert inside >= KILLS * 0.6
