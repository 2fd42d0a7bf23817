"""The private note: what a person writes for themselves, on whichever PC they work; knows no page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from i18n import Text
from resources.search_words import indexed
from sync import fields as shapes
from sync.errors import Problem
from sync.record import Field, Kind, Record, text
from sync.scopes import PERSON


def words(record: Record) -> tuple[str, str]:
    """(title, text and the name of the file), as the index of this person's own file holds them."""
    return indexed([record["title"]], [record["text"], (record["file"] or {}).get("name")])


def check(values: Mapping[str, Any]) -> Iterator[Problem]:
    """An empty sheet is no note."""
    if not any(values.get(name) for name in ("title", "text", "file")):
        yield Problem("text", Text("Write a title or a text."))


# It stands in its author's own scope, sealed with a key that they and the server hold: the server orders it and shows it to nobody,
# the secretariat included.
KIND = Kind(
    name="note",
    label=Text("Private note"),
    plural=Text("Private notes"),
    scopes=(PERSON,),
    title="title",
    check=check,
    search=words,
    fields=(
        text("title", Text("Title")),
        text("text", Text("Text"), long=True, limit=20_000,
             help=Text("Nobody else in the network can read this. It follows you to each computer where you open your space.")),
        Field("file", shapes.private_file(), Text("File")),
        Field("about", shapes.Reference("organisation"), Text("About"), help=Text("The organisation that this note is about, if there is one.")),
    ),
)
