"""A real network for the sync room's tests: an authority, its answers over HTTP, people with workspaces, and the page in a window."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import Qt

from desktop.features.sync_room.page import SyncRoom
from desktop.kit import theme
from desktop.kit.lasting_constants import keep_constants
from desktop.kit.slices import at_rest
from desktop.kit.tasks import Tasks
from desktop.shell.feature import Context, Events
from desktop.shell.preferences import Choices, Preferences
from desktop.shell.syncer import Syncer
from i18n import set_language
from resources import KINDS
from resources.policy import may
from sync import invitation
from sync.authority import Authority
from sync.exchange import sync
from sync.files import Files
from sync.identity import SigningKey, fingerprint
from sync.record import uuid7
from sync.relay import under_seal
from sync.relay.direct import Direct
from sync.store import SqliteStore
from sync.workspace import Workspace, wall_clock


class Network:
    """An authority that answers in this process (`Direct`) and over HTTP at `url`; `gate` holds HTTP answers back while it is clear."""

    def __init__(self, folder) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.authority = Authority(SqliteStore(folder / "server.db"), KINDS, SigningKey(os.urandom(32)), self._may, wall_clock, os.urandom)
        self.authority.begin()
        self.used: set[str] = set()
        self.trusting = False  # once true, everybody may what a member may
        self.gate = threading.Event()
        self.gate.set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.people: list[Workspace] = []

    def _may(self, actor, operation, kind, values, scope):
        return may(replace(actor, role="member") if self.trusting else actor, operation, kind, values, scope)

    def carrier(self) -> Direct:
        return Direct(self.authority, Files(self.folder / "files"))

    def alone(self, name: str, *, guest: bool = False) -> Workspace:
        """Somebody who has not joined."""
        ws = Workspace(self.folder / name, KINDS, guest=guest)
        self.people.append(ws)
        return ws

    def member(self, name: str, role: str = "member") -> Workspace:
        """Somebody who has joined, with a name."""
        ws = self.alone(name)
        person, device = uuid7(wall_clock(), os.urandom), uuid7(wall_clock(), os.urandom)
        self.authority.certify(ws.vault.key().public, person, device, role)
        with ws.store.transaction():
            ws.vault.keep("authority", self.authority.key.public)
            for key, value in {"server": self.url, "role": role, "person": person, "device": device, "name": name}.items():
                ws.vault.keep(key, value)
        ws.add("person", {"name": name}, id=person)
        self.sync(ws)
        return ws

    def sync(self, *people: Workspace):
        """Each in turn, without HTTP; answers the last report."""
        report = None
        for ws in people:
            report = sync(ws, self.carrier())
        return report

    def code(self) -> str:
        return invitation.make(os.urandom, fingerprint(self.authority.key.public)).code

    def close(self) -> None:
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()
        for ws in self.people:
            ws.close()


def _handler(network: Network):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            network.gate.wait(10)
            if self.path == "/exchange":
                inside, seal = under_seal.opened(body, network.authority.key)
                self._answer(200, "application/vnd.dalil", seal(network.carrier().exchange(inside)))
                return
            asked = json.loads(body)
            code = invitation.parse(asked["code"]).code
            if code in network.used:
                message = "This code was already used. Ask the secretariat for a new one."
                told = {"error": {"code": "code_used", "message": message, "msgid": message}}
                self._answer(403, "application/json", json.dumps(told).encode())
                return
            network.used.add(code)
            found = network.carrier().join({**asked, "role": "member"})
            self._answer(200, "application/json", json.dumps(found).encode())

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


class Stage:
    """A page in sight of one person. `noticed` is what was said at the foot, `gone` where one was led."""

    def __init__(self, qtbot, ws: Workspace, folder, size=(1024, 700)) -> None:
        self.qtbot, self.ws = qtbot, ws
        self.noticed: list[tuple] = []
        self.gone: list[tuple] = []
        self.tasks, self.events = Tasks(), Events()
        self.syncer = Syncer(ws, self.tasks)
        preferences = Preferences(folder / "preferences.json", Choices())
        self.context = Context(ws, self.tasks, self._navigate, self._notify, preferences, self.events, self.syncer)
        self._off = ws.subscribe(self.events.records_changed.emit)
        self.page = SyncRoom(self.context)
        qtbot.addWidget(self.page)
        self.page.resize(*size)
        self.page.show()
        self.page.activateWindow()
        qtbot.waitUntil(self.page.isActiveWindow)  # before that, the focus goes where the window puts it
        self.settle()

    def _navigate(self, *where: str) -> None:
        self.gone.append(where)

    def _notify(self, text, action="", on_action=None) -> None:
        self.noticed.append((str(text), str(action), on_action))

    def settle(self) -> None:
        """Until nothing is under way any more."""
        self.qtbot.waitUntil(self._is_still, timeout=8000)

    def _is_still(self) -> bool:
        page = self.page
        return self.tasks.is_idle and not page._soon.isActive() and page.room is not None and at_rest(page)

    def cards(self, key: str) -> list:
        self.page.lists.states(key)  # made when it is first needed
        self.settle()
        return self.page.lists.cards[key].cards()

    def click(self, widget) -> None:
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.settle()

    def close(self) -> None:
        self._off()
        self.page._soon.stop()
        self.syncer.end()
        self.tasks.close()


@pytest.fixture(autouse=True)
def look(qapp):
    keep_constants()
    set_language("fr")
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    theme.apply(qapp, theme.Theme())
    yield
    set_language("fr")
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.fixture
def network(tmp_path):
    made = Network(tmp_path / "network")
    yield made
    made.close()


@pytest.fixture
def stage(qtbot, tmp_path):
    made: list[Stage] = []

    def show(ws: Workspace, **options) -> Stage:
        made.append(Stage(qtbot, ws, tmp_path, **options))
        return made[-1]

    yield show
    for one in made:
        one.close()
