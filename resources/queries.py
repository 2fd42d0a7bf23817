"""The parts that queries over the views are made of: a page of records, conditions, the order of a language; knows no kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sync.record import Record


class Reading(Protocol):
    """What a workspace offers to queries."""

    def records(self, kind: str, where: str = "", args: Sequence[Any] = (), *, order: str = "sort_fr",
                limit: int | None = None, offset: int = 0) -> list[Record]: ...

    def rows(self, sql: str, args: Sequence[Any] = ()) -> list[tuple[Any, ...]]: ...

    def by_ids(self, kind: str, ids: Sequence[str]) -> list[Record]: ...

    def search_ids(self, match: str, limit: int, kind: str | None = None) -> list[tuple[str, str]]: ...


@dataclass(frozen=True, slots=True)
class Page:
    """`total` records fit; `records` are those from `offset` on."""

    total: int
    records: list[Record]
    offset: int = 0


class Where:
    """Conditions joined by AND, with their arguments."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.args: list[Any] = []

    def equal(self, column: str, value: str | None) -> None:
        """The column has this value; no condition when there is none to ask for."""
        if value:
            self._parts.append(f"{column} = ?")
            self.args.append(value)

    def holds(self, column: str, code: str | None) -> None:
        """The set in the column holds this code.

        Codes have no quote in them, so the quoted code is found in the stored
        JSON exactly when it is an element; ten times faster than json_each.
        """
        if code:
            self._parts.append(f"instr({column}, ?) > 0")
            self.args.append(f'"{code}"')

    def among(self, ids: Sequence[str] | None) -> None:
        """The record is one of these; no condition when None. Any number of them."""
        if ids is not None:
            self._parts.append("id IN (SELECT value FROM json_each(?))")
            self.args.append("[" + ",".join(f'"{id}"' for id in ids) + "]")

    def say(self, condition: str, *args: Any) -> None:
        self._parts.append(condition)
        self.args.extend(args)

    def __str__(self) -> str:
        return " AND ".join(self._parts)

    @property
    def clause(self) -> str:
        """ WHERE and the conditions, or nothing."""
        return f" WHERE {self}" if self._parts else ""


def order_of(language: str) -> str:
    """The column by which a reader of this language expects lists to be sorted."""
    return "sort_ar" if language == "ar" else "sort_fr"


def page(ws: Reading, kind: str, where: Where, *, order: str, limit: int | None, offset: int) -> Page:
    """One page of the records that fit, and how many fit."""
    records = ws.records(kind, str(where), where.args, order=order, limit=limit, offset=offset)
    if limit is None or (len(records) < limit and (records or not offset)):
        return Page(offset + len(records), records, offset)
    total = ws.rows(f"SELECT count(*) FROM {kind}{where.clause}", where.args)[0][0]
    return Page(int(total), records, offset)
