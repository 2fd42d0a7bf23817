"""The list: filters, counts, order, states, keyboard, and only the rows of what changed are redrawn."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop.kit.chips import Chip
from desktop.kit.tasks import Lane
from desktop.shell.look import apply_look
from desktop.shell.preferences import Choices
from i18n import Text
from resources import KINDS
from resources.listing import NO_REGION, Narrowed
from sync.errors import Damaged
from sync.workspace import Workspace


def titles(page) -> list[str]:
    rows = page.listing.list.rows
    return [rows.row_at(n).title for n in range(rows.rowCount())]


def test_a_region_narrows_the_list_and_its_chip_takes_it_away(world):
    page = world.page()
    everyone = len(world.ws.records("organisation"))
    assert len(titles(page)) == everyone
    page.filters.menu("region").triggered.emit(_action(page, "region", "region:DJ-OB"))
    in_obock = [one.title for one in world.ws.records("organisation", "region = 'DJ-OB'")]
    assert titles(page) == in_obock and in_obock
    chip = page.filters.chips.findChild(Chip)
    assert chip.text() == f"Obock · {len(in_obock)}"
    chip.click()
    assert len(titles(page)) == everyone


def _action(page, group: str, key: str):
    return next(one for one in page.filters.menu(group).actions() if one.data() == key)


def test_counts_stand_beside_each_choice_and_add_up(world):
    page = world.page()
    counts = page.filters._left
    assert sum(counts.regions.values()) == counts.total == len(titles(page))
    assert counts.regions[NO_REGION] > 0
    assert _action(page, "region", f"region:{NO_REGION}").text().strip().endswith(str(counts.regions[NO_REGION]))


def test_verified_and_projects_are_filters_too(world):
    some = world.ws.records("organisation")[:3]
    for one, day in zip(some, ("2026-10-01", "2020", "2019-05-02"), strict=True):
        world.ws.edit("organisation", one.id, {"verified": day})
    page = world.page()
    page.filters._apply(Narrowed(verified="recent"))
    assert titles(page) == [some[0].title]
    page.filters._apply(Narrowed(verified="old"))
    assert set(titles(page)) == {some[1].title, some[2].title}
    page.filters._apply(Narrowed(projects=True))
    assert len(titles(page)) == len({one["organisation"] for one in world.ws.records("project")})


def test_words_are_found_in_any_script_after_a_moment(world, qtbot):
    ids = world.id_of("Association Des Femmes De Tadjourah")
    world.ws.edit("organisation", ids, {"name": {"fr": "Association Des Femmes De Tadjourah", "ar": "جمعية نساء تاجورة"}})
    page = world.page()
    with qtbot.waitSignal(page.filters.narrowed):
        qtbot.keyClicks(page.filters.text, "tadjoura fem")
    assert titles(page) == ["Association Des Femmes De Tadjourah"]
    page.filters.text.setText("تاجوره")
    qtbot.waitUntil(lambda: page.filters.now.text == "تاجوره")
    assert "Association Des Femmes De Tadjourah" in titles(page)


def test_only_the_changed_row_is_redrawn(world):
    page = world.page()
    other = world.ws.records("organisation")[5]
    reset: list[int] = []
    drawn: list[int] = []
    page.listing.list.rows.modelReset.connect(lambda: reset.append(1))
    page.listing.list.rows.dataChanged.connect(lambda top, *_: drawn.append(top.row()))
    world.ws.edit("organisation", other.id, {"region": "DJ-DI"})
    assert reset == [] and drawn == [5]
    assert "Dikhil" in page.listing.list.rows.row_at(5).meta
    world.ws.edit("organisation", other.id, {"name": {"fr": "Zzz"}})
    assert reset == [1] and titles(page)[-1] == "Zzz"


def test_an_edit_from_another_thread_reaches_the_list(worlds, threads, qtbot):
    world = worlds(tasks=threads)
    page = world.page()
    qtbot.waitUntil(lambda: page.listing.list.rows.rowCount() > 0)
    one = world.ws.records("organisation")[2]
    threads.run(Lane.FREE, lambda _job: world.ws.edit("organisation", one.id, {"region": "DJ-AS"}))
    qtbot.waitUntil(lambda: "Ali Sabieh" in page.listing.list.rows.row_at(2).meta)


def test_what_another_program_wrote_into_this_folder_comes_into_sight(world, qtbot):
    page = world.page()
    before = page.listing.list.rows.rowCount()
    other = Workspace(world.ws.folder, KINDS, clock=world.ws.clock)
    other.add("organisation", {"name": {"fr": "Aaa écrite ailleurs"}, "region": "DJ-OB"})
    other.close()
    assert world.ws.notice()
    qtbot.waitUntil(lambda: page.listing.list.rows.rowCount() == before + 1)


def test_rows_come_page_by_page(world):
    with world.ws.together():
        for n in range(300):
            world.ws.add("organisation", {"name": {"fr": f"Coopérative {n:03}"}})
    asked: list[int] = []
    page = world.page()
    fetch = page.listing.rows_of
    page.listing.rows_of = lambda offset, limit: asked.append(offset) or fetch(offset, limit)
    page.listing.list.scrollToBottom()
    page.listing.list.grab()
    assert asked and len(asked) <= 2 and min(asked) >= 256


def test_states_empty_failed_and_nothing_fits(worlds):
    world = worlds(filled=False)
    page = world.page()
    assert page.listing.states.showing == "empty" and page.filters.isHidden()
    page.listing.states.panel.action.click()
    assert page.side.editor.target.kind == "organisation"
    page.side.close_form()
    world.ws.add("organisation", {"name": {"fr": "Une"}})
    page.listing._read_whole()
    assert page.listing.states.showing == "content"
    page.filters._apply(Narrowed(regions=("DJ-AS",)))
    assert page.listing.states.showing == "empty" and not page.filters.isHidden()
    page.listing.states.panel.action.click()
    assert titles(page) == ["Une"]
    records = world.ws.records

    def torn(*_args, **_named):
        raise Damaged(Text("Stopped. What had already arrived is kept."))

    world.ws.records = torn
    page.listing._read_whole()
    assert page.listing.states.showing == "failed"
    world.ws.records = records
    page.listing.states.panel.action.click()
    assert page.listing.states.showing == "content"


def test_a_guest_reads_and_is_told_who_may_write(worlds):
    page = worlds(guest=True).page()
    assert page.add.isHidden()
    page.open("organisation", "new")
    assert page.side.editor.states.showing == "no_rights"
    page.side.editor.states.panel.action.click()
    assert page.side.editor is None


def test_everything_by_keyboard(world, qtbot):
    page = world.page()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    world.detail(page)  # stands before one walks through it
    page.filters.text.setFocus()
    seen = []
    for _ in range(60):
        focused = QApplication.focusWidget()
        seen.append(focused)
        assert focused.accessibleName() or focused.property("text"), focused
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
        if QApplication.focusWidget() is page.filters.text:
            break
    for control in (*page.filters.buttons.values(), page.listing.list, world.detail(page).edit, world.detail(page).facts.cells[0]):
        assert control in seen, control
    page.listing.list.setFocus()
    page.listing.list.setCurrentIndex(page.listing.list.rows.index(0))
    qtbot.keyClick(page.listing.list, Qt.Key.Key_Down)
    second = world.ws.records("organisation")[1].id
    assert page.listing.list.chosen_id() == second
    qtbot.waitUntil(lambda: page.side.record[1] == second)


def test_where_it_is_narrow_the_detail_covers_the_list_and_gives_it_back(world, qtbot):
    page = world.page(width=720)
    assert page.side.isHidden() and not page.listing.isHidden()
    page.listing.list.setCurrentIndex(page.listing.list.rows.index(3))
    assert page.side.isHidden()
    qtbot.keyClick(page.listing.list, Qt.Key.Key_Return)
    assert not page.side.isHidden() and page.listing.isHidden()
    page.side.back.click()
    assert page.side.isHidden() and not page.listing.isHidden()


def test_in_arabic_the_list_stands_on_the_right(world, qapp):
    apply_look(qapp, Choices(language="ar"))
    ids = world.id_of("Association Des Femmes De Tadjourah")
    world.ws.edit("organisation", ids, {"name": {"fr": "Association Des Femmes De Tadjourah", "ar": "جمعية نساء تاجورة"}, "phone": "+25377341256"})
    page = world.page()
    page.open("organisation", ids)
    qapp.processEvents()
    assert page.listing.geometry().left() > page.side.geometry().right()
    row = next(page.listing.list.rows.row_at(n) for n in range(40) if page.listing.list.rows.row_at(n).id == ids)
    assert (row.title, row.other) == ("جمعية نساء تاجورة", "Association Des Femmes De Tadjourah")
    phone = next(cell.fact for cell in world.detail(page).facts.cells if cell.fact.label == "الهاتف")
    assert phone.value == "\u2066+253 77 34 12 56\u2069"


def test_the_map_counts_the_filtered_list_and_filters_it(world):
    page = world.page()
    page.open("view", "map")
    view = page.side.map.view
    assert {point.name for point in view._scene.points} >= {"Tadjourah", "Obock"}
    counted = {key: shape[0].count for key, shape in view._scene.regions.items()}
    assert counted["DJ-OB"] == len(world.ws.records("organisation", "region = 'DJ-OB'"))
    view.region_chosen.emit("DJ-OB")
    assert page.filters.now.regions == ("DJ-OB",) and view.chosen() == "DJ-OB"
    page.side.map.without.click()
    assert NO_REGION in page.filters.now.regions


def test_escape_goes_back_to_the_list(world, qtbot):
    page = world.page(width=700)
    page.open("organisation", page.listing.first_id())
    edit = world.detail(page).edit
    assert not page.listing.isVisible()
    edit.setFocus()
    qtbot.keyClick(edit, Qt.Key.Key_Escape)
    assert page.listing.isVisible()
    assert page.focusWidget() is page.listing.list


def test_a_long_address_never_makes_a_record_wider_than_its_pane(world, qtbot):
    found = world.ws.records("organisation", limit=1)[0]
    world.ws.edit("organisation", found.id, {"email": "secretariat.permanent.de.l.association@federation.exemple.dj",
                                             "website": "https://exemple.dj/une/adresse/tres/longue/qui/ne/finit/pas/avant/la/marge.html"})
    page = world.page(width=900)
    page.open("organisation", found.id)
    area = world.detail(page).area
    qtbot.waitUntil(lambda: area.isVisible() and area.widget().width() == area.viewport().width())
