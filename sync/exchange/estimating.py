"""What a sync would move, before anything large does: counted here exactly, asked of the server in one small turn; moves no record."""

from __future__ import annotations

from dataclasses import dataclass

from sync import unsent
from sync.change import Batch
from sync.errors import Failure, Refused
from sync.exchange import brief
from sync.exchange.asking import carrier_of
from sync.exchange.carriage import Carriage
from sync.exchange.metered import Metered
from sync.exchange.purse import Purse
from sync.exchange.remaining import PACKED, offered
from sync.exchange.report import Report
from sync.exchange.tongue import Tongue
from sync.exchange.words import PAGE, PUSH, TELL, Answer, Request
from sync.facts import CONTROL_KINDS
from sync.identity import fingerprint
from sync.record import Kinds
from sync.relay.carrier import Carrier
from sync.scopes import is_in_clear
from sync.store import SqliteStore
from sync.vault import WAITING
from sync.workspace import Workspace

TURN_UP, TURN_DOWN = 230, 160  # bytes of an exchange that brings nothing, while none was made
FETCH_UP, FETCH_DOWN = 113, 300  # bytes of asking for an offered file, and of what comes before its own
_ECHO = 86  # bytes of a page that says nothing but that one's own was accepted
_ASKED = 12  # files of which the server is asked how much it has: asking is paid for too


@dataclass(frozen=True, slots=True)
class Leaving:
    """A file that waits to leave: its hash, its bytes, and those that still lack at the server."""

    sha256: str
    size: int
    left: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the next sync would move, in bytes.

    `up` are records of this person and what waits of others on this PC, `down` those of others with whole copies
    (`copies`) among them and what it costs to ask; None while the server was
    not reached, and then `failure` says why. `files` wait to leave; `changes`
    are how many wait, `entries` how many come. `seconds` takes the measured
    speed of this link; None before there is one.
    """

    up: int
    down: int | None
    copies: int
    files: tuple[Leaving, ...]
    changes: int
    entries: int
    seconds: int | None
    failure: Failure | None = None

    @property
    def files_up(self) -> int:
        """The bytes of files that wait to leave."""
        return sum(one.left for one in self.files)


def estimate(ws: Workspace, carrier: Carrier | None = None, *, ask: bool = True) -> Estimate:
    """What a sync would move now. With `ask`, one exchange of a few hundred bytes says what comes; a link that fails is no failure here.

    Raises Refused: `not_joined` for who has no server to ask, or what that server says to a stranger.
    """
    road = Purse(ws).meter(carrier or carrier_of(ws))
    asking = _Asking(ws, road)
    failure: Failure | None = None
    try:
        if ask:
            asking.ask()
    except Refused:
        raise
    except Failure as error:
        failure = error
    finally:
        road.settle()
    return asking.estimate(failure)


class _Asking:
    """One estimate: what is known here, and then what the server said."""

    def __init__(self, ws: Workspace, road: Metered) -> None:
        self.ws = ws
        self.road = road
        self.heads = ws.heads()
        self.kinds = Kinds((*ws.kinds.values(), *CONTROL_KINDS))
        self.authority = ws.vault.setting("authority") or b""
        epoch = next((at.epoch for at in sorted(self.heads.values(), key=lambda at: not at.number)), b"")
        cursors = {scope: (at.number, at.chain[:8]) for scope, at in self.heads.items()}
        self.request = Request(fingerprint(self.authority), epoch, cursors, [], TELL, snapshots=True, segments=True)
        self.found: Answer | None = None
        self.turn = TURN_UP, TURN_DOWN
        self.files = [Leaving(sha256, size, size) for sha256, size in unsent.leaving(ws)]

    def ask(self) -> None:
        """One exchange, and for the largest files how much of them is there."""
        before = self.road.bytes_up, self.road.bytes_down
        tongue = Tongue(self.ws, self.road, self.kinds, self._store, self.road.exchange)
        self.found, _ = tongue.ask(self.request, [], self.heads)
        self.turn = self.road.bytes_up - before[0], self.road.bytes_down - before[1]
        for at, one in enumerate(self.files[:_ASKED]):
            self.files[at] = Leaving(one.sha256, one.size, max(0, one.size - self.road.held(one.sha256)))

    def estimate(self, failure: Failure | None) -> Estimate:
        """All of it."""
        pending = "SELECT count(*), coalesce(sum(length(body)), 0) FROM pending WHERE state = ?"
        changes, weight = self.ws.store.row(pending, (WAITING,)) or (0, 0)
        turns = 1 + weight // PUSH
        up = turns * self.turn[0] + self._leaving(weight) + Carriage(self.ws, Report()).weight
        down: int | None = None
        copies = entries = 0
        if self.found is not None:
            fetches = len(self.found.snapshots) + sum(map(len, self.found.segments.values()))
            up += fetches * FETCH_UP
            copies = offered(self.found.snapshots, self.found.segments)
            known = {scope: at.number for scope, at in self.heads.items()}
            entries = sum(max(0, number - known.get(scope, 0)) for scope, number in self.found.heads.items())
            echoes = 0 if not changes else _ECHO if weight <= PAGE else changes * 8 // 5  # on several pages each names what the others hold
            down = turns * self.turn[1] + self.found.remaining + fetches * FETCH_DOWN + echoes
        return Estimate(up, down, copies, tuple(self.files), changes, entries, self._seconds(up, down), failure)

    def _leaving(self, weight: int) -> int:
        """The bytes on the wire of what waits, `weight` bytes of bodies in all: as it would leave, the rest judged by that."""
        batches = [batch for batch, _ in self.ws.vault.batches(PUSH)]
        if not batches:
            return 0
        asker = brief.Asker(self._store, self.kinds, self.authority, self.ws.vault.key())
        wire = len(asker.message(self.request, batches, self.heads)) - len(asker.message(self.request, [], self.heads))
        return wire * max(1, weight // max(1, _bodies(batches)))

    def _seconds(self, up: int, down: int | None) -> int | None:
        pace = int(self.ws.vault.word("pace") or 0)
        return None if not pace or down is None else round((up + down + sum(one.left for one in self.files)) / pace)

    def _store(self, scope: str) -> SqliteStore:
        return self.ws.public if is_in_clear(scope) else self.ws.private


def _bodies(batches: list[Batch]) -> int:
    return sum(len(body) for batch in batches for body in batch.bodies)


def known(ws: Workspace) -> tuple[int, int, list[tuple[str, int]]]:
    """What is known without a look at it: about how many bytes wait as records, how many changes, and (hash, bytes) of files, the largest first."""
    pending = "SELECT coalesce(sum(length(body)), 0), count(*) FROM pending WHERE state = ?"
    weight, changes = ws.store.row(pending, (WAITING,)) or (0, 0)
    return TURN_UP + weight // PACKED if changes else 0, changes, unsent.leaving(ws)
