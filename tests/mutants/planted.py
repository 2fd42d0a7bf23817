"""What a planted fault is: one exact text of the engine replaced by what a hurried hand might write there; plants and runs nothing."""

from __future__ import annotations

from dataclasses import dataclass

SYNC = "tests/sync/test_"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the promise that it breaks, where, and the tests that must see it.

    `old` stands exactly once in `file`, which is named from the project's
    folder. A killer is a test as pytest names it, or `simulation N`: the
    first N seeds of tests/simulation.
    """

    name: str
    breaks: str
    file: str
    old: str
    new: str
    killers: tuple[str, ...]


def by(module: str, *tests: str) -> tuple[str, ...]:
    """Tests of one module of tests/sync."""
    return tuple(f"{SYNC}{module}.py::test_{one}" for one in tests)
