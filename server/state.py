"""What every route needs of the running server, in one place; knows no route."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, cast

import anyio
from starlette.requests import Request

from server.attempts import Attempts
from server.limits import Bounds, crowded
from server.pool import Pool
from server.publisher import Publisher
from sync.authority import Authority
from sync.files import Files

Found = TypeVar("Found")
_LONGEST = 20.0  # seconds that a request waits for its turn: a replica gives up at 60, and may come again before


@dataclass(slots=True)
class State:
    """The pool of authorities, the files, the limits, and which uploads are under way in this process."""

    pool: Pool
    files: Files
    bounds: Bounds
    attempts: Attempts
    publisher: Publisher | None
    uploads: set[str] = field(default_factory=set)
    exchanging: anyio.CapacityLimiter | None = None
    uploading: anyio.CapacityLimiter | None = None
    reading: anyio.CapacityLimiter | None = None
    threads: anyio.CapacityLimiter | None = None

    def open_gates(self) -> None:
        """Make the limits of how many threads work at once; they belong to the running event loop."""
        self.exchanging = anyio.CapacityLimiter(self.bounds.exchanges)
        self.uploading = anyio.CapacityLimiter(16)
        self.reading = anyio.CapacityLimiter(8)
        self.threads = anyio.CapacityLimiter(self.bounds.exchanges + 8)

    async def ask(self, work: Callable[[Authority], Found], gate: anyio.CapacityLimiter | None = None) -> Found:
        """Do work with an authority in a thread, in the order of asking; the event loop goes on meanwhile. Failure `crowded` after a long wait."""
        def borrowed() -> Found:
            with self.pool.borrow() as authority:
                return work(authority)

        gate = gate or self.reading
        assert gate is not None  # opened before anything is asked
        with anyio.move_on_after(_LONGEST) as waiting:
            await gate.acquire()
        if waiting.cancelled_caught:
            raise crowded()
        try:
            return await anyio.to_thread.run_sync(borrowed, limiter=self.threads)
        finally:
            gate.release()


def of(request: Request) -> State:
    """The state of the server that a request came to."""
    return cast("State", request.app.state.dalil)
