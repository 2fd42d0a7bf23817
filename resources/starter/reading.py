"""Read the starter files once, when asked; knows their keys and no sync."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from resources.starter.records import (
    ByLanguage,
    Guide,
    Locality,
    Money,
    Organisation,
    Project,
    Region,
    Source,
)


def guides() -> list[Guide]:
    """The guides in the order in which a beginner would read them."""
    return list(_guides())


def regions() -> list[Region]:
    """The six regions, by ISO code."""
    return list(_regions())


def localities() -> list[Locality]:
    """Towns and villages, by id of Who's On First."""
    return list(_localities())


def organisations() -> list[Organisation]:
    """Associations found in published activities; possible duplicates are not joined."""
    return list(_organisations())


def projects() -> list[Project]:
    """One entry per published activity and receiver."""
    return list(_projects())


def source(name: str) -> Source:
    """Where the facts of `regions`, `localities`, `organisations` or `projects` come from."""
    found = _load(f"{name}.json")["source"]
    return Source(found["name"], found["url"], found["commit"], found["licence"])


@cache
def _guides() -> tuple[Guide, ...]:
    return tuple(
        Guide(
            id=row["id"],
            slug=row["slug"],
            title=_texts(row["title"]),
            description=_texts(row["description"]),
            level=row["level"],
            audience=tuple(row["audience"]),
            subjects=tuple(row["subjects"]),
            licence=row["licence"],
            author=row["author"],
            languages=tuple(row["languages"]),
        )
        for row in _load("guides.json")["guides"]
    )


@cache
def _regions() -> tuple[Region, ...]:
    return tuple(
        Region(
            id=row["id"],
            code=row["code"],
            name=_texts(row["name"]),
            wof=row["wof"],
            outline=tuple(tuple((x, y) for x, y in ring) for ring in row["outline"]),
        )
        for row in _load("regions.json")["regions"]
    )


@cache
def _localities() -> tuple[Locality, ...]:
    return tuple(
        Locality(
            id=row["id"],
            wof=row["wof"],
            name=_texts(row["name"]),
            name_in_source=row["name_in_source"],
            region=row["region"],
            lat=row["lat"],
            lon=row["lon"],
        )
        for row in _load("localities.json")["localities"]
    )


@cache
def _organisations() -> tuple[Organisation, ...]:
    return tuple(
        Organisation(
            id=row["id"],
            name=_texts(row["name"]),
            acronym=row.get("acronym"),
            aliases=tuple(row.get("aliases", ())),
            region=row.get("region"),
            name_as_written=row["source"]["name_as_written"],
            activities=tuple(row["source"]["activities"]),
        )
        for row in _load("organisations.json")["organisations"]
    )


@cache
def _projects() -> tuple[Project, ...]:
    return tuple(
        Project(
            id=row["id"],
            organisation=row["organisation"],
            iati=row["iati"],
            title=_texts(row["title"]),
            funder=row["funder"]["name"],
            funder_iati=row["funder"]["iati"],
            start=row["start"],
            end=row["end"],
            amount=_money(row["amount"]),
            amount_basis=row["amount_basis"],
            amounts=MappingProxyType({k: _money(v) for k, v in row["amounts"].items()}),
            sectors=tuple(row["sectors"]),
        )
        for row in _load("projects.json")["projects"]
    )


def _load(name: str) -> dict[str, Any]:
    text = files("resources.starter").joinpath(name).read_text("utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


def _texts(texts: Mapping[str, str]) -> ByLanguage:
    return MappingProxyType(dict(texts))


def _money(row: Mapping[str, str]) -> Money:
    return Money(row["amount"], row["currency"])
