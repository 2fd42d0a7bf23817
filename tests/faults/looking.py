"""A flow, the states that it may leave, and how one looks and heals after a fault; knows no flow by name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from desktop.terminal import opening
from resources import KINDS
from server.premises import Premises
from sync.digests import settled
from sync.errors import Failure
from sync.exchange import sync
from sync.relay.http import HttpCarrier
from sync.scopes import FOUNDED, NETWORK
from sync.verify import problems_of
from sync.workspace import Workspace
from tests.faults.driver import do

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
        ws = opening.workspace(folder / "pc", opening.ONLY_PERSON)
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
    ws = opening.workspace(folder / "pc", opening.ONLY_PERSON)
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
            assert ws.digest() == {scope: found.hex() for scope in FOUNDED if (found := settled(authority.store, authority.kinds, scope)) is not None}
            assert problems_of(authority.store, KINDS, FOUNDED, authority.key.public, authority.store) == []
        finally:
            authority.store.close()
    finally:
        ws.close()


def _difference(facts: Facts, first: int, now: Shown, saved: tuple[int, int]) -> str:
    ids = [sorted(id for id in {*stage, *now} if stage.get(id) != now.get(id)) for stage in facts.stages]
    return f"answered {first}, outbox {saved} of {facts.saved}; records that differ from each stage: {ids}"


