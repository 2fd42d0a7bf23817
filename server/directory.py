"""The public directory as the read API asks for it, straight from the confirmed records; knows no HTTP and no standard."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from i18n.fold import fold
from resources import KINDS
from resources.codes import DOMAINS
from resources.formats.hsds_write import TAXONOMY
from resources.formats.incoming import stable_id
from sync.record import Record
from sync.scopes import PUBLIC
from sync.store import Store
from sync.tables import sort_keys, table_of

_ORGANISATION, _PLACE = table_of(KINDS["organisation"]), table_of(KINDS["place"])
_TOGETHER = 500  # records of one transaction
_SHOWN = "scope = ? AND gone = 0"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which organisations: words of their names, a term's id, a taxonomy's; all of them when empty."""

    search: str = ""
    term: str = ""
    taxonomy: str = ""


def count(store: Store, asked: Asked = Asked()) -> int:
    """How many public organisations fit."""
    where, args = _where(store, asked)
    return int(store.value(f"SELECT count(*) FROM organisation WHERE {where}", args))


def page(store: Store, asked: Asked, limit: int, offset: int) -> list[Record]:
    """Public organisations that fit, in the order of their French names."""
    where, args = _where(store, asked)
    rows = store.rows(f"SELECT {_ORGANISATION.select} FROM organisation WHERE {where} ORDER BY sort_fr, id LIMIT ? OFFSET ?",
                      (*args, limit, offset))
    return [_ORGANISATION.record(row) for row in rows]


def put_in_order(store: Store) -> None:
    """Make the sort keys of what was accepted since somebody last asked for a `page`: nobody who hands something in waits for them."""
    if store.value("SELECT 1 FROM organisation WHERE sort_fr IS NULL LIMIT 1") is None:
        return
    left = store.lock_row(f"SELECT {_ORGANISATION.select} FROM organisation WHERE sort_fr IS NULL ORDER BY id LIMIT {_TOGETHER}")
    keyed: list[tuple[str, str, str]] | None = None
    while keyed is None or len(keyed) == _TOGETHER:
        with store.transaction():
            keyed = [(*sort_keys(_ORGANISATION.title(row)), row[0]) for row in store.rows(left)]
            store.many("UPDATE organisation SET sort_fr = ?, sort_ar = ? WHERE id = ?", keyed)


def after(store: Store, asked: Asked, id: str, limit: int) -> list[Record]:
    """The next organisations by id: a walk through all of them that nobody's edits make skip one."""
    where, args = _where(store, asked)
    rows = store.rows(f"SELECT {_ORGANISATION.select} FROM organisation WHERE {where} AND id > ? ORDER BY id LIMIT ?", (*args, id, limit))
    return [_ORGANISATION.record(row) for row in rows]


def one(store: Store, id: str) -> Record | None:
    """A public organisation, or None."""
    row = store.row(f"SELECT {_ORGANISATION.select} FROM organisation WHERE id = ? AND {_SHOWN}", (id, PUBLIC))
    return None if row is None else _ORGANISATION.record(row)


def places(store: Store, ids: list[str]) -> dict[str, list[Record]]:
    """The public places of organisations, by the organisation's id."""
    found: dict[str, list[Record]] = {}
    sql = f"SELECT {_PLACE.select} FROM place WHERE {_SHOWN} AND organisation IN (?)"
    for row in store.among(sql.replace("scope = ?", f"scope = '{PUBLIC}'"), ids):
        record = _PLACE.record(row)
        found.setdefault(str(record["organisation"]), []).append(record)
    return found


def _where(store: Store, asked: Asked) -> tuple[str, list[str]]:
    parts, args = [_SHOWN], [PUBLIC]
    if asked.taxonomy and asked.taxonomy not in (TAXONOMY, stable_id(f"hsds-taxonomy/{TAXONOMY}")):
        parts.append("1 = 0")
    if asked.term:
        code = next((each for each in DOMAINS if asked.term in (each, stable_id(f"hsds-term/{each}"))), None)
        parts.append("domains LIKE ?" if code else "1 = 0")
        args += [f'%"{code}"%'] if code else []
    if asked.search:
        ids = list(_named(store, asked.search))
        parts.append("id IN (" + ",".join("?" * len(ids)) + ")" if ids else "1 = 0")
        args += ids
    return " AND ".join(parts), args


def _named(store: Store, words: str) -> Iterator[str]:
    """Ids of organisations whose names hold every word, folded as people search; at most a thousand."""
    wanted = fold(words).split()
    left = 1000
    for id, name, acronym, aliases in store.rows(f"SELECT id, name, acronym, aliases FROM organisation WHERE {_SHOWN}", (PUBLIC,)):
        text = fold(" ".join((*json.loads(name or "{}").values(), acronym or "", *json.loads(aliases or "[]"))))
        if left and all(word in text for word in wanted):
            left -= 1
            yield id
