"""What a person created comes back accepted: its row and its words are taken over as they stand here, not made again; knows no wire."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sync import codec, search_index
from sync.confirmed import Decided, is_plain, record_id
from sync.overlay import PREFIX
from sync.record import Kinds
from sync.store import Store
from sync.tables import LEADING, Table, table_of
from sync.vault import WAITING

_MANY = 1_000  # words of so many records are gathered before they are written
_FIELDS = len(LEADING)
_KEYS = slice(LEADING.index("sort_fr"), _FIELDS)


@dataclass(frozen=True, slots=True)
class Saved:
    """The confirmed rows of one kind, and the folded words (id, title, body) of those that are found by search."""

    table: Table
    rows: list[tuple[Any, ...]]
    words: list[tuple[str, str, str]]


class Echoes:
    """The accepted creations of a page that are this person's own, and shown exactly as they were created.

    Nothing else waits on such a record, nobody else has touched it, and its
    columns hold all of it. So the row as shown is the row as confirmed, but
    for its number. `store` is the database of the scope, `own` the person's.
    """

    def __init__(self, store: Store, own: Store, kinds: Kinds, scope: str) -> None:
        self.store = store
        self.own = own
        self.kinds = kinds
        self.scope = scope

    def among(self, changes: list[Decided]) -> tuple[list[Saved], list[Decided]]:
        """What can be taken over, and the changes that must be applied one by one."""
        touched = Counter(one.change.record for one in changes)
        candidates: dict[str, dict[str, Decided]] = {}
        for one in changes:
            kind = self.kinds.known_or_bare(one.change.kind)
            if kind.fields and touched[one.change.record] == 1 and is_plain(one.change):
                candidates.setdefault(kind.name, {})[record_id(one.change.record)] = one
        with self.own.snapshot():  # a save of this very moment must not come between a row and its words
            found = [saved for kind, ours in candidates.items() if (saved := self._saved(table_of(self.kinds[kind]), ours)).rows]
        taken = {row[0] for saved in found for row in saved.rows}
        return found, [one for one in changes if record_id(one.change.record) not in taken]

    def put(self, found: list[Saved]) -> set[tuple[str, str]]:
        """Write what was taken over; answers the (kind, id) of it."""
        if sum(len(saved.words) for saved in found) > _MANY:
            search_index.expect_many(self.store)
        for saved in found:
            self.store.many(saved.table.upsert, saved.rows)
            search_index.put(self.store, saved.table.kind.name, saved.words)
        return {(saved.table.kind.name, row[0]) for saved in found for row in saved.rows}

    def _saved(self, table: Table, ours: dict[str, Decided]) -> Saved:
        waiting = self.own.among("SELECT record, count(*), min(dot) FROM pending WHERE record IN (?)"
                                 f" AND state = '{WAITING}' GROUP BY record", list(ours))
        alone = {id for id, count, dot in waiting if count == 1 and bytes(dot) == ours[id].dot}
        alone -= {id for (id,) in self.store.among(f"SELECT id FROM {table.name} WHERE id IN (?)", sorted(alone))}
        rows = [self._confirmed(row, ours[row[0]].number)
                for row in self.own.among(f"SELECT {table.select} FROM main.{PREFIX}{table.name} WHERE id IN (?)", sorted(alone))
                if self._is_whole(row, ours[row[0]])]
        words = search_index.words_of(self.own, [row[0] for row in rows], PREFIX)
        if table.kind.search is not None and len(words) != len(rows):
            return Saved(table, [], [])  # nobody can tell why; made again they are right in any case
        return Saved(table, rows, words)

    def _is_whole(self, row: tuple[Any, ...], one: Decided) -> bool:
        """Whether a row's columns hold every value of its creation: then its state says of each part only who wrote it."""
        bare = {write.path: [[one.dot]] for write in one.change.writes}
        return row[1] == self.scope and not row[4] and not row[5] and row[3] == codec.pack([bare, [], {}])

    def _confirmed(self, row: tuple[Any, ...], number: int) -> tuple[Any, ...]:
        return (row[0], self.scope, number, None, 0, 0, 0, None, *row[_KEYS], *row[_FIELDS:])
