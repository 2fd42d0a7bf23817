"""Questions of the first page: what is new here, what somebody should confirm, how much there is; knows no page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from resources import KINDS
from resources.queries import Page, Reading, Where, page
from sync.record import Record
from sync.scopes import PUBLIC, fits

_SHOWN = ("organisation", "project", "place", "item", "collection")


@dataclass(frozen=True, slots=True)
class New:
    """Records of one kind that came since a moment: how many, and the latest of them."""

    kind: str
    total: int
    latest: list[Record]


def new_since(ws: Reading, number: int, scope: str = PUBLIC, latest: int = 5) -> list[New]:
    """What the ledger of a scope created after its number `number`, by kind, without kinds that have nothing new.

    The number is the authority's order, so a wrong clock changes nothing.
    """
    found = []
    for kind in KINDS:
        if fits(scope, KINDS[kind].scopes) and kind in (*_SHOWN, "contact"):
            where = Where()
            where.say("number > ? AND scope = ?", number, scope)
            got = page(ws, kind, where, order="number DESC", limit=latest, offset=0)
            if got.total:
                found.append(New(kind, got.total, got.records))
    return found


def to_confirm(ws: Reading, today: dt.date, months: int = 12, limit: int | None = 20) -> Page:
    """Organisations that nobody verified for so many months: the longest ago first, then those never verified."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    where = Where()
    where.say("(verified IS NULL OR verified < ?)", f"{year:04}-{month + 1:02}-{today.day:02}")
    return page(ws, "organisation", where, order="verified IS NULL, verified, sort_fr", limit=limit, offset=0)


def in_conflict(ws: Reading, limit: int = 20) -> list[Record]:
    """Records with a field where a person must choose, of any kind."""
    found: list[Record] = []
    for kind in KINDS:
        found += ws.records(kind, "conflicts > 0", limit=limit - len(found))
        if len(found) >= limit:
            break
    return found


def totals(ws: Reading) -> dict[str, int]:
    """How many records of each kind this person sees."""
    return {kind: ws.count(kind) for kind in _SHOWN}
