"""A thousand replicas push at once: everything stored once, nobody waits long, the server stays small."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from server.premises import Premises
from sync.record import uuid7
from tests.e2e.programs import ROOT, surroundings
from tests.faults.amounts import LONG, amount, tell
from tests.faults.crowd import key_of
from tests.postgres import fresh_database, running_postgres
from tests.server_process import ServerProcess, descendants

SECRET, CHANGES = "crowd", 20


@pytest.mark.parametrize("database", ["sqlite", "postgresql"] if LONG else ["sqlite"])
def test_a_crowd_pushes_at_once(database: str, ram: Path) -> None:
    if database == "sqlite":
        _crowd(database, "", ram)
    else:
        with running_postgres() as cluster:
            _crowd(database, fresh_database(cluster), ram)


def _crowd(database: str, db: str, ram: Path) -> None:
    replicas, pushes, processes = amount(40, 1000), amount(2, 5), 2
    authority = Premises(ram / "server", db).enter().set_up()
    with authority.store.transaction():
        for number in range(replicas):
            person, device = (uuid7(authority.clock(), authority.random) for _ in range(2))
            authority.certify(key_of(SECRET, number).public, person, device, "member")
    authority.store.close()
    server = ServerProcess(ram / "server", db, "--processes", "2").start()
    try:
        each = replicas // processes
        clients = [subprocess.Popen([sys.executable, str(Path(__file__).with_name("crowd.py")), server.url, SECRET, str(place * each), str(each),
                                     str(pushes), str(CHANGES)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=surroundings(), cwd=ROOT)
                   for place in range(processes)]
        found = []
        try:
            for one in clients:
                assert one.stdout is not None
                assert one.stdout.readline() == "ready\n"
            for one in clients:
                assert one.stdin is not None
                one.stdin.write("go\n")
                one.stdin.flush()
            for one in clients:
                found.append(json.loads(one.communicate(timeout=1500)[0]))
                assert one.returncode == 0
        finally:
            for one in clients:
                one.kill()
                one.wait()
        memory = _most_memory(server)
        assert server.json("verify")["ok"]
        assert not [line for line in server.lines() if line.get("status") == 500 or "error" in line]
    finally:
        server.close()
    authority = Premises(ram / "server", db).authority()
    stored = authority.store.value("SELECT count(*) FROM entry WHERE scope = ? AND verdict = 1", ("public",))
    authority.store.close()
    seconds = sorted(each for one in found for each in one["seconds"])
    took = max(one["took"] for one in found)
    statuses = sum((Counter(one["statuses"]) for one in found), Counter())
    tell("crowd", database=database, replicas=replicas, pushes=len(seconds), changes=stored, seconds=round(took, 1),
         changes_a_second=round(stored / took), p50=round(seconds[len(seconds) // 2], 2), p95=round(seconds[int(len(seconds) * 0.95)], 2),
         longest=round(seconds[-1], 2), statuses=dict(statuses), server_memory_mib=round(memory / 2**20))
    assert stored == replicas * pushes * CHANGES
    assert memory <= 2**30


def _most_memory(server: ServerProcess) -> int:
    """The most that the server's processes ever held, all together, in bytes."""
    pids = [server.pid, *(pid for pid, _ in descendants(server.pid))]
    lines = [line for pid in pids for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM")]
    return sum(int(line.split()[1]) for line in lines) * 1024
