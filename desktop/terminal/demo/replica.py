"""One person's copy in a demonstration: an ordinary workspace, joined with an ordinary code."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from desktop.terminal import opening
from desktop.terminal.demo.server import Server

if TYPE_CHECKING:
    from sync.exchange import Report
    from sync.workspace import Workspace


class Replica:
    """A name, a place and a workspace."""

    def __init__(self, name: str, ws: Workspace) -> None:
        self.name = name
        self.ws = ws

    @classmethod
    def join(cls, folder: Path, server: Server, role: str, name: str) -> Replica:
        """A new data folder, joined to the server with a new code."""
        from sync.exchange import join

        ws = opening.workspace(folder, opening.ONLY_PERSON)
        join(ws, server.url, server.invite(role), name)
        return cls(name, ws)

    def sync(self) -> Report:
        """One exchange with the server."""
        from sync.exchange import sync

        return sync(self.ws)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.ws.close()
