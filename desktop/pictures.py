"""Pictures of every page, in French and Arabic, light and dark: `python -m desktop.pictures --out DIR`; shows no window."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from desktop import sample
from desktop.app import App, make_application
from desktop.kit.tasks import Tasks
from desktop.shell.preferences import Preferences
from resources import KINDS
from sync.workspace import Workspace

LONGEST = 20  # seconds a page may take to come to rest before the picture is given up
SMALL, LARGE = (1024, 768), (1600, 1000)


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture's name and how to come to it."""

    name: str
    go: Callable[[App, Subjects], None]


@dataclass(frozen=True, slots=True)
class Subjects:
    """The records that the pictures show."""

    organisation: str
    item: str


def _page(feature: str, kind: str = "", id: str = "") -> Callable[[App, Subjects], None]:
    return lambda app, _: app.shell.navigate(feature, kind, id)


def _tab(tab: str) -> Callable[[App, Subjects], None]:
    def go(app: App, _: Subjects) -> None:
        app.shell.navigate("sync_room")
        page = app.shell.page("sync_room")
        page.restore({**page.state(), "tab": tab})

    return go


def _offline(app: App, _: Subjects) -> None:
    app.shell.navigate("sync_room")
    app.syncer.start()


def _reading(app: App, subjects: Subjects) -> None:
    app.shell.navigate("library", "item", subjects.item)
    rest(QApplication.instance(), app.tasks)
    app.shell.page("library").detail.read_requested.emit(subjects.item)


SCENES = (
    Scene("home", _page("home")),
    Scene("directory", _page("directory", "view", "list")),
    Scene("directory-detail", lambda app, subjects: app.shell.navigate("directory", "organisation", subjects.organisation)),
    Scene("directory-map", _page("directory", "view", "map")),
    Scene("directory-form", _page("directory", "action", "edit")),
    Scene("library", _page("library")),
    Scene("library-detail", lambda app, subjects: app.shell.navigate("library", "item", subjects.item)),
    Scene("reader", _reading),
    Scene("sync-conflict", _tab("settle")),
    Scene("sync-waiting", _tab("waiting")),
    Scene("sync-refused", _tab("refused")),
    Scene("sync-offline", _offline),
    Scene("preferences", _page("preferences")),
)
QUICK = ("home", "directory-detail", "directory-map", "library", "sync-conflict")


def main(argv: list[str] | None = None) -> int:
    """Render the pictures and print the path of each."""
    parser = argparse.ArgumentParser(prog="python -m desktop.pictures")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--data", type=Path, help="a data folder to show instead of the sample network")
    parser.add_argument("--quick", action="store_true", help="a few pages, small and light")
    given = parser.parse_args(argv)
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = given.data or Path(name) / "amina"
        if given.data is None:
            sample.make(Path(name)).workspace.close()
        application, preferences = make_application(Path(name))
        tasks = Tasks()
        app = App(Workspace(folder, KINDS), preferences, tasks)
        subjects = _subjects(app)
        for language in ("fr", "ar"):
            for theme in ("light",) if given.quick else ("light", "dark"):
                for size in (SMALL,) if given.quick else (SMALL, LARGE):
                    _render(application, app, preferences, tasks, subjects, given.out, (language, theme, size), quick=given.quick)
        app.end()
    return 0


def _render(application: QApplication, app: App, preferences: Preferences, tasks: Tasks, subjects: Subjects, out: Path,
            look: tuple[str, str, tuple[int, int]], *, quick: bool) -> None:
    language, theme, size = look
    preferences.choose(language=language, theme=theme)
    app.shell.resize(*size)
    app.shell.show()
    rest(application, tasks)
    for scene in SCENES:
        if quick and scene.name not in QUICK:
            continue
        scene.go(app, subjects)
        rest(application, tasks)
        path = out / f"{scene.name}-{language}-{theme}{'' if size == SMALL else '-large'}.png"
        if not app.shell.grab().save(str(path)):
            raise OSError(f"{path} could not be written")
        print(path)


def rest(application: QApplication, tasks: Tasks) -> None:
    """Let everything under way come to an end; TimeoutError after LONGEST seconds."""
    until = time.monotonic() + LONGEST
    calm = 0
    while calm < 5:
        application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        calm = calm + 1 if tasks.is_idle else 0
        if time.monotonic() > until:
            raise TimeoutError("the page did not come to rest")
        time.sleep(0.01)


def _subjects(app: App) -> Subjects:
    ws = app.workspace
    contested = [one.id for one in ws.conflicts() if one.kind == "organisation"]
    organisations = contested or [one.id for one in ws.records("organisation", limit=1)]
    items = [one.id for one in ws.records("item", "language = 'fr' AND file IS NOT NULL", limit=1)]
    return Subjects(organisations[0] if organisations else "", items[0] if items else "")


if __name__ == "__main__":
    sys.exit(main())
