"""The notes stand on a real workspace, drawn offscreen, in French; two PCs of one person meet at a real authority."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QStackedWidget

from desktop.features.notes.page import NotesPage
from desktop.kit.tasks import InlineTasks, Runner
from desktop.shell.feature import Context, Events
from desktop.shell.look import apply_look
from desktop.shell.preferences import Choices, Preferences
from resources import KINDS, policy
from sync.authority import Authority
from sync.exchange import sync
from sync.files import Files
from sync.identity import SigningKey
from sync.record import uuid7
from sync.relay.direct import Direct
from sync.store import SqliteStore
from sync.workspace import Workspace, wall_clock

PERSON = "01990000-0000-7000-8000-000000000001"


@dataclass
class World:
    """A page on a workspace, in a stack as the window has it, and what it asked of the shell."""

    ws: Workspace
    qtbot: object
    tasks: Runner
    events: Events = field(default_factory=Events)
    said: list[str] = field(default_factory=list)
    acts: list[Callable[[], None] | None] = field(default_factory=list)
    went: list[tuple[str, ...]] = field(default_factory=list)
    stacks: list[QStackedWidget] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ws.subscribe(self.events.records_changed.emit)
        self.context = Context(workspace=self.ws, tasks=self.tasks, navigate=lambda *where: self.went.append(where), notify=self._notify,
                               preferences=Preferences(None), events=self.events)

    def _notify(self, text: object, action: object = "", on_action: Callable[[], None] | None = None) -> None:
        self.said.append(str(text))
        self.acts.append(on_action)

    def page(self, width: int = 960, height: int = 700, state: dict[str, Any] | None = None) -> NotesPage:
        stack = QStackedWidget()
        self.stacks.append(stack)
        page = NotesPage(self.context)
        if state is not None:
            page.restore(state)
        stack.addWidget(page)
        stack.addWidget(QStackedWidget())
        stack.resize(width, height)
        stack.show()
        return page

    def leave(self, page: NotesPage) -> None:
        """Another page comes into sight."""
        page.parentWidget().setCurrentIndex(1)

    def come(self, page: NotesPage) -> None:
        page.parentWidget().setCurrentIndex(0)

    def rows(self, page: NotesPage) -> list[str]:
        rows = page.listing.list.rows
        return [rows.row_at(place).title for place in range(rows.rowCount())]

    def mark(self, page: NotesPage, place: int = 0) -> str:
        row = page.listing.list.rows.row_at(place)
        return row.mark.text if row.mark else ""

    def notes(self) -> list[tuple[str | None, str | None]]:
        return [(one["title"], one["text"]) for one in self.ws.records("note")]


def write(page: NotesPage, text: str, title: str = "") -> None:
    """Type into the open note."""
    if title:
        page.desk.title.setText(title)
        page.desk.title.textEdited.emit(title)
    page.desk.sheet.insertPlainText(text)


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> Iterator[None]:
    apply_look(qapp, Choices())
    yield
    apply_look(qapp, Choices())
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.fixture
def worlds(tmp_path: Path, qtbot) -> Iterator[Callable[..., World]]:
    """Makes worlds: `worlds(name="data", tasks=None)`."""
    made: list[World] = []

    def make(name: str = "data", *, tasks: Runner | None = None) -> World:
        world = World(Workspace(tmp_path / name, KINDS), qtbot, tasks or InlineTasks())
        made.append(world)
        return world

    yield make
    for world in made:
        for stack in world.stacks:
            shiboken6.delete(stack)  # its timers must not ask a workspace that is closed
        world.ws.close()


@pytest.fixture
def world(worlds) -> World:
    return worlds()


@dataclass
class Network:
    """A server, and PCs of one person."""

    authority: Authority
    road: Direct

    def join(self, ws: Workspace) -> None:
        device = uuid7(wall_clock(), os.urandom)
        self.authority.certify(ws.vault.key().public, PERSON, device, "member")
        with ws.together():
            for setting, value in (("authority", self.authority.key.public), ("role", "member"), ("person", PERSON), ("device", device),
                                   ("server", b"http://server")):
                ws.vault.keep(setting, value)

    def meet(self, *all_of: Workspace) -> None:
        for _ in range(2):
            for ws in all_of:
                assert sync(ws, self.road).set_aside == []


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    with ExitStack() as open_:
        store = SqliteStore(tmp_path / "server.db")
        open_.callback(store.close)
        authority = Authority(store, KINDS, SigningKey(os.urandom(32)), policy.may, wall_clock, os.urandom, reads=policy.reads)
        authority.begin()
        yield Network(authority, Direct(authority, Files(tmp_path / "server-files")))
