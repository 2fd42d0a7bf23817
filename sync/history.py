"""The past of one record, field by field, replayed from the ledger and from what waits; knows no kind and no screen."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from i18n import Text
from sync.authors import Author, Authors
from sync.change import ERASED, Change, Operation, Verdict
from sync.codec import dot as dot_of
from sync.codec import unpack
from sync.confirmed import apply_change, numbers_of
from sync.merge import LIFE, State, arrived
from sync.overlay import ENDLESS, Overlay
from sync.reasons import reason_text
from sync.record import Kinds
from sync.roads import HERE, SERVER, Came, Roads
from sync.scopes import schema_of
from sync.snapshots.loading import states_at
from sync.snapshots.origins import origins_of
from sync.store import SqliteStore
from sync.tables import Table, table_of
from sync.vault import ACCEPTED, HEARD, REFUSED, WAITING, Pending

DELETED, RESTORED = "deleted", "kept"
_DAY = 24 * 3600 * 1000  # ms
_BUILT = 1_577_836_800_000  # 2020-01-01: no clock that was right has shown less since this program exists


@dataclass(frozen=True, slots=True)
class Event:
    """One write of one part. `number` is the ledger number, None while it waits; `road` is how it came here, `taken` when (ms), if that was kept.

    `dot` names the change that it belongs to, `operation` what that did to the record.
    `erased`: the value was erased for everyone, `new` is None.
    `refused`: it never stood; `reason` says why. Only its author's own PC has such events.
    `unknown`: what stood there before is not on this PC, whose copy began later; `old` is None then.
    `settled` are the values, two or more, between which it chose; `beside` tells that it was
    written without its author having seen the value shown, so that somebody must choose.
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
    operation: int = Operation.EDIT
    taken: int | None = None
    refused: bool = False
    reason: Text | None = None
    unknown: bool = False
    settled: tuple[Any, ...] = ()
    beside: bool = False

    @property
    def state(self) -> str:
        """`accepted`, `waiting` or `refused`."""
        return REFUSED if self.refused else WAITING if self.number is None else ACCEPTED

    @property
    def doubtful(self) -> bool:
        """Whether its date cannot be right: from before this program, or later than it came here."""
        return self.time < _BUILT or (self.taken is not None and self.taken >= _BUILT and self.time > self.taken + _DAY)


def events(store: SqliteStore, overlay: Overlay, kinds: Kinds, kind: str, id: str) -> list[Event]:
    """The events of a record, the oldest first."""
    return next(histories(store, overlay, kinds, [(kind, id)]))


def histories(store: SqliteStore, overlay: Overlay, kinds: Kinds, pairs: Collection[tuple[str, str]]) -> Iterator[list[Event]]:
    """The events of several records, by (kind, id), in the order asked; a snapshot is looked through once for all of them."""
    scopes = {pair: overlay.scope(*pair) for pair in pairs}
    began: dict[str, State] = {}
    for scope in {scope for scope in scopes.values() if scope is not None}:
        wanted = {pair for pair, own in scopes.items() if own == scope}
        began |= {state.id: state for state in states_at(store, kinds, scope, wanted, schema_of(scope).rstrip("."))}
    authors, roads = Authors(store, overlay), {scope: Roads(store, scope, schema_of(scope)) for scope in set(scopes.values()) if scope is not None}
    for pair in pairs:
        scope = scopes[pair]
        yield [] if scope is None else _Past(store, overlay, table_of(kinds[pair[0]]), scope, authors, roads[scope]).of(pair[1], began.get(pair[1]))


class _Past:
    """One record as it went from change to change."""

    def __init__(self, store: SqliteStore, overlay: Overlay, table: Table, scope: str, authors: Authors, roads: Roads) -> None:
        self.store = store
        self.overlay = overlay
        self.table = table
        self.scope = scope
        self.schema = schema_of(scope)
        self.authors = authors
        self.roads = roads
        self.state = State("", table.kind.name)
        self.whole = True  # whether everything before is here: what is empty was empty

    def of(self, id: str, began: State | None) -> list[Event]:
        """Its events: of entries that were here before a snapshot, of what stood in that, of the entries since, of what waits."""
        self.state = State(id, self.table.kind.name)
        since = self.store.value(f"SELECT number FROM {self.schema}snapshot WHERE scope = ?", (self.scope,)) or 0
        refused = self.overlay.vault.refused_of(id)
        found = self._before(id, since) if since else []
        if began is not None:
            found += self._standing(began, {(event.number, event.field) for event in found})
            self.state = began
        elif since:
            self.state = State(id, self.table.kind.name)
        self.whole = True  # a snapshot says all that stood
        for number, dot, change in self._entries(id, since, ENDLESS):
            while refused and (refused[0].number or ENDLESS) < number:
                found += self._refused(refused.pop(0))
            found += self._accepted(number, dot, change)
        found += [event for one in refused for event in self._refused(one)]
        for one in self.overlay.vault.of_record(id, HEARD):
            found += self._applied(one.change, None, one.dot, self.authors.of_log(one.log), Came(HEARD, None))
        for one in self.overlay.vault.of_record(id):
            found += self._waiting(one)
        return found

    def _entries(self, id: str, after: int, until: int) -> list[tuple[int, bytes, Change]]:
        sql = (f"SELECT number, log, n, commitment, coalesce(body, remains) FROM {self.schema}entry WHERE record = ? AND scope = ?"
               " AND verdict = ? AND (body IS NOT NULL OR remains IS NOT NULL) AND number > ? AND number <= ? ORDER BY number")
        return [(number, dot_of(bytes(log), n, bytes(commitment)), unpack(bytes(body), Change)) for number, log, n, commitment, body
                in self.store.rows(sql, (id, self.scope, int(Verdict.ACCEPTED), after, until))]

    def _before(self, id: str, since: int) -> list[Event]:
        """What entries say that came before the snapshot did: of runs of them, since some between may have never come."""
        found: list[Event] = []
        last = 0
        for number, dot, change in self._entries(id, 0, since):
            sql = f"SELECT count(*) FROM {self.schema}entry WHERE scope = ? AND number > ? AND number <= ?"
            if self.store.value(sql, (self.scope, last, number)) != number - last:
                self.state, self.whole = State(id, self.table.kind.name), False
            last = number
            found += self._accepted(number, dot, change)
        return found

    def _standing(self, state: State, told: Collection[tuple[int | None, str]]) -> list[Event]:
        """What stood in the snapshot, with who wrote it; what it had replaced is not here, unless the record was made with it."""
        origins = origins_of(self.store, self.scope, self.schema)
        assert origins is not None  # whoever has a snapshot's states has its provenance
        written = [(one.reference, path, None, one.value) for path, live in state.parts.items() for one in live]
        written += [(one.reference, LIFE, RESTORED, DELETED) for one in state.deletions]
        found = []
        for reference, path, old, new in sorted(written, key=lambda one: (str(type(one[0])), one[0], one[1])):
            origin = origins.origin(reference) if isinstance(reference, int) else None
            if origin is not None and (reference, path) not in told:
                came, made = self.roads.of(origin_number := int(reference)), reference == state.number  # type: ignore[arg-type]
                operation = Operation.DELETE if path == LIFE else Operation.CREATE if made else Operation.EDIT
                found.append(Event(path, old, new, self.authors.of_log(origin.log), origin.time, came.road, origin_number, origin.dot,
                                   operation=operation, taken=came.taken, unknown=not made and path != LIFE))
        return found

    def _accepted(self, number: int, dot: bytes, change: Change) -> list[Event]:
        return self._applied(change, number, dot, self.authors.of_log(dot[:8]), self.roads.of(number))

    def _waiting(self, one: Pending) -> list[Event]:
        """What waits is on top; one's own value is shown to oneself."""
        found = self._applied(one.change, None, one.dot, self.authors.me(), Came(HERE, None))
        for write in one.change.writes:
            live = self.state.parts.get(write.path, ())
            self.state.parts[write.path] = tuple(sorted(live, key=lambda each: each.reference != one.dot))
        return found

    def _refused(self, one: Pending) -> list[Event]:
        """What was typed and does not stand, over what was shown when the verdict was given."""
        change, reason = one.change, reason_text(one.reason) if one.reason else None
        event = Event("", None, None, self.authors.me(), change.time, SERVER, one.number, one.dot, operation=change.operation,
                      refused=True, reason=reason)
        if one.number is not None:
            event = replace(event, **self.roads.of(one.number)._asdict())
        if change.operation in _LIVES:
            return [replace(event, field=LIFE, old=_LIVES[change.operation][0], new=_LIVES[change.operation][1])]
        return [replace(event, field=write.path, old=self._shown(write.path), new=write.value) for write in change.writes]

    def _applied(self, change: Change, number: int | None, dot: bytes, author: Author, came: Came) -> list[Event]:
        before = {write.path: self._shown(write.path) for write in change.writes}
        open_before = {path: tuple(one.value for one in self.state.parts[path]) for path in self.table.conflicts(self.state) if path != LIFE}
        known = {path for path, live in self.state.parts.items() if live}
        numbers = numbers_of(self.store, self.scope, {each for write in change.writes for each in write.seen}, self.schema)
        apply_change(self.state, change, number or dot, dot, numbers, number or ENDLESS)
        if number is not None:
            arrived(self.state, dot, number)
            self.state.number = self.state.number or number
        about = Event("", None, None, author, change.time, came.road, number, dot, operation=change.operation, taken=came.taken)
        if change.operation in _LIVES:
            old, new = _LIVES[change.operation]
            return [replace(about, field=LIFE, old=old, new=new)]
        open_after = set(self.table.conflicts(self.state))
        return [replace(about, field=write.path, old=before[write.path], new=None if write.value == ERASED else write.value,
                        erased=write.value == ERASED, unknown=not self.whole and write.path not in known and change.operation != Operation.CREATE,
                        settled=open_before.get(write.path, ()) if write.path not in open_after else (),
                        beside=write.path in open_after and write.path not in open_before) for write in change.writes]

    def _shown(self, path: str) -> Any:
        """The value shown of a part; of one that only a newer program knows, its first."""
        live = self.state.parts.get(path, ())
        if self.table.known(path) is None:
            return live[0].value if live else None
        return self.table.shown(State(self.state.id, self.state.kind, parts={path: live})).get(path)


_LIVES = {Operation.DELETE: (RESTORED, DELETED), Operation.RESTORE: (DELETED, RESTORED)}
