"""Associations and projects read from IATI receivers; knows the file's columns and no record."""

import csv
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from resources.starter.cso_names import NAMES
from resources.starter.derived_id import derived_id

SOURCE = {
    "name": "IATI, rows of the Djibouti workbook whose receiver is a local or regional CSO",
    "url": "https://github.com/iati-data-access/data",
    "commit": "0a2000b7fc73d24f1c848878ab30dfcc593adbed",
    "date": "2021-07-22",
    "licence": "each record under the licence of its publisher (not checked); facts only",
}

# What a row counts; the three are never added to one another.
_KINDS = {
    "2 - Outgoing Commitment": "committed",
    "3 - Disbursement": "disbursed",
    "budget - Budget": "budgeted",
}


# Activities whose title is written in English; the others are in French.
_ENGLISH_TITLES = {
    "GB-CHC-285776-DJI001",
    "US-GOV-1-603-SSH-12-603-005",
    "US-GOV-11-DJ-SDJ10018GR0003",
    "US-GOV-13-DJ-2776",
    "US-GOV-13-DJ-3148",
    "US-GOV-13-DJ-4413",
    "US-GOV-13-DJ-4414",
    "US-GOV-13-DJ-4415",
    "XI-IATI-EC_INTPA-2016/372-148",
    "XM-DAC-5-7-6613712",
    "XM-DAC-5-7-6614246",
}


def read_receivers(path: Path) -> list[dict[str, str]]:
    """The rows of the CSV; raises ValueError for a receiver without an entry in `cso_names`."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    unknown = {row["Receiver Organisation"] for row in rows} - set(NAMES)
    if unknown:
        raise ValueError(f"{path}: receivers without a checked name: {sorted(unknown)}")
    return rows


def organisations(rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    """One entry per name as written; near-identical names stay apart for people to judge."""
    activities: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        activities[row["Receiver Organisation"]].add(row["IATI Identifier"])
    entries = [
        {
            "id": organisation_id(written),
            **NAMES[written],
            "source": {"name_as_written": written, "activities": sorted(found)},
        }
        for written, found in activities.items()
    ]
    return sorted(entries, key=lambda entry: entry["source"]["name_as_written"].casefold())


def projects(rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    """One entry per activity and receiver, amounts summed in USD as decimal text."""
    groups: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        groups[row["IATI Identifier"], row["Receiver Organisation"]].append(row)
    return [_project(*key, group) for key, group in sorted(groups.items())]


def organisation_id(written: str) -> str:
    """The id of the organisation that the source writes `written` (outer blanks ignored)."""
    return derived_id("organisation", written.strip())


def _project(identifier: str, receiver: str, rows: list[dict[str, str]]) -> dict[str, Any]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[_KINDS[row["Transaction Type"]]] += Decimal(row["Value (USD)"])
    amounts = {
        kind: {"amount": f"{sums[kind]:.2f}", "currency": "USD"}
        for kind in _KINDS.values()
        if kind in sums
    }
    years = sorted({row["Calendar Year"] for row in rows})
    basis = next(k for k in ("disbursed", "committed", "budgeted") if sums.get(k, 0) > 0)
    funder, _, reference = rows[0]["Provider Organisation"].rpartition(" [")
    language = "en" if identifier in _ENGLISH_TITLES else "fr"
    return {
        "id": derived_id("project", f"{identifier}/{receiver.strip()}"),
        "organisation": organisation_id(receiver),
        "iati": identifier,
        "title": {language: rows[0]["Title"].strip()},
        "funder": {"name": funder, "iati": reference.rstrip("]")},
        "start": years[0],
        "end": years[-1],
        "amount": amounts[basis],
        "amount_basis": basis,
        "amounts": amounts,
        "sectors": sorted({row["Sector"].split(" - ")[0] for row in rows if row["Sector"]}),
        "source": {"iati": identifier, "receiver": receiver.strip()},
    }
