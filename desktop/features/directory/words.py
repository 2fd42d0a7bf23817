"""Values, fields and moments of directory records as a reader sees them; knows no widget."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from desktop.kit.lists import Mark, Row
from i18n import direction, language, t, tn
from i18n.bidi import isolated
from i18n.values import ago, date, listing, moment
from resources import codes
from resources.wording import worded
from sync import fields as shapes
from sync.history import Event
from sync.record import Record

__all__ = [
    "RECENT_MONTHS",
    "age",
    "joined",
    "moment_of",
    "other_name",
    "row_of",
    "said",
    "since",
    "span",
    "today_of",
    "verified_mark",
    "verified_sentence",
    "who",
]

RECENT_MONTHS = 12


def today_of(milliseconds: int) -> datetime.date:
    """The day of a moment in milliseconds since 1970, on this computer's calendar."""
    return datetime.datetime.fromtimestamp(milliseconds / 1000).date()


def since(today: datetime.date) -> str:
    """The ISO date from which a verification counts as recent."""
    year, month = divmod(today.year * 12 + today.month - 1 - RECENT_MONTHS, 12)
    return f"{year:04}-{month + 1:02}-{min(today.day, 28):02}"


def other_name(record: Record, field: str = "") -> str:
    """The name in the script that the reader's language is not written in, or ""."""
    texts = record[field or record.kind.title]
    if not isinstance(texts, Mapping):
        return ""
    wanted = ("fr", "en", "so", "aa") if language() == "ar" else ("ar",)
    found = next((texts[code] for code in wanted if texts.get(code)), "")
    return found if found != record.title else ""


def age(iso: str, today: datetime.date) -> str:
    """How long ago a whole or partial date is; the date itself when it lies ahead (a wrong clock)."""
    whole = _whole(iso)
    return date(iso) if whole is None or whole > today else ago(whole, today)


def verified_mark(record: Record, today: datetime.date) -> Mark:
    """The verification of an organisation in a word, with its age."""
    day = record["verified"]
    if not day:
        return Mark(t("Never verified"), "muted", "unverified")
    if day < since(today):
        return Mark(t("Verified {ago}", ago=age(day, today)), "attention", "clock")
    return Mark(t("Verified {ago}", ago=age(day, today)), "good", "verified")


def verified_sentence(record: Record, today: datetime.date) -> str:
    """`Verified (document seen) on 3 March 2026`, `Not verified since 2019`, `Never verified`."""
    day = record["verified"]
    if not day:
        return t("Never verified")
    if day < since(today):
        return t("Not verified since {date}", date=date(day))
    how = codes.VERIFIED_HOW.get(record["verified_how"] or "")
    return t("Verified on {date} · {how}", date=date(day), how=how) if how else t("Verified on {date}", date=date(day))


def row_of(record: Record, today: datetime.date) -> Row:
    """The two lines of an organisation in the list."""
    parts = [str(codes.REGIONS[record["region"]])] if record["region"] in codes.REGIONS else []
    domains = [codes.DOMAINS[code] for code in record["domains"] or () if code in codes.DOMAINS]
    if domains:
        few = len(domains) < 3
        parts.append(str(listing(domains)) if few else t("{first}, {second} and {n} more", first=domains[0], second=domains[1], n=len(domains) - 2))
    elif record["type"] in codes.ORGANISATION_TYPES:
        parts.append(str(codes.ORGANISATION_TYPES[record["type"]]))
    if not parts:
        parts.append(t("No region recorded"))
    if record.pending:
        parts.insert(0, t("Waits for the server"))
    mark = verified_mark(record, today)
    if record.conflicts:
        mark = Mark(tn("{n} field to settle", "{n} fields to settle", record.conflicts), "attention", "settle")
    return Row(record.id, record.title, other_name(record) or record["acronym"] or "", joined(*parts), mark)


def joined(*parts: str) -> str:
    """Parts with a dot between them, each in its own direction and all in that of the page."""
    line = " · ".join(isolated(part, language()) for part in parts if part)
    return f"\u200f{line}" if line and direction() == "rtl" else line


def said(record: Record, name: str, names: Mapping[str, str] | None = None) -> str:
    """The value of a field in plain words, of texts the nearest; "" when there is none. `names` are titles of records by id."""
    if isinstance(record.kind.by_name[name].shape, shapes.Texts):
        return _nearest(record[name] or {})
    return worded(record.kind, name, record[name], names=names)


def who(event: Event) -> str:
    """Who wrote it, as far as it is known here."""
    if event.author.mine:
        return t("You")
    return event.author.name or t("A member of the network")


def moment_of(milliseconds: int) -> str:
    """A wall-clock moment in words; it is a label, and said to be doubtful when it cannot be right."""
    try:
        when = datetime.datetime.fromtimestamp(milliseconds / 1000)
    except (OverflowError, OSError, ValueError):
        return t("at a doubtful date")
    return moment(when) if when.year >= 2020 else t("{date} (doubtful date)", date=moment(when))


def span(start: str | None, end: str | None) -> str:
    """When a project runs: `2017`, `2017 – 2019`, `from 2017`, `until 2019`."""
    if start and end:
        return _date(start) if start == end else f"{_date(start)} – {_date(end)}"
    if start:
        return t("from {date}", date=_date(start))
    return t("until {date}", date=_date(end)) if end else ""


def _date(value: str) -> str:
    """A date in words; what is none (a damaged import) stays as it is."""
    try:
        return date(value)
    except ValueError:
        return value


def _whole(iso: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat({4: f"{iso}-01-01", 7: f"{iso}-01"}.get(len(iso), iso))
    except ValueError:
        return None


def _nearest(texts: Any) -> str:
    order = dict.fromkeys((language(), "fr", "en", "ar", "so", "aa"))
    return next((texts[code] for code in order if texts.get(code)), "")
