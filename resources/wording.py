"""One part's value of any kind as a reader sees it, and what the part is called; knows no screen and no record's past.

Pages, cards and lists say values through this room, so that a phone number or
a code reads the same wherever it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import InvalidOperation
from typing import Any

from i18n import Text, speaking, t
from i18n import language as language_now
from i18n.bidi import Piece, isolated, left_to_right
from i18n.values import date, listing, money, number, phone, size
from resources.codes import LANGUAGES
from sync import fields as shapes
from sync.merge import LIFE
from sync.record import Kind

WEEKDAYS = {
    "mon": Text("Monday"), "tue": Text("Tuesday"), "wed": Text("Wednesday"), "thu": Text("Thursday"),
    "fri": Text("Friday"), "sat": Text("Saturday"), "sun": Text("Sunday"),
}
LIVES = {"deleted": Text("deleted"), "kept": Text("kept")}
_PHONE, _DATE, _HOURS = shapes.phone(), shapes.date(), shapes.hours()
_LATIN = (shapes.email(), shapes.url(), shapes.decimal())


def label_of(kind: Kind, path: str, language: str | None = None) -> str:
    """What a part is called: `Phone`, `Name (French)`, `Domains`, `Opening hours: Monday`; the path itself if unknown."""
    code = language or language_now()
    with speaking(code):
        known = kind.field_of(path)
        if known is None:
            whole = kind.by_name.get(path)
            return str(kind.label) if path == LIFE else str(whole.label) if whole else isolated(path, code)
        field, key = known
        if isinstance(field.shape, shapes.Texts):
            return t("{field} ({language})", field=field.label, language=LANGUAGES.get(key, key))
        if field.shape == _HOURS and key in WEEKDAYS:
            return t("{field}: {day}", field=field.label, day=WEEKDAYS[key])
        return str(field.label)


def worded(kind: Kind, path: str, value: Any, language: str | None = None, names: Mapping[str, str] | None = None) -> str:
    """The value of a part (`name.fr`, `phone`, `domains#water`) or of a whole field (`domains`) in plain words.

    Empty text for no value. `names` are titles of the records that may be pointed to, by id.
    Pieces that run against the language (phones, addresses, Latin names in Arabic) stand in isolates.
    """
    code = language or language_now()
    with speaking(code):
        return _worded(kind, path, value, code, names or {})


def _worded(kind: Kind, path: str, value: Any, code: str, names: Mapping[str, str]) -> str:
    if value is None or value in ("", [], {}):
        return ""
    if path == LIFE:
        return LIVES[value].say(code) if value in LIVES else str(value)
    known = kind.field_of(path)
    if known is None:
        field = kind.by_name.get(path)
        return isolated(str(value), code) if field is None else _whole(field.shape, value, code, names)
    field, key = known
    shape = field.shape
    if isinstance(shape, shapes.Codes | shapes.Words):
        return _element(shape, key, code, names) if value else ""
    return _single(shape.entry if isinstance(shape, shapes.Entries) else shape, value, code, names)


def _whole(shape: shapes.Shape, value: Any, code: str, names: Mapping[str, str]) -> str:
    if isinstance(shape, shapes.Codes | shapes.Words):
        return listing([_element(shape, one, code, names) for one in value], language=code)
    if isinstance(shape, shapes.Texts):
        return "\n".join(str(one) for one in value.values() if one)
    if shape == _HOURS:
        lines = [(WEEKDAYS[day], value[day]) for day in WEEKDAYS if value.get(day)]
    elif isinstance(shape, shapes.Entries):
        lines = [(key, _single(shape.entry, one, code, names)) for key, one in value.items() if one is not None]
        if isinstance(shape.entry, shapes.Fixed):
            return "\n".join(said for _, said in lines)
    else:
        return _single(shape, value, code, names)
    return "\n".join(t("{name}: {value}", name=name, value=Piece(said)) for name, said in lines)


def _element(shape: shapes.Codes | shapes.Words, key: str, code: str, names: Mapping[str, str]) -> str:
    if isinstance(shape, shapes.Codes):
        return str(shape.codes().get(key, isolated(key, code)))
    return isolated(names.get(key, t("a record that is not on this computer")) if shape.target else key, code)


def _single(shape: shapes.Shape, value: Any, code: str, names: Mapping[str, str]) -> str:
    if isinstance(shape, shapes.Code):
        return str(shape.codes().get(value, isolated(str(value), code)))
    if isinstance(shape, shapes.Reference):
        return isolated(names.get(value, t("a record that is not on this computer")), code)
    if isinstance(shape, shapes.Switch):
        return t("yes") if value else t("no")
    if isinstance(value, Mapping):
        return _object(value, code)
    if isinstance(shape, shapes.Number) and isinstance(value, int):
        return number(value, language=code)
    text = str(value)
    if shape == _PHONE:
        return phone(text)
    if shape == _DATE:
        return _date(text, code)
    return left_to_right(text) if shape in _LATIN else isolated(text, code)


def _object(value: Mapping[str, Any], code: str) -> str:
    """Money, a file, or a fact with its date and source."""
    if "currency" in value:
        try:
            return money(value.get("amount") or "", value["currency"], language=code)
        except InvalidOperation:
            return left_to_right(f"{value.get('amount')} {value['currency']}")
    if "sha256" in value:
        named = isolated(str(value.get("name") or t("A file")), code)
        return f"{named} · {size(int(value.get('size') or 0), language=code)}"
    said = t("{name}: {value}", name=value.get("name") or "", value=value.get("value") or "")
    beside = [_date(str(value["date"]), code)] if value.get("date") else []
    beside += [isolated(str(value["source"]), code)] if value.get("source") else []
    return " · ".join((said, *beside))


def _date(text: str, code: str) -> str:
    """A date in words; what is none (a damaged import) stays as it was typed."""
    try:
        return date(text, language=code)
    except ValueError:
        return text
