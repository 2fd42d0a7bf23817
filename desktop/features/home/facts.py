"""Everything Home shows, read in one go on the data lane; knows no widget."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from i18n import language
from resources import home
from resources.home import New
from resources.remembered import recall, remember
from resources.rights import refusal
from resources.starter import seeding, shelf
from resources.unfinished import Draft, drafts
from sync.conflicts import Conflict
from sync.outbox import Item
from sync.reading import Status
from sync.record import Record
from sync.scopes import PUBLIC

__all__ = ["SEEN", "Facts", "read"]

SEEN = "home seen"  # number of the public ledger up to which the last visit saw what is new
_CONFIRM_MONTHS = 12


@dataclass(frozen=True)
class Facts:
    """`since`: number of the ledger at the last visit, or None at the first; `missing`: known associations that could be added.

    `conflicts` and `refused` are the first few; the counts are in `status`. `to_confirm`: how many, and the first of them.
    """

    status: Status
    totals: dict[str, int]
    now: int
    guest: bool
    writes: bool
    since: int | None
    new: list[New] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    refused: list[Item] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    confirm_total: int = 0
    to_confirm: list[Record] = field(default_factory=list)
    missing: int = 0
    guides: list[Record] = field(default_factory=list)

    @property
    def is_first_start(self) -> bool:
        """Nothing here yet but what comes with Dalil."""
        return not self.status.server and not self.totals["organisation"] and not self.totals["project"]


def read(ws: Any, since: int | None, *, known: bool) -> Facts:
    """Read it all. `since` is where this visit began counting when that is `known`, else it is what the last visit kept."""
    status = ws.status()
    head = ws.heads().get(PUBLIC)
    number = head.number if head is not None else 0
    if not known:
        kept = recall(ws, SEEN)
        since = int(kept) if kept.isdecimal() else None
    if number:
        remember(ws, SEEN, str(number))
    totals = home.totals(ws)
    totals["item"] += len(shelf.entries(ws))
    writes = refusal(ws, "organisation", "create") is None
    today = dt.datetime.fromtimestamp(ws.clock() / 1000).date()
    confirm = home.to_confirm(ws, today, _CONFIRM_MONTHS, 1) if writes and totals["organisation"] else None
    return Facts(
        status, totals, ws.clock() // 60_000 * 60_000, ws.guest, writes, since,
        new=home.new_since(ws, since) if since is not None and since < number else [],
        conflicts=ws.conflicts()[:3] if status.conflicts else [],
        refused=[one for one in ws.outbox() if one.state == "refused"][:3] if status.refused else [],
        drafts=[] if ws.guest else drafts(ws, 3),
        confirm_total=confirm.total if confirm else 0,
        to_confirm=confirm.records if confirm else [],
        guides=[one for one in shelf.entries(ws) if one["language"] == ("ar" if language() == "ar" else "fr")][:4],
        missing=seeding.missing(ws) if writes and not totals["organisation"] else 0,
    )
