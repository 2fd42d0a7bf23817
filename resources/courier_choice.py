"""Which files of the library may go along on a stick, and which of them somebody chose; knows no stick and no screen."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Group:
    """Files of a collection, or with an empty `title` those of no collection."""

    title: Mapping[str, str]
    files: list[Along]


@dataclass(frozen=True, slots=True)
class Shelf:
    """What there is to choose from: each file once, under its first collection. `unknown` stay for their licence, `elsewhere` are not here."""

    groups: list[Group]
    unknown: int
    elsewhere: int

    @property
    def files(self) -> list[Along]:
        """Every file that may go along."""
        return [one for group in self.groups for one in group.files]


def shelf(ws: Any) -> Shelf:
    """The files of confirmed items by collection, those that may go along, and how many may not."""
    rows = ws.public.rows("SELECT id, file, licence FROM item WHERE gone = 0 AND file IS NOT NULL")
    here = {id: may_leave(licence) for id, file, licence in rows if ws.files.here(json.loads(file)["sha256"])}
    may = {id: along for id, along, why in _looked_at(ws, None) if why is None and along is not None}
    taken: set[str] = set()
    groups = []
    for collection in ws.records("collection", order="sort_fr"):
        ids = [id for id in collection["items"] or [] if id in may and may[id].sha256 not in taken]
        files = list({may[id].sha256: may[id] for id in ids}.values())
        taken.update(one.sha256 for one in files)
        if files:
            groups.append(Group(dict(collection["title"] or {}), files))
    rest = {one.sha256: one for one in may.values() if one.sha256 not in taken}
    if rest:
        groups.append(Group({}, list(rest.values())))
    return Shelf(groups, sum(not leaves for leaves in here.values()), len(rows) - len(here))
