"""What the preferences ask of whoever holds the session: how it is locked, after how long, its six figures; knows no widget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from desktop.shell.people.idle import LOCK_AFTER
from desktop.shell.people.names import said_name
from desktop.shell.people.pin import Pin
from desktop.shell.people.running import Running
from resources.remembered import remember

__all__ = ["DeskAccount"]


class Desk(Protocol):
    """What an account needs of the window around it."""

    account_wanted: Any

    def renew_idle(self, one: Running) -> None: ...


@dataclass
class DeskAccount:
    """The account of the session in use. Attribute: `running`, set when its session has been made."""

    desk: Desk
    clock: Callable[[], float]
    running: Running | None = None

    @property
    def name(self) -> str:
        """What the person is called on this PC; "" for a guest and for whoever was never asked."""
        return said_name(self.running.name) if self.running else ""

    @property
    def lock(self) -> str:
        """What keeps the work closed: "phrase", "computer" (nothing else) or "guest" (there is none)."""
        return self.running.lock if self.running else ""

    def show(self, page: str) -> None:
        """Show "phrase", "code", "add", "remove" or "restore": pages that belong to no session."""
        self.desk.account_wanted.emit(page)

    @property
    def minutes(self) -> int:
        """After how many minutes without a touch it locks."""
        return self.running.minutes

    def choose_minutes(self, minutes: int) -> None:
        """Lock after so long from now on; the person's file remembers it."""
        self.running.minutes = minutes
        remember(self.running.session.workspace, LOCK_AFTER, str(minutes))
        self.desk.renew_idle(self.running)

    @property
    def has_pin(self) -> bool:
        """Whether six figures reopen this session."""
        return self.running.pin is not None

    def choose_pin(self, typed: str | None) -> None:
        """Let these six figures reopen it, or with None only the phrase. ValueError when they are not six."""
        self.running.pin = None if typed is None else Pin(typed, self.clock)
