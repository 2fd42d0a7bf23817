"""Who acts: what rights are judged by; knows no key, no certificate and no right."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A role with the id of the person ("" for none) and those of the organisations that they speak for."""

    role: str
    person: str = ""
    organisations: tuple[str, ...] = ()

    def owns(self, family: str, id: str) -> bool:
        """Whether the place of a person or organisation (`family`) with this id is theirs."""
        return id in self.organisations if family == "organisation" else id == self.person != ""
