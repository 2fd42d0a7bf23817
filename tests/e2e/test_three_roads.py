"""Records, verdicts and files cross a cable, a stick and a server to everybody, and nothing goes elsewhere; also when all of it comes twice and late.

The short form is one way there and back, with an older stick read again; the
long one plays meetings in random order, each message twice, sticks of any age.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.e2e.three_roads import PEOPLE, Village, village
from tests.faults.amounts import LONG, amount, chance, tell

STEPS = 24  # meetings of one run in the long form, apart from those that end it


def test_there_and_back_with_no_server_in_sight(tmp_path: Path) -> None:
    with village(tmp_path) as three:
        for pair in PEOPLE.values():
            for name in pair:
                three.work(name)
        assert three.pcs["A"].fails("amina", "sync")[0] == "offline"
        three.cable("amina", "bahdon")
        three.writes("barkat")
        three.takes("charmarke")
        assert three.reaches("charmarke")["set_aside"] == []
        three.reaches("choukri")
        three.writes("choukri")
        three.takes("bahdon")
        assert three.takes("barkat", 1)["received"] == 0  # the older stick again
        three.cable("barkat", "ali")
        # the file follows the record that speaks of it, once that is confirmed
        three.writes("bahdon")
        three.takes("choukri")
        three.reaches("choukri")
        three.arrived(unseen=True)


@pytest.mark.skipif(not LONG, reason="the long form: make faults")
@pytest.mark.parametrize("seed", range(amount(1, 12)))
def test_in_any_order_twice_and_late(tmp_path: Path, seed: int) -> None:
    dice = chance("three roads", seed)
    with village(tmp_path) as three:
        todo = [(name, number) for pair in PEOPLE.values() for name in pair for number in range(2)]
        dice.shuffle(todo)
        for _ in range(STEPS):
            for name, number in [todo.pop() for _ in range(min(len(todo), dice.randrange(2)))]:
                three.work(name, number)
            meets(three, dice)
        for name, number in todo:
            three.work(name, number)
        for _ in range(2):
            three.cable("amina", "bahdon")
            three.writes("bahdon")
            three.takes("charmarke")
            three.reaches("charmarke")
            three.writes("charmarke")
            three.takes("barkat")
            three.cable("ali", "barkat")
        three.arrived(unseen=False)
        tell("three roads in any order", seed=seed, meetings=three.meetings, sticks=len(three.sticks))


def meets(three: Village, dice: random.Random) -> None:
    """One meeting of any kind, mostly twice."""
    a, b, c = (dice.choice(PEOPLE[place]) for place in "ABC")
    kind = dice.choice(("cable", "cable", "writes", "takes", "takes", "reaches"))
    for _ in range(dice.choice((1, 2))):
        if kind == "cable":
            three.cable(*dice.choice(((a, b), (b, a))))
        elif kind == "writes":
            three.writes(dice.choice((b, c)))
        elif kind == "takes" and len(three.sticks) > 1:
            three.takes(dice.choice((b, c)), dice.randrange(1, len(three.sticks)))
        elif kind == "reaches":
            three.reaches(c)
