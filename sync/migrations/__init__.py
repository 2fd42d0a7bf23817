"""Brings a database of an older program to the engine's tables of today, step by numbered step; knows no kind and no screen.

Every database (`public.db`, a person's file, the server's) carries its number
in the table `schema_number`; one without that table is the first, number 1.
A step and its number are one transaction: a kill leaves it undone or done.
A database that has just been made gets the tables of today at once.

**To add a step**: write the table or column into the schema (`tables.LEDGER`,
`vault.SCHEMA`), write a module `s<number>_<what>.py` here with
`step(store, database)`, and add one line to `STEPS`. A step is SQL written for
SQLite, run through `store.create` (which says it in PostgreSQL's words), or
Python over the Store. It never imports a table from elsewhere: what it says
must stay true when the schema has gone on. `tests/sync/test_migrations.py`
fails until steps and schema lead to the same tables.

Alembic would do this too, but imports SQLAlchemy: half a second for each
command. The tables of kinds need no step: they are projections, and
`projection.bring_up` gives them their columns.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from i18n import Text
from sync.errors import Refused
from sync.migrations import (
    copies,
    s0002_erased_entries,
    s0003_forgotten,
    s0004_snapshots,
    s0005_indexes,
    s0006_moved,
    s0007_healing,
    s0008_segments,
    s0009_provenance,
    s0010_provenance_by_column,
    s0011_gaps_by_branch,
    s0012_roads,
    s0013_postbox,
    s0014_traffic,
    s0015_letters,
)
from sync.projection import bring_up
from sync.record import Kind
from sync.store import SqliteStore, Store
from sync.tables import table_of

Database = Literal["public", "person", "server"]
Step = Callable[[Store, str], None]

STEPS: Mapping[int, Step] = {
    2: s0002_erased_entries.step,
    3: s0003_forgotten.step,
    4: s0004_snapshots.step,
    5: s0005_indexes.step,
    6: s0006_moved.step,
    7: s0007_healing.step,
    8: s0008_segments.step,
    9: s0009_provenance.step,
    10: s0010_provenance_by_column.step,
    11: s0011_gaps_by_branch.step,
    12: s0012_roads.step,
    13: s0013_postbox.step,
    14: s0014_traffic.step,
    15: s0015_letters.step,
}
NUMBER = "CREATE TABLE schema_number (number BIGINT NOT NULL)"


@dataclass(frozen=True, slots=True)
class Shape:
    """What a database of today holds: the engine's own tables, and those of kinds by the prefix of their names."""

    database: Database
    statements: tuple[str, ...]
    kinds: Mapping[str, list[Kind]]
    searchable: bool = False


def prepare(store: Store, shape: Shape, steps: Mapping[int, Step] = STEPS) -> None:
    """Give a database everything that this program needs; one look when it has it.

    Raises Refused `newer_folder`, with nothing touched, when a newer program
    has written there, and Full when there is no room for the copy that is made
    of a SQLite file before it is changed.
    """
    fingerprint = _fingerprint(shape, steps)
    if isinstance(store, SqliteStore) and store.value("PRAGMA user_version") == fingerprint:
        copies.sweep(store)
        return
    newest = max(steps)
    found = number_of(store)
    if found > newest:
        raise newer()
    if found == 0:
        _make(store, shape, newest, fingerprint)
        return
    copy = copies.keep(store)
    try:
        for number in sorted(steps):
            _take(store, shape.database, number, steps[number])
        if found < newest:
            copies.stay(store, copy, newest)
        _finish(store, shape, fingerprint)
    except Refused:
        copies.drop(copy)  # nothing was changed by this program
        raise
    copies.sweep(store)


def number_of(store: Store) -> int:
    """The number of a database: 0 for an empty one, 1 for one made before there were numbers."""
    if store.columns("schema_number"):
        return int(store.value("SELECT number FROM schema_number"))
    return 1 if store.columns("ledger") else 0


def newer() -> Refused:
    """The refusal of what a newer program wrote."""
    return Refused(Text("A newer version of Dalil has written in this folder. Update this program to open it."), "newer_folder")


def _take(store: Store, database: Database, number: int, step: Step) -> None:
    with store.transaction():
        found = number_of(store)  # again, inside: another program may have taken it meanwhile
        if found >= number:
            return
        step(store, database)
        if found == 1 and not store.columns("schema_number"):
            store.execute(NUMBER)
            store.execute("INSERT INTO schema_number (number) VALUES (?)", (number,))
        else:
            store.execute("UPDATE schema_number SET number = ?", (number,))


def _make(store: Store, shape: Shape, newest: int, fingerprint: int) -> None:
    with store.transaction():
        if number_of(store) == 0:
            store.create(shape.statements)
            store.execute(NUMBER)
            store.execute("INSERT INTO schema_number (number) VALUES (?)", (newest,))
        _finish(store, shape, fingerprint)


def _finish(store: Store, shape: Shape, fingerprint: int) -> None:
    """The tables of kinds, and the mark that lets the next opening see at once that all is there."""
    with store.transaction():
        for prefix, kinds in shape.kinds.items():
            bring_up(store, kinds, prefix, searchable=shape.searchable)
        if isinstance(store, SqliteStore):
            store.execute(f"PRAGMA user_version = {fingerprint}")


def _fingerprint(shape: Shape, steps: Mapping[int, Step]) -> int:
    words = [str(max(steps)), *shape.statements]
    words += [sql for kinds in shape.kinds.values() for kind in kinds for sql in table_of(kind).schema(searchable=shape.searchable)]
    return zlib.crc32("".join(words).encode()) & 0x7FFFFFFF
