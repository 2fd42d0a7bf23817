"""What this computer may spend on its connection, as chosen in the preferences, in the words of the engine's rules; knows no widget and no road."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from i18n import Text
from sync import traffic
from sync.spending import Rules

if TYPE_CHECKING:
    from desktop.shell.preferences import Choices, Preferences

__all__ = ["FLAG", "HOURS", "MB", "MOST", "PRICE", "WAYS", "Whole", "choices_in", "cost_of", "hours_of", "limits_in", "rules_of"]

WAYS = {
    traffic.RECORDS_UP: Text("Records sent"), traffic.RECORDS_DOWN: Text("Records received"), traffic.FILES_UP: Text("Files sent"),
    traffic.FILES_DOWN: Text("Files received"), traffic.COPIES: Text("Whole copies received"),
}
MB = 1_000_000  # bytes, as operators count and sell them
MOST = 1_000_000  # MB: a limit beyond it limits nobody
_LIMITS = "limits.json"
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)-([01]?\d|2[0-3]):([0-5]\d)\Z", re.ASCII)


class Whole:
    """Whole numbers from 0 to `most`; `in` asks whether a value is one."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= self.most


class _Flag:
    """Yes or no, and nothing that only looks like it."""

    def __contains__(self, value: object) -> bool:
        return isinstance(value, bool)


class _Hours:
    """`22:00-06:00`, or nothing."""

    def __contains__(self, value: object) -> bool:
        return isinstance(value, str) and (value == "" or _TIME.match(value) is not None)


class _Price:
    """Decimal text from 0 to a million, or nothing."""

    def __contains__(self, value: object) -> bool:
        if not isinstance(value, str) or len(value) > 12:
            return False
        try:
            return value == "" or 0 <= Decimal(value) <= MOST
        except InvalidOperation:
            return False


FLAG, HOURS, PRICE = _Flag(), _Hours(), _Price()


def hours_of(text: str) -> tuple[int, int] | None:
    """The minutes of the day at both ends of `22:00-06:00`; None for nothing."""
    found = _TIME.match(text)
    if found is None:
        return None
    first, second, third, fourth = map(int, found.groups())
    return first * 60 + second, third * 60 + fourth


def rules_of(choices: Choices) -> Rules:
    """The rules that the choices stand for."""
    return Rules(choices.metered, choices.cap * MB, choices.large * MB, hours_of(choices.hours))


def limits_in(folder: Path) -> Preferences:
    """The limits of a computer: of everybody who works there, so they stand in its data folder and in nobody's own preferences."""
    from desktop.shell.preferences import Preferences

    return Preferences(folder / _LIMITS)


def choices_in(folder: Path) -> Choices:
    """What was chosen for a computer; where nobody chose anything, a command keeps nothing back."""
    from desktop.shell.preferences import Choices, Preferences

    return Preferences(folder / _LIMITS, Choices(large=0)).choices


def cost_of(count: int, price: str) -> Decimal | None:
    """What so many bytes cost in DJF, at a price for a MB; None when nobody gave one."""
    return Decimal(count) * Decimal(price) / MB if price else None
