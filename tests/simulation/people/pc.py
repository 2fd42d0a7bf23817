"""A PC that several people use in turn: one disk, one post box, a file each; knows no promise."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sync import posting
from sync.actor import Actor
from sync.postbox import PostBox
from sync.vault import HEARD
from sync.workspace import Workspace
from tests.simulation.disk import Disk, Killed
from tests.simulation.memory import LABELS
from tests.simulation.replica import Replica


@dataclass(slots=True)
class PC:
    """One computer and those who use it. `looked` are the parcels in its post box that were looked at."""

    folder: Path
    authority: bytes
    disk: Disk = field(default_factory=Disk)
    people: list[Someone] = field(default_factory=list)
    looked: set[bytes] = field(default_factory=set)

    def is_free(self, for_whom: Someone | None = None) -> bool:
        """Whether somebody can act here now: nobody else's sync is on its way."""
        return not any(one.busy for one in self.people if one is not for_whom)


@dataclass(slots=True)
class Someone(Replica):
    """One person at a PC that others use too; a guest is one of them. `ws` is None while their session is closed."""

    pc: Any = None
    role: str = "member"
    person: str = ""
    organisations: tuple[str, ...] = ()
    ever: set[str] = field(default_factory=set)  # scopes of their own that they had a right to at some time
    key: bytes = b""  # the name of the signing key, once it was made

    @property
    def actor(self) -> Actor:
        """Whose rights this person has."""
        return Actor(self.role, self.person, self.organisations)

    @property
    def box(self) -> PostBox:
        """The post box of the PC, as this session has it open."""
        return PostBox(self.ws.public)

    def open(self) -> Workspace:
        """Unlock: what arrived is taken, what waits is sealed, and from now on what is saved."""
        found = Replica.open(self)
        if self.guest:
            with found.store.transaction():
                found.vault.keep("authority", self.pc.authority)
        posting.attend(found)
        return found

    def enter(self, *, alone: bool = True) -> None:
        """Sit down at the PC; `alone` means that nobody else's session stays open behind."""
        if alone and self.pc.is_free(self):
            for one in self.pc.people:
                if one is not self:
                    one.leave()
        if self.ws is None:
            try:
                self.open()
            except Killed:
                self.died()

    def leave(self) -> None:
        """Close the session; what stood on the screen is gone."""
        if self.ws is not None:
            self.ws.close()
            self.away()

    def away(self) -> None:
        """Nobody has this person's file open."""
        self.ws = None
        self.forms.clear()
        self.cards.clear()

    def restart(self) -> None:
        """The program died with every session in it; this person opens it again."""
        for one in self.pc.people:
            if one is not self:
                one.away()
        Replica.restart(self)

    def told(self) -> list[int]:
        """The saves of others that this disk shows before anybody decided them, in the order in which they came."""
        rows = self.ws.vault._rows("state = ? ORDER BY position", (HEARD,))
        found = [one.change.time % LABELS for one in rows]
        unknown = [label for label in found if label not in self.memory.typed]
        if unknown:
            self.memory.wrong.append(f"{self.name} shows {unknown}, which nobody typed")
        return [label for label in found if label in self.memory.typed]
