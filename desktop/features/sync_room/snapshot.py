"""Everything the sync room shows, read and put into words in one go on the data lane; knows no widget."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from desktop.features.sync_room.costs import NOTHING, Costs, read_costs
from desktop.features.sync_room.moments import is_doubtful
from desktop.kit.text import isolate
from i18n import language, t, tn
from resources.rights import refusal_to_settle
from resources.wording import label_of, worded
from sync import applying, traffic
from sync import fields as shapes
from sync.admission import Application
from sync.authors import Author
from sync.change import Operation
from sync.conflicts import Conflict, Value
from sync.merge import LIFE
from sync.outbox import Item
from sync.reading import Status, Visit
from sync.record import Kind, best

__all__ = ["Dispute", "Errand", "Room", "Voice", "read"]


@dataclass(frozen=True)
class Voice:
    """One of the values that stand side by side, and who says it. `value` is what is written when it is kept."""

    value: Any
    words: str
    who: str
    where: str
    device: str
    time: int
    doubtful: bool
    waits: bool


@dataclass(frozen=True)
class Dispute:
    """A part of a record for which a person must choose. `is_text`: its words can be compared; `refusal`: why one may not choose."""

    id: str
    kind: str
    path: str
    title: str
    kind_label: str
    label: str
    old: str
    voices: tuple[Voice, ...]
    values: tuple[Any, ...] = field(hash=False)
    is_text: bool
    refusal: str = ""

    @property
    def key(self) -> str:
        return f"{self.id} {self.path}"

    @property
    def is_life(self) -> bool:
        """Whether somebody deleted the record while another changed it."""
        return self.path == LIFE


@dataclass(frozen=True)
class Errand:
    """One save and what became of it. `lines` are (label, words); `parts` what was typed, by path; `here` whether the record is."""

    change: str
    id: str
    kind: str
    title: str
    kind_label: str
    operation: int
    verb: str
    lines: tuple[tuple[str, str], ...]
    state: str
    reason: str
    time: int
    here: bool
    parts: dict[str, Any] = field(hash=False, default_factory=dict)

    @property
    def key(self) -> str:
        return self.change


@dataclass(frozen=True)
class Room:
    """All of it. `now` and `server_now` are milliseconds since 1970, the second as the server's clock would have it.

    `request`: what somebody asked who is no member yet, `sealed` once carriers can take it along.
    """

    status: Status
    guest: bool
    disputes: tuple[Dispute, ...]
    waiting: tuple[Errand, ...]
    refused: tuple[Errand, ...]
    accepted: tuple[Errand, ...]
    visits: tuple[Visit, ...]
    now: int
    server_now: int
    costs: Costs = NOTHING
    request: Application | None = None
    sealed: bool = False

    @property
    def joined(self) -> bool:
        return bool(self.status.server)

    @property
    def is_known(self) -> bool:
        """Whether somebody is a member, or waits to be one: there is more to see than the form with which one joins."""
        return self.joined or bool(self.status.asked)

    @property
    def mine_to_settle(self) -> int:
        """How many disputes this person may end."""
        return sum(not one.refusal for one in self.disputes)


def read(ws: Any) -> Room:
    """Read the room. Raises what the store raises."""
    now = ws.clock()
    status = ws.status()
    server_now = traffic.server_now(ws.vault, now)
    if ws.guest:
        return Room(status, guest=True, disputes=(), waiting=(), refused=(), accepted=(), visits=(), now=now, server_now=server_now)
    conflicts, items = ws.conflicts(), ws.outbox()
    names = _names(ws, conflicts, items)
    errands = [_errand(ws, one, names) for one in items if one.kind in ws.kinds]
    by_state: dict[str, list[Errand]] = {"waiting": [], "refused": [], "accepted": []}
    for one in errands:
        by_state["waiting" if one.state == "carried" else one.state].append(one)
    return Room(
        status, False, tuple(_dispute(ws, one, status, server_now, names) for one in conflicts),
        tuple(by_state["waiting"]), tuple(by_state["refused"]), tuple(by_state["accepted"]),
        tuple(ws.visits()), now, server_now, read_costs(ws), applying.asked(ws), applying.is_sealed(ws),
    )


def _dispute(ws: Any, one: Conflict, status: Status, server_now: int, names: dict[str, str]) -> Dispute:
    kind = ws.kinds[one.kind]
    if one.field == LIFE:
        words = [t("deleted it"), _changed(ws, one, names)]
    else:
        words = [worded(kind, one.field, value.value, names=names) or t("emptied it") for value in one.values]
    voices = tuple(_voice(value, said, status, server_now) for value, said in zip(one.values, words, strict=True))
    old = "" if one.field == LIFE else worded(kind, one.field, one.old, names=names)
    return Dispute(
        one.id, one.kind, one.field, one.title or t("Without a name"), str(kind.label), label_of(kind, one.field), old, voices,
        tuple(value.value for value in one.values), _is_text(kind, one.field), str(refusal_to_settle(ws, one) or ""))


def _is_text(kind: Kind, path: str) -> bool:
    """Whether a part is written in words; marks inside an amount, a date or a choice would only confuse."""
    known = kind.field_of(path)
    shape = known[0].shape.entry if known and isinstance(known[0].shape, shapes.Entries) else known[0].shape if known else None
    return isinstance(shape, shapes.Line) and shape not in (shapes.date(), shapes.decimal())


def _changed(ws: Any, one: Conflict, names: dict[str, str]) -> str:
    """What the one who did not see the deletion wrote."""
    kind, number = ws.kinds[one.kind], one.values[1].number
    events = [event for event in ws.history(one.kind, one.id) if event.number == number and event.field != LIFE]
    mine = [event for event in events if number is not None or event.time == one.values[1].time]
    lines = [t("{field}: {value}", field=label_of(kind, event.field), value=worded(kind, event.field, event.new, names=names) or t("emptied"))
             for event in mine[:4]]
    more = len(mine) - len(lines)
    return "\n".join([t("changed it"), *lines, *([tn("and {n} more field", "and {n} more fields", more)] if more else [])])


def _voice(value: Value, words: str, status: Status, server_now: int) -> Voice:
    author = value.author
    return Voice(value.value, words, _who(author, status), _where(author, status), author.device[-4:].upper(), value.time,
                 is_doubtful(value.time, server_now), value.number is None)


def _who(author: Author, status: Status) -> str:
    if author.mine or (author.person and author.person == status.person):
        return t("You")
    return isolate(author.name) or t("A member of the network")


def _where(author: Author, status: Status) -> str:
    if author.mine:
        return t("on this computer")
    if author.person and author.person == status.person:
        return t("on another of your computers")
    return t("on another computer")


def _errand(ws: Any, one: Item, names: dict[str, str]) -> Errand:
    kind = ws.kinds[one.kind]
    typed = best(kind.join(one.fields).get(kind.title), language()) if one.operation == Operation.CREATE else ""
    return Errand(
        one.change, one.id, one.kind, typed or one.title or t("Without a name"), str(kind.label), one.operation, _verb(one.operation),
        tuple(_lines(kind, one.fields, names)), one.state, str(one.reason or ""), one.time,
        one.operation != Operation.DELETE and not (one.state == "refused" and one.operation == Operation.CREATE), dict(one.fields))


def _verb(operation: int) -> str:
    return {Operation.CREATE: t("Created"), Operation.DELETE: t("Deleted"), Operation.RESTORE: t("Restored")}.get(Operation(operation), t("Changed"))


def _lines(kind: Kind, parts: dict[str, Any], names: dict[str, str]) -> Iterable[tuple[str, str]]:
    """The parts as (label, words), elements of one set together, in the order in which the kind declares its fields."""
    order = {one.name: at for at, one in enumerate(kind.fields)}
    sets: dict[tuple[str, bool], list[str]] = {}
    found: list[tuple[tuple[int, int], str, str]] = []
    for path, value in parts.items():
        known = kind.field_of(path)
        place = order.get(known[0].name, len(order)) if known else len(order)
        if known and isinstance(known[0].shape, shapes.Codes | shapes.Words):
            sets.setdefault((known[0].name, value is True), []).append(known[1])
        else:
            tongue = shapes.LANGUAGES.index(known[1]) if known and known[1] in shapes.LANGUAGES else 0
            found.append(((place, tongue), label_of(kind, path), worded(kind, path, value, names=names) or t("emptied")))
    for (name, added), keys in sets.items():
        words = worded(kind, name, sorted(keys), names=names)
        found.append(((order[name], 0), str(kind.by_name[name].label), words if added else t("without {value}", value=words)))
    return [(label, words) for _, label, words in sorted(found, key=lambda line: line[0])]


def _names(ws: Any, conflicts: list[Conflict], items: list[Item]) -> dict[str, str]:
    """Titles of the records that the values point to, by id."""
    wanted: dict[str, set[str]] = {}
    pairs = [(one.kind, one.field, value) for one in conflicts for value in (one.old, *(v.value for v in one.values))]
    pairs += [(one.kind, path, value) for one in items for path, value in one.fields.items()]
    for name, path, value in pairs:
        known = ws.kinds[name].field_of(path) if name in ws.kinds else None
        shape = known[0].shape if known else None
        if isinstance(shape, shapes.Reference) and isinstance(value, str):
            wanted.setdefault(shape.target, set()).add(value)
        elif known and isinstance(shape, shapes.Words) and shape.target:
            wanted.setdefault(shape.target, set()).add(known[1])
    return {record.id: record.title for kind, ids in wanted.items() for record in ws.by_ids(kind, sorted(ids))}
