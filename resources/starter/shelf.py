"""The guides that come with the app, shown beside shared items until these hold them too; writes no record, knows no page."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from i18n.fold import words
from resources import codes, library
from resources.item import KIND
from resources.item import words as item_words
from resources.library import Counts, Filter, WithFiles
from resources.queries import Page
from resources.starter.derived_id import derived_id
from resources.starter.reading import guides
from resources.starter.records import Guide
from sync.record import Record, best

SCOPE = "starter"  # no scope of the network: what stands in it was never written by anybody here
WORDS_A_MINUTE = 180  # a reader at ease; Arabic words are longer and fewer


def is_starter(record: Record) -> bool:
    """Whether a record comes with the app."""
    return record.scope == SCOPE


def entries(ws: WithFiles) -> list[Record]:
    """One record a guide and language, in the order for beginners, without those that the network shares."""
    known = _known()
    shared = {record.id for record in ws.by_ids("item", list(known))}
    return [record for record, _ in known.values() if record.id not in shared]


def find(id: str) -> Record | None:
    """The guide of that id, or None."""
    return _known()[id][0] if id in _known() else None


def path_of(record: Record) -> Path:
    """Where the file of a guide stands."""
    return Path(str(files("resources.starter").joinpath("guides", _known()[record.id][1])))


def keep_shared(ws: Any) -> None:
    """Guides that the network shares with the very same text are kept here already: nobody fetches them. A guest's visit writes nothing."""
    if ws.guest:
        return
    known = _known()
    for record in ws.by_ids("item", list(known)):
        own = known[record.id][0]
        same = record["file"] is not None and record["file"]["sha256"] == own["file"]["sha256"]
        if same and not ws.files.here(own["file"]["sha256"]):
            ws.files.take(path_of(own), "text/markdown")


def minutes(record: Record) -> int:
    """How long a guide takes to read, in whole minutes."""
    return max(1, round(len(path_of(record).read_text("utf-8").split()) / WORDS_A_MINUTE))


def items(ws: WithFiles, chosen: Filter, limit: int = 50, offset: int = 0) -> Page:
    """Guides first, then shared items, as one list."""
    own = [record for record in entries(ws) if _fits(record, chosen)]
    first = own[offset : offset + limit]
    rest = library.items(ws, chosen, max(limit - len(first), 1), max(0, offset - len(own)))
    return Page(len(own) + rest.total, [*first, *rest.records][:limit], offset)


def choices_left(ws: WithFiles, chosen: Filter) -> Counts:
    """As `library.choices_left`, with the guides."""
    found = library.choices_left(ws, chosen)
    own = entries(ws)
    total = sum(_fits(record, chosen) for record in own)
    languages = Counter(record["language"] for record in own if _fits(record, _without(chosen, "language")))
    subjects = Counter(code for record in own if _fits(record, _without(chosen, "subject")) for code in record["subjects"] or ())
    types = Counter(record["type"] for record in own if _fits(record, _without(chosen, "type")))
    return Counts(found.total + total, _sum(found.by_language, languages), _sum(found.by_subject, subjects), _sum(found.by_type, types))


def in_other_languages(ws: WithFiles, item: Record) -> list[Record]:
    """The same work in other languages, shared or of the shelf."""
    found = {} if is_starter(item) else {record.id: record for record in library.in_other_languages(ws, item)}
    known = _known()
    if item.id in known:
        slug = known[item.id][0]["identifiers"]["dalil"]
        same = [record for record, _ in known.values() if record["identifiers"]["dalil"] == slug and record.id != item.id]
        shared = {record.id: record for record in ws.by_ids("item", [record.id for record in same])}
        found |= {record.id: shared.get(record.id, record) for record in same}
    return list(found.values())


def _fits(record: Record, chosen: Filter) -> bool:
    if chosen.language and record["language"] != chosen.language:
        return False
    if chosen.type and record["type"] != chosen.type:
        return False
    if chosen.subject and chosen.subject not in (record["subjects"] or ()):
        return False
    if chosen.audience and chosen.audience not in (record["audience"] or ()):
        return False
    said = words(chosen.text)
    there = words(" ".join(item_words(record))) if said else []
    return all(any(one.startswith(word) for one in there) for word in said)


def _without(chosen: Filter, name: str) -> Filter:
    return replace(chosen, **{name: ""})


def _sum(one: dict[str, int], other: Counter[str]) -> dict[str, int]:
    return dict(Counter(one) + other)


@cache
def _known() -> dict[str, tuple[Record, str]]:
    """Records by id, each with the name of its file."""
    found = {}
    for guide in guides():
        for speak in guide.languages:
            record = _record(guide, speak)
            found[record.id] = (record, guide.file_name(speak))
    return found


def _record(guide: Guide, speak: str) -> Record:
    text = guide.text(speak).encode()
    values = {
        "title": {speak: best(guide.title, speak)}, "description": {speak: best(guide.description, speak)}, "language": speak,
        "level": guide.level if guide.level in codes.LEVELS else None, "audience": sorted(set(guide.audience) & set(codes.AUDIENCES)),
        "licence": "cc_by" if guide.licence.upper().startswith("CC-BY-4") else "unknown", "type": "guide",
        "subjects": sorted(set(guide.subjects) & set(codes.SUBJECTS)), "author": guide.author, "identifiers": {"dalil": guide.slug},
        "file": {"sha256": hashlib.sha256(text).hexdigest(), "size": len(text), "type": "text/markdown", "name": guide.file_name(speak)},
    }
    return Record(KIND, derived_id("guide", f"{guide.slug}/{speak}"), SCOPE, values)
