"""This PC's post box: parcels of anybody here or met, and sealed pages for those who are away; knows no key and opens nothing.

It stands in the file that everybody on the PC reads. A parcel is kept until it
is decided. `copied` says that it has left this PC, or came from elsewhere: from
then on what is in it cannot be cancelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sync import codec, roads
from sync.change import log_link
from sync.relay.parcels import Label, Place, name_of
from sync.roads import FROM_SERVER, Came
from sync.scopes import scope_name
from sync.store import Store

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS parcel (name BLOB PRIMARY KEY, author BLOB NOT NULL, scope BLOB NOT NULL, log BLOB NOT NULL,"
    " first BIGINT NOT NULL, last BIGINT NOT NULL, before BLOB NOT NULL, ends BLOB NOT NULL, copied BIGINT NOT NULL, data BLOB NOT NULL)",
    "CREATE INDEX IF NOT EXISTS parcel_log ON parcel (log, first)",
    "CREATE TABLE IF NOT EXISTS sealed_page (scope BLOB NOT NULL, epoch BLOB NOT NULL, first BIGINT NOT NULL, last BIGINT NOT NULL,"
    " before BLOB NOT NULL, chain BLOB NOT NULL, data BLOB NOT NULL, PRIMARY KEY (scope, epoch, first, chain))",
    "CREATE TABLE IF NOT EXISTS reader (key BLOB NOT NULL, scope TEXT NOT NULL, number BIGINT NOT NULL, PRIMARY KEY (key, scope))",
)


ENDLESS = 2**62  # after every number


class Kept(NamedTuple):
    """A parcel in the box, without its bytes."""

    name: bytes
    author: bytes
    log: bytes
    first: int
    last: int
    before: bytes
    end: bytes
    copied: bool
    size: int  # 0 for one that was handed in


class PostBox:
    """The box in one public file. Every method that writes joins the caller's transaction, or is one."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def keep(self, data: bytes, label: Label, *, copied: bool) -> bool:
        """Keep a parcel that was looked at; whether it was news. One that came back from elsewhere has left, whatever was thought here."""
        with self.store.transaction():
            known = self.store.row("SELECT copied FROM parcel WHERE name = ?", (name_of(data),))
            self.store.execute("INSERT INTO parcel (name, author, scope, log, first, last, before, ends, copied, data)"
                               " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                               " ON CONFLICT (name) DO UPDATE SET copied = max(copied, excluded.copied)",
                               (name_of(data), label.author, label.scope, label.log, label.first, label.last, label.before, label.end,
                                int(copied), data))
        return known is None

    def parcels(self, author: bytes | None = None) -> list[Kept]:
        """What is in the box, of one author or of all, each log in its order."""
        where, args = ("", ()) if author is None else (" WHERE author = ?", (author,))
        rows = self.store.rows("SELECT name, author, log, first, last, before, ends, copied, length(data) FROM parcel"
                               f"{where} ORDER BY log, first, rowid", args)
        return [Kept(bytes(name), bytes(whose), bytes(log), first, last, bytes(before), bytes(end), bool(copied), size)
                for name, whose, log, first, last, before, end, copied, size in rows]

    def count(self, author: bytes) -> int:
        """How many parcels of an author are in the box."""
        return int(self.store.value("SELECT count(*) FROM parcel WHERE author = ?", (author,)))

    def parcel(self, name: bytes) -> bytes | None:
        """The bytes of a parcel that is still to be carried."""
        found = self.store.value("SELECT data FROM parcel WHERE name = ?", (name,))
        return bytes(found) if found else None

    def leave(self, names: Iterable[bytes]) -> None:
        """Note, before they are given to anybody, that these may be known elsewhere."""
        with self.store.transaction():
            self.store.many("UPDATE parcel SET copied = 1 WHERE name = ?", [(name,) for name in names])

    def take_out(self, changes: Mapping[bytes, int]) -> bool:
        """Take what holds a change (its number by its log), or a later one, out of the box; False, and nothing is taken, if some of it has left."""
        with self.store.transaction():
            for log, n in changes.items():
                if self.store.value("SELECT 1 FROM parcel WHERE log = ? AND last >= ? AND copied = 1 LIMIT 1", (log, n)) is not None:
                    return False
            self.store.many("DELETE FROM parcel WHERE log = ? AND last >= ?", list(changes.items()))
        return True

    def empty(self, names: Iterable[bytes]) -> None:
        """The authority has answered for these: nobody carries them any more. That they left stays known until they are decided here."""
        with self.store.transaction():
            self.store.many("UPDATE parcel SET data = ?, copied = 1 WHERE name = ?", [(b"", name) for name in names])

    def drop(self, names: Iterable[bytes]) -> None:
        """Let parcels go: what is in them was decided, or is not what waits any more."""
        with self.store.transaction():
            self.store.many("DELETE FROM parcel WHERE name = ?", [(name,) for name in names])

    def undecided(self) -> list[bytes]:
        """The names of the scopes of parcels that were handed in and whose verdict is not here."""
        return [bytes(scope) for (scope,) in self.store.rows("SELECT DISTINCT scope FROM parcel WHERE data = ?", (b"",))]

    def drop_undecided(self, scopes: Iterable[bytes]) -> None:
        """Let go of what was handed in for somebody elsewhere in these scopes: nobody here waits for the verdict."""
        with self.store.transaction():
            self.store.many("DELETE FROM parcel WHERE data = ? AND scope = ? AND author NOT IN (SELECT key FROM reader)",
                            [(b"", one) for one in scopes])

    def drop_entered(self) -> None:
        """Let go of the parcels whose last change stands in a ledger that everybody here reads."""
        rows = self.store.rows("SELECT p.name, p.ends, e.before, e.commitment FROM parcel p CROSS JOIN entry e ON e.log = p.log AND e.n = p.last")
        if rows:
            self.drop(bytes(name) for name, end, before, commitment in rows if log_link(bytes(before), bytes(commitment)) == bytes(end))

    def keep_page(self, data: bytes, place: Place, came: Came = FROM_SERVER) -> bool:
        """Keep a sealed page that was looked at, with the road by which it came, and let go of the parcels that it decides; whether it was news."""
        with self.store.transaction():
            self.let_go(place.decided)
            key = (place.scope, place.epoch, place.first, place.chain)
            if self.store.value("SELECT 1 FROM sealed_page WHERE scope = ? AND epoch = ? AND first = ? AND chain = ?", key) is not None:
                return False
            self.store.execute("INSERT INTO sealed_page (scope, epoch, first, last, before, chain, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
                               (place.scope, place.epoch, place.first, place.last, place.before, place.chain, data))
            roads.note_sealed(self.store, place.scope, place.first, place.last, came)
        return True

    def let_go(self, decided: Iterable[tuple[bytes, int, int]]) -> None:
        """Let go of the parcels whose last change is in one of these runs of a log. Only the authority says what is decided: who calls has looked."""
        with self.store.transaction():
            # somebody here has not heard the verdict yet: for them it stays known that it left
            these = [(b"", *run) for run in decided]
            self.store.many("UPDATE parcel SET data = ?, copied = 1 WHERE log = ? AND last BETWEEN ? AND ?", these)
            self.store.many("DELETE FROM parcel WHERE data = ? AND log = ? AND last BETWEEN ? AND ?"
                            " AND author NOT IN (SELECT key FROM reader)", these)

    def pages(self, scope: bytes, after: int) -> list[tuple[int, int, bytes]]:
        """(first, last, bytes) of the sealed pages of a scope that hold something after a number, in order, the longest first."""
        rows = self.store.rows("SELECT first, last, data FROM sealed_page WHERE scope = ? AND last > ? ORDER BY first, last DESC", (scope, after))
        return [(first, last, bytes(data)) for first, last, data in rows]

    def reached(self, scope: bytes, after: int) -> int:
        """Up to which number the pages of a scope in the box follow on one after the other, beginning after a number."""
        for first, last, _ in self.pages(scope, after):
            if first <= after + 1:
                after = max(after, last)
        return after

    def read_up_to(self, key: bytes, scope: str, number: int) -> None:
        """Note how far somebody on this PC has taken a scope, so that what is kept for them can go."""
        with self.store.transaction():
            self.store.execute("INSERT INTO reader (key, scope, number) VALUES (?, ?, ?)"
                               " ON CONFLICT (key, scope) DO UPDATE SET number = excluded.number", (key, scope, number))

    def readers(self) -> dict[tuple[bytes, str], int]:
        """How far each person on this PC has taken each scope that they read, by the name of their key."""
        return {(bytes(key), scope): number for key, scope, number in self.store.rows("SELECT key, scope, number FROM reader")}

    def drop_reader(self, key: bytes) -> None:
        """Somebody has no file here any more: let go of what is kept for nobody but them."""
        with self.store.transaction():
            theirs = {scope for each, scope in self.readers() if each == key}
            self.store.execute("DELETE FROM reader WHERE key = ?", (key,))
            for scope in theirs:
                left = [number for (_, each), number in self.readers().items() if each == scope]
                self.drop_pages(scope_name(scope), min(left, default=ENDLESS))
            self.store.execute("DELETE FROM parcel WHERE data = ? AND author = ?", (b"", key))

    def drop_pages(self, scope: bytes, up_to: int) -> None:
        """Let go of the pages of a scope that end at a number or before: everybody here has them, or they say what was erased."""
        with self.store.transaction():
            self.store.execute("DELETE FROM sealed_page WHERE scope = ? AND last <= ?", (scope, up_to))
            roads.leave_sealed(self.store, scope, up_to)

    def drop_page(self, data: bytes) -> None:
        """Let go of a sealed page that is not what was signed."""
        with self.store.transaction():
            self.store.execute("DELETE FROM sealed_page WHERE data = ?", (data,))

    def forget(self, scope: bytes, dots: Iterable[bytes]) -> None:
        """Something was erased: the pages of its scope are sealed again when somebody has them, and parcels that hold it go."""
        with self.store.transaction():
            self.store.execute("DELETE FROM sealed_page WHERE scope = ?", (scope,))
            parts = [codec.dot_parts(dot) for dot in dots]
            self.store.many("DELETE FROM parcel WHERE log = ? AND first <= ? AND last >= ?", [(log, n, n) for log, n, _ in parts])
