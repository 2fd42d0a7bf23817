"""The simulated server: a real authority on a real database, that is killed, filled and set back; knows no person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

from i18n import Text
from sync import ledger, segments, soundness
from sync.actor import Actor
from sync.authority import Authority, Reads
from sync.digests import settled
from sync.errors import Failure, Offline
from sync.exchange import answering
from sync.files import Files
from sync.identity import SigningKey
from sync.scopes import members_read
from sync.snapshots import publishing
from tests.simulation.disk import Disk, FailingStore, Killed, copied
from tests.simulation.kinds import STRICT
from tests.simulation.memory import Memory

PASSING = ("disk_full", "disk", "busy", "database", "read_only")  # what HTTP carries as 503: try again


class Server:
    """One authority. `never` in a hundred of all (operation, record, person) are refused, always the same ones."""

    def __init__(self, folder: Path, memory: Memory, chance: Random, clock: Callable[[], int], never: int, reads: Reads = members_read) -> None:
        self.folder = folder
        self.memory = memory
        self.chance = chance
        self.clock = clock
        self.never = never
        self.reads = reads
        self.version = "new"
        self.disk = Disk()
        self.key = SigningKey(chance.randbytes(32))
        self.kills = 0
        folder.mkdir()
        self.files = Files(folder.with_name("server-files"))

    def start(self) -> None:
        """Open the database, as often as it takes."""
        self.store = FailingStore(self.folder / "server.db", disk=self.disk)
        self.authority = Authority(self.store, STRICT[self.version], self.key, self.may, self.clock, self.chance.randbytes,
                                   reads=self.reads)
        self.authority.begin()

    def restart(self) -> None:
        """The program died; it starts again by itself."""
        self.disk.gone()
        self.start()

    def may(self, actor: Actor, operation: str, kind: str, values: Mapping[str, Any] | None, scope: str) -> Text | None:
        """A right that depends on the change alone, so that a change judged twice gets the same verdict."""
        if crc32(f"{operation} {(values or {}).get('id')} {actor.person}".encode()) % 100 < self.never:
            return Text("You may not do this.")
        return None

    def answer(self, body: bytes) -> bytes:
        """What the server says to a message; a kill, a full disk or an error looks from outside like no answer."""
        try:
            return answering.answer(self.authority, body)
        except Killed:
            self.kills += 1
            self.restart()
            raise Offline(Text("cut")) from None
        except Failure as failure:
            if failure.code in PASSING:
                raise Offline(Text("busy"), "busy") from failure
            raise
        finally:
            self.disk.disarm()
            self.memory.read(self.store)

    def digest(self) -> dict[str, str]:
        """What the server says its confirmed records are, by scope."""
        kinds = self.authority.kinds
        return {scope: found.hex() for scope in ledger.heads(self.store) if (found := settled(self.store, kinds, scope)) is not None}

    def heads(self) -> dict[str, bytes]:
        """The chain of each ledger."""
        return {scope: bytes(chain) for scope, chain in self.store.rows("SELECT scope, chain FROM ledger")}

    def publish(self, scope: str) -> str:
        """Make a snapshot for newcomers and those who were away for long, and freeze old pages."""
        try:
            made = publishing.publish(self.store, self.authority.kinds, scope, self.key, self.files)
            erasures = self.authority.trust.erasures
            check = soundness.checker(self.store, self.key.public, erasures, self.authority.sound)
            while segments.freeze(self.store, scope, self.key, self.files, erasures.newest, check) is not None:
                pass
        except Killed:
            self.kills += 1
            self.restart()
            return "killed"
        except Failure as failure:
            return failure.code
        finally:
            self.disk.disarm()
        return f"{made.number} {made.size}"

    def back_up(self, target: Path) -> None:
        """Copy the database."""
        copied(self.folder, target)

    def set_back(self, source: Path) -> None:
        """Come back from a backup: what was signed since then is unknown here."""
        self.disk.pulled()
        copied(source, self.folder)
        self.memory.server_set_back()
        self.start()
        self.memory.read(self.store)
