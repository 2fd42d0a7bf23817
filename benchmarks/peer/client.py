"""`python -m benchmarks.peer.client --dir DIR --url URL COMMAND`: a replica driven one process a command; knows no other engine."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.peer.kind import KIND, given_of, known, part_of, record_id, values_of
from resources import KINDS
from sync import exchange
from sync.events import Changed
from sync.relay.http import HttpCarrier
from sync.workspace import Workspace

CODES = "codes"  # the file with invitations, beside the replica's folder


class Watched(HttpCarrier):
    """The road, with the seconds that a replica waited for it."""

    waited = 0.0

    def exchange(self, body: bytes) -> bytes:
        """Carry a request there and its answer back."""
        start = time.perf_counter()
        try:
            return super().exchange(body)
        finally:
            self.waited += time.perf_counter() - start


class Readable:
    """When the last record came to read: the seconds, and CPU seconds, until then. The search index may come later."""

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws
        self.s = self.cpu = 0.0
        self._count = self._counted()
        self._start = time.perf_counter(), time.process_time()
        ws.subscribe(self._on_changed)

    def _on_changed(self, changed: Changed) -> None:
        known = self._count
        if not changed.ids:  # a whole copy was loaded, or put in order
            self._count = self._counted()
        if changed.ids or self._count != known:
            self.s, self.cpu = time.perf_counter() - self._start[0], time.process_time() - self._start[1]

    def _counted(self) -> int:
        return self.ws.count(KIND.name)


def main() -> None:
    """Run one command; prints what it took as one JSON line."""
    parser = argparse.ArgumentParser(prog="benchmarks.peer.client")
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--url", required=True)
    parser.add_argument("command", choices=sorted(COMMANDS))
    parser.add_argument("argument", nargs="?", default="")
    given = parser.parse_args()
    start = time.perf_counter()
    ws = Workspace(given.dir, known(KINDS))
    told: dict[str, Any] = {"cmd": given.command, "open_s": round(time.perf_counter() - start, 4), "rss_base_mb": _peak()}
    start, cpu = time.perf_counter(), time.process_time()
    told |= COMMANDS[given.command](ws, given)
    told |= {"s": round(time.perf_counter() - start, 4), "cpu_s": round(time.process_time() - cpu, 4), "rss_peak_mb": _peak()}
    ws.close()
    print(json.dumps(told))


def init(ws: Workspace, given: argparse.Namespace) -> dict[str, Any]:
    """Join with the first code that nobody took; the copy is as empty as the server."""
    codes = given.dir.parent / CODES
    code, *rest = codes.read_text("utf-8").split()
    codes.write_text("\n".join(rest), "utf-8")
    exchange.join(ws, given.url, code, given.dir.name)
    return {}


def load(ws: Workspace, given: argparse.Namespace) -> dict[str, Any]:
    """Save every record of a file, in one transaction."""
    with ws.together():
        for one in _lines(given.argument):
            ws.add(KIND.name, values_of(one), id=record_id(one["id"]))
    return {}


def edit(ws: Workspace, given: argparse.Namespace) -> dict[str, Any]:
    """Save one field of each record named, every one a save of its own kind in one transaction."""
    with ws.together():
        for one in _lines(given.argument):
            ws.write(KIND.name, record_id(one["id"]), dict([part_of(one["field"], one["value"])]))
    return {}


def sync(ws: Workspace, given: argparse.Namespace) -> dict[str, Any]:
    """What the program does when it syncs."""
    road, readable = Watched(given.url), Readable(ws)
    report = exchange.sync(ws, road)
    return {"reported": f"{report.sent} sent, {report.accepted} accepted, {report.refused} refused, {report.received} received",
            "waited_s": round(road.waited, 4), "read_s": round(readable.s, 4), "read_cpu_s": round(readable.cpu, 4)}


def dump(ws: Workspace, given: argparse.Namespace) -> dict[str, Any]:
    """Write every record that reads as the workload writes it."""
    with Path(given.argument).open("w", encoding="utf-8") as out:
        for record in ws.records(KIND.name, limit=10**9):
            out.write(json.dumps(given_of(record), ensure_ascii=False, separators=(",", ":")) + "\n")
    return {}


def conflicts(ws: Workspace, given: argparse.Namespace) -> dict[str, Any]:
    """What waits for a person in one record: each field with the values that stand beside each other."""
    found = [one for one in ws.conflicts() if one.id == record_id(given.argument)]
    return {"conflicts": [{"field": one.field, "values": [each.value for each in one.values]} for one in found]}


COMMANDS: dict[str, Callable[[Workspace, argparse.Namespace], dict[str, Any]]] = {
    "init": init, "load": load, "edit": edit, "sync": sync, "dump": dump, "conflicts": conflicts}


def _lines(path: str) -> Iterator[dict[str, Any]]:
    with Path(path).open(encoding="utf-8") as given:
        yield from map(json.loads, given)


def _peak() -> float:
    """The most memory that this process held, in MiB; 0 where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text("ascii").splitlines()
    except OSError:
        return 0.0
    return next(round(int(line.split()[1]) / 1024, 1) for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    main()
