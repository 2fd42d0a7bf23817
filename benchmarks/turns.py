"""The longest turn of the screen's event loop in each of a reader's actions; draws offscreen, in this process.

A turn is what the loop does before it looks for keys and clicks again. It is measured in CPU time of the screen's
thread, so that what else runs on the machine does not count. `python -m benchmarks.turns --profile "open a record"`
says where the time of one action goes.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.figure import Family, Figure

FRAME = 16  # ms: one picture of a 60 Hz screen
CALM = 4  # turns in a row with nothing to do before an action counts as over


class Turns:
    """The app on the sample network, and its event loop turned by hand."""

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        from desktop import sample
        from desktop.app import App, make_application
        from desktop.kit.tasks import Tasks
        from resources import KINDS
        from sync.workspace import Workspace

        made = sample.make(folder)
        made.workspace.close()
        self.organisation, self.item = made.organisation, made.item
        self.application, self.preferences = make_application(folder / "amina")
        self.preferences.choose(language="fr")
        self.tasks = Tasks()
        self.app = App(Workspace(folder / "amina", KINDS), self.preferences, self.tasks)
        self.app.shell.resize(1024, 768)
        self.app.shell.show()
        self.others = [one.id for one in self.app.workspace.records("organisation", limit=6) if one.id != self.organisation]
        self.longest(lambda: None)

    def end(self) -> None:
        """Close the app."""
        self.app.end()

    def longest(self, act: Callable[[], Any], watch: cProfile.Profile | None = None) -> float:
        """Milliseconds of CPU in the longest turn, from `act` until nothing more is to be done."""
        from PySide6.QtCore import QEventLoop, QTimer

        QTimer.singleShot(0, act)
        worst, calm = 0.0, 0
        while calm < CALM:
            if watch:
                watch.enable()
            start = time.thread_time()
            busy = self.application.eventDispatcher().processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
            worst = max(worst, time.thread_time() - start)
            if watch:
                watch.disable()
            calm = calm + 1 if self.tasks.is_idle and not busy else 0
            if not busy:  # let the workers and short timers come
                time.sleep(0.03)
        return worst * 1000

    def actions(self) -> dict[str, tuple[Callable[[], Any], Callable[[], Any]]]:
        """Each action with what brings the app before it."""
        shell = self.app.shell
        one, other = self.organisation, self.others[0]

        def leave_search() -> None:
            shell.search_box.leave()
            shell.navigate("directory", "view", "list")

        def to(*where: str) -> Callable[[], Any]:
            return lambda: shell.navigate(*where)

        def anew(page: str) -> Callable[[], Any]:  # pages are kept: the first opening is what costs
            return lambda: (shell.navigate(page), shell.rebuild())

        def directory() -> Any:
            return shell.page("directory")

        def leave_form() -> None:
            directory().side.close_form()

        def typed() -> None:
            shell.search_box.start_search()
            shell.search_box.insert("pech")
            shell.search_box.textEdited.emit("pech")

        return {
            "open Home": (anew("library"), to("home")),
            "open the library": (anew("home"), to("library")),
            "open the sync room": (anew("home"), to("sync_room")),
            "open the preferences": (anew("home"), to("preferences")),
            "open the directory": (anew("home"), to("directory", "view", "list")),
            "open a record": (to("directory", "organisation", other), to("directory", "organisation", one)),
            "open the form of an organisation": (
                lambda: (directory().side.close_form(), shell.navigate("directory", "organisation", one)), to("directory", "action", "edit")),
            "leave the form": (to("directory", "action", "edit"), leave_form),
            "choose a filter": (to("directory", "view", "list"), lambda: directory().filters.toggle("region", "DJ-OB")),
            "type in the search": (leave_search, typed),
            "open the map": (to("directory", "view", "list"), to("directory", "view", "map")),
            "speak Arabic": (
                lambda: (self.preferences.choose(language="fr"), shell.navigate("directory", "organisation", one)),
                lambda: self.preferences.choose(language="ar")),
        }


def turns_family(runs: int = 3) -> Family:
    """A figure for each action: the median of its longest turns."""
    with tempfile.TemporaryDirectory() as name:
        turns = Turns(Path(name))
        figures = []
        for words, (before, act) in turns.actions().items():
            took = []
            for _ in range(runs):
                turns.longest(before)
                took.append(turns.longest(act))
            value = statistics.median(took)
            figures.append(Figure(f"longest turn of the UI thread: {words}", f"{value:.1f} ms CPU", f"{FRAME} ms (a frame)", f"{value / FRAME:.1f}×"))
        turns.end()
    return Family("Turns of the screen", figures,
                  "What the screen's event loop does, in CPU time of its thread, before it hears keys and clicks again; the longest of all turns\n"
                  "that an action takes, pages opened for the first time; the limit is one frame of a screen.")


def _profile(words: str, runs: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        turns = Turns(Path(name))
        before, act = turns.actions()[words]
        watch = cProfile.Profile(time.thread_time)
        for _ in range(runs):
            turns.longest(before)
            print(f"{turns.longest(act, watch):.1f} ms")
        pstats.Stats(watch).sort_stats("tottime").print_stats(28)
        turns.end()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="benchmarks.turns")
    parser.add_argument("--profile", metavar="ACTION")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    if given.profile:
        _profile(given.profile, given.runs)
    else:
        for figure in turns_family(given.runs).figures:
            print(f"{figure.name[30:]:40} {figure.value:>16} {figure.ratio}")
