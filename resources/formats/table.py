"""Records from any CSV or XLSX whose columns are field names; knows no record that is there already."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from i18n import Text
from i18n.fold import fold
from resources import KINDS
from resources.formats.cells import knows, parts_of_cell
from resources.formats.incoming import Incoming, Read, Rejected
from resources.formats.spreadsheet import is_formula, is_workbook, read_rows, undo_escape
from sync.errors import Invalid
from sync.fields import clean
from sync.record import Kind

# What export writes beside the fields; read back without harm.
_LABELS = ("id", "kind", "scope", "conflicts", "pending")
# What tells two records of a kind apart when a row has no id.
_IDENTITY = {
    "organisation": ("name", "region"), "contact": ("organisation", "name", "role"), "project": ("organisation", "title", "start"),
    "place": ("type", "name", "region"), "item": ("title", "language"), "collection": ("title",), "person": ("name",),
}


def read(path: Path, kind: Kind | None = None) -> Read:
    """One record a row; without `kind`, a `kind` column says it, or the columns fit one.

    A row with an `id` replaces the fields it gives; empty cells change
    nothing. The key of a row without id is made of what tells records of its
    kind apart (a name and a region, for instance).
    """
    rows = read_rows(path)
    number, header = next(rows, (0, []))
    columns = [clean(undo_escape(cell)) for cell in header]
    kind = kind or kind_of(columns)
    if kind is None and "kind" not in columns:
        example = "name.fr, region, domains, phone"
        raise Invalid(Text("The columns of “{file}” are not fields. Name them for example {example}.", file=path.name, example=example))
    if kind is not None:
        unread = [column[:60] for column in columns if column and column not in _LABELS and not knows(kind, column)]
        if unread:
            said = Text("These columns are no fields of “{kind}” and were not read: {columns}.", kind=kind.name, columns=", ".join(unread))
            yield Rejected(path, number, said)
    seen: dict[str, int] = {}
    for number, cells in rows:
        got = _row(path, number, columns, cells, kind)
        if isinstance(got, Incoming):
            if got.record_id in seen:
                got = Rejected(path, number, Text("This row is about the same record as row {row}.", row=seen[got.record_id]))
            else:
                seen[got.record_id] = number
        yield got


def kind_of(columns: Sequence[str]) -> Kind | None:
    """The kind whose fields the columns name best, with its title among them; None when there is none."""
    best: tuple[int, Kind | None] = (0, None)
    for kind in KINDS.values():
        known = [column for column in columns if knows(kind, column)]
        titled = any(column == kind.title or column.startswith(f"{kind.title}.") for column in known)
        if (titled or "id" in columns) and len(known) > best[0]:
            best = (len(known), kind)
    return best[1]


def is_plainly_ours(columns: Sequence[str]) -> bool:
    """Whether a header can be no other table than ours: it names a kind, or a title in a language."""
    kind = kind_of(columns)
    return "kind" in columns or (kind is not None and any(column.startswith(f"{kind.title}.") for column in columns))


def _row(path: Path, number: int, columns: list[str], cells: list[str], kind: Kind | None) -> Incoming | Rejected:
    named: dict[str, str] = {}
    for column, cell in zip(columns, cells, strict=False):
        if not is_workbook(path) and is_formula(cell):
            return Rejected(path, number, Text("The cell “{column}” holds a formula. Put its result there.", column=column[:60]))
        text = undo_escape(cell)
        if column and text:
            named[column] = text
    if kind is None:
        name = named.get("kind", "")
        if name not in KINDS:
            return Rejected(path, number, Text("There is no kind of record called “{kind}”.", kind=name[:60]))
        kind = KINDS[name]
    parts: dict[str, Any] = {}
    for column, text in named.items():
        if column not in _LABELS and knows(kind, column):
            parts |= parts_of_cell(kind, column, text)
    for problem in (problem for path_, value in parts.items() for problem in kind.problems_of(path_, value)):
        return Rejected(path, number, Text("{field}: {problem}", field=problem.path[:60], problem=problem.message))
    values = kind.join(parts)
    if not values:
        return Rejected(path, number, Text("No cell of this row could be read as a field."))
    return Incoming(kind.name, f"table/{kind.name}/{_identity(kind, values)}", values, path, number, id=named.get("id"))


def _identity(kind: Kind, values: dict[str, Any]) -> str:
    said = []
    for name in _IDENTITY.get(kind.name, (kind.title,)):
        value = values.get(name)
        words = " ".join(value[key] for key in sorted(value)) if isinstance(value, dict) else str(value or "")
        said.append(fold(words))
    return "/".join(said)
