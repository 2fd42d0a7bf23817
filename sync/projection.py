"""Brings the tables of kinds to the fields that this program knows; values that an older one could not show come out of the state.

The tables are projections: what a row's columns cannot hold stands in its
state. So a new field, or a kind that was unknown, needs no script: the rows
are read with the columns they have and written with those they get.
"""

from __future__ import annotations

from i18n import Text
from sync import search_index
from sync.errors import Refused
from sync.record import Field, Kind
from sync.store import Store
from sync.tables import LEADING, Table, UnknownTable


def bring_up(store: Store, kinds: list[Kind], prefix: str = "", *, searchable: bool = False) -> None:
    """Create or renew the tables of kinds, in one transaction: a kill leaves them as they were.

    Raises Refused when a table has fields that this program does not know: a
    newer one has written here, and nothing of it may be dropped.
    """
    with store.transaction():
        for kind in kinds:
            table = Table(kind, prefix + kind.name)
            have = store.columns(table.name)
            if have - set(table.columns):
                raise Refused(Text("A newer version of Dalil has written in this folder. Update this program to open it."), "newer_folder")
            if have and have != set(table.columns):
                _renew(store, table, have, searchable=searchable)
            for statement in table.schema(searchable=searchable):
                store.execute(store.dialect(statement))
            if not searchable and not prefix:  # older programs made them everywhere
                for name in table.unneeded():
                    store.execute(f"DROP INDEX IF EXISTS {name}")
            if not prefix:
                _take_known(store, table, searchable=searchable)


def _renew(store: Store, table: Table, have: set[str], *, searchable: bool) -> None:
    """Give a table the columns it lacks."""
    before = Table(narrowed(table.kind, have), table.name)
    rows = store.rows(f"SELECT {before.select} FROM {table.name}")
    store.execute(f"DROP TABLE {table.name}")
    store.execute(store.dialect(next(table.schema())))
    scope, pending, hash = (LEADING.index(column) for column in ("scope", "pending", "hash"))
    again = [table.row(before.state(row), row[scope], pending=bool(row[pending]), hash=row[hash]) for row in rows]
    _write(store, table, again, searchable=searchable)


def _take_known(store: Store, table: Table, *, searchable: bool) -> None:
    """Move the records of a kind that was unknown until now to its table."""
    unknown = UnknownTable(table.kind)
    rows = store.rows(f"SELECT {unknown.select} FROM unknown WHERE kind = ?", (table.kind.name,))
    if rows:
        scope, hash = (unknown.columns.index(column) for column in ("scope", "hash"))
        _write(store, table, [table.row(unknown.state(row), row[scope], hash=row[hash]) for row in rows], searchable=searchable)
        store.execute("DELETE FROM unknown WHERE kind = ?", (table.kind.name,))


def _write(store: Store, table: Table, rows: list[tuple[object, ...]], *, searchable: bool) -> None:
    store.many(table.upsert, rows)
    if searchable:
        search_index.refresh(store, table, rows, table.name.removesuffix(table.kind.name))


def narrowed(kind: Kind, have: set[str]) -> Kind:
    """A kind with only the fields that a table has columns for."""
    fields: tuple[Field, ...] = tuple(one for one in kind.fields if one.name in have)
    return Kind(kind.name, kind.label, kind.plural, kind.scopes, fields, kind.title)
