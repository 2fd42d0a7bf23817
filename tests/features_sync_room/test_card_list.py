"""The column of cards: a card that stands can take the focus at once."""

from __future__ import annotations

from types import SimpleNamespace

from PySide6.QtWidgets import QApplication

from desktop.features.sync_room.card_list import CardList, WalkedCard
from desktop.kit.slices import Slices


def test_a_card_that_stands_takes_the_focus_in_the_same_turn(qtbot):
    slices = Slices(None)
    cards = CardList("Cards", "", WalkedCard, slices)
    qtbot.addWidget(cards)
    cards.setVisible(True)
    cards.activateWindow()
    qtbot.waitUntil(cards.isActiveWindow)
    cards.show([SimpleNamespace(key="a"), SimpleNamespace(key="b")])
    slices.finish()
    assert cards.focus_key("b"), "no turn of the loop lies between: Qt shows what is new in a layout only in the next one"
    assert QApplication.focusWidget() is cards.cards()[1]
