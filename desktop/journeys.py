"""Two journeys walked on real screens with a real server, as pictures: `python -m desktop.journeys --out DIR`; shows no window.

J3 is the officer who comes back after three weeks, J8 one PC that six people share.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop.app import App, make_application, make_session
from desktop.kit.slices import at_rest
from desktop.kit.tasks import Tasks
from desktop.pictures import SMALL, Look, rest, save, settle
from desktop.shell.look import apply_look
from desktop.shell.people.desk import Desk
from desktop.shell.people.entering import Entry
from desktop.shell.people.reception import Reception
from desktop.shell.preferences import Preferences
from desktop.terminal import opening
from desktop.terminal.demo import network
from desktop.terminal.demo.examples import FISHERS, SCHOOL
from desktop.terminal.demo.replica import Replica
from desktop.terminal.demo.server import Server
from i18n import language
from sync.exchange import join
from sync.keys import FLOOR
from sync.people import People
from sync.relay import courier_writing
from sync.workspace import Workspace, wall_clock

PHRASE = "sable lune panier corail"
NAMES = {
    "fr": ("Amina Houssein", "Barkat Ali", "Choukri Omar", "Deka Robleh", "Filsan Daher", "Hassan Kamil"),
    "ar": ("آمنة حسين", "بركات علي", "شكري عمر", "ديقة روبله", "فلسن ضاهر", "حسن كامل"),
}
STICK = {"fr": "CLÉ USB", "ar": "حافظة USB"}
NOTE = {"fr": "Appeler Tadjourah avant jeudi : le devis de la citerne", "ar": "الاتصال بتاجورة قبل الخميس: عرض سعر الخزان"}

Picture = tuple[str, QWidget]


def main(argv: list[str] | None = None) -> int:
    """Walk both journeys in French and in Arabic, and print the path of each picture."""
    parser = argparse.ArgumentParser(prog="python -m desktop.journeys")
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args(argv).out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    for tongue in ("fr", "ar"):
        look = Look(tongue, "light", SMALL)
        for journey in (officer, shared_pc):
            with tempfile.TemporaryDirectory() as name, contextlib.chdir(name), Server(Path(name) / "server") as server:
                application, preferences = make_application(Path(name))
                preferences.choose(language=tongue, theme="light")
                apply_look(application, preferences.choices)
                server.start()
                with Replica.join(Path(name) / "office", server, "moderator", "Secrétariat") as office:
                    network.fill(office.ws)
                    office.sync()
                    for picture, window in journey(Path(name), server, office, preferences):
                        save(window, picture, look, out)
                application.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return 0


def officer(home: Path, server: Server, office: Replica, preferences: Preferences) -> Iterator[Picture]:
    """J3: what it will cost, one conflict, a stick from Obock, and what became of it."""
    with Replica.join(home / "safia", server, "member", "Safia") as safia, Replica.join(home / "obock", server, "member", "Amina") as obock:
        for number in range(40):
            office.ws.add("organisation", {"name": {"fr": f"Association {number + 1}", "ar": f"جمعية {number + 1}"}, "region": "DJ-TA"})
        office.ws.edit("organisation", network.example_id(FISHERS), {"phone": "+253 27 00 00 41"})
        office.sync()
        safia.ws.edit("organisation", network.example_id(FISHERS), {"phone": "+253 27 00 00 42"})
        safia.ws.edit("organisation", network.example_id(SCHOOL), {"email": "ecole.dikhil@exemple.dj"})
        for number in range(4):
            obock.ws.add("organisation", {"name": {"fr": f"Comité de quartier {number + 1}", "ar": f"لجنة حي {number + 1}"}, "region": "DJ-OB"})
        obock.ws.edit("organisation", network.example_id(SCHOOL), {"verified": "2026-01-01"})  # which a member may not
        stick = Path(STICK[language()])
        stick.mkdir()
        courier_writing.write(obock.ws, stick, [])
    application = QApplication.instance()
    app = App(opening.workspace(home / "safia", opening.ONLY_PERSON), preferences, Tasks())
    app.shell.resize(*SMALL)
    app.shell.show()
    app.shell.navigate("sync_room")
    page = app.shell.page("sync_room")

    def calm() -> QWidget:
        rest(application, app)
        return app.shell

    calm()
    app.syncer.ask()
    yield "j3-announced", calm()
    app.syncer.start()
    calm()
    page.restore({**page.state(), "tab": "settle"})
    yield "j3-conflict", calm()
    for conflict in app.workspace.conflicts():
        app.workspace.settle(conflict.id, conflict.field, keep=1)
    page.stick.choose_for_reading(stick)
    calm()
    yield "j3-stick", calm()
    page.stick.take()
    calm()
    page.stick.close_card()
    app.syncer.start()
    calm()
    page.restore({**page.state(), "tab": "accepted"})
    yield "j3-brought", calm()
    app.shell.close()
    app.end()
    app.shell.deleteLater()


def shared_pc(home: Path, server: Server, _office: Replica, preferences: Preferences) -> Iterator[Picture]:
    """J8: six people, a note that is locked, somebody else, a forgotten phrase, and one sync in the evening."""
    names = NAMES[language()]
    folder = home / "pc"
    folder.mkdir()
    people = People(folder, os.urandom, wall_clock, cost=FLOOR)  # what guards nothing needs no second of argon2
    for name in names:
        people.add(name, PHRASE)
    for name in names:
        with _open(folder, name) as ws:
            join(ws, server.url, server.invite("member"), name)
    for name in names[2:]:
        with _open(folder, name) as ws:
            ws.add("organisation", {"name": {"fr": f"Saisie de {name}", "ar": f"ما أدخله {name}"}})
    server.stop()
    desk = Desk(folder, preferences, make_session)
    reception = Reception(desk, people, os.urandom)
    desk.resize(*SMALL)
    reception.begin()
    desk.begin()
    calm = _calm(desk)
    yield "j8-first", calm()
    desk.open(_entry(people, names[0]))
    calm()
    shell = desk.sessions.current.session.shell
    shell.navigate("notes", "note", "new")
    calm()
    notes = shell.page("notes")
    notes.desk.sheet.setPlainText(NOTE[language()])
    yield "j8-note", calm()
    desk.lock()
    yield "j8-locked", calm()
    desk.open(_entry(people, names[1]))
    calm()
    shell = desk.sessions.current.session.shell
    desk.sessions.current.session.workspace.add("organisation", {"name": {"fr": "Coopérative d’Assamo", "ar": "تعاونية أسامو"}})
    shell.navigate("notes")
    yield "j8-other", calm()
    desk.lock()
    reception.show_unlocking(names[0])
    desk.page.forgotten.emit(names[0])
    yield "j8-forgotten", calm()
    desk.open(_entry(people, names[1]))
    calm()
    server.start()
    session = desk.sessions.current.session
    session.syncer.start()
    calm()
    session.shell.navigate("sync_room")
    yield "j8-evening", calm()
    desk.close()
    desk.end()
    desk.deleteLater()


def _open(folder: Path, name: str) -> contextlib.AbstractContextManager[Workspace]:
    return closing(opening.workspace(folder, name, PHRASE))


def _entry(people: People, name: str) -> Entry:
    return Entry(name, "phrase", people.open(name, PHRASE))


def _calm(desk: Desk) -> Callable[[], QWidget]:
    def wait() -> QWidget:
        settle(QApplication.instance(), lambda: desk.tasks.is_idle and all(one.session.tasks.is_idle for one in desk.sessions) and at_rest(desk))
        return desk

    return wait


if __name__ == "__main__":
    sys.exit(main())
