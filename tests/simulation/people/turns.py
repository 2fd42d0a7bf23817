"""What happens next where people share PCs: one sits down and acts, two PCs meet, a stick lies about, somebody is withdrawn."""

from __future__ import annotations

from random import Random

from sync import roads as ways
from tests.simulation import acts, steps
from tests.simulation.people import roads
from tests.simulation.people.pc import Someone
from tests.simulation.people.society import MOST, ORGANISATIONS, Society

STICKS = 5  # that lie about


def lan(here: Society, one: Someone, chance: Random) -> str:
    """Two PCs meet on a local network that may lose, double, disorder and alter what each gives."""
    others = [each for each in here.replicas if each.pc is not one.pc and each.pc.is_free()]
    if one.busy or not others:
        return "nobody there"
    other = chance.choice(others)
    other.enter()
    there = roads.have(here, other) if chance.random() < 0.8 else None
    up = roads.on_the_way(here, roads.given(here, one, there), chance)
    back = roads.on_the_way(here, roads.given(here, other, roads.have(here, one)), chance)
    there_now = roads.taken(here, other, up, ways.LAN) if chance.random() > here.losing else "cut"
    return f"{other.name} {there_now} / {roads.taken(here, one, back, ways.LAN)}"


def copy_to_stick(here: Society, one: Someone, chance: Random) -> str:
    """Somebody takes a stick along."""
    items = roads.given(here, one, None)
    here.sticks = [*here.sticks[1 - STICKS:], items]
    return f"{len(items)}"


def read_stick(here: Society, one: Someone, chance: Random) -> str:
    """A stick is read, of today or of long ago, in whatever state it is."""
    if one.busy or not here.sticks:
        return "no stick"
    return roads.taken(here, one, roads.on_the_way(here, chance.choice(here.sticks), chance), ways.USB)


def newcomer(here: Society, one: Someone, chance: Random) -> str:
    """Somebody joins late, at a PC of others or at a new one, or with a second device."""
    if len(here.replicas) >= MOST or not one.pc.is_free():
        return "no"
    pc = one.pc if chance.random() < 0.5 else here.new_pc()
    return here.sit(pc, chance, one if pc is not one.pc and not one.guest and chance.random() < 0.3 else None).name


def withdraw(here: Society, one: Someone, chance: Random) -> str:
    """A device is withdrawn from the network; its person may have another."""
    if one.guest or one.revoked or sum(not each.revoked and not each.guest for each in here.replicas) < 3:
        return "no"
    here.withdraw(one)
    return one.device[-4:]


def appoint(here: Society, one: Someone, chance: Random) -> str:
    """Somebody joins an organisation or leaves it, becomes a moderator or is one no more."""
    if one.guest or one.revoked:
        return "no"
    role, mine = one.role, one.organisations
    if chance.random() < 0.3:
        role = "member" if role == "moderator" else "moderator"
    else:
        changed = chance.choice(ORGANISATIONS)
        mine = tuple(each for each in mine if each != changed) if changed in mine else (*mine, changed)
    here.appoint(one, role, mine)
    return f"{role} {[each[-4:] for each in mine]}"


def publish(here: Society, one: Someone, chance: Random) -> str:
    """The server makes a snapshot."""
    scope = chance.choice(sorted(here.server.heads()))
    if chance.random() < here.failing * 3:
        here.server.disk.arm(chance.choice(here.disk_faults), int(chance.paretovariate(0.6)))
    return here.server.publish(scope)


def leave(here: Society, one: Someone, chance: Random) -> str:
    """Somebody goes home."""
    if one.busy:
        return "busy"
    one.leave()
    return "gone"


PEOPLE: dict[steps.Act, int] = {
    acts.open_form: 8, acts.save_form: 12, acts.quick_edit: 9, acts.create: 14, acts.together: 2, acts.delete: 4, acts.restore: 3,
    acts.settle: 4, acts.cancel: 8, acts.resend: 3, acts.draft: 2,
}
ROADS: dict[steps.Act, int] = {steps.exchange: 16, lan: 8, copy_to_stick: 5, read_stick: 6}  # type: ignore[dict-item]
OTHERS: dict[steps.Act, float] = {
    steps.late: 3, steps.part: 2, steps.clock: 1, steps.restart: 2, newcomer: 0.4, withdraw: 0.4, appoint: 0.8, steps.server_restart: 1, publish: 1, leave: 3,  # type: ignore[dict-item]
}


def weights(chance: Random) -> dict[steps.Act, float]:
    """How often each thing happens in one run."""
    found = {act: weight * chance.choice((0.3, 1, 1, 2)) for act, weight in (PEOPLE | ROADS).items()}
    found |= {act: weight * chance.choice((0, 0.5, 1, 2)) for act, weight in OTHERS.items()}
    return found


def step(here: Society, chance: Random, mark: str) -> None:
    """Somebody sits down and does one thing."""
    act = chance.choices(list(here.weights), list(here.weights.values()))[0]
    sitting = [each for each in here.replicas if each.ws is not None]
    one = chance.choice(sitting if sitting and chance.random() < 0.6 else here.replicas)  # who sits does several things
    if not one.pc.is_free(one) or (one.guest and act in PEOPLE):
        here.note(f"{mark} {one.name} {act.__name__}: no")
        return
    one.enter(alone=chance.random() < 0.7)
    steps.play(here, act, one, chance, mark, writes=act in PEOPLE or act in ROADS)
