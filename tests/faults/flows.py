"""What is interrupted: each flow prepares folders once, names a program to run on a copy, and says what may be found afterwards.

A new flow is a `Flow` in `FLOWS`: killed at every write point, cut from power
and given broken disks by the tests beside this file, without a word more.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from resources import KINDS
from server.premises import Premises
from sync.authority import SCOPES
from sync.digests import settled
from sync.errors import Failure
from sync.exchange import join, sync
from sync.record import NETWORK
from sync.relay.http import HttpCarrier
from sync.snapshots import publishing
from sync.verify import problems_of
from sync.workspace import Workspace
from tests.e2e.programs import command as program
from tests.faults.amounts import LONG
from tests.faults.driver import do
from tests.faults.served import free_port, served
from tests.faults.tracing import Done
from tests.sync.network import KINDS as OLD_KINDS
from tests.sync.old_folder import opened

Shown = dict[str, dict[str, Any]]


class Lost(AssertionError):
    """Something that was answered is not there."""


class Corrupt(AssertionError):
    """What is there does not hold together, or is half of something."""


KINDS_SHOWN = ("organisation", "item", "person")


@dataclass(slots=True)
class Facts:
    """What is right after each save or page: all that a person sees, and how many saves of their own stand in the outbox, and wait."""

    stages: list[Shown] = field(default_factory=list)
    saved: list[tuple[int, int]] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=dict)

    def note(self, ws: Workspace) -> None:
        """Now is a state that may be found."""
        self.stages.append(shown(ws))
        self.saved.append(_own(ws))


@dataclass(frozen=True, slots=True)
class Flow:
    """`command(folder, facts, url)` is run on a copy; `answered(facts, out)` is the first stage that may be found after it said `out`.

    `looks`, where a flow is not of this network's records, says what is wrong in the folder that it finds; else `check` looks.
    """

    name: str
    prepare: Callable[[Path], Facts]
    command: Callable[[Path, Facts, str], list[str]]
    answered: Callable[[Facts, str], int]
    joined: bool = True
    looks: Callable[[Path], list[str]] | None = None


def shown(ws: Workspace) -> Shown:
    """Every record that a person sees, by id."""
    return {one.id: {name: value for name, value in dict(one).items() if value is not None} for kind in KINDS_SHOWN for one in ws.records(kind)}


def _own(ws: Workspace) -> tuple[int, int]:
    return len(ws.outbox()), ws.status().waiting


def check(flow: Flow, folder: Path, facts: Facts, out: str, *, public: Literal["verify", "verified"] = "verify") -> int:
    """Open what a fault left behind with the real code: whole, and with everything that was answered. The stage found.

    A public file that was `verified` before, byte for byte, is not verified again.
    """
    if flow.looks is not None:
        return _looked(flow.looks, folder / "pc")
    try:
        ws = Workspace(folder / "pc", KINDS)
    except Failure as failure:
        raise Corrupt(str(failure)) from failure
    try:
        found_wrong = ws.verify() if public == "verify" else problems_of(ws.private, KINDS, (NETWORK,), ws.vault.setting("authority"), ws.public)
        problems = [str(one) for one in found_wrong]
        if problems:
            raise Corrupt(problems)
        now, saved = shown(ws), _own(ws)
        if not flow.joined:
            now = {str(place): record for place, record in enumerate(now.values())}  # an id of its own each time
        first = flow.answered(facts, out)
        found = max((stage for stage in range(len(facts.stages)) if facts.stages[stage] == now and facts.saved[stage] == saved), default=None)
        if found is None:
            raise Corrupt(_difference(facts, first, now, saved))
        if found < first:
            raise Lost(_difference(facts, first, now, saved))
        for record in now.values():
            if (file := record.get("file")) is not None and hashlib.sha256(ws.files.path(file["sha256"]).read_bytes()).hexdigest() != file["sha256"]:
                raise Corrupt("an attachment is not what its name says")
        return found
    except Failure as failure:
        raise Corrupt(str(failure)) from failure
    finally:
        ws.close()


def _looked(looks: Callable[[Path], list[str]], folder: Path) -> int:
    try:
        wrong = looks(folder)
    except Failure as failure:
        raise Corrupt(str(failure)) from failure
    if wrong:
        raise Corrupt(wrong)
    return 0


def heal(flow: Flow, folder: Path, facts: Facts, stage: int, url: str) -> None:
    """Go on working as if nothing had been: the same flow ends well, everything arrives once, digests are equal."""
    if flow.looks is not None:
        return  # it brought the folder up and looked at all of it
    ws = Workspace(folder / "pc", KINDS)
    try:
        if not flow.joined:
            ws.add("organisation", {"name": {"fr": "Après"}})
            assert ws.verify() == []
            return
        for step in facts.about.get("steps", [])[stage:]:
            do(ws, step)
        if "attach" in facts.about and stage == 0:
            ws.attach("item", facts.about["id"], Path(facts.about["attach"]))
        report = sync(ws, HttpCarrier(url))
        assert report.set_aside == [] and report.refused == 0
        assert shown(ws) == facts.stages[-1]
        if word := facts.about.get("word"):
            assert {id for _, id in ws.search_ids(word, 1000)} == {id for id, record in shown(ws).items() if word in str(record.get("name")).lower()}
        status = ws.status()
        assert (status.waiting, status.refused, status.conflicts) == (0, 0, 0)
        assert ws.verify() == []
        authority = Premises(folder / "server").authority()
        try:
            assert ws.digest() == {scope: found.hex() for scope in SCOPES if (found := settled(authority.store, authority.kinds, scope)) is not None}
            assert problems_of(authority.store, KINDS, SCOPES, authority.key.public, authority.store) == []
        finally:
            authority.store.close()
    finally:
        ws.close()


def _difference(facts: Facts, first: int, now: Shown, saved: tuple[int, int]) -> str:
    ids = [sorted(id for id in {*stage, *now} if stage.get(id) != now.get(id)) for stage in facts.stages]
    return f"answered {first}, outbox {saved} of {facts.saved}; records that differ from each stage: {ids}"


def _id(number: int) -> str:
    return f"01990000-0000-7000-8000-{number:012x}"


def _network(folder: Path, *others: str) -> tuple[Workspace, list[Workspace], Callable[[], None]]:
    """A server and a PC that joined it (and others), with a few records in step; the last answer ends it all."""
    context = served(folder / "server", free_port())
    url = context.__enter__()
    made = []
    for name in ("pc", *others):
        ws = Workspace(folder / name, KINDS)
        authority = Premises(folder / "server").authority()
        from server import invitations

        code = invitations.invite(authority, "member", "", 30)
        authority.store.close()
        join(ws, url, code, name)
        made.append(ws)
    pc = made[0]
    for number in range(5):
        pc.add("organisation", {"name": {"fr": f"Association {number}"}, "phone": f"+253 21 00 00 {number:02}"}, id=_id(number))
    pc.add("item", {"title": {"fr": "Guide"}}, id=_id(100))
    for ws in (*made, *made):
        sync(ws)

    def end() -> None:
        for ws in made:
            ws.close()
        context.__exit__(None, None, None)

    return pc, made[1:], end


def _in_words(facts: Facts, out: str) -> int:
    """A command that answered did all of it."""
    return len(facts.stages) - 1 if "\n" in out else 0


def _edit_prepared(folder: Path) -> Facts:
    pc, _, end = _network(folder)
    step = ["edit", "organisation", _id(1), {"phone": "+253 77 11 11 11", "note": "Deux champs ensemble"}]
    facts = _rehearsed(folder, pc, [step])
    end()
    return facts


def _rehearsed(folder: Path, pc: Workspace, steps: list[Any]) -> Facts:
    """What is right after each step, found by doing them on a copy."""
    import shutil

    pc.close()
    shutil.copytree(folder / "pc", folder / "rehearsal")
    facts = Facts(about={"steps": steps})
    ws = Workspace(folder / "rehearsal", KINDS)
    facts.note(ws)
    for step in steps:
        do(ws, step)
        facts.note(ws)
    ws.close()
    shutil.rmtree(folder / "rehearsal")
    return facts


def _edits_prepared(folder: Path) -> Facts:
    pc, _, end = _network(folder)
    long = "Une note longue, pour que plus d’une page du fichier change. " * 39 + "Fin."
    steps = [
        ["add", "organisation", _id(10), {"name": {"fr": "Nouvelle", "ar": "جديدة"}, "phone": "+253 21 35 00 00"}],
        ["edit", "organisation", _id(1), {"phone": "+253 77 11 11 11", "note": long}],
        ["edit", "organisation", _id(1), {"note": "Courte"}],
        ["delete", "organisation", _id(2)],
        ["restore", "organisation", _id(2)],
        ["edit", "organisation", _id(10), {"locality": "Tadjourah", "email": "n@exemple.dj"}],
    ]
    facts = _rehearsed(folder, pc, steps)
    end()
    (folder / "steps").write_text("\n".join(json.dumps(one) for one in steps), "utf-8")
    return facts


def _attach_prepared(folder: Path) -> Facts:
    pc, _, end = _network(folder)
    file = folder / "guide.pdf"
    file.write_bytes(b"%PDF-1.4\n" + bytes(range(256)) * 600)
    facts = Facts(about={"attach": str(file), "id": _id(100)})
    facts.note(pc)
    facts.stages.append({**facts.stages[0], _id(100): {**facts.stages[0][_id(100)], "file": {
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(), "size": file.stat().st_size, "type": "application/pdf", "name": "guide.pdf"}}})
    facts.saved.append((facts.saved[0][0] + 1, facts.saved[0][1] + 1))
    end()
    return facts


def _push_prepared(folder: Path) -> Facts:
    pc, _, end = _network(folder)
    for number in range(20, 40):
        pc.add("organisation", {"name": {"fr": f"Offerte {number}"}, "note": f"Note {number}." * 30}, id=_id(number))
    for number in range(5):
        pc.edit("organisation", _id(number), {"phone": f"+253 77 22 00 {number:02}"})
    facts = Facts()
    facts.note(pc)
    facts.stages.append(facts.stages[0])
    facts.saved.append((facts.saved[0][0], 0))
    end()
    return facts


def _pull_prepared(folder: Path) -> Facts:
    pc, (other,), end = _network(folder, "other")
    facts = Facts(about={"word": "ailleurs"})
    facts.note(pc)
    for number in range(50, 90):
        other.add("organisation", {"name": {"fr": f"D’ailleurs {number}"}, "note": f"Note {number}." * 400}, id=_id(number))
        facts.stages.append(shown(other))
    for number in range(5):
        other.edit("organisation", _id(number), {"phone": f"+253 77 33 00 {number:02}"})
        facts.stages.append(shown(other))
    facts.saved *= len(facts.stages)
    sync(other)
    end()
    return facts


def _snapshot_prepared(folder: Path) -> Facts:
    """A ledger long enough for a snapshot, which is published, and a tail after it."""
    pc, (other,), end = _network(folder, "other")
    facts = Facts(about={"word": "ailleurs"})
    facts.note(pc)
    with other.together():
        for number in range(publishing.FEWEST + 40):
            other.add("organisation", {"name": {"fr": f"D’ailleurs {number}"}, "note": f"Note {number}." * 8}, id=_id(1000 + number))
    sync(other)
    facts.stages.append(shown(other))
    authority = Premises(folder / "server").authority()
    publishing.publish(authority.store, authority.kinds, "public", authority.key, Premises(folder / "server").files())
    authority.store.close()
    for number in range(5):
        other.edit("organisation", _id(number), {"phone": f"+253 77 33 00 {number:02}"})
        facts.stages.append(shown(other))
    sync(other)
    facts.saved *= len(facts.stages)
    end()
    return facts


def _first_prepared(folder: Path) -> Facts:
    folder.mkdir()
    return Facts(stages=[{}, {"0": {"name": {"fr": "Première"}}}], saved=[(0, 0), (1, 1)])


def _migrate_prepared(folder: Path) -> Facts:
    """A folder that the first version wrote, with verdicts, a conflict, a draft and unsent work."""
    opened(1, folder / "kept")
    (folder / "kept" / "bilal").rename(folder / "pc")
    return Facts(stages=[{}], saved=[(0, 0)])


def _migrated(folder: Path) -> list[str]:
    """What is wrong in the folder that was brought up: nothing, or something was lost on the way."""
    ws = Workspace(folder, OLD_KINDS)
    try:
        wrong = [str(one) for one in ws.verify()]
        if sorted(one.state for one in ws.outbox()) != ["accepted", "accepted", "refused", "waiting", "waiting"]:
            wrong.append("the outbox is not as it was")
        houses = {house.id: house["phone"] for house in ws.records("house")}
        if "unsent" not in houses.values() or {"phone": "typing"} not in [ws.draft("house", id) for id in houses]:
            wrong.append("unsent work or a draft is gone")
        if ws.search_ids("Maison", 5) != [("house", id) for id, phone in houses.items() if phone == "unsent"]:
            wrong.append("search does not find what is there")
    finally:
        ws.close()
    return wrong + [f"{path.name} was left behind" for path in folder.rglob("*.before*")]


OPEN = """
import sys
from pathlib import Path
from tests.sync.network import KINDS
from sync.workspace import Workspace
Workspace(Path(sys.argv[1]), KINDS).close()
print("opened")
"""


def _open_command(folder: Path, _: Facts, url: str) -> list[str]:
    return [sys.executable, "-c", OPEN, str(folder / "pc")]


def _sync_command(folder: Path, _: Facts, url: str) -> list[str]:
    return program("desktop.__main__", "--data", folder / "pc", "sync", "--via", url)


def _words(*words: str) -> Callable[[Path, Facts, str], list[str]]:
    return lambda folder, facts, url: program("desktop.__main__", "--data", folder / "pc", *(word.format(**facts.about) for word in words))


def _steps_command(folder: Path, _: Facts, url: str) -> list[str]:
    return [sys.executable, str(Path(__file__).with_name("driver.py")), str(folder / "pc"), str(folder / "steps")]


FLOWS = {flow.name: flow for flow in (
    Flow("first", _first_prepared, _words("add", "organisation", "--set", "name.fr=Première"), _in_words, joined=False),
    Flow("edit", _edit_prepared, _words("edit", "organisation", _id(1), "--set", "phone=+253 77 11 11 11", "--set", "note=Deux champs ensemble"),
         _in_words),
    Flow("edits", _edits_prepared, _steps_command, lambda facts, out: out.count("\n")),
    Flow("attach", _attach_prepared, _words("attach", "item", "{id}", "{attach}"), _in_words),
    Flow("push", _push_prepared, _sync_command, _in_words),
    Flow("pull", _pull_prepared, _sync_command, _in_words),
    Flow("migrate", _migrate_prepared, _open_command, lambda facts, out: 0, joined=False, looks=_migrated),
    Flow("snapshot", _snapshot_prepared, _sync_command, _in_words),
)}

PLAYED = tuple(FLOWS) if LONG else ("edits", "attach", "push", "snapshot", "migrate")

__all__ = ["FLOWS", "PLAYED", "Done", "Facts", "Flow", "check", "heal", "shown"]
