"""The preferences of a member offer another computer; the code is shown once, and what cannot be is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.kit.tasks import Tasks
from desktop.sample import make
from desktop.shell.feature import Context, Events
from desktop.shell.people.second_card import SecondCard
from desktop.shell.preferences import Choices, Preferences
from sync import recovery_code
from sync.waiting_room import WaitingRoom


@pytest.fixture(scope="module")
def amina(tmp_path_factory: pytest.TempPathFactory):
    made = make(Path(tmp_path_factory.mktemp("network")))
    yield made.workspace
    made.workspace.close()


def test_the_code_is_there_and_the_ticket_lies_ready(qtbot, amina) -> None:
    tasks = Tasks()
    card = SecondCard(Context(amina, tasks, print, print, Preferences(None, Choices()), Events()))
    qtbot.addWidget(card)
    card.act.click()
    assert not card.act.isEnabled()
    qtbot.waitUntil(card.act.isEnabled, timeout=5000)
    assert len(recovery_code.parse(card.code.text())) == 25
    assert len(WaitingRoom(amina.public).tickets()) == 1
    amina.public.execute("UPDATE certificate SET revoked = 1")
    card.act.click()
    qtbot.waitUntil(card.act.isEnabled, timeout=5000)
    assert "membre" in card.said.text()
    tasks.close()
