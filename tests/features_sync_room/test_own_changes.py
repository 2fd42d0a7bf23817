"""What waits can be taken back, what was refused keeps its text, and a sync is told in numbers."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLineEdit

from desktop.features.sync_room.page import UNDO


@pytest.fixture
def member(network):
    ws = network.member("Aïcha")
    network.sync(ws)
    return ws


@pytest.fixture
def refused(network):
    """A partner whose organisation was refused."""
    ws = network.member("Fonds", role="partner")
    ws.add("organisation", {"name": {"fr": "Fonds de soutien", "ar": "صندوق"}, "domains": ["water"], "phone": "+253 21 35 00 00"})
    network.sync(ws)
    return ws


def test_take_back_and_undo(network, member, stage):
    id = member.add("organisation", {"name": {"fr": "Jeunes d’Arta"}, "region": "DJ-AR"}).id
    room = stage(member)
    room.page._on_tabs_chosen("waiting")
    (card,) = room.cards("waiting")
    assert "Arta" in card.accessibleName()
    room.click(card.take_back)
    assert room.cards("waiting") == []
    assert member.status().waiting == 0
    text, action, undo = room.noticed[-1]
    assert "Jeunes d’Arta" in text
    assert action
    undo()
    room.settle()
    assert member.get("organisation", id)["region"] == "DJ-AR"
    assert len(room.cards("waiting")) == 1


def test_what_may_have_left_is_not_taken_back(network, member, stage):
    member.add("organisation", {"name": {"fr": "Partie"}})
    with member.store.transaction():
        member.vault.mark_tried(member.vault.waiting())
    room = stage(member)
    room.page._on_tabs_chosen("waiting")
    (card,) = room.cards("waiting")
    assert not hasattr(card, "take_back")
    assert "en route" in " ".join(child.accessibleName() for child in card.children() if hasattr(child, "accessibleName"))


def test_a_refusal_keeps_the_text_and_goes_again(network, refused, stage):
    room = stage(refused)
    (card,) = room.cards("refused")
    assert "partenaire" in card.data.reason
    assert ("Téléphone", "\u2066+253 21 35 00 00\u2069") in card.data.lines
    card._mend()
    line = next(one for one in card.findChildren(QLineEdit) if one.text() == "Fonds de soutien")
    line.setText("Fonds de soutien aux coopératives")
    network.trusting = True
    room.click(card._rewriting.send)
    assert room.cards("refused") == []
    network.sync(refused)
    found = refused.records("organisation")
    assert [one["name"]["fr"] for one in found] == ["Fonds de soutien aux coopératives"]
    assert found[0]["domains"] == ["water"]
    assert refused.status().refused == 0


def test_a_wrong_correction_says_why_beside_the_field(network, refused, stage):
    room = stage(refused)
    (card,) = room.cards("refused")
    card._mend()
    next(one for one in card.findChildren(QLineEdit) if "21 35" in one.text()).setText("abc")
    room.click(card._rewriting.send)
    (card,) = room.cards("refused")
    assert card._rewriting._rows["phone"].is_wrong
    assert card._rewriting.values()["phone"] == "abc"


def test_throwing_away_can_be_undone(network, refused, stage, qtbot):
    room = stage(refused)
    room.click(room.cards("refused")[0].throw)
    assert room.cards("refused") == []
    assert refused.status().refused == 1, "it is only out of sight at first"
    room.noticed[-1][2]()
    room.settle()
    (card,) = room.cards("refused")
    room.click(card.throw)
    timer = room.page._thrown[card.data.change]
    assert timer.interval() == UNDO
    timer.setInterval(0)
    qtbot.waitUntil(lambda: refused.status().refused == 0)


def test_a_sync_over_http_is_told_in_numbers(network, member, stage, qtbot):
    member.add("organisation", {"name": {"fr": "Jeunes d’Arta"}})
    room = stage(member)
    network.gate.clear()
    room.page.standing.sync.click()
    qtbot.waitUntil(lambda: room.page.standing.stop.isVisible())
    assert not room.page.standing.sync.isVisible()
    network.gate.set()
    qtbot.waitUntil(lambda: not room.syncer.running)
    room.settle()
    assert room.page.standing.sync.isVisible()
    assert "octets" in room.page.standing.meaning.text() or "Ko" in room.page.standing.meaning.text()
    assert room.page.room.visits[0].accepted == 1
    room.page.lists.choose("accepted")
    assert room.page.lists.rows["accepted"].model().rowCount() >= 1


def test_offline_is_calm(network, member, stage, qtbot):
    member.add("organisation", {"name": {"fr": "Jeunes d’Arta"}})
    with member.store.transaction():
        member.vault.keep("server", "http://127.0.0.1:9")
    room = stage(member)
    with qtbot.waitSignal(room.syncer.failed, timeout=15000):
        room.page.standing.sync.click()
    room.settle()
    assert "en sécurité" in room.page.standing.headline.text()
    assert room.page.standing.headline.property("tone") is None
    assert room.page.room.visits[0].failure == "offline"


def test_a_guest_has_nothing_to_exchange(network, stage):
    room = stage(network.alone("hôte", guest=True))
    assert room.page._states.showing == "no_rights"


def test_many_waiting_do_not_hold_the_screen(network, member, stage):
    with member.together():
        for n in range(300):
            member.add("organisation", {"name": {"fr": f"Association {n}"}})
    room = stage(member)
    assert len(room.cards("waiting")) == 20
    room.page._on_tabs_chosen("waiting")
    room.page.lists.cards["waiting"]._show_more()
    room.settle()
    assert len(room.cards("waiting")) == 40
