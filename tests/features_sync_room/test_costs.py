"""The head of the room says what an exchange costs before and after, what waits and why, and goes on when told; over real HTTP."""

from __future__ import annotations

import os

import pytest

from desktop.shell.pill_words import pill_state
from desktop.shell.spending import limits_in
from desktop.shell.syncer import Syncer
from i18n import set_language
from sync import traffic
from sync.exchange import agreed
from sync.workspace import wall_clock


@pytest.fixture
def room(network, stage):
    """`room(**choices)`: Amina's room on a computer with these limits."""
    amina = network.member("Amina", "editor")

    def show(**choices):
        found = stage(amina)
        limits_in(amina.folder).choose(**choices)
        found.page._show_standing()
        found.settle()
        return found

    show.amina = amina
    return show


def attach(ws, folder, size):
    path = folder / "plan.pdf"
    path.write_bytes(os.urandom(size))
    item = ws.add("item", {"title": {"fr": "Le plan"}, "language": "fr"}).id
    ws.attach("item", item, path)
    return ws.get("item", item)["file"]["sha256"]


def costs(stage):
    return stage.page.standing.cost


def synced(stage, press):
    with stage.qtbot.waitSignal(stage.syncer.ended, timeout=8000):
        press()
    stage.settle()


def test_before_and_after_and_the_month(room, network):
    stage = room(cap=50)
    card = costs(stage)
    assert "Rien à envoyer" in card.before.text()
    assert card.month.text().startswith("Ce mois-ci")
    assert "50" in card.month.text()
    assert card.bar.isVisible()
    room.amina.add("organisation", {"name": {"fr": "Union des pêcheurs"}})
    stage.settle()
    assert "Environ" in card.before.text()
    card.ask.click()
    stage.qtbot.waitUntil(lambda: stage.syncer.estimate is not None, timeout=8000)
    stage.settle()
    assert "à recevoir" in card.before.text()
    assert stage.syncer.estimate.changes == 1
    assert room.amina.status().waiting == 1
    before = traffic.spent(room.amina)
    synced(stage, stage.page.standing.sync.click)
    assert traffic.spent(room.amina) > before
    assert "Rien à envoyer" in card.before.text()




def test_asking_offline_says_what_is_known(room, network):
    stage = room()
    room.amina.add("organisation", {"name": {"fr": "Union"}})
    with room.amina.store.transaction():
        room.amina.vault.keep("server", "http://127.0.0.1:9")
    stage.settle()
    costs(stage).ask.click()
    stage.qtbot.waitUntil(lambda: stage.syncer.estimate is not None, timeout=8000)
    stage.settle()
    assert "n’a pas été joint" in costs(stage).before.text()


def test_at_the_limit_one_sentence_and_one_button_that_goes_on(room, network):
    bilal = network.member("Bilal", "editor")
    bilal.add("organisation", {"name": {"fr": "Union"}})
    network.sync(bilal)
    stage = room(cap=1)
    traffic.add(room.amina, {"files_down": 1_000_000})
    mine = room.amina.add("organisation", {"name": {"fr": "La mienne"}}).id
    synced(stage, stage.syncer.start)
    assert room.amina.status().waiting == 1  # it has left; its answer comes with the others'
    assert network.authority.store.value("SELECT 1 FROM organisation WHERE id = ?", (mine,))
    (banner,) = costs(stage).waiting
    assert "limite du mois" in banner.accessibleName()
    pill = pill_state(room.amina.status(), stage.syncer, wall_clock())
    assert pill.text.startswith("Limite du mois atteinte")
    synced(stage, banner.action.click)
    assert costs(stage).waiting == []
    assert room.amina.count("organisation") == 2


def test_by_itself_nothing_begins_at_the_limit_and_it_is_no_failure(room):
    stage = room(cap=1)
    traffic.add(room.amina, {"files_down": 1_000_000})
    stage.syncer._on_due()
    stage.qtbot.waitUntil(lambda: stage.syncer.kept_back is not None, timeout=8000)
    stage.settle()
    assert (stage.syncer.kept_back.code, stage.syncer.failure, stage.syncer.running) == ("cap", None, False)
    assert len(costs(stage).waiting) == 1


def test_a_large_file_is_named_and_a_yes_is_kept(room, network, tmp_path):
    stage = room(large=2)
    file = attach(room.amina, tmp_path, 2_500_000)
    stage.settle()
    (banner,) = costs(stage).waiting
    assert "Le plan" in banner.accessibleName()
    assert "volumineux" in banner.accessibleName()
    assert not agreed(room.amina, file)
    banner.action.click()
    stage.qtbot.waitUntil(lambda: agreed(room.amina, file), timeout=8000)
    stage.settle()
    assert costs(stage).waiting == []


def test_the_limits_are_one_press_away(room):
    stage = room()
    costs(stage).details.click()
    assert stage.gone == [("spending",)]


def test_the_card_speaks_arabic(room, tmp_path):
    set_language("ar")
    stage = room(large=2, cap=50)
    attach(room.amina, tmp_path, 2_500_000)
    stage.settle()
    assert "هذا الشهر" in costs(stage).month.text()
    assert costs(stage).waiting[0].accessibleName().startswith("الملف")


def test_a_computer_without_limits_keeps_nothing_back(network, stage):
    shown = stage(network.member("Amina"))
    assert isinstance(shown.syncer, Syncer)
    assert shown.syncer.rules.cap == 0
    assert costs(shown).isVisible()
    assert not costs(shown).bar.isVisible()
