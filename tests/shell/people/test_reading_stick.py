"""A PC that never saw a network begins from a stick: whose it is, is compared before anything is believed; then a guest reads."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from desktop import sample
from desktop.shell.people.first_screen import FirstScreen
from desktop.shell.people.reading_stick import ReadingStick
from sync.relay import courier, courier_manifest, courier_writing


@pytest.fixture
def stick(tmp_path):
    place = tmp_path / "stick"
    place.mkdir()
    one = sample.calm(tmp_path / "network")
    courier_writing.write(one.workspace, place, [])
    one.workspace.close()
    return place


@pytest.fixture
def fresh(desks):
    """Two people have their names here; nobody ever saw a network."""
    desks.people.add("Amina", None)
    desks.people.add("Hassan", None)
    desks.start()
    return desks


def begin(desks) -> ReadingStick:
    tile = next(one for one in desks.page.tiles if one.key == "stick")
    tile.click()
    desks.rest()
    assert isinstance(desks.page, ReadingStick)
    return desks.page


def code_on(stick) -> str:
    return courier_manifest.shown_network(next(courier.manifests(courier.CourierFolder(stick))).key)


def test_a_first_copy_for_guests(fresh, stick, texts):
    page = begin(fresh)
    page.look(stick)
    fresh.rest()
    assert code_on(stick) in texts(page), "whose it is stands there before anything is taken"
    page.step.submit()
    fresh.rest()
    assert "nouvelles pour cet ordinateur" in texts(page)
    page.step.submit()
    fresh.rest()
    page.step.submit()
    fresh.rest()
    ws = fresh.session.workspace
    assert ws.guest and len(ws.records("organisation")) > 2 and ws.records("contact") == []
    fresh.lock()
    assert isinstance(fresh.page, FirstScreen) and not [one for one in fresh.page.tiles if one.key == "stick"], "from now on there is a network"


def test_another_code_is_not_read(fresh, stick):
    page = begin(fresh)
    page.look(stick)
    fresh.rest()
    next(one for one in page.step.findChildren(type(page.step.go)) if one is not page.step.go).click()
    fresh.rest()
    assert page.trust == "" and page.step.first
    page.go_back()
    fresh.rest()
    assert isinstance(fresh.page, FirstScreen)
    fresh.page.guest_chosen.emit()
    fresh.rest()
    assert fresh.session.workspace.records("organisation") == []


def test_what_is_wrong_is_a_sentence_and_one_begins_again(fresh, stick, tmp_path):
    page = begin(fresh)
    page.look(tmp_path / "nothing")
    fresh.rest()
    assert page.step.first and page.step.said.text() and page.step.go.isEnabled()
    page.look(stick)
    fresh.rest()
    page.step.submit()
    fresh.rest()
    part = max((one for one in (stick / "dalil-courier").rglob("*") if one.is_file() and "manifest" not in one.name), key=lambda one: one.stat().st_size)
    part.write_bytes(b"\0" * part.stat().st_size)
    page.step.submit()
    fresh.rest()
    assert page.step.first and page.step.said.text(), "a damaged stick leaves everything as it was"


def test_reading_is_stopped_by_going_back(fresh, stick):
    page = begin(fresh)
    page.look(stick)
    fresh.rest()
    page.step.submit()
    fresh.rest()
    page.step.submit()
    fresh.press(Qt.Key.Key_Escape)
    fresh.rest()
    assert page.step.first or page.step.windowTitle() == "", "stopped, or it was over before"
