"""Writing notes: nothing typed is ever lost, leaving saves, two PCs of one person meet, a deletion is undone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.features.notes.page import NEW
from i18n import Text
from sync.errors import NotFound
from sync.store import Full

from .conftest import write


def test_the_first_note(world):
    page = world.page()
    assert page.states.showing == "empty" and not page.listing.isVisible(), "there is one thing to say"
    page.states.panel.action.click()
    assert page.listing.isVisible() and page.window().focusWidget() is page.desk.title
    write(page, "Rappeler la trésorière lundi.", "À faire")
    assert page.desk.said.text().startswith("Gardé")
    world.leave(page)
    assert world.notes() == [("À faire", "Rappeler la trésorière lundi.")]
    world.come(page)
    assert world.rows(page) == ["À faire"] and page.desk.said.text() == "Enregistré sur ce poste"


def test_an_empty_sheet_is_no_note(world):
    page = world.page()
    page.begin()
    first = page.id
    page.begin()
    assert page.id == first, "the empty sheet that lies there will do"
    write(page, "x")
    page.desk.sheet.clear()
    world.leave(page)
    assert world.notes() == [] and world.ws.draft("note", first) is None


def test_a_note_without_a_title_is_called_by_its_first_line(world):
    page = world.page()
    page.begin()
    write(page, "\nCiterne : 3 000 litres\nDemander à Moussa")
    world.leave(page)
    assert world.rows(page) == ["Citerne : 3 000 litres"]
    assert "Demander à Moussa" in page.listing.list.rows.row_at(0).meta


def test_what_is_typed_is_kept_before_it_is_saved(world, worlds, qtbot):
    page = world.page()
    page.begin()
    with qtbot.waitSignal(page.desk.typed):
        write(page, "Ne pas oublier")
    assert world.notes() == [] and world.rows(page) == ["Ne pas oublier"] and world.mark(page) == "Brouillon"
    world.ws.close()  # the program is killed here
    after = worlds()
    page = after.page()
    assert after.rows(page) == ["Ne pas oublier"] and page.desk.sheet.toPlainText() == "Ne pas oublier"
    write(page, " ce soir")
    assert page.desk.values()["text"] in ("Ne pas oublier ce soir", " ce soirNe pas oublier")
    after.leave(page)
    assert len(after.notes()) == 1 and after.mark(page) == ""


def test_a_window_that_goes_keeps_the_draft_and_saves_nothing(world, qtbot):
    page = world.page()
    page.begin()
    write(page, "à demi écrit")
    state = page.state()
    page.keep()
    page.parentWidget().hide()  # the lock
    assert world.notes() == [] and world.ws.draft("note", page.id)["values"]["text"] == "à demi écrit"
    fresh = world.page(state=state)
    assert fresh.desk.sheet.toPlainText() == "à demi écrit" and fresh.desk.is_touched
    world.leave(fresh)
    assert world.notes() == [(None, "à demi écrit")] and world.ws.draft("note", page.id) is None


def test_choosing_another_note_saves_the_one_before(world, qtbot):
    first = world.ws.add("note", {"title": "Un", "text": "1"}).id
    second = world.ws.add("note", {"title": "Deux", "text": "2"}).id
    page = world.page()
    assert page.id == second, "the last one written lies open"
    write(page, "x")
    page.listing.list.setCurrentIndex(page.listing.list.rows.index(1))
    qtbot.waitUntil(lambda: page.id == first and page.desk.title.text() == "Un")
    assert "x" in world.ws.get("note", second)["text"]
    assert not page.desk.is_touched and world.ws.get("note", first)["text"] == "1"


def test_ctrl_s_saves_and_one_writes_on(world):
    page = world.page()
    page.begin()
    write(page, "un")
    page.keeper.save()
    write(page, " deux")
    page.keeper.save()
    page.keeper.save()
    assert world.notes() == [(None, page.desk.sheet.toPlainText())] and len(world.ws.outbox()) == 2


def test_a_save_that_fails_keeps_every_word(world):
    saved = world.ws.add("note", {"text": "avant"}).id
    other = world.ws.add("note", {"text": "autre"}).id
    page = world.page()
    page.open("note", saved)
    write(page, "après ")
    edit = world.ws.edit

    def full(*_args, **_named):
        raise Full(Text("The disk is full: this was not saved. Free some space, then save again."))

    world.ws.edit = full
    page.open("note", other)
    assert page.id == saved and "après" in page.desk.sheet.toPlainText() and page.desk.is_touched, "it lies open again"
    assert page.desk.banner is not None and world.ws.draft("note", saved) is not None
    page.open("note", other)
    assert page.id == other and world.mark(page, 1) == "Brouillon", "it is kept as a draft: nobody is held back"
    page.open("note", saved)
    assert "après" in page.desk.sheet.toPlainText()
    world.ws.edit = edit
    page.keeper.save()
    page.open("note", other)
    assert page.id == other and "après" in world.ws.get("note", saved)["text"] and world.ws.draft("note", saved) is None


def test_too_long_a_text_says_so_and_is_kept(world):
    page = world.page()
    page.begin()
    write(page, "x" * 20_001)
    world.leave(page)
    world.come(page)
    assert world.notes() == [] and page.desk.banner is not None and len(page.desk.sheet.toPlainText()) == 20_001
    assert len(world.ws.draft("note", page.id)["values"]["text"]) == 20_001


def test_deleting_asks_nothing_and_is_undone_with_its_draft(world, qtbot):
    world.ws.add("note", {"title": "Autre"})
    id = world.ws.add("note", {"title": "Un", "text": "1"}).id
    page = world.page()
    page.open("note", id)
    write(page, "brouillon ")
    page.desk.delete.click()
    with pytest.raises(NotFound):
        world.ws.get("note", id)
    assert world.rows(page) == ["Autre"] and world.said == ["La note est supprimée."] and page.id == ""
    world.acts[-1]()
    assert page.id == id and "brouillon" in page.desk.sheet.toPlainText() and world.ws.get("note", id)["text"] == "1"
    world.leave(page)
    assert "brouillon" in world.ws.get("note", id)["text"]


def test_a_new_sheet_is_thrown_away_and_brought_back(world):
    page = world.page()
    page.begin()
    write(page, "à peine commencé")
    page.desk.delete.click()
    assert world.notes() == [] and page.states.showing == "empty"
    world.acts[-1]()
    assert page.desk.sheet.toPlainText() == "à peine commencé" and page.desk.is_touched


def test_back_to_what_was_saved(world):
    id = world.ws.add("note", {"text": "bon"}).id
    world.ws.keep_draft("note", id, {"values": {"title": "", "text": "mauvais", "about": ""}})
    page = world.page()
    assert page.desk.sheet.toPlainText() == "mauvais" and page.desk.banner is not None
    page.desk.banner.action.click()
    assert page.desk.sheet.toPlainText() == "bon" and page.desk.banner is None and world.ws.draft("note", id) is None
    world.leave(page)
    assert world.ws.get("note", id)["text"] == "bon"


def test_search_finds_saved_words_and_drafts_in_any_spelling(world, qtbot):
    world.ws.add("note", {"title": "Obock", "text": "أوبوك : citerne"})
    world.ws.add("note", {"title": "Réunion", "text": "lundi"})
    world.ws.keep_draft("note", "01990000-0000-7000-8000-00000000000a", {"values": {"title": "", "text": "Citerne neuve", "about": ""}})
    page = world.page()
    assert len(world.rows(page)) == 3
    for typed, found in (("اوبوك", ["Obock"]), ("reunion", ["Réunion"]), ("citern", ["Citerne neuve", "Obock"]), ("rien", [])):
        with qtbot.waitSignal(page.listing.read):
            page.listing.search.setText(typed)
        assert world.rows(page) == found, typed
    assert page.listing.states.showing == "empty"
    with qtbot.waitSignal(page.listing.read):
        page.listing.states.panel.action.click()
    assert len(world.rows(page)) == 3


def test_two_computers_of_one_person(worlds, network):
    here, there = worlds("here"), worlds("there")
    network.join(here.ws)
    network.join(there.ws)
    page = here.page()
    page.begin()
    write(page, "écrit à Obock")
    here.leave(page)
    assert here.mark(page) == "À envoyer" and page.desk.said.text().startswith("Enregistré sur ce poste, part")
    network.meet(here.ws, there.ws)
    assert here.mark(page) == "" and page.desk.said.text().startswith("Enregistré ici et pour")
    other = there.page()
    assert other.desk.sheet.toPlainText() == "écrit à Obock"
    other.desk.sheet.setPlainText("écrit dans la capitale")
    there.leave(other)
    network.meet(there.ws, here.ws)
    assert page.desk.sheet.toPlainText() == "écrit dans la capitale", "what came is shown, for nobody was writing"


def test_written_on_two_computers_at_once(worlds, network):
    here, there = worlds("here"), worlds("there")
    network.join(here.ws)
    network.join(there.ws)
    id = here.ws.add("note", {"text": "ancien"}).id
    network.meet(here.ws, there.ws)
    page = here.page()
    write(page, "ici ")
    there.ws.edit("note", id, {"text": "là-bas"})
    network.meet(there.ws, here.ws)
    assert "ici" in page.desk.sheet.toPlainText(), "who writes is not disturbed"
    here.leave(page)
    network.meet(here.ws, there.ws)
    assert here.mark(page) == "Deux versions"
    page.desk.banner.action.click()
    assert here.went == [("sync_room", "note", id)]


def test_deleted_elsewhere_while_one_writes(worlds, network):
    here, there = worlds("here"), worlds("there")
    network.join(here.ws)
    network.join(there.ws)
    id = here.ws.add("note", {"text": "ancien"}).id
    network.meet(here.ws, there.ws)
    page = here.page()
    write(page, "encore ")
    there.ws.delete("note", id)
    network.meet(there.ws, here.ws)
    here.leave(page)
    network.meet(here.ws, there.ws)
    assert "encore" in there.ws.get("note", id)["text"], "nothing that was typed is lost"


def test_about_an_organisation(world, qtbot):
    owner = world.ws.add("organisation", {"name": {"fr": "Pêcheuses d’Obock"}}).id
    page = world.page()
    page.begin()
    write(page, "Elles cherchent une glacière.")
    page.desk.link.click()
    line = page.desk.about.finder.inputs()[0]
    line.setText("pecheuses")
    line.textEdited.emit("pecheuses")
    line.picked.emit(owner, "Pêcheuses d’Obock")
    assert "Pêcheuses" in page.desk.about.link.text()
    world.leave(page)
    assert world.ws.records("note")[0]["about"] == owner
    world.come(page)
    page.desk.about.link.click()
    assert world.went == [("directory", "organisation", owner)]
    page.desk.about.remove.click()
    world.leave(page)
    assert world.ws.records("note")[0]["about"] is None


def test_each_paragraph_runs_its_own_way(world):
    page = world.page()
    page.begin()
    write(page, "Réunion à 9 h\nاجتماع في أوبوك\n77 34 12 56")
    document = page.desk.sheet.document()
    ways = [document.findBlockByNumber(number).textDirection() for number in range(2)]
    assert ways == [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft]


def test_keys_walk_from_search_to_list_to_note_and_back(world, qtbot):
    world.ws.add("note", {"title": "Un", "text": "1"})
    page = world.page(700)  # one at a time
    assert page.listing.isVisible() and not page.desk.isVisible()
    page.listing.search.setFocus()
    QTest.keyClick(page.listing.search, Qt.Key.Key_Down)
    assert page.window().focusWidget() is page.listing.list
    QTest.keyClick(page.listing.list, Qt.Key.Key_Return)
    assert page.desk.isVisible() and page.window().focusWidget() is page.desk.sheet and not page.listing.isVisible()
    QTest.keyClick(page.desk.sheet, Qt.Key.Key_Escape)
    assert page.listing.isVisible() and page.window().focusWidget() is page.listing.list


def test_a_note_of_the_search_box_and_one_that_is_not_here(world):
    id = world.ws.add("note", {"title": "Un"}).id
    world.ws.add("note", {"title": "Deux"})
    page = world.page()
    page.open("note", id)
    assert page.desk.title.text() == "Un"
    page.open("note", "01990000-0000-7000-8000-0000000000ff")
    assert page.id == "" and page.states.showing == "empty"
    page.open("note", NEW)
    assert page.desk.is_empty and page.desk.isVisible()


def test_history_of_a_note(world):
    id = world.ws.add("note", {"title": "Un"}).id
    page = world.page()
    page.desk.past.click()
    assert world.went == [("history", "note", id)]
