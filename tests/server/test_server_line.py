"""Writers of the server's file, and requests for its threads, wait in line: nobody is kept waiting for ever, and a failure lets the next one go on."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import anyio
import pytest

from server import queue, state
from server.attempts import Attempts
from server.limits import Bounds
from server.pool import Pool
from server.premises import Premises
from server.queue import QueuedStore
from server.state import State
from sync.errors import Failure


def test_the_second_writer_waits_for_the_first_and_goes_on_when_it_fails(tmp_path: Path) -> None:
    first, second = QueuedStore(tmp_path / "server.db"), QueuedStore(tmp_path / "server.db")
    first.execute("CREATE TABLE kept (word TEXT)")
    second.execute("PRAGMA busy_timeout = 0")  # what waits here waits in line, not by asking again
    done: list[str] = []

    def write() -> None:
        with second.transaction():
            second.execute("INSERT INTO kept VALUES ('second')")
        done.append("second")

    def fail() -> None:
        with first.transaction():
            first.execute("INSERT INTO kept VALUES ('first')")
            thread.start()
            thread.join(0.2)
            done.append("first")
            raise ZeroDivisionError

    thread = threading.Thread(target=write)
    with pytest.raises(ZeroDivisionError):
        fail()
    thread.join(10)
    assert done == ["first", "second"]
    assert first.rows("SELECT word FROM kept") == [("second",)]
    for one in (first, second):
        one.close()


def test_who_waits_too_long_to_write_is_told_so_and_may_try_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that was suspended in the middle must not hold up everybody for ever."""
    monkeypatch.setattr(queue, "_PATIENCE", 0.1)
    first, second = QueuedStore(tmp_path / "server.db"), QueuedStore(tmp_path / "server.db")
    first.execute("CREATE TABLE kept (word TEXT)")

    def write() -> None:
        with second.transaction():
            second.execute("INSERT INTO kept VALUES ('second')")

    with first.transaction(), pytest.raises(Failure) as raised:
        write()
    assert raised.value.code == "busy"
    write()
    assert first.rows("SELECT word FROM kept") == [("second",)]
    for one in (first, second):
        one.close()


def test_who_only_reads_waits_for_nobody(tmp_path: Path) -> None:
    writer, reader = QueuedStore(tmp_path / "server.db"), QueuedStore(tmp_path / "server.db")
    writer.execute("CREATE TABLE kept (word TEXT)")
    with writer.transaction():
        writer.execute("INSERT INTO kept VALUES ('not yet')")
        with reader.snapshot():
            assert reader.rows("SELECT word FROM kept") == []
    for one in (writer, reader):
        one.close()


def test_a_request_that_waited_too_long_for_its_turn_is_told_to_come_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "_LONGEST", 0.1)
    premises = Premises(tmp_path / "data").enter()
    premises.set_up().store.close()
    pool = Pool(premises.authority)
    here = State(pool, premises.files(), Bounds(exchanges=1), Attempts(time.monotonic, 20), None)
    go_on, answers = threading.Event(), []

    async def story() -> None:
        here.open_gates()
        async with anyio.create_task_group() as group:
            async def long() -> None:
                answers.append(await here.ask(lambda _: go_on.wait(10), here.exchanging))

            group.start_soon(long)
            await anyio.lowlevel.checkpoint()
            with pytest.raises(Failure) as raised:
                await here.ask(lambda _: "in time", here.exchanging)
            answers.append(raised.value.code)
            go_on.set()
        answers.append(await here.ask(lambda _: "in time", here.exchanging))

    anyio.run(story)
    pool.close()
    assert answers == ["crowded", True, "in time"]
