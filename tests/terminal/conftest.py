"""Commands run in this process on a data folder of their own, or as real programs; a real server where one is needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import i18n
from desktop.terminal.demo.server import Server
from desktop.terminal.start import Doors, main

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Said:
    """What a command left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Dalil = Callable[..., Said]


@pytest.fixture(autouse=True)
def _plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No language and no folder from outside; French again afterwards."""
    for name in ("DALIL_LANGUAGE", "DALIL_DATA", "LC_ALL", "LC_MESSAGES", "LANG", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    yield
    i18n.set_language("fr")


@pytest.fixture
def opened() -> list[tuple[str, Any]]:
    """What the terminal asked to open."""
    return []


@pytest.fixture
def dalil(tmp_path: Path, capsys: pytest.CaptureFixture[str], opened: list[tuple[str, Any]]) -> Dalil:
    """`dalil(*words, data=…)`: run a command in this process; answers what it said."""
    doors = Doors(lambda folder, person: opened.append(("app", (folder, person))) or 0, lambda: opened.append(("self-test", None)) or 0)

    def run(*words: str, data: Path | None = None) -> Said:
        code = main(["--data", str(data or tmp_path / "data"), *words], doors)
        told = capsys.readouterr()
        return Said(code, told.out, told.err)

    return run


@pytest.fixture
def program(tmp_path: Path) -> Dalil:
    """`program(*words)`: run `dalil` as a real process."""

    def run(*words: str, data: Path | None = None, **surroundings: str) -> Said:
        env = {**os.environ, "PYTHONPATH": str(ROOT), **surroundings}
        done = subprocess.run([sys.executable, *(("-X", "importtime") if surroundings.get("IMPORTS") else ()), "-m", "desktop",
                               "--data", str(data or tmp_path / "data"), *words],
                              capture_output=True, text=True, encoding="utf-8", env=env, timeout=120, check=False)
        return Said(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A central server, a real process, for as long as the tests run."""
    with Server(tmp_path_factory.mktemp("server")) as running:
        running.start()
        yield running
