"""By which road each run of ledger numbers came to this computer, and when; knows no carrier and no entry."""

from __future__ import annotations

from typing import NamedTuple

from sync.store import Store

HERE, SERVER, LAN, USB = "here", "server", "lan", "usb"  # saved on this computer, or what carriers call their roads


class Came(NamedTuple):
    """How something came here: the carrier’s own word for its road, and when (ms since 1970 by this PC’s clock, None if not kept)."""

    road: str
    taken: int | None


FROM_SERVER = Came(SERVER, None)  # where nothing is kept: there was no other road then


def note(store: Store, scope: str, first: int, last: int, road: str, taken: int) -> None:
    """Keep how the numbers from `first` to `last` came, in the transaction that brings them. What stood for them before gives way."""
    leave(store, scope, first - 1)
    longer = store.execute("UPDATE road SET last = ? WHERE scope = ? AND last = ? AND road = ? AND taken = ?", (last, scope, first - 1, road, taken))
    if not longer.rowcount:
        store.execute("INSERT INTO road (scope, first, last, road, taken) VALUES (?, ?, ?, ?, ?)", (scope, first, last, road, taken))


def note_up_to(store: Store, scope: str, last: int, road: str, taken: int) -> None:
    """The same for everything up to `last` of which nothing is kept yet: what a snapshot stands for."""
    known = store.value("SELECT max(last) FROM road WHERE scope = ?", (scope,)) or 0
    if known < last:
        note(store, scope, known + 1, last, road, taken)


def leave(store: Store, scope: str, after: int) -> None:
    """Forget how the numbers after one came: they left this copy."""
    store.execute("DELETE FROM road WHERE scope = ? AND first > ?", (scope, after))
    store.execute("UPDATE road SET last = ? WHERE scope = ? AND last > ?", (after, scope, after))


def note_sealed(store: Store, scope: bytes, first: int, last: int, came: Came) -> None:
    """Keep how a sealed page came, for whoever opens it. Such pages come in any order, so nothing else gives way."""
    store.execute("INSERT INTO road (scope, first, last, road, taken) VALUES (?, ?, ?, ?, ?) ON CONFLICT (scope, first) DO UPDATE"
                  " SET last = excluded.last, road = excluded.road, taken = excluded.taken",
                  (_sealed(scope), first, last, came.road, came.taken or 0))


def of_sealed(store: Store, scope: bytes, number: int) -> Came:
    """How a sealed page came that ends with a number, the last time; by the server where nothing is kept."""
    row = store.row("SELECT road, taken FROM road WHERE scope = ? AND last = ? ORDER BY taken DESC", (_sealed(scope), number))
    return FROM_SERVER if row is None else Came(row[0], row[1] or None)


def leave_sealed(store: Store, scope: bytes, up_to: int) -> None:
    """Forget how sealed pages came that end at a number or before."""
    store.execute("DELETE FROM road WHERE scope = ? AND last <= ?", (_sealed(scope), up_to))


def _sealed(scope: bytes) -> str:
    """Under which word the sealed pages of a scope stand beside the ledgers: the public file does not know its name."""
    return f"sealed {scope.hex()}"


class Roads:
    """How the numbers of one scope came, asked again and again while one answer is made. `schema` is where its ledger stands (`pub.`)."""

    def __init__(self, store: Store, scope: str, schema: str) -> None:
        self._store, self._scope, self._schema = store, scope, schema
        self._known: list[tuple[int, int, Came]] = []

    def of(self, number: int) -> Came:
        """How a number came; by the server where nothing is kept: there was no other road then."""
        for first, last, came in self._known:
            if first <= number <= last:
                return came
        row = self._store.row(f"SELECT first, last, road, taken FROM {self._schema}road WHERE scope = ? AND first <= ? AND last >= ?",
                              (self._scope, number, number))
        if row is None:
            return FROM_SERVER
        self._known.append((row[0], row[1], Came(row[2], row[3] or None)))
        return self._known[-1][2]
