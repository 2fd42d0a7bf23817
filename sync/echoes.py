"""What a person created comes back accepted: its row is taken over as it stands here, not made again; knows no wire."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sync import search_index
from sync.entries import Row
from sync.overlay import PREFIX
from sync.record import Kinds
from sync.scopes import schema_of
from sync.store import Store
from sync.tables import LEADING, Table, table_of
from sync.vault import HEARD, WAITING

Words = Callable[[Store, Table, list[tuple[Any, ...]]], None]
_IN_RUN = " FROM main.pending p WHERE p.log = ? AND p.n BETWEEN ? AND ? AND p.state = ?"


@dataclass(frozen=True, slots=True)
class Run:
    """Changes of one log that came back accepted, numbered as they follow each other: number n of the log is number n + `ahead` of the ledger."""

    log: bytes
    first: int
    last: int
    ahead: int


def runs_of(rows: Iterable[Row]) -> Iterator[Run]:
    """Entries, in order, in as few runs as they make."""
    run: Run | None = None
    for row in rows:
        if run is not None and (run.log, run.last + 1, run.ahead) == (row.log, row.n, row.number - row.n):
            run = Run(run.log, run.first, row.n, run.ahead)
        else:
            if run is not None:
                yield run
            run = Run(row.log, row.n, row.n, row.number - row.n)
    if run is not None:
        yield run


class Echoes:
    """The creations of this person on a page that are shown exactly as they were created.

    Nothing else waits on such a record, nobody else has touched it, and its
    columns hold all of it: the row as shown has no state. So it is the row as
    confirmed, but for its number. `store` is the database of the scope, which
    is being written, `own` the person's file with the public one beside it;
    `words` is what the search index does with the rows, now or later.
    """

    def __init__(self, store: Store, own: Store, kinds: Kinds, scope: str, words: Words = search_index.refresh) -> None:
        self.store = store
        self.own = own
        self.kinds = kinds
        self.scope = scope
        self.words = words

    def take_over(self, runs: Iterable[Run], alone: Mapping[str | None, int]) -> dict[str, str]:
        """Write the rows that can be taken over as confirmed; answers the kinds by id.

        `alone` gives the number of the only entry of the page about a record.
        """
        taken: dict[str, str] = {}
        for run in runs:
            for (name,) in self.own.rows(f"SELECT DISTINCT kind{_IN_RUN}", (run.log, run.first, run.last, WAITING)):
                if name in self.kinds:
                    table = table_of(self.kinds[name])
                    rows = [row for row in self._rows(table, run) if alone.get(row[0]) == row[2]]
                    self.store.many(table.insert, rows)
                    self.words(self.store, table, rows)
                    taken.update((row[0], name) for row in rows)
        return taken

    def _rows(self, table: Table, run: Run) -> list[tuple[Any, ...]]:
        fields = "".join(f', s."{column}"' for column in table.columns[LEADING.index("sort_fr"):])
        shown = f"main.{PREFIX}{table.name} s"
        another = ("SELECT 1 FROM main.pending o INDEXED BY pending_record WHERE o.record = p.record"
                   f" AND o.state IN (p.state, '{HEARD}') AND o.dot <> p.dot")
        confirmed = f"SELECT 1 FROM {schema_of(self.scope)}{table.name} c WHERE c.id = p.record"
        return self.own.rows(
            f"SELECT s.id, s.scope, p.n + ?, NULL, 0, 0, 0, NULL{fields}{_IN_RUN.replace(' WHERE', f' CROSS JOIN {shown} WHERE')} AND p.kind = ?"
            " AND s.id = p.record AND s.scope = ? AND s.number IS NULL AND s.state IS NULL AND s.gone = 0 AND s.conflicts = 0"
            f" AND NOT EXISTS ({another}) AND NOT EXISTS ({confirmed})",
            (run.ahead, run.log, run.first, run.last, WAITING, table.kind.name, self.scope))
