"""An organisation as HSDS 3.1 says it, for the read API of the server; knows no HTTP and no paging."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from resources.codes import DOMAINS
from resources.formats.incoming import stable_id
from sync.record import Record

TAXONOMY = "dalil-domains"


def summary(record: Record, speak: str = "fr") -> dict[str, Any]:
    """The organisation without what hangs on it, as list pages give it; valid against `organization.json`."""
    names = list(dict.fromkeys(filter(None, [record["acronym"], *(record["name"] or {}).values(), *(record["aliases"] or ())])))
    name = record.text("name", speak)
    others = [other for other in names if other != name]
    domains = ", ".join(DOMAINS[code].say(speak) for code in record["domains"] or () if code in DOMAINS)
    found: dict[str, Any] = {
        "id": record.id,
        "name": name,
        "alternate_name": others[0] if others else None,
        # the standard requires one; what it works on is the truest short one we have
        "description": record.text("description", speak) or domains or name,
        "email": record["email"],
        "website": record["website"],
        "year_incorporated": int(record["founded"][:4]) if record["founded"] else None,
    }
    return {key: value for key, value in found.items() if value is not None}


def organization(record: Record, places: Iterable[Record] = (), speak: str = "fr") -> dict[str, Any]:
    """The whole organisation with phone, locations, identifiers and domains; valid against `organization.json`.

    `places` are records of kind place that belong to it. Ids of the parts
    derive from the record's, so that the same answer is given each time.
    """
    found = summary(record, speak)
    if record["phone"]:
        found["phones"] = [{"id": stable_id(f"hsds-phone/{record.id}"), "organization_id": record.id, "number": record["phone"], "type": "voice"}]
    locations = [_location(record, record, speak)] if record["latitude"] or record["address"] or record["locality"] else []
    locations += [_location(place, record, speak) for place in places]
    if locations:
        found["locations"] = locations
    if record["identifiers"]:
        found["organization_identifiers"] = [
            {"id": stable_id(f"hsds-identifier/{record.id}/{scheme}"), "organization_id": record.id,
             "identifier_scheme": scheme, "identifier_type": scheme, "identifier": identifier}
            for scheme, identifier in record["identifiers"].items()
        ]
    if record["domains"]:
        found["attributes"] = [_attribute(record.id, code, speak) for code in record["domains"] if code in DOMAINS]
    return found


def _location(place: Record, owner: Record, speak: str) -> dict[str, Any]:
    own = place is owner
    id = stable_id(f"hsds-location/{place.id}") if own else place.id
    found: dict[str, Any] = {"id": id, "organization_id": owner.id, "location_type": "physical"}
    if not own:
        found["name"] = place.text("name", speak)
    if place["latitude"] and place["longitude"]:
        found |= {"latitude": float(place["latitude"]), "longitude": float(place["longitude"])}
    street = (place["address"] or "") if own else ""
    if street or place["locality"]:
        found["addresses"] = [{
            "id": stable_id(f"hsds-address/{place.id}"), "location_id": id, "address_1": street.replace("\n", ", ") or place["locality"],
            "city": place["locality"] or "", "state_province": place["region"] or "", "postal_code": "", "country": "DJ", "address_type": "physical",
        }]
    return found


def _attribute(owner: str, code: str, speak: str) -> dict[str, Any]:
    name = DOMAINS[code].say(speak)
    term = {"id": stable_id(f"hsds-term/{code}"), "code": code, "name": name, "description": name, "taxonomy": TAXONOMY, "language": speak}
    return {"id": stable_id(f"hsds-attribute/{owner}/{code}"), "link_id": owner, "link_entity": "organization",
            "taxonomy_term_id": term["id"], "taxonomy_term": term}
