"""The world of the plan `people`: shared PCs, private scopes, sticks and local networks beside the server; the same seed is the same run."""

from __future__ import annotations

from pathlib import Path
from random import Random

from sync.actor import Actor
from sync.appointing import appoint
from sync.identity import key_id
from sync.membership import membership
from sync.record import uuid7
from sync.relay.holding import Item
from sync.relay.parcels import name_of, read_parcel
from sync.scope_keys import newest
from sync.scopes import MODERATOR, NETWORK, ORG, PERSON, PUBLIC, family, owner, scope_name, scope_of
from tests.simulation.disk import laid_out
from tests.simulation.link import Link
from tests.simulation.people import roads
from tests.simulation.people.pc import PC, Someone
from tests.simulation.replica import Replica
from tests.simulation.seams import Place
from tests.simulation.world import START, World, blank

MOST = 7  # people at one time, guests included
ORGANISATIONS = ("0198aaaa-0000-7000-8000-000000000001", "0198aaaa-0000-7000-8000-000000000002")


def reads(actor: Actor, scope: str) -> bool:
    """Who is given the pages of a scope that is not in clear, by the words of the design."""
    name, whose = family(scope), owner(scope)
    return (name == NETWORK or (name == MODERATOR and actor.role == "moderator")
            or (name == ORG and whose in actor.organisations) or (name == PERSON and whose == actor.person))


class Society(World):
    """Everything of one run. `sticks` lie about, `carried` is all that was sealed and left a PC, `parcels` are the names of all that were made.

    `parted_at` says, by key, where the ledgers stood when it was withdrawn from them.
    """

    reads = staticmethod(reads)
    replicas: list[Someone]  # type: ignore[assignment]

    def __init__(self, seed: int, folder: Path, place: Place, chance: Random) -> None:
        self.pcs: list[PC] = []
        self.sticks: list[list[Item]] = []
        self.carried: set[tuple[str, bytes]] = set()
        self.parcels: set[bytes] = set()
        self.parted_at: dict[bytes, dict[str, int]] = {}
        self.hostile = chance.choice((0.0, 0.0, 0.1, 0.3))  # how many items are altered on their way
        self.losing = chance.choice((0.0, 0.1, 0.3))  # how many are lost or doubled
        place.sealed = self.sealed
        super().__init__(seed, folder, place, chance)

    def populate(self, chance: Random) -> None:
        """A few PCs of one to three people; sometimes a guest sits at one, sometimes somebody has two devices."""
        for count in chance.choice(((2, 1), (2, 2), (3, 1), (2, 1, 1), (1, 1, 1), (3, 2))):
            pc = self.new_pc()
            for _ in range(count):
                twin = chance.choice([None, None, None, *self.replicas])
                self.sit(pc, chance, twin if twin is not None and twin.pc is not pc else None)
        if chance.random() < 0.4:
            self.at(chance.choice(self.pcs)).guest = True

    @staticmethod
    def version(chance: Random, old: float) -> str:
        """All run one program: versions are the other plan's work."""
        return "people"

    def new_pc(self) -> PC:
        """A computer on which the program has just been installed."""
        pc = PC(self.folder / f"pc{len(self.pcs)}", self.server.key.public)
        laid_out({place: data for place, data in blank("people", self.place).items() if place.parts[0] != "people"}, pc.folder)
        self.pcs.append(pc)
        return pc

    def sit(self, pc: PC, chance: Random, twin: Someone | None = None) -> Someone:
        """A new person at a PC, or one more device of somebody; they have joined."""
        found = self.at(pc)
        found.person = twin.person if twin else uuid7(START, self.chance.randbytes)
        found.role = twin.role if twin else chance.choice(("member", "member", "moderator"))
        found.organisations = twin.organisations if twin else chance.choice(((), (ORGANISATIONS[0],), (ORGANISATIONS[1],), ORGANISATIONS))
        found.device = uuid7(START, self.chance.randbytes)
        self._may_read(found)
        found.link.parted = chance.random() < 0.4
        found.enter()
        with found.ws.store.transaction():
            for setting, value in {"authority": self.server.key.public, "server": "direct", "role": found.role, "person": found.person,
                                   "organisation": " ".join(found.organisations), "device": found.device, "name": found.name}.items():
                found.ws.vault.keep(setting, value)
        public = found.ws.vault.key().public
        found.key = key_id(public)
        self.server.disk.disarm()  # what an operator does is not what is played here
        self.server.authority.certify(public, found.person, found.device, found.role, found.organisations)
        self.memory.read(self.server.store)
        found.leave()
        return found

    def at(self, pc: PC) -> Someone:
        """One more who uses a PC."""
        name = f"r{len(self.replicas)}"
        link = Link(self.server, self.late, [], self.protocol)  # who can read another's answers reads what is in them
        found = Someone(name, pc.folder, "people", self.place, self.memory, link, self.tick, self.chance, disk=pc.disk, file=name, pc=pc)
        laid_out({place.with_name(place.name.replace("me.", f"{name}.", 1)): data for place, data in blank("people", self.place).items()
                  if place.parts[0] == "people"}, pc.folder)
        pc.people.append(found)
        self.replicas.append(found)
        return found

    def _may_read(self, one: Someone) -> None:
        """Somebody's own scopes are these now."""
        one.scopes = (scope_of(PERSON, one.person), *(scope_of(ORG, each) for each in one.organisations), *((MODERATOR,) if one.role == "moderator" else ()))
        one.ever |= set(one.scopes)
        for scope in one.scopes:
            self.memory.open_scope(scope)

    def appoint(self, one: Someone, role: str, organisations: tuple[str, ...]) -> None:
        """A person gets another role, joins organisations or leaves them, on each of their devices."""
        self.server.disk.disarm()
        at = dict(self.server.store.rows("SELECT scope, number FROM ledger"))
        left = {*one.organisations} - {*organisations}
        appoint(self.server.authority, one.person, role, [each for each in organisations if each not in one.organisations], left)
        for each in self.replicas:
            if each.person == one.person and not each.revoked and not each.guest:
                before = set(each.scopes)
                each.role, each.organisations = role, organisations
                self._may_read(each)
                for scope in before - set(each.scopes):
                    self.memory.withdrawn[each.key, scope] = at["control"] + 1
                    self.parted_at.setdefault(each.key, {})[scope] = at.get(scope, 0)
                for scope in set(each.scopes) - before:
                    self.memory.withdrawn.pop((each.key, scope), None)
                    self.parted_at.get(each.key, {}).pop(scope, None)
        self.memory.read(self.server.store)

    def withdraw(self, one: Someone) -> None:
        """A device is withdrawn from the network."""
        self.server.disk.disarm()
        number = self.server.store.value("SELECT number FROM ledger WHERE scope = 'control'") + 1
        self.server.authority.revoke(one.device)
        one.revoked = True
        self.memory.withdrawn[one.key, ""] = number
        at = dict(self.server.store.rows("SELECT scope, number FROM ledger"))
        self.parted_at[one.key] = {scope: at.get(scope, 0) for scope in self.memory.scopes} | self.parted_at.get(one.key, {})
        self.memory.read(self.server.store)

    def scopes_of(self, replica: Replica) -> list[str]:
        """The ledgers that somebody is given now."""
        return ["control", "public", *([NETWORK, *replica.scopes] if not replica.revoked and not replica.guest else ())]

    def readable(self, one: Someone) -> list[str]:
        """The ledgers that somebody has, or had, a right to."""
        return ["control", "public", *([NETWORK, *sorted(one.ever)] if not one.guest else ())]

    def hears_all(self, replica: Replica) -> bool:
        """Whether somebody is given all that they ever read or wrote in."""
        return not replica.revoked and set(replica.ever) <= {*replica.scopes}  # type: ignore[attr-defined]

    def received(self) -> set[int]:
        """The saves that some replica holds as accepted."""
        found: set[int] = set()
        for one in self.replicas:
            one.enter()
            found |= set() if one.guest else one.received()
        return found

    def sealed(self, data: bytes) -> None:
        """A parcel is made: with the newest key that its author's PC knows, where that was not interrupted."""
        self.parcels.add(name_of(data))
        label = read_parcel(data)[1]
        one = next(each for each in self.replicas if each.key == label.author)
        store = one.ws.public
        if one.revoked or store.value("SELECT number FROM ledger WHERE scope = 'control'") not in self.memory.rests:
            return
        known = {scope_name(scope): (scope, generation) for scope, generation in newest(store).items()}
        found = known.get(scope_name(NETWORK) if label.scope == scope_name(PUBLIC) else label.scope)
        now = membership(one.ws)
        if found is not None and now.certified and reads(Actor(now.role, now.person, now.organisations), found[0]):
            name = bytes.fromhex(store.value("SELECT name FROM scope_key WHERE ledger = ? AND generation = ? AND gone = 0", found))
            if name != label.sealer:
                self.wrong(f"{one.name} seals to another key than the newest one of {found[0]}, of generation {found[1]}")

    def exchange(self, replica: Replica, chance: Random, fates: list[str]) -> str:
        """One sync; whatever the road, what stands on the PC after it is looked at."""
        from tests.simulation.people import rights

        found = World.exchange(self, replica, chance, fates)
        rights.look(self, replica)  # type: ignore[arg-type]
        return found

    def heal(self) -> None:
        """What some hand in for all goes round first; then everybody reaches the server."""
        for one in self.replicas:
            one.link.parted = False
            one.disk.disarm()
        roads.go_round(self)
        World.heal(self)
        self.memory.read(self.server.store)

    def close(self) -> None:
        """Give every file back."""
        self.place.sealed = lambda data: None
        World.close(self)
