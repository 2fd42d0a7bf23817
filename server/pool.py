"""Authorities for the threads that answer, each with a connection of its own; a database that dies and comes back is met again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from i18n import Text
from sync.authority import Authority
from sync.errors import Failure
from sync.postgres_store import PostgresStore

_FRESH = 1.0  # seconds during which a connection that was just used is not asked whether it still lives
_KEPT = 16  # idle connections; PostgreSQL gives 100 to everybody together
# after these an authority may remember a certificate that was rolled back
_UNSURE = ("disk_full", "busy", "damaged", "failed", "read_only")


class Pool:
    """Lends an Authority to one thread at a time. `open` makes one more and may raise Failure `database`."""

    def __init__(self, open: Callable[[], Authority]) -> None:
        self._open = open
        self._idle: list[tuple[Authority, float]] = []
        self._lock = threading.Lock()

    @contextmanager
    def borrow(self) -> Iterator[Authority]:
        """An authority for this block. Raises Failure `database` when the database went away meanwhile."""
        authority = self._taken()
        try:
            yield authority
        except Exception as error:
            if _is_broken(error):
                authority.store.close()
                raise _gone() from error
            if isinstance(error, Failure) and error.code not in _UNSURE:
                self._give_back(authority)
            else:
                authority.store.close()
            raise
        self._give_back(authority)

    def close(self) -> None:
        """Close the connections that nobody uses."""
        with self._lock:
            idle, self._idle = self._idle, []
        for one, _ in idle:
            one.store.close()

    def _taken(self) -> Authority:
        while True:
            with self._lock:
                found = self._idle.pop() if self._idle else None
            if found is None:
                return self._open()
            authority, since = found
            if time.monotonic() - since < _FRESH or _answers(authority):
                return authority
            authority.store.close()

    def _give_back(self, authority: Authority) -> None:
        with self._lock:
            if len(self._idle) < _KEPT:
                self._idle.append((authority, time.monotonic()))
                return
        authority.store.close()


def _answers(authority: Authority) -> bool:
    """Whether an idle connection still lives; a file always does."""
    if not isinstance(authority.store, PostgresStore):
        return True
    try:
        authority.store.value("SELECT 1")
    except Exception as error:
        if _is_broken(error):
            return False
        raise
    return True


def _is_broken(error: Exception) -> bool:
    """Whether the connection, not what was asked, is at fault."""
    if isinstance(error, Failure):
        return error.code == "database"
    if not type(error).__module__.startswith("psycopg"):
        return False
    import psycopg

    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)


def _gone() -> Failure:
    return Failure(Text("The database does not answer. Try again in a moment."), "database")
