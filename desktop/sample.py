"""A small network in one process, with everything a page can show: a conflict, a refusal, work that waits; imports no Qt."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from desktop.terminal.demo.examples import FISHERS, SCHOOL
from desktop.terminal.demo.network import example_id, fill
from resources import KINDS
from resources.policy import may, reads
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
    """Make the network in `folder`, with a conflict, a refusal and work that waits; Amina's data folder is `folder/amina`."""
    clock, people, roads = _network(folder, 21 * DAY)
    amina, moussa, office = people["amina"], people["moussa"], people["secretariat"]
    contact = office.records("contact")[0].id
    _work_apart(clock, amina, moussa, office, contact)
    for name in ("moussa", "secretariat", "amina"):
        exchange.sync(people[name], roads[name])
    clock.back = DAY // 24
    amina.edit("organisation", example_id(FISHERS), {"email": "pecheuses.obock@exemple.dj"})
    amina.add("project", {
        "organisation": example_id(FISHERS), "status": "planned", "start": "2027-01", "end": "2027-12",
        "title": {"fr": "Filets et glacières pour vingt familles", "ar": "شباك وصناديق ثلج لعشرين أسرة"},
        "amount": {"amount": "2500000", "currency": "DJF"}})
    clock.back = 0
    return _handed_over(people, roads)


def calm(folder: Path) -> Sample:
    """The same network on a good day: everything is in step, nothing waits."""
    _clock, people, roads = _network(folder, 0)
    return _handed_over(people, roads)


def _network(folder: Path, back: int) -> tuple[Clock, dict[str, Workspace], dict[str, Direct]]:
    """A server and three people who have the whole sample; `back` is how long ago that was, in milliseconds."""
    clock = Clock(back)
    folder.mkdir(parents=True, exist_ok=True)
    authority = Authority(SqliteStore(folder / "server.db"), KINDS, SigningKey(os.urandom(32)), may, clock, os.urandom, reads=reads)
    authority.begin()
    members = (("secretariat", "Secrétariat", "moderator"), ("amina", "Amina", "member"), ("moussa", "Moussa", "member"))
    people = {name: _member(folder, authority, clock, name, shown, role) for name, shown, role in members}
    roads = {name: Direct(authority, Files(folder / "server-files")) for name in people}
    office = people["secretariat"]
    fill(office)
    for key, how in ((FISHERS, "document"), (SCHOOL, "visit"), ("arbres-arta", "phone")):
        office.edit("organisation", example_id(key), {"verified": "2026-09-14", "verified_how": how})
    office.add("contact", {"organisation": example_id(FISHERS), "name": "Fatouma", "role": "Trésorière", "phone": "+253 77 00 00 11",
                           "consent": "network", "consent_date": "2026-10"})
    _take_notes(people["amina"])
    for name in ("secretariat", "amina", "moussa", "amina"):  # hers twice: what is sealed for her alone takes her key first
        exchange.sync(people[name], roads[name])
    return clock, people, roads


def _take_notes(amina: Workspace) -> None:
    """What she writes for herself."""
    amina.add("note", {"title": "Citerne de Khor Angar", "text": (
        "La citerne fuit depuis la semaine dernière. Moussa demande un devis à Tadjourah.\n\n"
        "Si le prix dépasse 120 000 DJF, en parler à la réunion du réseau.")})
    amina.add("note", {"text": "Appeler la mairie : 77 34 12 56\nDemander la salle pour le 12"})
    amina.add("note", {"title": "اجتماع الشبكة", "text": "طلبت جمعية الصيادات قاعة ليوم الاثنين."})
    amina.add("note", {"title": "Réunion du lundi", "about": example_id(FISHERS), "text": (
        "Présents : Fatouma, Hassan, Amina.\n\n"
        "طلبت الرئيسة تأجيل القرار إلى الأسبوع القادم، ورقمها 77 81 22 33.\n\n"
        "À faire avant jeudi :\n– envoyer le compte rendu\n– rappeler la trésorière (77 34 12 56)")})


def _handed_over(people: dict[str, Workspace], roads: dict[str, Direct]) -> Sample:
    amina = people.pop("amina")
    item = amina.records("item", "language = ?", ("fr",), limit=1)[0]
    for ws in people.values():
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
