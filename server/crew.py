"""Several processes that answer on one socket, one for each processor, and the one that looks after them; knows no route."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from i18n import Text
from server.limits import Bounds
from server.logs import say
from server.pool import Pool
from server.premises import Premises
from server.publisher import Publisher
from server.serving import TO_FINISH, answer, listen, log_as_lines, tell_address
from sync import ledger
from sync.errors import Failure

_LOOK = 0.5  # seconds between looks at whether the ledgers have grown
_STARTING = 60  # seconds that a process may take to be ready
_YOUNG = 10.0  # seconds: one that ends before that would most likely end again
_LONGEST = 30.0  # seconds between two attempts to fill a place
_processes = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Member:
    """One process that answers. It holds the other end of `line`, and ends when that closes: nobody answers unattended."""

    process: BaseProcess
    line: Connection


class Place:
    """When a place in the crew is filled again: at once after a process that worked, after ever longer pauses while they die young."""

    def __init__(self, now: float) -> None:
        self._began = now
        self._pause = 0.0
        self._due: float | None = None

    def may_begin(self, now: float) -> bool:
        """Whether to begin another process, now that there is none."""
        if self._due is None:
            self._pause = min(_LONGEST, 2 * self._pause or 1.0) if now - self._began < _YOUNG else 0.0
            self._due = now + self._pause
        if now < self._due:
            return False
        self._began, self._due = now, None
        return True


def serve_together(premises: Premises, host: str, port: int, bounds: Bounds, count: int) -> None:
    """Answer with several processes until SIGTERM or SIGINT. One that dies is begun anew; snapshots are made here, beside them."""
    listening = listen(host, port)
    premises.set_up().store.close()
    log_as_lines()
    stop, told = os.pipe()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda _number, _frame: os.write(told, b"."))
    share = bounds.shared(count)
    crew = [_begun(premises, listening, share) for _ in range(count)]
    pool = Pool(premises.authority)
    publisher = Publisher(pool, premises.files(), quiet=2 * _LOOK)
    grown = Grown(pool)
    publisher.start()
    try:
        for one in crew:
            wait_for(one)
        tell_address(listening)
        _look_after(crew, stop, lambda: _begun(premises, listening, share), lambda: publisher.wake() if grown() else None)
    finally:
        listening.close()
        _end(crew)
        publisher.close()
        pool.close()
    say(level="info", event="stopped")


class Grown:
    """Whether ledgers have grown since it was asked last, by whichever process."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._numbers: dict[str, int] = {}

    def __call__(self) -> bool:
        before = self._numbers
        # a database that is away: whoever asks for something is told; here it is asked again in a moment
        with suppress(Failure), self._pool.borrow() as authority:
            self._numbers = {scope: at.number for scope, at in ledger.heads(authority.store).items()}
        return self._numbers != before


def _begun(premises: Premises, listening: socket.socket, bounds: Bounds) -> Member:
    ours, theirs = _processes.Pipe()
    process = _processes.Process(target=_member, args=(premises.folder, premises.db, premises.store, listening, bounds, theirs))
    process.start()
    theirs.close()
    return Member(process, ours)


def _member(folder: Path, db: str, store: str, listening: socket.socket, bounds: Bounds, line: Connection) -> None:
    """What each process does."""
    def ready() -> None:
        with suppress(OSError):  # who looks after us has died meanwhile: this process ends in a moment
            line.send_bytes(b"ready")

    log_as_lines()
    answer(Premises(folder, db, store), listening, bounds, publishing=False, ready=ready, attended=line)


def wait_for(one: Member) -> None:
    """Wait until a process answers; Failure `server` when it does not come to that."""
    wait([one.line, one.process.sentinel], _STARTING)
    with suppress(EOFError, OSError):
        if one.line.poll() and one.line.recv_bytes():
            return
    raise Failure(Text("A process of the server did not start. Look at the lines above."), "server")


def _look_after(crew: list[Member], stop: int, begun: Callable[[], Member], look: Callable[[], None]) -> None:
    """Until told to stop: begin anew whoever died, and look again and again."""
    places = [Place(time.monotonic()) for _ in crew]
    told: set[BaseProcess] = set()
    while stop not in wait([stop, *(one.process.sentinel for one in crew if one.process not in told)], _LOOK):
        for at, one in enumerate(crew):
            if one.process.is_alive():
                continue
            if one.process not in told:
                told.add(one.process)
                say(level="warning", event="process_ended", code=one.process.exitcode)
                one.line.close()
            if places[at].may_begin(time.monotonic()):
                told.discard(one.process)
                crew[at] = begun()
        look()


def _end(crew: list[Member]) -> None:
    for one in crew:
        one.process.terminate()
    for one in crew:
        one.process.join(TO_FINISH + 5)
        one.process.kill()
        one.line.close()
