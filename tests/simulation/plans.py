"""The plans of the simulation: which world, which steps, which promises; `alone` is a person a PC over the server, `people` shared PCs and every road."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

from tests.simulation import mutants, promises, steps
from tests.simulation.people import faults, rights, turns
from tests.simulation.people.society import Society
from tests.simulation.world import World


class Plan(NamedTuple):
    """What one run is made of, and the faults that it must see when they are planted."""

    world: type[World]
    weights: Callable[[Random], dict[Any, float]]
    step: Callable[[Any, Random, str], None]
    check: Callable[[Any, set[int]], None]
    mutants: dict[str, mutants.Plant]


PLANS = {
    "alone": Plan(World, steps.weights, steps.step, promises.check, mutants.MUTANTS),
    "people": Plan(Society, turns.weights, turns.step, rights.check, faults.FAULTS),
}
