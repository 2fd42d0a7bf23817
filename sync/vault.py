"""A person's own file: their key, their logs, what they saved and what became of it; knows no kind and no network."""

from __future__ import annotations

import heapq
import itertools
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from sync import codec
from sync.change import START, Batch, Change, Operation, log_id, log_link, log_statement
from sync.identity import SigningKey, key_id
from sync.record import uuid7
from sync.store import Store

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value BLOB)",
    "CREATE TABLE IF NOT EXISTS own_log (scope TEXT PRIMARY KEY, log BLOB NOT NULL, nonce BLOB NOT NULL, n BIGINT NOT NULL, link BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS own_seed (log BLOB NOT NULL, run BIGINT NOT NULL, seed BLOB NOT NULL, PRIMARY KEY (log, run))",
    "CREATE TABLE IF NOT EXISTS pending (position INTEGER PRIMARY KEY, log BLOB NOT NULL, n BIGINT NOT NULL, scope TEXT NOT NULL,"
    " dot BLOB NOT NULL UNIQUE, before BLOB NOT NULL, commitment BLOB NOT NULL, body BLOB NOT NULL, kind TEXT NOT NULL,"
    " record TEXT NOT NULL, state TEXT NOT NULL, tried BIGINT NOT NULL, reason BLOB, number BIGINT)",
    "CREATE INDEX IF NOT EXISTS pending_state ON pending (state, scope)",
    "CREATE INDEX IF NOT EXISTS pending_record ON pending (record)",
    "CREATE INDEX IF NOT EXISTS pending_log ON pending (log, n)",
    "CREATE TABLE IF NOT EXISTS caught (scope TEXT PRIMARY KEY, epoch BLOB NOT NULL, number BIGINT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS draft (kind TEXT NOT NULL, id TEXT NOT NULL, content BLOB NOT NULL, PRIMARY KEY (kind, id))",
    "CREATE TABLE IF NOT EXISTS moved (dot BLOB NOT NULL, path TEXT NOT NULL, dots BLOB NOT NULL, PRIMARY KEY (dot, path))",
    "CREATE TABLE IF NOT EXISTS upload (sha256 TEXT PRIMARY KEY, size BIGINT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS visit (time BIGINT NOT NULL, bytes_up BIGINT NOT NULL, bytes_down BIGINT NOT NULL, sent BIGINT NOT NULL,"
    " accepted BIGINT NOT NULL, refused BIGINT NOT NULL, received BIGINT NOT NULL, failure TEXT)",
)

MADE_HERE = ("person", "device")  # ids that this program makes, and no server
FORGOTTEN = "vault"  # how far this file has forgotten of the person's own changes, beside the scopes that it holds
NOWHERE: Mapping[str, int] = {}
_SOME = 400  # changes read at once
_FULL = codec.MAX_BATCH - codec.MAX_CHANGE  # bytes of bodies after which a batch takes no more
WAITING, ACCEPTED, REFUSED = "waiting", "accepted", "refused"
HEARD = "heard"  # somebody else's, not decided yet: shown, and nothing else (`sync/heard.py`)
PUT_AWAY = "put_away"  # refused, and dropped by its author; nobody sees it
_FORKED = "forked "  # with a log's name: the setting that says that it ended because another copy of this device goes on with it
_PROVABLE = "EXISTS (SELECT 1 FROM own_seed s WHERE s.log = pending.log AND s.run = pending.n / ?)"  # with codec.RUN


class Pending(NamedTuple):
    """A change that this person saved, and what became of it. `tried` means that it may have left this PC."""

    position: int
    log: bytes
    n: int
    scope: str
    dot: bytes
    before: bytes
    commitment: bytes
    body: bytes
    kind: str
    record: str
    state: str
    tried: bool
    reason: bytes | None
    number: int | None

    @property
    def change(self) -> Change:
        """What was saved."""
        return codec.unpack(self.body, Change)


_COLUMNS = "position, log, n, scope, dot, before, commitment, body, kind, record, state, tried, reason, number"


class Vault:
    """What one person keeps on one PC. Every method that writes runs inside the caller's transaction."""

    def __init__(self, store: Store, random: Callable[[int], bytes], clock: Callable[[], int]) -> None:
        self.store = store
        self.random = random
        self.clock = clock
        self._key: SigningKey | None = None

    def setting(self, name: str) -> bytes | None:
        """A kept setting, or None."""
        found = self.store.value("SELECT value FROM setting WHERE name = ?", (name,))
        return None if found is None else bytes(found)

    def word(self, name: str) -> str:
        """A kept setting as text; empty when there is none."""
        return (self.setting(name) or b"").decode()

    def keep(self, name: str, value: bytes | str) -> None:
        """Keep a setting."""
        data = value.encode() if isinstance(value, str) else value
        self._key = None if name == "key" else self._key
        self.store.execute("INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, data))

    def own_id(self, name: str) -> str:
        """The id of this person or of this device, made when it is first asked for."""
        found = self.word(name)
        if not found and name in MADE_HERE:
            found = uuid7(self.clock(), self.random)
            with self.store.transaction():
                self.keep(name, found)
        return found

    def key(self) -> SigningKey:
        """The person's signing key on this PC, made at its first use."""
        if self._key is None:
            with self.store.transaction():
                seed = self.setting("key")
                if seed is None:
                    seed = self.random(32)
                    self.keep("key", seed)
            self._key = SigningKey(seed)
        return self._key

    def append(self, scope: str, change: Change, position: int | None = None) -> Pending:
        """Sign nothing yet, but give a change its place in this person's log: number, seed, chain. `position` is the one that it had before."""
        log, n, link = self._own_log(scope)
        n += 1
        body = codec.pack(change)
        commitment = codec.commitment(codec.salt_of(self._seed(log, n // codec.RUN), n), body)
        dot = codec.dot(log, n, commitment)
        self.store.execute(
            "INSERT INTO pending (position, log, n, scope, dot, before, commitment, body, kind, record, state, tried)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
            (position, log, n, scope, dot, link, commitment, body, change.kind, str(uuid.UUID(bytes=change.record)), WAITING),
        )
        self.store.execute("UPDATE own_log SET n = ?, link = ? WHERE scope = ?", (n, log_link(link, commitment), scope))
        return self._rows("dot = ?", (dot,))[0]

    def batches(self, budget: int, without: Collection[int] = frozenset(), past: Mapping[str, int] = NOWHERE) -> list[tuple[Batch, list[Pending]]]:
        """What waits, as signed batches of runs of one log, about `budget` bytes of bodies in all, the oldest first.

        `without` names positions to leave out, `past` one in each scope up to
        which all are: they were sent in this very sync.
        A change of a log that ended with an erasure, accepted once and lost by
        the server, may have no seed here any more: it comes back by proof or
        not at all.
        """
        found: list[tuple[Batch, list[Pending]]] = []
        size = 0
        for rows in self._outgoing(without, past):
            run: list[Pending] = []
            weight = 0
            for one in rows:
                more = len(one.body) + 8
                if run and (weight + more > _FULL or not _follows(run[-1], one)):
                    found.append((self._batch(run), run))
                    run, weight = [], 0
                run.append(one)
                weight += more
                size += more
                if size > budget:
                    break
            found.append((self._batch(run), run))
            if size > budget:
                break
        return found

    def unsent(self, sent: Collection[int], past: Mapping[str, int] = NOWHERE) -> bool:
        """Whether anything waits that can be handed in and is not among these positions; up to those in `past`, nothing does."""
        return any(one.position not in sent for scope in self._scopes() for one in self._waiting(scope, past.get(scope, 0)))

    def mark_tried(self, changes: list[Pending]) -> None:
        """Note, before they leave, that these changes may be known elsewhere: they can no longer be cancelled."""
        self.store.many("UPDATE pending SET tried = 1 WHERE position = ?", [(one.position,) for one in changes if not one.tried])

    def waiting(self, scope: str | None = None, log: bytes | None = None) -> list[Pending]:
        """The changes without verdict, oldest first."""
        where, args = "state = ?", [WAITING]
        for column, value in (("scope", scope), ("log", log)):
            if value is not None:
                where += f" AND {column} = ?"
                args.append(value)
        return self._rows(f"{where} ORDER BY position", args)

    def waits(self) -> bool:
        """Whether any change is without verdict, one's own or heard of."""
        return self.store.value("SELECT 1 FROM pending WHERE state IN (?, ?) LIMIT 1", (WAITING, HEARD)) is not None

    def of_record(self, record: str, state: str = WAITING) -> list[Pending]:
        """The changes of one record without verdict, oldest first; those heard of, if that is the `state` asked for."""
        return self._rows("record = ? AND state = ? ORDER BY position", (record, state))

    def refused_of(self, record: str) -> list[Pending]:
        """The refused changes of one record, in the order of their verdicts."""
        return self._rows("record = ? AND state = ? ORDER BY number, position", (record, REFUSED))

    def records_waiting(self, records: list[str]) -> set[str]:
        """Those of these records that have changes without verdict, one's own or heard of."""
        return {row[0] for row in self.store.among("SELECT DISTINCT record FROM pending WHERE state IN (?, ?) AND record IN (?)",
                                                   records, (WAITING, HEARD))}

    def of_dot(self, dot: bytes) -> Pending | None:
        """The change of a dot, if it is one of this person's."""
        found = self._rows("dot = ?", (dot,))
        return found[0] if found else None

    def outbox(self, limit: int = 500) -> list[Pending]:
        """What was saved here, the newest first: everything that waits or was refused, and the last accepted ones."""
        return self._rows("state IN (?, ?) OR position IN (SELECT position FROM pending WHERE state = ? ORDER BY position DESC LIMIT ?)"
                          " ORDER BY position DESC", (WAITING, REFUSED, ACCEPTED, limit))

    def decide(self, verdicts: Iterable[tuple[int, int | None, bytes | None]]) -> None:
        """Keep the authority's verdicts: (position, ledger number, why it refused or None).

        When it was heard stands in the same transaction: no cut parts the fact from its date.
        """
        verdicts = list(verdicts)
        if any(reason is None for _, _, reason in verdicts):
            self.keep("last_accepted", str(self.clock()))
        self.store.many("UPDATE pending SET state = ?, number = ?, reason = ? WHERE position = ?",
                        [(ACCEPTED if reason is None else REFUSED, number, reason, position) for position, number, reason in verdicts])
        self._clear()

    def put_away(self, one: Pending) -> None:
        """Forget a refused change for good, once nothing of its record waits any more: a creation may have to be shown with that."""
        self.store.execute("UPDATE pending SET state = ? WHERE position = ?", (PUT_AWAY, one.position))
        self._clear()

    def _clear(self) -> None:
        self.store.execute("DELETE FROM pending WHERE state = ? AND record NOT IN (SELECT record FROM pending WHERE state = ?)", (PUT_AWAY, WAITING))

    def forget(self, log: bytes, n: int) -> None:
        """A change was erased: its text goes from here too, and its log ends, since later seeds of its run would tell its salt.

        What has no verdict stays and keeps the seed that it needs until it has one.
        """
        self.store.execute("DELETE FROM own_log WHERE log = ?", (log,))
        self.store.execute("DELETE FROM setting WHERE name = ?", (_FORKED + log.hex(),))
        self.store.execute("DELETE FROM pending WHERE log = ? AND n = ? AND state = ?", (log, n, ACCEPTED))
        self._to_be_swept()
        self.drop_seeds()

    def fork(self, log: bytes) -> None:
        """Another copy of this device goes on with a log: here it ends. Its seeds stay: what a server loses of it is handed in again from here."""
        self.store.execute("DELETE FROM own_log WHERE log = ?", (log,))
        self.keep(_FORKED + log.hex(), b"1")

    def drop_seeds(self) -> None:
        """Forget the seeds of logs that have ended with an erasure and of which nothing waits."""
        ended = ("log NOT IN (SELECT log FROM own_log) AND log NOT IN (SELECT log FROM pending WHERE state = ?)"
                 f" AND '{_FORKED}' || lower(hex(log)) NOT IN (SELECT name FROM setting)")
        if self.store.value(f"SELECT 1 FROM own_seed WHERE {ended} LIMIT 1", (WAITING,)) is not None:
            self.store.execute(f"DELETE FROM own_seed WHERE {ended}", (WAITING,))
            self._to_be_swept()

    def _to_be_swept(self) -> None:
        self.store.execute("INSERT INTO main.forgotten (scope, control, swept) VALUES (?, 0, -1)"
                           " ON CONFLICT (scope) DO UPDATE SET swept = -1", (FORGOTTEN,))

    def rewind(self, one: Pending) -> list[Pending]:
        """Take a change that never left, and those after it in its log, out of the log; answers those after it."""
        after = self._rows("log = ? AND n > ? ORDER BY n", (one.log, one.n))
        self.store.execute("DELETE FROM pending WHERE log = ? AND n >= ?", (one.log, one.n))
        self.store.execute("UPDATE own_log SET n = ?, link = ? WHERE log = ?", (one.n - 1, one.before, one.log))
        return after

    def move(self, gone: Mapping[bytes, Mapping[str, list[bytes]]]) -> None:
        """Remember what stands, by part, in the place of changes that were taken back or got another number: an open form may have seen them."""
        self.store.many("INSERT INTO moved (dot, path, dots) VALUES (?, ?, ?) ON CONFLICT (dot, path) DO UPDATE SET dots = excluded.dots",
                        [(dot, path, codec.pack(dots)) for dot, paths in gone.items() for path, dots in paths.items()])

    def after_moves(self, dots: list[bytes], path: str) -> list[bytes]:
        """The dots of changes that a form saw, and those by which they are known now.

        The old ones stay named: another copy of this folder may have handed in what was taken back here.
        """
        found = dict.fromkeys(dots)
        new = list(found)
        while new:
            rows = self.store.among("SELECT dots FROM moved WHERE path = ? AND dot IN (?)", new, (path,))
            new = [each for each in dict.fromkeys(each for (now,) in rows for each in codec.unpack(now)) if each not in found]
            found.update(dict.fromkeys(new))
        return list(found)

    def salt(self, log: bytes, n: int) -> bytes:
        """The salt of one of this person's changes."""
        return codec.salt_of(self._seed(log, n // codec.RUN), n)

    def _own_log(self, scope: str) -> tuple[bytes, int, bytes]:
        row = self.store.row("SELECT log, n, link FROM own_log WHERE scope = ?", (scope,))
        if row is not None:
            return bytes(row[0]), row[1], bytes(row[2])
        nonce = self.random(8)
        log = log_id(key_id(self.key().public), scope, nonce)
        self.store.execute("INSERT INTO own_log (scope, log, nonce, n, link) VALUES (?, ?, ?, 0, ?)", (scope, log, nonce, START))
        self.keep(f"nonce {log.hex()}", nonce)
        return log, 0, START

    def _seed(self, log: bytes, run: int) -> bytes:
        row = self.store.row("SELECT seed FROM own_seed WHERE log = ? AND run = ?", (log, run))
        if row is not None:
            return bytes(row[0])
        seed = self.random(16)
        self.store.execute("INSERT INTO own_seed (log, run, seed) VALUES (?, ?, ?)", (log, run, seed))
        return seed

    def _outgoing(self, without: Collection[int], past: Mapping[str, int]) -> list[Iterator[Pending]]:
        """What can be handed in, by scope: that of the oldest change first."""
        also = [one for one in self._refused_creations() if one.position not in without]
        scopes = []
        for scope in self._scopes():
            rows = (one for one in self._waiting(scope, past.get(scope, 0)) if one.position not in without)
            if also:
                rows = heapq.merge(rows, (one for one in also if one.scope == scope), key=lambda one: one.position)  # type: ignore[assignment]
            first = next(rows, None)
            if first is not None:
                scopes.append((first.position, itertools.chain((first,), rows)))
        return [rows for _, rows in sorted(scopes, key=lambda each: each[0])]

    def _scopes(self) -> list[str]:
        return [scope for (scope,) in self.store.rows("SELECT DISTINCT scope FROM pending INDEXED BY pending_state WHERE state = ?", (WAITING,))]

    def _waiting(self, scope: str, after: int) -> Iterator[Pending]:
        """The changes of a scope after a position that are without verdict and can be proven, oldest first, read a few at a time."""
        where = f"state = ? AND scope = ? AND position > ? AND {_PROVABLE} ORDER BY position LIMIT {_SOME}"
        while rows := self._rows(where, (WAITING, scope, after, codec.RUN), "INDEXED BY pending_state"):
            yield from rows
            after = rows[-1].position

    def _refused_creations(self) -> list[Pending]:
        """Refused creations of records on which a change waits that was sent before, where they can still be proven.

        A server that was set back may not know of the refusal, or not of which
        record it was; then what is sent again of that record would wait for ever.
        """
        rows = self._rows("state IN (?, ?) AND record IN (SELECT record FROM pending WHERE state = ? AND tried = 1)"
                          f" AND {_PROVABLE} ORDER BY position", (REFUSED, PUT_AWAY, WAITING, codec.RUN))
        return [one for one in rows if one.change.operation == Operation.CREATE]

    def _batch(self, run: list[Pending]) -> Batch:
        first, last = run[0], run[-1]
        link = log_link(last.before, last.commitment)
        nonce = self.setting(f"nonce {first.log.hex()}") or b""
        seeds = [(each, self._seed(first.log, each)) for each in range(first.n // codec.RUN, last.n // codec.RUN + 1)]
        signature = self.key().sign(log_statement(first.log, last.n, link))
        return Batch(key_id(self.key().public), first.scope, nonce, first.n, first.before, seeds, [one.body for one in run], signature)

    def _rows(self, where: str, args: Sequence[Any], by: str = "") -> list[Pending]:
        rows = self.store.rows(f"SELECT {_COLUMNS} FROM pending {by} WHERE {where}", args)
        return list(map(Pending._make, rows))


def _follows(before: Pending, after: Pending) -> bool:
    """Whether a change is the next of its log."""
    return after.n == before.n + 1 and after.log == before.log and after.before == sha256(before.before + before.commitment).digest()
