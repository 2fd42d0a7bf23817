"""Attachments on this PC of which the server may lack bytes, whoever attached or brought them; knows no road.

A mark beside the file says so, empty and in clear: anybody's sync hands the
file in, and whoever gets it from here, by stick or nearby, is told to do the
same. A mark too many costs one question to the server.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from sync.files import Files

if TYPE_CHECKING:
    from sync.workspace import Workspace

MARK = ".unsent"


def note(files: Files, sha256: str) -> None:
    """The server may not have this one. A disk that takes no mark keeps nobody from working: its author's own list says the same."""
    path = files.path(sha256).with_suffix(MARK)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def noted(files: Files, sha256: str) -> bool:
    """Whether the server may lack it."""
    return files.path(sha256).with_suffix(MARK).exists()


def forget(files: Files, sha256: str) -> None:
    """The server has it, or it is erased."""
    with suppress(OSError):
        files.path(sha256).with_suffix(MARK).unlink(missing_ok=True)


def leaving(ws: Workspace) -> list[tuple[str, int]]:
    """(hash, size in bytes) of what a sync of this person hands in, the largest first: their own, then what others here attached or brought."""
    found = dict(ws.store.rows("SELECT sha256, size FROM upload"))
    if not ws.guest:
        for mark in ws.files.folder.glob(f"*/*{MARK}"):
            with suppress(OSError):  # another program may just have handed it in
                found.setdefault(mark.stem, mark.with_suffix("").stat().st_size)
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))
