"""The oracle's own record: what each author typed, what they really saw, which disk holds it, what the server signed; knows no merge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sync import codec
from sync.change import START, Change, entry_link
from sync.store import Store

CREATE, EDIT, DELETE, RESTORE = "create", "edit", "delete", "restore"
SCOPES = ("public", "network")
LABELS = 100_000  # a change is known by the last digits of its author's clock, which never come twice in a run


@dataclass(slots=True)
class Typed:
    """One save. `saw` holds, by path, the saves whose values its author was shown, and what those had seen that were not accepted."""

    label: int
    operation: str
    kind: str
    record: str
    scope: str
    writes: dict[str, Any] = field(default_factory=dict)
    saw: dict[str, frozenset[int]] = field(default_factory=dict)
    undoes: frozenset[int] = frozenset()


@dataclass(slots=True)
class Holding:
    """What one disk holds of its person's work: saves by label, what was given up here, refusals that were heard, drafts.

    A refusal that was heard stays so, even when the server loses it; whatever
    it says later of the same save, accepting it included, counts more.
    """

    kept: set[int] = field(default_factory=set)
    given_up: set[int] = field(default_factory=set)
    refused: set[int] = field(default_factory=set)
    drafts: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def copy(self) -> Holding:
        """The same, on another disk."""
        return Holding(set(self.kept), set(self.given_up), set(self.refused), dict(self.drafts))


class Book:
    """What the server signed in one scope, in order, since it was last set back."""

    def __init__(self) -> None:
        self.chain = START
        self.number = 0
        self.accepted: dict[int, int] = {}
        self.dots: set[bytes] = set()
        self.refused: dict[bytes, int] = {}


class Memory:
    """Everything that really happened in a run."""

    def __init__(self, scopes: Iterable[str] = SCOPES) -> None:
        self.scopes = list(scopes)
        self.typed: dict[int, Typed] = {}
        self.of_record: dict[str, list[int]] = defaultdict(list)
        self.dots: dict[bytes, int] = {}
        self.dots_of: dict[int, set[bytes]] = defaultdict(set)
        self.books: dict[str, Book] = {scope: Book() for scope in self.scopes}
        self.chains: dict[tuple[str, bytes], tuple[Book, int]] = {}
        self.collisions: set[int] = set()
        self.doubled: set[int] = set()
        self.moved: set[int] = set()
        self.author: dict[int, bytes] = {}
        self.withdrawn: dict[tuple[bytes, str], int] = {}  # by key and scope ("": all): the control number from which nothing of it may be accepted
        self.logs: dict[bytes, bytes] = {}
        self.rests: set[int] = set()  # numbers of the control ledger at which no transaction of the server was under way
        self.wrong: list[str] = []
        self._marks()

    def _marks(self) -> None:
        for scope, book in self.books.items():
            self.chains.setdefault((scope, START), (book, 0))

    def open_scope(self, scope: str) -> None:
        """There is somebody whose scope this is."""
        if scope not in self.books:
            self.scopes.append(scope)
            self.books[scope] = Book()
            self._marks()

    def type(self, one: Typed) -> None:
        """A save was acknowledged, or found on the disk after a kill."""
        self.typed[one.label] = one
        self.of_record[one.record].append(one.label)

    def name(self, dot: bytes, label: int) -> None:
        """A save's dot. Two saves under one dot are the 1 in 65,536 that a mark of 16 bits cannot tell apart."""
        other = self.dots.setdefault(dot, label)
        self.dots_of[label].add(dot)
        if len(self.dots_of[label]) > 1:
            self.moved.add(label)
        if other != label:
            self.collisions |= {other, label}

    def server_set_back(self) -> None:
        """The server's database is an older one from here on: its books are read again."""
        self.books = {scope: Book() for scope in self.scopes}

    def read(self, store: Store) -> None:
        """Read what the server signed since the last look, and hold it against what was typed."""
        self.rests.add(store.value("SELECT number FROM ledger WHERE scope = 'control'"))
        for scope, book in self.books.items():
            rows = store.rows("SELECT number, log, n, commitment, verdict, control, reason, body FROM entry"
                              " WHERE scope = ? AND number > ? ORDER BY number", (scope, book.number))
            for number, log, n, commitment, verdict, control, reason, body in rows:
                if number != book.number + 1:
                    self.wrong.append(f"the ledger {scope} skips from {book.number} to {number}")
                book.number = number
                book.chain = entry_link(book.chain, log, n, commitment, verdict, control, reason)
                self.chains[scope, book.chain] = (book, number)
                dot = codec.dot(log, n, commitment)
                if verdict == 1:
                    book.dots.add(dot)
                    change = codec.unpack(body, Change)
                    self._accepted(book, scope, number, change)
                    self._authored(store, scope, number, change, bytes(log), control)
                else:
                    book.refused[dot] = number
                    if body is not None:
                        self.wrong.append(f"the text of refused {number} is published in {scope}")

    def _accepted(self, book: Book, scope: str, number: int, change: Change) -> None:
        label = change.time % LABELS
        one = self.typed.get(label)
        if one is None:
            self.wrong.append(f"entry {number} of {scope} was written by nobody: {label}")
            return
        if label in book.accepted:
            if len(self.dots_of[label]) < 2:
                self.wrong.append(f"{label} was accepted twice in {scope}")
            self.doubled.add(label)  # one of two disks took an earlier save back: what both held was two saves from there on
        book.accepted.setdefault(label, number)  # a copy that reaches only the first of two shows it
        writes = {write.path: write.value for write in change.writes} if one.operation in (CREATE, EDIT) else {}
        if one.scope != scope or one.kind != change.kind or writes != one.writes or change.record.hex() != one.record.replace("-", ""):
            self.wrong.append(f"entry {number} of {scope} is not what {label} typed: {change.kind} {writes}, not {one}")

    def _authored(self, store: Store, scope: str, number: int, change: Change, log: bytes, control: int) -> None:
        """An accepted change stands under the key of whoever typed it, whoever handed it in, and nobody's who had been withdrawn."""
        if log not in self.logs:
            self.logs[log] = bytes(store.value("SELECT signer FROM log WHERE id = ?", (log,)))
        author = self.author.get(change.time % LABELS)
        if author is not None and author != self.logs[log]:
            self.wrong.append(f"entry {number} of {scope} stands under another's name than who typed it")
        if any(control >= self.withdrawn.get((self.logs[log], where), control + 1) for where in ("", scope)):
            self.wrong.append(f"entry {number} of {scope} was accepted from a device that had been withdrawn from there")

    def unjudged(self, upto: Mapping[str, int] | None = None) -> set[str]:
        """Records of which nobody can say from outside what must stand there, on a copy that reaches up to these numbers."""
        parted = {label for label in self.moved if label in self.typed and self.is_parted(label)}
        return self.headless(upto) | {self.typed[label].record for label in self.collisions | self.doubled | parted if label in self.typed}

    def headless(self, upto: Mapping[str, int] | None = None) -> set[str]:
        """Records of which a server that was set back took an edit again, and not yet the creation: what is left of them is shown meanwhile."""
        found, created = set(), set()
        for scope, book in self.books.items():
            for label, number in book.accepted.items():
                one = self.typed.get(label)
                if one is not None and (upto is None or number <= upto.get(scope, 0)):
                    (created if one.operation == CREATE else found).add(one.record)
        return found - created

    def is_parted(self, label: int) -> bool:
        """Whether a save that became two on two disks was accepted from one and refused from the other."""
        book = self.books[self.typed[label].scope]
        return label in book.accepted and any(dot in book.refused for dot in self.dots_of[label])

    def refusal(self, book: Book, label: int) -> int | None:
        """The number under which a save was refused, or None."""
        return next((book.refused[dot] for dot in self.dots_of[label] if dot in book.refused), None)
