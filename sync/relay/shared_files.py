"""The attachments that any PC may hand to any other: those that a public record names; knows no carrier.

A file that only a private record names is not among them: whoever carries it
could not know whether its bytes are encrypted. It goes to the server alone.
"""

from __future__ import annotations

import json
import shutil
from typing import Any

from sync import ledger
from sync.fields import Fixed
from sync.files import LARGEST
from sync.relay.lan_words import Wish
from sync.scopes import PUBLIC
from sync.workspace import Workspace

SPARE = 500 * 1024 * 1024  # bytes that are left free on the disk


class SharedFiles:
    """The files that the confirmed public records of one folder name."""

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws
        self._at: Any = None
        self._named: dict[str, int] = {}

    def named(self) -> dict[str, int]:
        """Sizes in bytes by hash, as the records say them; read again when the ledger moved."""
        at = ledger.head(self.ws.public, PUBLIC)
        if at is None or at != self._at:
            self._named = {}
            for kind in self.ws.kinds.values():
                for one in kind.fields:
                    if isinstance(one.shape, Fixed) and "sha256" in one.shape.parts:
                        self._read(kind.name, one.name)
            self._at = at
        return self._named

    def here(self, sha256: str) -> int | None:
        """The size of a file that may be given and is here whole; None for any other."""
        return self.named().get(sha256) if sha256 in self.named() and self.ws.files.here(sha256) else None

    def wish(self, sha256: str) -> Wish | None:
        """One file that is lacking here and has room; None for any other."""
        size = self.named().get(sha256)
        if size is None or self.ws.files.here(sha256):
            return None
        found = Wish(sha256, self.ws.files.held(sha256), size)
        return found if shutil.disk_usage(self.ws.folder).free - SPARE >= found.size - found.held else None

    def lacking(self) -> list[Wish]:
        """The files that are not here, the smallest first, as many as the disk has room for."""
        files = self.ws.files
        found = [Wish(name, files.held(name), size) for name, size in self.named().items() if not files.here(name)]
        room = shutil.disk_usage(self.ws.folder).free - SPARE
        kept: list[Wish] = []
        for one in sorted(found, key=lambda one: (one.size, one.sha256)):
            room -= one.size - one.held
            if room >= 0:
                kept.append(one)
        return kept

    def _read(self, kind: str, field: str) -> None:
        for (value,) in self.ws.public.rows(f'SELECT "{field}" FROM "{kind}" WHERE gone = 0 AND "{field}" IS NOT NULL'):
            found = json.loads(value)
            if 0 < int(found["size"]) <= LARGEST:
                self._named[found["sha256"]] = int(found["size"])
