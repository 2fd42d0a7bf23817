"""Runs seeds: one seed is one run, and every fiftieth runs twice to show that it replays exactly."""

from __future__ import annotations

import shutil
import tempfile
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.simulation.plans import PLANS
from tests.simulation.seams import Place, in_place
from tests.simulation.world import World

STEPS = 300


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run showed: the promises that were not kept, the trace, and what it went through."""

    seed: int
    wrong: list[str]
    trace: list[str]
    digest: str
    counts: dict[str, int]


def run(seed: int, length: int = STEPS, skip: frozenset[int] = frozenset(), *, eager: bool = False, plan: str = "alone") -> Outcome:
    """Run a seed of a plan. `skip` leaves steps out; `eager` stops at the first broken promise."""
    played = PLANS[plan]
    folder = Path(tempfile.mkdtemp(prefix=f"dalil-{seed}-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    chance = Random(seed)
    place = Place()
    world = None
    try:
        with in_place(place, chance):
            world = played.world(seed, folder, place, chance)
            world.step, world.weights = played.step, played.weights(chance)
            try:
                for at in range(length):
                    if at not in skip:
                        world.step(world, Random(seed * 1_000_003 + at), str(at))
                        if eager and world.memory.wrong:
                            break
                received = world.received()
                if not (eager and world.memory.wrong):
                    world.heal()
                    played.check(world, received)
            except Exception as error:  # noqa: BLE001  # whatever a person would have seen as a crash
                where = traceback.format_exc().splitlines()[-12:]
                world.wrong(f"crashed: {type(error).__name__}: {error}\n" + "\n".join(where))
            return Outcome(seed, list(dict.fromkeys(world.memory.wrong)), world.trace, world.digest(), counted(world))
    finally:
        if world is not None:
            world.close()
        shutil.rmtree(folder, ignore_errors=True)


def counted(world: World) -> dict[str, int]:
    """What the run went through."""
    memory = world.memory
    found = {"replicas": len(world.replicas), "saves": len(memory.typed), "kills": sum(one.kills for one in world.replicas) + world.server.kills,
             "accepted": sum(len(book.accepted) for book in memory.books.values()),
             "refused": sum(len(book.refused) for book in memory.books.values()), "collisions": len(memory.collisions), "doubled": len(memory.doubled)}
    for line in world.trace:
        name = line.strip().split(" ")[2].rstrip(":") if line.strip()[:1].isdigit() else ""
        if name in ("set_back", "fork", "newcomer", "revoke", "settle", "delete", "restore", "lan", "read_stick", "withdraw", "appoint") and not line.endswith((" no", " nothing", "no conflict")):
            found[name] = found.get(name, 0) + 1
    return found


def replays(seed: int, length: int = STEPS, plan: str = "alone") -> list[str]:
    """What differs between two runs of one seed: nothing, or the first line that does."""
    one, other = run(seed, length, plan=plan), run(seed, length, plan=plan)
    if one.digest == other.digest:
        return []
    pairs = zip([*one.trace, ""], [*other.trace, ""], strict=False)
    return [f"seed {seed} does not replay: {next(f'{a!r} then {b!r}' for a, b in pairs if a != b)}"]


def minimised(seed: int, length: int = STEPS, plan: str = "alone") -> tuple[int, frozenset[int]]:
    """A shorter run that still breaks a promise: its length, and the steps left out."""
    def fails(upto: int, skip: Iterable[int]) -> bool:
        return bool(run(seed, upto, frozenset(skip), plan=plan).wrong)

    low, high = 0, length
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if fails(middle, ()) else (middle + 1, high)
    skip: set[int] = set()
    size = max(1, high // 2)
    while size:
        for start in range(0, high, size):
            some = {at for at in range(start, min(high, start + size)) if at not in skip}
            if some and fails(high, skip | some):
                skip |= some
        size //= 2
    return high, frozenset(skip)
