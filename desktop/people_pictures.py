"""The pages that belong to no session, one after another as a person meets them; knows how to come to each, draws none."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtWidgets import QWidget

from desktop.app import make_session
from desktop.shell.people.desk import Desk
from desktop.shell.people.reception import Reception
from desktop.shell.preferences import Preferences
from sync.keys import FLOOR
from sync.people import People
from sync.workspace import wall_clock

__all__ = ["walk"]

_PHRASE = "sable lune panier corail"
_PEOPLE = {"Amina Houssein": _PHRASE, "حسن علي": _PHRASE, "Fatouma Robleh Abdillahi": _PHRASE, "Moussa Daher": None}


def walk(folder: Path, preferences: Preferences, size: tuple[int, int], rest: Callable[[Desk], None]) -> Iterator[tuple[str, QWidget]]:
    """(name, window) of each page, in an empty `folder`; `rest(desk)` waits until nothing is under way."""
    people = People(folder, os.urandom, wall_clock, cost=FLOOR)  # what guards nothing needs no second of argon2
    for name, phrase in _PEOPLE.items():
        if not people.known(name):
            people.add(name, phrase)
    desk = Desk(folder, preferences, make_session)
    reception = Reception(desk, people, os.urandom)
    desk.resize(*size)
    reception.begin()
    desk.begin()
    for name, go in _STEPS.items():
        go(desk, reception, rest)
        rest(desk)
        yield f"people-{name}", desk
    desk.close()
    desk.end()
    desk.deleteLater()


def _nothing(_desk: Desk, _reception: Reception, _rest: Callable[[Desk], None]) -> None:
    """The first screen stands there already."""


def _add(desk: Desk, reception: Reception, _rest: Callable[[Desk], None]) -> None:
    reception.show_adding()
    desk.page.step.line.setText("هدى عمر" if desk.isRightToLeft() else "Hodan Omar")


def _phrase(desk: Desk, _reception: Reception, _rest: Callable[[Desk], None]) -> None:
    desk.page.step.submit()


def _code(desk: Desk, _reception: Reception, _rest: Callable[[Desk], None]) -> None:
    words = desk.page.step.words()
    desk.page.step.submit()
    desk.page.step.line.line.setText(words)
    desk.page.step.submit()


def _lock(desk: Desk, _reception: Reception, rest: Callable[[Desk], None]) -> None:
    desk.page.step.submit()
    rest(desk)
    desk.lock()


def _unlock(desk: Desk, reception: Reception, _rest: Callable[[Desk], None]) -> None:
    reception.show_unlocking(next(iter(_PEOPLE)))


def _wrong(desk: Desk, _reception: Reception, rest: Callable[[Desk], None]) -> None:
    for _ in range(3):
        desk.page.step.line.line.setText("sable lune panier requin")
        desk.page.step.submit()
        rest(desk)


def _forgotten(desk: Desk, _reception: Reception, _rest: Callable[[Desk], None]) -> None:
    desk.page.forgotten.emit(desk.page.name)


def _restore(_desk: Desk, reception: Reception, _rest: Callable[[Desk], None]) -> None:
    reception.show_restoring()


_STEPS = {
    "first": _nothing, "add": _add, "phrase": _phrase, "code": _code, "locked": _lock, "unlock": _unlock, "wrong": _wrong, "forgotten": _forgotten,
    "restore": _restore,
}
