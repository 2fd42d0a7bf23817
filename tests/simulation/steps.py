"""What happens next: a person acts, a message travels, a machine fails; each step draws from its own seed, so steps can be left out."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from sync.errors import Failure
from tests.simulation import acts
from tests.simulation.disk import Killed, copied
from tests.simulation.link import Link
from tests.simulation.memory import LABELS
from tests.simulation.replica import Replica
from tests.simulation.world import MOST, YEAR, World

Act = Callable[[World, Replica, Random], str]


def exchange(here: World, replica: Replica, chance: Random) -> str:
    """A sync over a link that may fail."""
    if replica.busy:
        return "busy"
    fates = [chance.choice(here.fates) if here.fates and chance.random() < here.trouble else "" for _ in range(6)]
    replica.link.meanwhile = lambda: meanwhile(here, chance)
    if chance.random() < here.failing:
        here.server.disk.arm(chance.choice(here.disk_faults), int(chance.paretovariate(0.6)))
    try:
        return here.exchange(replica, chance, fates if any(fates) else [])
    finally:
        here.server.disk.disarm()


def meanwhile(here: World, chance: Random) -> None:
    """Other things happen while a message is on its way."""
    if here.depth < 2:
        here.depth += 1
        for _ in range(chance.randint(1, 3)):
            here.step(here, Random(chance.getrandbits(64)), "meanwhile")
        here.depth -= 1


def late(here: World, replica: Replica, chance: Random) -> str:
    """A message that everybody had given up arrives, perhaps twice."""
    if not here.late:
        return "nothing is late"
    at = chance.randrange(len(here.late))
    body = here.late[at] if chance.random() < 0.3 else here.late.pop(at)
    here.deliver(body)
    return f"{len(body)}"


def part(here: World, replica: Replica, chance: Random) -> str:
    """A link goes down, or comes back."""
    replica.link.parted = not replica.link.parted
    return "parted" if replica.link.parted else "linked"


def clock(here: World, replica: Replica, chance: Random) -> str:
    """A clock is set, rightly or wrongly."""
    replica.skew = chance.choice((0, 10 * YEAR, -10 * YEAR, LABELS * chance.randint(-10**6, 10**6)))
    return str(replica.skew // LABELS)


def restart(here: World, replica: Replica, chance: Random) -> str:
    """The program is closed and opened again, by a newer version if there is one; it may die while it opens."""
    if replica.busy:
        return "busy"
    replica.disk.gone()
    if replica.version == "old" and chance.random() < 0.5:
        replica.version = "new"
    if chance.random() < here.failing * 3:
        replica.disk.arm("kill", int(chance.paretovariate(0.5)))
    replica.restart()
    return replica.version


def back_up(here: World, replica: Replica, chance: Random) -> str:
    """A folder is copied to another disk."""
    if replica.busy or len(replica.backups) > 3:
        return "no"
    replica.back_up(here.folder / f"{replica.name}-backup-{len(replica.backups)}")
    return str(sorted(replica.holding.kept)[-3:])


def set_back(here: World, replica: Replica, chance: Random) -> str:
    """A folder comes back from its backup and nobody notices."""
    if replica.busy or not replica.backups:
        return "no"
    replica.set_back(chance)
    return str(sorted(replica.holding.kept)[-3:])


def fork(here: World, replica: Replica, chance: Random) -> str:
    """A folder is copied to a second PC, and both go on."""
    if replica.busy or len(here.replicas) >= MOST:
        return "no"
    name = f"r{len(here.replicas)}"
    replica.hear()
    copied(replica.folder, here.folder / name)
    other = Replica(name, here.folder / name, replica.version, here.place, here.memory, Link(here.server, here.late, here.answers, here.protocol),
                    here.tick, here.chance, replica.skew, revoked=replica.revoked, holding=replica.holding.copy(), device=replica.device)
    other.open()
    here.replicas.append(other)
    return name


def newcomer(here: World, replica: Replica, chance: Random) -> str:
    """Somebody joins late."""
    if len(here.replicas) >= MOST:
        return "no"
    return here.join("old" if chance.random() < 0.2 else "new").name


def revoke(here: World, replica: Replica, chance: Random) -> str:
    """A device is withdrawn from the network, with every copy of it."""
    if len({one.device for one in here.replicas if not one.revoked}) < 2:
        return "no"
    here.server.authority.revoke(replica.device)
    here.memory.read(here.server.store)
    for one in here.replicas:
        one.revoked = one.revoked or one.device == replica.device
    return replica.device[-4:]


def server_restart(here: World, replica: Replica, chance: Random) -> str:
    """The server's program dies between two requests and starts again, by a newer version if there is one."""
    if here.server.version == "old" and chance.random() < 0.3:
        here.server.version = "new"
    here.server.restart()
    return here.server.version


def publish(here: World, replica: Replica, chance: Random) -> str:
    """The server makes a snapshot."""
    if chance.random() < here.failing * 3:
        here.server.disk.arm(chance.choice(here.disk_faults), int(chance.paretovariate(0.6)))
    return here.server.publish(chance.choice(("control", "public", "network")))


def server_back_up(here: World, replica: Replica, chance: Random) -> str:
    """The server's database is copied."""
    here.server.back_up(here.folder / "server-backup")
    return "done"


def server_set_back(here: World, replica: Replica, chance: Random) -> str:
    """The server comes back from its backup."""
    if not (here.folder / "server-backup").exists():
        return "no"
    for one in here.replicas:
        one.hear()
    here.server.set_back(here.folder / "server-backup")
    return "done"


def second_program(here: World, replica: Replica, chance: Random) -> str:
    """A command runs on a folder while the app has it open."""
    first = replica.ws
    forms, cards = replica.forms, replica.cards
    second = replica.open()
    try:
        act = chance.choice((acts.quick_edit, acts.save_form, acts.create, acts.delete, exchange))
        outcome = act(here, replica, chance)
    finally:
        if replica.ws is second and not replica.disk.dead and replica.disk.stores:
            second.close()
            replica.ws, replica.forms, replica.cards = first, forms, cards
    return f"{act.__name__}: {outcome}"


PEOPLE: dict[Act, int] = {
    acts.open_form: 12, acts.save_form: 16, acts.quick_edit: 10, acts.create: 8, acts.together: 2, acts.delete: 4, acts.restore: 3,
    acts.settle: 5, acts.cancel: 3, acts.resend: 3, acts.draft: 2, second_program: 2,
}
MACHINES: dict[Act, int] = {
    exchange: 30, late: 3, part: 2, clock: 1, restart: 2, back_up: 1, set_back: 1, fork: 1, newcomer: 1, revoke: 1,
    server_restart: 1, publish: 2, server_back_up: 1, server_set_back: 1,
}
RARE = {fork: 0.4, revoke: 0.06, newcomer: 0.3, set_back: 0.5, server_set_back: 0.3}


def weights(chance: Random) -> dict[Act, float]:
    """How often each thing happens in one run: some never, some often; what never meets in an average run meets in these."""
    found = {act: weight * chance.choice((0.3, 1, 1, 2)) for act, weight in (PEOPLE | MACHINES).items()}
    for act in MACHINES:
        if act is not exchange:
            found[act] *= chance.choice((0, 0, 1, 1, 2)) * RARE.get(act, 1)
    return found


def step(here: World, chance: Random, mark: str) -> None:
    """One step."""
    act = chance.choices(list(here.weights), list(here.weights.values()))[0]
    play(here, act, chance.choice(here.replicas), chance, mark, writes=act in PEOPLE or act is exchange)


def play(here: World, act: Act, replica: Replica, chance: Random, mark: str, *, writes: bool) -> None:
    """Let something happen at a replica, on a disk that may fail if it `writes` there."""
    kept = (replica.disk.fault, replica.disk.left)
    if replica.busy:
        replica.disk.fault = ""
        if replica.revoked:  # what it is refused it hears in the middle of a sync, from no ledger
            replica.hear()
    elif writes:
        replica.disk.disarm()
        if chance.random() < here.failing:
            replica.disk.arm(chance.choice(here.disk_faults), int(chance.paretovariate(0.4 if act is exchange else 0.6)))
    try:
        outcome = act(here, replica, chance)
    except Killed:
        replica.died()
        outcome = "killed"
    except Failure as failure:
        if not replica.disk.struck:
            raise
        outcome = failure.code
    if replica.busy:
        replica.disk.fault, replica.disk.left = kept
    else:
        replica.disk.disarm()
    here.note(f"{mark} {replica.name} {act.__name__}: {outcome}")


