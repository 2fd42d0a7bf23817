"""Requests to join that lie on a PC until they have been carried, and the network that it knows; opens no seal and knows no road.

Anybody can write a request, so the room is small: of each key the newest
letter, and of all no more than `MOST`; the oldest fall out, but for those that
were written on this PC.
"""

from __future__ import annotations

from typing import NamedTuple

from sync import admission, codec, ledger
from sync.change import head_statement
from sync.errors import Refused
from sync.identity import fingerprint, key_id, verifies
from sync.relay.parcels import name_of
from sync.scopes import CONTROL
from sync.store import Store

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS letter (position INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, number BIGINT NOT NULL, own BIGINT NOT NULL,"
    " handed BIGINT NOT NULL, data BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS ticket (position INTEGER PRIMARY KEY, author BLOB NOT NULL UNIQUE, number BIGINT NOT NULL, name BLOB NOT NULL,"
    " data BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS network (place BIGINT PRIMARY KEY, key BLOB NOT NULL, server TEXT NOT NULL)",
)
MOST = 200  # letters, and as many tickets: 800 kB of each at most


class Lying(NamedTuple):
    """A letter in the room; `handed` tells that a server has it."""

    key: str
    number: int
    name: bytes
    data: bytes
    handed: bool


class Network(NamedTuple):
    """The network of this PC: its authority's key, and the address of its server, "" while nobody here knows it."""

    key: bytes
    server: str


class WaitingRoom:
    """The letters in one public file. Every method that writes joins the caller's transaction, or is one."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def keep(self, data: bytes, authority: bytes, *, own: bool = False) -> bool:
        """Keep a letter; whether it was news. Damaged when it is none, Refused when it is for another network."""
        letter = admission.read(data)
        if letter.network != fingerprint(authority):
            raise Refused(admission.OTHER, "other_network")
        key = letter.key.hex()
        with self.store.transaction():
            if self.store.value("SELECT 1 FROM certificate WHERE key = ? AND gone = 0", (key,)) is not None:
                return False
            known = self.store.row("SELECT number, own FROM letter WHERE key = ?", (key,))
            if known is not None and known[0] >= letter.number:
                return False
            self.store.execute("DELETE FROM letter WHERE key = ?", (key,))
            self.store.execute("INSERT INTO letter (key, number, own, handed, data) VALUES (?, ?, ?, 0, ?)",
                               (key, letter.number, int(own or bool(known and known[1])), data))
            self.store.execute("DELETE FROM letter WHERE own = 0 AND position NOT IN"
                               " (SELECT position FROM letter WHERE own = 0 ORDER BY position DESC LIMIT ?)", (MOST,))
        return True

    def all(self) -> list[Lying]:
        """What lies here, the oldest first."""
        return [Lying(key, number, name_of(bytes(data)), bytes(data), bool(handed))
                for key, number, data, handed in self.store.rows("SELECT key, number, data, handed FROM letter ORDER BY position")]

    def hand(self, key: str) -> None:
        """Note that a server has the letter of a key; other PCs are given it all the same, the server may be set back."""
        with self.store.transaction():
            self.store.execute("UPDATE letter SET handed = 1 WHERE key = ?", (key,))

    def keep_ticket(self, data: bytes, author: bytes, number: int) -> bool:
        """Keep a ticket for somebody's other computer, the newest of each device that makes some; whether it was news."""
        from sync.second_device import Ticket

        name = codec.unpack(data, Ticket).name
        with self.store.transaction():
            known = self.store.value("SELECT number FROM ticket WHERE author = ?", (author,))
            if known is not None and known >= number:
                return False
            self.store.execute("DELETE FROM ticket WHERE author = ?", (author,))
            self.store.execute("INSERT INTO ticket (author, number, name, data) VALUES (?, ?, ?, ?)", (author, number, name, data))
            self.store.execute("DELETE FROM ticket WHERE position NOT IN (SELECT position FROM ticket ORDER BY position DESC LIMIT ?)", (MOST,))
        return True

    def ticket(self, name: bytes) -> bytes | None:
        """The ticket that a code finds."""
        found = self.store.value("SELECT data FROM ticket WHERE name = ?", (name,))
        return bytes(found) if found else None

    def tickets(self) -> list[tuple[bytes, bytes]]:
        """(name among items, bytes) of the tickets that lie here."""
        rows = self.store.rows("SELECT data FROM ticket WHERE data <> ? ORDER BY position", (b"",))
        return [(name_of(bytes(data)), bytes(data)) for (data,) in rows]

    def drop_ticket(self, name: bytes) -> None:
        """The ticket was taken here: it does not go on."""
        with self.store.transaction():
            self.store.execute("UPDATE ticket SET data = ? WHERE name = ?", (b"", name))

    def leave(self, key: bytes) -> None:
        """Whoever has this key left the PC, and the key is gone: their request and their ticket go nowhere from here."""
        with self.store.transaction():
            self.store.execute("DELETE FROM letter WHERE key = ?", (key.hex(),))
            self.store.execute("DELETE FROM ticket WHERE author = ?", (key_id(key),))

    def drop_answered(self) -> None:
        """Let go of the letters of whom the control ledger knows by now."""
        if self.store.value("SELECT 1 FROM letter LIMIT 1") is not None:
            with self.store.transaction():
                self.store.execute("DELETE FROM letter WHERE key IN (SELECT key FROM certificate WHERE gone = 0)")


def network_here(store: Store) -> Network | None:
    """The network of a PC, if somebody here has met it and the control ledger here is of its authority."""
    row = store.row("SELECT key, server FROM network")
    at = ledger.head(store, CONTROL)
    if row is None or at is None or not verifies(bytes(row[0]), head_statement(CONTROL, at.epoch, at.number, at.chain), at.signature):
        return None
    return Network(bytes(row[0]), row[1])


def note_network(store: Store, key: bytes, server: str) -> None:
    """Keep the network of a PC for whoever comes to it next: the key that somebody here has pinned, and where its server is."""
    known = store.row("SELECT key, server FROM network")
    if known is None or bytes(known[0]) != key or (server and known[1] != server):
        with store.transaction():
            store.execute("INSERT INTO network (place, key, server) VALUES (1, ?, ?)"
                          " ON CONFLICT (place) DO UPDATE SET key = excluded.key, server = excluded.server",
                          (key, server or (known[1] if known is not None and bytes(known[0]) == key else "")))
