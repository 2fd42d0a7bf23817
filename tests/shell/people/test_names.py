"""A screen reader finds a name on whatever takes the keyboard on the pages of no session, in the smallest window and at the largest size."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from .conftest import AMINA, HERS, Desks

PAGES = ("first", "add", "phrase", "own", "again", "code", "unlock", "pin", "forgotten", "changing", "removing")


def come_to(desks: Desks, page: str) -> None:
    """Stand there."""
    if page in ("add", "phrase", "own", "again", "code"):
        desks.reception.show_adding()
        steps = {"add": 0, "phrase": 1, "own": 1, "again": 2, "code": 3}[page]
        if steps:
            desks.type("Hodan")
        if page == "own":
            desks.page.step.ways._buttons["own"].click()
        if steps > 1:
            words = desks.page.step.words()
            desks.page.step.submit()
        if steps > 2:
            desks.type(words)
            desks.rest()
    elif page == "unlock":
        desks.reception.show_unlocking(AMINA)
    elif page == "forgotten":
        desks.reception._on_forgotten(AMINA)
    elif page != "first":
        desks.enter(AMINA, HERS)
        account = desks.session.shell.context.account
        if page == "pin":
            account.choose_pin("270619")
            desks.lock()
            desks.page.person_chosen.emit(AMINA)
        else:
            account.show("phrase" if page == "changing" else "remove")
    desks.rest()


@pytest.mark.parametrize("page", PAGES)
def test_whatever_takes_the_keyboard_has_a_name(two, page):
    come_to(two, page)
    nameless = []
    for widget in two.page.findChildren(QWidget):
        inner = isinstance(widget.parent(), QAbstractScrollArea) or widget.focusProxy() is not None
        if inner or not widget.isVisible() or not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            continue
        if not (widget.accessibleName() or (widget.text() if callable(getattr(widget, "text", None)) else "")).strip():
            nameless.append(type(widget).__name__)
    assert nameless == []
    assert two.page.accessibleName() and two.desk.windowTitle().startswith(two.page.accessibleName())
    assert two.focus().isVisible()


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_cut_off_at_the_largest_size_in_the_smallest_window(two, page):
    two.desk.preferences().choose(size=175)
    two.desk.resize(800, 600)
    two.reception.show_first()
    come_to(two, page)
    for area in two.page.findChildren(QAbstractScrollArea):
        assert area.widget().width() <= area.viewport().width(), "nothing scrolls sideways"
    for widget in two.page.findChildren(QWidget):
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            place = widget.mapTo(two.page, widget.rect().topLeft())
            assert place.x() >= 0 and place.x() + widget.width() <= two.page.width(), widget.accessibleName()
