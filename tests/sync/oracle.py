"""What must be true after a history, kept by somebody who watched every screen; shares no code and no words with the merge.

The witness notes for every save which values its author had before their
eyes, as the workspace showed them. Everything else follows from one sentence:
a value is dead exactly when an accepted save was made by someone who had seen
it, or had seen what replaced it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

EDIT, CREATE, DELETE, RESTORE = range(4)


@dataclass(eq=False)
class Wrote:
    """One value that one author gave to one part, and everything that its author had seen of that part."""

    path: str
    value: Any
    beneath: frozenset[Wrote]
    act: Act


@dataclass(eq=False)
class Act:
    """One save: by whom, on which record, and what became of it."""

    author: str
    time: int
    record: str
    kind: str
    operation: int
    dot: str
    wrote: dict[str, Wrote] = field(default_factory=dict)
    covers: frozenset[Wrote] = frozenset()
    undoes: frozenset[Act] = frozenset()
    typed: dict[str, Any] = field(default_factory=dict)
    number: int | None = None
    accepted: bool | None = None
    cancelled: bool = False
    dropped: bool = False


class Witness:
    """Everything that was saved, in the order of saving."""

    def __init__(self, whole: frozenset[str]) -> None:
        self.acts: list[Act] = []
        self.whole = whole  # fields of which one look takes in every value: sets, and those that never ask

    def of_record(self, record: str) -> list[Act]:
        return [act for act in self.acts if act.record == record and not act.cancelled]

    def accepted(self, record: str, head: int) -> list[Act]:
        """What a ledger says of a record up to a number."""
        found = [act for act in self.of_record(record) if act.accepted and act.number is not None and act.number <= head]
        return sorted(found, key=lambda act: act.number or 0)

    def waiting(self, record: str, author: str, head: int) -> list[Act]:
        """What an author saved and a copy at this number has no verdict on."""
        return [act for act in self.of_record(record) if act.author == author and (act.number is None or act.number > head)]

    def view(self, record: str, author: str, head: int) -> list[Act]:
        """What an author's own screen is made of."""
        mine = self.waiting(record, author, head)
        confirmed = self.accepted(record, head)
        return confirmed + mine if confirmed or any(act.operation == CREATE for act in mine) else []

    def saw(self, acts: list[Act], path: str, shown: Any) -> frozenset[Wrote]:
        """What of one part its author saw, given what the screen showed, with everything beneath."""
        live = living(acts).get(path, [])
        direct = live if self._is_whole(path) else [one for one in live if one.value == shown]
        return frozenset(direct).union(*(one.beneath for one in direct))

    def saw_all(self, acts: list[Act], path: str) -> frozenset[Wrote]:
        direct = living(acts).get(path, [])
        return frozenset(direct).union(*(one.beneath for one in direct))

    def conflicts(self, acts: list[Act]) -> set[str]:
        """The parts of a record for which a person must choose."""
        if hidden(acts):
            return set()
        found = {path for path, live in living(acts).items() if not self._is_whole(path) and any(one.value != live[0].value for one in live)}
        return found | ({"_life"} if standing(acts) else set())

    def _is_whole(self, path: str) -> bool:
        return path.partition("#")[0] in self.whole


def living(acts: list[Act]) -> dict[str, list[Wrote]]:
    """The values of each part that nobody among these authors had seen when they wrote."""
    dead: set[Wrote] = set()
    for act in acts:
        for one in act.wrote.values():
            dead |= one.beneath
    found: dict[str, list[Wrote]] = {}
    for act in acts:
        for path, one in act.wrote.items():
            if one not in dead:
                found.setdefault(path, []).append(one)
    return found


def standing(acts: list[Act]) -> list[Act]:
    """The deletions that nobody who saw them undid."""
    undone = frozenset().union(*(act.undoes for act in acts))
    return [act for act in acts if act.operation == DELETE and act not in undone]


def hidden(acts: list[Act]) -> bool:
    """Whether a record is gone: somebody deleted it, and every living value was seen by one who did."""
    deletions = standing(acts)
    covered = frozenset().union(*(act.covers for act in deletions))
    return bool(deletions) and all(one in covered for live in living(acts).values() for one in live)
