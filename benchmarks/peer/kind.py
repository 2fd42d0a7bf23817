"""The kind of record of the comparison, in the project's own field shapes, and its way in and out; knows no server and no replica."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from i18n import Text
from resources.organisation import position_problems
from resources.search_words import in_all, indexed
from sync import fields as shapes
from sync.errors import Problem
from sync.record import Field, Kind, Kinds, Record, text, texts
from sync.scopes import PUBLIC

LANGUAGES = ("fr", "ar", "en")
_TYPES = "association ngo public-service cooperative school clinic".split()
_SECTORS = ("health education water food shelter legal-aid women youth disability culture environment agriculture microfinance emergency"
            " research sport").split()
_SPOKEN = "fr ar en ber es".split()
_ROLES = "director coordinator accountant volunteer secretary".split()
_STATUS = "active dormant closed to-verify".split()
_REGIONS = "Nord Sud Est Ouest Centre Littoral Hauts-Plateaux Delta Oasis Côte Vallée Plaine Atlas Sahel Rif Souss".split()

# The step that makes conflicts writes words such as `M-same-A` into the phone and the website.
_WORDS = r"|[A-Z](-[A-Za-z]+)+\Z"
_PHONE = re.compile(r"\+?[0-9][0-9 ./()-]{4,22}\Z" + _WORDS)
_WEB = re.compile(r"https?://[^\s<>\"]+\.[^\s<>\"]+\Z" + _WORDS)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z")


def _named(words: list[str]) -> shapes.Code:
    choices = {word: Text("{word}", word=word) for word in words}
    return shapes.Code(lambda: choices)


def _in_order(shape: shapes.Shape, places: int) -> shapes.Entries:
    """A short list whose order counts: entries by place, each merged apart."""
    return shapes.Entries(shape, keys=tuple(str(place) for place in range(places)))


def check(values: Mapping[str, Any]) -> Iterator[Problem]:
    """A name in at least one language; a place on the globe."""
    if values.get("name") and not any(values["name"].values()):
        yield Problem("name", Text("Give the name in at least one language."))
    place = values.get("geo")
    if isinstance(place, dict):
        for one in position_problems({"latitude": place.get("lat"), "longitude": place.get("lon")}):
            yield Problem("geo", one.message)


def words(record: Record) -> tuple[str, str]:
    """(names, everything else a person may search for)."""
    return indexed([*in_all(record["name"]), record["acronym"]],
                   [record["description"], record["city"], record["address"], record["phone"], record["email"], record["website"]])


_CONTACT = shapes.Fixed({"name": shapes.Line(), "role": _named(_ROLES), "phone": shapes.phone()}, needed=("name",))
_PLACE = shapes.Fixed({"lat": shapes.decimal(), "lon": shapes.decimal()}, needed=("lat", "lon"))

KIND = Kind(
    name="listing",
    label=Text("Organisation"),
    plural=Text("Organisations"),
    scopes=(PUBLIC,),
    title="name",
    check=check,
    search=words,
    fields=(
        Field("kind", _named(_TYPES), Text("Type"), indexed=True),
        texts("name", Text("Name"), required=True),
        text("acronym", Text("Acronym"), limit=40),
        text("description", Text("Description"), long=True, limit=5000),
        Field("region", _named(_REGIONS), Text("Region"), indexed=True),
        text("city", Text("Town or village"), indexed=True),
        text("address", Text("Address"), long=True, limit=500),
        Field("phone", shapes.Line(limit=24, pattern=_PHONE, example="+253 77 12 34 56"), Text("Phone")),
        Field("email", shapes.email(), Text("E-mail")),
        Field("website", shapes.Line(limit=500, pattern=_WEB, example="https://exemple.dj"), Text("Website")),
        Field("contacts", _in_order(_CONTACT, 9), Text("Contacts")),
        Field("sectors", _in_order(_named(_SECTORS), 9), Text("Domains")),
        Field("languages", _in_order(_named(_SPOKEN), 9), Text("Working languages")),
        Field("founded", shapes.date(), Text("Founded")),
        Field("verified_on", shapes.date(), Text("Verified on"), indexed=True),
        Field("geo", _PLACE, Text("Position")),
        Field("status", _named(_STATUS), Text("State")),
        Field("updated_at", shapes.Line(limit=20, pattern=_MOMENT, example="2026-01-31T12:00:00Z"), Text("Changed")),
    ),
)
_LISTS = ("contacts", "sectors", "languages")


def known(kinds: Kinds) -> Kinds:
    """The network's kinds and this one."""
    return kinds if KIND.name in kinds else Kinds((*kinds.values(), KIND))


def record_id(id: str) -> str:
    """The id of a workload's record (32 hexadecimal digits) as Dalil writes it."""
    return str(uuid.UUID(hex=id))


def values_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """A record of the workload as whole values by field name."""
    values = {one.name: given[one.name] for one in KIND.fields if one.name in given}
    values["name"] = {speak: given[f"name_{speak}"] for speak in LANGUAGES}
    values |= {name: {str(place): each for place, each in enumerate(given[name])} for name in _LISTS}
    values["geo"] = {name: repr(number) for name, number in given["geo"].items()}
    return values


def part_of(field: str, value: Any) -> tuple[str, Any]:
    """The path and value of one edit of a plain field or of a name in one language."""
    name, _, speak = field.rpartition("_")
    return (f"name.{speak}", value) if name == "name" else (field, value)


def given_of(record: Record) -> dict[str, Any]:
    """A record as the workload writes it."""
    given: dict[str, Any] = {"id": uuid.UUID(record.id).hex}
    for one in KIND.fields:
        value = record[one.name]
        if one.name == "name":
            given |= {f"name_{speak}": (value or {}).get(speak) for speak in LANGUAGES}
        elif one.name in _LISTS:
            given[one.name] = [value[place] for place in sorted(value or {})]
        elif one.name == "geo":
            given["geo"] = {name: float(number) for name, number in value.items()}
        else:
            given[one.name] = value
    return given
