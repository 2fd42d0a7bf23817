"""The place: regions, localities, community digital spaces and offices; knows no page and no outline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from i18n import Text
from resources import codes
from resources import shared_fields as shared
from resources.organisation import position_problems
from resources.search_words import in_all, indexed, named
from sync import fields as shapes
from sync.errors import Problem
from sync.record import Field, Kind, Record, texts
from sync.scopes import PUBLIC


def check(values: Mapping[str, Any]) -> Iterator[Problem]:
    """A name in one language at least; a position that is whole."""
    if values.get("name") and not any(values["name"].values()):
        yield Problem("name", Text("Give the name in at least one language."))
    yield from position_problems(values)


def words(record: Record) -> tuple[str, str]:
    """(names, everything else a person may search for), as the index holds them."""
    other = [record["locality"], record["phone"], *named(codes.PLACE_TYPES, record["type"]),
             *named(codes.REGIONS, record["region"]), *named(codes.SERVICES, record["services"])]
    return indexed(in_all(record["name"]), other)


KIND = Kind(
    name="place",
    label=Text("Place"),
    plural=Text("Places"),
    scopes=(PUBLIC,),
    title="name",
    check=check,
    search=words,
    fields=(
        shared.code("type", Text("Type"), codes.PLACE_TYPES, required=True, indexed=True),
        texts("name", Text("Name"), required=True),
        shared.region(),
        shared.locality(),
        *shared.position(),
        Field("hours", shapes.hours(), Text("Opening hours")),
        shared.code_set("services", Text("Services"), codes.SERVICES),
        shared.code_set("equipment", Text("Equipment"), codes.EQUIPMENT),
        shared.phone(),
        Field("organisation", shapes.Reference("organisation"), Text("Organisation"), indexed=True),
        shared.identifiers(),
        shared.source(),
    ),
)
