"""The sessions that run on this PC, one in use and a few locked; knows no page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from desktop.shell.people.idle import USUAL
from desktop.shell.people.pin import Pin
from desktop.shell.session import Session

__all__ = ["GUEST", "Running", "Sessions"]

GUEST = ""  # nobody's name
MOST = 4  # sessions at once: each holds an open file and a little memory, and an old PC has little


@dataclass
class Running:
    """A session, and what opens it again. `lock` is "phrase", "computer" or "guest"; `key` is the vault's, `pin` only ever here."""

    name: str
    lock: str
    session: Session
    key: bytes | None = field(default=None, repr=False)  # no report of a fault may carry it
    minutes: int = USUAL
    pin: Pin | None = field(default=None, repr=False)


@dataclass
class Sessions:
    """By name. Attribute: `current`, the one in use, None while the first screen stands there."""

    current: Running | None = None
    _all: dict[str, Running] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Running]:
        return iter(list(self._all.values()))

    def of(self, name: str) -> Running | None:
        """The session of a person, if one runs."""
        return self._all.get(name)

    def locked(self) -> list[str]:
        """The names of those whose session goes on without them."""
        return [one.name for one in self if one is not self.current and one.lock == "phrase"]

    def use(self, one: Running) -> list[Running]:
        """Let this one be in use; answers those that must end for it, the longest unused first."""
        self._all.pop(one.name, None)
        self._all[one.name] = one  # the last of all, so that the first is the longest unused
        self.current = one
        return [each for each in self if each is not one][: max(0, len(self._all) - MOST)]

    def drop(self, one: Running) -> None:
        """It has ended."""
        self._all.pop(one.name, None)
        if self.current is one:
            self.current = None
