"""Pictures of every page, in French and Arabic, light and dark: `python -m desktop.pictures --out DIR`; shows no window."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop
from PySide6.QtWidgets import QApplication, QWidget

from desktop import people_pictures, sample
from desktop.app import App, make_application
from desktop.kit.slices import at_rest
from desktop.kit.tasks import Tasks
from desktop.scenes import SCENES, Scene, Subjects
from desktop.shell.look import apply_look
from desktop.shell.people.desk import Desk
from desktop.terminal import opening

LONGEST = 20  # seconds a page may take to come to rest before the picture is given up
SMALL, LARGE = (1024, 768), (1600, 1000)


@dataclass(frozen=True, slots=True)
class Look:
    """Language, theme and size of a window."""

    language: str
    theme: str
    size: tuple[int, int]


LOOKS = [Look(language, theme, size) for language in ("fr", "ar") for theme in ("light", "dark") for size in (SMALL, LARGE)]
QUICK = ("home", "directory-detail", "directory-map", "library", "notes", "sync-conflict")


def main(argv: list[str] | None = None) -> int:
    """Render the pictures and print the path of each."""
    parser = argparse.ArgumentParser(prog="python -m desktop.pictures")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--data", type=Path, help="a data folder to show instead of the sample network")
    parser.add_argument("--quick", action="store_true", help="a few pages, small and light")
    given = parser.parse_args(argv)
    given.out = given.out.resolve()
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):  # what a picture says of a stick is no place of this machine
        folders = {"calm": given.data, "troubled": given.data}
        if given.data is None:
            for mood, make in (("calm", sample.calm), ("troubled", sample.make)):
                make(Path(name) / mood).workspace.close()
                folders[mood] = Path(name) / mood / "amina"
        for number, look in enumerate(LOOKS[:: 4] if given.quick else LOOKS):
            for mood, folder in folders.items():
                scenes = [scene for scene in SCENES if scene.mood == mood and (not given.quick or scene.name in QUICK)]
                _render(Path(name), folder, scenes, look, given.out)
            if given.data is None and not given.quick:
                _render_people(Path(name) / f"people-{number}", look, given.out)
    return 0


def _render(home: Path, folder: Path, scenes: list[Scene], look: Look, out: Path) -> None:
    """The pictures of some scenes in one look, in a window of their own."""
    application, preferences = make_application(home)
    preferences.choose(language=look.language, theme=look.theme)
    apply_look(application, preferences.choices)
    tasks = Tasks()
    app = App(opening.workspace(folder, opening.ONLY_PERSON), preferences, tasks)
    subjects = _subjects(app, look.language)
    app.shell.resize(*look.size)
    app.shell.show()
    rest(application, app)
    for scene in scenes:
        for step in scene.steps:
            step(app, subjects)
            rest(application, app)
        save(app.shell, scene.name, look, out)
    app.shell.close()
    app.end()
    app.shell.deleteLater()
    app.deleteLater()
    application.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # or the next look would dress this window too


def _render_people(folder: Path, look: Look, out: Path) -> None:
    """The pictures of what stands before any session, in one look."""
    folder.mkdir()
    application, preferences = make_application(folder)
    preferences.choose(language=look.language, theme=look.theme)
    apply_look(application, preferences.choices)

    def wait(desk: Desk) -> None:
        settle(application, lambda: desk.tasks.is_idle and all(one.session.tasks.is_idle for one in desk.sessions) and at_rest(desk))

    for name, window in people_pictures.walk(folder, preferences, look.size, wait):
        save(window, name, look, out)
    application.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def save(window: QWidget, name: str, look: Look, out: Path) -> None:
    """Write the picture of a window, named after what it shows and how, and print its path."""
    path = out / f"{name}-{look.language}-{look.theme}{'' if look.size == SMALL else '-large'}.png"
    if not window.grab().save(str(path)):
        raise OSError(f"{path} could not be written")
    print(path)


def rest(application: QApplication, app: App) -> None:
    """Let everything under way come to an end; TimeoutError after LONGEST seconds."""
    settle(application, lambda: app.tasks.is_idle and at_rest(app.shell))


def settle(application: QApplication, is_calm: Callable[[], bool]) -> None:
    """Turn the loop until `is_calm()` holds for a while; TimeoutError after LONGEST seconds."""
    until = time.monotonic() + LONGEST
    calm = 0
    while calm < 5:
        application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        calm = calm + 1 if is_calm() else 0
        if time.monotonic() > until:
            raise TimeoutError("the page did not come to rest")
        time.sleep(0.01)


def _subjects(app: App, language: str) -> Subjects:
    ws = app.workspace
    told = [one.id for one in ws.records("organisation", "phone IS NOT NULL", limit=1)] or [one.id for one in ws.records("organisation", limit=1)]
    contested = [one.id for one in ws.conflicts() if one.kind == "organisation"]
    items = [one.id for one in ws.records("item", "language = ? AND file IS NOT NULL", (language,), limit=1)]
    return Subjects((contested or told or [""])[0], (items or [""])[0])


if __name__ == "__main__":
    sys.exit(main())
