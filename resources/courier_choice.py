"""Which files of the library may go along on a stick, and which of them somebody chose; knows no stick and no screen."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from i18n import Text
from resources.kept_files import may_leave
from sync.errors import NotFound
from sync.relay.courier_files import Along

ALL, NONE = "all", "none"


@dataclass(frozen=True, slots=True)
class Choice:
    """Files that go along, and why others that were asked for stay."""

    files: list[Along]
    staying: list[Text]


def may_go(ws: Any) -> list[Along]:
    """Every file here that may go along: of an item that everybody reads already, under a licence that lets it leave."""
    return [along for _, along, why in _looked_at(ws, None) if why is None and along is not None]


def chosen(ws: Any, words: Sequence[str]) -> Choice:
    """The files that words ask for: `all`, `none`, or ids of items and collections. NotFound for an id that is neither."""
    if ALL in words:
        return Choice(may_go(ws), [])
    ids: list[str] = []
    for word in words:
        if word != NONE:
            ids += _items_of(ws, word)
    files, staying = {}, []
    for _, along, why in _looked_at(ws, ids):
        if why is not None:
            staying.append(why)
        elif along is not None:
            files[along.sha256] = along
    return Choice(list(files.values()), staying)


def _items_of(ws: Any, id: str) -> list[str]:
    if ws.records("item", "id = ?", (id,), limit=1):
        return [id]
    found = ws.records("collection", "id = ?", (id,), limit=1)
    if not found:
        raise NotFound(Text("There is no document and no collection with the id {id} here.", id=id))
    return list(found[0]["items"] or [])


def _looked_at(ws: Any, ids: Sequence[str] | None) -> Iterator[tuple[str, Along | None, Text | None]]:
    """(id, its file, why it stays) of the confirmed items of these ids, or of all that have a file here.

    Confirmed ones are asked of the public file alone: what waits for its
    answer is nobody's yet, and a stick carries files as they are.
    """
    rows = ws.public.rows("SELECT id, title, file, licence FROM item WHERE gone = 0 AND file IS NOT NULL ORDER BY sort_fr")
    known = {id: (json.loads(title) if title else {}, json.loads(file), licence) for id, title, file, licence in rows}
    for id in known if ids is None else dict.fromkeys(ids):
        if id not in known:
            yield id, None, Text("“{name}” stays: it has no file, or the server has not accepted it yet.", name=_title(ws, id))
            continue
        titles, file, licence = known[id]
        name = next(iter(titles.values()), id)
        if not may_leave(licence):
            why = Text("“{name}” stays: its licence is unknown.", name=name)
        elif not ws.files.here(file["sha256"]):
            why = Text("“{name}” stays: its file is not on this computer.", name=name)
        else:
            yield id, Along(file["sha256"], int(file["size"]), titles), None
            continue
        if ids is not None:
            yield id, None, why


def _title(ws: Any, id: str) -> str:
    found = ws.records("item", "id = ?", (id,), limit=1)
    return str(found[0].title or id) if found else id
