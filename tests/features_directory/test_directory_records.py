"""Detail and forms: adding, editing, conflicts, drafts, failed saves that keep the text, deleting with undo."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QPushButton

from desktop.features.directory import words
from desktop.features.directory.belongings import ContactsCard, ProjectsCard
from desktop.features.directory.saving import Target
from desktop.kit.text import Label
from i18n import Text
from sync.errors import NotFound
from sync.store import Full

OBOCK = "Association des jeunes pour le développement d’Obock"


@pytest.fixture
def obock(world) -> str:
    return world.ws.add("organisation", {"name": {"fr": OBOCK, "ar": "جمعية شباب أوبوك"}, "region": "DJ-OB", "phone": "+25377341256"}).id


def write(form, path: str, text: str, part: str = "") -> None:
    line = form.field(path).editor.input_of(part)
    line.setText(text)
    line.textEdited.emit(text)


def test_adding_an_organisation(world):
    page = world.page()
    page.add.click()
    form = page.side.editor.form
    form._save.click()
    assert form.field("name").is_wrong
    write(form, "name", "Coopérative des pêcheurs de Khor Angar", "fr")
    write(form, "phone", "12")
    form._save.click()
    assert form.field("phone").is_wrong and not form.field("name").is_wrong
    write(form, "phone", "77 34 12 56")
    form.field("region").editor.set_value("DJ-OB")
    form.field("facts").editor.set_value([{"name": "Récépissé", "value": "214", "date": "2009-06"}])
    form._save.click()
    made = world.ws.get("organisation", page.side.record[1])
    assert made["name"] == {"fr": "Coopérative des pêcheurs de Khor Angar"} and made["region"] == "DJ-OB" and made["phone"] == "77 34 12 56"
    assert list(made["facts"].values()) == [{"name": "Récépissé", "value": "214", "date": "2009-06"}]
    assert page.side.editor is None and page.listing.list.chosen_id() == made.id
    assert world.said == ["Enregistré sur ce poste"]


def test_an_edit_writes_only_what_was_changed_over_what_was_seen(world, obock):
    page = world.page()
    page.open("organisation", obock)
    world.detail(page).edit.click()
    form = page.side.editor.form
    world.ws.edit("organisation", obock, {"region": "DJ-TA", "phone": "+25377000000"})  # meanwhile
    write(form, "phone", "+25377812233")
    form._save.click()
    record = world.ws.get("organisation", obock)
    assert record["region"] == "DJ-TA", "a field that was not touched was written"
    assert record.conflicts == 1, "the value that was not seen was overwritten"


def test_a_conflict_says_so_and_leads_to_where_it_is_settled(world, obock):
    form = world.ws.form("organisation", obock)
    world.ws.edit("organisation", obock, {"phone": "+25377000000"}, form)
    world.ws.edit("organisation", obock, {"phone": "+25377812233"}, form)
    page = world.page()
    page.open("organisation", obock)
    row = page.listing.list.rows.row_at(page.listing.list.rows.position(obock))
    assert row.mark.text == "1 champ à régler" and row.mark.icon == "settle"
    cell = next(one for one in world.detail(page).facts.cells if one.fact.label == "Téléphone")
    assert cell.fact.settle.startswith("2 valeurs")
    assert "Écrit par Vous" in cell.toolTip()
    cell.findChild(QPushButton).click()
    assert world.went == [("sync_room", "organisation", obock)]


def test_a_failed_save_keeps_every_word_and_says_why(world, obock):
    page = world.page()
    page.open("organisation", obock)
    world.detail(page).edit.click()
    form = page.side.editor.form
    write(form, "acronym", "AJDO")
    edit = world.ws.edit

    def full(*_args, **_named):
        raise Full(Text("The disk is full: this was not saved. Free some space, then save again."))

    world.ws.edit = full
    form._save.click()
    assert page.side.editor.form is form and form.values()["acronym"] == "AJDO"
    assert "disque" in form._summary.text() or "disk" in form._summary.text()
    assert form._save.isEnabled()
    world.ws.edit = edit
    form._save.click()
    assert world.ws.get("organisation", obock)["acronym"] == "AJDO" and page.side.editor is None


def test_a_draft_survives_leaving_and_a_new_page_and_keeps_what_was_seen(world, obock, qtbot):
    page = world.page()
    page.open("organisation", obock)
    world.detail(page).edit.click()
    write(page.side.editor.form, "phone", "+25377812233")
    page.side.editor.form.cancel_requested.emit()
    assert page.side.editor is None and world.ws.get("organisation", obock)["phone"] == "+25377341256"
    world.ws.edit("organisation", obock, {"phone": "+25377000000"})  # after the draft was begun
    fresh = world.page()
    fresh.open("organisation", obock)
    world.detail(fresh).edit.click()
    assert fresh.side.editor.form.values()["phone"] == "+25377812233"
    fresh.side.editor.form._save.click()
    assert world.ws.get("organisation", obock).conflicts == 1
    assert world.ws.draft("organisation", obock) is None


def test_typed_text_moves_to_the_page_of_another_language(world, obock):
    page = world.page()
    page.open("organisation", obock)
    world.detail(page).edit.click()
    write(page.side.editor.form, "locality", "Khor Angar")
    fresh = world.page()
    fresh.restore(page.state())
    assert fresh.side.editor.form.values()["locality"] == "Khor Angar" and fresh.side.record == ("organisation", obock)


def test_near_names_are_offered_while_typing_and_not_the_same_goes_on(world, obock, qtbot):
    page = world.page()
    page.add.click()
    editor = page.side.editor
    write(editor.form, "name", "Association de jeunes pour le developpement Obock", "fr")
    qtbot.waitUntil(lambda: obock in editor.near.found)
    assert editor.near.isVisible()
    deny = next(one for one in editor.near.findChildren(QPushButton) if one.text().startswith("Ce n’est pas"))
    deny.click()
    assert not editor.near.isVisible()
    write(editor.form, "name", "Association des jeunes pour le développement Obock", "fr")
    editor.near._on_wait_timeout()
    assert not editor.near.isVisible()


def test_deleting_asks_nothing_and_is_undone(world, obock):
    page = world.page()
    page.open("organisation", obock)
    world.detail(page).delete.click()
    with pytest.raises(NotFound):
        world.ws.get("organisation", obock)
    assert page.listing.list.rows.position(obock) < 0
    page.deleted.banner.action.click()
    assert world.ws.get("organisation", obock).title == OBOCK
    assert page.side.record == ("organisation", obock) and page.listing.list.rows.position(obock) >= 0


def test_projects_of_an_organisation_are_added_and_shown(world, obock, qtbot):
    page = world.page()
    page.open("organisation", obock)
    page.side.detail.add_requested.emit("project")
    form = page.side.editor.form
    assert form.values()["organisation"] == obock
    write(form, "title", "Replanter la mangrove", "fr")
    form.field("amount").editor.set_value({"amount": "2500000", "currency": "DJF"})
    write(form, "start", "01/2026")
    form._save.click()
    made = world.ws.records("project", "organisation = ?", (obock,))[0]
    assert made["amount"] == {"amount": "2500000", "currency": "DJF"} and made["start"] == "2026-01"
    card = world.detail(page).area.findChild(ProjectsCard)
    assert [one.id for one in card._records] == [made.id]


def test_a_contact_lives_where_its_person_agreed_and_goes_for_good(world, obock, qtbot):
    page = world.page()
    page.open("organisation", obock)
    page.side.detail.add_requested.emit("contact")
    form = page.side.editor.form
    write(form, "name", "Hassan Kamil")
    write(form, "phone", "77812233")
    form.field("consent").editor.set_value("network")
    form._save.click()
    assert form.field("consent_date").is_wrong
    write(form, "consent_date", "19/08/2026")
    form._save.click()
    made = world.ws.records("contact")[0]
    assert made.scope == "network"
    page.side.edit(Target("contact", made.id))
    form = page.side.editor.form
    form.field("consent").editor.set_value("public")
    form._save.click()
    moved = world.ws.records("contact")
    assert [one.scope for one in moved] == ["public"] and moved[0]["name"] == "Hassan Kamil" and moved[0].id != made.id
    card = world.detail(page).area.findChild(ContactsCard)
    shown = [label.text() for label in card.findChildren(Label)]
    assert "Hassan Kamil" in shown and any(words_.startswith("Visible par") and "Tout le monde" in words_ for words_ in shown)
    page.side.detail.delete_requested.emit("contact", moved[0].id)
    assert world.ws.records("contact") == [] and not hasattr(page.deleted.banner, "action")


def test_copying_a_number_gives_what_one_dials(world, obock):
    page = world.page()
    page.open("organisation", obock)
    cell = next(one for one in world.detail(page).facts.cells if one.fact.label == "Téléphone")
    cell.copy.click()
    assert QApplication.clipboard().text() == "+25377341256"


def test_verification_says_its_age(world, obock):
    today = words.today_of(world.ws.clock())
    assert words.verified_sentence(world.ws.get("organisation", obock), today) == "Jamais vérifié"
    world.ws.edit("organisation", obock, {"verified": "2026-08-19", "verified_how": "document"})
    recent = world.ws.get("organisation", obock)
    assert words.verified_mark(recent, today).tone == "good" and "19 août 2026" in words.verified_sentence(recent, today)
    world.ws.edit("organisation", obock, {"verified": "2019"})
    old = world.ws.get("organisation", obock)
    assert words.verified_mark(old, today).tone == "attention" and "2019" in words.verified_sentence(old, today)
    world.ws.edit("organisation", obock, {"verified": "2031-01-01"})  # typed under a wrong clock
    assert "2031" in words.verified_mark(world.ws.get("organisation", obock), today).text
