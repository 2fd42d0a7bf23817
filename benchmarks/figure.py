"""A figure, its limit measured in the same run, and the ratio between them; knows no engine and no page."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a table. `limit` is what it is compared with and `bar` the most it should be; both empty for a plain count."""

    name: str
    value: str
    limit: str = ""
    ratio: str = ""
    bar: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """Figures that belong together, and how they were made: `notes` in Markdown."""

    title: str
    figures: list[Figure]
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of the clock and of this process's CPU."""

    s: float
    cpu: float


def spent(work: Callable[[], object]) -> Spent:
    """What one call takes."""
    start, cpu = time.perf_counter(), time.process_time()
    work()
    return Spent(time.perf_counter() - start, time.process_time() - cpu)


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compared(name: str, values: list[float], limits: list[float], limit: str, unit: str = "s", bar: str = "") -> Figure:
    """A figure from runs taken in turn with those of its limit: the medians, and the median of the runs' own ratios."""
    value, base = statistics.median(values), statistics.median(limits)
    pairs = [one / other for one, other in zip(values, limits, strict=True)] if len(values) == len(limits) else [value / base]
    factor = 1000 if unit == "ms" else 1
    return Figure(name, f"{value * factor:.2f} {unit}", f"{base * factor:.2f} {unit} ({limit})", f"{statistics.median(pairs):.2f}×", bar)


def weighed(name: str, value: float, base: float, limit: str, bar: str = "") -> Figure:
    """A figure in bytes against its limit in bytes."""
    return Figure(name, f"{value:,.0f} B", f"{base:,.0f} B ({limit})", f"{value / base:.2f}×", bar)


def table(figures: list[Figure]) -> str:
    """The figures as a Markdown table."""
    rows = [("figure", "measured", "limit in the same run", "ratio", "aim"), ("---",) * 5]
    rows += [(one.name, one.value, one.limit or "–", one.ratio or "–", one.bar or "–") for one in figures]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def machine() -> str:
    """The machine, in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30 if hasattr(os, "sysconf") else 0
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"
