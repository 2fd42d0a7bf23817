"""kill -9 at every write of a real server that commits pushes, and power cuts under it: what it answered is there, whole, when it starts again."""

from __future__ import annotations

import shutil
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from resources import KINDS
from server.premises import Premises
from sync import ledger
from sync.errors import Failure
from sync.exchange import sync
from sync.relay.http import HttpCarrier
from sync.scopes import FOUNDED
from sync.verify import problems_of
from sync.workspace import Workspace
from tests.faults.amounts import amount, chance, some, tell
from tests.faults.disk import Disk, digest_of, moments, put
from tests.faults.pushing import ROUNDS, Answered, fresh, prepared, push
from tests.faults.tracing import Call, attached, calls, needs_strace, points, recording
from tests.server_process import ServerProcess


def pid(server: ServerProcess) -> int:
    assert server._process is not None
    return server._process.pid


@pytest.fixture
def template(ram: Path) -> Path:
    needs_strace()
    prepared(ram / "template")
    return ram / "template"


def witnessed(template: Path, folder: Path) -> tuple[Answered, list[Call]]:
    """One push, whole, and every write of the server."""
    fresh(template, folder)
    server = ServerProcess(folder / "server").start()
    try:
        shutil.copytree(folder / "server", folder / "at-start")
        with attached(pid(server), "-o", str(folder / "log"), *recording()):
            answered = push(folder, server.url, template)
    finally:
        server.stop()
    assert len(answered.heads) == ROUNDS
    return answered, list(calls(folder / "log"))


def problems_in(folder: Path) -> tuple[list[str], int]:
    """What the real code finds wrong in a server's folder, and the number of its public ledger."""
    authority = Premises(folder).set_up()
    try:
        found = [str(one) for one in problems_of(authority.store, KINDS, FOUNDED, authority.key.public, authority.store)]
        at = ledger.head(authority.store, "public")
        assert at is not None
        return found, at.number
    finally:
        authority.store.close()


def test_a_server_killed_at_any_write_keeps_what_it_answered(template: Path, ram: Path) -> None:
    _, found = witnessed(template, ram / "whole")

    def played(place: tuple[str, int]) -> bool:
        name, number = place
        folder = ram / f"{name}-{number}"
        fresh(template, folder)
        server = ServerProcess(folder / "server").start()
        try:
            with attached(pid(server), "-e", f"trace={name}", "-e", f"inject={name}:signal=SIGKILL:when={number}", "-o", "/dev/null"):
                answered = push(folder, server.url, template)
            met = len(answered.heads) < ROUNDS or server._process.poll() is not None  # type: ignore[union-attr]
            if met:
                assert server.wait() == -signal.SIGKILL
            else:
                server.stop()
            assert_whole(folder, answered)
            server.start()
            ws = Workspace(folder / "pc", KINDS)
            sync(ws, HttpCarrier(server.url))
            assert ws.status().waiting == 0
            assert ws.conflicts() == []
            assert ws.digest() == server.json("digest")["scopes"]
            assert ws.verify() == []
            ws.close()
        finally:
            server.close()
        assert problems_in(folder / "server")[0] == []
        shutil.rmtree(folder)
        return met

    places = points(found)
    with ThreadPoolExecutor(2) as workers:
        met = list(workers.map(played, some(places, 2)))
    tell("kill -9 at a write of the server", flow="commit", points=len(places), played=len(met), killed=sum(met), lost=0, half=0)
    assert sum(met) >= len(met) * 0.6


def assert_whole(folder: Path, answered: Answered) -> None:
    """Nothing damaged, and everything that was answered."""
    problems, number = problems_in(folder / "server")
    assert problems == []
    assert number >= max((head for _, head in answered.heads), default=0)


def test_a_power_cut_under_the_server_loses_nothing_answered(template: Path, ram: Path) -> None:
    answered, found = witnessed(template, ram / "whole")
    folder, random, many = ram / "whole" / "server", chance("server power"), amount(30, 10_000)
    (folder).rename(ram / "after")
    (ram / "whole" / "at-start").rename(folder)
    disk = Disk(folder)
    outcome: Counter[str] = Counter()
    opened: dict[bytes, tuple[list[str], int, bool]] = {}
    answers, due = 0, 0.0
    for place, call in moments(disk, found):
        answers += call.name == "sendto" and call.data.startswith(b"HTTP/1.1 ")
        certain = max((head for count, head in answered.heads if count <= answers), default=0)
        due += many / len(found) + (1e-6 if place == len(found) - 1 else 0)
        while due >= 1:
            due -= 1
            image = disk.cut(random)
            key = digest_of(image)
            if key not in opened:
                put(image, ram / "image")
                try:
                    opened[key] = (*problems_in(ram / "image"), Premises(ram / "image").files().here(answered.file))
                except Failure as failure:
                    opened[key] = ([str(failure)], 0, False)
            problems, number, file = opened[key]
            outcome["images"] += 1
            outcome["corrupt"] += bool(problems)
            outcome["lost"] += not problems and (number < certain or (answers >= answered.answers and not file))
            outcome["whole"] += not problems
    tell("power cut under the server, synchronous=FULL", flow="commit", calls=len(found), different=len(opened), **outcome)
    assert answers >= answered.answers - 1
    assert (outcome["corrupt"], outcome["lost"]) == (0, 0), outcome
    assert len({number for _, number, _ in opened.values()}) >= ROUNDS
