"""One search over everything: folded, ranked in Python over few candidates, forgiving when nothing fits; knows no screen."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from i18n.fold import fold, words
from resources import KINDS
from sync.record import Kind, Record

# Scoring every match of a short prefix costs 18-40 ms at 100,000 records; so
# many candidates are looked at, exact beginnings first, and no more.
CANDIDATES = 200
_FUZZY_CANDIDATES = 800
_FUZZY_SCORE = 75
_KIND_ORDER = ("organisation", "project", "item", "place", "contact", "collection", "person")


class Workspace(Protocol):
    """What a workspace offers to this room."""

    def search_ids(self, match: str, limit: int, kind: str | None = None) -> list[tuple[str, str]]: ...

    def rows(self, sql: str, args: Sequence[Any] = ()) -> list[tuple[Any, ...]]: ...

    def by_ids(self, kind: str, ids: Sequence[str]) -> list[Record]: ...


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found; `fuzzy` when only something like the words was found."""

    record: Record
    fuzzy: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """`total` hits are known (at least, when `more`); `hits` are the best of them in order."""

    total: int
    hits: tuple[Hit, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class _Candidate:
    kind: str
    id: str
    titles: tuple[str, ...]  # folded
    verified: bool
    in_title: bool


def words_of(record: Record) -> tuple[str, str]:
    """(title, body) of a record as the index holds them: folded, with other spellings of places."""
    from i18n.names import indexed  # reads its table: only who indexes needs it

    title, body = indexed(record.kind.search(record)) if record.kind.search else ("", "")
    return title, body


def search(ws: Workspace, text: str, kind: str | None = None, limit: int = 50) -> Found:
    """The records that hold every word of `text` (the last one may be unfinished), the best first.

    Titles come before the rest; a whole title before its beginning, before a
    word; what was verified before what was not. When nothing holds the words,
    titles that look like them.
    """
    said = words(text)
    if not said:
        return Found(0, ())
    cap = max(CANDIDATES, limit)
    found = _candidates(ws, said, kind, cap)
    fuzzy = not found
    if fuzzy:
        found = _like(ws, " ".join(said), kind, cap)
        ranked = found
    else:
        ranked = sorted(found, key=lambda one: _rank(one, said))
    records = _load(ws, ranked[:limit])
    hits = tuple(Hit(records[one.id], fuzzy) for one in ranked[:limit] if one.id in records)
    return Found(len(found), hits, more=len(found) >= cap)


def matching_ids(ws: Workspace, text: str, kind: str, limit: int = 2000) -> list[str]:
    """Ids of a kind that hold the words, unranked: what a list filters by."""
    said = words(text)
    return [id for _, id in ws.search_ids(_all(said), limit, kind)] if said else []


def _candidates(ws: Workspace, said: list[str], kind: str | None, cap: int) -> list[_Candidate]:
    phrase = " ".join(said)
    ids: dict[tuple[str, str], bool] = {}
    # whole words first: their lists are short where those of a prefix are endless (a prefix at the
    # beginning of a title, `^ "as"*`, looks at the place of every match: 10 ms at 100,000)
    for match in (f'title : ^ "{phrase}"', f'title : "{phrase}"', f"title : ({_all(said)})"):
        if len(ids) < cap:
            ids.update(dict.fromkeys(ws.search_ids(match, cap - len(ids), kind), True))
    if len(ids) < cap:
        for pair in ws.search_ids(_all(said), cap, kind):
            ids.setdefault(pair, False)
    return list(_titled(ws, ids))


def _all(said: Iterable[str]) -> str:
    return " AND ".join(_begins(word) for word in said)


def _begins(word: str) -> str:
    """A word or the beginning of one; the Arabic article is not in the index, so its beginning may be missing there."""
    if word.startswith("ال") and len(word) == 3:  # fold leaves it until two letters follow
        return f'("{word}"* OR "{word[2]}"*)'
    return f'"{word}"*'


# While somebody types, the same titles come again with each letter.
_folded = functools.lru_cache(maxsize=20_000)(fold)


def _rank(one: _Candidate, said: list[str]) -> tuple[Any, ...]:
    """Smaller is better."""
    phrase = " ".join(said)
    level = 5
    for title in one.titles:
        spaced = f" {title} "
        if title == phrase:
            level = min(level, 0)
        elif title.startswith(phrase):
            level = min(level, 1)
        elif all(f" {word} " in spaced for word in said):
            level = min(level, 2)
        elif all(f" {word}" in spaced for word in said):
            level = min(level, 3)
    if level == 5 and one.in_title:
        level = 4  # by another spelling of a place
    order = _KIND_ORDER.index(one.kind) if one.kind in _KIND_ORDER else len(_KIND_ORDER)
    shortest = min((title for title in one.titles), key=len, default="")
    return level, not one.verified, order, len(shortest), shortest, one.id


def _titled(ws: Workspace, ids: dict[tuple[str, str], bool]) -> Iterator[_Candidate]:
    """The candidates with their titles, one query a kind."""
    by_kind: dict[str, list[str]] = {}
    for kind, id in ids:
        if kind in KINDS:
            by_kind.setdefault(kind, []).append(id)
    for kind, wanted in by_kind.items():
        for id, title, verified in _titles(ws, KINDS[kind], wanted):
            yield _Candidate(kind, id, title, verified, ids[kind, id])


def _titles(ws: Workspace, kind: Kind, ids: list[str]) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    extra = [name for name in ("acronym", "verified") if name in kind.by_name]
    columns = ", ".join(["id", kind.title, *extra])
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        for row in ws.rows(f"SELECT {columns} FROM {kind.name} WHERE id IN ({', '.join('?' * len(part))})", part):
            named = dict(zip(extra, row[2:], strict=True))
            yield row[0], tuple(_folded(text) for text in [*_texts(row[1]), named.get("acronym") or ""] if text), bool(named.get("verified"))


def _texts(stored: str | None) -> list[str]:
    if stored and stored.startswith("{"):
        return [str(text) for text in json.loads(stored).values()]
    return [stored] if stored else []


def _like(ws: Workspace, phrase: str, kind: str | None, cap: int) -> list[_Candidate]:
    """Titles that look like the phrase, the likeliest first; candidates share the beginning of a word."""
    from rapidfuzz import fuzz

    if len(phrase) < 3:
        return []
    found: list[_Candidate] = []
    for length in (3, 2):
        stems = sorted({word[:length] for word in phrase.split()})
        match = "title : (" + " OR ".join(f'"{stem}"*' for stem in stems) + ")"
        ids = dict.fromkeys(ws.search_ids(match, _FUZZY_CANDIDATES, kind), True)
        scored = []
        for one in _titled(ws, ids):
            score = max((_likeness(fuzz, phrase, title) for title in one.titles), default=0)
            if score >= _FUZZY_SCORE:
                scored.append((-score, one.id, one))
        found = [one for _, _, one in sorted(scored, key=lambda each: each[:2])]
        if found:
            break
    return found[:cap]


def _likeness(fuzz: Any, phrase: str, title: str) -> float:
    """How much a title, or as many of its words in a row as the phrase has, looks like the phrase (0 to 100)."""
    said, there = phrase.split(), title.split()
    runs = (" ".join(there[at : at + len(said)]) for at in range(max(1, len(there) - len(said) + 1)))
    return max(fuzz.ratio(phrase, title), max((fuzz.ratio(phrase, run) for run in runs), default=0) - 1)


def _load(ws: Workspace, ranked: list[_Candidate]) -> dict[str, Record]:
    by_kind: dict[str, list[str]] = {}
    for one in ranked:
        by_kind.setdefault(one.kind, []).append(one.id)
    return {record.id: record for kind, ids in by_kind.items() for record in ws.by_ids(kind, ids)}
