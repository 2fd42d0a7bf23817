"""What is interrupted: each flow prepares folders once, names a program to run on a copy, and says what may be found afterwards.

A new flow is a `Flow` in `FLOWS`: killed at every write point, cut from power
and given broken disks by the tests beside this file, without a word more.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from desktop.terminal import opening
from resources import KINDS
from server.premises import Premises
from sync.exchange import join, sync
from sync.snapshots import publishing
from sync.workspace import Workspace
from tests.e2e.programs import command as program
from tests.faults.amounts import LONG
from tests.faults.driver import do
from tests.faults.looking import Facts, Flow, shown
from tests.faults.served import free_port, served
from tests.sync.network import KINDS as OLD_KINDS
from tests.sync.old_folder import opened


def _id(number: int) -> str:
    return f"01990000-0000-7000-8000-{number:012x}"


def _network(folder: Path, *others: str) -> tuple[Workspace, list[Workspace], Callable[[], None]]:
    """A server and a PC that joined it (and others), with a few records in step; the last answer ends it all."""
    context = served(folder / "server", free_port())
    url = context.__enter__()
    made = []
    for name in ("pc", *others):
        ws = opening.workspace(folder / name, opening.ONLY_PERSON)
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
    ws = opening.workspace(folder / "rehearsal", opening.ONLY_PERSON)
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


def _encrypt_prepared(folder: Path) -> Facts:
    """A folder of a version whose people's files were in clear, with a note, a draft and unsent work."""
    ws = Workspace(folder / "pc", KINDS)
    for number in range(30):
        ws.add("organisation", {"name": {"fr": f"Claire {number}"}, "note": ("Canari en clair. " * 20).strip()}, id=_id(number))
    ws.keep_draft("organisation", "", {"name.fr": "Canari à moitié écrit"})
    ws.close()
    return Facts(stages=[{}], saved=[(0, 0)])


def _encrypted(folder: Path) -> list[str]:
    """What is wrong in the folder whose file in clear became a vault: nothing, or something was lost, or can still be read."""
    ws = opening.workspace(folder, opening.ONLY_PERSON)
    try:
        wrong = [str(one) for one in ws.verify()]
        names = sorted(one.title for one in ws.records("organisation"))
        if names != sorted(f"Claire {number}" for number in range(30)) or ws.status().waiting != 30:
            wrong.append("unsent work is gone")
        if ws.draft("organisation", "") != {"name.fr": "Canari à moitié écrit"}:
            wrong.append("a draft is gone")
        if len(ws.search_ids("Claire", 50)) != 30:
            wrong.append("search does not find what is there")
    finally:
        ws.close()
    return wrong + [f"{path.name} can be read by anybody" for path in folder.rglob("*") if path.is_file() and b"Canari" in path.read_bytes()]


OPEN_VAULT = """
import sys
from pathlib import Path
from desktop.terminal import opening
opening.workspace(Path(sys.argv[1]), opening.ONLY_PERSON).close()
print("opened")
"""


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


def _open_vault_command(folder: Path, _: Facts, url: str) -> list[str]:
    return [sys.executable, "-c", OPEN_VAULT, str(folder / "pc")]


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
    Flow("encrypt", _encrypt_prepared, _open_vault_command, lambda facts, out: 0, joined=False, looks=_encrypted),
    Flow("snapshot", _snapshot_prepared, _sync_command, _in_words),
)}

PLAYED = tuple(FLOWS) if LONG else ("edits", "attach", "push", "snapshot", "migrate", "encrypt")

