"""The past of one record, field by field, replayed from the ledger and from what waits; knows no kind and no screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sync.authors import Author, Authors
from sync.change import ERASED, Change, Operation, Verdict
from sync.codec import dot as dot_of
from sync.codec import unpack
from sync.confirmed import apply_change, numbers_of
from sync.merge import LIFE, State
from sync.overlay import ENDLESS, Overlay
from sync.record import Kinds
from sync.scopes import schema_of
from sync.snapshots.loading import state_at
from sync.snapshots.origins import origins_of
from sync.store import SqliteStore, Store
from sync.tables import Table, table_of

DELETED, RESTORED = "deleted", "kept"


@dataclass(frozen=True, slots=True)
class Event:
    """One write of one part. `number` is the ledger number, None while it waits; `road` is how it came here.

    `erased`: the value was erased for everyone, `new` is None.
    """

    field: str
    old: Any
    new: Any
    author: Author
    time: int
    road: str
    number: int | None
    dot: bytes
    erased: bool = False


def events(store: SqliteStore, overlay: Overlay, kinds: Kinds, kind: str, id: str) -> list[Event]:
    """The events of a record, the oldest first."""
    table = table_of(kinds[kind])
    authors = Authors(store, overlay)
    scope = overlay.scope(kind, id)
    if scope is None:
        return []
    state, found = _at_snapshot(store, kinds, scope, kind, id, authors)
    since = store.value(f"SELECT number FROM {schema_of(scope)}snapshot WHERE scope = ?", (scope,)) or 0
    sql = (f"SELECT number, log, n, commitment, coalesce(body, remains) FROM {schema_of(scope)}entry WHERE record = ? AND scope = ?"
           " AND verdict = ? AND (body IS NOT NULL OR remains IS NOT NULL) AND number > ? ORDER BY number")
    for number, log, n, commitment, body in store.rows(sql, (id, scope, int(Verdict.ACCEPTED), since)):
        dot = dot_of(bytes(log), n, bytes(commitment))
        found += _applied(table, store, scope, state, unpack(bytes(body), Change), number, dot, authors.of_log(bytes(log)), "server")
    for one in overlay.vault.of_record(id):
        found += _applied(table, store, scope, state, one.change, None, one.dot, authors.me(), "here")
    return found


def _at_snapshot(store: SqliteStore, kinds: Kinds, scope: str, kind: str, id: str, authors: Authors) -> tuple[State, list[Event]]:
    """What the snapshot says that this copy was loaded with: the values that stood there, with who wrote them; what they replaced is not here."""
    place = schema_of(scope)
    state, origins = state_at(store, kinds, scope, kind, id, place.rstrip(".")), origins_of(store, scope, place)
    if state is None or origins is None:
        return State(id, kind), []
    written = [(one.reference, path, None, one.value) for path, live in state.parts.items() for one in live]
    written += [(one.reference, LIFE, RESTORED, DELETED) for one in state.deletions]
    found = []
    for reference, path, old, new in sorted(written, key=lambda one: (str(type(one[0])), one[0], one[1])):
        origin = origins.origin(reference) if isinstance(reference, int) else None
        if origin is not None:
            found.append(Event(path, old, new, authors.of_log(origin.log), origin.time, "server", reference, origin.dot))
    return state, found


def _applied(table: Table, store: Store, scope: str, state: State, change: Change, number: int | None, dot: bytes,
             author: Author, road: str) -> list[Event]:
    before = table.shown(state)
    seen = {each for write in change.writes for each in write.seen}
    numbers = numbers_of(store, scope, seen, schema_of(scope))
    apply_change(state, change, number or dot, dot, numbers, number or ENDLESS)
    if state.number is None:
        state.number = number
    if change.operation in (Operation.DELETE, Operation.RESTORE):
        old, new = (RESTORED, DELETED) if change.operation == Operation.DELETE else (DELETED, RESTORED)
        return [Event(LIFE, old, new, author, change.time, road, number, dot)]
    return [Event(write.path, before.get(write.path), None if (erased := write.value == ERASED) else write.value, author, change.time, road, number,
                  dot, erased) for write in change.writes]


