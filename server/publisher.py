"""Makes snapshots in the background when ledgers have grown, and makes them small when the server rests; knows no route."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

from server.logs import say
from server.pool import Pool
from sync import ledger, segments, soundness
from sync.errors import Failure
from sync.files import Files
from sync.scopes import in_order
from sync.snapshots import publishing

QUIET = 0.1  # seconds without an exchange before a snapshot is begun: who is at work goes first
_REST = 2.0  # seconds without one before snapshots are made small, renewed though they lack little, and old pages frozen
_PATIENCE = 60.0  # seconds after which either is begun all the same
_SMALL = 500_000  # bytes of a snapshot that is made small at once: that takes a second
_NICE = 10


class Publisher:
    """A thread of low priority. `wake` after each exchange; `close` lets what is under way end."""

    def __init__(self, pool: Pool, files: Files, quiet: float = QUIET) -> None:
        self._pool = pool
        self._files = files
        self._quiet = quiet
        self._woken = threading.Event()
        self._closing = False
        self._large: set[str] = set()  # scopes whose snapshot was made in a hurry
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)

    def start(self) -> None:
        """Begin, and look at once whether something is due."""
        self._thread.start()
        self._woken.set()

    def wake(self) -> None:
        """Ledgers may have grown."""
        self._woken.set()

    def close(self) -> None:
        """End before the pool does."""
        self._closing = True
        self._woken.set()
        self._thread.join(timeout=30)

    def _run(self) -> None:
        if hasattr(os, "setpriority"):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
        rested = time.monotonic()
        while True:
            self._woken.wait()
            self._wait_for_quiet()
            if self._closing:
                return
            self._tried(self._publish)
            rests = not self._woken.wait(_REST) or time.monotonic() - rested > _PATIENCE
            if rests and not self._closing:
                self._tried(self._tidy)
                rested = time.monotonic()

    def _tried(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (Failure, OSError) as failure:  # a full disk, say: it is due again at the next exchange
            say(level="warning", event="not_published", code=getattr(failure, "code", "") or type(failure).__name__)

    def _wait_for_quiet(self) -> None:
        latest = time.monotonic() + _PATIENCE
        while not self._closing and self._woken.is_set() and time.monotonic() < latest:
            self._woken.clear()
            self._woken.wait(self._quiet)
        self._woken.clear()

    def _publish(self) -> None:
        for scope in self._scopes():
            with self._pool.borrow() as authority:
                if not publishing.due(authority.store, scope):
                    continue
                made = publishing.publish(authority.store, authority.kinds, scope, authority.key, self._files)
            self._large.add(scope)
            if made.size < _SMALL:
                self._squeeze(scope)

    def _scopes(self) -> list[str]:
        with self._pool.borrow() as authority:
            return in_order(ledger.heads(authority.store))

    def _squeeze(self, scope: str) -> None:
        with self._pool.borrow() as authority:
            publishing.squeeze(authority.store, scope, authority.key, self._files)
        self._large.discard(scope)

    def _tidy(self) -> None:
        for scope in sorted(self._large):
            self._squeeze(scope)
        for scope in self._scopes():
            while not self._closing and self._freeze(scope):
                pass
        for scope in self._scopes():
            with self._pool.borrow() as authority:
                if publishing.aged(authority.store, scope):
                    publishing.publish_squeezed(authority.store, authority.kinds, scope, authority.key, self._files)

    def _freeze(self, scope: str) -> bool:
        with self._pool.borrow() as authority:
            erasures = authority.trust.erasures
            check = soundness.checker(authority.store, authority.key.public, erasures, authority.sound)
            return segments.freeze(authority.store, scope, authority.key, self._files, erasures.newest, check) is not None
