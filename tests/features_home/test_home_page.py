"""Home: where to begin, what needs a person, what is new, how old the copy is; joining says what is wrong and where."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton

from desktop.features.home import words
from desktop.features.home.mended import MendedCard
from desktop.kit.cards import Door
from desktop.sample import make
from i18n import Text, set_language
from resources import KINDS, starter
from resources.starter import seeding, shelf
from resources.unfinished import drafts
from sync.errors import Failure, NotADalilServer, Offline
from sync.vault import SCHEMA
from sync.workspace import Workspace


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The sample network: Amina's workspace with a conflict, a refusal and work that waits."""
    made = make(tmp_path_factory.mktemp("network"))
    yield made
    made.workspace.close()


def test_the_first_start_says_where_to_begin_and_writes_nothing(desk, ws: Workspace) -> None:
    one = desk()
    assert "Commencez par un guide" in one.words()
    assert len([door for door in one.page.findChildren(Door) if door.isVisible()]) == 3
    assert "31 associations" in one.words()
    assert ws.outbox() == []
    one.page.findChildren(Door)[0].click()
    assert one.gone == [("library",)]


def test_the_known_associations_are_added_once_and_taken_back(desk, ws: Workspace) -> None:
    one = desk()
    one.press("Les ajouter")
    assert len(ws.records("organisation")) == len(starter.organisations())
    assert len(ws.records("project")) == len(starter.projects())
    assert seeding.seed(ws) == []
    assert seeding.missing(ws) == 0
    assert "31" in one.words()
    assert "Les ajouter" not in {button.text() for button in one.page.findChildren(QAbstractButton) if button.isVisible()}
    one.said[-1].act()
    one.settle()
    assert ws.records("organisation") == []
    assert ws.outbox() == []
    assert "Commencez" in one.words()


def test_what_has_left_is_not_taken_back_by_half(ws: Workspace) -> None:
    changes = seeding.seed(ws)
    with ws.store.transaction():
        ws.vault.mark_tried(ws.vault.waiting()[:1])
    failure = seeding.take_back(ws, changes)
    assert isinstance(failure, Failure)
    assert len(ws.records("organisation")) == len(starter.organisations())


def test_what_needs_a_person_stands_first_each_with_one_action(desk, sample) -> None:
    one = desk(workspace=sample.workspace)
    said = one.words()
    assert "1 modification a été refusée" in said
    assert "conflits à régler" in said
    assert "à confirmer" in said
    one.press("Régler")
    assert one.gone[-1][0] == "sync_room"
    one.press("Voir la première")
    feature, kind, id = one.gone[-1]
    assert (feature, kind) == ("directory", "organisation")
    assert sample.workspace.get("organisation", id).title


def test_the_age_of_the_copy_is_said_in_words_with_the_exact_date(desk, sample) -> None:
    one = desk(workspace=sample.workspace)
    assert "Copie mise à jour il y a 1" in one.page.age.text()
    assert "Reçue le" in one.page.age.toolTip()
    hour = 3_600_000
    now = 1_800_000_000_000
    assert words.copy_age(None, now).startswith("Ce poste n’a pas encore")
    assert words.copy_age(now - 1000, now) == "La copie est à jour"
    assert words.copy_age(now + 500 * hour, now).startswith("Copie du")  # a wrong clock: no age is invented
    assert words.is_old(now - 24 * 8 * hour, now)
    assert not words.is_old(now - 24 * 6 * hour, now)


def test_news_are_what_came_since_the_last_visit_and_stay_during_this_one(desk, sample) -> None:
    from resources.remembered import recall, remember

    ws = sample.workspace
    head = ws.heads()["public"].number
    remember(ws, "home seen", str(head - 60))
    one = desk(workspace=ws)
    assert sum(news.total for news in one.page.facts.new) > 0
    assert "Nouveau depuis votre dernière visite" in one.words()
    assert recall(ws, "home seen") == str(head)
    one.page.load()
    one.settle()
    assert one.page.facts.new  # still the same visit
    again = desk(workspace=ws, restored=one.page.state())
    assert again.page.facts.new
    later = desk(workspace=ws)
    assert later.page.facts.new == []
    assert "Rien de nouveau" in later.words()


def test_a_draft_left_behind_is_offered_where_it_was(desk, ws: Workspace) -> None:
    ws.keep_draft("item", "new", {"values": {"title": {"fr": "Procès-verbal"}}})
    assert [(one.kind, one.id, one.title, one.new) for one in drafts(ws)] == [("item", "new", "Procès-verbal", True)]
    one = desk()
    assert "Un brouillon : Procès-verbal" in one.words()
    one.press("Continuer")
    assert one.gone[-1] == ("library", "item", "new")


def test_changes_appear_without_being_asked_for(desk, ws: Workspace) -> None:
    one = desk()
    ws.add("organisation", {"name": {"fr": "Association nouvelle"}})
    one.settle()
    assert one.page.facts.totals["organisation"] == 1
    assert not one.page.facts.is_first_start


def test_a_guest_is_offered_nothing_that_writes(desk, ws: Workspace) -> None:
    guest = Workspace(ws.folder, KINDS, guest=True)
    one = desk(workspace=guest)
    assert not {"Les ajouter", "Rejoindre le réseau"} & {button.text() for button in one.page.findChildren(QAbstractButton)}
    assert len([door for door in one.page.findChildren(Door) if door.isVisible()]) == 2
    guest.close()


def test_a_guest_is_not_asked_to_settle_what_they_may_not(desk, sample) -> None:
    guest = Workspace(sample.workspace.folder, KINDS, guest=True)
    one = desk(workspace=guest)
    assert one.page.facts.status.conflicts
    assert "Régler" not in {button.text() for button in one.page.findChildren(QAbstractButton)}
    assert "Vous lisez en invité" in one.words()
    guest.close()


@pytest.mark.parametrize(("failure", "field"), [
    (Offline(Text("The server at {url} cannot be reached. Your work is safe here; it will leave at the next sync.", url="x")), "url"),
    (NotADalilServer(Text("“{url}” is not an address. Example: https://dalil.exemple.dj", url="x")), "url"),
    (Failure(Text("This code was already used. Ask the secretariat for a new one."), "code_used"), "code"),
])
def test_joining_says_what_is_wrong_under_the_field_and_keeps_what_was_typed(desk, failure, field) -> None:
    def refuse(*_what) -> None:
        raise failure

    one = desk(refuse)
    one.page.begin_join()
    form = one.page.joining.form
    form.submit()
    assert form.field("url").is_wrong
    assert form.field("code").is_wrong
    for name, value in (("url", "dalil.exemple.dj"), ("code", "7K3M-9QXA-R2TB-W6HN"), ("name", "Amina")):
        form.field(name).editor.set_value(value)
    form.submit()
    one.settle()
    assert form.field(field).is_wrong
    assert form.values()["name"] == "Amina"
    again = desk(restored=one.page.state())
    assert again.page.joining.form.values()["url"] == "dalil.exemple.dj"


def test_a_real_code_that_is_none_is_told_before_the_network_is_asked(desk) -> None:
    one = desk()
    one.page.begin_join()
    form = one.page.joining.form
    for name, value in (("url", "http://127.0.0.1:9"), ("code", "nonsense"), ("name", "Amina")):
        form.field(name).editor.set_value(value)
    form.submit()
    one.settle()
    assert form.field("code").is_wrong
    form.field("code").editor.set_value("7K3M-9QXA-R2TB-W6HN")
    form.submit()
    one.settle()
    assert form.field("url").is_wrong  # nobody answers there


def test_arabic_stands_and_speaks_from_the_right(desk, ws: Workspace, qapp) -> None:
    from PySide6.QtCore import Qt

    set_language("ar")
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    one = desk()
    doors = [door for door in one.page.findChildren(Door) if door.isVisible()]
    assert doors[0].geometry().x() > doors[-1].geometry().x()
    titles = [entry.title for entry in one.page.facts.guides]
    assert titles == [entry.title for entry in shelf.entries(ws) if entry["language"] == "ar"][:4]


def test_what_cannot_be_read_is_a_sentence_with_a_way_on(desk, ws: Workspace) -> None:
    one = desk()
    with ws.store.transaction():
        ws.store.execute("DROP TABLE draft")  # as after a damaged file
    one.page.load()
    one.settle()
    assert one.page.states.showing == "failed"
    with ws.store.transaction():
        ws.store.execute(next(sql for sql in SCHEMA if " draft " in sql))
    one.page.states.panel.action.click()
    one.settle()
    assert one.page.states.showing == "content"


def test_what_opening_mended_is_said_calmly_and_a_report_names_nobody(desk, ws):
    ws.repaired += [
        Text("The copy of the public records was missing. It comes again with the next sync; your own work is here."),
        Text("Your file was damaged; it is kept as {file}. Unsent changes saved: {waiting}. Drafts saved: {drafts}. "
             "Changes to look at again in the outbox: {doubtful}. Changes that may be lost: {lost}.", file="Amina Houssein.db.damaged-2",
             waiting=3, drafts=1, doubtful=0, lost=0),
    ]
    home = desk()
    card = home.page.findChild(MendedCard)
    assert card.isVisibleTo(home.page)
    card.copy.click()
    copied = QGuiApplication.clipboard().text()
    assert "person.db.damaged-2" in copied
    assert "Amina" not in copied
    assert "schema" in copied
    card.understood.click()
    home.settle()
    assert ws.repaired == []
    assert not [one for one in home.page.findChildren(MendedCard) if one.isVisibleTo(home.page)]
