"""The list of organisations as a reader narrows and sorts it: one page, how many fit, what each further choice would leave; knows no page."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from i18n import language
from resources import queries
from resources.queries import Reading, Where
from resources.search import matching_ids
from sync.record import Record

NO_REGION = "none"
SORTS = ("name", "verified_old", "verified_new", "region")


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a list of organisations is narrowed to; an empty part narrows nothing.

    `regions` and `domains`: any of these (`NO_REGION` are those without one).
    `types` are those of the organisation.
    `verified`: "" any, "recent" since `verified_since` or later, "old" before it, "never".
    `projects`: only those that lead a project.
    """

    text: str = ""
    regions: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    verified: str = ""
    projects: bool = False

    @property
    def is_empty(self) -> bool:
        return self == Narrowed()


@dataclass(frozen=True, slots=True)
class Left:
    """How many organisations fit, and how many each further choice would leave (code -> number).

    Counts of a group are made as if nothing of that group were chosen.
    """

    total: int
    regions: dict[str, int] = field(default_factory=dict)
    domains: dict[str, int] = field(default_factory=dict)
    types: dict[str, int] = field(default_factory=dict)
    verified: dict[str, int] = field(default_factory=dict)
    projects: int = 0


def fitting(ws: Reading, chosen: Narrowed, since: str, *, sort: str = "name", limit: int | None = 64, offset: int = 0) -> list[Record]:
    """Organisations that fit, from `offset` on. `since` is the ISO date from which a verification counts as recent."""
    where = _where(ws, chosen, since)
    return ws.records("organisation", str(where), where.args, order=_order(sort), limit=limit, offset=offset)


def total(ws: Reading, chosen: Narrowed, since: str) -> int:
    """How many organisations fit."""
    where = _where(ws, chosen, since)
    return int(ws.rows(f"SELECT count(*) FROM organisation{where.clause}", where.args)[0][0])


def left(ws: Reading, chosen: Narrowed, since: str) -> Left:
    """The counts beside every choice of the filters."""
    regions = _count(ws, replace(chosen, regions=()), since, "region")
    state = f"CASE WHEN verified IS NULL THEN 'never' WHEN verified >= '{_date(since)}' THEN 'recent' ELSE 'old' END"
    verified = _count(ws, replace(chosen, verified=""), since, state)
    domains: Counter[str] = Counter()
    for stored, number in _count(ws, replace(chosen, domains=()), since, "domains").items():
        for code in json.loads(stored) if stored else ():
            domains[code] += number
    projects = total(ws, replace(chosen, projects=True), since)
    types = _count(ws, replace(chosen, types=()), since, "type")
    fit = {code or NO_REGION: number for code, number in regions.items()}
    return Left(total(ws, chosen, since), fit, dict(domains), types, verified, projects)


def _count(ws: Reading, chosen: Narrowed, since: str, by: str) -> dict[str, int]:
    where = _where(ws, chosen, since)
    rows = ws.rows(f"SELECT {by}, count(*) FROM organisation{where.clause} GROUP BY 1", where.args)
    return {key or "": int(number) for key, number in rows}


def _order(sort: str) -> str:
    name = queries.order_of(language())
    return {
        "name": name,
        "verified_old": f"verified IS NOT NULL, verified, {name}",
        "verified_new": f"verified IS NULL, verified DESC, {name}",
        "region": f"region IS NULL, region, {name}",
    }[sort]


def _where(ws: Reading, chosen: Narrowed, since: str) -> Where:
    where = Where()
    regions = [code for code in chosen.regions if code != NO_REGION]
    either = [f"region IN ({_marks(regions)})"] if regions else []
    if NO_REGION in chosen.regions:
        either.append("region IS NULL")
    if either:
        where.say(f"({' OR '.join(either)})", *regions)
    if chosen.domains:
        # the quoted code is found in the stored set exactly when it is an element
        where.say("(" + " OR ".join("instr(domains, ?) > 0" for _ in chosen.domains) + ")", *(f'"{code}"' for code in chosen.domains))
    if chosen.types:
        where.say(f"type IN ({_marks(chosen.types)})", *chosen.types)
    if chosen.verified == "never":
        where.say("verified IS NULL")
    elif chosen.verified:
        where.say("verified >= ?" if chosen.verified == "recent" else "verified < ?", since)
    if chosen.projects:
        where.say("id IN (SELECT organisation FROM project WHERE organisation IS NOT NULL)")
    where.among(matching_ids(ws, chosen.text, "organisation") if chosen.text.strip() else None)
    return where


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


def _date(iso: str) -> str:
    """The date, refused when it is none: it becomes part of a statement."""
    year, month, day = iso.split("-")
    return f"{int(year):04}-{int(month):02}-{int(day):02}"
