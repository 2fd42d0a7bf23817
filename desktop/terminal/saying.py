"""Values of records as people read them in a terminal; knows no command."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import InvalidOperation
from typing import Any

from i18n import Text, language, t
from i18n.bidi import Piece, isolated
from i18n.values import ago, date, listing, money, phone, size, time
from sync.fields import Code, Codes, Entries, Fixed, Shape, Switch, Texts, Words
from sync.merge import LIFE
from sync.record import Field, Kind, Record

NOTHING = "–"


def said(field: Field, value: Any) -> str:
    """A whole value of a field."""
    shape = field.shape
    if value in (None, "", [], {}):
        return NOTHING
    if isinstance(shape, Texts):
        return "  ".join(f"{key} {isolated(str(one), language())}" for key, one in value.items())
    if isinstance(shape, Codes | Words):
        return str(listing([_code(shape, one) for one in value]))
    if isinstance(shape, Entries):
        return "; ".join(f"{isolated(key, language())}: {_single(field.name, shape.entry, one)}" for key, one in value.items())
    return _single(field.name, shape, value)


def said_part(kind: Kind, path: str, value: Any) -> str:
    """A value by path: one language, one element, one entry, or the whole of an undivided field."""
    if path == LIFE:
        return {"deleted": t("deleted"), "kept": t("kept")}.get(str(value), str(value))
    known = kind.field_of(path)
    if value is None or known is None:
        return NOTHING if value is None else isolated(_plain(value), language())
    field, _key = known
    if isinstance(field.shape, Codes | Words):
        return t("in the set") if value else t("not in the set")
    return _single(field.name, field.shape.entry if isinstance(field.shape, Entries) else field.shape, value)


def label_of(kind: Kind, path: str) -> str:
    """What a person calls a part: `Name (fr)`."""
    if path == LIFE:
        return t("Deletion")
    known = kind.field_of(path)
    if known is None:
        return path
    field, key = known
    if isinstance(field.shape, Codes):
        key = str(_code(field.shape, key))
    return f"{field.label} ({isolated(key, language())})" if key else str(field.label)


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


def _single(name: str, shape: Shape, value: Any) -> str:
    if isinstance(value, str) and name == "phone":
        return phone(value)
    if isinstance(shape, Code):
        return str(_code(shape, value))
    if isinstance(shape, Switch):
        return t("yes") if value else t("no")
    if isinstance(shape, Fixed) and isinstance(value, dict):
        return _fixed(shape, value)
    return isolated(_plain(value), language())


def _fixed(shape: Fixed, value: dict[str, Any]) -> str:
    if "currency" in shape.parts:
        try:
            return money(str(value.get("amount")), str(value.get("currency")))
        except InvalidOperation:
            return isolated(_plain(value), language())
    if "sha256" in shape.parts:
        return f"{isolated(str(value.get('name') or ''), language())} ({size(int(value.get('size') or 0))})"
    return ", ".join(isolated(_plain(one), language()) for one in value.values() if one not in (None, ""))


def _code(shape: Shape, code: Any) -> Text | str:
    if isinstance(shape, Code | Codes):
        return shape.codes().get(str(code)) or str(code)
    return str(code)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


__all__ = ["NOTHING", "label_of", "moment", "said", "said_part", "title_of"]
