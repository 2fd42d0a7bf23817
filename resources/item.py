"""The library item: a guide, a story, a form, with its licence and its attached file; knows no page and no reader."""

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
    """A title in one language at least."""
    if values.get("title") and not any(values["title"].values()):
        yield Problem("title", Text("Give the title in at least one language."))


def words(record: Record) -> tuple[str, str]:
    """(titles, everything else a person may search for), as the index holds them."""
    other = [record["author"], record["source"], *in_all(record["description"]), *named(codes.ITEM_TYPES, record["type"]),
             *named(codes.LANGUAGES, record["language"]), *named(codes.SUBJECTS, record["subjects"])]
    return indexed(in_all(record["title"]), other)


KIND = Kind(
    name="item",
    label=Text("Library item"),
    plural=Text("Library items"),
    scopes=(PUBLIC,),
    title="title",
    check=check,
    search=words,
    fields=(
        texts("title", Text("Title"), required=True),
        texts("description", Text("Description"), long=True, limit=5000),
        shared.code("language", Text("Language"), codes.LANGUAGES, indexed=True),
        shared.code("level", Text("Level"), codes.LEVELS),
        shared.code_set("audience", Text("For whom"), codes.AUDIENCES),
        shared.code("licence", Text("Licence"), codes.LICENCES, help=Text("What others may do with it. Choose “Unknown” rather than guess.")),
        shared.code("type", Text("Type"), codes.ITEM_TYPES, indexed=True),
        shared.code_set("subjects", Text("Subjects"), codes.SUBJECTS),
        text("author", Text("Author")),
        shared.source(),
        Field("file", shapes.file(), Text("File")),
        Field("pages", shapes.Number(low=1, high=100_000), Text("Pages")),
        shared.identifiers(),
    ),
)
