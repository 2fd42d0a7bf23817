"""Questions about the library: items by language, subject and what is kept here; collections; translations; knows no reader."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Protocol

from i18n import language
from resources.queries import Page, Reading, Where, order_of, page
from resources.search import matching_ids
from sync.record import Record


class Files(Protocol):
    """What a workspace knows of attached files."""

    def here(self, sha256: str) -> bool: ...


class WithFiles(Reading, Protocol):
    """A workspace that knows which files are on this PC."""

    @property
    def files(self) -> Files: ...


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of items is narrowed to; an empty part narrows nothing. `kept`: only what can be opened offline."""

    language: str = ""
    subject: str = ""
    text: str = ""
    type: str = ""
    audience: str = ""
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """How many items: all that fit, and of these by language, by subject and by type (code -> number)."""

    total: int
    by_language: dict[str, int]
    by_subject: dict[str, int]
    by_type: dict[str, int] = field(default_factory=dict)


def items(ws: WithFiles, chosen: Filter = Filter(), limit: int | None = 50, offset: int = 0) -> Page:
    """Items that fit, in the order of the language spoken."""
    return page(ws, "item", _where(ws, chosen), order=order_of(language()), limit=limit, offset=offset)


def counts(ws: WithFiles, chosen: Filter = Filter()) -> Counts:
    """Counts for the filtered set, in one pass."""
    where = _where(ws, chosen)
    by_language: Counter[str] = Counter()
    by_subject: Counter[str] = Counter()
    by_type: Counter[str] = Counter()
    sql = f"SELECT language, subjects, type, count(*) FROM item{where.clause} GROUP BY language, subjects, type"
    for speak, subjects, type, number in ws.rows(sql, where.args):
        by_language[speak or ""] += number
        by_type[type or ""] += number
        for subject in json.loads(subjects) if subjects else ():
            by_subject[subject] += number
    return Counts(sum(by_language.values()), dict(by_language), dict(by_subject), dict(by_type))


def choices_left(ws: WithFiles, chosen: Filter) -> Counts:
    """Counts for the choices of a filter: by language as if none were chosen, by subject and by type likewise."""
    now = counts(ws, chosen)
    by_language = counts(ws, replace(chosen, language="")).by_language if chosen.language else now.by_language
    by_subject = counts(ws, replace(chosen, subject="")).by_subject if chosen.subject else now.by_subject
    by_type = counts(ws, replace(chosen, type="")).by_type if chosen.type else now.by_type
    return Counts(now.total, by_language, by_subject, by_type)


def is_kept(ws: WithFiles, item: Record) -> bool:
    """Whether the item's file is whole on this PC."""
    return item["file"] is not None and ws.files.here(item["file"]["sha256"])


def kept_ids(ws: WithFiles) -> list[str]:
    """The items whose file is on this PC."""
    rows = ws.rows("SELECT id, json_extract(file, '$.sha256') FROM item WHERE file IS NOT NULL")
    here: dict[str, bool] = {}
    found = []
    for id, sha256 in rows:
        if sha256 not in here:
            here[sha256] = ws.files.here(sha256)
        if here[sha256]:
            found.append(id)
    return found


def in_other_languages(ws: Reading, item: Record) -> list[Record]:
    """The same work in other languages: items that share an identifier of the same register."""
    found: dict[str, Record] = {}
    for register, name in (item["identifiers"] or {}).items():
        same = ws.records("item", "json_extract(identifiers, ?) = ? AND id <> ?", (f'$."{register}"', name, item.id), order="language")
        found |= {record.id: record for record in same if record["language"] != item["language"]}
    return list(found.values())


def collections(ws: Reading) -> list[Record]:
    """All collections, in the order of the language spoken."""
    return ws.records("collection", order=order_of(language()))


def items_of(ws: Reading, collection: Record) -> list[Record]:
    """The items of a collection that have arrived."""
    return ws.by_ids("item", collection["items"] or [])


def collections_of(ws: Reading, item: str) -> list[Record]:
    """The collections that hold an item."""
    return ws.records("collection", "instr(items, ?) > 0", (f'"{item}"',), order=order_of(language()))


def _where(ws: WithFiles, chosen: Filter) -> Where:
    where = Where()
    where.equal("language", chosen.language)
    where.equal("type", chosen.type)
    where.holds("subjects", chosen.subject)
    where.holds("audience", chosen.audience)
    where.among(matching_ids(ws, chosen.text, "item") if chosen.text.strip() else None)
    if chosen.kept:
        where.among(kept_ids(ws))
    return where
