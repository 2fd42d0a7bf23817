"""Spellings of Djibouti's places across scripts and languages, for search; no translation is made here.

How search uses this: **the index is expanded, the query is not.** A record's text is indexed as
`fold(text)`; beside it, in a column of its own, stands `other_spellings(text)`: every other
spelling of each place that the text names. A query is only folded. Three reasons: a prefix works
in every script at once (`tadj` finds what is filed as تاجورة, where an expanded query would have to
wait for the whole word); queries stay one plain MATCH, which is where the milliseconds count;
and the column can be left out of what is shown, and weigh less than the real text in ranking.
The price is that indexed texts must be indexed again when the table changes: keep `table_version()`
beside the index and compare. `also` answers the single question, for suggestions and filters.

The table (`names.csv`) holds facts with their source, no machine-made names: Who's On First calls
the region of Ali Sabieh على صابح and translates it as a French sentence; neither is taken over.
"""

import csv
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from i18n.fold import fold, fold_all, words

TABLE = Path(__file__).with_name("names.csv")
_SPELLING_COLUMNS = ("french", "arabic", "somali", "afar", "other")


@cache
def table_version() -> str:
    """Changes when the table does: an index built with another version is built again."""
    return hashlib.sha256(TABLE.read_bytes()).hexdigest()[:12]


def also(word: str) -> set[str]:
    """Other spellings, in any script, of the place that this word or phrase names; empty if none.

    `also("Tadjoura")` is {"Tadjourah", "تاجورة", "Tājūrah"}. Spellings that fold like the word
    itself are left out: fold finds those already.
    """
    same = fold(word)
    return {spelling for place in _places_by_fold().get(same, ()) for spelling in place if fold(spelling) != same}


def other_spellings(text: str) -> str:
    """What to index beside a text: folded other spellings of every place it names, or ""."""
    return _spellings_beside(words(text))


def indexed(texts: Sequence[str]) -> list[str]:
    """What the search index holds for each of many texts: folded, and beside it the other spellings of the places that it names."""
    known = _folded_by_first_word().keys()
    return [one if known.isdisjoint(said := one.split()) else f"{one} {_spellings_beside(said)}".rstrip() for one in fold_all(texts)]


def _spellings_beside(said: list[str]) -> str:
    known = _folded_by_first_word()
    found: dict[str, None] = {}
    for start, word in enumerate(said):
        for phrase, spellings in known.get(word, ()):
            if said[start : start + len(phrase)] == phrase:
                found |= spellings
    if not found:
        return ""
    spoken = f" {' '.join(said)} "
    return " ".join(spelling for spelling in found if f" {spelling} " not in spoken)


@cache
def places() -> tuple[tuple[str, ...], ...]:
    """The spellings of each place, the French one first."""
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return tuple(
            tuple(spelling.strip() for column in _SPELLING_COLUMNS for spelling in row[column].split("|") if spelling.strip())
            for row in csv.DictReader(stream)
        )


@cache
def _places_by_fold() -> dict[str, tuple[tuple[str, ...], ...]]:
    # One spelling may belong to two places; a query for it then finds both.
    table: dict[str, tuple[tuple[str, ...], ...]] = {}
    for place in places():
        for key in dict.fromkeys(map(fold, place)):
            table[key] = (*table.get(key, ()), place)
    return table


@cache
def _folded_by_first_word() -> dict[str, list[tuple[list[str], dict[str, None]]]]:
    """Every spelling's folded words and the folded spellings of its places, by its first word."""
    table: dict[str, list[tuple[list[str], dict[str, None]]]] = {}
    for key, named in _places_by_fold().items():
        phrase = key.split()
        spellings = dict.fromkeys(fold(spelling) for place in named for spelling in place)
        table.setdefault(phrase[0], []).append((phrase, spellings))
    return table
