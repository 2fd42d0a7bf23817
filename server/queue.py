"""The server's SQLite file with a lock before it, so that several processes write in turn; knows no table."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from i18n import Text
from sync.errors import Failure
from sync.store import Busy, SqliteStore

with suppress(ImportError):  # Windows has none: there SQLite's own waiting must do, which looks again and again
    import fcntl

_PATIENCE = 20.0  # seconds that a writer waits, as long as SQLite itself would: a command that was suspended must not hold up everybody for ever
_PAUSE = 0.002


class QueuedStore(SqliteStore):
    """Waits for its turn on a lock of the system before it writes: SQLite alone asks less and less often, and may ask in vain for long."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        try:
            self._line = os.open(path.with_suffix(".line"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Failure(Text("The folder {folder} cannot be used: {why}.", folder=str(path.parent), why=error.strerror or ""),
                          "read_only") from error

    def _begin(self) -> None:
        self._wait()
        try:
            super()._begin()
        except BaseException:
            self._let_go()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()
        finally:
            self._let_go()

    def _rollback(self) -> None:
        super()._rollback()
        self._let_go()

    def _wait(self) -> None:
        until = time.monotonic() + _PATIENCE
        while not self._taken():
            if time.monotonic() > until:
                raise Busy(Text("Another Dalil on this computer is writing. Try again in a moment."))
            time.sleep(_PAUSE)

    def _taken(self) -> bool:
        with suppress(BlockingIOError):
            if "fcntl" in globals():
                fcntl.flock(self._line, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False

    def _let_go(self) -> None:
        if "fcntl" in globals():
            fcntl.flock(self._line, fcntl.LOCK_UN)

    def close(self) -> None:
        super().close()
        os.close(self._line)
