"""How concurrent writes of one part meet, without any clock; pure, knows neither database nor wire.

A *reference* names the change that wrote a value: its ledger number when it
is accepted, its dot while it is not. A part's live values stand in a tuple
whose first one is shown. `docs/sync.md` explains the rule.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Reference = int | bytes
LIFE = "_life"


class Live(NamedTuple):
    """A value that no accepted write has replaced knowingly."""

    reference: Reference
    value: Any


class Deletion(NamedTuple):
    """A deletion that stands, and the references its author saw, by path."""

    reference: Reference
    covers: dict[str, frozenset[Reference]]


@dataclass(slots=True)
class State:
    """Everything confirmed about one record.

    `number` is the ledger number of its creation. `early` holds, by path,
    dots that were named before they arrived: dead on arrival in that part.
    """

    id: str
    kind: str
    number: int | None = None
    parts: dict[str, tuple[Live, ...]] = field(default_factory=dict)
    deletions: tuple[Deletion, ...] = ()
    early: dict[str, frozenset[bytes]] = field(default_factory=dict)

    def copy(self) -> State:
        """A state that can be changed without changing this one."""
        return State(self.id, self.kind, self.number, dict(self.parts), self.deletions, dict(self.early))


def place(live: tuple[Live, ...], write: Live, seen: Collection[Reference], *, dead: bool = False) -> tuple[Live, ...]:
    """The live values after one write.

    What its author saw goes; the write takes the place of the first of these,
    so that the value shown stays shown until someone who saw it replaces it;
    a write that saw none of them stands last. A dead write only removes.
    """
    stays = [one for one in live if one.reference not in seen]
    if dead:
        return tuple(stays)
    at = next((index for index, one in enumerate(live) if one.reference in seen), None)
    if at is None:
        return (*stays, write)
    before = sum(1 for one in live[:at] if one.reference not in seen)
    return (*stays[:before], write, *stays[before:])


def write(state: State, path: str, value: Any, reference: Reference, dot: bytes,
          seen: Collection[Reference], unknown: Iterable[bytes] = ()) -> None:
    """Apply one write to a state.

    `seen` are references as this replica knows them; `unknown` those among
    them that have not arrived (their dots), remembered so that they are dead
    on arrival in this part.
    """
    early = state.early.get(path, frozenset())
    state.parts[path] = place(state.parts.get(path, ()), Live(reference, value), seen, dead=dot in early)
    _remember(state, path, (early | frozenset(unknown)) - {dot})


def erase(state: State, path: str, dot: bytes, seen: Collection[Reference], unknown: Iterable[bytes] = ()) -> None:
    """Apply a write whose value was erased: it stands for nothing, and what its author saw stays replaced."""
    early = state.early.get(path, frozenset())
    state.parts[path] = place(state.parts.get(path, ()), Live(dot, None), seen, dead=True)
    _remember(state, path, (early | frozenset(unknown)) - {dot})


def delete(state: State, reference: Reference, dot: bytes, covers: dict[str, frozenset[Reference]]) -> None:
    """Apply a deletion: it kills no value, it hides the record while every live value is covered."""
    early = state.early.get(LIFE, frozenset())
    if dot not in early:
        state.deletions = (*state.deletions, Deletion(reference, covers))
    _remember(state, LIFE, early - {dot})


def restore(state: State, seen: Collection[Reference], unknown: Iterable[bytes] = ()) -> None:
    """Apply a restoration: the deletions that its author saw stand no more, nor those that are still to arrive."""
    state.deletions = tuple(one for one in state.deletions if one.reference not in seen)
    _remember(state, LIFE, state.early.get(LIFE, frozenset()) | frozenset(unknown))


def _remember(state: State, path: str, early: frozenset[bytes]) -> None:
    if early:
        state.early[path] = early
    else:
        state.early.pop(path, None)


def arrived(state: State, dot: bytes, number: int) -> None:
    """A change named by its dot now has a number: deletions that saw it cover the number too."""
    if not any(dot in seen for one in state.deletions for seen in one.covers.values()):
        return
    state.deletions = tuple(
        Deletion(one.reference, {path: frozenset(number if each == dot else each for each in seen) for path, seen in one.covers.items()})
        for one in state.deletions
    )


def was_seen(state: State, dot: bytes) -> bool:
    """Whether the author of a change that is here had seen one that is not."""
    return any(dot in seen for one in state.deletions for seen in one.covers.values()) or any(dot in early for early in state.early.values())


def is_gone(state: State, *, final: bool = False) -> bool:
    """Whether the record is hidden: deleted, and every live value was seen by one who deleted it.

    A `final` kind stays deleted whatever its deleter had not seen: nobody's
    edit brings back what a person no longer consents to.
    """
    return bool(state.deletions) and (final or not uncovered(state))


def uncovered(state: State) -> list[tuple[str, Live]]:
    """The live values that no standing deletion saw."""
    found = []
    for path, live in state.parts.items():
        for one in live:
            if not any(one.reference in deletion.covers.get(path, ()) for deletion in state.deletions):
                found.append((path, one))
    return found


def shown(live: tuple[Live, ...], *, element: bool = False, latest: bool = False) -> Any:
    """The value shown of a part; for an element of a set, added wins."""
    if not live:
        return None
    if element:
        return any(one.value is True for one in live) or None
    if latest:
        return max(live, key=_order).value
    return live[0].value


def in_conflict(live: tuple[Live, ...], *, element: bool = False, latest: bool = False) -> bool:
    """Whether a person must choose: several live values that differ, in a part whose policy is to ask."""
    return len(live) > 1 and not element and not latest and any(one.value != live[0].value for one in live[1:])


def _order(one: Live) -> tuple[bool, Reference]:
    return isinstance(one.reference, bytes), one.reference
