"""Six people in turn at one PC, killed at random moments: nobody reads what is another's, nothing that was acknowledged is lost or doubled.

The long form plays 200 sessions. Phrases are tried with argon2id at the least
strength that a file of keys may ask for.
"""

from __future__ import annotations

import os
import random
import select
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from sync.keys import FLOOR
from sync.people import People
from tests.e2e.programs import Server, running
from tests.e2e.shared_pc import ENDED, PC, Seat
from tests.faults.amounts import amount, chance, tell

NAMES = ("amina", "bahdon", "charmarke", "degmo", "elmi", "fozia")
PUBLIC, SECRET = ("organisation", "contact"), ("note",)
LOOKS = 20  # sessions after which everything is looked at


@dataclass(slots=True)
class Person:
    """Who sits down, and what they know to be saved. `words` are those that the others must not read, by when they may."""

    name: str
    phrase: str
    kept: dict[str, tuple[str, str]] = field(default_factory=dict)  # (kind, word) by id, as answered
    perhaps: set[str] = field(default_factory=set)  # words of saves that were begun and not answered
    drafts: dict[str, str] = field(default_factory=dict)  # the word of each draft that was answered last, by its place
    typed: dict[str, list[str]] = field(default_factory=dict)  # the words of all that was drafted there, in order
    secret: set[str] = field(default_factory=set)  # words of notes and drafts: nobody else's ever
    waiting: set[str] = field(default_factory=set)  # words of what is for all, and has left nowhere yet


class Room:
    """The PC, the six, the server, and one seeded chance."""

    def __init__(self, folder: Path, server: Server, dice: random.Random) -> None:
        self.pc = PC(folder)
        self.server = server
        self.dice = dice
        self.people = [Person(name, f"une phrase que seule {name} connaît") for name in NAMES]
        self.organisation = ""
        self.count = 0
        self.longest = 0.3  # seconds; adapts, so that most kills meet work

    def begin(self) -> None:
        """Everybody gets a place with a phrase, and joins."""
        places = People(self.pc.folder, os.urandom, lambda: 0, cost=FLOOR)
        for one in self.people:
            places.add(one.name, one.phrase)
            with self.pc.sits(one.name, one.phrase) as seat:
                seat.does("join", self.server.url, self.server.invite(), one.name.title())
                if not self.organisation:
                    self.organisation = seat.does("add", "organisation", {"name": {"fr": "La première"}})
                seat.does("sync")

    def session(self, one: Person) -> tuple[bool, bool]:
        """Somebody comes, looks, types, saves, syncs sometimes; whether they were killed, and whether in the middle of something."""
        seat = Seat(self.pc, one.name, one.phrase)
        try:
            assert seat.opened == "open", seat.opened
            self.looks(seat, one)
            if self.dice.random() < 0.15:
                return self._opening_killed(one)
            return self._works(seat, one)
        finally:
            if seat.process.poll() is None:
                seat.leaves()

    def _works(self, seat: Seat, one: Person) -> tuple[bool, bool]:
        orders = [self._order(one) for _ in range(self.dice.randint(4, 9))]
        killed = self.dice.random() < 0.7
        for order, word in orders:
            self._begun(one, order, word)
            seat.begins(*order)
        answered = 0
        if killed:
            until = time.monotonic() + self.dice.uniform(0, self.longest)
            while answered < len(orders) and select.select([seat.process.stdout], [], [], max(0, until - time.monotonic()))[0]:
                self._answered(one, *orders[answered], seat.hears())
                answered += 1
            seat.killed()
        while answered < len(orders) and (answer := seat.hears()) is not ENDED:
            self._answered(one, *orders[answered], answer)
            answered += 1
        inside = answered < len(orders)
        self.longest *= 1.05 if inside else 0.85 if killed else 1
        return killed, inside

    def _opening_killed(self, one: Person) -> tuple[bool, bool]:
        """The same person a second time, killed while their file is being opened."""
        seat = Seat.__new__(Seat)
        seat.starts(self.pc, one.name, one.phrase)
        select.select([seat.process.stdout], [], [], self.dice.uniform(0.2, 1.2))
        seat.killed()
        met = seat.hears() is ENDED
        seat.leaves()
        return True, met

    def _order(self, one: Person) -> tuple[tuple[Any, ...], str]:
        self.count += 1
        word = f"{one.name}{self.count}secret{self.dice.randrange(10**6)}"
        roll = self.dice.random()
        if roll < 0.3:
            return ("draft", "organisation", self.dice.choice(["", self.organisation]), {"note": word}), word
        if roll < 0.5:
            return ("add", "note", {"title": one.name, "text": word}), word
        if roll < 0.7:
            return ("add", "organisation", {"name": {"fr": word}}), word
        if roll < 0.85:
            return ("add", "contact", {"organisation": self.organisation, "name": word, "phone": "+253 77 00 00 00", "consent": "network",
                                       "consent_date": "2026-01-01"}, "network"), word
        return ("sync",), ""

    def _begun(self, one: Person, order: tuple[Any, ...], word: str) -> None:
        if order[0] == "sync":
            for each in self.people:  # whoever syncs hands in everybody's: from here on it may be accepted, and read by all
                each.waiting.clear()
        elif order[:2] == ("add", "note") or order[0] == "draft":
            one.secret.add(word)
        else:
            one.waiting.add(word)
        if order[0] == "add":
            one.perhaps.add(word)
        if order[0] == "draft":
            one.typed.setdefault(f"{order[1]}/{order[2]}", []).append(word)

    def _answered(self, one: Person, order: tuple[Any, ...], word: str, answer: Any) -> None:
        assert not isinstance(answer, dict) or not answer.get("failed"), (order, answer)
        if order[0] == "add":
            one.perhaps.discard(word)
            one.kept[answer] = (order[1], word)
        elif order[0] == "draft":
            one.drafts[f"{order[1]}/{order[2]}"] = word

    # what must be true at any moment

    def looks(self, seat: Seat, one: Person) -> None:
        """All of one's own is there; of the others' nothing that is theirs."""
        others = [each for each in self.people if each is not one]
        secret, waiting = [set().union(*(getattr(each, which) for each in others)) for which in ("secret", "waiting")]
        seen = seat.does("sees", sorted(secret | waiting))
        assert not secret.intersection(seen["held"]), f"{one.name} can read {seen['held']}"
        assert not seen["shown"], f"{one.name} is shown {seen['shown']}"
        drafts = seat.does("drafts")
        for place, word in one.drafts.items():  # as it was answered, or one that was typed after it
            typed = one.typed[place]
            assert drafts[place]["note"] in typed[typed.index(word):], f"a draft of {one.name} is gone"
        other = self.dice.choice(others)
        refused = seat.tries("tries", other.name)
        assert refused["failed"], f"{one.name} opened the file of {other.name}"
        assert len(refused["why"]) > 20
        assert other.phrase not in refused["why"]
        found = {kind: seat.does("records", kind) for kind in (*PUBLIC, *SECRET)}
        for id, (kind, word) in one.kept.items():
            assert word in str(found[kind].get(id)), f"an acknowledged {kind} of {one.name} is gone"
        mine = {word for _, word in one.kept.values()} | one.perhaps
        assert {each["text"] for each in found["note"].values()} <= mine

    def disk_is_sealed(self) -> None:
        """No file of the folder holds anybody's note or draft."""
        words = [word.encode() for one in self.people for word in one.secret]
        for path in sorted(self.pc.folder.rglob("*")):
            data = path.read_bytes() if path.is_file() else b""
            assert not [word for word in words if word in data], path

    def evening(self) -> int:
        """One person sends everyone's; each of the others then knows, without a network. How many saves there are."""
        with self.pc.sits(self.people[0].name, self.people[0].phrase) as seat:
            assert seat.does("sync")["set_aside"] == []
        self.server.stop()
        public: set[str] = set()
        for one in self.people:
            one.waiting.clear()
        for one in self.people:
            with self.pc.sits(one.name, one.phrase) as seat:
                self.looks(seat, one)
                states = {each["state"] for each in seat.does("outbox")}
                assert states <= {"accepted"}, (one.name, states)
                found = {kind: [str(each.get("text") or each["name"]) for each in seat.does("records", kind).values()] for kind in (*PUBLIC, *SECRET)}
                told = [word for kind in PUBLIC for word in found[kind]]
                assert len(told) == len(set(told)), "something was doubled"
                public = public or set(told)
                assert public == set(told)
                assert len(found["note"]) == len(set(found["note"]))
                assert seat.does("verify") == []
        return sum(len(one.kept) for one in self.people)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with running(tmp_path / "server") as server:
        found = Room(tmp_path / "pc", server, chance("six"))
        found.begin()
        yield found


def test_sessions_of_six_people_with_kills(room: Room) -> None:
    sessions = amount(20, 200)
    killed = inside = 0
    for number in range(1, sessions + 1):
        was, met = room.session(room.dice.choice(room.people))
        killed, inside = killed + was, inside + met
        if number % LOOKS == 0:
            room.disk_is_sealed()
            for one in room.people:
                with room.pc.sits(one.name, one.phrase) as seat:
                    assert seat.does("verify") == []
    saves = room.evening()
    assert room.server.ask("verify") == {"ok": True, "problems": []}
    tell("six people in turn", sessions=sessions, killed=killed, in_the_middle=inside, saves=saves)
    assert inside >= sessions // 4


def test_a_phrase_of_somebody_else_opens_nothing(room: Room) -> None:
    seat = Seat(room.pc, room.people[0].name, room.people[1].phrase)
    assert seat.opened["failed"] == "locked"
    seat.leaves()
    assert seat.process.returncode != -signal.SIGKILL
