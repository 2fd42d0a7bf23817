"""The page of computers nearby, over real sockets on loopback: one person shares, another visits, stops, and hears what went wrong."""

from __future__ import annotations

import socket

import pytest
from PySide6.QtCore import Qt

from desktop.features.sync_room.nearby_page import NearbyPage
from desktop.features.sync_room.qr import QrCode
from desktop.kit.tasks import Tasks
from desktop.shell.feature import Context, Events
from desktop.shell.preferences import Choices, Preferences
from desktop.shell.syncer import Syncer
from sync.errors import Refused
from sync.relay import nearby
from sync.relay.local import Address, read_address


class Seat:
    """One person before the page."""

    def __init__(self, qtbot, ws, folder) -> None:
        self.qtbot, self.ws, self.gone = qtbot, ws, []
        self.tasks = Tasks()
        self.syncer = Syncer(ws, self.tasks)
        self.meeting = self.syncer.meeting
        context = Context(ws, self.tasks, self._navigate, lambda *_: None, Preferences(folder / "preferences.json", Choices()), Events(), self.syncer)
        self.page = NearbyPage(context)
        qtbot.addWidget(self.page)
        self.page.resize(1024, 700)
        self.page.show()

    def _navigate(self, *where) -> None:
        self.gone.append(where)

    def click(self, widget) -> None:
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.settle()

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.tasks.is_idle and not self.meeting.visiting and not self.meeting.opening, timeout=20_000)

    def go_to(self, port: int) -> None:
        self.page.visiting.typed.setText(f"127.0.0.1:{port}")
        self.click(self.page.visiting.go)

    def told(self) -> str:
        return self.page.visiting._told.accessibleName() if self.page.visiting._told is not None else ""

    def close(self) -> None:
        self.meeting.end()
        self.syncer.end()
        self.tasks.close()


@pytest.fixture
def seats(qtbot, network, tmp_path, monkeypatch):
    monkeypatch.setattr(nearby.Nearby, "announce", _unheard)  # found by nobody: tests/sync/test_nearby.py is where they find each other
    made = []

    def seat(ws) -> Seat:
        made.append(Seat(qtbot, ws, tmp_path))
        return made[-1]

    yield seat
    for one in made:
        one.close()


def _unheard(*_: object) -> None:
    raise Refused(nearby.Text("Nobody shares nearby."), "no_network")


def test_one_shares_and_another_comes(seats, network) -> None:
    host, visitor = network.member("Hodan"), network.member("Ali")
    there, here = seats(host), seats(visitor)
    visitor.add("organisation", {"name": {"fr": "Pêcheuses d’Obock"}})
    there.page.sharing.name.setText("Salle de Dikhil")
    there.click(there.page.sharing.share)
    assert "Personne n’est encore venu." in there.page.sharing.came.text()
    assert there.page.sharing.unseen.isVisible()
    port = there.meeting.sharing.port
    here.go_to(port)
    assert here.told().startswith("C’est fait avec Salle de Dikhil")
    there.qtbot.waitUntil(lambda: "1 ordinateur est venu" in there.page.sharing.came.text(), timeout=5000)
    here.go_to(port)
    assert "rien de nouveau" in here.told()
    there.click(there.page.sharing.stop)
    assert there.page.sharing.share.isVisible()
    here.go_to(port)
    assert "Personne ne partage" in here.told()


def test_who_is_near_is_listed_and_only_ours_can_be_visited(seats, network, monkeypatch) -> None:
    host, visitor = network.member("Hodan"), network.member("Ali")
    there, here = seats(host), seats(visitor)
    there.click(there.page.sharing.share)
    sharing = there.meeting.sharing
    found = [nearby.Neighbour("a", "", Address("127.0.0.1", sharing.port, sharing.network), True),
             nearby.Neighbour("b", "Ailleurs", Address("127.0.0.1", 9, ""), False)]
    monkeypatch.setattr(nearby.Nearby, "listen", lambda self: None)
    here.click(here.page.visiting.look)
    assert here.page.visiting.seen.isVisible() and not here.page.visiting.look.isVisible()
    monkeypatch.setattr(nearby.Nearby, "found", lambda self: found)
    here.meeting.changed.emit()
    (go,) = here.page.visiting.go_buttons
    assert go.accessibleName() == "Échanger avec Un ordinateur sans nom"
    here.click(go)
    assert here.told().startswith("C’est fait")


def test_what_cannot_be_is_said_where_it_was_asked(seats, network, monkeypatch) -> None:
    here = seats(network.member("Ali"))
    here.page.visiting.typed.setText("http://a b")
    here.click(here.page.visiting.go)
    assert here.page.visiting.wrong.isVisible() and here.meeting.visiting == ""
    monkeypatch.setattr(nearby.Nearby, "listen", _unheard)
    here.click(here.page.visiting.look)
    assert here.told() and here.page.visiting.look.isVisible()


def test_a_visit_can_be_stopped(seats, network) -> None:
    """What never answers is left when one says so; it is heard at the next piece, so this one sends a piece."""
    here = seats(network.member("Ali"))
    with socket.create_server(("127.0.0.1", 0)) as door:
        here.page.visiting.typed.setText(f"127.0.0.1:{door.getsockname()[1]}")
        here.qtbot.mouseClick(here.page.visiting.go, Qt.MouseButton.LeftButton)
        assert here.page.visiting.stop.isVisible() and not here.page.visiting.go.isVisible()
        here.qtbot.mouseClick(here.page.visiting.stop, Qt.MouseButton.LeftButton)
        visitor, _ = door.accept()
        visitor.close()
        here.settle()
    assert here.page.visiting.go.isVisible()


def test_the_end_of_a_session_ends_the_sharing(seats, network) -> None:
    there = seats(network.member("Hodan"))
    there.click(there.page.sharing.share)
    port = there.meeting.sharing.port
    there.meeting.end()
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=5)


def test_nobody_who_has_not_joined_shares(seats, network) -> None:
    assert seats(network.alone("Nouvelle")).page.states.showing == "no_rights"


def test_the_page_stands_up_again(seats, network) -> None:
    here = seats(network.member("Ali"))
    here.page.visiting.typed.setText("192.168.1.9")
    here.page.sharing.name.setText("Salle")
    state = here.page.state()
    here.page.visiting.typed.clear()
    here.page.restore(state)
    assert (here.page.visiting.typed.text(), here.page.sharing.name.text()) == ("192.168.1.9", "Salle")


def test_a_code_says_the_address(qtbot) -> None:
    code = QrCode()
    qtbot.addWidget(code)
    address = Address("192.168.1.20", 47825, "0a" * 4)
    code.show_text(address.code, "x")
    picture = code.grab().toImage()
    inks = {picture.pixelColor(x, y).lightness() > 128 for x in range(picture.width()) for y in range(picture.height())}
    assert inks == {True, False}
    assert picture.pixelColor(picture.width() // 2, 2).lightness() > 250  # the white around it
    assert read_address(address.code) == address
