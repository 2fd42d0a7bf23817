"""A record as the design promises to show it, worked out from what each author really saw; knows no merge and no engine."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tests.simulation.kinds import FINAL, part_of
from tests.simulation.memory import CREATE, DELETE, RESTORE, Book, Holding, Memory, Typed


@dataclass(slots=True)
class Picture:
    """One record for one reader: live saves by path in the order of acceptance (waiting ones last), standing deletions."""

    kind: str
    present: bool
    live: dict[str, list[int]]
    shown_first: dict[str, int]
    waiting: frozenset[int]
    deletions: list[int]
    gone: bool


def same(one: Any, other: Any) -> bool:
    """Whether a person would call two values equal."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


class Reader:
    """Draws pictures: of the server's copy, or of a replica with its waiting saves on top.

    `heard` are the numbers up to which a sync that is not over has read the
    verdicts on what its person handed in: until it does, an own accepted save
    is shown as one that waits. A refused one never is. `told` are saves of
    others that came by another road and that nobody has decided yet.
    """

    def __init__(self, memory: Memory, books: dict[str, tuple[Book, int]], holding: Holding | None = None, heard: dict[str, int] | None = None,
                 told: Iterable[int] = ()) -> None:
        self.memory = memory
        self.books = books
        holding = holding or Holding()
        self.kept = frozenset(holding.kept)
        self.own = self.kept | holding.given_up
        self.refused = frozenset(holding.refused)
        self.heard = heard or {}
        self.told = list(dict.fromkeys(told))
        self._drawn: dict[str, Picture] = {}

    def is_accepted(self, label: int) -> bool:
        """Whether this reader has received a save as accepted."""
        scope = self.memory.typed[label].scope
        book, upto = self.books[scope]
        if label in self.kept:
            upto = min(upto, self.heard.get(scope, upto))
        return book.accepted.get(label, upto + 1) <= upto

    def decided(self, label: int) -> bool:
        """Whether this reader has received the verdict on a save, from this server or as it was before it was set back."""
        book, upto = self.books[self.memory.typed[label].scope]
        if label in self.refused or label in book.accepted:
            return label in self.refused or self.is_accepted(label)
        number = self.memory.refusal(book, label)
        return number is not None and number <= upto

    def is_refused(self, label: int) -> bool:
        """Whether a save was refused, and not accepted after that."""
        book = self.books[self.memory.typed[label].scope][0]
        return label not in book.accepted and (label in self.refused or self.memory.refusal(book, label) is not None)

    def is_here(self, label: int) -> bool:
        """Whether a save is part of what this reader sees: accepted, or waiting on this disk."""
        return self.is_accepted(label) or (label in self.kept and not self.decided(label))

    def picture(self, record: str) -> Picture:
        """What there is to see of a record, now that this reader looks."""
        if record not in self._drawn:
            self._drawn[record] = self._picture(record)
        return self._drawn[record]

    def _picture(self, record: str) -> Picture:
        labels = self.memory.of_record[record]
        typed = self.memory.typed
        numbered = []
        for label in labels:
            if self.is_accepted(label):
                numbered.append((self.books[typed[label].scope][0].accepted[label], label))
        accepted = [label for _, label in sorted(numbered)]
        told = [label for label in self.told if typed[label].record == record and not self.is_accepted(label)]
        waiting = [label for label in labels if self.is_here(label) and not self.is_accepted(label)]
        here = [typed[label] for label in (*accepted, *told, *waiting)]
        present = any(one.operation == CREATE for one in here)
        if present and not any(typed[label].operation == CREATE for label in accepted):
            first = next(at for at, one in enumerate(here) if one.operation == CREATE)
            here = here[first:]  # what waits for a creation is not shown before it
        if not present:
            return Picture("", False, {}, {}, frozenset(), [], True)
        live = self._live(here)
        deletions = self._standing(here)
        shown_first = {path: self._first(here, path) for path in live}
        kind = here[0].kind
        covered = all(any(label in typed[each].saw.get(path, ()) for each in deletions) for path, labels in live.items() for label in labels)
        gone = bool(deletions) and (covered or kind in FINAL)
        return Picture(kind, True, live, {path: one for path, one in shown_first.items() if one is not None}, frozenset(waiting), deletions, gone)

    @staticmethod
    def _live(here: list[Typed]) -> dict[str, list[int]]:
        """A value is live unless somebody who saw it replaced it; a deletion replaces nothing."""
        replaced: dict[str, set[int]] = {}
        for one in here:
            if one.operation != DELETE:
                for path in one.writes:
                    replaced.setdefault(path, set()).update(one.saw.get(path, ()))
        found: dict[str, list[int]] = {}
        for one in here:
            for path in one.writes:
                if one.label not in replaced[path]:
                    found.setdefault(path, []).append(one.label)
        return found

    @staticmethod
    def _standing(here: list[Typed]) -> list[int]:
        undone = frozenset(label for one in here if one.operation == RESTORE for label in one.undoes)
        return [one.label for one in here if one.operation == DELETE and one.label not in undone]

    @staticmethod
    def _first(here: list[Typed], path: str) -> int | None:
        """The value shown stays shown until someone who saw it replaces it; a replacement takes the place of what it replaces.

        So does a save that waits and is replaced itself (the server lost it): what it replaced is not shown, and its place goes to nobody.
        """
        row: list[int] = []
        replaced: set[int] = set()
        for one in here:
            if path not in one.writes or one.operation == DELETE:
                continue
            saw = one.saw.get(path, frozenset())
            replaced |= saw
            at = next((index for index, label in enumerate(row) if label in saw), len(row))
            row = [label for label in row if label not in saw]
            if one.label not in replaced:
                row.insert(at, one.label)
        return row[0] if row else None

    def shown(self, picture: Picture, version: str, path: str) -> list[Any]:
        """The values that may stand on the screen for a part: one, but for several own waiting ones."""
        typed = self.memory.typed
        part = part_of(picture.kind, version, path)
        labels = picture.live.get(path, [])
        if part is None or not labels:
            return [None]
        values = {label: typed[label].writes[path] for label in labels}
        own = [label for label in labels if label in picture.waiting]
        if part.policy == "set":
            return [True if True in values.values() else None]
        if own:
            return [values[label] for label in own]
        return [values[labels[-1] if part.policy == "latest" else picture.shown_first[path]]]

    def seen(self, picture: Picture, version: str, path: str, displayed: Any) -> frozenset[int]:
        """The saves whose value was displayed, and all that those had seen; where no card would ask, all that are live."""
        labels = picture.live.get(path, [])
        part = part_of(picture.kind, version, path)
        if part is not None and part.policy == "ask":
            labels = [label for label in labels if same(self.memory.typed[label].writes[path], displayed)]
        return self.beneath(labels, path)

    def all_seen(self, picture: Picture, path: str) -> frozenset[int]:
        """Every live save of a part, as a card or a deletion shows them."""
        return self.beneath(picture.live.get(path, []), path)

    def beneath(self, labels: Iterable[int], path: str) -> frozenset[int]:
        """Saves that were on a screen, and beneath each own one that is not known to be accepted everything that it had seen.

        No deeper: what stood beneath an accepted value was replaced by that
        value's author and was not on this screen. While the value stands in
        the ledger it makes no difference. When a server was set back and takes
        a save before it has the value again that the save replaced, the save
        has replaced nothing that stands there: it stands last, what is beneath
        stands until the lost value is back, and that one is dead on arrival,
        so the place which it would have taken goes to nobody (docs/sync.md).
        """
        found: set[int] = set()
        for label in labels:
            found.add(label)
            if (label in self.own or label in self.told) and not self.is_accepted(label):
                found |= self.memory.typed[label].saw.get(path, frozenset())
        return frozenset(found)

    def conflicts(self, picture: Picture, version: str) -> dict[str, list[Any]]:
        """The parts for which a person must choose, with the values; `_life` where a deletion met what it had not seen."""
        found: dict[str, list[Any]] = {}
        if not picture.present or picture.gone:
            return found
        for path, labels in picture.live.items():
            part = part_of(picture.kind, version, path)
            if part is not None and part.policy == "ask":
                values = {json.dumps(value := self.memory.typed[label].writes[path], sort_keys=True): value for label in labels}
                if len(values) > 1:
                    found[path] = list(values.values())
        if picture.deletions:
            found["_life"] = ["deleted", "kept"]
        return found
