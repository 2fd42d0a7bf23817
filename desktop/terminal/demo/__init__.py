"""`dalil demo`: a real server on loopback with a sample network, and the app joined to it, or the main job told in words."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop.terminal.demo import network
from desktop.terminal.demo.replica import Replica
from desktop.terminal.demo.server import Server
from desktop.terminal.demo.steps import Steps
from desktop.terminal.demo.walk import walk
from i18n import Text, language, t
from sync.errors import Failure


def main(given: Namespace) -> int:
    """Run the demonstration; 0 when everything that it shows was true, else 1."""
    steps = Steps(as_json=given.as_json)
    with _folder(given.data) as folder, Server(folder / "server") as server:
        server.start()
        steps.say(t("The central server is up: {url}", url=server.url))
        with Replica.join(folder / "secretariat", server, "administrator", t("Secretariat")) as secretariat:
            network.fill(secretariat.ws)
            secretariat.sync()
            steps.say(network.counted(secretariat.ws))
        if not has_display():
            steps.say(t("There is no display here, so the main job is walked in words."))
            walk(folder, server, steps)
            return steps.end()
        with Replica.join(folder / "obock", server, "member", "Amina"):
            steps.say(t("Amina, in Obock, has joined. The app opens; close its window to end the demonstration."))
        return _open_app(folder / "obock")


def _open_app(folder: Path) -> int:
    """The app on a folder, until its window is closed; answers its exit code."""
    with subprocess.Popen([*program(), "--data", str(folder), "--language", language()]) as window:
        try:
            return window.wait()
        finally:
            window.terminate()  # whoever stops the demonstration closes the window too


def has_display() -> bool:
    """Whether a window can be shown."""
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def program() -> list[str]:
    """The words that start this very program again."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "desktop"]


@contextmanager
def _folder(given: str | None) -> Iterator[Path]:
    """The folder of the demonstration: a temporary one, gone at the end, or an empty one of the person's."""
    if given is not None:
        folder = Path(given).expanduser().absolute()
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise Failure(Text("{folder} is not an empty folder. The demonstration never touches real data: choose an empty one.",
                               folder=str(folder)), "invalid")
        yield folder
        return
    made = Path(tempfile.mkdtemp(prefix="dalil-demo-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
