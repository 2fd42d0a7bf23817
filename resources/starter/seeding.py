"""The offer of a first start: associations and projects known from public aid data, written as one's own edits; knows no page."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from resources import starter
from resources.codes import SECTORS, domains_of_sector
from resources.starter.reading import source
from sync.errors import Failure
from sync.record import Record


class Target(Protocol):
    """What this needs of a workspace."""

    def by_ids(self, kind: str, ids: Sequence[str]) -> list[Record]: ...

    def add(self, kind: str, values: dict[str, Any], scope: str | None = None, id: str | None = None) -> Any: ...

    def cancel(self, *changes: str) -> None: ...

    def together(self) -> AbstractContextManager[None]: ...


def missing(ws: Target) -> int:
    """How many of the known associations are not here."""
    return len(_absent(ws, "organisation", [one.id for one in starter.organisations()]))


def seed(ws: Target) -> list[str]:
    """Add the associations and projects that are not here, all or nothing; answers the changes, oldest first.

    Ids are derived, so that the same thing added on two PCs is one record; done twice, it adds nothing.
    """
    changes: list[str] = []
    organisations, projects = starter.organisations(), starter.projects()
    with ws.together():
        absent = _absent(ws, "organisation", [one.id for one in organisations])
        worked_on: dict[str, set[str]] = {}
        for project in projects:
            worked_on.setdefault(project.organisation, set()).update(_domains(project.sectors))
        for one in organisations:
            if one.id in absent:
                values = {
                    "name": dict(one.name), "acronym": one.acronym, "aliases": list(one.aliases), "region": one.region, "type": "association",
                    "domains": sorted(worked_on.get(one.id, ())), "source": source("organisations").name,
                }
                changes.append(_add(ws, "organisation", one.id, values))
        absent = _absent(ws, "project", [one.id for one in projects])
        for one in projects:
            if one.id in absent:
                amounts = {stage: {"amount": each.amount, "currency": each.currency} for stage, each in one.amounts.items()}
                values = {
                    "organisation": one.organisation, "title": dict(one.title), "funder": one.funder, "start": one.start, "end": one.end,
                    "amount": {"amount": one.amount.amount, "currency": one.amount.currency}, "amounts": amounts,
                    "sectors": sorted(set(one.sectors) & set(SECTORS)), "domains": sorted(_domains(one.sectors)), "status": "finished",
                    "identifiers": {"iati": one.iati}, "source": source("projects").name,
                }
                changes.append(_add(ws, "project", one.id, values))
    return changes


def take_back(ws: Target, changes: Sequence[str]) -> Failure | None:
    """Undo a seeding that never left this PC, all or nothing; the failure when part of it has left."""
    try:
        ws.cancel(*changes)
    except Failure as failure:
        return failure
    return None


def _absent(ws: Target, kind: str, ids: list[str]) -> set[str]:
    return set(ids) - {record.id for record in ws.by_ids(kind, ids)}


def _add(ws: Target, kind: str, id: str, values: dict[str, Any]) -> str:
    return str(ws.add(kind, {name: value for name, value in values.items() if value}, id=id).change)


def _domains(sectors: tuple[str, ...]) -> set[str]:
    return {domain for sector in sectors for domain in domains_of_sector(sector)}
