"""The sample network: sourced facts and guides that ship with the app, and a few examples that say they are examples."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from desktop.terminal.demo.examples import EXAMPLES
from i18n import t, tn
from i18n.values import listing
from resources import starter
from resources.codes import SECTORS, domains_of_sector
from resources.codes.learning import AUDIENCES, LEVELS, SUBJECTS
from resources.starter.derived_id import derived_id
from resources.starter.reading import source
from sync.record import best
from sync.workspace import Workspace


def fill(ws: Workspace) -> None:
    """Write the sample network into a workspace, as a person would."""
    with ws.together():
        _places(ws)
        _organisations(ws)
        _projects(ws)
        for key, kind, values in EXAMPLES:
            ws.add(kind, values, id=example_id(key))
    _guides(ws)


def example_id(key: str) -> str:
    """The id of one of the examples."""
    return derived_id("example", key)


def counted(ws: Workspace) -> str:
    """How much there is, in one line."""
    said = [
        tn("{n} organisation", "{n} organisations", len(ws.records("organisation"))),
        tn("{n} project", "{n} projects", len(ws.records("project"))),
        tn("{n} place", "{n} places", len(ws.records("place"))),
        tn("{n} library item", "{n} library items", len(ws.records("item"))),
    ]
    return t("Its sample network: {what}.", what=listing(said))


def _places(ws: Workspace) -> None:
    origin = source("regions").name
    for region in starter.regions():
        _add(ws, "place", region.id, {"type": "region", "name": dict(region.name), "region": region.code,
                                      "identifiers": {"wof": str(region.wof)}, "source": origin})
    origin = source("localities").name
    for place in starter.localities():
        _add(ws, "place", place.id, {"type": "locality", "name": dict(place.name), "region": place.region, "latitude": place.lat,
                                     "longitude": place.lon, "identifiers": {"wof": str(place.wof)}, "source": origin})


def _organisations(ws: Workspace) -> None:
    origin = source("organisations").name
    worked_in: dict[str, set[str]] = {}
    for project in starter.projects():
        worked_in.setdefault(project.organisation, set()).update(_domains(project.sectors))
    for one in starter.organisations():
        _add(ws, "organisation", one.id, {
            "name": dict(one.name), "acronym": one.acronym, "aliases": list(one.aliases), "region": one.region, "type": "association",
            "domains": sorted(worked_in.get(one.id, ())), "source": origin})


def _projects(ws: Workspace) -> None:
    origin = source("projects").name
    for one in starter.projects():
        _add(ws, "project", one.id, {
            "organisation": one.organisation, "title": dict(one.title), "funder": one.funder, "start": one.start, "end": one.end,
            "amount": {"amount": one.amount.amount, "currency": one.amount.currency},
            "amounts": {stage: {"amount": each.amount, "currency": each.currency} for stage, each in one.amounts.items()},
            "sectors": sorted(set(one.sectors) & set(SECTORS)), "domains": sorted(_domains(one.sectors)), "status": "finished",
            "identifiers": {"iati": one.iati}, "source": origin})


def _guides(ws: Workspace) -> None:
    """Each guide in each of its languages: an item with its Markdown file."""
    items: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory(prefix="dalil-guides-") as folder, ws.together():
        for guide in starter.guides():
            for speak in guide.languages:
                id = derived_id("guide", f"{guide.slug}/{speak}")
                _add(ws, "item", id, {
                    "title": {speak: best(guide.title, speak)}, "description": {speak: best(guide.description, speak)}, "language": speak,
                    "level": guide.level if guide.level in LEVELS else None, "audience": sorted(set(guide.audience) & set(AUDIENCES)),
                    "licence": "cc_by" if guide.licence.upper().startswith("CC-BY-4") else "unknown", "type": "guide",
                    "subjects": sorted(set(guide.subjects) & set(SUBJECTS)), "author": guide.author})
                file = Path(folder) / guide.file_name(speak)
                file.write_text(guide.text(speak), "utf-8")
                ws.attach("item", id, file, "text/markdown")
                items.setdefault(speak, []).append(id)
        titles = {"fr": "Pour commencer", "ar": "للبداية"}
        for speak, ids in items.items():
            if speak in titles:
                ws.add("collection", {"title": {speak: titles[speak]}, "items": sorted(ids), "audience": ["members"]},
                       id=derived_id("example", f"start/{speak}"))


def _add(ws: Workspace, kind: str, id: str, values: dict[str, Any]) -> None:
    ws.add(kind, {name: value for name, value in values.items() if value}, id=id)


def _domains(sectors: tuple[str, ...]) -> set[str]:
    return {domain for sector in sectors for domain in domains_of_sector(sector)}
