"""Who is named in a row of IATI: publishers, funders, receivers; knows no amount and no file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from resources.formats.incoming import cut, guess_language, stable_id
from resources.starter.cso_names import NAMES

_REFERENCE = re.compile(r"(.*?)\s*\[([^\[\]]+)\]\s*\Z", re.S)
_BRACKETED_ACRONYM = re.compile(r"\(([A-Z][A-Za-z0-9&-]{1,11})\)")

# What publishers write where a name should be.
_NO_NAME = re.compile(
    r"usaid redacted|name withheld|n/a\Z|unspecified|misc |multilateral\Z|government\Z|un agency\Z|civil society organization", re.I)
# DAC channel codes that stand for a whole class of bodies, not for one.
_CLASSES = frozenset((
    "10000", "11000", "12000", "13000", "20000", "21000", "22000", "23000", "30000", "31000", "32000", "40000", "41000", "42000",
    "47000", "50000", "51000", "52000", "60000", "61000", "90000",
))

# IATI OrganisationType -> our type. A "22 National NGO" is national to its
# own country, which is not said: it gets none.
_TYPES = {"10": "public_body", "11": "public_body", "15": "public_body", "21": "international_ngo", "23": "association",
          "24": "association", "40": "international_body", "60": "foundation", "70": "company", "71": "company",
          "72": "company", "73": "company", "80": "university", "30": "other", "90": "other"}

_LOCAL = {name.strip(): facts for name, facts in NAMES.items()}


@dataclass(frozen=True, slots=True)
class Party:
    """One body as a row names it: its name, its reference in IATI if given, our type if known."""

    name: str
    reference: str | None
    type: str | None

    @property
    def local(self) -> bool:
        """Whether it is one of the associations of the country whose name we checked."""
        return self.name in _LOCAL

    @property
    def key(self) -> str | None:
        """The key of its record; None for a body without reference, which stays a name."""
        if self.local:
            return f"organisation/{self.name}"
        return f"organisation/iati:{self.reference}" if self.reference else None

    @property
    def id(self) -> str | None:
        return stable_id(self.key) if self.key else None

    def values(self) -> dict[str, Any]:
        """The organisation as far as the source tells it."""
        if self.local:
            facts = _LOCAL[self.name]
            known = {name: facts[name] for name in ("name", "acronym", "aliases", "region") if facts.get(name)}
            values: dict[str, Any] = {"type": "association", **known}
            if values.get("aliases"):
                values["aliases"] = sorted(values["aliases"])
            values["identifiers"] = {"iati_name": cut(self.name, 200)}
            return values
        found = _BRACKETED_ACRONYM.search(self.name)
        name = cut(self.name.replace(found[0], "")) if found else cut(self.name)
        values = {"name": {guess_language(name): name}, "identifiers": {"iati": cut(self.reference or "", 200)}}
        if found:
            values["acronym"] = found[1]
        if self.type:
            values["type"] = self.type
        return values


def parties(cell: str, kind_cell: str) -> list[Party]:
    """The bodies of a cell such as `Name [XM-DAC-1]; Other`, without those that are no names."""
    found = []
    several = ";" in cell
    for part in cell.split(";"):
        match = _REFERENCE.match(part)
        name, reference = (match[1], match[2].strip()) if match else (part, None)
        name = " ".join(name.split())
        if not name or _NO_NAME.match(name):
            continue
        if reference in _CLASSES:
            reference = None
        found.append(Party(name, reference, None if several else _TYPES.get(kind_cell[:2])))
    return found
