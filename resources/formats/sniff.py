"""Which format a file or a folder is, told by looking at it; knows no record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from resources.formats import hsds, iati, stories, table, whosonfirst
from resources.formats.incoming import Read, read_json
from resources.formats.spreadsheet import read_rows
from sync.errors import Damaged
from sync.fields import clean

# A place, a service or a term of HSDS has none of these.
_ORGANISATION_KEYS = {"tax_status", "legal_status", "year_incorporated", "organization_identifiers", "website"}

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
    outlines beside them. Within a folder, only tables that are plainly ours
    are taken: any list has a column `name`.
    """
    if path.is_file():
        name = format_of(path)
        if name is not None:
            yield path, name
        return
    yield from _within(path)


def _within(path: Path) -> Iterator[tuple[Path, str]]:
    if any(path.glob("*.geojson")):
        yield path, "whosonfirst"
    for inner in sorted(path.iterdir()):
        if inner.name.startswith(".") or inner.is_symlink() or inner.suffix.lower() == ".geojson":
            continue
        if inner.is_dir():
            yield from _within(inner)
            continue
        try:
            name = _look(inner)
            if name is not None and (name != "table" or table.is_plainly_ours(_header(inner))):
                yield inner, name
        except Damaged:
            yield inner, _by_ending(inner)


def format_of(path: Path) -> str | None:
    """`whosonfirst`, `iati`, `hsds`, `stories`, `table`, or None when it is none of these."""
    try:
        return _look(path)
    except Damaged:
        return _by_ending(path)


def _by_ending(path: Path) -> str:
    """The reader that will say where a damaged file breaks."""
    return "stories" if path.suffix.lower() == ".json" else "table"


def _look(path: Path) -> str | None:
    ending = path.suffix.lower()
    if ending == ".geojson":
        return "whosonfirst"
    if ending == ".json":
        return _of_json(read_json(path))
    if ending in (".csv", ".xlsx", ".xlsm", ".tsv"):
        return _of_table(_header(path))
    return None


def _header(path: Path) -> list[str]:
    """The first row of a table, clean; empty for one that breaks."""
    return [clean(cell) for cell in next(read_rows(path), (0, []))[1]]


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
    named = {"id", "name"} <= first.keys() and isinstance(first["name"], str) and "organization_id" not in first
    return "hsds" if named and _ORGANISATION_KEYS & first.keys() else None
