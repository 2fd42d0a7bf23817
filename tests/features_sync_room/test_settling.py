"""A conflict is shown with who and when, and one click ends it on every computer."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from desktop.features.sync_room.acts import Settle
from desktop.features.sync_room.difference import compared, marked
from desktop.kit.chips import Pill
from i18n import set_language
from sync.errors import Refused
from sync.workspace import wall_clock

DAY = 24 * 3600 * 1000


@pytest.fixture
def pair(network):
    """Two members who both hold one organisation."""
    one, other = network.member("Aïcha"), network.member("Mohamed")
    id = one.add("organisation", {"name": {"fr": "École des femmes", "ar": "مدرسة"}, "phone": "+253 77 12 34 56", "address": "Rue 1"}).id
    network.sync(one, other, one)
    return one, other, id


def quarrel(network, one, other, id, field="phone", values=("+253 77 12 34 11", "+253 77 12 34 22")):
    one.edit("organisation", id, {field: values[0]})
    other.edit("organisation", id, {field: values[1]})
    network.sync(one, other, one)


def test_one_click_ends_a_conflict_on_both(network, pair, stage):
    one, other, id = pair
    quarrel(network, one, other, id)
    room = stage(one)
    (card,) = room.cards("settle")
    assert [voice.who for voice in card.data.voices] == ["Vous", "Mohamed"]
    assert "12 34 56" in card.data.old
    room.click(card.choices()[1])
    assert room.cards("settle") == []
    assert room.page.lists.states("settle").showing == "empty"
    assert "12 34 22" in room.noticed[-1][0]
    network.sync(one, other)
    assert one.conflicts() == other.conflicts() == []
    assert one.get("organisation", id)["phone"] == other.get("organisation", id)["phone"] == "+253 77 12 34 22"


def test_a_value_that_came_meanwhile_is_not_overrun(network, pair, stage):
    one, other, id = pair
    third = network.member("Hassan")
    network.sync(third)
    third.edit("organisation", id, {"phone": "+253 77 00 00 33"})
    quarrel(network, one, other, id)
    room = stage(one)
    (card,) = room.cards("settle")
    network.sync(third, one)
    with pytest.raises(Refused, match="entre-temps"):
        Settle(one, card.data, 0)(None)
    assert len(one.conflicts()[0].values) == 3


def test_writing_another_value(network, pair, stage, qtbot):
    one, other, id = pair
    quarrel(network, one, other, id)
    room = stage(one)
    (card,) = room.cards("settle")
    card._write_another()
    line = card.findChild(QLineEdit)
    line.setText("pas un numéro")
    room.click(card._rewriting.send)
    assert one.conflicts(), "a wrong value is not kept"
    (card,) = room.cards("settle")
    assert card._rewriting.values()["phone"] == "pas un numéro", "nothing typed is lost"
    card.findChild(QLineEdit).setText("+253 77 44 44 44")
    room.click(card._rewriting.send)
    network.sync(one, other)
    assert other.get("organisation", id)["phone"] == "+253 77 44 44 44"
    assert other.conflicts() == []


def test_deleted_and_edited(network, pair, stage):
    one, other, id = pair
    other.delete("organisation", id)
    one.edit("organisation", id, {"acronym": "EF"})
    network.sync(one, other, one)
    room = stage(one)
    (card,) = room.cards("settle")
    assert card.data.is_life
    assert "EF" in card.data.voices[1].words
    room.click(card.choices()[1])
    network.sync(one, other)
    assert other.get("organisation", id)["acronym"] == "EF"


def test_a_clock_that_cannot_be_right_is_marked(network, pair, stage):
    one, other, id = pair
    other.clock = lambda: wall_clock() + 3 * DAY
    quarrel(network, one, other, id)
    (card,) = stage(one).cards("settle")
    assert [voice.doubtful for voice in card.data.voices] == [False, True]
    assert [pill.text() for pill in card.findChildren(Pill)] == ["date douteuse"]


def test_keys_walk_through_the_cards(network, pair, stage, qtbot):
    one, other, id = pair
    quarrel(network, one, other, id)
    quarrel(network, one, other, id, "address", ("Rue 2", "Rue 3"))
    room = stage(one)
    first, second = room.cards("settle")
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is second
    qtbot.keyClick(second, Qt.Key.Key_Up)
    qtbot.keyClick(first, Qt.Key.Key_Return)
    inside = QApplication.focusWidget()
    assert inside is not first
    assert first.isAncestorOf(inside)
    qtbot.keyClick(inside, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is first
    for said in (first.data.title, first.data.label, "Mohamed", *(voice.words for voice in first.data.voices)):
        assert said in first.accessibleName()
    first.choices()[0].setFocus()
    qtbot.keyClick(first.choices()[0], Qt.Key.Key_Space)
    room.settle()
    assert QApplication.focusWidget() is room.cards("settle")[0], "the focus goes on to the next card"


def test_typing_survives_news(network, pair, stage):
    one, other, id = pair
    quarrel(network, one, other, id)
    room = stage(one)
    (card,) = room.cards("settle")
    card._write_another()
    card.findChild(QLineEdit).setText("+253 77 55")
    other.edit("organisation", id, {"note": "rien à voir"})
    network.sync(other, one)
    room.settle()
    assert room.cards("settle")[0] is card
    assert room.page.state()["typed"]["settle"] == {card.data.key: {"phone": "+253 77 55"}}


def test_arabic_runs_from_the_right(network, pair, stage, qapp):
    one, other, id = pair
    quarrel(network, one, other, id)
    set_language("ar")
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    room = stage(one)
    (card,) = room.cards("settle")
    keep, other_keep = card.choices()
    assert keep.mapTo(card, keep.rect().center()).x() > other_keep.mapTo(card, other_keep.rect().center()).x()
    assert card.data.voices[0].words == "\u2066+253 77 12 34 11\u2069"
    assert card.data.title == "مدرسة"


def test_a_partner_sees_and_does_not_choose(network, pair, stage):
    one, other, id = pair
    quarrel(network, one, other, id)
    partner = network.member("Fonds", role="partner")
    network.sync(partner)
    (card,) = stage(partner).cards("settle")
    assert card.data.refusal
    assert not any(one.isVisibleTo(card) for one in card.choices())


def test_marks_and_paragraphs():
    left, right = marked(["Rue 1, face à la mosquée", "Rue 1, derrière la mosquée"])
    assert [run.text for run in left if run.differs] == ["face à"]
    assert [run.text for run in right if run.differs] == ["derrière"]
    assert not any(run.differs for runs in marked(["Obock", "Tadjourah"]) for run in runs)
    mine, theirs = compared("même\nun deux\nfin", "même\nun trois\nfin\nde plus")
    assert [block.alike for block in mine] == [1, 0, 1]
    assert [run.text for block in theirs for run in block.runs if run.differs] == ["trois", "de plus"]


def test_isolates_of_a_value_are_no_difference():
    mine, theirs = compared("\u2068un\nfin.\u2069", "\u2068un\nfin.\nde plus\u2069")
    assert mine[0].alike == 2
    assert [run.text for block in theirs for run in block.runs] == ["de plus"]
