"""How old the copy is and where kinds of records are found, in words; knows no widget."""

from __future__ import annotations

import datetime as dt

from i18n import t, tn
from i18n.values import ago, moment

__all__ = ["FEATURE_OF", "ICON_OF", "OLD_DAYS", "copy_age", "copy_date", "counted", "is_old"]

OLD_DAYS = 7
FEATURE_OF = {
    "organisation": "directory", "project": "directory", "contact": "directory", "place": "directory", "item": "library", "collection": "library",
    "note": "notes",
}
ICON_OF = {
    "organisation": "organisation", "project": "project", "contact": "phone", "place": "place", "item": "file_book", "collection": "collection",
    "note": "note",
}


def copy_age(received: int | None, now: int) -> str:
    """`Copy from 18 days ago`; moments in milliseconds."""
    if received is None:
        return t("This PC has not received a copy of the network yet")
    if received > now + 60_000:  # one of the two clocks was wrong: the date itself, not an age
        return t("Copy of {date}", date=copy_date(received))
    if now - received < 60_000:
        return t("The copy is up to date")
    return t("Copy from {ago}", ago=ago(_when(received), _when(now)))


def copy_date(received: int) -> str:
    """The exact moment."""
    return moment(_when(received))


def is_old(received: int | None, now: int) -> bool:
    return received is not None and now - received > OLD_DAYS * 86_400_000


def counted(kind: str, n: int) -> str:
    """`12 new organisations`."""
    if kind == "organisation":
        return tn("{n} new organisation", "{n} new organisations", n)
    if kind == "project":
        return tn("{n} new project", "{n} new projects", n)
    if kind == "item":
        return tn("{n} new document", "{n} new documents", n)
    if kind == "collection":
        return tn("{n} new collection", "{n} new collections", n)
    if kind == "place":
        return tn("{n} new place", "{n} new places", n)
    return tn("{n} new contact", "{n} new contacts", n)


def _when(milliseconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(milliseconds / 1000)


