"""Records as a CSV table that Excel opens and `table.read` takes back; knows no workspace."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from sync.fields import LANGUAGES, Codes, Fixed, Texts, Words
from sync.record import Field, Kind, Record

# What a spreadsheet would read as a formula, or as our own mark; +253 numbers begin so.
_LIVE = ("=", "+", "-", "@", "\t", "'")


def write(kind: Kind, records: Sequence[Record], out: BinaryIO) -> None:
    """Write a row a record, its id first.

    A text in several languages has a column a language that somebody used,
    a set has its elements with `;` between them, money is `2500000 DJF`, other
    structured fields are JSON. UTF-8 with a BOM and `;` between cells: without
    them Excel shows Arabic as garbage, and one column in French.
    """
    columns = list(_columns(kind, records))
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    rows = csv.writer(text, delimiter=";", lineterminator="\r\n")
    rows.writerow(["id", *(path for path, _, _ in columns)])
    for record in records:
        rows.writerow([record.id, *(_protected(_cell(field, record[field.name], key)) for _, field, key in columns)])
    text.detach()


def _columns(kind: Kind, records: Sequence[Record]) -> Iterator[tuple[str, Field, str]]:
    """(heading, field, language or empty) of each column; a language that nobody used has none."""
    for field in kind.fields:
        if isinstance(field.shape, Texts):
            used = {language for record in records for language in record[field.name] or ()}
            yield from ((f"{field.name}.{language}", field, language) for language in LANGUAGES if language in used)
        else:
            yield field.name, field, ""


def _cell(field: Field, value: Any, key: str) -> str:
    if key:
        value = (value or {}).get(key)
    if value is None:
        return ""
    shape = field.shape
    if isinstance(shape, Codes | Words) and not any(";" in one for one in value):
        return ";".join(value)
    if isinstance(shape, Fixed) and set(shape.parts) == {"amount", "currency"}:
        return f"{value['amount']} {value['currency']}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _protected(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_LIVE) else cell
