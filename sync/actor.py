"""Who acts: what rights are judged by; knows no key, no certificate and no right."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A role with the ids of the person and of the organisation that they speak for, each "" if there is none."""

    role: str
    person: str = ""
    organisation: str = ""
