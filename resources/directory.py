"""Questions about the directory: organisations with filters and counts, what belongs to one, places; knows no page."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

from i18n import language
from resources.queries import Page, Reading, Where, order_of, page
from resources.search import matching_ids
from sync.record import Record


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of organisations is narrowed to; an empty part narrows nothing."""

    region: str = ""
    domain: str = ""
    text: str = ""
    type: str = ""
    public: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many organisations: all that fit, and of these by region and by domain (code -> number).

    An organisation counts once in each of its domains; those without a
    region are under `""`.
    """

    total: int
    by_region: dict[str, int]
    by_domain: dict[str, int]


def organisations(ws: Reading, chosen: Filter = Filter(), limit: int | None = 50, offset: int = 0) -> Page:
    """Organisations that fit, in the order of the language spoken."""
    return page(ws, "organisation", _where(ws, chosen), order=order_of(language()), limit=limit, offset=offset)


def counts(ws: Reading, chosen: Filter = Filter()) -> Counts:
    """Counts for the filtered set, in one pass."""
    where = _where(ws, chosen)
    by_region: Counter[str] = Counter()
    by_domain: Counter[str] = Counter()
    for region, domains, number in ws.rows(f"SELECT region, domains, count(*) FROM organisation{where.clause} GROUP BY region, domains", where.args):
        by_region[region or ""] += number
        for domain in json.loads(domains) if domains else ():
            by_domain[domain] += number
    return Counts(sum(by_region.values()), dict(by_region), dict(by_domain))


def choices_left(ws: Reading, chosen: Filter) -> Counts:
    """Counts for the choices of a filter: by region as if no region were chosen, by domain as if no domain were."""
    here = counts(ws, chosen)
    by_region = here if not chosen.region else counts(ws, Filter("", chosen.domain, chosen.text, chosen.type, chosen.public))
    by_domain = here if not chosen.domain else counts(ws, Filter(chosen.region, "", chosen.text, chosen.type, chosen.public))
    return Counts(here.total, by_region.by_region, by_domain.by_domain)


def projects_of(ws: Reading, organisation: str) -> list[Record]:
    """The projects that an organisation leads or is a partner of, the latest first."""
    own = ws.records("project", "organisation = ?", (organisation,), order="start DESC, sort_fr")
    elsewhere = "instr(partners, ?) > 0 AND organisation IS NOT ?"
    shared = ws.records("project", elsewhere, (f'"{organisation}"', organisation), order="start DESC, sort_fr")
    return own + shared


def contacts_of(ws: Reading, organisation: str) -> list[Record]:
    """The contacts of an organisation that this person may see."""
    return ws.records("contact", "organisation = ?", (organisation,), order=order_of(language()))


def places_of(ws: Reading, organisation: str) -> list[Record]:
    """The offices and spaces of an organisation."""
    return ws.records("place", "organisation = ?", (organisation,), order=order_of(language()))


def places_in(ws: Reading, region: str = "", type: str = "") -> list[Record]:
    """Places of a region and a type; all of them without either."""
    where = Where()
    where.equal("region", region)
    where.equal("type", type)
    return ws.records("place", str(where), where.args, order=order_of(language()))


def projects(ws: Reading, *, region: str = "", domain: str = "", status: str = "", text: str = "",
             limit: int | None = 50, offset: int = 0) -> Page:
    """Projects that fit, the latest first."""
    where = Where()
    where.equal("region", region)
    where.equal("status", status)
    where.holds("domains", domain)
    where.among(matching_ids(ws, text, "project") if text.strip() else None)
    return page(ws, "project", where, order="start DESC, sort_fr", limit=limit, offset=offset)


def localities(ws: Reading, region: str = "") -> list[str]:
    """Names of towns and villages to offer while typing: places first, then what organisations wrote."""
    speak = language()
    named = [place.text("name", speak) for place in places_in(ws, region, "locality")]
    where = Where()
    where.equal("region", region)
    where.say("locality IS NOT NULL")
    typed = [row[0] for row in ws.rows(f"SELECT DISTINCT locality FROM organisation{where.clause} ORDER BY locality", where.args)]
    return list(dict.fromkeys([*named, *typed]))


def _where(ws: Reading, chosen: Filter) -> Where:
    where = Where()
    where.equal("region", chosen.region)
    where.equal("type", chosen.type)
    where.holds("domains", chosen.domain)
    where.holds("publics", chosen.public)
    where.among(matching_ids(ws, chosen.text, "organisation") if chosen.text.strip() else None)
    return where
