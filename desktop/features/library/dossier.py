"""Everything a page shows about one item or collection, read in one go on the data lane; knows no widget."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from i18n import Text
from resources import kept_files, library
from resources.rights import refusal
from resources.starter import shelf
from sync.errors import NotFound
from sync.record import Record

__all__ = ["Dossier", "read"]


@dataclass(frozen=True)
class Dossier:
    """A record with what belongs to it.

    `here`: the file is whole on this PC; `held`: bytes of it that are; `only_copy`: why it must stay, or None.
    `refusal`: why this person may not change it, or None; `deletable`: whether they may delete it;
    `guest`: reads only what is here. `reachable`: a server is known.
    """

    record: Record
    starter: bool = False
    here: bool = False
    held: int = 0
    only_copy: Text | None = None
    others: list[Record] = field(default_factory=list)
    collections: list[Record] = field(default_factory=list)
    items: list[Record] = field(default_factory=list)
    absent: int = 0
    kept: frozenset[str] = frozenset()
    refusal: Text | None = None
    deletable: bool = False
    guest: bool = False
    reachable: bool = False

    @property
    def key(self) -> tuple[str, str]:
        return self.record.kind.name, self.record.id

    @property
    def sha256(self) -> str:
        """The name of the item's file, or ""."""
        return self.record["file"]["sha256"] if self.record.kind.name == "item" and self.record["file"] else ""


def record_of(ws: Any, kind: str, id: str) -> Record:
    """A shared record, else a guide that comes with the app. NotFound when there is neither."""
    found = ws.by_ids(kind, [id])
    own = shelf.find(id) if not found and kind == "item" else None
    if not found and own is None:
        raise NotFound(Text("This is no longer in the library. It may have been deleted on another computer."))
    return found[0] if found else own


def read(ws: Any, kind: str, id: str) -> Dossier:
    """Read it all. NotFound when it is not here."""
    record = record_of(ws, kind, id)
    why, reachable = refusal(ws, kind, "edit", record), bool(ws.vault.word("server"))
    rights = {"refusal": why, "deletable": refusal(ws, kind, "delete", record) is None, "guest": ws.guest}
    if kind == "collection":
        wanted = record["items"] or []
        found = {one.id: one for one in library.items_of(ws, record)}
        found |= {id: own for id in wanted if id not in found and (own := shelf.find(id)) is not None}
        items = [found[id] for id in wanted if id in found]
        kept = frozenset(one.id for one in items if shelf.is_starter(one) or library.is_kept(ws, one))
        return Dossier(record, items=items, absent=len(wanted) - len(items), kept=kept, **rights, reachable=reachable)
    others = shelf.in_other_languages(ws, record)
    if shelf.is_starter(record):
        return Dossier(record, starter=True, here=True, others=others, collections=library.collections_of(ws, id), **rights)
    file = record["file"]
    here = library.is_kept(ws, record)
    return Dossier(
        record, here=here, held=ws.files.held(file["sha256"]) if file else 0, only_copy=kept_files.only_copy(ws, record) if here else None,
        others=others, collections=library.collections_of(ws, id), **rights, reachable=reachable,
    )
