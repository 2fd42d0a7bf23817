"""The list stays quick with 100,000 rows, asks for what is in sight only, and speaks its rows."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt

from desktop.kit.lists import Mark, Row, RowList


def listing(qtbot) -> RowList:
    made = RowList("Associations")
    qtbot.addWidget(made)
    made.resize(400, 600)
    made.show()
    return made


def test_only_pages_in_sight_are_asked_for(qtbot):
    made = listing(qtbot)
    asked = []
    made.rows.set_source(100_000, lambda offset, limit: asked.append((offset, limit)))
    made.grab()
    assert asked == [(0, 64)]
    made.rows.put(0, [Row(str(n), f"Row {n}") for n in range(64)])
    made.scrollTo(made.rows.index(50_000))
    made.grab()
    assert 1 <= len(asked) - 1 <= 2 and all(offset >= 49_900 for offset, _ in asked[1:])


def test_a_page_of_100_000_rows_is_drawn_at_once(qtbot):
    made = listing(qtbot)
    made.rows.set_rows([Row(str(n), f"Association {n}", "جمعية", "Obock", Mark("vérifiée", "good", "verified")) for n in range(100_000)])
    made.grab()
    spent = []
    for place in range(0, 100_000, 9_000):
        made.scrollTo(made.rows.index(place))
        start = time.perf_counter()
        made.viewport().grab()
        spent.append(time.perf_counter() - start)
    assert sorted(spent)[len(spent) // 2] < 0.05  # generous for a shared machine; measured 5 ms


def test_keyboard_chooses_and_opens(qtbot):
    made = listing(qtbot)
    made.rows.set_rows([Row("a", "A"), Row("b", "B")])
    made.choose("a")
    with qtbot.waitSignal(made.chosen) as chosen:
        qtbot.keyClick(made, Qt.Key.Key_Down)
    assert chosen.args == ["b"]
    with qtbot.waitSignal(made.opened) as opened:
        qtbot.keyClick(made, Qt.Key.Key_Return)
    assert opened.args == ["b"]


def test_a_row_is_spoken_whole(qtbot):
    made = listing(qtbot)
    made.rows.set_rows([Row("a", "Femmes", "نساء", "Obock", Mark("vérifiée"))])
    spoken = made.rows.data(made.rows.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Femmes, نساء, Obock, vérifiée"


def test_a_changed_row_is_replaced_in_place(qtbot):
    made = listing(qtbot)
    made.rows.set_rows([Row("a", "A"), Row("b", "B")])
    assert made.rows.replace(Row("b", "New"))
    assert made.rows.row_at(1).title == "New"
    assert not made.rows.replace(Row("zz", "nobody"))
