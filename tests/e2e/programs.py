"""The two programs as processes: a server that is started, killed and started again, and people who work on folders."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PROGRAM = "import sys; from {module} import main; raise SystemExit(main())"


def surroundings() -> dict[str, str]:
    """The environment of a program under test: this tree, English words, no settings of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DALIL_")}
    return {**kept, "PYTHONPATH": str(ROOT), "DALIL_LANGUAGE": "en", "PYTHONUNBUFFERED": "1"}


def command(module: str, *words: str | Path) -> list[str]:
    """The command line of `dalil` (desktop.__main__) or `dalil-server` (server.cli)."""
    return [sys.executable, "-c", PROGRAM.format(module=module), *map(str, words)]


def told(module: str, *words: str | Path) -> Any:
    """What a command answers with --json."""
    return heard([*command(module), *map(str, words), "--json"])


def heard(line: list[str], **more: str) -> Any:
    """What a command line that succeeds answers as JSON; `more` are variables of its surroundings."""
    done = subprocess.run(line, capture_output=True, text=True, env={**surroundings(), **more}, cwd=ROOT, timeout=120)
    assert done.returncode == 0, f"{line}: {done.stdout} {done.stderr}"
    return json.loads(done.stdout)


def dalil(folder: Path, *words: str | Path) -> Any:
    return told("desktop.__main__", "--data", folder, *words)


class Server:
    """One `dalil-server` on a folder (and a database), on one port, started as often as needed."""

    def __init__(self, folder: Path, db: str = "") -> None:
        self.folder = folder
        self.where = ["--data", str(folder), *(["--db", db] if db else [])]
        self.port = 0
        self.process: subprocess.Popen[str] | None = None
        self.before: tuple[str, ...] = ()  # what stands before its command line: the room in which it runs
        self.module = command("server.cli")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, and wait for the line that says it can answer."""
        self.process = subprocess.Popen([*self.before, *self.module, "serve", *self.where, "--port", str(self.port)], stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True, env=surroundings(), cwd=ROOT)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("listening on http://"), line
        self.port = int(line.rsplit(":", 1)[1])

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End this one process, and wait for its end."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(60)
            assert self.process.stdout is not None
            self.process.stdout.close()
            self.process = None

    def ask(self, *words: str) -> Any:
        return heard([*self.module, *words, *self.where, "--json"])

    def invite(self, role: str = "member", *more: str) -> str:
        return str(self.ask("invite", "--role", role, *more)["code"])


@contextmanager
def running(folder: Path, db: str = "") -> Iterator[Server]:
    """A server that runs as long as the block lasts, whatever happened to it inside."""
    server = Server(folder, db)
    server.start()
    try:
        yield server
    finally:
        server.stop()


class Person:
    """Someone at a PC: a process that may be killed and started again on the same folder."""

    def __init__(self, folder: Path, skew: int = 0) -> None:
        self.folder = folder
        self.skew = skew
        self.process = self._started()

    def does(self, *order: Any) -> Any:
        """Give an order and wait until it is done."""
        self.begins(*order)
        answer = self.hears()
        assert answer is not None, f"{order} ended the program"
        return answer

    def begins(self, *order: Any) -> None:
        """Give an order and do not wait."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def hears(self) -> Any:
        """The next answer, or None when the program is no more."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        return json.loads(line) if line.endswith("\n") else None

    def killed(self) -> None:
        """kill -9 on this one process."""
        self.process.kill()
        self.process.wait(60)

    def again(self) -> None:
        """The same program on the same folder, once more."""
        self.leaves()
        self.process = self._started()

    def leaves(self) -> None:
        """End the program if it still runs."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue
        self.process.wait(60)

    def _started(self) -> subprocess.Popen[str]:
        return subprocess.Popen([sys.executable, str(Path(__file__).with_name("person.py")), str(self.folder), str(self.skew)],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=surroundings(), cwd=ROOT)
