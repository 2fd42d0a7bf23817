"""Undoing everything that one device did from a ledger number on, as far as it still stands: first as a list, then as ordinary saves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from i18n import Text
from sync.change import Operation, Verdict
from sync.errors import Failure, NotFound, Refused
from sync.form import Form
from sync.history import DELETED, RESTORED, Event, histories
from sync.identity import key_id
from sync.merge import LIFE, State, is_gone
from sync.record import Kind, best, refuse_problems
from sync.scopes import CONTROL, schema_of
from sync.snapshots.origins import origins_of
from sync.tables import table_of
from sync.undoing import ERASED_VALUE, NOT_KEPT, WITHDRAWN, Now

if TYPE_CHECKING:
    from sync.workspace import Saved, Workspace

REPLACED = Text("Somebody else has replaced this since.")


@dataclass(frozen=True, slots=True)
class Step:
    """One part of one record that would be put back: what it reads `now`, and what it would read `back`.

    `left` says why it is not, or is None. `seen` are the dots of the values that go. `field` is `_life` for the record as a whole.
    """

    kind: str
    id: str
    title: str
    field: str
    now: Any
    back: Any
    left: Text | None
    seen: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What undoing a device's work would do. `older`: how many of its changes stand here of which the past did not come to this PC."""

    device: str
    since: int
    scope: str | None
    steps: tuple[Step, ...]
    older: int

    @property
    def due(self) -> tuple[Step, ...]:
        """The steps that would be done."""
        return tuple(one for one in self.steps if one.left is None)


def plan(ws: Workspace, device: str, since: int, scope: str | None = None) -> Plan:
    """What a device (its id) wrote under the ledger number `since` and above, in one scope or in all, that still stands; nothing is written.

    What somebody else wrote in the same place since stays, and is listed with
    the reason. Numbers count in each scope for themselves: with a number above
    1 and work in several scopes, the scope must be named.

    Raises NotFound for a device that wrote nothing here, Refused for this very one.
    """
    if device == ws.vault.word("device"):
        raise Refused(Text("This is the device that you work on. Undo your own changes one by one, in the history of each record."))
    known = [one for one in ws.heads() if one != CONTROL]
    if scope is not None and scope not in known:
        raise NotFound(Text("There is no ledger “{scope}” here. Known: {known}.", scope=scope, known=", ".join(known)))
    logs = _logs(ws, device)
    if not logs:
        raise NotFound(Text("Nothing of a device {device} is here. “dalil history KIND ID --json” names devices.", device=device))
    found: dict[str, set[bytes]] = {}
    pairs: dict[tuple[str, str], str] = {}
    older = 0
    for each in [scope] if scope is not None else known:
        its = _touched(ws, each, logs, since)
        found[each] = {log for log, own in logs.items() if own == each}
        pairs |= dict.fromkeys(its, each)
        older += _older(ws, each, found[each], since)
    wrote = set(pairs.values())
    if scope is None and since > 1 and len(wrote) > 1:
        raise Refused(Text("This device wrote in several ledgers, and each counts for itself: name one with --scope ({scopes}), or begin at 1.",
                           scopes=", ".join(sorted(wrote))))
    steps = []
    for pair, past in zip(pairs, histories(ws.store, ws.overlay, ws.kinds, list(pairs)), strict=True):
        steps += _Record(ws, ws.kinds[pair[0]], pair[1], past, found[pairs[pair]], since).steps()
    return Plan(device, since, scope, tuple(sorted(steps, key=lambda one: (one.kind, one.title, one.id, one.field != LIFE, one.field))), older)


def carry_out(ws: Workspace, listed: Plan, only: Collection[tuple[str, str]] | None = None) -> list[tuple[str, Saved]]:
    """Do what was listed, in one transaction; answers (kind, what was saved) of each record. `only` names records as (kind, id).

    What reads otherwise by now than it did when it was listed stays as it is.
    """
    saved = []
    with ws.together():
        now = set(plan(ws, listed.device, listed.since, listed.scope).due)
        by_record: dict[tuple[str, str], list[Step]] = {}
        for one in listed.due:
            if one in now and (only is None or (one.kind, one.id) in only):
                by_record.setdefault((one.kind, one.id), []).append(one)
        for (kind, id), steps in by_record.items():
            saved += [(kind, one) for one in _carried_out(ws, kind, id, steps)]
    return saved


def _carried_out(ws: Workspace, kind: str, id: str, steps: Sequence[Step]) -> list[Saved]:
    """Bring back before writing, delete after it: what is deleted cannot be written."""
    life = next((one.back for one in steps if one.field == LIFE), None)
    parts = {one.field: one.back for one in steps if one.field != LIFE}
    found = [ws.restore(kind, id)] if life == RESTORED else []
    if parts:
        seen = {one.field: list(one.seen) for one in steps if one.field != LIFE}
        found.append(ws.write(kind, id, parts, Form(kind, id, ws.get(kind, id), {}, seen)))
    return [*found, ws.delete(kind, id)] if life == DELETED else found


class _Record:
    """One record on which a device worked."""

    def __init__(self, ws: Workspace, kind: Kind, id: str, past: list[Event], logs: set[bytes], since: int) -> None:
        self.ws = ws
        self.kind = kind
        self.id = id
        self.past = [one for one in past if not one.refused]
        self.logs = logs
        self.since = since
        self.state = ws.overlay.state(kind.name, id) or State(id, kind.name)
        self.title = best(kind.join(table_of(kind).shown(self.state)).get(kind.title), "fr")

    def is_its(self, event: Event) -> bool:
        """Whether an event is of the device, and not from before."""
        return event.number is not None and event.number >= self.since and event.dot[:8] in self.logs

    def steps(self) -> list[Step]:
        """What there is to put back, the record as a whole first."""
        its = [one for one in self.past if self.is_its(one)]
        gone = is_gone(self.state, final=self.kind.final)
        lives = [one for one in self.past if one.field == LIFE]
        if its and its[0].operation == Operation.CREATE:
            return [] if gone else [self._made()]
        life = self._life(lives) if lives and self.is_its(lives[-1]) else None
        found = [life] if life is not None else []
        gone = gone and (life is None or life.left is not None)
        paths = dict.fromkeys(one.field for one in its if one.field != LIFE)
        if gone:
            return found or [self._step(LIFE, DELETED, DELETED, Text("The record is deleted by now.")) for _ in list(paths)[:1]]
        return found + [step for path in paths if (step := self._part(path)) is not None]

    def _made(self) -> Step:
        """The device made the record: it goes, unless somebody built on it."""
        if any(not self.is_its(one) for one in self.past):
            return self._step(LIFE, RESTORED, RESTORED, Text("The device made this record, and others have worked on it since: it stays."))
        if self.kind.final:
            return self._step(LIFE, RESTORED, RESTORED, Text("Deleting this would withdraw a consent for good: it stays. Delete it by itself."))
        return self._step(LIFE, RESTORED, DELETED)

    def _life(self, lives: list[Event]) -> Step | None:
        """The device was the last to delete the record, or to bring it back; None when that left it as it had been."""
        first = next(one for at, one in enumerate(lives) if all(map(self.is_its, lives[at:])))  # of its own ones in a row
        deletions = self._standing_deletions()
        now = DELETED if deletions else RESTORED  # also of a deletion that met edits which it had not seen
        if now == first.old:
            return None
        if self.kind.final:
            return self._step(LIFE, now, now, WITHDRAWN)
        if now == DELETED and not all(map(self.is_its, deletions)):
            return self._step(LIFE, now, now, Text("Somebody else has deleted this record too."))
        if now == RESTORED and not all(map(self.is_its, self.past[self.past.index(first):])):
            return self._step(LIFE, now, now, Text("Others have worked on this record since it was brought back: it stays."))
        return self._step(LIFE, now, first.old)

    def _standing_deletions(self) -> list[Event]:
        numbers = {one.reference for one in self.state.deletions}
        return [one for one in self.past if (one.number or one.dot) in numbers]

    def _part(self, path: str) -> Step | None:
        """What one part would read without the device's writes; None when it reads like that."""
        now = Now(self.ws, self.kind, self.id, self.state)
        live = [dot for dot, _ in now.live(path)]
        its = {one.dot for one in self.past if one.field == path and self.is_its(one)}
        if not its & set(live):
            return self._step(path, now.shown(path), now.shown(path), REPLACED)
        back = now.back(self._first(path, its), its)
        assert back is not None  # one of its values stands
        shown, (value, seen) = now.shown(path), back
        if value == shown or (not value and not shown):
            return None if not now.is_contested(path) else self._step(path, shown, value, None, seen)
        first = self._first(path, its)
        if not now.is_contested(path) and (first.unknown or first.erased):
            return self._step(path, shown, shown, ERASED_VALUE if first.erased else NOT_KEPT)
        try:
            refuse_problems([*self.kind.problems_of(path, value), *now.problems({path: value})])
        except Failure as failure:
            return self._step(path, shown, shown, failure.message)
        return self._step(path, shown, value, None, seen)

    def _first(self, path: str, its: Collection[bytes]) -> Event:
        """The first of the device's last writes in a row: what stood before it is somebody's own."""
        written = [one for one in self.past if one.field == path]
        last = max(at for at, one in enumerate(written) if one.dot in its)
        while last and written[last - 1].dot in its:
            last -= 1
        return written[last]

    def _step(self, field: str, now: Any, back: Any, left: Text | None = None, seen: Sequence[bytes] = ()) -> Step:
        return Step(self.kind.name, self.id, self.title, field, now, back, left, tuple(seen))


def _logs(ws: Workspace, device: str) -> dict[bytes, str]:
    """The logs of a device that are known here, with their scope."""
    keys = [key_id(bytes.fromhex(key)) for (key,) in ws.store.rows("SELECT key FROM pub.certificate WHERE device = ?", (device,))]
    return {bytes(log): scope for schema in ("main.", "pub.")
            for log, scope in ws.store.among(f"SELECT id, scope FROM {schema}log WHERE signer IN (?)", keys)}


def _touched(ws: Workspace, scope: str, logs: dict[bytes, str], since: int) -> list[tuple[str, str]]:
    """The (kind, id) of the records of a scope on which these logs wrote from a number on, as far as entries are here."""
    own = [log for log, its in logs.items() if its == scope]
    rows = ws.store.among(f"SELECT DISTINCT record FROM {schema_of(scope)}entry WHERE scope = ? AND number >= ? AND verdict = ?"
                          " AND record IS NOT NULL AND log IN (?)", own, (scope, since, int(Verdict.ACCEPTED)))
    ids = sorted({id for (id,) in rows})
    found = []
    for kind in ws.kinds:
        for name in (f"main.shown_{kind}", f"{schema_of(scope)}{kind}"):
            found += [(kind, id) for (id,) in ws.store.among(f"SELECT id FROM {name} WHERE id IN (?)", ids)]
    return list(dict.fromkeys(found))


def _older(ws: Workspace, scope: str, logs: Collection[bytes], since: int) -> int:
    """How many values stand here by these logs, from a number on, of which the copy began with a snapshot: what they replaced is not here."""
    schema = schema_of(scope)
    origins = origins_of(ws.store, scope, schema)
    numbers = origins.numbers_by(logs, since) if origins is not None else []
    here = {number for (number,) in ws.store.among(f"SELECT number FROM {schema}entry WHERE scope = ? AND number IN (?)", numbers, (scope,))}
    return len(set(numbers) - here)
