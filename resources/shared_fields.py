"""Fields that several kinds declare in the same words; knows no particular kind."""

from __future__ import annotations

from typing import Any

from i18n import Text
from resources import codes
from sync import fields as shapes
from sync.record import Field, text


def code(name: str, label: Text, choices: dict[str, Text], **options: Any) -> Field:
    """A field that holds one code of a list."""
    return Field(name, shapes.Code(lambda: choices), label, **options)


def code_set(name: str, label: Text, choices: dict[str, Text], **options: Any) -> Field:
    """A field that holds a set of codes of a list."""
    return Field(name, shapes.Codes(lambda: choices), label, **options)


def region(**options: Any) -> Field:
    return code("region", Text("Region"), codes.REGIONS, indexed=True, **options)


def locality() -> Field:
    return text("locality", Text("Town or village"), indexed=True)


def domains() -> Field:
    return code_set("domains", Text("Domains"), codes.DOMAINS, help=Text("What the work is about; several if needed."))


def phone() -> Field:
    return Field("phone", shapes.phone(), Text("Phone"))


def email() -> Field:
    return Field("email", shapes.email(), Text("E-mail"))


def position() -> tuple[Field, Field]:
    """Latitude and longitude, degrees WGS 84 as decimal text."""
    help = Text("Decimal degrees, for example {example}.", example="11.5883")
    return (
        Field("latitude", shapes.decimal(), Text("Latitude"), help),
        Field("longitude", shapes.decimal(), Text("Longitude"), help),
    )


def identifiers() -> Field:
    """What other registers call this thing: `{"iati": "XM-DAC-…", "wof": "85670485"}`."""
    help = Text("What other registers call it, so that an import finds it again.")
    return Field("identifiers", shapes.Entries(shapes.Line(limit=200)), Text("Identifiers elsewhere"), help)


def source() -> Field:
    help = Text("Where these facts come from: a document, a site, a person’s office.")
    return text("source", Text("Source"), limit=500, help=help)


def a_web_address(name: str, label: Text) -> Field:
    return Field(name, shapes.url(), label)
