"""What one cell of a table says for a field: codes by their names too, sets with `;`, money as `2500000 DJF`; knows no file."""

from __future__ import annotations

import functools
import json
import re
from typing import Any

from i18n.fold import fold
from resources.formats.incoming import guess_language
from sync.fields import Code, Codes, Entries, Fixed, Shape, Words, clean
from sync.record import Field, Kind

_MONEY = re.compile(r"(-?[\d\s\u00a0\u202f.,]*\d)\s*([A-Za-z]{3})\Z")
_SLASHED_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\Z")


def parts_of_cell(kind: Kind, column: str, cell: str) -> dict[str, Any]:
    """The values by path that a cell gives (`{"domains#water": True, …}`); what cannot be understood stays text.

    A column `name` without a language takes the language of its script:
    Arabic letters are `ar`, all others `fr`.
    """
    known = kind.field_of(column)
    if known is not None:
        one = known[0]
        return {column: _single(one, cell)}
    one = kind.by_name[column]
    shape = one.shape
    whole = _structured(cell)
    if whole is not None:
        return {kind.path(column, key): value for key, value in _split(whole).items()}
    if isinstance(shape, (Codes, Words)):
        members = [clean(member) for member in cell.split(";") if clean(member)]
        return {kind.path(column, _code(shape, member)): True for member in members}
    if shape.separator == ".":
        language = "ar" if guess_language(cell) == "ar" else "fr"
        return {kind.path(column, language): clean(cell)}
    return {kind.path(column, cell[:64]): cell}  # a map cannot be plain text: its own rule says so


def knows(kind: Kind, column: str) -> bool:
    """Whether a column's name is a field of the kind, or a part of one."""
    return column in kind.by_name or kind.field_of(column) is not None


def _single(one: Field, cell: str) -> Any:
    shape = one.shape
    if isinstance(shape, (Codes, Words)):
        return {"": True, "true": True, "1": True, "x": True}.get(fold(cell), cell)
    if isinstance(shape, Code):
        return _code(shape, clean(cell))
    whole = _structured(cell)
    if whole is not None and shape.structured:
        return whole
    money = shape.entry if isinstance(shape, Entries) else shape
    if isinstance(money, Fixed) and "currency" in money.parts:
        return _money(cell) or cell
    slashed = _SLASHED_DATE.match(cell.strip())
    if slashed and one.name in ("start", "end", "founded", "verified", "consent_date"):
        day, month, year = slashed.groups()  # as people write in French
        return f"{year}-{month:0>2}-{day:0>2}"
    return shape.parse(cell)


def _money(cell: str) -> dict[str, str] | None:
    found = _MONEY.match(cell.strip())
    if not found:
        return None
    digits = re.sub(r"[\s\u00a0\u202f]", "", found[1])
    decimal_comma = digits.count(",") == 1 and "." not in digits and len(digits.rpartition(",")[2]) < 3
    digits = digits.replace(",", "." if decimal_comma else "")
    return {"amount": digits, "currency": found[2].upper()}


def _structured(cell: str) -> Any:
    """JSON when the cell begins like an object or a list, else None."""
    if not cell.startswith(("{", "[")):
        return None
    try:
        return json.loads(cell)
    except (json.JSONDecodeError, RecursionError):
        return None


def _split(whole: Any) -> dict[str, Any]:
    if isinstance(whole, dict):
        return {str(key): value for key, value in whole.items()}
    return {str(key): True for key in whole}


def _code(shape: Shape, text: str) -> str:
    """The code whose name in some language this is; the text itself when there is none."""
    if not isinstance(shape, (Code, Codes)) or text in shape.codes():
        return text
    return _codes_by_name(tuple(shape.codes().items())).get(fold(text), text)


@functools.lru_cache(maxsize=64)
def _codes_by_name(choices: tuple[tuple[str, Any], ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for code, name in choices:
        for speak in ("fr", "ar", "en", "so", "aa"):
            found.setdefault(fold(name.say(speak)), code)
    return found
