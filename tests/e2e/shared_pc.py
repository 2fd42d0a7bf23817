"""A PC that several people use, in a room of its own or not: its commands, what it shares, and whoever sits at it; knows no test."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.e2e.programs import ROOT, Server, heard, surroundings
from tests.e2e.rooms import Room

LAUNCH = [sys.executable, str(Path(__file__).with_name("launch.py"))]


class Station(Server):
    """A server that knows the kind that an organisation has for itself."""

    def __init__(self, folder: Path, db: str = "") -> None:
        super().__init__(folder, db)
        self.module = [*LAUNCH, "server.cli"]


class PC:
    """One data folder. `room` is where its programs run; `skew` is what its clock is wrong by, in milliseconds."""

    def __init__(self, folder: Path, room: Room | None = None, skew: int = 0) -> None:
        self.folder = folder
        self.before = list(room.enter) if room is not None else []
        self.more = {"DALIL_TEST_SKEW": str(skew)}

    def outside(self) -> PC:
        """The same folder where the machine's own network is."""
        return PC(self.folder, None, int(self.more["DALIL_TEST_SKEW"]))

    def dalil(self, name: str, *words: object) -> Any:
        """What a command of somebody answers; it must succeed."""
        return heard(self._line(name, *words), **self.more)

    def fails(self, name: str, *words: object) -> tuple[str, str]:
        """The code and the sentence of a command that must fail."""
        said = self.tries(name, *words)
        assert "error" in said, said
        return said["error"]["code"], said["error"]["message"]

    def tries(self, name: str, *words: object) -> Any:
        """What a command answers, failure or not."""
        done = subprocess.run(self._line(name, *words), capture_output=True, text=True, env={**surroundings(), **self.more}, cwd=ROOT, timeout=120)
        assert done.returncode in (0, 1), done.stdout + done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return json.loads(done.stdout)

    @contextmanager
    def shares(self, name: str, host: str = "") -> Iterator[str]:
        """`dalil share` as long as the block lasts; answers the address by which `host` is found, or the loopback's."""
        line = [*self.before, *LAUNCH, "desktop.__main__", "share", "--hidden", "--data", str(self.folder), "--as", name]
        process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**surroundings(), **self.more}, cwd=ROOT)
        assert process.stdout is not None
        try:
            said = process.stdout.readline()
            assert said.startswith("sharing on http://"), said
            yield f"http://{host or '127.0.0.1'}:{urlsplit(said.split()[-1]).port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
            process.stdout.close()

    @contextmanager
    def sits(self, name: str, secret: str = "") -> Iterator[Seat]:
        """Somebody works here as long as the block lasts."""
        seat = Seat(self, name, secret)
        try:
            assert seat.opened == "open", seat.opened
            yield seat
        finally:
            seat.leaves()

    def _line(self, name: str, *words: object) -> list[str]:
        return [*self.before, *LAUNCH, "desktop.__main__", *map(str, words), "--data", str(self.folder), "--as", name, "--json"]


class Seat:
    """A process of somebody at a PC, that may be killed. `opened` is "open", or how opening failed."""

    def __init__(self, pc: PC, name: str, secret: str = "") -> None:
        self.starts(pc, name, secret)
        self.opened = self.hears()

    def starts(self, pc: PC, name: str, secret: str = "") -> None:
        """Begin, and do not wait until the file is open."""
        line = [*pc.before, sys.executable, str(Path(__file__).with_name("seat.py")), str(pc.folder), name]
        self.process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
                                        env={**surroundings(), **pc.more, **({"DALIL_SECRET": secret} if secret else {})})

    def does(self, *order: Any) -> Any:
        """Give an order and wait until it is done; it must not fail."""
        answer = self.tries(*order)
        assert not (isinstance(answer, dict) and answer.get("failed")), (order, answer)
        return answer

    def tries(self, *order: Any) -> Any:
        """Give an order and wait for what came of it."""
        self.begins(*order)
        answer = self.hears()
        assert answer is not ENDED, f"{order} ended the program"
        return answer

    def begins(self, *order: Any) -> None:
        """Give an order and do not wait."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def hears(self) -> Any:
        """The next answer, or ENDED when the program is no more."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        return json.loads(line) if line.endswith("\n") else ENDED

    def killed(self) -> None:
        """kill -9 on this one process."""
        self.process.kill()
        self.process.wait(60)

    def leaves(self) -> None:
        """End the program if it still runs."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue
        self.process.wait(60)


ENDED = object()  # what is heard of a program that is no more
