"""The real `dalil-server` as a process on loopback, for tests: commands, serve, stop, kill, and what it logged."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest import mock

from i18n import language, set_language
from server.cli import main

ROOT = Path(__file__).resolve().parents[1]


class ServerProcess:
    """A server on a folder of its own; `db` is a PostgreSQL address or empty. It may be stopped and started again."""

    def __init__(self, folder: Path, db: str = "", *options: str) -> None:
        self.folder = folder
        self.where = ("--data", str(folder), *(("--db", db) if db else ()))
        self.options = options
        self.url = ""
        self.port = 0
        self._log = folder.with_suffix(".log")
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> ServerProcess:
        """Start and wait for the ready line."""
        with self._log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen([sys.executable, "-m", "server", "serve", "--port", str(self.port), *self.where, *self.options],
                                             cwd=ROOT, env=_environment(), stdout=subprocess.PIPE, stderr=log, text=True)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line.startswith("listening on http://127.0.0.1:"), self.log()
        self.url = line.split()[-1]
        self.port = int(self.url.rpartition(":")[2])
        return self

    @property
    def pid(self) -> int:
        """The process that was started."""
        assert self._process is not None
        return self._process.pid

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run one command on the same folder, as a program of its own."""
        return subprocess.run([sys.executable, "-m", "server", *words, *self.where], cwd=ROOT, env=_environment(), capture_output=True,
                              text=True, timeout=240, check=False)

    def said(self, *words: str) -> subprocess.CompletedProcess[str]:
        """What a command leaves that runs in this process: to start a program for each took a fifth of these tests' time."""
        kept, out, err = language(), io.StringIO(), io.StringIO()
        try:
            with mock.patch.dict(os.environ, DALIL_LANGUAGE="en"), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = main(words)
            return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())
        finally:
            set_language(kept)

    def json(self, *words: str) -> Any:
        """What a command answers with --json, in this process; it must succeed."""
        done = self.said(*words, *self.where, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def invite(self, role: str = "member") -> str:
        """A fresh invitation code."""
        return str(self.json("invite", "--role", role)["code"])

    def signal(self, number: int) -> None:
        """Send a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    def wait(self) -> int:
        """Wait for the end; the exit code."""
        assert self._process is not None
        code = self._process.wait(40)
        assert self._process.stdout is not None
        assert self._process.stdout.read() == ""  # the ready line is the only one on standard output
        self._process.stdout.close()
        self._process = None
        return code

    def stop(self) -> int:
        """Stop as a service manager does."""
        self.signal(signal.SIGTERM)
        return self.wait()

    def kill(self) -> None:
        """End at once, as a power cut does for the process."""
        self.signal(signal.SIGKILL)
        self.wait()

    def close(self) -> None:
        """End it if it runs."""
        if self._process is not None:
            self.kill()

    def log(self) -> str:
        """Everything that went to standard error."""
        return self._log.read_text(encoding="utf-8")

    def lines(self) -> list[dict[str, Any]]:
        """The log, line by line; fails when a line is no JSON."""
        return [json.loads(line) for line in self.log().splitlines()]


def _environment() -> dict[str, str]:
    return {**os.environ, "DALIL_LANGUAGE": "en", "PYTHONUNBUFFERED": "1"}


def descendants(pid: int) -> list[tuple[int, str]]:
    """The processes below a process, each with its command line."""
    found = []
    for each in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, each.read_text("ascii").split()):
            words = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            found += [(child, words), *descendants(child)]
    return found
