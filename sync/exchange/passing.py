"""Files of a private scope on their way: they pass through the vault, since a disk that is copied must not hold what they say; knows no network.

A snapshot and a frozen run of pages are read once and go. Those of public
scopes wait in the folder of files; what arrives of the others is kept as rows of
the vault, which is encrypted, so a cut is resumed there too.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from typing import BinaryIO

from i18n import Text
from sync.errors import Damaged
from sync.store import SqliteStore

_NAME = "passing "  # the settings: then the file's name and the number of the piece
_PIECE = 256 * 1024  # bytes at least, but for what comes before a cut: each costs a wait for the disk


class Passing:
    """What has arrived of files, by name, in one vault; speaks as `Files` does."""

    def __init__(self, store: SqliteStore) -> None:
        self.store = store

    def here(self, sha256: str) -> bool:
        """Whether the whole file is here."""
        return hashlib.sha256(self._all(sha256)).hexdigest() == sha256

    def held(self, sha256: str) -> int:
        """How many bytes of it are here."""
        return int(self.store.value("SELECT sum(length(value)) FROM setting WHERE name LIKE ?", (f"{_NAME}{sha256} %",)) or 0)

    def append(self, sha256: str, offset: int, pieces: Iterator[bytes], size: int) -> int:
        """Keep what arrives from where the last attempt ended; answers how many bytes are here now. Damaged when it is not what its name says."""
        with self.store.transaction():  # what was left of another file goes: the server has made a newer one
            self.store.execute("DELETE FROM setting WHERE name LIKE ? AND name NOT LIKE ?", (f"{_NAME}%", f"{_NAME}{sha256} %"))
        held, waiting = self.held(sha256), b""
        try:
            for piece in pieces:
                waiting += piece
                if held + len(waiting) > size:
                    raise Damaged(Text("More bytes arrived than the file has. Fetch it again."))
                if len(waiting) >= _PIECE:
                    held, waiting = self._keep(sha256, held, waiting), b""
        finally:
            if waiting and held + len(waiting) <= size:
                held = self._keep(sha256, held, waiting)
        if held == size and not self.here(sha256):
            self.erase(sha256)
            raise Damaged(Text("The file that arrived is not the one asked for; it was thrown away. Fetch it again."))
        return held

    def open(self, sha256: str) -> BinaryIO:
        """The bytes of a whole file, in memory."""
        return io.BytesIO(self._all(sha256))

    def erase(self, sha256: str) -> None:
        """Let go of a file, whole or not."""
        with self.store.transaction():
            self.store.execute("DELETE FROM setting WHERE name LIKE ?", (f"{_NAME}{sha256} %",))

    def _keep(self, sha256: str, held: int, data: bytes) -> int:
        with self.store.transaction():
            self.store.execute("INSERT INTO setting (name, value) VALUES (?, ?)", (f"{_NAME}{sha256} {held:012}", data))
        return held + len(data)

    def _all(self, sha256: str) -> bytes:
        rows = self.store.rows("SELECT value FROM setting WHERE name LIKE ? ORDER BY name", (f"{_NAME}{sha256} %",))
        return b"".join(bytes(value) for (value,) in rows)
