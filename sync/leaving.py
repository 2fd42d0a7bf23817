"""What a computer keeps for somebody outside their file, and lets go when they are removed from it; knows no record and no screen."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from sync.identity import SigningKey, key_id
from sync.postbox import PostBox
from sync.sealed import SealedStore
from sync.store import SqliteStore
from sync.waiting_room import WaitingRoom


def leave_box(box: Path, vault: Path, key: bytes) -> None:
    """Have the post box keep nothing more for the person of a vault, nor their request to join: its key is destroyed.

    Nobody can tell who that is without the vault's `key`.

    What they saved and nobody has yet stays in the box: others hand it in.
    """
    if not box.exists() or not vault.exists():
        return
    with closing(SealedStore(vault, key=key)) as theirs:
        secret = theirs.value("SELECT value FROM setting WHERE name = 'key'") if theirs.columns("setting") else None
    if secret is not None:
        with closing(SqliteStore(box)) as store:
            public = SigningKey(bytes(secret)).public
            if store.columns("reader"):
                PostBox(store).drop_reader(key_id(public))
            if store.columns("letter"):
                WaitingRoom(store).leave(public)
