"""What became of the work of others that one brought to the server, by their PC; knows no carrier and no screen.

Why a change was refused is sealed to its author: whoever brought it learns that it was, and how many, not why.
"""

from __future__ import annotations

from dataclasses import dataclass

from sync import codec
from sync.exchange.words import ParcelReceipt
from sync.identity import key_id
from sync.postbox import Kept
from sync.workspace import Workspace

KNOWN = "brought known"  # the setting that says what was brought here and stood in the ledgers already, until the next sync tells it


@dataclass(slots=True)
class Brought:
    """Changes of one author on one device. `name` and `device` are empty where nobody here knows them.

    `known` had reached the server by another road; `waiting` wait there for what they build on.
    """

    name: str
    device: str
    accepted: int = 0
    known: int = 0
    refused: int = 0
    waiting: int = 0


class Tally:
    """Counts of one sync, by author."""

    def __init__(self) -> None:
        self._by_author: dict[bytes, Brought] = {}

    def count(self, parcel: Kept, receipt: ParcelReceipt) -> None:
        """A parcel was answered for."""
        one = self._of(parcel.author)
        one.accepted += receipt.accepted
        one.known += receipt.known
        one.refused += receipt.refused
        one.waiting += receipt.waiting

    def told(self, ws: Workspace) -> list[Brought]:
        """All of it, with what was brought before and was known already; names are those that this person may read."""
        if known := _known(ws):
            for _, author, count in known.values():
                self._of(author).known += count
            with ws.store.transaction():
                ws.vault.keep(KNOWN, b"")
        for author, one in self._by_author.items():
            for public, person, device in ws.store.rows("SELECT key, person, device FROM pub.certificate"):
                if key_id(bytes.fromhex(public)) == author:
                    one.device = device
                    named = ws.by_ids("person", [person]) if "person" in ws.kinds else []
                    one.name = str(named[0]["name"] or "") if named else ""
        return list(self._by_author.values())

    def _of(self, author: bytes) -> Brought:
        return self._by_author.setdefault(author, Brought("", ""))


def note_known(ws: Workspace, name: bytes, author: bytes, count: int) -> None:
    """A parcel was brought whose changes stand in the ledgers already; brought twice, it counts once."""
    if not ws.guest:
        with ws.store.transaction():
            ws.vault.keep(KNOWN, codec.pack([[*one] for one in {**_known(ws), name: (name, author, count)}.values()]))


def _known(ws: Workspace) -> dict[bytes, tuple[bytes, bytes, int]]:
    """Name, author and number of changes of each such parcel, by its name."""
    kept = ws.vault.setting(KNOWN)
    return {one[0]: one for one in codec.unpack(kept, list[tuple[bytes, bytes, int]])} if kept else {}
