"""The shelf: guides that come with Dalil stand beside shared items until these hold them; filters say what fits."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from resources.library import Filter
from resources.starter import guides, shelf
from sync.workspace import Workspace


def test_a_first_start_shows_the_guides_and_writes_nothing(desk, ws: Workspace) -> None:
    one = desk()
    assert len(one.titles()) == sum(len(guide.languages) for guide in guides())
    assert ws.outbox() == []
    assert ws.records("item") == []


def test_a_shared_guide_takes_the_place_of_the_one_that_came_along(desk, ws: Workspace) -> None:
    mine = shelf.entries(ws)[0]
    before = len(shelf.entries(ws))
    ws.add("item", {"title": {"fr": "Partagé"}, "language": mine["language"], "file": mine["file"]}, id=mine.id)
    assert len(shelf.entries(ws)) == before - 1
    one = desk()
    assert "Partagé" in one.titles()
    assert mine.title not in one.titles()
    assert ws.files.here(mine["file"]["sha256"])  # the same text is not fetched again
    one.open(mine.id)
    assert one.page.detail.dossier.here


def test_filters_narrow_guides_and_items_alike(desk, ws: Workspace) -> None:
    ws.add("item", {"title": {"ar": "قصة"}, "language": "ar", "type": "story", "subjects": ["reading"]})
    one = desk()
    one.page.browse.filters.choose("language", "ar")
    one.settle()
    arabic = [entry.title for entry in shelf.entries(ws) if entry["language"] == "ar"]
    assert sorted(one.titles()) == sorted([*arabic, "قصة"])
    one.page.browse.filters.choose("type", "story")
    one.settle()
    assert one.titles() == ["قصة"]
    assert one.page.browse.filters._left.by_type["guide"] == len(arabic)  # counted as if no type were chosen
    one.page.browse.filters.kept.click()
    one.settle()
    assert one.page.browse.states.showing == "empty"
    one.page.browse.states.panel.action.click()
    one.settle()
    assert one.page.browse.filters.now == Filter()


def test_words_are_found_as_they_are_typed(desk, qtbot) -> None:
    one = desk()
    qtbot.keyClicks(one.page.browse.filters.text, "cadre logi")
    one.settle()
    assert all("cadre logique" in title.lower() for title in one.titles())
    assert one.titles()


def test_long_lists_come_page_by_page(desk, ws: Workspace) -> None:
    with ws.together():
        for n in range(150):
            ws.add("item", {"title": {"fr": f"Document {n:03}"}, "language": "fr", "type": "report"})
    one = desk()
    rows = one.page.browse.grid.rows
    assert rows.rowCount() == 150 + len(shelf.entries(ws))
    one.page.browse.grid.verticalScrollBar().setValue(one.page.browse.grid.verticalScrollBar().maximum())
    one.page.browse.grid.repaint()
    one.settle()
    assert rows.row_at(rows.rowCount() - 1).title == "Document 149"


def test_a_guest_reads_and_cannot_write(desk, tmp_path: Path, ws: Workspace) -> None:
    from resources import KINDS

    guest = Workspace(ws.folder, KINDS, guest=True)
    one = desk(workspace=guest)
    assert not one.page.browse.add.isVisible()
    one.open(shelf.entries(guest)[0].id)
    assert one.page.detail.dossier.here
    one.page.add()
    one.settle()
    assert one.page.editor.states.showing == "no_rights"
    guest.close()


def test_the_reader_opens_comes_back_and_remembers_the_place(desk, ws: Workspace, qtbot) -> None:
    entry = next(entry for entry in shelf.entries(ws) if entry["language"] == "fr")
    one = desk()
    one.open(entry.id)
    with qtbot.waitSignal(one.page.reading.opened):
        one.page.detail.panel.read_requested.emit()
    reader = one.page.reading.reader
    reader.turn(1)
    one.settle()
    there = reader.view.place()
    assert there.section > 0 or there.share > 0
    qtbot.keyClick(reader, Qt.Key.Key_Escape)
    one.settle()
    assert one.page.view == "item"
    assert one.page.detail.dossier.record.id == entry.id
    again = desk()
    again.open(entry.id)
    with qtbot.waitSignal(again.page.reading.opened):
        again.page.detail.panel.read_requested.emit()
    assert again.page.reading.reader.view.place().section == there.section


def test_damaged_books_open_as_a_sentence(desk, ws: Workspace, tmp_path: Path, qtbot) -> None:
    one = desk()
    for name, content in (("a.pdf", b"%PDF-1.7 nothing behind it"), ("b.epub", b"PK\x03\x04mimetypeapplication/epub+zip broken")):
        path = tmp_path / name
        path.write_bytes(content)
        id = ws.add("item", {"title": {"fr": name}, "language": "fr", "licence": "cc_by"}).id
        ws.attach("item", id, path)
        one.settle()
        one.open(id)
        with qtbot.waitSignal(one.page.reading.reader.failed) as failed:
            one.page.detail.panel.read_requested.emit()
        assert str(failed.args[0]).endswith(".")
        one.page._on_reading_back_requested()
        one.settle()


def test_what_another_program_or_person_writes_appears(desk, ws: Workspace, qtbot) -> None:
    one = desk()
    id = ws.add("item", {"title": {"fr": "Avant"}, "language": "fr"}).id
    one.settle()
    assert "Avant" in one.titles()
    one.open(id)
    ws.edit("item", id, {"title": {"fr": "Après"}})
    one.settle()
    assert one.page.detail.dossier.record.title == "Après"


def test_back_goes_through_what_was_opened_from_what(desk, ws: Workspace) -> None:
    entry = shelf.entries(ws)[0]
    group = ws.add("collection", {"title": {"fr": "Pour commencer"}, "items": [entry.id]}).id
    one = desk()
    one.open(group, "collection")
    one.page.collection.grid.opened.emit(entry.id)
    one.settle()
    assert one.page.view == "item"
    one.page.back()
    one.settle()
    assert one.page.view == "collection"
    one.page.back()
    assert one.page.view == "browse"


def test_the_page_stands_up_again_where_it_was(desk, ws: Workspace) -> None:
    entry = shelf.entries(ws)[0]
    one = desk()
    one.page.browse.filters.choose("language", "fr")
    one.open(entry.id)
    again = desk(restored=one.page.state())
    assert again.page.view == "item"
    assert again.page.detail.dossier.record.id == entry.id
    assert again.page.browse.filters.now.language == "fr"
