"""Organisations, projects and funders from tables of IATI transactions (XLSX, CSV); knows no record that is there already."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from i18n import Text
from resources.codes import SECTORS, domains_of_sector
from resources.formats.iati_parties import Party, parties
from resources.formats.incoming import Incoming, Read, Rejected, cut, guess_language
from resources.formats.spreadsheet import read_rows
from sync.errors import Invalid

NEEDED = ("IATI Identifier", "Title", "Reporting Organisation", "Provider Organisation", "Receiver Organisation",
          "Transaction Type", "Sector", "Calendar Year", "Value (USD)")

# First digit of the transaction type -> what it counts; they are never added to one another.
_STAGES = {"1": "received", "2": "committed", "3": "disbursed", "4": "spent", "b": "budgeted"}
_SHOWN_FIRST = ("disbursed", "spent", "committed", "budgeted", "received")


@dataclass(frozen=True, slots=True)
class Transaction:
    """One row, read: who gave what to whom, for what, in US dollars."""

    row: int
    identifier: str
    title: str
    reporter: tuple[Party, ...]
    providers: tuple[Party, ...]
    receivers: tuple[Party, ...]
    stage: str
    sector: str
    year: str
    amount: Decimal


def read(path: Path) -> Read:
    """Organisations first, then one project an activity.

    An activity's part that went to an association of the country is a project
    of that association (key `project/{activity}/{association}`); the rest is a
    project of its publisher (key `project/{activity}`). Bodies without a
    reference stay names: half of them are suppliers and budget lines.
    """
    rows = read_rows(path)
    _, header = next(rows, (0, []))
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise Invalid(Text("“{file}” lacks the columns {columns}.", file=path.name, columns=", ".join(missing)))
    taken: list[Transaction] = []
    for number, cells in rows:
        named = dict(zip(header, cells, strict=False))
        got = _transaction(number, {name: named.get(name, "").strip() for name in (*header, *NEEDED)})
        if isinstance(got, Text):
            yield Rejected(path, number, got)
        else:
            taken.append(got)
    yield from _organisations(taken, path)
    yield from _projects(taken, path)


def _transaction(number: int, row: dict[str, str]) -> Transaction | Text:
    if not row["IATI Identifier"] or not row["Title"]:
        return Text("The identifier or the title of the activity is missing.")
    if not row.get("Recipient Country", "DJ").startswith("DJ"):
        return Text("This activity is in another country: {country}.", country=row["Recipient Country"])
    stage = _STAGES.get(row["Transaction Type"][:1])
    if stage is None:
        return Text("The kind of transaction “{kind}” is not known.", kind=row["Transaction Type"])
    try:
        amount = Decimal(row["Value (USD)"])
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        return Text("The amount is missing or is no number: “{amount}”.", amount=row["Value (USD)"])
    year = row["Calendar Year"]
    if not (len(year) == 4 and year.isdigit()):
        return Text("The year is missing or is no year: “{year}”.", year=year)

    def of(column: str) -> tuple[Party, ...]:
        return _parties(row[column], row.get(f"{column} Type", ""))

    return Transaction(number, row["IATI Identifier"], row["Title"], of("Reporting Organisation"), of("Provider Organisation"),
                       of("Receiver Organisation"), stage, row["Sector"][:5], year, amount)


@functools.lru_cache(maxsize=4096)
def _parties(cell: str, kind: str) -> tuple[Party, ...]:
    return tuple(parties(cell, kind))


def _organisations(taken: Iterable[Transaction], path: Path) -> Read:
    first: dict[str, tuple[Party, int]] = {}
    domains: dict[str, set[str]] = {}
    for one in taken:
        for party in one.receivers:
            if party.local and one.sector in SECTORS:
                domains.setdefault(party.key or "", set()).update(domains_of_sector(one.sector))
        for party in (*one.reporter, *one.providers, *one.receivers):
            if party.key and (party.key not in first or (party.type and not first[party.key][0].type)):
                first[party.key] = (party, one.row)
    for key, (party, row) in first.items():
        values = {**party.values(), "source": cut(f"IATI, {path.name}")}
        worked_on = sorted(domains.get(key, set()) - {"other"})
        if worked_on:
            values["domains"] = worked_on  # what its funded projects were about
        yield Incoming("organisation", key, values, path, row)


def _projects(taken: Iterable[Transaction], path: Path) -> Read:
    groups: dict[tuple[str, str], list[Transaction]] = {}
    for one in taken:
        local = next((party.name for party in one.receivers if party.local), "")
        groups.setdefault((one.identifier, local), []).append(one)
    for (identifier, local), group in groups.items():
        key = f"project/{identifier}/{local}" if local else f"project/{identifier}"
        yield Incoming("project", key, _project(identifier, local, group, path), path, group[0].row)


def _project(identifier: str, local: str, group: list[Transaction], path: Path) -> dict[str, Any]:
    receivers = _unique(party for one in group for party in one.receivers)
    providers = _unique(party for one in group for party in one.providers)
    owner = next((party for party in receivers if party.name == local), None) if local else next(iter(group[0].reporter), None)
    partners = [party for party in (*receivers, *(group[0].reporter if local else ())) if owner is None or party.key != owner.key]
    title = group[0].title
    language = guess_language(title)
    years = sorted(one.year for one in group)
    amounts = _amounts(group)
    # a withdrawn or private sector code is no reason to lose the project
    sectors = sorted({one.sector for one in group} & SECTORS.keys())
    values: dict[str, Any] = {
        "organisation": owner.id if owner else None,
        "title": {language: cut(title)},
        "summary": {language: cut(title, 5000)} if len(title) > 300 else None,
        "partners": sorted({party.id for party in partners if party.id}),
        "partner_names": sorted({cut(party.name, 200) for party in partners if not party.id}),
        "funder": cut(", ".join(dict.fromkeys(party.name for party in providers))),
        "amount": next((amounts[stage] for stage in _SHOWN_FIRST if stage in amounts and not amounts[stage]["amount"].startswith("-")), None),
        "amounts": amounts,
        "start": years[0],
        "end": years[-1],
        "sectors": sectors,
        "domains": sorted({domain for sector in sectors for domain in domains_of_sector(sector)}),
        "identifiers": {"iati": cut(identifier, 200)},
        "source": cut(f"IATI, {path.name}"),
    }
    return {name: value for name, value in values.items() if value}


def _amounts(group: list[Transaction]) -> dict[str, dict[str, str]]:
    sums: dict[str, Decimal] = {}
    for one in group:
        sums[one.stage] = sums.get(one.stage, Decimal(0)) + one.amount
    rounded = {stage: f"{total:.2f}" for stage, total in sorted(sums.items())}
    return {stage: {"amount": amount, "currency": "USD"} for stage, amount in rounded.items() if Decimal(amount)}


def _unique(found: Iterable[Party]) -> list[Party]:
    return list({party.key or party.name: party for party in found}.values())
