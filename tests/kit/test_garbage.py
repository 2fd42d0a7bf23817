"""Cycles are freed on the screen's thread, whatever the other threads do meanwhile."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.kit.garbage import GarbageCollector


class Cycle(QWidget):
    """A widget that holds itself, and says in which thread it was let go."""

    def __init__(self, freed_in: list[threading.Thread]) -> None:
        super().__init__()
        self.me = self
        self._freed_in = freed_in

    def __del__(self) -> None:
        self._freed_in.append(threading.current_thread())


@pytest.fixture
def collector(qapp) -> Iterator[GarbageCollector]:
    owner = QObject()
    made = GarbageCollector(owner)
    gc.enable()  # as Python starts
    yield made
    made.end()
    gc.disable()  # as tests/conftest.py has it


def _worker() -> list[list[int]]:
    """What a worker does all day: it allocates, so that Python looks for cycles again and again."""
    made: list[list[int]] = []
    thread = threading.Thread(target=lambda: made.extend([number] for number in range(100_000)))
    thread.start()
    thread.join()
    return made


def test_a_worker_frees_no_widget(collector: GarbageCollector, qtbot) -> None:
    freed_in: list[threading.Thread] = []
    collector.begin()
    for _ in range(20):
        Cycle(freed_in)
    made = _worker()
    assert made
    assert freed_in == []
    qtbot.waitUntil(lambda: len(freed_in) == 20)
    assert set(freed_in) == {threading.main_thread()}


def test_given_back_python_looks_by_itself_again(collector: GarbageCollector) -> None:
    collector.begin()
    assert not gc.isenabled()
    collector.end()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
