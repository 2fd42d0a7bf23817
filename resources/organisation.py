"""The organisation: what the directory keeps about an association or its partners; knows no page and no query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from i18n import Text
from resources import codes
from resources import shared_fields as shared
from resources.search_words import in_all, indexed, named
from sync import fields as shapes
from sync.errors import Problem
from sync.record import Field, Kind, Record, text, texts
from sync.scopes import PUBLIC


def check(values: Mapping[str, Any]) -> Iterator[Problem]:
    """A name in at least one language; no verification without a date."""
    if values.get("name") and not any(values["name"].values()):
        yield Problem("name", Text("Give the name in at least one language."))
    if values.get("verified_how") and not values.get("verified"):
        yield Problem("verified", Text("Say on which day it was verified."))
    yield from position_problems(values)


def position_problems(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Latitude and longitude go together and lie on the globe."""
    for name, other, limit in (("latitude", "longitude", 90), ("longitude", "latitude", 180)):
        value = values.get(name)
        if value and not values.get(other):
            yield Problem(other, Text("Latitude and longitude go together."))
        try:
            inside = not value or -limit <= float(value) <= limit
        except ValueError:
            continue  # the field's own rule says what is wrong
        if not inside:
            yield Problem(name, Text("This must lie between {low} and {high}.", low=-limit, high=limit))


def words(record: Record) -> tuple[str, str]:
    """(names, everything else a person may search for), as the index holds them."""
    names = [*in_all(record["name"]), record["acronym"], *(record["aliases"] or ())]
    other = [record["locality"], record["address"], record["note"], record["phone"], record["email"], record["website"],
             *in_all(record["description"]), *(record["identifiers"] or {}).values(), *named(codes.REGIONS, record["region"]),
             *named(codes.ORGANISATION_TYPES, record["type"]), *named(codes.DOMAINS, record["domains"])]
    return indexed(names, other)


KIND = Kind(
    name="organisation",
    label=Text("Organisation"),
    plural=Text("Organisations"),
    scopes=(PUBLIC,),
    title="name",
    check=check,
    search=words,
    fields=(
        texts("name", Text("Name"), required=True, help=Text("As written in its statutes; one language is enough.")),
        text("acronym", Text("Acronym"), limit=40),
        Field("aliases", shapes.Words(), Text("Other names"), Text("Names and spellings under which people look for it.")),
        shared.code("type", Text("Type"), codes.ORGANISATION_TYPES, indexed=True),
        shared.region(),
        shared.locality(),
        shared.domains(),
        shared.code_set("publics", Text("People served"), codes.PUBLICS),
        shared.code_set("languages", Text("Working languages"), codes.LANGUAGES),
        shared.phone(),
        shared.email(),
        shared.a_web_address("website", Text("Website")),
        text("address", Text("Address"), long=True, limit=500),
        Field("founded", shapes.date(), Text("Founded"), Text("A year is enough.")),
        Field("facts", shapes.facts(), Text("Legal facts"), Text("Receipt, statutes, registration: each with its date and source.")),
        texts("description", Text("Description"), long=True, limit=5000),
        text("note", Text("Note"), long=True, limit=5000),
        Field("verified", shapes.date(), Text("Verified on"), indexed=True, right="verify"),
        shared.code("verified_how", Text("Verified by"), codes.VERIFIED_HOW, right="verify"),
        shared.source(),
        shared.identifiers(),
        *shared.position(),
    ),
)
