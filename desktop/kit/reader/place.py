"""Where somebody stopped reading; knows no file and no screen."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """`section` from 0 (a page in a PDF), `share` 0..1 of it read, `percent` the text size or zoom."""

    section: int = 0
    share: float = 0.0
    percent: int = 100


PERCENTS = (70, 80, 90, 100, 115, 130, 150, 175, 200, 250, 300)


def next_percent(percent: int, step: int) -> int:
    """The next larger (`step` 1) or smaller (-1) size; the last one stays."""
    if step > 0:
        return next((p for p in PERCENTS if p > percent), PERCENTS[-1])
    return next((p for p in reversed(PERCENTS) if p < percent), PERCENTS[0])
