"""The central server of a demonstration: a real process that is started and stopped; its code is never imported here."""

from __future__ import annotations

import importlib.util
import json
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from i18n import Text, language
from sync.errors import Failure

STARTS = "listening on "
PATIENCE = 60  # seconds for a slow PC to start it
LEAVING = 10  # seconds to stop politely


class Server:
    """`dalil-server` on loopback, in a folder of its own. It keeps its port when it comes back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = ""
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        if any(importlib.util.find_spec(name) is None for name in ("server", "fastapi", "uvicorn")):
            raise Failure(
                Text("The server is not installed on this computer, so there is nothing to demonstrate with. Install dalil[server]."), "no_server")
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Start the process and wait until it answers; Failure with its last words when it does not."""
        port = self.url.rpartition(":")[2] or "0"
        self._process = subprocess.Popen(self._words("serve", "--port", port), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                         text=True, encoding="utf-8", errors="replace", env=_surroundings())
        lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=_read, args=(self._process, lines), daemon=True).start()
        told: list[str] = []
        end = time.monotonic() + PATIENCE
        while (line := _next(lines, end)) is not None:
            if line.startswith(STARTS):
                self.url = line.removeprefix(STARTS).strip()
                return
            told.append(line.strip())
        self.stop()
        raise Failure(Text("The server did not start: {words}", words=" / ".join(told[-5:]) or "–"), "no_server")

    def stop(self) -> None:
        """End the process, politely first."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(LEAVING)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def invite(self, role: str) -> str:
        """An invitation code."""
        return str(self._ask("invite", "--role", role)["code"])

    def digest(self) -> dict[str, str]:
        """The digest of each scope, as the server's own command says it."""
        return {str(scope): str(value) for scope, value in self._ask("digest")["scopes"].items()}

    def _ask(self, *words: str) -> dict[str, dict[str, str]]:
        done = subprocess.run(self._words(*words, "--json"), capture_output=True, text=True, encoding="utf-8", errors="replace",
                              env=_surroundings(), check=False)
        try:
            answer: dict[str, dict[str, str]] = json.loads(done.stdout)
        except ValueError:
            answer = {}
        if done.returncode or not answer:
            last = (done.stderr or done.stdout).strip()[-400:] or "–"
            raise Failure(Text("The server’s command “{command}” failed: {words}", command=words[0], words=last), "no_server")
        return answer

    def _words(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "server", "--data", str(self.folder), *words]


def _surroundings() -> dict[str, str]:
    return {**os.environ, "DALIL_LANGUAGE": language(), "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}


def _read(process: subprocess.Popen[str], lines: queue.Queue[str | None]) -> None:
    """Everything the process says, to its end: a full pipe would stop it."""
    if process.stdout is not None:
        with process.stdout:
            for line in process.stdout:
                lines.put(line)
    lines.put(None)


def _next(lines: queue.Queue[str | None], end: float) -> str | None:
    try:
        return lines.get(timeout=max(0.0, end - time.monotonic()))
    except queue.Empty:
        return None
