"""The person who imports at the server: an ordinary workspace, certified in-process; knows no HTTP and no format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from resources import KINDS
from resources.importing import Imported, import_into
from server.premises import Premises
from sync.authority import Authority
from sync.exchange import sync
from sync.record import uuid7
from sync.relay.direct import Direct
from sync.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Done:
    """What an import did, and what the authority said to it."""

    imported: Imported
    accepted: int
    refused: int


def import_file(authority: Authority, premises: Premises, path: Path, as_format: str | None,
                tell: Callable[[int, str], bool | None] | None = None) -> Done:
    """Take in a file or folder through the operator's workspace and commit all of it, with its attachments."""
    ws = workspace(authority, premises)
    try:
        road = Direct(authority, premises.files())
        sync(ws, road)
        imported = import_into(ws, path, as_format, tell)
        report = sync(ws, road)
        return Done(imported, report.accepted, report.refused)
    finally:
        ws.close()


def workspace(authority: Authority, premises: Premises) -> Workspace:
    """The operator's workspace, joined; an administrator by the server's own word."""
    ws = Workspace(premises.folder / "operator", KINDS, "operator")
    with ws.store.transaction():
        for name in ("person", "device"):
            if not ws.vault.word(name):
                ws.vault.keep(name, uuid7(ws.clock(), ws.random))
        ws.vault.keep("authority", authority.key.public)
        ws.vault.keep("role", "administrator")
    authority.certify(ws.vault.key().public, ws.vault.word("person"), ws.vault.word("device"), "administrator")
    return ws
