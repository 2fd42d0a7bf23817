"""Which format a file or a folder is, told by looking at it; knows no record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from resources.formats import hsds, iati, stories, table, whosonfirst
from resources.formats.incoming import LARGEST_FILE, Read, read_json
from resources.formats.spreadsheet import read_rows
from sync.errors import Damaged
from sync.fields import clean

READERS: dict[str, Callable[[Path], Read]] = {
    "whosonfirst": whosonfirst.read,
    "iati": iati.read,
    "hsds": hsds.read,
    "stories": stories.read,
    "table": table.read,
}


def found_in(path: Path) -> Iterator[tuple[Path, str]]:
    """What can be imported at a path: (file or folder, format); a folder is walked, in order of names.

    A folder with GeoJSON counts as one, because localities are placed by the
    outlines beside them.
    """
    if path.is_file():
        name = format_of(path)
        if name is not None:
            yield path, name
        return
    if any(path.glob("*.geojson")):
        yield path, "whosonfirst"
    for inner in sorted(path.iterdir()):
        if inner.name.startswith(".") or inner.is_symlink() or inner.suffix.lower() == ".geojson":
            continue
        yield from found_in(inner)


def format_of(path: Path) -> str | None:
    """`whosonfirst`, `iati`, `hsds`, `stories`, `table`, or None when it is none of these."""
    ending = path.suffix.lower()
    if ending == ".geojson":
        return "whosonfirst"
    try:
        if ending == ".json":
            return _of_json(read_json(path)) if path.stat().st_size <= LARGEST_FILE else None
        if ending in (".csv", ".xlsx", ".xlsm", ".tsv"):
            return _of_table([clean(cell) for cell in next(read_rows(path), (0, []))[1]])
    except Damaged:
        # it breaks: whoever asked for this very file hears why from its reader
        return "table" if ending in (".csv", ".xlsx", ".xlsm", ".tsv") else None
    return None


def _of_table(header: list[str]) -> str | None:
    if "IATI Identifier" in header and "Value (USD)" in header:
        return "iati"
    if {"id", "name", "description"} <= set(header) and {"alternate_name", "year_incorporated", "legal_status"} & set(header):
        return "hsds"
    return "table" if "kind" in header or table.kind_of(header) is not None else None


def _of_json(document: Any) -> str | None:
    first = document[0] if isinstance(document, list) and document else document
    if not isinstance(first, dict):
        return None
    if {"story", "lang", "pages"} <= first.keys():
        return "stories"
    if isinstance(first.get("properties"), dict) and "wof:id" in first["properties"]:
        return "whosonfirst"
    if isinstance(first.get("organizations.csv"), list):
        return "hsds"
    inner = first.get("contents")
    if isinstance(inner, list) and inner and isinstance(inner[0], dict):
        first = inner[0]
    if isinstance(first.get("organization"), dict):
        first = first["organization"]
    organisation = {"id", "name", "description"} <= first.keys() and bool({"tax_status", "legal_status", "year_incorporated", "organization_identifiers", "website"} & first.keys())
    return "hsds" if organisation and isinstance(first["name"], str) and "organization_id" not in first else None
