"""Two PCs in network namespaces that a cable joins and nothing else leads out of: they meet, and no packet goes anywhere else (`make faults`)."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.e2e.programs import command, dalil, running, surroundings
from tests.faults.amounts import LONG

HOSTS = ("10.213.7.1", "10.213.7.2")

pytestmark = [
    pytest.mark.skipif(not LONG, reason="the long form: make faults"),
    pytest.mark.skipif(os.name != "posix" or not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("ip") is None,
                       reason="network namespaces need root and the program ip"),
]


def run(*words: str) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.fixture
def rooms() -> Iterator[tuple[str, str]]:
    """Two namespaces, joined by a veth with an address each, and no other route."""
    names = (f"dalil-a-{os.getpid()}", f"dalil-b-{os.getpid()}")
    try:
        for name in names:
            run("ip", "netns", "add", name)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"no network namespaces here: {error.stderr.strip()}")
    try:
        run("ip", "link", "add", "cable", "netns", names[0], "type", "veth", "peer", "name", "cable", "netns", names[1])
        for name, host in zip(names, HOSTS, strict=True):
            run("ip", "-n", name, "addr", "add", f"{host}/24", "dev", "cable")
            run("ip", "-n", name, "link", "set", "cable", "up")
            run("ip", "-n", name, "link", "set", "lo", "up")
        yield names
    finally:
        for name in names:
            run("ip", "netns", "del", name)


def packets(name: str) -> dict[str, int]:
    """Packets that left each card of a namespace."""
    lines = run("ip", "netns", "exec", name, "cat", "/proc/net/dev").splitlines()[2:]
    return {line.split(":")[0].strip(): int(line.split(":")[1].split()[9]) for line in lines}


def test_two_pcs_on_a_cable_and_nothing_goes_elsewhere(tmp_path: Path, rooms: tuple[str, str]) -> None:
    ana, bilal = tmp_path / "ana", tmp_path / "bilal"
    with running(tmp_path / "server") as server:
        for folder in (ana, bilal):
            dalil(folder, "join", server.url, "--code", server.invite(), "--name", folder.name)
        for number in range(20):
            dalil(ana, "add", "organisation", "--set", f"name.fr=Association {number}")
        dalil(ana, "sync")
    dalil(bilal, "add", "organisation", "--set", "name.fr=De Bilal")
    host = subprocess.Popen(["ip", "netns", "exec", rooms[0], *command("desktop.__main__", "share", "--data", ana, "--name", "Salle")],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=surroundings())
    assert host.stdout is not None
    try:
        found = urlsplit(host.stdout.readline().split()[-1])
        assert found.hostname == HOSTS[0]
        for _ in range(5):  # an announcement takes a second or two, more where many programs run
            seen = told(rooms[1], bilal, "nearby")
            if "Salle" in seen:
                break
        assert '"name": "Salle"' in seen and f'"url": "{found.geturl()}"' in seen
        before = packets(rooms[1])["cable"]
        assert '"sent": 1' in told(rooms[1], bilal, "sync", "--via", found.geturl())
    finally:
        host.terminate()
        host.wait(60)
        host.stdout.close()
    assert dalil(ana, "digest") == dalil(bilal, "digest")
    assert packets(rooms[1])["cable"] > before
    for name in rooms:
        assert {card: count for card, count in packets(name).items() if card != "cable" and count and card != "lo"} == {}
        assert "default" not in run("ip", "-n", name, "route")


def told(room: str, folder: Path, *words: str) -> str:
    done = subprocess.run(["ip", "netns", "exec", room, *command("desktop.__main__", *words, "--data", folder, "--json")], capture_output=True, text=True,
                          env=surroundings(), timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
