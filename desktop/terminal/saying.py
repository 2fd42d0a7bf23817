"""Values of records as people read them in a terminal; knows no command."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from i18n import language, t
from i18n.bidi import Piece, isolated
from i18n.values import ago, date, time
from resources.wording import worded
from sync.fields import Entries, Texts
from sync.record import Kind, Record

NOTHING = "–"


def said(kind: Kind, name: str, value: Any) -> str:
    """A whole value of a field in one line: every language of a text, ids of other records."""
    if value in (None, "", [], {}):
        return NOTHING
    shape = kind.by_name[name].shape
    if isinstance(shape, Texts):
        return "  ".join(f"{key} {isolated(str(one), language())}" for key, one in value.items())
    words = worded(kind, name, value, names=_ids(value))
    return "; ".join(words.split("\n")) if isinstance(shape, Entries) else words


def said_part(kind: Kind, path: str, value: Any) -> str:
    """A value by path: one language, one element, one entry, or the whole of an undivided field."""
    known = kind.field_of(path)
    return worded(kind, path, value, names=_ids(value) | _ids(known[1] if known else "")) or NOTHING


def title_of(record: Record) -> str:
    """What a record is called, or that it has no name."""
    return record.title or t("(without a name)")


def moment(milliseconds: int | None, now: int) -> str:
    """How long ago, and the day and hour in figures: `3 days ago, 20/11/2026 14:05`."""
    if milliseconds is None:
        return t("never")
    try:
        when = datetime.fromtimestamp(milliseconds / 1000, UTC).astimezone()
        present = datetime.fromtimestamp(now / 1000, UTC).astimezone()
    except (OverflowError, ValueError, OSError):
        return NOTHING
    return t("{ago} ({day} {hour})", ago=Piece(ago(when, present)), day=Piece(date(when.date(), "short")), hour=Piece(time(when)))


def _ids(value: Any) -> dict[str, str]:
    """Who types commands names records by their ids, so these stand for the titles."""
    return {str(one): str(one) for one in (value if isinstance(value, list) else [value])}


__all__ = ["NOTHING", "moment", "said", "said_part", "title_of"]
