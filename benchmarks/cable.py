"""A first sync from a computer nearby over a shaped cable, against a plain HTTP copy of as many bytes over the same one; knows no engine's inside.

The cable joins two network namespaces (a veth, `tc tbf`): it needs root and Linux.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.figure import Family, Figure, compared
from benchmarks.peer import ROOT
from desktop.terminal import opening
from sync.exchange import sync

HOST, VISITOR = "10.214.9.1", "10.214.9.2"
RATES = (100, 1000)  # Mbit/s
TURNS = 3
SIZE = 2_000_000  # bytes of a file
COPY = "import shutil, sys, urllib.request; shutil.copyfileobj(urllib.request.urlopen(sys.argv[1]), open(sys.argv[2], 'wb'), 256 * 1024)"


def cable_family(folder: Path, count: int, megabytes: int) -> Family:
    """`count` records and so many MB of files."""
    what = f"first sync of {count:,} records and {megabytes:,} MB of files"
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("tc") is None:
        return Family("A cable", [Figure(what, "not measured here")], "Needs root, `ip` and `tc`.")
    folder.mkdir(parents=True)
    with _serving(folder / "server") as url:
        for who in ("A", "B"):
            code = json.loads(_said([sys.executable, "-m", "server", "invite", "--data", str(folder / "server"), "--json"]))["code"]
            _dalil([], "join", url, "--code", code, "--name", who, "--data", str(folder / who))
        _said([sys.executable, "-m", "benchmarks.cable", str(folder / "A"), str(count), str(megabytes)])
    shutil.rmtree(folder / "server")
    figures = [figure for rate in RATES for figure in _at(folder, rate, what)]
    return Family("A cable", figures, "Two network namespaces and a veth whose two ends are shaped with `tc tbf`; one program serves, the other"
                  " visits, on the same processors. The limit is Python’s own HTTP server and client moving one file of as many bytes to disk."
                  " As a speed, 1.43× is 0.7 of the plain copy’s.")


def _at(folder: Path, rate: int, what: str) -> Iterator[Figure]:
    values, limits, moved = [], [], 0
    with cable(rate) as (there, here), shared(folder / "A", there) as url:
        for turn in range(TURNS):
            replica = folder / f"visitor{rate}.{turn}"
            shutil.copytree(folder / "B", replica)
            start = time.perf_counter()
            said = _dalil(here, "sync", "--via", url, "--data", str(replica))
            values.append(time.perf_counter() - start)
            moved = said["bytes_down"]
            limits.append(_copied(folder, there, here, moved))
            shutil.rmtree(replica)
    yield compared(f"{what} at {rate:,} Mbit/s", values, limits, f"plain copy of {moved / 1e6:,.0f} MB", bar="≤ 1.43×")


def _copied(folder: Path, there: list[str], here: list[str], size: int) -> float:
    """Seconds in which one file of so many bytes is copied by HTTP."""
    place = folder / "plain"
    place.mkdir(exist_ok=True)
    with (place / "file").open("wb") as out:
        for _ in range(0, size, 1_000_000):
            out.write(os.urandom(min(1_000_000, size - out.tell())))
    server = subprocess.Popen([*there, sys.executable, "-u", "-m", "http.server", "8099", "--bind", HOST], cwd=place, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True)
    try:
        assert server.stdout is not None  # asked for above
        server.stdout.readline()  # it listens
        start = time.perf_counter()
        subprocess.run([*here, sys.executable, "-c", COPY, f"http://{HOST}:8099/file", str(place / "copy")], check=True)
        took = time.perf_counter() - start
        assert (place / "copy").stat().st_size == size
        return took
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(place)


@contextmanager
def cable(rate: int) -> Iterator[tuple[list[str], list[str]]]:
    """Two namespaces and a veth of `rate` Mbit/s each way; answers what stands before a command in each."""
    names = [f"dalil-cable-{end}-{os.getpid()}" for end in "ab"]
    with ExitStack() as stack:
        for name in names:
            _run("ip", "netns", "add", name)
            stack.callback(_run, "ip", "netns", "del", name)
        _run("ip", "link", "add", "cable", "netns", names[0], "type", "veth", "peer", "name", "cable", "netns", names[1])
        for name, host in zip(names, (HOST, VISITOR), strict=True):
            _run("ip", "-n", name, "addr", "add", f"{host}/24", "dev", "cable")
            _run("ip", "-n", name, "link", "set", "lo", "up")
            _run("ip", "-n", name, "link", "set", "cable", "up")
            _run("ip", "netns", "exec", name, "tc", "qdisc", "add", "dev", "cable", "root", "tbf", "rate", f"{rate}mbit",
                 "burst", f"{max(64, rate)}kb", "latency", "50ms")
        yield (["ip", "netns", "exec", names[0]], ["ip", "netns", "exec", names[1]])


@contextmanager
def shared(folder: Path, there: list[str]) -> Iterator[str]:
    """`dalil share` on a folder; answers its address."""
    words = [*there, sys.executable, "-m", "desktop", "share", "--hidden", "--data", str(folder)]
    process = subprocess.Popen(words, cwd=ROOT, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None  # asked for above
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    """A server that runs as long as the block lasts; answers its address."""
    words = [sys.executable, "-m", "server", "serve", "--port", "0", "--data", str(folder)]
    process = subprocess.Popen(words, cwd=ROOT, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None  # asked for above
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.wait(60)


def fill(folder: Path, count: int, megabytes: int) -> None:
    """Save `count` organisations of some 1,000 bytes, and files in library items, in the folder of somebody who joined; and sync."""
    ws = opening.workspace(folder, opening.ONLY_PERSON)
    dice = random.Random(1)
    with ws.together():
        for number in range(count):
            name = {"fr": f"Association {number}", "ar": f"جمعية {number}"}
            ws.add("organisation", {"name": name, "region": "DJ-OB", "note": dice.randbytes(400).hex()})
    for number in range(megabytes * 1_000_000 // SIZE):
        source = folder / f"{number}.bin"
        source.write_bytes(dice.randbytes(SIZE))
        file = ws.files.take(source)
        source.unlink()
        with ws.together():
            ws.add("item", {"title": {"fr": f"Document {number}"}, "licence": "cc0", "file": file})
    sync(ws)
    ws.close()


def _dalil(here: list[str], *words: str) -> dict[str, Any]:
    return dict(json.loads(_said([*here, sys.executable, "-m", "desktop", *words, "--json"])))


def _said(words: list[str]) -> str:
    return subprocess.run(words, cwd=ROOT, env=_environment(), stdout=subprocess.PIPE, text=True, check=True).stdout


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "DALIL_LANGUAGE": "en"}


if __name__ == "__main__":
    fill(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
