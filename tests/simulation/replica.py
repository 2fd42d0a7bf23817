"""One PC of the simulation: a real workspace on a disk that fails, its link, its clock, and what the oracle knows of its person's work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from sync.workspace import Workspace
from tests.simulation.disk import Disk, Killed, copied
from tests.simulation.kinds import VERSIONS
from tests.simulation.link import Link
from tests.simulation.memory import LABELS, Holding, Memory
from tests.simulation.picture import Reader
from tests.simulation.seams import Place


@dataclass(slots=True)
class OpenForm:
    """A form on the screen, and what its reader really saw when it was opened."""

    kind: str
    record: str
    scope: str
    given: Any
    parts: dict[str, Any]
    saw: dict[str, frozenset[int]]


@dataclass(slots=True)
class OpenCard:
    """A conflict on the screen, and what its reader really saw."""

    kind: str
    record: str
    scope: str
    path: str
    given: Any
    values: list[Any]
    saw: frozenset[int]


@dataclass(slots=True)
class Replica:
    """One person on one disk."""

    name: str
    folder: Path
    version: str
    place: Place
    memory: Memory
    link: Link
    tick: Callable[[], int]
    random: Random
    skew: int = 0
    guest: bool = False
    revoked: bool = False
    device: str = ""
    file: str = "me"
    scopes: tuple[str, ...] = ()  # those of its person's own, in which they write memos
    disk: Disk = field(default_factory=Disk)
    holding: Holding = field(default_factory=Holding)
    forms: list[OpenForm] = field(default_factory=list)
    cards: list[OpenCard] = field(default_factory=list)
    backups: list[tuple[Path, Holding, str]] = field(default_factory=list)
    issued: list[int] = field(default_factory=list)
    ws: Any = None
    busy: bool = False
    kills: int = 0

    def open(self) -> Workspace:
        """Start the program on this folder, as often as it takes."""
        self.place.disk, self.disk.program = self.disk, self.version
        self.ws = Workspace(self.folder, VERSIONS[self.version], self.file, guest=self.guest, clock=self.clock, random=self.random.randbytes)
        return self.ws

    def enter(self) -> None:
        """Sit down at this PC: here its person always does."""

    def died(self) -> None:
        """A kill struck; a person starts the program again."""
        self.kills += 1
        self.restart()

    def restart(self) -> None:
        """The program died, or was closed; a person starts it again. Whatever stood on the screen is gone."""
        self.disk.gone()
        self.forms.clear()
        self.cards.clear()
        try:
            self.open()
        except Killed:
            self.died()

    def clock(self) -> int:
        """Milliseconds by this PC's clock, right or wrong; the last digits are never the same twice in a run."""
        label = self.tick()
        self.issued.append(label)
        return self.skew + label

    def reader(self) -> Reader:
        """What this replica has received, and what waits on its disk."""
        rows = dict(self.ws.store.rows("SELECT scope, chain FROM pub.ledger UNION ALL SELECT scope, chain FROM main.ledger"))
        books = {scope: (self.memory.books[scope], 0) for scope in self.memory.scopes}
        for scope in self.memory.scopes:
            chain = rows.get(scope)
            if chain is not None:
                known = self.memory.chains.get((scope, bytes(chain)))
                if known is None:
                    self.memory.wrong.append(f"{self.name} holds a state of {scope} that no server signed")
                else:
                    books[scope] = known
        heard = dict(self.ws.store.rows("SELECT scope, number FROM main.caught")) if self.busy else {}
        return Reader(self.memory, books, self.holding, heard, self.told())

    def told(self) -> list[int]:
        """The saves of others that this disk shows before anybody decided them: none, where all comes from the server."""
        return []

    def hear(self) -> None:
        """Note which refusals have reached this disk; those of a withdrawn device come beside the ledger, so there its outbox is asked."""
        books = self.reader().books
        told = {label for label, one in self.outbox().items() if one.state == "refused"} if self.revoked else set()
        for label in self.holding.kept:
            book, upto = books[self.memory.typed[label].scope]
            if (number := self.memory.refusal(book, label)) is not None and number <= upto:
                self.holding.refused.add(label)
        current = {label: self.memory.books[self.memory.typed[label].scope] for label in told & self.holding.kept}
        self.holding.refused |= {label for label, book in current.items() if self.memory.refusal(book, label) is not None}

    def received(self) -> set[int]:
        """The saves that this disk holds as accepted, and can prove: a snapshot shows what they did, not who wrote them (docs/sync.md, healing).

        A withdrawn device shows nobody what it has of the members' scopes any more.
        """
        shown = {label for scope, (book, upto) in self.reader().books.items() if not (self.revoked and scope != "public")
                 for label, number in book.accepted.items() if number <= upto}
        proven = {bytes(log) + n.to_bytes(4, "big") + bytes(mark) for schema in ("pub", "main")
                  for log, n, mark in self.ws.store.rows(f"SELECT log, n, mark FROM {schema}.entry")}
        return {label for label in shown if label in self.holding.kept or not proven.isdisjoint(self.memory.dots_of[label])}

    def outbox(self) -> dict[int, Any]:
        """What the disk holds of this person's saves, by label; their dots are noted."""
        found = {}
        for one in self.ws.vault.outbox(LABELS):
            label = one.change.time % LABELS
            self.memory.name(one.dot, label)
            found[label] = one
        return found

    def back_up(self, target: Path) -> None:
        """Copy the folder."""
        self.hear()
        copied(self.folder, target)
        self.backups.append((target, self.holding.copy(), self.version))

    def set_back(self, chance: Random) -> None:
        """Come back from a backup: what was saved since then is unknown here."""
        source, holding, self.version = chance.choice(self.backups)
        self.disk.pulled()
        copied(source, self.folder)
        self.holding = holding.copy()
        self.restart()
