"""What moved over the roads that are paid for, by month and by what it was; knows no road, no record and no name.

A person's own share stands in their file. The computer's total stands in the
public one, where nobody is named: who else moved something is not written there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sync.vault import Vault
    from sync.workspace import Workspace

RECORDS_UP, RECORDS_DOWN, FILES_UP, FILES_DOWN, COPIES = "records_up", "records_down", "files_up", "files_down", "copies"
WAYS = (RECORDS_UP, RECORDS_DOWN, FILES_UP, FILES_DOWN, COPIES)  # `copies` are whole copies of records that came as one file
SCHEMA = ("CREATE TABLE IF NOT EXISTS traffic (month TEXT NOT NULL, way TEXT NOT NULL, bytes BIGINT NOT NULL, PRIMARY KEY (month, way))",)
_LAST = 253_402_300_799_000  # milliseconds since 1970: beyond it no calendar has a name for a month


@dataclass(frozen=True, slots=True)
class Month:
    """Bytes of one month (`2026-11`) by way: this person's own, and the whole computer's with theirs in it."""

    month: str
    mine: Mapping[str, int]
    computer: Mapping[str, int]


def server_now(vault: Vault, now: int) -> int:
    """This moment by the server's clock, as far as the last exchange lets one know; milliseconds since 1970.

    It never goes back behind the moment that was heard last, whatever the clock here says.
    """
    there, here = vault.word("server_time"), vault.word("server_time_here")
    return int(there) + max(0, now - int(here)) if there and here else now


def month_of(moment: int) -> str:
    """The month of a moment (milliseconds since 1970) on this computer's calendar: `2026-11`."""
    when = dt.datetime.fromtimestamp(min(max(0, moment), _LAST) / 1000, dt.UTC)
    return (when if when.year in (1970, 9999) else when.astimezone()).strftime("%Y-%m")


def this_month(ws: Workspace) -> str:
    """The month that is paid for now."""
    return month_of(server_now(ws.vault, ws.clock()))


def add(ws: Workspace, moved: Mapping[str, int]) -> None:
    """Count bytes by way in this month, in one transaction of the caller's or its own."""
    month = this_month(ws)
    with ws.store.transaction():
        for database in ("main", "pub"):
            ws.store.many(f"INSERT INTO {database}.traffic (month, way, bytes) VALUES (?, ?, ?)"
                          " ON CONFLICT (month, way) DO UPDATE SET bytes = bytes + excluded.bytes",
                          [(month, way, count) for way, count in moved.items() if count])


def spent(ws: Workspace) -> int:
    """The bytes that this computer moved this month, whoever asked for them."""
    return int(ws.store.value("SELECT coalesce(sum(bytes), 0) FROM pub.traffic WHERE month = ?", (this_month(ws),)))


def months(ws: Workspace) -> list[Month]:
    """Every month in which something moved here, the newest first."""
    found: dict[str, tuple[dict[str, int], dict[str, int]]] = {}
    for at, database in enumerate(("main", "pub")):
        for month, way, count in ws.store.rows(f"SELECT month, way, bytes FROM {database}.traffic"):
            found.setdefault(month, ({}, {}))[at][way] = count
    return [Month(month, *found[month]) for month in sorted(found, reverse=True)]
