"""The directory stands on a real workspace with the facts of the first start; drawn offscreen, in French."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop.features.directory.detail import Detail
from desktop.features.directory.page import DirectoryPage
from desktop.kit.tasks import InlineTasks, Runner, Tasks
from desktop.shell.feature import Context, Events
from desktop.shell.look import apply_look
from desktop.shell.preferences import Choices, Preferences
from resources import KINDS, starter
from sync.workspace import Workspace

NOW = 1_795_000_000_000  # milliseconds since 1970: November 2026


@dataclass
class World:
    """A page on a workspace, and what it asked of the shell."""

    ws: Workspace
    context: Context
    qtbot: object
    said: list[str] = field(default_factory=list)
    went: list[tuple[str, ...]] = field(default_factory=list)
    pages: list[DirectoryPage] = field(default_factory=list)

    def page(self, width: int = 1000, height: int = 720) -> DirectoryPage:
        made = DirectoryPage(self.context)
        self.pages.append(made)
        made.resize(width, height)
        made.show()
        return made

    def detail(self, page: DirectoryPage) -> Detail:
        """The record that stands beside the list, once all of it does."""
        self.qtbot.waitUntil(lambda: page.side.detail.is_whole)
        return page.side.detail

    def id_of(self, name: str) -> str:
        return next(one.id for one in self.ws.records("organisation") if name in one["name"].values())


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> Iterator[None]:
    apply_look(qapp, Choices())
    yield
    apply_look(qapp, Choices())
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def fill(ws: Workspace) -> None:
    """The associations, projects and towns that ship with the app."""
    with ws.together():
        for one in starter.localities():
            values = {"type": "locality", "name": dict(one.name), "region": one.region, "latitude": one.lat, "longitude": one.lon}
            ws.add("place", {name: value for name, value in values.items() if value}, id=one.id)
        for one in starter.organisations():
            values = {"name": dict(one.name), "acronym": one.acronym, "region": one.region, "type": "association"}
            ws.add("organisation", {name: value for name, value in values.items() if value}, id=one.id)
        for one in starter.projects():
            money = {"amount": one.amount.amount, "currency": one.amount.currency}
            ws.add("project", {"organisation": one.organisation, "title": dict(one.title), "funder": one.funder, "amount": money,
                               "start": one.start, "end": one.end}, id=one.id)


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the facts of the first start; copied, never changed."""
    folder = tmp_path_factory.mktemp("first-start") / "data"
    ws = Workspace(folder, KINDS, clock=lambda: NOW)
    fill(ws)
    ws.close()
    return folder


@pytest.fixture
def worlds(tmp_path: Path, first_start: Path, qtbot) -> Iterator[Callable[..., World]]:
    """Makes worlds: `worlds(filled=True, guest=False, tasks=None)`."""
    made: list[World] = []

    def make(*, filled: bool = True, guest: bool = False, tasks: Runner | None = None) -> World:
        folder = tmp_path / "data"
        if filled and not folder.exists():
            shutil.copytree(first_start, folder)
        ws = Workspace(folder, KINDS, guest=guest, clock=lambda: NOW)
        events = Events()
        ws.subscribe(events.records_changed.emit)
        world = World(ws, None, qtbot)
        world.context = Context(
            workspace=ws, tasks=tasks or InlineTasks(), navigate=lambda *where: world.went.append(where),
            notify=lambda text, *_: world.said.append(str(text)), preferences=Preferences(None), events=events,
        )
        made.append(world)
        return world

    yield make
    for world in made:
        for page in world.pages:
            shiboken6.delete(page)  # its timers must not ask a workspace that is closed
        world.ws.close()


@pytest.fixture
def world(worlds) -> World:
    return worlds()


@pytest.fixture
def threads() -> Iterator[Tasks]:
    """The real lanes."""
    lanes = Tasks()
    yield lanes
    lanes.close()
