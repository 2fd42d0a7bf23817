"""J3, the officer back in the capital after three weeks: real programs, a real server, real sticks, and a link that is cut at 60 %."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from resources import KINDS
from sync import codec
from sync.exchange import join, sync
from sync.relay import courier
from sync.workspace import Workspace, wall_clock
from tests.e2e.answers import answering
from tests.e2e.programs import Person, Server, command, dalil, running, surroundings
from tests.faults.proxy import Fault, proxied
from tests.portal import captive_portal

WEEKS = 3 * 7 * 24 * 3600 * 1000  # milliseconds
CLOCK_IN_2012 = 14 * 365 * 24 * 3600 * 1000


class Story:
    """The capital's officer Safia, the PCs of Obock and Tadjourah, a member in town who writes much meanwhile, and a server."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.folder, self.server = folder, server
        self.office, self.obock, self.tadjourah = (folder / name for name in ("office", "obock", "tadjourah"))
        for place, people in ((self.office, ("Safia",)), (self.obock, ("Amina", "Hassan")), (self.tadjourah, ("Idil",))):
            for name in people:
                dalil(place, "--as", name, "join", server.url, "--code", server.invite(), "--name", name)
        self.town = Workspace(folder / "town", KINDS, clock=lambda: wall_clock() - WEEKS)
        join(self.town, server.url, server.invite(), "Moussa")
        self.ids = [self.town.add("organisation", {"name": {"fr": f"Association {n}"}, "phone": f"+253 77 12 00 0{n}"}).id for n in range(8)]
        sync(self.town)
        for place, person in ((self.obock, "Amina"), (self.obock, "Hassan"), (self.tadjourah, "Idil")):
            dalil(place, "--as", person, "sync")

    def measure(self) -> None:
        """A sync over the slow link of every day: from it her PC knows its pace, and to ask for less at a time."""
        self.write(400, "Ancienne", 5)
        with proxied(self.server.port, rate=7_000) as link:
            dalil(self.office, "--as", "Safia", "sync", "--via", link.url)

    def write(self, count: int, name: str, seed: int) -> None:
        """So many new records of the others, with words that no machine presses together."""
        chance = random.Random(seed)
        with self.town.together():
            for number in range(count):
                note = " ".join("".join(chance.choices("abcdefghilmnoprstuv", k=7)) for _ in range(24))
                self.town.add("organisation", {"name": {"fr": f"{name} {number}"}, "note": note})
        sync(self.town)

    def says(self, place: Path, person: str, *words: str | Path) -> tuple[int, str]:
        """What a command says to a person: its exit code, and all of its words."""
        done = subprocess.run(command("desktop.__main__", "--data", place, "--as", person, *words), capture_output=True, text=True, env=surroundings(),
                              timeout=120, check=False)
        return done.returncode, done.stdout + done.stderr

    def edits(self, place: Path, person: str, id: str, *sets: str) -> None:
        dalil(place, "--as", person, "edit", "organisation", id, *(word for one in sets for word in ("--set", one)))

    def adds(self, place: Path, person: str, name: str) -> None:
        dalil(place, "--as", person, "add", "organisation", "--set", f"name.fr={name}")

    def three_weeks(self) -> None:
        """What the others write while Safia is in the regions, and what she writes offline."""
        for id in self.ids[:5]:
            self.town.edit("organisation", id, {"locality": "Balbala"})
        self.town.edit("organisation", self.ids[5], {"phone": "+253 21 11 11 11"})
        self.write(1500, "Nouvelle", 3)
        for id in self.ids[:5]:
            self.edits(self.office, "Safia", id, "email=bureau@exemple.dj")
        self.edits(self.office, "Safia", self.ids[5], "phone=+253 21 22 22 22")
        pack = self.folder / "paquet.pdf"
        pack.write_bytes(random.Random(4).randbytes(6_000_000))
        item = dalil(self.office, "--as", "Safia", "add", "item", "--set", "title.fr=Paquet", "--set", "licence=cc0")["id"]
        dalil(self.office, "--as", "Safia", "attach", "item", item, pack)


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    with running(tmp_path / "server") as server:
        made = Story(tmp_path, server)
        try:
            yield made
        finally:
            made.town.close()


def test_the_officer_who_was_away_for_three_weeks(story: Story) -> None:
    story.measure()
    story.three_weeks()
    the_sync_is_announced_cut_and_resumed(story)
    five_are_merged_and_one_is_settled(story)
    the_sticks_of_obock_and_tadjourah(story)


def the_sync_is_announced_cut_and_resumed(story: Story) -> None:
    """She sees what it costs before it starts; it drops at 60 % and does not begin again."""
    told = dalil(story.office, "--as", "Safia", "sync", "--estimate")
    code, words = story.says(story.office, "Safia", "sync", "--estimate")
    assert code == 0
    assert "To send:" in words and "To receive:" in words and "minute" in words and "can wait" in words, words
    assert told["files"][0]["size"] == told["files_up"] == 6_000_000 and told["down"] > 100_000

    with proxied(story.server.port, lambda _: Fault(down=round(told["down"] * 0.6)), rate=25_000) as link:
        code, words = story.says(story.office, "Safia", "sync", "--via", link.url)
        assert code == 1 and "safe" in words, words
        before = link.down.carried
    with proxied(story.server.port) as link:
        assert story.says(story.office, "Safia", "sync", "--via", link.url)[0] == 0
        after = link.down.carried
    print(f"announced {told['down']} down; {before} before the cut, {after} after it")
    assert after < told["down"] * 0.65, "it went on from where it was cut"
    assert before + after < told["down"] * 1.25, "and lost an answer at most"
    assert story.server.ask("digest")["scopes"]["public"] == dalil(story.office, "--as", "Safia", "digest")["scopes"]["public"]


def five_are_merged_and_one_is_settled(story: Story) -> None:
    for id in story.ids[:5]:
        shown = dalil(story.office, "--as", "Safia", "show", "organisation", id)
        values = shown.get("values", shown)
        assert (values["locality"], values["email"]) == ("Balbala", "bureau@exemple.dj")
    conflicts = dalil(story.office, "--as", "Safia", "conflicts")["items"]
    assert [(one["id"], one["field"], one["old"]) for one in conflicts] == [(story.ids[5], "phone", "+253 77 12 00 05")]
    sides = {one["value"]: one for one in conflicts[0]["values"]}
    assert set(sides) == {"+253 21 11 11 11", "+253 21 22 22 22"}
    theirs, hers = sides["+253 21 11 11 11"], sides["+253 21 22 22 22"]
    assert (theirs["name"], theirs["mine"], hers["mine"]) == ("Moussa", False, True) and theirs["time"] < hers["time"]
    code, words = story.says(story.office, "Safia", "conflicts")
    assert code == 0 and "before" in words and "Moussa" in words and "21 11 11 11" in words.replace("\u00a0", " ")
    keep = 1 + [one["value"] for one in conflicts[0]["values"]].index("+253 21 22 22 22")
    dalil(story.office, "--as", "Safia", "settle", story.ids[5], "--field", "phone", "--keep", str(keep))
    dalil(story.office, "--as", "Safia", "sync")
    sync(story.town)
    assert story.town.conflicts() == [] and story.town.get("organisation", story.ids[5])["phone"] == "+253 21 22 22 22"


def the_sticks_of_obock_and_tadjourah(story: Story) -> None:
    """Nine accepted, one known already, one refused: said by the program, and the reason reaches its author alone."""
    passing, obock, tadjourah = (story.folder / name for name in ("passing-stick", "obock-stick", "tadjourah-stick"))
    for stick in (passing, obock, tadjourah):
        stick.mkdir()
    story.adds(story.obock, "Hassan", "Saisie par Hassan")
    dalil(story.obock, "--as", "Hassan", "courier", "write", passing)
    courier.read(story.town, passing)  # somebody on his way to town takes a copy along
    sync(story.town)
    dalil(story.office, "--as", "Safia", "sync")
    for number in range(4):
        story.adds(story.obock, "Amina", f"Obock {number}")
    story.edits(story.obock, "Amina", story.ids[6], "verified=2026-01-01")
    dalil(story.obock, "--as", "Amina", "courier", "write", obock)
    for number in range(5):
        story.adds(story.tadjourah, "Idil", f"Tadjourah {number}")
    dalil(story.tadjourah, "--as", "Idil", "courier", "write", tadjourah)

    read = dalil(story.office, "--as", "Safia", "courier", "read", obock)
    assert (read["changes"], read["changes_known"]) == (5, 1)
    code, words = story.says(story.office, "Safia", "courier", "read", tadjourah)
    assert code == 0 and "5 changes of others to hand in" in words, words
    code, words = story.says(story.office, "Safia", "sync")
    assert code == 0
    assert "Brought for others: 9 accepted · 1 known already · 1 refused" in words, words
    assert "Amina: 4 accepted · 1 refused" in words and "Idil: 5 accepted" in words and "Hassan: 0 accepted · 1 known already" in words, words
    assert "sealed to its author" in words

    for stick in (obock, tadjourah):  # a second run: nothing moves
        again = dalil(story.office, "--as", "Safia", "courier", "read", stick)
        assert (again["changes"], again["received"], again["files"], again["set_aside"]) == (0, 0, 0, [])
    second = dalil(story.office, "--as", "Safia", "sync")
    assert (second["sent"], second["received"], second["files"]) == (0, 0, 0) and second["bytes_up"] + second["bytes_down"] < 1000, second

    dalil(story.office, "--as", "Safia", "courier", "write", obock)
    dalil(story.obock, "--as", "Amina", "courier", "read", obock)
    mine = dalil(story.obock, "--as", "Amina", "outbox")["items"]
    assert sorted(one["state"] for one in mine)[-1] == "refused"
    assert "secretariat" in next(one["reason"] for one in mine if one["state"] == "refused")


def test_what_goes_wrong_on_the_way(story: Story) -> None:
    """Each failure is a sentence; what she saved waits on, and one good sync later all of it has arrived."""
    dalil(story.office, "--as", "Safia", "sync")
    for id in story.ids[:2]:
        story.edits(story.office, "Safia", id, "email=bureau@exemple.dj")
    newer = codec.MAGIC + bytes([99]) + codec.squeeze(b"")
    troubles = ((answering(500, b"Internal Server Error", "text/plain"), "offline"), (captive_portal(), "not_a_dalil_server"),
                (answering(200, newer), "newer_version"))
    for trouble, why in troubles:
        with trouble as url:
            code, words = story.says(story.office, "Safia", "sync", "--via", url, "--json")
        assert code == 1 and f'"{why}"' in words, (why, words)
        assert dalil(story.office, "--as", "Safia", "status")["waiting"] == 2
    story.town.delete("organisation", story.ids[1])
    sync(story.town)
    assert dalil(story.office, "--as", "Safia", "sync")["accepted"] == 2
    life = [one for one in dalil(story.office, "--as", "Safia", "conflicts")["items"] if one["id"] == story.ids[1]]
    assert life and life[0]["field"] == "_life", "deleted there and edited here: both facts, and a person chooses"
    assert dalil(story.office, "--as", "Safia", "show", "organisation", story.ids[1])


def test_a_clock_in_2012_changes_nothing(tmp_path: Path) -> None:
    with running(tmp_path / "server") as server:
        safia, moussa = Person(tmp_path / "office", -CLOCK_IN_2012), Person(tmp_path / "town")
        for person, name in ((safia, "Safia"), (moussa, "Moussa")):
            assert person.does("join", server.url, server.invite(), name) == "member"
        id = moussa.does("add", {"name": {"fr": "Association"}, "phone": "+253 77 12 00 05"})
        moussa.does("sync")
        safia.does("sync")
        moussa.does("edit", id, {"phone": "+253 21 11 11 11"})
        moussa.does("sync")
        safia.does("edit", id, {"phone": "+253 21 22 22 22"})  # the later one, by a clock that is fourteen years slow
        safia.does("sync")
        moussa.does("sync")
        for person in (safia, moussa):
            assert [sorted(one["values"]) for one in person.does("conflicts")] == [["+253 21 11 11 11", "+253 21 22 22 22"]]
        assert safia.does("digest") == moussa.does("digest")
        for person in (safia, moussa):
            person.leaves()
