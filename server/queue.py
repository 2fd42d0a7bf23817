"""The server's SQLite file with a line before it: several processes write in turn, whoever came first; knows no table."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from i18n import Text
from sync.errors import Failure
from sync.store import SqliteStore

with suppress(ImportError):  # Windows has none: there SQLite's own waiting must do, which looks again and again
    import fcntl


class QueuedStore(SqliteStore):
    """Waits for its turn on a lock of the system before it writes: SQLite alone would ask every few milliseconds and may ask in vain for long."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        try:
            self._line = os.open(path.with_suffix(".line"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Failure(Text("The folder {folder} cannot be used: {why}.", folder=str(path.parent), why=error.strerror or ""),
                          "read_only") from error

    def _begin(self) -> None:
        self._locked(wait=True)
        try:
            super()._begin()
        except BaseException:
            self._locked(wait=False)
            raise

    def _commit(self) -> None:
        try:
            super()._commit()
        finally:
            self._locked(wait=False)

    def _rollback(self) -> None:
        super()._rollback()
        self._locked(wait=False)

    def _locked(self, *, wait: bool) -> None:
        if "fcntl" in globals():
            fcntl.flock(self._line, fcntl.LOCK_EX if wait else fcntl.LOCK_UN)

    def close(self) -> None:
        super().close()
        os.close(self._line)
