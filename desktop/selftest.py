"""The program tries itself: its parts, then every page in every language and light; knows pages only by what one sees of them."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEventLoop, QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QWidget

from desktop import people_pictures, sample
from desktop.app import FEATURES, App, make_application
from desktop.features.directory.page import VIEW
from desktop.kit.reader import Reader
from desktop.kit.tasks import Tasks
from desktop.selftest_parts import PARTS
from desktop.shell.finding import Finder
from desktop.shell.people.desk import Desk
from desktop.shell.preferences import Choices, Preferences
from i18n import LANGUAGES, Text, language
from resources.starter.reading import guides
from sync import exchange
from sync.workspace import Workspace

__all__ = ["Journal", "main", "walk"]

THEMES = ("light", "dark")
PATIENCE = 30_000  # ms that a page may take to come to rest
# What Qt says about the platform without a screen, on which nobody works.
NO_MATTER = ("This plugin does not support", "propagateSizeHints")


class Journal:
    """One line a check, and what went wrong meanwhile: Qt's warnings and exceptions that nobody caught.

    Attributes: `failures` counts the checks that did not hold; `say` takes a line.
    """

    def __init__(self, say: Callable[[str], object], tongue: str) -> None:
        self.say, self.failures = say, 0
        self._tongue = tongue
        self._heard: list[str] = []
        self._before: tuple[Any, Any] = (None, sys.excepthook)

    @contextmanager
    def check(self, name: str) -> Iterator[None]:
        """Run one check; whatever it raises, or Qt warns of, is a failure and the next check runs all the same."""
        self._heard.clear()
        try:
            yield
        except Exception as error:  # noqa: BLE001 - a self-test reports whatever fails, and goes on
            self._heard += traceback.format_exception(error)
        if self._heard:
            self.failures += 1
        verdict = Text("failed") if self._heard else Text("holds")
        self.say(f"{verdict.say(self._tongue)}: {name}")
        for line in self._heard:
            self.say(f"    {line.rstrip()}")

    def listen(self) -> None:
        """Hear Qt's warnings and exceptions in slots from here on."""
        self._before = qInstallMessageHandler(self._on_qt_message), sys.excepthook
        sys.excepthook = self._on_exception

    def stop_listening(self) -> None:
        """Let whoever listened before hear again."""
        handler, sys.excepthook = self._before
        qInstallMessageHandler(handler)

    def _on_qt_message(self, kind: QtMsgType, _where: QMessageLogContext, message: str) -> None:
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) and not any(words in message for words in NO_MATTER):
            self._heard.append(f"Qt: {message}")

    def _on_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self._heard += traceback.format_exception(kind, error, trace)


def main() -> int:
    """Run every check; 0 only if all held. Draws offscreen unless QT_QPA_PLATFORM names a platform."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    tongue = language()
    journal = Journal(print, tongue)
    journal.listen()
    try:
        with tempfile.TemporaryDirectory(prefix="dalil-", ignore_cleanup_errors=True) as folder:
            return _run(journal, tongue, Path(folder))
    finally:
        journal.stop_listening()


def _run(journal: Journal, tongue: str, folder: Path) -> int:
    application, preferences = make_application(folder)
    for name, part in PARTS.items():
        with journal.check(name.say(tongue)):
            part()
    network = None
    with journal.check(Text("Sample network").say(tongue)):
        network = sample.make(folder)
    if network is not None:
        with journal.check(Text("Exchange with a server").say(tongue)):
            exchange.sync(network.workspace, network.carrier)
        with journal.check(Text("Search in Arabic and French").say(tongue)):
            find(network.workspace)
        app = App(network.workspace, preferences, Tasks())
        app.shell.show()
        walk(journal, app, network)
        app.shell.close()
        app.end()
        rest(application)
    for language_code in ("fr", "ar"):
        meet(journal, language_code, folder / f"people-{language_code}")
    tell = Text("All checks hold.") if not journal.failures else Text.counted("{n} check failed.", "{n} checks failed.", journal.failures)
    journal.say(tell.say(tongue))
    return 1 if journal.failures else 0


def walk(journal: Journal, app: App, network: sample.Sample) -> None:
    """Open every page in every language and theme, as a person does who changes them while the app runs."""
    for tongue in LANGUAGES:
        for theme in THEMES:
            with journal.check(f"{tongue} {theme}"):
                app.shell.context.preferences.choose(language=tongue, theme=theme)
                come_to_rest(app)
            for page, kind, id in steps(network):
                with journal.check(f"{tongue} {theme} {' '.join(word for word in (page, kind, 'record' if len(id) == 36 else id) if word)}"):
                    app.shell.navigate(page, kind, id)
                    come_to_rest(app)
                    draw(app.shell)
            with journal.check(f"{tongue} {theme} reader"):
                read(app, tongue)


def meet(journal: Journal, tongue: str, folder: Path) -> None:
    """Come to a PC of several people: the first screen, a name, a phrase, a lock; real vaults are made in `folder`."""
    with journal.check(f"{tongue} people"):
        folder.mkdir()
        preferences = Preferences(folder / "preferences.json", Choices(language=tongue))
        for _name, window in people_pictures.walk(folder, preferences, (1024, 768), _all_at_rest):
            draw(window)


def _all_at_rest(desk: Desk) -> None:
    for tasks in [desk.tasks, *(one.session.tasks for one in desk.sessions)]:
        settle(tasks)


def steps(network: sample.Sample) -> list[tuple[str, str, str]]:
    """What is opened, in this order: each page as it is, then records, forms and the map."""
    pages = [feature.id for feature in FEATURES] + ["preferences", "shortcuts"]
    return [
        *((page, "", "") for page in pages),
        ("directory", "organisation", network.organisation),
        ("directory", "organisation", "new"),
        ("directory", VIEW, "map"),
        ("library", "item", network.item),
        ("library", "item", "new"),
    ]


def find(workspace: Workspace) -> None:
    """The one way in which users spell their town finds the other; AssertionError when nothing is found."""
    finder = Finder(workspace)
    for typed in ("اوبوك", "Obok", "ecole"):
        if not finder(typed):
            raise AssertionError(typed)


def read(app: App, tongue: str) -> None:
    """Open a guide in the reader; French where it is not written in `tongue`."""
    guide = guides()[0]
    written = tongue if tongue in guide.languages else "fr"
    path = Path(str(files("resources.starter").joinpath("guides", guide.file_name(written))))
    reader = Reader(app.tasks)
    failed: list[object] = []
    opened: list[str] = []
    reader.failed.connect(failed.append)
    reader.opened.connect(opened.append)
    reader.resize(800, 600)
    reader.show()
    reader.open(path, "text/markdown", written, guide.title[written])
    come_to_rest(app)
    draw(reader)
    reader.close_document()
    reader.close()
    reader.deleteLater()
    if failed or not opened:
        raise AssertionError(f"{path.name}: {failed}")


def come_to_rest(app: App) -> None:
    """Wait until no task is under way and no event waits; TimeoutError when that takes too long."""
    settle(app.tasks)


def settle(tasks: Tasks) -> None:
    """Wait until these lanes have nothing to do and no event waits; TimeoutError when that takes too long."""
    rest(QApplication.instance())
    clock = QElapsedTimer()
    clock.start()
    while not tasks.is_idle:
        loop = QEventLoop()
        tasks.idle.connect(loop.quit)
        QTimer.singleShot(PATIENCE, loop, loop.quit)
        loop.exec()
        tasks.idle.disconnect(loop.quit)
        if clock.hasExpired(PATIENCE):
            raise TimeoutError(f"not at rest after {PATIENCE} ms")
        rest(QApplication.instance())


def rest(application: QCoreApplication) -> None:
    """Let all events that wait, and those they cause, have their turn."""
    for _ in range(3):
        application.processEvents()


def draw(widget: QWidget) -> None:
    """Paint it; AssertionError when what is seen is of one colour."""
    picture = widget.grab().toImage()
    first = picture.pixel(0, 0)
    lines = range(0, picture.height(), 7)
    if all(picture.pixel(x, y) == first for y in lines for x in range(0, picture.width(), 7)):
        raise AssertionError("nothing is drawn")
