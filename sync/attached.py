"""The attachments that the records here speak of: which of them are not what they were; knows no network and no screen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from sync.fields import Fixed

if TYPE_CHECKING:
    from sync.reading import Reading


class Attached(NamedTuple):
    """One attachment and the first record that speaks of it; `value` is that of the field."""

    kind: str
    id: str
    value: dict[str, Any]

    @property
    def name(self) -> str:
        """The name it had, or the beginning of its hash."""
        return str(self.value.get("name") or self.value["sha256"][:8])


def attached(ws: Reading) -> Iterator[Attached]:
    """Every attachment that this person’s records speak of, public and private, each once."""
    seen: set[str] = set()
    for kind in ws.kinds.values():
        for field in kind.fields:
            if isinstance(field.shape, Fixed) and "sha256" in field.shape.parts:
                for id, text in ws.store.rows(f'SELECT id, "{field.name}" FROM {kind.name} WHERE gone = 0 AND "{field.name}" IS NOT NULL'):
                    value = json.loads(text)
                    if value["sha256"] not in seen:
                        seen.add(value["sha256"])
                        yield Attached(kind.name, id, value)


def damaged(ws: Reading) -> list[Attached]:
    """Those that are here and are not the bytes that their name promises. Reads every one of them: about a second for 500 MB."""
    return [one for one in attached(ws) if ws.files.here(one.value["sha256"]) and not _holds(ws, one.value["sha256"])]


def _holds(ws: Reading, sha256: str) -> bool:
    state = hashlib.sha256()
    try:
        for piece in ws.files.read(sha256):
            state.update(piece)
    except OSError:  # a disk that cannot read it any more
        return False
    return state.hexdigest() == sha256
