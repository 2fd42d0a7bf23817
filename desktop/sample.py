"""A small network in one process, with everything a page can show: a conflict, a refusal, work that waits; imports no Qt."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from desktop.terminal.demo.examples import FISHERS, SCHOOL
from desktop.terminal.demo.network import example_id, fill
from resources import KINDS
from resources.policy import may
from sync import exchange
from sync.authority import Authority
from sync.files import Files
from sync.identity import SigningKey
from sync.record import uuid7
from sync.relay.direct import Direct
from sync.store import SqliteStore
from sync.workspace import Workspace, wall_clock

DAY = 24 * 3600 * 1000  # ms


@dataclass(slots=True)
class Clock:
    """A clock that can be set: a sample needs a past."""

    back: int = 0

    def __call__(self) -> int:
        return wall_clock() - self.back


@dataclass(frozen=True, slots=True)
class Sample:
    """Amina's workspace in Obock, and the road to the server it knows."""

    workspace: Workspace
    carrier: Direct
    organisation: str
    item: str


def make(folder: Path) -> Sample:
    """Make the network in `folder`; Amina's data folder is `folder/amina`."""
    clock = Clock(21 * DAY)
    folder.mkdir(parents=True, exist_ok=True)
    authority = Authority(SqliteStore(folder / "server.db"), KINDS, SigningKey(os.urandom(32)), may, clock, os.urandom)
    authority.begin()
    roads = {name: Direct(authority, Files(folder / "server-files")) for name in ("secretariat", "amina", "moussa")}
    office = _member(folder, authority, clock, "secretariat", "Secrétariat", "moderator")
    amina = _member(folder, authority, clock, "amina", "Amina", "member")
    moussa = _member(folder, authority, clock, "moussa", "Moussa", "member")
    fill(office)
    contact = office.add("contact", {"organisation": example_id(FISHERS), "name": "Fatouma", "role": "Trésorière", "phone": "+253 77 00 00 11",
                                     "consent": "network", "consent_date": "2026-10"})
    for name, ws in (("secretariat", office), ("amina", amina), ("moussa", moussa)):
        exchange.sync(ws, roads[name])
    _work_apart(clock, amina, moussa, office, contact.id)
    for name, ws in (("moussa", moussa), ("secretariat", office), ("amina", amina)):
        exchange.sync(ws, roads[name])
    clock.back = DAY // 24
    amina.edit("organisation", example_id(FISHERS), {"email": "pecheuses.obock@exemple.dj"})
    amina.add("project", {"organisation": example_id(FISHERS),
                          "title": {"fr": "Filets et glacières pour vingt familles", "ar": "شباك وصناديق ثلج لعشرين أسرة"},
                          "status": "planned", "start": "2027-01", "end": "2027-12", "amount": {"amount": "2500000", "currency": "DJF"}})
    clock.back = 0
    item = amina.records("item", "language = ?", ("fr",), limit=1)[0]
    for ws in (office, moussa):
        ws.close()
    return Sample(amina, roads["amina"], example_id(FISHERS), item.id)


def _member(folder: Path, authority: Authority, clock: Clock, name: str, shown: str, role: str) -> Workspace:
    ws = Workspace(folder / name, KINDS, clock=clock)
    person, device = uuid7(clock(), os.urandom), uuid7(clock(), os.urandom)
    authority.certify(ws.vault.key().public, person, device, role)
    with ws.together():
        settings = {"authority": authority.key.public, "server": "http://127.0.0.1:9", "role": role, "person": person, "device": device,
                    "name": shown}
        for setting, value in settings.items():
            ws.vault.keep(setting, value)
        ws.add("person", {"name": shown}, id=person)
    return ws


def _work_apart(clock: Clock, amina: Workspace, moussa: Workspace, office: Workspace, contact: str) -> None:
    """Everyone works without a network: two write one field, one withdraws what another completes."""
    fishers, school = example_id(FISHERS), example_id(SCHOOL)
    clock.back = 19 * DAY
    moussa.edit("organisation", fishers, {"phone": "+253 27 00 00 41"})
    moussa.edit("organisation", school, {"description": {"fr": "Soutien scolaire le soir et bibliothèque de quartier, ouverte à tous les enfants."}})
    office.delete("contact", contact)
    clock.back = 18 * DAY
    amina.edit("organisation", fishers, {"phone": "+253 27 00 00 42"})
    amina.edit("organisation", school, {
        "description": {"fr": "Soutien scolaire le soir et bibliothèque de quartier, pour les filles et les garçons."},
    })
    amina.edit("contact", contact, {"phone": "+253 77 00 00 12", "role": "Présidente"})
