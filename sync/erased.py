"""What an erasure is: the fact in the control ledger, what it leaves of a change, which entries it names; changes no database.

The fact names a ledger, dots and fields, and no content. A dot means the same
change for ever; an entry's number may become another one when a server that was
set back heals. Of a change that the fact names nothing remains, or, when only fields are erased, the change itself
with `ERASED` for their values: so a holder of the text and somebody who never
had it come to the same bytes, whose digest the fact gives.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from i18n import Text
from sync import codec
from sync.change import ERASED, Change, Operation, Verdict, Write
from sync.entries import Row
from sync.errors import Damaged
from sync.fields import Line
from sync.record import Field, Kind
from sync.scopes import CONTROL
from sync.store import Store

_LONG = 200_000  # characters: a fact names at most MOST entries
MOST = 1000  # entries named in one fact: some 60 kB, of the 256 that a change may have
_DOT = 14  # bytes
_MARK = 16  # bytes of a digest of what remains

ERASURE = Kind(
    "erasure", Text("Erasure"), Text("Erasures"), (CONTROL,), title="ledger",
    fields=(
        Field("ledger", Line(limit=80), Text("Ledger"), required=True, indexed=True),
        Field("dots", Line(limit=_LONG), Text("Entries"), required=True),
        Field("fields", Line(limit=2000), Text("Fields")),
        Field("remains", Line(limit=_LONG), Text("Digests of what remains")),
    ),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One erasure: its number in the control ledger, the changes in `scope` that it names by dot, in order.

    `fields` are the parts that go, empty when all of it goes; `marks` then
    tell what remains of each entry: 16 bytes of its SHA-256.
    """

    control: int
    scope: str
    dots: tuple[bytes, ...]
    fields: tuple[str, ...]
    marks: tuple[bytes, ...]

    def values(self) -> dict[str, str]:
        """The fact as the control ledger keeps it."""
        found = {"ledger": self.scope, "dots": b"".join(self.dots).hex()}
        return found | ({"fields": ",".join(self.fields), "remains": b"".join(self.marks).hex()} if self.fields else {})

    def left_of(self, dot: bytes, text: bytes) -> bytes | None:
        """What remains of a change, canonical; None when nothing does. Damaged when the fact says otherwise."""
        left = left_of(codec.unpack(text, Change), self.fields)
        if left is not None and mark_of(left) != self.marks[self.dots.index(dot)]:
            raise Damaged(Text("The server says of an erased entry what its author did not write; nothing of it was taken."))
        return left


def mark_of(remains: bytes) -> bytes:
    """What a fact says of what remains of a change."""
    return codec.digest(b"dalil remains", remains)[:_MARK]


def left_of(change: Change, fields: tuple[str, ...]) -> bytes | None:
    """The canonical bytes of a change without the values of these fields; None when all of it goes.

    A field is named whole (`phone`, `name`) or by language (`name.fr`). The
    path of an element or entry (`aliases#Amina`) is content too: what stands
    in its place is the field's own name.
    """
    if not fields:
        return None
    writes: dict[str, Write] = {}
    for one in change.writes:
        field = next((each for each in fields if belongs(one.path, each)), None)
        if field is None:
            writes[one.path] = one
        elif "#" in one.path:
            if change.operation != Operation.DELETE:
                writes[field] = Write(field, ERASED, [])
        else:
            writes[one.path] = one if change.operation == Operation.DELETE else Write(one.path, ERASED, one.seen)
    return codec.pack(Change(change.record, change.kind, change.operation, change.time, list(writes.values())))


def belongs(path: str, field: str) -> bool:
    """Whether a part is of a field: `name.fr` and `aliases#x` of `name` and `aliases`, and each of itself."""
    return path == field or path.startswith((field + ".", field + "#"))


At = tuple[int, bytes]  # number and chain of the control ledger: one that went back may reach its number again


def control_at(store: Store) -> At | None:
    """Where the control ledger stands."""
    row = store.row("SELECT number, chain FROM ledger WHERE scope = 'control'")
    return None if row is None else (row[0], bytes(row[1]))


class Erasures:
    """The erasures that one database's control ledger names; read again when that ledger has moved."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._at: tuple[object, ...] | None = ()
        self._facts: list[Fact] = []
        self._naming: dict[bytes, list[Fact]] = {}

    @property
    def newest(self) -> int:
        """The number of the last erasure in the control ledger; 0 when there is none."""
        self._refresh()
        return self._facts[-1].control if self._facts else 0

    def since(self, control: int, scope: str, at: At | None = None) -> list[Fact]:
        """The erasures in a scope that the control ledger names after a number, in order. `at` is where it stands, for whoever holds it there."""
        self._refresh(at)
        return [fact for fact in self._facts if fact.control > control and fact.scope == scope]

    def scopes(self) -> list[str]:
        """The scopes in which something was ever erased."""
        self._refresh(None)
        return sorted({fact.scope for fact in self._facts})

    def naming(self, dot: bytes) -> list[Fact]:
        """The erasures of one change, in order. Its log is of one scope alone, so its dot is too."""
        self._refresh()
        return self._naming.get(dot, [])

    def holds(self, row: Row) -> bool:
        """Whether an accepted entry without text is so because of an erasure, and has left what it should."""
        return any((mark_of(row.remains) in fact.marks) if row.remains is not None else not fact.fields
                   for fact in self.naming(row.dot))

    def reached(self, dot: bytes, remains: bytes) -> int:
        """The control number of the last erasure of a change that is carried out in what remains of it; 0 for none."""
        mark = mark_of(remains)
        return max((fact.control for fact in self.naming(dot) if mark in fact.marks), default=0)

    def applied(self, rows: list[Row]) -> list[Row]:
        """Entries that arrived, without what was erased of them; Damaged when one lacks a text that nobody erased."""
        self._refresh()
        return [row if not self._naming and row.body is not None else self._applied(row) for row in rows]

    def _applied(self, row: Row) -> Row:
        if row.verdict != Verdict.ACCEPTED:
            return row
        facts = self.naming(row.dot)
        if row.body is None:
            if not self.holds(row):
                raise Damaged(Text("A text is missing that no erasure names; nothing of it was taken."))
            if row.remains is None:
                return row
            reached = self.reached(row.dot, row.remains)
            facts = [fact for fact in facts if fact.control > reached]
        for fact in facts:
            text = row.remains if row.body is None else row.body
            if text is None:
                break
            row = replace(row, body=None, salt=None, remains=fact.left_of(row.dot, text))
        return row

    def _refresh(self, held: At | None = None) -> None:
        at = held or control_at(self.store)
        if at == self._at:
            return
        rows = self.store.rows("SELECT number, ledger, dots, fields, remains FROM erasure WHERE gone = 0 ORDER BY number")
        self._facts = [_fact(*row) for row in rows]
        self._naming = {}
        for fact in self._facts:
            for dot in fact.dots:
                self._naming.setdefault(dot, []).append(fact)
        self._at = at


def files_in(values: Iterable[Any]) -> set[str]:
    """The names of the attachments that values speak of."""
    found: set[str] = set()
    for one in values:
        if isinstance(one, dict):
            if isinstance(one.get("sha256"), str):
                found.add(one["sha256"])
            found |= files_in(one.values())
    return found


def _fact(control: int, scope: str, dots: str | None, fields: str | None, remains: str | None) -> Fact:
    nothing = Fact(control, scope, (), (), ())  # written by another program in a way that this one does not know
    try:
        named, marks = _parted(dots, _DOT), _parted(remains, _MARK)
    except ValueError:
        return nothing
    found = Fact(control, scope, named, tuple(fields.split(",")) if fields else (), marks)
    return found if not found.fields or len(marks) == len(named) else nothing


def _parted(digits: str | None, size: int) -> tuple[bytes, ...]:
    packed = bytes.fromhex(digits or "")
    if len(packed) % size:
        raise ValueError(digits)
    return tuple(packed[at : at + size] for at in range(0, len(packed), size))
