"""A task ends in one way, on the screen's thread, and not at all for those who are gone."""

from __future__ import annotations

from threading import Event, get_ident

import pytest
import shiboken6
from PySide6.QtCore import QObject

from desktop.kit.tasks import InlineTasks, Lane, Tasks


class Listener(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[str, object]] = []
        self.thread_of_callback = 0

    def done(self, outcome: object) -> None:
        self.thread_of_callback = get_ident()
        self.heard.append(("done", outcome))

    def failed(self, error: Exception) -> None:
        self.heard.append(("failed", str(error)))


@pytest.fixture
def tasks(qapp):
    made = Tasks()
    yield made
    made.close()


def test_the_outcome_arrives_on_the_screens_thread(qtbot, tasks):
    listener = Listener()
    with qtbot.waitSignal(tasks.idle):
        tasks.run(Lane.FREE, lambda job: get_ident(), listener.done, listener.failed)
    assert listener.heard[0][1] != get_ident()
    assert listener.thread_of_callback == get_ident()


def test_a_failure_arrives_as_the_exception(qtbot, tasks):
    listener = Listener()
    with qtbot.waitSignal(tasks.idle):
        tasks.run(Lane.DATA, lambda job: 1 / 0, listener.done, listener.failed)
    assert listener.heard == [("failed", "division by zero")]


def test_the_data_lane_is_serial(qtbot, tasks):
    busy: list[int] = []
    most: list[int] = []

    def work(job):
        busy.append(1)
        most.append(len(busy))
        for _ in range(2000):
            job.check()
        busy.pop()

    with qtbot.waitSignal(tasks.idle):
        for _ in range(20):
            tasks.run(Lane.DATA, work)
    assert max(most) == 1


def test_a_cancelled_task_calls_nobody_and_stops_the_work(qtbot, tasks):
    listener, started, stopped = Listener(), Event(), Event()

    def work(job):
        started.set()
        try:
            while True:
                job.check()
        finally:
            stopped.set()

    task = tasks.run(Lane.FREE, work, listener.done, listener.failed)
    assert started.wait(5)
    with qtbot.waitSignal(task.ended):
        task.cancel()
    assert stopped.is_set() and task.state == "cancelled" and listener.heard == []


def test_nobody_is_called_whose_page_is_gone(qtbot, tasks):
    listener, go = Listener(), Event()
    heard = listener.heard
    task = tasks.run(Lane.FREE, lambda job: go.wait(5), listener.done, listener.failed)
    shiboken6.delete(listener)
    with qtbot.waitSignal(task.ended):
        go.set()
    assert heard == [] and task.state == "cancelled"


def test_progress_is_told(qtbot, tasks):
    go = Event()

    def work(job):
        go.wait(5)
        job.report(12, 40, "Ko")

    task = tasks.run(Lane.FREE, work)
    with qtbot.waitSignal(task.progressed) as told:
        go.set()
    assert (told.args[0].done, told.args[0].total, told.args[0].text) == (12, 40, "Ko")
    qtbot.waitUntil(lambda: tasks.is_idle)


def test_inline_tasks_are_over_when_they_return(qapp):
    listener = Listener()
    task = InlineTasks().run(Lane.DATA, lambda job: 7, listener.done)
    assert listener.heard == [("done", 7)] and task.state == "done"
