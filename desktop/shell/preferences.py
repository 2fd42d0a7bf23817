"""What is preferred here: language, theme, size, digits, and what the connection may cost; kept as JSON at a given path; knows no widget."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from desktop.shell.spending import FLAG, HOURS, MOST, PRICE, Whole

__all__ = ["SIZES", "Choices", "Preferences", "choices_of"]

SIZES = (90, 100, 115, 130, 150, 175)
_ALLOWED = {
    "language": ("fr", "ar", "en", "so", "aa"),
    "theme": ("system", "light", "dark", "contrast"),
    "size": SIZES,
    "digits": ("latn", "arab"),
    "metered": FLAG,
    "cap": Whole(MOST),
    "large": Whole(MOST),
    "hours": HOURS,
    "price": PRICE,
}


@dataclass(frozen=True)
class Choices:
    """`language` fr|ar|en|so|aa; `theme` system|light|dark|contrast; `size` percent; `digits` latn (0-9) or arab (٠-٩).

    Of the connection: `metered`; `cap` MB a month and `large` MB from which a file waits for a yes, 0 for none;
    `hours` in which exchanges begin by themselves (`22:00-06:00`) and `price` of a MB in DJF, empty for none.
    """

    language: str = "fr"
    theme: str = "light"
    size: int = 100
    digits: str = "latn"
    metered: bool = False
    cap: int = 0
    large: int = 50
    hours: str = ""
    price: str = ""

    @property
    def look(self) -> tuple[str, str, int, str]:
        """What every page is drawn from; the rest changes no letter of it."""
        return self.language, self.theme, self.size, self.digits


class Preferences:
    """The choices in force, and where they are kept.

    A missing or damaged file means the defaults: preferences are never worth stopping for, and the
    damaged file is overwritten at the next choice. `changed` is called with the new choices.
    """

    def __init__(self, path: Path | None, defaults: Choices | None = None) -> None:
        self._path = path
        self._listeners: list[Callable[[Choices], None]] = []
        self._choices = _read(path, defaults or Choices())

    @property
    def choices(self) -> Choices:
        return self._choices

    def choose(self, **changes: str | int) -> None:
        """Change some choices, keep them, tell those who listen. Raises ValueError for an unknown value."""
        for name, value in changes.items():
            if name not in _ALLOWED or value not in _ALLOWED[name]:
                raise ValueError(f"no such preference: {name}={value!r}")
        chosen = replace(self._choices, **changes)
        if chosen == self._choices:
            return
        self._choices = chosen
        self.keep(chosen)
        for listener in list(self._listeners):
            listener(chosen)

    def keep(self, choices: Choices) -> None:
        """Keep them where the next start finds them."""
        if self._path is not None:
            _write(self._path, choices)

    def on_change(self, listener: Callable[[Choices], None]) -> Callable[[], None]:
        """Call `listener(choices)` after each change; answers the function that ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None


def _read(path: Path | None, defaults: Choices) -> Choices:
    if path is None or not path.exists():
        return defaults
    try:
        return choices_of(path.read_text("utf-8"), defaults)
    except (OSError, ValueError):
        return defaults


def choices_of(text: str, defaults: Choices) -> Choices:
    """The choices that were kept as this text; what is missing or damaged in it is as in `defaults`."""
    try:
        found = json.loads(text)
    except ValueError:
        return defaults
    if not isinstance(found, dict):
        return defaults
    good = {
        field.name: found[field.name]
        for field in fields(Choices)
        if found.get(field.name) in _ALLOWED[field.name]
    }
    return replace(defaults, **good)


def _write(path: Path, choices: Choices) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(choices), indent=2), "utf-8")
    os.replace(fresh, path)
