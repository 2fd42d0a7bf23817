"""The project: what an organisation does, with whom, where, when and with what money; knows no page."""

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
    """A title in one language at least; it ends after it starts."""
    if values.get("title") and not any(values["title"].values()):
        yield Problem("title", Text("Give the title in at least one language."))
    start, end = values.get("start") or "", values.get("end") or ""
    shorter = min(len(start), len(end))
    if shorter and end[:shorter] < start[:shorter]:
        yield Problem("end", Text("The end is before the start."))


def words(record: Record) -> tuple[str, str]:
    """(titles, everything else a person may search for), as the index holds them."""
    other = [record["funder"], record["locality"], *(record["partner_names"] or ()), *in_all(record["summary"]),
             *(record["identifiers"] or {}).values(), *named(codes.REGIONS, record["region"]), *named(codes.DOMAINS, record["domains"])]
    return indexed(in_all(record["title"]), other)


KIND = Kind(
    name="project",
    label=Text("Project"),
    plural=Text("Projects"),
    scopes=(PUBLIC,),
    title="title",
    check=check,
    search=words,
    fields=(
        Field("organisation", shapes.Reference("organisation"), Text("Organisation"), indexed=True),
        texts("title", Text("Title"), required=True),
        texts("summary", Text("Summary"), long=True, limit=5000),
        Field("partners", shapes.Words(target="organisation"), Text("Partners")),
        Field("partner_names", shapes.Words(), Text("Other partners"), Text("Partners that are not in the directory.")),
        text("funder", Text("Funder")),
        Field("amount", shapes.money(), Text("Amount")),
        Field("amounts", shapes.Entries(shapes.money()), Text("Amounts by year, instalment or stage"), merge="latest"),
        Field("start", shapes.date(), Text("Starts on"), indexed=True),
        Field("end", shapes.date(), Text("Ends on")),
        shared.region(),
        shared.locality(),
        shared.code("status", Text("Status"), codes.STATUSES, indexed=True),
        shared.code_set("sectors", Text("DAC sectors"), codes.SECTORS,
                        help=Text("Five-digit codes that donors use; the domains are enough for the network.")),
        shared.domains(),
        shared.identifiers(),
        shared.source(),
    ),
)
