"""The real window as a process of its own, with hands: it goes through the screens as it is told, says so, and waits to be ended.

`python -m tests.e2e.window DATA STAGE …`: `working PHRASE SOURCES` and `locked PHRASE SOURCES` are a person's morning, `visit ORGANISATION ITEM`
is a guest's, `start` shows the first screen. Knows no test.
"""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.app import make_application, make_desk
from desktop.features.directory.saving import Target
from desktop.kit.slices import at_rest
from desktop.shell.people.desk import Desk
from desktop.shell.people.reception import Reception
from desktop.terminal.discretion import be_discreet

AMINA = "Amina"
NAME, PHONE, ROLE = "Zénobie Canarie Oukoubiya", "+253 77 91 82 73", "Trésorière serinette 5812"
NOTE, DRAFT, SOUGHT = "Phrase confidentielle du canari 4711", "Brouillon du canari 0815", "oukoubiya"
PATIENCE = 60  # s


class Hands:
    """Keys, clicks and waiting, in a real window. Attribute: `desk`."""

    def __init__(self, data: Path) -> None:
        self.application, preferences = make_application(data)
        self.desk: Desk
        self.reception: Reception
        self.desk, self.reception = make_desk(data, preferences)
        self.reception.begin(None)
        self.desk.begin()
        self.rest()

    def until(self, so: Callable[[], bool], what: str) -> None:
        """Let the program work until something is so."""
        end = time.monotonic() + PATIENCE
        while not so():
            assert time.monotonic() < end, f"waited in vain: {what}"
            self.application.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def rest(self) -> None:
        """Let everything under way come to its end."""
        self.until(lambda: self.desk.tasks.is_idle and all(one.session.tasks.is_idle for one in self.desk.sessions) and at_rest(self.desk), "rest")

    def focus(self) -> QWidget:
        found = self.desk.focusWidget()
        assert found is not None, "nothing has the keyboard"
        return found

    def type(self, text: str) -> None:
        """Type where the cursor is; the letters need no keyboard layout."""
        for letter in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(self.focus(), QKeyEvent(kind, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, letter))

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.focus(), key, modifier)
        self.rest()

    def click(self, widget: QWidget) -> None:
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.rest()

    def enter(self, name: str, phrase: str) -> None:
        """Come in from the first screen."""
        self.desk.page.person_chosen.emit(name)
        self.rest()
        self.type(phrase)
        self.press(Qt.Key.Key_Return)
        self.until(lambda: self.desk.sessions.current is not None, "the session")
        self.rest()

    @property
    def shell(self) -> QWidget:
        return self.desk.sessions.current.session.shell

    @property
    def workspace(self):
        return self.desk.sessions.current.session.workspace

    def go(self, *place: str) -> QWidget:
        """Open a page; answers it."""
        self.shell.navigate(*place)
        self.rest()
        return self.shell.page(place[0])

    def fill(self, form: QWidget, **fields: str) -> None:
        """Type into the lines of a form."""
        for path, text in fields.items():
            line = form.field(path).editor.input_of("")
            line.setFocus()
            self.rest()
            for letter in text:
                QApplication.sendEvent(line, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, letter))
        self.rest()

    def search(self, words: str) -> None:
        """Type into the search box, and wait for what it shows."""
        box = self.shell.search_box
        box.start_search()
        self.rest()
        self.type(words)
        self.until(lambda: box.results.isVisible(), "results")
        self.rest()
        self.desk.grab()


def shows_a_file(page: QWidget) -> bool:
    """Whether the file of the note is open."""
    return page.reading.reader.view is not None


def work(hands: Hands, phrase: str, sources: Path) -> None:
    """What a person does in a morning: a contact, notes with files, a search, reading, and a form that is left as it is."""
    hands.enter(AMINA, phrase)
    ws = hands.workspace
    house = ws.add("organisation", {"name": {"fr": "Association publique"}, "region": "DJ-OB"}).id
    page = hands.go("directory", "organisation", house)
    page.side.detail.add_requested.emit("contact")
    hands.rest()
    form = page.side.editor.form
    hands.fill(form, name=NAME, phone=PHONE, role=ROLE, consent_date="19/08/2026")
    form.field("consent").editor.set_value("network")
    form.submit()
    hands.rest()
    contact, = ws.records("contact")
    assert (contact.scope, contact["name"]) == ("network", NAME)
    for source in sorted(sources.iterdir()):
        page = hands.go("notes", "note", "new")
        hands.type(ROLE)
        page.desk.sheet.setFocus()
        hands.type(NOTE)
        page.filing.attach(source)
        hands.rest()
        hands.click(page.desk.file.link)
        hands.until(partial(shows_a_file, page), "the reader")
        hands.rest()
        hands.desk.grab()  # it is drawn, wherever Qt keeps what it draws
        hands.click(page.reading.back)
        assert page.front.isVisible()
    hands.search(SOUGHT)
    assert ws.search_ids(SOUGHT, 5) == [("contact", contact.id)]
    hands.press(Qt.Key.Key_Escape)
    page = hands.go("directory", "organisation", house)
    page.side.edit(Target("contact", contact.id))
    hands.rest()
    assert [(one["title"], one["text"]) for one in ws.records("note")] == [(ROLE, NOTE)] * len(list(sources.iterdir())), "leaving saves"
    hands.fill(page.side.editor.form, role=DRAFT)
    page.side.editor.keep()
    hands.rest()
    assert DRAFT in str(ws.draft("contact", contact.id)), "the draft is kept"
    keys = [hands.desk.sessions.current.key.hex(), *(record["file"]["key"] for record in ws.records("note"))]
    print("keys", *keys, flush=True)


def visit(hands: Hands, organisation: str, item: str) -> None:
    """What a guest does: looks at records, searches, reads a guide over the whole screen, types into what can be typed into."""
    hands.desk.page.guest_chosen.emit()
    hands.until(lambda: hands.desk.sessions.current is not None, "the visit")
    hands.rest()
    assert hands.workspace.guest
    hands.go("home")
    hands.go("directory", "organisation", organisation)
    hands.search(SOUGHT)
    hands.press(Qt.Key.Key_Escape)
    hands.search("peche")
    hands.press(Qt.Key.Key_Down)
    hands.press(Qt.Key.Key_Return)
    page = hands.go("library", "item", item)
    page.detail.read_requested.emit(item)
    hands.until(lambda: page.view == "reading", "the reader")
    hands.rest()
    hands.desk.showFullScreen()
    hands.rest()
    hands.desk.grab()
    page.keep()
    hands.desk.showNormal()
    hands.shell.context.preferences.choose(language="ar", theme="dark", size=130)
    hands.rest()
    hands.go("sync_room")


def say_ready() -> None:
    print("ready", flush=True)


def main(data: str, stage: str, *words: str) -> None:
    """Do it all, say `ready`, and go on until somebody ends it."""
    be_discreet()
    hands = Hands(Path(data))
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: hands.application.quit())
    if stage == "visit":
        visit(hands, *words)
    elif stage != "start":
        work(hands, words[0], Path(words[1]))
    if stage == "locked":
        hands.press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        assert hands.desk.sessions.current is None, "it is locked"
    QTimer.singleShot(0, say_ready)  # from within the loop: only there an end can be asked for
    code = hands.application.exec()
    hands.desk.end()
    sys.exit(code)


if __name__ == "__main__":
    main(*sys.argv[1:])
