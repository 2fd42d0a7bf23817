"""Entries as a ledger keeps them: rows, their order, and the chain over them; knows no page and no signature."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Protocol

import msgspec

from sync import codec
from sync.change import Verdict, entry_link
from sync.store import Store


class Row(msgspec.Struct, frozen=True, gc=False):
    """One entry as the ledger keeps it. `before` is the chain of its log just before it.

    `remains` is what an erasure left of an accepted change whose `body` is gone.
    """

    scope: str
    number: int
    log: bytes
    n: int
    before: bytes
    commitment: bytes
    salt: bytes | None
    body: bytes | None
    verdict: int
    reason: bytes | None
    control: int
    record: str | None
    remains: bytes | None = None

    @property
    def dot(self) -> bytes:
        """The change's identity."""
        return codec.dot(self.log, self.n, self.commitment)

    def following(self, before: bytes) -> Row:
        """The same entry, with the chain of its log just before it."""
        return Row(self.scope, self.number, self.log, self.n, before, self.commitment, self.salt, self.body, self.verdict, self.reason,
                   self.control, self.record, self.remains)


class Accepted(Protocol):
    """An accepted change as its author holds it."""

    @property
    def log(self) -> bytes: ...

    @property
    def n(self) -> int: ...

    @property
    def before(self) -> bytes: ...

    @property
    def commitment(self) -> bytes: ...

    @property
    def body(self) -> bytes: ...

    @property
    def record(self) -> str: ...


_COLUMNS = "scope, number, log, n, before, commitment, salt, body, verdict, reason, control, record, remains"


def insert(store: Store, rows: list[Row]) -> None:
    """Write entries."""
    store.many(f"INSERT INTO entry ({_COLUMNS}, mark) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
               [(one.scope, one.number, one.log, one.n, one.before, one.commitment, one.salt, one.body, one.verdict, one.reason,
                 one.control, one.record, one.remains, one.commitment[:2]) for one in rows])


def insert_run(store: Store, scope: str, first: int, changes: Sequence[Accepted], control: int) -> None:
    """Write changes of one log that were accepted one after the other, from the number `first` on."""
    store.many(f"INSERT INTO entry ({_COLUMNS}, mark) VALUES (?, ?, ?, ?, ?, ?, NULL, ?, {int(Verdict.ACCEPTED)}, NULL, ?, ?, NULL, ?)",
               [(scope, number, one.log, one.n, one.before, one.commitment, one.body, control, one.record, one.commitment[:2])
                for number, one in enumerate(changes, first)])


def extend_run(chain: bytes, log: bytes, first: int, commitments: Iterable[bytes], control: int) -> bytes:
    """The chain after such changes: what `extend` answers for them."""
    tail = bytes([Verdict.ACCEPTED]) + control.to_bytes(8, "big")
    for n, commitment in enumerate(commitments, first):
        chain = sha256(chain + sha256(log + n.to_bytes(8, "big") + commitment + tail).digest()).digest()
    return chain


def extend(chain: bytes, rows: list[Row]) -> bytes:
    """The chain after more entries."""
    for one in rows:
        chain = entry_link(chain, one.log, one.n, one.commitment, one.verdict, one.control, one.reason)
    return chain


def rows_after(store: Store, scope: str, after: int, limit: int) -> list[Row]:
    """Entries in order, at most `limit` of them."""
    found = store.rows(f"SELECT {_COLUMNS} FROM entry WHERE scope = ? AND number > ? ORDER BY number LIMIT ?", (scope, after, limit))
    return [_row(one) for one in found]


def rows_of(store: Store, scope: str, dots: Iterable[bytes], schema: str = "") -> Iterator[Row]:
    """The entries of these changes, as far as they are here."""
    wanted: dict[bytes, set[bytes]] = {}
    for dot in dots:
        wanted.setdefault(dot[:8], set()).add(dot)
    for log, its in wanted.items():
        numbers = sorted({codec.dot_parts(dot)[1] for dot in its})
        sql = f"SELECT {_COLUMNS} FROM {schema}entry WHERE log = ? AND n IN (?)"  # a log is of one scope; naming it leads SQLite astray
        yield from (row for row in map(_row, store.among(sql, numbers, (log,))) if row.dot in its and row.scope == scope)


def _row(one: tuple[object, ...]) -> Row:
    values = [bytes(value) if isinstance(value, memoryview) else value for value in one]
    return Row(*values)  # type: ignore[arg-type]


