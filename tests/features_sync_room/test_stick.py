"""The stick in the sync room: copied here, read there, stopped, failed, and a network that a person vouches for."""

from __future__ import annotations

import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from desktop.features.sync_room import stick_work
from desktop.kit.banner import Banner
from resources.courier_choice import ALL, chosen
from sync.errors import Damaged


@pytest.fixture
def place(tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def words_of(card) -> str:
    shown = [one.text() for one in card.findChildren(QLabel)] + [one.accessibleName() for one in card.findChildren(Banner)]
    return "\n".join(shown).replace("\u200b", "")


def pressed(stage, words: str) -> None:
    found = {each.text(): each for each in stage.page.stick.card.findChildren(QPushButton)}
    one = found[words]
    stage.click(one)


def item(network, ws, tmp_path):
    (tmp_path / "guide.md").write_text("# Guide\n" * 5000, "utf-8")
    id = ws.add("item", {"title": {"fr": "Guide"}, "licence": "cc_by"}).id
    ws.attach("item", id, tmp_path / "guide.md")
    network.sync(ws)
    return id


def test_what_is_copied_here_is_read_there(network, stage, tmp_path, place):
    amina, moussa = network.member("amina"), network.member("moussa")
    item(network, amina, tmp_path)
    amina.add("organisation", {"name": {"fr": "Attend"}})
    here = stage(amina)
    here.page.stick.choose_for_writing(place)
    here.settle()
    assert "libres" in words_of(here.page.stick.card)
    choice = here.page.stick.card.choice
    next(iter(choice.boxes.values())).setChecked(True)
    assert [one.title["fr"] for one in choice.files()] == ["Guide"]
    pressed(here, "Copier")
    assert "La clé est prête" in words_of(here.page.stick.card)
    pressed(here, "Fermer")
    assert here.page.stick.card is None
    there = stage(moussa)
    there.page.stick.choose_for_reading(place)
    there.settle()
    assert "nouvelles pour cet ordinateur" in words_of(there.page.stick.card)
    pressed(there, "Lire")
    assert "1 fichier pris" in words_of(there.page.stick.card)
    assert [one["title"]["fr"] for one in moussa.records("item")] == ["Guide"]
    pressed(there, "Fermer")
    there.page.stick.choose_for_reading(place)
    there.settle()
    assert "rien de nouveau" in words_of(there.page.stick.card)
    pressed(there, "Annuler")
    assert there.page.stick.card is None


def test_a_failure_is_a_sentence_in_the_card(network, stage, place):
    amina = network.member("amina")
    here = stage(amina)
    here.page.stick.choose_for_reading(place)
    here.settle()
    assert "Il n’y a pas de colis" in words_of(here.page.stick.card)
    pressed(here, "Fermer")
    here.page.stick.choose_for_writing(place / "pulled")
    here.settle()
    assert "branchée" in words_of(here.page.stick.card)


def test_who_has_not_joined_reads_after_comparing_the_code(network, stage, place):
    amina = network.member("amina")
    amina.add("organisation", {"name": {"fr": "Là"}})
    network.sync(amina)
    from sync.relay import courier_writing

    courier_writing.write(amina, place)
    new = stage(network.alone("new"))
    assert not new.page.stick.write.isVisibleTo(new.page)
    new.page.stick.choose_for_reading(place)
    new.settle()
    assert "ne connaît encore aucun réseau" in words_of(new.page.stick.card)
    pressed(new, "C’est le même code : lire la clé".replace(" :", "\u00a0:"))
    pressed(new, "Lire")
    assert [one["name"]["fr"] for one in new.ws.records("organisation")] == ["Là"]


def test_a_stop_keeps_what_was_there(network, stage, place):
    amina = network.member("amina")
    here = stage(amina)
    stick = here.page.stick
    stick.choose_for_writing(place)
    here.settle()
    stick._on_copy_asked()
    stick._on_stop_asked()
    here.settle()
    said = words_of(stick.card)
    assert "Arrêté" in said or "La clé est prête" in said


def test_only_what_everybody_reads_and_may_copy_goes_along(network, tmp_path):
    amina = network.member("amina")
    id = item(network, amina, tmp_path)
    (tmp_path / "other.md").write_text("x", "utf-8")
    unknown = amina.add("item", {"title": {"fr": "Sans licence"}}).id
    amina.attach("item", unknown, tmp_path / "other.md")
    network.sync(amina)
    pending = amina.add("item", {"title": {"fr": "Attend"}, "licence": "cc_by"}).id
    amina.attach("item", pending, tmp_path / "other.md")
    collection = amina.add("collection", {"title": {"fr": "Tout"}, "items": [id, unknown, pending]}).id
    found = chosen(amina, [collection])
    assert [one.title["fr"] for one in found.files] == ["Guide"]
    assert len(found.staying) == 2
    assert len(chosen(amina, [ALL]).files) == 1
    os.truncate(amina.files.path(found.files[0].sha256), 10)
    from sync.relay.courier_files import cut

    with pytest.raises(Damaged):
        cut(amina.files, found.files[0])


def collected(network, ws, tmp_path):
    """Two documents of a collection, one of none, one under an unknown licence."""
    ids = []
    for number, licence in enumerate(("cc_by", "cc_by", "cc0", None)):
        path = tmp_path / f"{number}.md"
        path.write_text(f"# {number}\n" * 3000, "utf-8")
        ids.append(ws.add("item", {"title": {"fr": f"Document {number}", "ar": f"وثيقة {number}"}, **({"licence": licence} if licence else {})}).id)
        ws.attach("item", ids[-1], path)
    ws.add("collection", {"title": {"fr": "Santé", "ar": "الصحة"}, "items": ids[:2]})
    network.sync(ws)
    return ids


def test_files_are_chosen_one_by_one_and_by_collection(network, stage, tmp_path, place):
    amina = network.member("amina")
    collected(network, amina, tmp_path)
    here = stage(amina)
    here.page.stick.choose_for_writing(place)
    here.settle()
    card = here.page.stick.card
    choice = card.choice
    assert [box.toolTip() for box, _ in choice.groups] == ["Santé", "Dans aucune collection"]
    assert "1 sans licence connue" in words_of(card)
    health, _ = choice.groups[0]
    health.click()
    assert [one.title["fr"] for one in choice.files()] == ["Document 0", "Document 1"]
    choice.boxes[choice.files()[0].sha256].click()
    assert health.checkState() == Qt.CheckState.PartiallyChecked
    health.click()
    assert len(choice.files()) == 2
    health.click()
    assert choice.files() == []
    choice.groups[1][0].click()
    pressed(here, "Copier")
    pressed(here, "Fermer")
    here.page.stick.choose_for_writing(place)
    here.settle()
    assert "1 déjà sur la clé" in words_of(here.page.stick.card)
    assert "déjà sur la clé" in here.page.stick.card.choice.groups[1][0].text()


def test_what_does_not_fit_is_said_while_one_chooses(network, stage, tmp_path, place, monkeypatch):
    amina = network.member("amina")
    collected(network, amina, tmp_path)
    needed = stick_work.courier_writing.plan(amina, place).needed
    monkeypatch.setattr("sync.relay.courier_folder.CourierFolder.free", lambda _: needed + 40_000)
    here = stage(amina)
    here.page.stick.choose_for_writing(place)
    here.settle()
    card = here.page.stick.card
    assert card.go.isEnabled()
    card.choice.groups[0][0].click()
    assert not card.go.isEnabled()
    assert "de trop pour cette clé" in card.lacking.text()
    card.choice.groups[0][0].click()
    assert card.go.isEnabled()


def test_a_built_program_goes_along_when_one_ticks_it(network, stage, tmp_path, place, monkeypatch):
    (tmp_path / "dalil").mkdir()
    (tmp_path / "dalil" / "dalil").write_bytes(b"program")
    amina = network.member("amina")
    here = stage(amina)
    here.page.stick.choose_for_writing(place)
    here.settle()
    assert here.page.stick.card.choice.program is None  # it runs from its source
    here.page.stick.close_card()
    monkeypatch.setattr(stick_work, "bundle", lambda: tmp_path / "dalil")
    monkeypatch.setattr("desktop.features.sync_room.stick.bundle", lambda: tmp_path / "dalil")
    here.page.stick.choose_for_writing(place)
    here.settle()
    here.page.stick.card.choice.program.click()
    pressed(here, "Copier")
    assert "Le programme y est" in words_of(here.page.stick.card)
    assert (place / "dalil-programme-1" / "dalil").read_bytes() == b"program"


def test_a_long_list_is_chosen_by_collection(network, stage, tmp_path, place, monkeypatch):
    monkeypatch.setattr("desktop.features.sync_room.stick_choice.MANY", 2)
    amina = network.member("amina")
    collected(network, amina, tmp_path)
    here = stage(amina)
    here.page.stick.choose_for_writing(place)
    here.settle()
    choice = here.page.stick.card.choice
    assert (len(choice.groups), choice.boxes) == (2, {})
    choice.groups[0][0].click()
    assert len(choice.files()) == 2
