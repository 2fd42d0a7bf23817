"""The history page: sentences, one field alone, ways back with a way back from these, and a moderator's list."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from desktop.features.history import words
from desktop.features.history.save_card import SaveCard
from desktop.kit.text import Label
from i18n import set_language
from resources import undoing
from resources.undoing import undo
from sync.errors import NotFound, Refused
from sync.workspace import Workspace
from tests.features_history.conftest import FISHERS_ID, People, World

NEW, NEWER = "+253 77 11 11 11", "+253 77 22 22 22"


def said(card: SaveCard) -> str:
    return "\n".join(one.text() for one in card.findChildren(Label)).replace("\u00a0", " ")


def edit(ws: Workspace, **values) -> None:
    ws.edit("organisation", FISHERS_ID, values)


def test_each_save_says_who_when_by_which_road_and_from_what_to_what(worlds, people: People) -> None:
    people.ws["moussa"].edit("organisation", FISHERS_ID, {"phone": NEW, "domains": ["water"], "email": None})
    people.sync()
    edit(people.ws["amina"], phone=NEWER)
    world = worlds()
    mine, theirs = world.open().saves.cards[:2]
    assert "Vous" in said(mine) and "attend le serveur" in said(mine)
    assert f"Téléphone : de {NEW} à {NEWER}" in said(mine).replace("\u2066", "").replace("\u2069", "")
    assert "Moussa" in said(theirs) and "Reçu du serveur le" in said(theirs) and "n° " in said(theirs)
    assert "ajouté" in said(theirs)
    last = world.page.saves.cards[-1]
    assert "A créé la fiche" in said(last) and last.buttons == []  # the secretariat made it: it is no mistake of one's own
    before = said(last)
    last.more.click()
    assert len(said(last)) > len(before) and "Téléphone" in said(last)


def test_a_value_is_put_back_and_that_is_undone_from_the_notice(worlds, people: People) -> None:
    world = worlds()
    before = world.phone()
    edit(world.ws, phone=NEW)
    card = world.open().saves.cards[0]
    world.press(card, "Remettre")
    assert world.phone() == before
    assert world.said == ["Remis sur ce poste"]
    assert len(world.page.saves.cards) == len(world.page.saves.dossier.saves)
    world.acts[-1]()
    world.settle()
    assert world.phone() == NEW and world.said[-1] == "C’est comme avant"


def test_a_whole_save_is_undone_but_for_what_others_replaced(worlds, people: People) -> None:
    world = worlds()
    before = world.ws.get("organisation", FISHERS_ID)["locality"]
    edit(world.ws, phone=NEW, locality="Khor Angar", acronym="AP")
    people.sync()
    edit(people.ws["moussa"], phone=NEWER)
    people.sync()
    card = next(one for one in world.open().saves.cards if one.save.undo == "save")
    world.press(card, "Annuler tout")
    assert (world.phone(), world.ws.get("organisation", FISHERS_ID)["locality"]) == (NEWER, before)
    assert "1 champ reste" in world.said[-1]


def test_one_field_is_shown_alone(worlds) -> None:
    world = worlds()
    edit(world.ws, phone=NEW)
    edit(world.ws, locality="Khor Angar")
    page = world.open()
    count = len(page.saves.cards)
    page.saves.choice.setCurrentIndex(page.saves.choice.findData("phone"))
    world.settle()
    assert 0 < len(page.saves.cards) < count
    assert all({line.field for line in card.save.lines} == {"phone"} for card in page.saves.cards)
    fresh = worlds()
    fresh.page.restore(page.state())
    fresh.settle()
    assert fresh.page.saves.field == "phone" and len(fresh.page.saves.cards) == len(page.saves.cards)


def test_a_deleted_record_is_brought_back_from_its_history(worlds) -> None:
    world = worlds()
    id = world.ws.add("collection", {"title": {"fr": "Premiers pas"}}).id
    world.ws.delete("collection", id)
    page = world.open("collection", id)
    assert "Premiers pas" in [one.text() for one in page.saves.findChildren(Label)]
    world.press(page.saves.cards[0], "Rétablir")
    assert world.ws.get("collection", id).title == "Premiers pas"
    world.acts[-1]()
    with pytest.raises(NotFound):
        world.ws.get("collection", id)


def test_what_one_just_made_is_deleted_again_and_a_contact_is_not(worlds) -> None:
    world = worlds()
    item = world.ws.add("item", {"title": {"fr": "Guide"}}).id
    world.press(world.open("item", item).saves.cards[0], "Supprimer")
    with pytest.raises(NotFound):
        world.ws.get("item", item)
    contact = world.ws.add("contact", {"organisation": FISHERS_ID, "name": "Asha", "phone": NEW, "consent": "network", "consent_date": "2026"}).id
    assert world.open("contact", contact).saves.cards[0].buttons == []


def test_a_failure_is_said_and_nothing_is_lost(worlds, people: People) -> None:
    world = worlds()
    edit(world.ws, phone=NEW)
    page = world.open()
    page._on_undo_requested("00" * 14, "")
    assert "dalil history" in world.said[-1] and world.phone() == NEW
    page.open("organisation", "00000000-0000-7000-8000-000000000000")
    assert page.states.showing == "failed"


def test_a_guest_reads_and_puts_nothing_back(worlds, people: People) -> None:
    world = worlds(guest=True)
    page = world.open()
    assert page.saves.cards and all(card.buttons == [] for card in page.saves.cards)
    assert any("invité" in one.text() for one in page.saves.findChildren(Label))


def test_in_a_conflict_a_value_is_taken_out_and_no_other_is_promised(worlds, people: People) -> None:
    edit(people.ws["moussa"], phone=NEW)
    edit(people.ws["amina"], phone=NEWER)
    people.sync()
    world = worlds("amina")
    cards = [one for one in world.open().saves.cards if one.save.lines[0].field == "phone" and one.save.lines[0].contested]
    assert sorted(one.save.lines[0].events[0].new for one in cards if one.buttons) == [NEW, NEWER]
    assert {one.text() for card in cards for one in card.buttons} == {"Retirer cette valeur"}
    world.press(next(one for one in cards if one.save.lines[0].events[0].new == NEW), "Retirer")
    assert world.phone() == NEWER and world.ws.conflicts() == []


def test_what_only_the_secretariat_may_write_it_alone_puts_back(worlds, people: People) -> None:
    people.ws["secretariat"].edit("organisation", FISHERS_ID, {"verified": "2026-10-01", "verified_how": "visit"})
    people.sync()
    member, office = worlds("amina"), worlds("secretariat")
    card = member.open().saves.cards[0]
    assert {line.field for line in card.save.lines} == {"verified", "verified_how"} and card.buttons == []
    with pytest.raises(Refused):
        undo(member.ws, "organisation", FISHERS_ID, card.save.change)
    with pytest.raises(Refused):
        undo(member.ws, "organisation", FISHERS_ID, card.save.change, "verified")
    office.press(office.open().saves.cards[0], "Annuler tout")
    assert office.ws.get("organisation", FISHERS_ID)["verified"] == "2026-09-14"


def test_back_and_keys(worlds, qtbot) -> None:
    world = worlds()
    page = world.open()
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert world.went == [("directory", "organisation", FISHERS_ID)]
    edit(world.ws, phone=NEW)
    world.settle()
    made = next(one for one in page.saves.cards[0].buttons)
    assert made.focusPolicy() & Qt.FocusPolicy.TabFocus and "Téléphone" in made.accessibleName()
    made.setFocus()
    qtbot.keyClick(made, Qt.Key.Key_Space)
    assert world.phone() != NEW


def test_what_comes_meanwhile_is_shown_and_a_long_past_in_steps(worlds, people: People) -> None:
    world = worlds()
    for number in range(30):
        edit(world.ws, phone=f"+253 77 00 00 {number:02}")
    page = world.open()
    assert len(page.saves.cards) == 20
    page.saves.more.click()
    world.settle()
    assert len(page.saves.cards) > 30 or page.saves.more is not None
    edit(world.ws, phone=NEW)
    world.settle()
    assert NEW in said(page.saves.cards[0]).replace("\u2066", "").replace("\u2069", "")


def test_a_moderator_sees_what_undoing_a_device_would_do_does_it_and_undoes_that(worlds, people: People) -> None:
    before = people.ws["moussa"].get("organisation", FISHERS_ID)
    edit(people.ws["moussa"], phone=NEW, locality="Ailleurs", domains=["water"])
    invented = people.ws["moussa"].add("organisation", {"name": {"fr": "Association inventée"}}).id
    people.sync()
    edit(people.ws["amina"], locality="Obock ville")
    people.sync()
    member: World = worlds("amina")
    for act in (lambda: undoing.plan(member.ws, "d", 1), lambda: undoing.carry_out(member.ws, None)):
        with pytest.raises(Refused):
            act()
    assert not any(card.save.foreign for card in member.open().saves.cards)
    world: World = worlds("secretariat")
    page = world.open()
    card = next(one for one in page.saves.cards if one.save.about.author.name == "Moussa")
    card.device.click()
    world.settle()
    shown = "\n".join(one.text() for one in page.device.findChildren(Label)).replace("\u00a0", " ")
    assert "Moussa" in shown and "Association inventée" in shown and "serait supprimée" in shown
    assert "Obock ville reste" in shown
    page.device.act.click()
    world.settle()
    record = world.ws.get("organisation", FISHERS_ID)
    assert (record["phone"], record["domains"], record["locality"]) == (before["phone"], before["domains"], "Obock ville")
    assert world.ws.by_ids("organisation", [invented]) == []
    assert "2 fiches" in world.said[-1]
    world.acts[-1]()
    world.settle()
    assert world.phone() == NEW and world.ws.by_ids("organisation", [invented])
    card = next(one for one in page.saves.cards if one.save.about.author.name == "Moussa")
    card.device.click()
    world.settle()
    assert page.device.act is None  # by now it is the secretariat's word


def test_in_arabic_everything_is_said_and_mirrored(worlds, qapp: QApplication) -> None:
    set_language("ar")
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        world = worlds()
        edit(world.ws, phone=NEW)
        card = world.open().saves.cards[0]
        assert "أنت" in said(card) and "الهاتف" in said(card)
        assert any("إرجاع" in one.text() for one in card.findChildren(QPushButton))
    finally:
        set_language("fr")


def test_a_wrong_clock_is_said_to_be_one(worlds) -> None:
    world = worlds()
    edit(world.ws, phone=NEW)
    event = world.ws.history("organisation", FISHERS_ID)[-1]
    assert "douteuse" in words.when(event, event.time - 2 * 24 * 3600 * 1000)
    assert "douteuse" not in words.when(event, event.time + 1000)
