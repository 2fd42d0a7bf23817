"""Joining: each failure is a sentence beside the field it concerns, and nothing typed is lost."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton

from tests.portal import captive_portal


@pytest.fixture
def alone(network):
    ws = network.alone("seule")
    ws.add("organisation", {"name": {"fr": "Jeunes d’Arta"}})
    return ws


def fill(room, url: str, code: str, name: str = "Fatouma") -> None:
    room.page.join_form.form.restore_draft({"url": url, "code": code, "name": name})
    room.click(join_button(room))


def join_button(room) -> QPushButton:
    return next(one for one in room.page.join_form.findChildren(QPushButton) if one.text() == "Rejoindre")


def wrong(room) -> list[str]:
    return [path for path in ("url", "code", "name") if room.page.join_form.form.field(path).is_wrong]


def test_joining_brings_the_first_copy_and_lets_work_leave(network, alone, stage):
    member = network.member("Aïcha")
    member.add("organisation", {"name": {"fr": "École des femmes"}})
    network.sync(member)
    room = stage(alone)
    assert room.page._below.currentWidget() is room.page.join_form
    fill(room, network.url, network.code().lower().replace("-", " "))
    assert room.page._below.currentIndex() == 0
    assert {one["name"]["fr"] for one in alone.records("organisation")} == {"École des femmes", "Jeunes d’Arta"}
    assert alone.status().waiting == 0
    assert alone.vault.word("name") == "Fatouma"


def test_a_wrong_address(network, alone, stage):
    room, code = stage(alone), network.code()
    fill(room, "http://127.0.0.1:9", code)
    assert wrong(room) == ["url"]
    assert room.page.join_form.form.values() == {"url": "http://127.0.0.1:9", "code": code, "name": "Fatouma"}
    assert join_button(room).isEnabled()


def test_a_captive_portal(network, alone, stage):
    room = stage(alone)
    with captive_portal() as url:
        fill(room, url, network.code())
    assert wrong(room) == ["url"]
    assert not room.page.room.joined


def test_a_used_code(network, alone, stage):
    code = network.code()
    first = stage(network.alone("première"))
    fill(first, network.url, code, "Première")
    assert first.page.room.joined
    room = stage(alone)
    fill(room, network.url, code)
    assert wrong(room) == ["code"]
    assert "déjà" in room.page.join_form.form.field("code").editor.inputs()[0].accessibleDescription()


def test_what_is_missing_or_no_code_is_said_before_asking(network, alone, stage):
    room = stage(alone)
    fill(room, "", "ABCD", "")
    assert wrong(room) == ["url", "code", "name"]


def test_once_the_files_are_given_back_nothing_begins_by_itself(network, alone, stage):
    """A save that is told of a moment late started a sync of a closed file."""
    room = stage(alone)
    room.syncer.begin()
    room.syncer.wake()
    room.syncer.end()
    room.syncer.wake()
    assert not room.syncer._soon.isActive()
    assert not room.syncer._regular.isActive()
