"""The history page stands on the workspaces of a small real network; drawn offscreen, in French."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop import sample
from desktop.features.history.page import HistoryPage
from desktop.features.history.save_card import SaveCard
from desktop.kit.tasks import InlineTasks
from desktop.shell.feature import Context, Events
from desktop.shell.look import apply_look
from desktop.shell.preferences import Choices, Preferences
from desktop.terminal.demo.examples import FISHERS
from desktop.terminal.demo.network import example_id
from resources import KINDS
from sync import exchange
from sync.relay.direct import Direct
from sync.workspace import Workspace

FISHERS_ID = example_id(FISHERS)


@dataclass
class World:
    """A page on one person's workspace, and what it asked of the shell."""

    ws: Workspace
    page: HistoryPage
    qtbot: object
    said: list[str] = field(default_factory=list)
    acts: list[Callable[[], None] | None] = field(default_factory=list)
    went: list[tuple[str, ...]] = field(default_factory=list)

    def open(self, kind: str = "organisation", id: str = FISHERS_ID) -> HistoryPage:
        self.page.open(kind, id)
        self.settle()
        return self.page

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.page.saves.is_whole and self.page.device.is_whole)

    def press(self, card: SaveCard, words: str) -> None:
        next(one for one in card.buttons if words in one.text()).click()
        self.settle()

    def phone(self) -> str | None:
        return self.ws.get("organisation", FISHERS_ID)["phone"]


@dataclass
class People:
    """Who is in the network, and the road of each."""

    ws: dict[str, Workspace]
    roads: dict[str, Direct]

    def sync(self, *names: str) -> None:
        for name in names or ("amina", "moussa", "secretariat") * 2:
            exchange.sync(self.ws[name], self.roads[name])


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> Iterator[None]:
    apply_look(qapp, Choices())
    yield
    apply_look(qapp, Choices())
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.fixture
def people(tmp_path: Path) -> Iterator[People]:
    """Amina and Moussa, members, and the secretariat, all in step."""
    _, ws, roads = sample._network(tmp_path, 0)
    yield People(ws, roads)
    for one in ws.values():
        one.close()


@pytest.fixture
def worlds(people: People, qtbot) -> Iterator[Callable[..., World]]:
    """Makes worlds: `worlds("amina")`, or of a guest on Amina's PC."""
    made: list[World] = []

    def make(name: str = "amina", *, guest: bool = False, width: int = 960) -> World:
        ws = Workspace(people.ws[name].folder, KINDS, guest=True) if guest else people.ws[name]
        events = Events()
        ws.subscribe(events.records_changed.emit)
        world = World(ws, None, qtbot)

        def notify(text, _action="", act=None) -> None:
            world.said.append(str(text))
            world.acts.append(act)

        context = Context(workspace=ws, tasks=InlineTasks(), navigate=lambda *where: world.went.append(where), notify=notify,
                          preferences=Preferences(None), events=events)
        world.page = HistoryPage(context)
        world.page.resize(width, 720)
        world.page.show()
        made.append(world)
        return world

    yield make
    for world in made:
        shiboken6.delete(world.page)
        if world.ws.guest:
            world.ws.close()
