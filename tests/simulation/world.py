"""One run: a server, replicas and links from one seed, step by step, then healing; the same seed is the same run."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from sync import codec
from sync.errors import Failure
from sync.exchange.asking import sync
from sync.identity import key_id
from sync.record import uuid7
from sync.scopes import members_read
from sync.workspace import Workspace
from tests.simulation import kinds as shared
from tests.simulation.disk import Disk, Killed, laid_out, taken_in
from tests.simulation.link import FATES, Link
from tests.simulation.memory import CREATE, LABELS, Memory, Typed
from tests.simulation.replica import Replica
from tests.simulation.seams import Place
from tests.simulation.server import Server

START = 1_770_000_000_000 // LABELS * LABELS  # milliseconds since 1970: a day in 2026
YEAR = 365 * 24 * 3600 * 1000 // LABELS * LABELS
MOST = 6  # replicas at one time


_blank: dict[str, dict[Path, bytes]] = {}


def blank(version: str, place: Place) -> dict[Path, bytes]:
    """A folder that a version of the program has just made, to be laid out: making the tables takes long."""
    if version not in _blank:
        with TemporaryDirectory() as folder:
            place.disk = Disk()
            Workspace(Path(folder), shared.VERSIONS[version]).close()
            place.disk.pulled()
            _blank[version] = taken_in(Path(folder))
    return _blank[version]


class World:
    """Everything of one run. `skip` leaves steps out, which is how a failing run is made smaller.

    `step` plays one thing and `weights` say how often which happens: the plan's (`plans.py`).
    """

    reads = staticmethod(members_read)
    step: Callable[[World, Random, str], None]

    def __init__(self, seed: int, folder: Path, place: Place, chance: Random) -> None:
        self.seed = seed
        self.folder = folder
        self.place = place
        self.chance = chance
        self.count = 0
        self.trace: list[str] = []
        self.memory = Memory()
        self.late: list[bytes] = []
        self.answers: list[bytes] = []
        self.records: list[tuple[str, str, str]] = []
        self.typing = shared.Typing(chance.choice((0.0, 0.08, 0.15)))
        self.fates = chance.sample(FATES, chance.randint(0, len(FATES)))
        self.protocol = chance.choice((codec.PROTOCOL, codec.BRIEF))
        self.trouble = chance.choice((0.0, 0.1, 0.3, 0.6))  # how many exchanges meet a fate
        self.failing = chance.choice((0.0, 0.0, 0.02, 0.05, 0.15))  # how many steps meet a failing disk
        self.disk_faults = chance.choice((("kill",), ("full", "error"), ("kill", "full", "error")))
        self.server = Server(folder / "server", self.memory, chance, self.tick, chance.choice((0, 4, 8)), self.reads)
        self.server.version = self.version(chance, 0.1)
        self.server.start()
        self.depth = 0
        self.weights: dict[Any, float] = {}
        self.replicas: list[Replica] = []
        self.populate(chance)

    def populate(self, chance: Random) -> None:
        """Those who are there at the beginning."""
        for _ in range(chance.choice((1, 2, 2, 3, 3, 4, 5))):
            self.join(self.version(chance, 0.2))

    @staticmethod
    def version(chance: Random, old: float) -> str:
        """Which program somebody runs."""
        return "old" if chance.random() < old else "new"

    def scopes_of(self, replica: Replica) -> list[str]:
        """The ledgers that a replica reads."""
        return ["control", "public"] if replica.revoked or replica.guest else ["control", "public", "network"]

    def hears_all(self, replica: Replica) -> bool:
        """Whether a replica is given all that it ever read or wrote in."""
        return not replica.revoked

    def received(self) -> set[int]:
        """The saves that some replica holds as accepted."""
        return {label for replica in self.replicas for label in replica.received()}

    def tick(self) -> int:
        """A label that was never given before; the clocks of PCs and server are made of it."""
        self.count += 1
        return START + self.count

    def wrong(self, sentence: str) -> None:
        """A promise was not kept."""
        self.memory.wrong.append(sentence)

    def join(self, version: str, *, guest: bool = False) -> Replica:
        """A new person on a new PC."""
        chance = self.chance
        name = f"r{len(self.replicas)}"
        link = Link(self.server, self.late, self.answers, self.protocol)
        found = Replica(name, self.folder / name, version, self.place, self.memory, link, self.tick, chance, guest=guest)
        found.skew = chance.choice((0, 0, 0, 10 * YEAR, -10 * YEAR, LABELS * chance.randint(-500, 500)))
        laid_out(blank(version, self.place), found.folder)
        found.open()
        with found.ws.store.transaction():
            found.ws.vault.keep("authority", self.server.key.public)
            if not guest:
                person, device = uuid7(START, chance.randbytes), uuid7(START, chance.randbytes)
                for setting, value in {"server": "direct", "role": "member", "person": person, "device": device, "name": name}.items():
                    found.ws.vault.keep(setting, value)
        if not guest:
            found.device = device
            self.server.authority.certify(found.ws.vault.key().public, person, device, "member")
        self.replicas.append(found)
        return found

    def note(self, words: str) -> None:
        """A line of the trace."""
        self.trace.append("  " * self.depth + words)

    def attempt(self, replica: Replica, planned: list[Typed], call: Callable[[], Any]) -> str:
        """Let a person save: what is acknowledged is remembered, what a fault cut is looked for on the disk.

        `planned` are the saves that the call makes, without labels, in order;
        the label is the last one that the clock gave for each.
        """
        replica.issued.clear()
        try:
            saved = call()
        except Killed:
            replica.died()
            return f"killed {self._found(replica, planned, whole=True)}"
        except Failure as failure:
            if replica.disk.disarm() and self._found(replica, planned, whole=False):
                self.wrong(f"{replica.name} was told {failure.code}, and it was saved")
            return failure.code
        replica.disk.disarm()
        changes = saved if isinstance(saved, list) else [saved]
        done = [one for one in changes if one.change]
        if len(done) != len(planned):
            self.wrong(f"{replica.name} saved {len(done)} of {len(planned)}")
            return "wrong"
        if len(planned) == 1:
            self.keep(replica, planned[0], replica.issued[-1] % LABELS, bytes.fromhex(done[0].change))
        else:
            held = {one.dot.hex(): label for label, one in replica.outbox().items()}
            for one, made in zip(planned, done, strict=True):
                self.keep(replica, one, held[made.change], bytes.fromhex(made.change))
        return " ".join(str(one.label) for one in planned) or "nothing"

    def keep(self, replica: Replica, one: Typed, label: int, dot: bytes) -> None:
        """A save is on the disk."""
        one.label = label
        self.memory.type(one)
        self.memory.name(dot, label)
        self.memory.author[label] = key_id(replica.ws.vault.key().public)
        replica.holding.kept.add(label)
        if one.operation == CREATE and all(one.record != id for _, id, _ in self.records):
            self.records.append((one.kind, one.record, one.scope))

    def _found(self, replica: Replica, planned: list[Typed], *, whole: bool) -> str:
        """The saves of a call without an answer that are on the disk after all: all of them or none."""
        issued = {label % LABELS for label in replica.issued}
        here = sorted((label, one) for label, one in replica.outbox().items() if label in issued and label not in self.memory.typed)
        if here and len(here) != len(planned):
            self.wrong(f"{replica.name} holds {len(here)} of {len(planned)} saves that were one")
        elif whole:
            for one, (label, pending) in zip(planned, here, strict=False):
                if one.operation == CREATE:
                    one.record = pending.record
                self.keep(replica, one, label, pending.dot)
        return " ".join(str(label) for label, _ in here)

    def exchange(self, replica: Replica, chance: Random, fates: list[str]) -> str:
        """One sync over a link with these fates."""
        link = replica.link
        link.fates, link.chance, link.met = fates, chance, []
        looks = chance.randint(1, 6) if fates and chance.random() < 0.15 else 0
        left = iter([False] * looks)
        replica.busy = True
        try:
            report = sync(replica.ws, link, stop=(lambda: next(left, True)) if looks else None)
            outcome = f"sent {report.sent} accepted {report.accepted} refused {report.refused} received {report.received} aside {len(report.set_aside)}"
            if chance.random() < 0.1:
                self.in_step(replica)
        except Killed:
            replica.died()
            outcome = "killed"
        except Failure as failure:
            outcome = failure.code
        finally:
            replica.busy = False
        replica.hear()
        link.fates = []
        return f"{outcome} [{' '.join(link.met)}]"

    def in_step(self, replica: Replica) -> None:
        """Who stands where the server stands has the server's digest."""
        mine, heads = replica.ws.digest(), replica.ws.heads()
        for scope, digest in self.server.digest().items():
            if scope in heads and heads[scope].chain == self.server.heads()[scope] and mine[scope] != digest:
                self.wrong(f"{replica.name} has another digest of {scope} than the server at the same number")

    def heal(self) -> None:
        """Faults end; everybody syncs until nobody has anything to hand in or to take."""
        self.note("healing")
        for replica in self.replicas:
            replica.link.parted = False
            replica.disk.disarm()
        self.chance.shuffle(self.late)
        for body in self.late:
            self.deliver(body)
        if self.server.version == "old":
            self.server.version = "new"
            self.server.restart()
        for turn in range(8):
            quiet = True
            for replica in self.replicas:
                replica.enter()
                before = replica.ws.heads()
                outcome = self.exchange(replica, self.chance, [])
                self.note(f"{replica.name} syncs: {outcome}")
                if outcome.startswith("no_certificate") and turn < 2:  # the backup is older than this person, and no copy of their certificate came back
                    self.server.authority.certify(replica.ws.vault.key().public, replica.ws.vault.word("person"), replica.device, "member")
                    quiet = False
                    continue
                if not outcome.startswith("sent") or ("aside 0" not in outcome and self.hears_all(replica)):
                    self.wrong(f"{replica.name} cannot sync after healing: {outcome}")
                done = outcome.startswith("sent 0") or not self.hears_all(replica)  # what was accepted where one does not read any more is never heard
                quiet = quiet and before == replica.ws.heads() and done
            if quiet:
                return
        self.wrong("the network does not come to rest")

    def deliver(self, body: bytes) -> None:
        """A message arrives long after whoever sent it gave up."""
        try:
            self.server.answer(body)
            self.note("a late message arrives")
        except Failure as failure:
            self.note(f"a late message arrives: {failure.code}")

    def digest(self) -> str:
        """What two runs of one seed must have in common."""
        return hashlib.sha256("\n".join(self.trace).encode()).hexdigest()[:16]

    def close(self) -> None:
        """Give every file back."""
        for replica in self.replicas:
            replica.disk.pulled()
        self.server.disk.pulled()
