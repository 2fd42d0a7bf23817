"""A real server process and replicas driven one process a command, with what each command took; knows no figure."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.link import Link, link
from benchmarks.peer import ROOT
from benchmarks.workload import workload

_CALM = 3.0  # seconds without work after which a server counts as idle


@dataclass(frozen=True, slots=True)
class Took:
    """What one command of a replica took: its own seconds and CPU seconds, in all and until every record read, memory in MiB
    at the start and at most, the seconds it waited for the server, and what the road counted."""

    s: float
    cpu: float
    read: float
    read_cpu: float
    idle_mb: float
    peak_mb: float
    waited: float
    up: int
    down: int
    turns: int

    @property
    def bytes(self) -> int:
        """Bytes both ways."""
        return self.up + self.down


class Network:
    """A server on a folder, its workload, and replicas `A`, `B`, … beside it."""

    def __init__(self, folder: Path, port: int, count: int, process: int) -> None:
        self.folder = folder
        self.port = port
        self.process = process
        self.count = count
        self.records, self.edits = workload(folder, count)

    def run(self, who: str, *command: str, road: Link | None = None) -> Took:
        """One command of a replica, over a road of its own unless one is given."""
        if road is None:
            with link(self.port) as fresh:
                return self.run(who, *command, road=fresh)
        up, down, turns = road.ways["up"].bytes, road.ways["down"].bytes, road.turns
        told = self._process(who, road.url, command)
        up, down = road.ways["up"].bytes - up, road.ways["down"].bytes - down
        return Took(told["s"], told["cpu_s"], told.get("read_s", told["s"]), told.get("read_cpu_s", told["cpu_s"]), told["rss_base_mb"],
                    told["rss_peak_mb"], told.get("waited_s", 0.0), up, down, road.turns - turns)

    def filled(self, *readers: str) -> None:
        """Readers join while there is nothing to copy; replica A joins and saves the workload, and has not handed it in."""
        for who in ("A", *readers):
            self.run(who, "init")
        self.run("A", "load", str(self.records))

    def edited(self, who: str, turn: int) -> None:
        """A replica saves one field of 100 records, each time another value."""
        changed = self.folder / f"edits{turn}.jsonl"
        rows = [json.loads(line) for line in self.edits.read_text("utf-8").splitlines()]
        for row in rows:
            row["value"] = f"{row['value'][:-2]}{turn:02d}"
        changed.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        self.run(who, "edit", str(changed))

    def server_cpu(self) -> float:
        """CPU seconds that the server has spent so far; 0 where the system does not tell."""
        try:
            words = Path(f"/proc/{self.process}/stat").read_text("ascii").rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def settled(self) -> None:
        """Wait until the server does nothing any more: it makes snapshots when it has time."""
        spent = -1.0
        while spent != (spent := self.server_cpu()):
            time.sleep(_CALM)

    def _process(self, who: str, url: str, command: tuple[str, ...]) -> dict[str, Any]:
        folder = self.folder / who
        folder.mkdir(exist_ok=True)
        words = [sys.executable, "-m", "benchmarks.peer.client", "--dir", str(folder), "--url", url, *command]
        done = subprocess.run(words, cwd=ROOT, env=_environment(), stdout=subprocess.PIPE, text=True, check=True)
        return dict(json.loads(done.stdout.splitlines()[-1]))


@contextmanager
def network(folder: Path, count: int, db: str = "") -> Iterator[Network]:
    """A running server in `folder`, on SQLite or on the PostgreSQL at `db`."""
    folder.mkdir(parents=True, exist_ok=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "benchmarks.peer.server", "--dir", str(folder / "server"), "--port", str(port), "--invitations", "40"]
    process = subprocess.Popen([*words, *(["--db", db] if db else [])], cwd=ROOT, env=_environment(), stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None  # asked for above
        assert process.stdout.readline()  # it listens
        yield Network(folder, port, count, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "DALIL_LANGUAGE": "en"}
