"""Long work of the screen comes in slices, in order, and ends with its owner."""

from __future__ import annotations

import time

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget

from desktop.kit.slices import SLICE, Slices, at_rest, polish


def test_a_long_part_leaves_the_turn_to_others(qtbot):
    owner, done = QObject(), []

    def long(name: str) -> None:
        until = time.perf_counter() + SLICE
        while time.perf_counter() < until:
            pass
        done.append(name)
        QTimer.singleShot(0, owner, lambda: done.append(f"after {name}"))

    slices = Slices(owner)
    with qtbot.waitSignal(slices.ended):
        slices.begin([lambda: long("a"), lambda: long("b")])
        assert not slices.is_over and not at_rest(owner)
    qtbot.waitUntil(lambda: len(done) == 4)
    assert done == ["a", "after a", "b", "after b"]
    assert at_rest(owner)


def test_who_cannot_wait_has_all_at_once_and_ended_is_said_once(qtbot):
    owner, done, ends = QObject(), [], []
    slices = Slices(owner)
    slices.ended.connect(lambda: ends.append(1))
    slices.begin([lambda: done.append(1), lambda: slices.add(lambda: done.append(3)), lambda: done.append(2)])
    slices.finish()
    assert done == [1, 2, 3] and ends == [1] and slices.left == 0
    qtbot.wait(1)
    assert ends == [1]


def test_what_begins_anew_or_is_dropped_forgets_the_rest(qtbot):
    owner, done = QObject(), []
    slices = Slices(owner)
    slices.begin([lambda: done.append("old")])
    slices.begin([lambda: done.append("new")])
    qtbot.waitUntil(lambda: slices.is_over)
    slices.begin([lambda: done.append("dropped")])
    slices.drop()
    shiboken6.delete(owner)
    qtbot.wait(1)
    assert done == ["new"]


def test_what_is_out_of_sight_is_styled_a_little_a_turn(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    labels = [QLabel("x", page) for _ in range(30)]
    gone = labels.pop()
    slices = Slices(page)
    polish(slices, page)
    assert slices.left > 1
    shiboken6.delete(gone)
    slices.finish()
    assert all(one.testAttribute(Qt.WidgetAttribute.WA_WState_Polished) for one in labels)
