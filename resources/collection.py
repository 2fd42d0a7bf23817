"""The collection: library items chosen together for a purpose; knows no page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from i18n import Text
from resources import codes
from resources import shared_fields as shared
from resources.search_words import in_all, indexed
from sync import fields as shapes
from sync.errors import Problem
from sync.record import Field, Kind, Record, texts
from sync.scopes import PUBLIC


def check(values: Mapping[str, Any]) -> Iterator[Problem]:
    """A title in one language at least."""
    if values.get("title") and not any(values["title"].values()):
        yield Problem("title", Text("Give the title in at least one language."))


def words(record: Record) -> tuple[str, str]:
    """(titles, descriptions), as the index holds them."""
    return indexed(in_all(record["title"]), in_all(record["description"]))


KIND = Kind(
    name="collection",
    label=Text("Collection"),
    plural=Text("Collections"),
    scopes=(PUBLIC,),
    title="title",
    check=check,
    search=words,
    fields=(
        texts("title", Text("Title"), required=True),
        texts("description", Text("Description"), long=True, limit=5000),
        Field("items", shapes.Words(target="item"), Text("Items")),
        shared.code_set("audience", Text("For whom"), codes.AUDIENCES),
    ),
)
