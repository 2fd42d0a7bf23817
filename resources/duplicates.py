"""Organisations that may be the same under two names: proposed to people, never merged; knows no screen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from i18n import Text
from i18n.fold import fold, words
from sync.record import Record

# Words that half of all names share: they prove nothing. Folded.
_COMMON = frozenset((
    "association", "associations", "assoc", "ass", "asso", "cooperative", "federation", "reseau", "union", "organisation",
    "organization", "ong", "ngo", "groupement", "comite", "de", "des", "du", "d", "la", "le", "les", "l", "et", "pour",
    "of", "the", "for", "and", "in", "en", "au", "aux", "a", "an", "sur", "pour", "developpement", "development", "جمعيه",
    "رابطه", "اتحاد", "منظمه", "تعاونيه", "شبكه", "مؤسسه", "موسسه", "من", "في", "و",
))
_ALIKE = 88.0  # of 100, token order ignored: two letters of a long word, or one word of many
_WIDE = 60  # a word that so many names share leads to nobody


class Searching(Protocol):
    """What a workspace offers to this room."""

    def search_ids(self, match: str, limit: int, kind: str | None = None) -> list[tuple[str, str]]: ...

    def by_ids(self, kind: str, ids: list[str]) -> list[Record]: ...


@dataclass(frozen=True, slots=True)
class Near:
    """A record that may be the same: how alike (0 to 100), and why as a person can judge it."""

    record: Record
    score: float
    why: Text


@dataclass(frozen=True, slots=True)
class Group:
    """Records that may be one, the best known first."""

    records: tuple[Record, ...]
    score: float
    why: Text


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of one record, folded, without the words that prove nothing."""

    cores: tuple[str, ...]
    acronyms: frozenset[str]
    region: str | None


def near(ws: Searching, values: Mapping[str, Any], limit: int = 5, but: str = "") -> list[Near]:
    """Who is already there under a name like the one being typed, the likeliest first.

    `values` are whole values by field name as far as they are filled in;
    `but` is the id of the record that is being edited.
    """
    mine = _names(values)
    stems = {word[:4] for core in mine.cores for word in core.split() if len(word) > 2} | set(mine.acronyms)
    if not stems:
        return []
    match = "title : (" + " OR ".join(f'"{stem}"*' for stem in sorted(stems)) + ")"
    ids = [id for _, id in ws.search_ids(match, 400, "organisation") if id != but]
    found = []
    for record in ws.by_ids("organisation", ids):
        score, why = _alike(mine, _names(record))
        if why is not None:
            found.append(Near(record, score, why))
    return sorted(found, key=lambda one: -one.score)[:limit]


def groups(records: Iterable[Record], among: set[str] | None = None) -> list[Group]:
    """All groups of organisations that may be one, the likeliest first; with `among`, those that hold one of these ids."""
    known = list(records)
    names = [_names(record) for record in known]
    pairs: dict[tuple[int, int], tuple[float, Text]] = {}
    for one, other in _candidates(names):
        score, why = _alike(names[one], names[other])
        if why is not None:
            pairs[one, other] = (score, why)
    return [group for group in _joined(known, pairs) if among is None or any(record.id in among for record in group.records)]


def _names(values: Mapping[str, Any]) -> _Names:
    written = [*(values.get("name") or {}).values(), *(values.get("aliases") or ())]
    cores = []
    for name in written:
        said = words(str(name))
        core = [word for word in said if word not in _COMMON] or said
        if core:
            cores.append(" ".join(core))
    acronym = fold(values.get("acronym") or "").replace(" ", "")
    return _Names(tuple(dict.fromkeys(cores)), frozenset({acronym} if len(acronym) > 2 else ()), values.get("region"))


def _alike(one: _Names, other: _Names) -> tuple[float, Text | None]:
    from rapidfuzz import fuzz

    elsewhere = bool(one.region and other.region and one.region != other.region)
    best = max((fuzz.token_sort_ratio(a, b) for a in one.cores for b in other.cores), default=0.0)
    shortened = any(_begins(a, b) or _begins(b, a) for a in one.cores for b in other.cores)
    if best == 100 and not elsewhere:
        return 100.0, Text("The same name")
    if best >= _ALIKE or shortened:
        return max(best, 90.0) - (15 if elsewhere else 0), Text("Nearly the same name")
    if one.acronyms & other.acronyms and not elsewhere:
        return 80.0, Text("The same acronym")
    return best, None


def _begins(longer: str, shorter: str) -> bool:
    """Whether one name is the other cut short, as old systems do (`… Enfant a bes`)."""
    return len(shorter) >= 20 and longer.startswith(shorter)


def _candidates(names: list[_Names]) -> Iterator[tuple[int, int]]:
    """Pairs worth comparing: a rare word, its beginning or an acronym in common."""
    holders: dict[str, set[int]] = defaultdict(set)
    for index, one in enumerate(names):
        for core in one.cores:
            for word in core.split():
                holders[word[:5]].add(index)
            holders["=" + "".join(core.split())[:12]].add(index)
        for acronym in one.acronyms:
            holders["#" + acronym].add(index)
    seen: set[tuple[int, int]] = set()
    for shared in holders.values():
        if 1 < len(shared) <= _WIDE:
            ordered = sorted(shared)
            for position, one in enumerate(ordered):
                seen.update((one, other) for other in ordered[position + 1 :])
    yield from sorted(seen)


def _joined(known: list[Record], pairs: dict[tuple[int, int], tuple[float, Text]]) -> list[Group]:
    leader = list(range(len(known)))

    def lead(index: int) -> int:
        while leader[index] != index:
            leader[index] = leader[leader[index]]
            index = leader[index]
        return index

    for one, other in pairs:
        leader[lead(other)] = lead(one)
    members: dict[int, list[int]] = defaultdict(list)
    for index in {index for pair in pairs for index in pair}:
        members[lead(index)].append(index)
    best: dict[int, tuple[float, Text]] = {}
    for (one, _), (score, why) in pairs.items():
        if lead(one) not in best or score > best[lead(one)][0]:
            best[lead(one)] = (score, why)
    found = []
    for head, indexes in members.items():
        ordered = sorted(indexes, key=lambda index: (-len(known[index]), known[index].id))
        found.append(Group(tuple(known[index] for index in ordered), *best[head]))
    return sorted(found, key=lambda group: (-group.score, group.records[0].id))
