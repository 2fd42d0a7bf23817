"""How much of each fault is played, and where its figures are written; knows no fault.

`DALIL_FAULTS=long` plays the long form, whose figures `docs/faults.md` shows;
else the short one, which fits into CI. `DALIL_SHARE=0.2` plays a fifth of the
long form, on a machine that has other work. Figures go to standard output and, a
JSON line each, to the file that `DALIL_FIGURES` names.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

LONG = os.environ.get("DALIL_FAULTS") == "long"
SHARE = float(os.environ.get("DALIL_SHARE", "1"))
SEED = int(os.environ.get("DALIL_SEED", "1"))
T = TypeVar("T")


def amount(short: int, long: int) -> int:
    """How often, in this form."""
    return max(short, round(long * SHARE)) if LONG else short


def some(found: Sequence[T], short: int) -> list[T]:
    """All in the long form; else so many."""
    return list(found) if LONG else spread(found, short)


def spread(found: Sequence[T], many: int) -> list[T]:
    """So many, one from the middle of each equal part, the same each time."""
    if len(found) <= many:
        return list(found)
    step = len(found) / many
    return [found[int((place + 0.5) * step)] for place in range(many)]


def chance(*names: object) -> random.Random:
    """Randomness of its own for one part of a test, the same for one `DALIL_SEED`."""
    return random.Random(":".join(map(str, (SEED, *names))))


def tell(fault: str, **figures: object) -> None:
    """Say what was played and what came of it."""
    line = json.dumps({"fault": fault, "form": "long" if LONG else "short", **figures}, ensure_ascii=False)
    print(line)
    if place := os.environ.get("DALIL_FIGURES"):
        with Path(place).open("a", encoding="utf-8") as out:
            out.write(line + "\n")
