"""Three PCs with two people each that no server joins, and the meetings between them; knows no order in which they meet.

A and B share a cable, B and C a stick, and only from C's room the server is
reached. `Village.work` writes what each person has to say; `Village.arrived`
looks whether everything is everywhere.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from server import invitations
from server.premises import Premises
from tests.e2e.rooms import Room, rooms
from tests.e2e.shared_pc import PC, Station

PEOPLE = {"A": ("amina", "ali"), "B": ("bahdon", "barkat"), "C": ("choukri", "charmarke")}
ROLES = {"choukri": "moderator", "ali": "moderator"}
OURS = ("amina", "bahdon")  # these two speak for the first organisation
KINDS = ("organisation", "contact", "note", "minutes", "item")


class Village:
    """The three PCs, what was acknowledged to whom, and the stick."""

    def __init__(self, folder: Path, found: dict[str, Room]) -> None:
        self.folder = folder
        self.rooms = found
        self.pcs = {name: PC(folder / name, room) for name, room in found.items()}
        self.server = Station(folder / "server")
        self.sticks = [folder / "stick 0"]
        self.sticks[0].mkdir()
        self.started: dict[str, str] = {}  # ids of what stood there before, by what it is for
        self.typed: dict[str, dict[str, tuple[str, str]]] = {name: {} for pair in PEOPLE.values() for name in pair}  # (kind, words) by id
        self.refused: dict[str, str] = {}  # who will hear a reason, for the change named
        self.files: list[str] = []
        self.meetings = 0
        self.open: list[Any] = []  # what each person has to settle at the end

    def settles(self) -> None:
        """Everybody joins while the server stands beside them, and has the same copy; then it is reached from C's room alone."""
        self.server.start()
        with self.pcs["C"].outside().sits("choukri") as first:
            first.does("join", self.server.url, self.server.invite("moderator"), "Choukri")
            for name in ("ours", "both", "gone", "other"):
                self.started[name] = first.does("add", "organisation", {"name": {"fr": f"Au début {name}"}, "phone": "+253 21 00 00 00"})
            first.does("sync")
        for name, place in ((name, place) for place, pair in PEOPLE.items() for name in pair if name != "choukri"):
            with self.pcs[place].outside().sits(name) as one:
                one.does("join", self.server.url, self._invited(name), name.title())
                one.does("sync")
        self.server.stop()
        self.server.before = self.rooms["C"].enter
        self.server.start()

    def _invited(self, name: str) -> str:
        authority = Premises(self.server.folder).authority()
        try:
            return invitations.invite(authority, ROLES.get(name, "member"), (self.started["ours"],) if name in OURS else (), 30)
        finally:
            authority.store.close()

    def work(self, name: str, number: int = 0) -> None:
        """What one person saves: in every scope that they write, and some of it meets what others save."""
        place = next(place for place, pair in PEOPLE.items() if name in pair)
        with self.pcs[place].sits(name) as one:
            def add(kind: str, values: dict[str, Any], *scope: str) -> str:
                id = str(one.does("add", kind, values, *scope))
                self.typed[name][id] = (kind, words)
                return id

            words = f"{name} {number}"
            add("organisation", {"name": {"fr": words}})
            add("note", {"text": words})
            add("contact", {"organisation": self.started["other"], "name": words, "phone": "+253 77 00 00 00", "consent": "network", "consent_date": "2026-01-01"}, "network")
            if name in OURS:
                add("minutes", {"words": words}, "org")
            if name in ROLES:
                add("contact", {"organisation": self.started["other"], "name": words, "phone": "+253 77 00 00 01", "consent": "moderator",
                                "consent_date": "2026-01-01"}, "moderator")
            if number:
                return
            if name in ("amina", "bahdon"):  # neither saw the other's: a conflict
                one.does("edit", "organisation", self.started["both"], {"phone": f"+253 21 00 00 {'11' if name == 'amina' else '22'}"})
            if name == "amina":
                self.refused[name] = one.does("edit", "organisation", self.started["other"], {"verified": "2026-01-01"})
                id = add("item", {"title": {"fr": words}, "licence": "cc0"})
                guide = self.folder / "guide.txt"
                guide.write_text("Un guide. " * 20_000, "utf-8")
                one.does("attach", "item", id, str(guide))
                self.files.append(one.does("records", "item")[id]["file"]["sha256"])
            if name == "barkat":
                self.refused[name] = one.does("edit", "organisation", self.started["other"], {"verified_how": "visit", "verified": "2026-01-02"})
            if name == "ali":
                one.does("delete", "organisation", self.started["gone"])

    # meetings

    def cable(self, host: str, visitor: str) -> None:
        """Two who sit at A and B, whoever it is that shares."""
        there, here = (next(place for place, pair in PEOPLE.items() if name in pair) for name in (host, visitor))
        assert {there, here} == {"A", "B"}
        self.meetings += 1
        with self.pcs[there].shares(host, self.rooms[there].host) as url:
            found = self.pcs[here].dalil(visitor, "sync", "--via", url)
        assert found["set_aside"] == []

    def takes(self, name: str, at: int = -1) -> dict[str, Any]:
        """Somebody at B or C reads the stick as it was once."""
        place = next(place for place, pair in PEOPLE.items() if name in pair)
        self.meetings += 1
        found: dict[str, Any] = self.pcs[place].dalil(name, "courier", "read", self.sticks[at])
        return found

    def writes(self, name: str) -> None:
        """Somebody at B or C writes the stick, which stays as it was before in a copy."""
        place = next(place for place, pair in PEOPLE.items() if name in pair)
        new = self.folder / f"stick {len(self.sticks)}"
        shutil.copytree(self.sticks[-1], new)
        self.sticks.append(new)
        self.pcs[place].dalil(name, "courier", "write", new, "--files", "all")

    def reaches(self, name: str) -> dict[str, Any]:
        """Somebody at C syncs with the server."""
        self.meetings += 1
        found: dict[str, Any] = self.pcs["C"].dalil(name, "sync")
        return found

    # what must be true in the end

    def arrived(self, *, unseen: bool) -> None:
        """Everybody reads the same where they read, every refusal is at its author's, nothing is lost or doubled, nobody heard anything outside.

        `unseen` says that neither of the two who changed one phone had heard of the other's, so that both values must stand.
        """
        wanted = self.server.ask("digest")["scopes"]
        everyone = {id: said for own in self.typed.values() for id, said in own.items()}
        for place, pair in PEOPLE.items():
            for name in pair:
                with self.pcs[place].sits(name) as one:
                    self._looks(one, name, wanted, everyone)
        assert all(each == self.open[0] for each in self.open)
        assert self.open[0] or not unseen
        held = {path.name for path in (self.server.folder / "files").glob("*/*")}
        assert set(self.files) <= held, "a file did not reach the server"
        assert self.server.ask("verify") == {"ok": True, "problems": []}
        for name, room in self.rooms.items():
            assert not room.leads_out()
            assert {card for card, count in room.packets().items() if count and not card.startswith("cable")} <= {"lo"}, name

    def _looks(self, one: Any, name: str, wanted: dict[str, str], everyone: dict[str, tuple[str, str]]) -> None:
        digest = one.does("digest")
        behind = [scope for scope, value in digest.items() if value != wanted.get(scope)]
        assert not behind, f"{name} and the server differ in {behind}"
        assert {"control", "public", "network"} <= set(digest)
        assert any(scope.startswith("person:") for scope in digest)
        assert ("moderator" in digest) == (name in ROLES)
        assert any(scope.startswith("org:") for scope in digest) == (name in OURS)
        outbox = one.does("outbox")
        assert {each["state"] for each in outbox} <= {"accepted", "refused"}, (name, outbox)
        assert [(each["change"], "Only the secretariat marks" in each["reason"]) for each in outbox if each["state"] == "refused"] == [
            (change, True) for who, change in self.refused.items() if who == name]
        assert one.does("waiting") == 0
        found = {kind: one.does("records", kind) for kind in KINDS}
        for id, (kind, said) in everyone.items():
            mine = id in self.typed[name]
            if mine or self._reads(name, id, kind):
                assert said in str(found[kind].get(id)), (name, kind, said)
            else:
                assert id not in found[kind], (name, kind, said)
        assert sorted(found["organisation"]) == sorted([*(id for id, (kind, _) in everyone.items() if kind == "organisation"),
                                                        *(id for what, id in self.started.items() if what != "gone")]), name
        both = ["+253 21 00 00 11", "+253 21 00 00 22"]
        found_open = [(each["id"], each["field"], sorted(each["values"])) for each in one.does("conflicts")]
        assert found_open in ([(self.started["both"], "phone", both)], []), name
        self.open.append(found_open)
        assert found["organisation"][self.started["both"]]["phone"] in both, name
        assert all(one.does("file", sha256) for sha256 in self.files), name
        assert one.does("verify") == [], name

    def _reads(self, name: str, id: str, kind: str) -> bool:
        author = next(who for who, own in self.typed.items() if id in own)
        if kind == "note":
            return False
        if kind == "minutes":
            return name in OURS
        if kind == "contact":
            ids = [each for each, (one, _) in self.typed[author].items() if one == "contact"]
            return author not in ROLES or ids.index(id) % 2 == 0 or name in ROLES
        return True


@contextmanager
def village(folder: Path) -> Iterator[Village]:
    """The three PCs, joined and cut off, as long as the block lasts."""
    with rooms("ABC", ["AB"]) as found:
        made = Village(folder, found)
        try:
            made.settles()
            yield made
        finally:
            made.server.stop()
