"""The contact: a person or number of an organisation, shown only as far as that person agreed; knows no page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from i18n import Text
from resources import codes
from resources import shared_fields as shared
from resources.search_words import indexed
from sync import fields as shapes
from sync.errors import Problem
from sync.record import Field, Kind, Record, text
from sync.scopes import MODERATOR, NETWORK, PUBLIC


def check(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Somebody to ask for, a way to reach them, and their consent with its date."""
    if not (values.get("name") or values.get("role")):
        yield Problem("name", Text("Give a name or a role."))
    if not (values.get("phone") or values.get("email")):
        yield Problem("phone", Text("Give a phone number or an e-mail address."))
    if values.get("consent") and not values.get("consent_date"):
        yield Problem("consent_date", Text("Say on which day the person agreed."))


def scope_for(consent: str | None) -> str:
    """The scope that a contact must be created in for what its person allowed."""
    return consent if consent in (PUBLIC, MODERATOR) else NETWORK


def place(values: Mapping[str, Any]) -> str:
    """The scope that what is written of a contact asks for; "" when it says nothing of the consent."""
    return scope_for(values["consent"]) if values.get("consent") else ""


def words(record: Record) -> tuple[str, str]:
    """(name, role and ways to reach), as the index holds them."""
    return indexed([record["name"] or record["role"]], [record["role"], record["phone"], record["email"]])


KIND = Kind(
    name="contact",
    label=Text("Contact"),
    plural=Text("Contacts"),
    scopes=(NETWORK, PUBLIC, MODERATOR),
    title="name",
    check=check,
    search=words,
    final=True,
    place=place,
    fields=(
        Field("organisation", shapes.Reference("organisation"), Text("Organisation"), required=True, indexed=True),
        text("name", Text("Name"), limit=120),
        text("role", Text("Role"), limit=120),
        shared.phone(),
        shared.email(),
        shared.code("consent", Text("Who may see this"), codes.CONSENTS, required=True,
                    help=Text("What the person agreed to. To withdraw it, delete the contact: that is final.")),
        Field("consent_date", shapes.date(), Text("Agreed on")),
        text("consent_how", Text("How it was agreed"), help=Text("For example: by phone, on paper, in a meeting.")),
    ),
)
