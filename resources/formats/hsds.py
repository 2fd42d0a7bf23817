"""Organisations of the Human Services Data Specification 3.1, read from JSON or its CSV; writing is `hsds_write`'s work."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from i18n import Text
from resources.codes import REGIONS
from resources.formats.incoming import Incoming, Read, Rejected, cut, guess_language, read_bytes, read_json
from resources.formats.spreadsheet import decode
from sync import fields as shapes
from sync.errors import Invalid

_OURS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")


def read(path: Path) -> Read:
    """Organisations of a single object, a list page (`contents`), services that hold them, or tables.

    An id that is a UUIDv7 is kept (it is ours coming home), others lead to a
    derived one. Contacts are not taken: nobody said that they agreed.
    """
    found = 0
    for number, organization in enumerate(_organizations(path), 1):
        found += 1
        yield from _one(path, number, organization)
    if not found:
        raise Invalid(Text("“{file}” holds no organisation in the HSDS form.", file=path.name))


def _organizations(path: Path) -> Iterator[dict[str, Any]]:
    if path.suffix.lower() == ".csv":
        yield from csv.DictReader(io.StringIO(decode(read_bytes(path), path), newline=""))
        return
    document = read_json(path)
    if isinstance(document, dict) and isinstance(document.get("organizations.csv"), list):
        yield from _from_tables(document)
        return
    listed = document if isinstance(document, list) else [document]
    if isinstance(document, dict) and isinstance(document.get("contents"), list):
        listed = document["contents"]
    for one in listed:
        if isinstance(one, dict) and isinstance(one.get("organization"), dict):
            one = one["organization"]
        if isinstance(one, dict) and "name" in one and "id" in one:
            yield one


def _from_tables(tables: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The tabular form: rows point at their organisation by `organization_id`."""

    def of(name: str, key: str, id: Any) -> list[dict[str, Any]]:
        return [row for row in tables.get(name) or () if isinstance(row, dict) and row.get(key) == id]

    for organization in tables["organizations.csv"]:
        if not isinstance(organization, dict):
            continue
        id = organization.get("id")
        locations = [{**row, "addresses": of("addresses.csv", "location_id", row.get("id"))} for row in of("locations.csv", "organization_id", id)]
        yield {**organization, "phones": of("phones.csv", "organization_id", id), "locations": locations,
               "contacts": of("contacts.csv", "organization_id", id),
               "organization_identifiers": of("organization_identifiers.csv", "organization_id", id)}


def _one(path: Path, number: int, given: dict[str, Any]) -> Read:
    name, theirs = cut(str(given.get("name") or "")), str(given.get("id") or "")
    if not name or not theirs:
        yield Rejected(path, number, Text("The name or the id of the organisation is missing."))
        return
    values: dict[str, Any] = {"name": {guess_language(name): name}, "identifiers": _identifiers(given, theirs), "source": cut(f"HSDS, {path.name}")}
    other = cut(str(given.get("alternate_name") or ""), 200)
    if other and other != name:
        values["aliases"] = [other]
    description = shapes.clean(str(given.get("description") or ""))[:5000].strip()
    if description:
        values["description"] = {guess_language(description): description}
    if str(given.get("year_incorporated") or "").isdigit():
        values["founded"] = str(given["year_incorporated"])
    if given.get("legal_status"):
        values["facts"] = {"legal_status": {"name": "legal_status", "value": cut(str(given["legal_status"]), 500)}}
    phones = [phone for phone in given.get("phones") or () if isinstance(phone, dict)]
    candidates = {"email": (shapes.email(), given.get("email")), "website": (shapes.url(), given.get("website")),
                  "phone": (shapes.phone(), phones[0].get("number") if phones else None)}
    for field, (shape, value) in candidates.items():
        text = shapes.clean(str(value or "")).strip("\"' ")
        if not text:
            continue
        if any(shape.problems(text)):
            yield Rejected(path, number, Text("{field} “{value}” was left out: it is not written as expected.", field=field, value=text[:60]))
        else:
            values[field] = text
    values.update(_where(given))
    if given.get("contacts"):
        yield Rejected(path, number, Text("Its contacts were left out: nothing says that these people agreed."))
    ours = theirs if _OURS.match(theirs) else None
    yield Incoming("organisation", f"organisation/hsds:{theirs}", values, path, number, id=ours)


def _identifiers(given: dict[str, Any], theirs: str) -> dict[str, str]:
    found = {} if _OURS.match(theirs) else {"hsds": cut(theirs, 200)}
    for one in given.get("organization_identifiers") or ():
        if isinstance(one, dict) and one.get("identifier"):
            scheme = cut(str(one.get("identifier_scheme") or one.get("identifier_type") or "other"), 64)
            found[scheme] = cut(str(one["identifier"]), 200)
    return found


def _where(given: dict[str, Any]) -> dict[str, str]:
    """Region, town, address and position of the first location that says them."""
    found: dict[str, str] = {}
    for location in given.get("locations") or ():
        if not isinstance(location, dict):
            continue
        try:
            latitude, longitude = float(location["latitude"]), float(location["longitude"])
        except (KeyError, TypeError, ValueError):
            latitude = longitude = 1000.0
        if "latitude" not in found and abs(latitude) <= 90 and abs(longitude) <= 180:
            found |= {"latitude": f"{latitude:.5f}", "longitude": f"{longitude:.5f}"}
        for address in location.get("addresses") or ():
            if isinstance(address, dict) and "address" not in found:
                lines = [str(address.get(part) or "") for part in ("address_1", "address_2")]
                found["address"] = shapes.clean("\n".join(filter(None, lines)))[:500]
                found["locality"] = cut(str(address.get("city") or ""))
                code = str(address.get("state_province") or "")
                found |= {"region": code} if code in REGIONS else {}
    return {name: value for name, value in found.items() if value}
