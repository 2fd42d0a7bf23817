"""Computers that share nothing but the cables drawn between them: network namespaces with no other way out; knows no program."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import pytest

_count = itertools.count()


class Room:
    """One namespace. `host` is its address on the first cable that reaches it, "" where none does."""

    def __init__(self, name: str) -> None:
        self.name = f"dalil-{name}-{os.getpid()}-{next(_count)}"
        self.host = ""

    @property
    def enter(self) -> tuple[str, ...]:
        """What stands before the words of a command that runs here."""
        return ("ip", "netns", "exec", self.name)

    def packets(self) -> dict[str, int]:
        """Packets that left each card."""
        lines = _run(*self.enter, "cat", "/proc/net/dev").splitlines()[2:]
        return {line.split(":")[0].strip(): int(line.split(":")[1].split()[9]) for line in lines}

    def leads_out(self) -> bool:
        """Whether a packet for somebody whom no cable reaches would leave."""
        return any(word in _run("ip", "-n", self.name, *version, "route") for word in ("default", " via ") for version in ((), ("-6",)))


@contextmanager
def rooms(names: str, cables: Sequence[str]) -> Iterator[dict[str, Room]]:
    """A room for each letter of `names`, a cable for each pair of letters. A machine that cannot have them skips the test, but in CI it fails."""
    found = {name: Room(name) for name in names}
    with ExitStack() as stack:
        _make(stack, found)
        for number, (one, other) in enumerate(cables):
            card = f"cable{number}"
            _run("ip", "link", "add", card, "netns", found[one].name, "type", "veth", "peer", "name", card, "netns", found[other].name)
            for place, room in enumerate((found[one], found[other]), 1):
                host = f"10.213.{number}.{place}"
                room.host = room.host or host
                _run("ip", "-n", room.name, "addr", "add", f"{host}/24", "dev", card)
                _run("ip", "-n", room.name, "link", "set", card, "up")
        yield found


def _make(stack: ExitStack, found: dict[str, Room]) -> None:
    if os.name != "posix" or os.geteuid() != 0 or shutil.which("ip") is None:
        _missing("network namespaces need root and the program ip")
    for room in found.values():
        try:
            _run("ip", "netns", "add", room.name)
        except subprocess.CalledProcessError as error:
            _missing(f"no network namespaces here: {error.stderr.strip()}")
        stack.callback(_run, "ip", "netns", "del", room.name)
        _run("ip", "-n", room.name, "link", "set", "lo", "up")


def _missing(why: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


def _run(*words: str) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout
