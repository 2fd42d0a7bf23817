"""Makes snapshots and freezes old pages in the background when ledgers have grown and the server is quiet; knows no route."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

from server.logs import say
from server.pool import Pool
from sync import segments, soundness
from sync.authority import SCOPES
from sync.errors import Failure
from sync.files import Files
from sync.snapshots import publishing

_QUIET = 0.5  # seconds without an exchange before a snapshot is begun: who is at work goes first
_PATIENCE = 20.0  # seconds after which it is begun all the same
_REST = 2.0  # seconds without one after which even a snapshot that lacks little is made anew
_NICE = 10


class Publisher:
    """A thread of low priority. `wake` after each exchange; `close` lets what is under way end."""

    def __init__(self, pool: Pool, files: Files) -> None:
        self._pool = pool
        self._files = files
        self._woken = threading.Event()
        self._closing = False
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
        while True:
            self._woken.wait()
            self._wait_for_quiet()
            if self._closing:
                return
            self._tried(self._publish)
            if not self._woken.wait(_REST):
                self._tried(self._renew)

    def _tried(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (Failure, OSError) as failure:  # a full disk, say: it is due again at the next exchange
            say(level="warning", event="not_published", code=getattr(failure, "code", "") or type(failure).__name__)

    def _wait_for_quiet(self) -> None:
        latest = time.monotonic() + _PATIENCE
        while not self._closing and self._woken.is_set() and time.monotonic() < latest:
            self._woken.clear()
            self._woken.wait(_QUIET)
        self._woken.clear()

    def _publish(self) -> None:
        made = []
        for scope in SCOPES:
            with self._pool.borrow() as authority:
                if publishing.due(authority.store, scope):
                    publishing.publish(authority.store, authority.kinds, scope, authority.key, self._files)
                    made.append(scope)
        for scope in made:
            with self._pool.borrow() as authority:
                publishing.squeeze(authority.store, scope, self._files)

        for scope in SCOPES:
            while not self._closing and self._freeze(scope):
                pass

    def _freeze(self, scope: str) -> bool:
        with self._pool.borrow() as authority:
            erasures = authority.trust.erasures
            check = soundness.checker(authority.store, authority.key.public, erasures, authority.sound)
            return segments.freeze(authority.store, scope, authority.key, self._files, erasures.newest, check) is not None

    def _renew(self) -> None:
        for scope in SCOPES:
            with self._pool.borrow() as authority:
                if publishing.aged(authority.store, scope):
                    publishing.publish_squeezed(authority.store, authority.kinds, scope, authority.key, self._files)
