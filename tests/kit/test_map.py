"""The map: what is where, names that cover nothing, keys, and no mirroring."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt

from desktop.kit.map import MapPoint, MapView, Region
from desktop.kit.map_labels import Wish, place
from desktop.kit.map_shapes import project, scale_bar, unproject

WEST = Region("W", "West", [[(42, 11), (42.5, 11), (42.5, 12), (42, 12)]], 3)
EAST = Region("E", "East", [[(42.5, 11), (43, 11), (43, 12), (42.5, 12)]], 5)


@pytest.fixture
def view(qtbot):
    made = MapView("Regions")
    qtbot.addWidget(made)
    made.show_map([WEST, EAST], [MapPoint("t", "Town", 42.1, 11.1, 1)])
    made.resize(600, 500)
    made.show()
    made.activateWindow()
    return made


def pixel(view: MapView, longitude: float, latitude: float) -> QPointF:
    return view.transform().map(project(longitude, latitude))


def test_a_click_chooses_and_takes_back(qtbot, view):
    with qtbot.waitSignal(view.region_chosen) as chosen:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=pixel(view, 42.8, 11.5).toPoint())
    assert chosen.args == ["E"] and "East: 5" in view.accessibleDescription().replace("\u00a0", "").replace(" :", ":")
    with qtbot.waitSignal(view.region_chosen) as chosen:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=pixel(view, 42.8, 11.5).toPoint())
    assert chosen.args == [""]


def test_a_click_on_a_point(qtbot, view):
    with qtbot.waitSignal(view.point_chosen) as chosen:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=pixel(view, 42.1, 11.1).toPoint())
    assert chosen.args == ["t"]


def test_by_keyboard_to_the_neighbour(qtbot, view):
    view.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    with qtbot.waitSignal(view.region_chosen) as chosen:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert chosen.args == ["E"]


def test_east_stays_on_the_right_in_arabic(qtbot, view, qapp):
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    view.grab()
    assert pixel(view, 42.8, 11.5).x() > pixel(view, 42.2, 11.5).x()


def test_zooming_keeps_the_place_under_the_mouse(view):
    at = QPointF(200, 150)
    before = unproject(view.transform().inverted()[0].map(at))
    view.zoom_by(3, at)
    assert unproject(view.transform().inverted()[0].map(at)) == pytest.approx(before, abs=1e-6)
    view.show_all()
    assert view.region_at(QPointF(view.width() / 2 + 20, view.height() / 2)) in ("W", "E")


def test_names_cover_neither_each_other_nor_what_is_taken():
    room = QRectF(0, 0, 300, 300)
    wishes = [Wish(str(n), QPointF(150, 150), QSizeF(60, 16), room) for n in range(30)]
    taken = [QRectF(120, 140, 60, 20)]
    placed = place(wishes, room, taken)
    assert len(placed) > 5
    boxes = [label.box for label in placed] + taken
    assert not any(a.intersects(b) for n, a in enumerate(boxes) for b in boxes[n + 1 :])


@pytest.mark.parametrize(("pixels_a_unit", "kilometres"), [(111.32, 100), (1113.2, 10), (300, 20)])
def test_the_scale_is_a_round_number(pixels_a_unit, kilometres):
    shown, length = scale_bar(pixels_a_unit, 120)
    assert shown == kilometres and length <= 120
