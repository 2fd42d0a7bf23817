"""Words keep their direction, states have their one action, nothing blocks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.kit import icons
from desktop.kit.chips import ChipRow
from desktop.kit.flow import FlowLayout
from desktop.kit.states import SKELETON_AFTER_MS, States
from desktop.kit.text import ElidedLabel, Label, is_rtl, with_isolates
from i18n import set_language


def test_a_phone_number_in_arabic_is_isolated_and_does_not_break():
    set_language("ar")
    shown = with_isolates("الهاتف +253 77 12 34 56 مفتوح")
    assert "\u2066+253\u00a077\u00a012\u00a034\u00a056\u2069" in shown
    assert with_isolates("موقع https://dalil.dj هنا").count("\u2066") == 1
    assert with_isolates(shown) == shown
    set_language("fr")
    assert with_isolates("Tél. +253 77 12 34 56") == "Tél. +253 77 12 34 56"


def test_the_first_letter_decides_the_direction():
    assert is_rtl("«أوبوك» Obock") and not is_rtl("Obock أوبوك") and not is_rtl("2019")


def test_latin_words_stand_at_the_right_of_an_arabic_page(qtbot, qapp):
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    label = Label("Caritas")
    qtbot.addWidget(label)
    label.show()
    assert label.alignment() & Qt.AlignmentFlag.AlignRight
    assert label.alignment() & Qt.AlignmentFlag.AlignAbsolute


def test_a_cut_label_tells_all_in_its_tool_tip(qtbot):
    label = ElidedLabel("Association pour la protection de l’environnement")
    qtbot.addWidget(label)
    label.resize(80, 24)
    label.show()
    assert label.toolTip() == label.text() == label.accessibleName()


def test_chips_flow_from_the_start_side(qtbot, qapp):
    for way, first_is_leftmost in ((Qt.LayoutDirection.LeftToRight, True), (Qt.LayoutDirection.RightToLeft, False)):
        qapp.setLayoutDirection(way)
        chips = ChipRow()
        qtbot.addWidget(chips)
        chips.show_chips([("a", "One"), ("b", "Two")])
        chips.resize(400, 40)
        chips.show()
        first, second = (chips.layout().itemAt(n).widget().x() for n in (0, 1))
        assert (first < second) is first_is_leftmost


def test_chips_wrap(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    flow = FlowLayout(page)
    for _ in range(6):
        flow.addWidget(Label("a word of some width"))
    assert flow.heightForWidth(200) > 2 * flow.heightForWidth(2000)


def test_delete_takes_a_chip_away(qtbot):
    chips = ChipRow()
    qtbot.addWidget(chips)
    chips.show_chips([("a", "One")])
    chips.show()
    with qtbot.waitSignal(chips.removed) as removed:
        qtbot.keyClick(chips.layout().itemAt(0).widget(), Qt.Key.Key_Delete)
    assert removed.args == ["a"]


def test_ghost_rows_come_only_when_it_takes_long(qtbot):
    content = QWidget()
    states = States(content)
    qtbot.addWidget(states)
    states.show_loading()
    assert states.currentWidget() is content
    qtbot.waitUntil(lambda: states.currentWidget() is not content, timeout=SKELETON_AFTER_MS * 10)
    states.show_content()
    assert states.currentWidget() is content


def test_each_state_has_its_action(qtbot):
    states = States(QWidget())
    qtbot.addWidget(states)
    pressed = []
    states.show_empty("Nothing", "yet", "Add", lambda: pressed.append("add"))
    states.panel.action.click()
    states.show_failed("The disk is full", lambda: pressed.append("again"))
    states.panel.action.click()
    states.show_no_rights("Editors of this association may")
    assert pressed == ["add", "again"] and states.showing == "no_rights" and states.panel.action is None


def test_every_icon_is_in_the_face(qapp):
    for name in icons.NAMES:
        assert not icons.pixmap(name).isNull()
    assert set(icons.NAMES) >= icons.MIRRORED


def test_arrows_mirror_and_clocks_do_not(qapp):
    def drawn(name: str, way: Qt.LayoutDirection):
        qapp.setLayoutDirection(way)
        return icons.pixmap(name).toImage()

    ltr, rtl = Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft
    assert drawn("arrow_next", ltr) != drawn("arrow_next", rtl)
    assert drawn("clock", ltr) == drawn("clock", rtl)
    assert drawn("map", ltr) == drawn("map", rtl)
