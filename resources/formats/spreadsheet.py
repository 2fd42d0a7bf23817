"""Rows of cells as text from CSV and XLSX, whoever made them; knows no field and no record."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from i18n import Text
from resources.formats.incoming import read_bytes
from sync.errors import Damaged

_LARGEST_UNPACKED = 512 * 1024 * 1024
_XLSX = (".xlsx", ".xlsm")
_AS_TEXT_FORMULA = re.compile(r'="(.*)"\Z', re.S)


def is_workbook(path: Path) -> bool:
    """Whether the name says XLSX."""
    return path.suffix.lower() in _XLSX


def read_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(row number from 1, its cells as text) without empty rows; raises Damaged when it is no table."""
    rows = _workbook(path) if is_workbook(path) else _csv(path)
    yield from ((number, cells) for number, cells in rows if any(cells))


def undo_escape(cell: str) -> str:
    """The cell before somebody protected it from being read as a formula: `'+253…`, `="+253…"`."""
    cell = cell.strip("\t ")
    if len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@\t'":
        return cell[1:]
    wrapped = _AS_TEXT_FORMULA.match(cell)
    return wrapped[1].replace('""', '"') if wrapped else cell


def is_formula(cell: str) -> bool:
    """Whether an unescaped CSV cell is a live formula; `+253` and `-5` are no formulas."""
    return cell.startswith("=") and not _AS_TEXT_FORMULA.match(cell)


def _csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    text = decode(read_bytes(path), path)
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        yield from enumerate(reader, 1)
    except csv.Error as error:
        raise Damaged(Text("“{file}” cannot be read as a table after row {row}. Save it again as CSV (UTF-8).",
                           file=path.name, row=reader.line_num)) from error


def decode(content: bytes, path: Path) -> str:
    """Text of a CSV: with or without BOM, UTF-8, else what Excel writes on a French Windows."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    if b"\0" in content[:4096]:
        raise Damaged(Text("“{file}” is not readable text.", file=path.name))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _workbook(path: Path) -> Iterator[tuple[int, list[str]]]:
    import openpyxl  # a quarter of a second: only when a workbook is really read

    content = read_bytes(path)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _LARGEST_UNPACKED:
                raise Damaged(Text("“{file}” unpacks to more than is reasonable.", file=path.name))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles that are missing change no value
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
                yield number, [_as_text(cell) for cell in cells]
    except (zipfile.BadZipFile, KeyError, IndexError, ValueError, OSError, SyntaxError) as error:
        raise Damaged(Text("“{file}” is not a workbook that can be opened. Save it again as XLSX or CSV.",
                           file=path.name)) from error


def _as_text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell).strip()
