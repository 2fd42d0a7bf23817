"""A figure, its limit measured in the same run, and the ratio between them; prints and writes tables."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `limit` is what it is compared with; empty for a plain count."""

    name: str
    value: str
    limit: str = ""
    ratio: str = ""


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compared(name: str, values: list[float], limits: list[float], limit: str, unit: str = "s") -> Figure:
    """A figure from runs taken in turn with those of its limit."""
    value, base = statistics.median(values), statistics.median(limits)
    factor = 1000 if unit == "ms" else 1
    return Figure(name, f"{value * factor:.2f} {unit}", f"{base * factor:.2f} {unit} ({limit})", f"{value / base:.1f}×")


def table(figures: list[Figure]) -> str:
    """The figures as a Markdown table."""
    rows = [("figure", "measured", "limit in the same run", "ratio"), ("---", "---", "---", "---")]
    rows += [(one.name, one.value, one.limit or "–", one.ratio or "–") for one in figures]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def machine() -> str:
    """The machine, in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30 if hasattr(os, "sysconf") else 0
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def write(path: Path, figures: list[Figure]) -> None:
    """Write the page of figures."""
    path.write_text(
        "# Benchmarks\n\nMade by `make bench`. Each figure stands beside a limit measured in the same run on the same machine:\n"
        "machines are noisy, ratios less so. A figure without limit is a count.\n\n"
        f"Machine: {machine()}. Date: {time.strftime('%Y-%m-%d')}.\n\n{table(figures)}\n\n"
        "- *window*: from the start of the process until the directory shows its first rows, against a process that shows\n"
        "  an empty PySide6 table view; both drawn offscreen, medians of runs in turn.\n"
        "- *first sync*: a new replica over HTTP on loopback from a real server process until every record is on disk and\n"
        "  found by search, against one `executemany` of the same rows into the same table (WAL, synchronous=FULL) without\n"
        "  index, signature or search.\n"
        "- *bytes*: bodies and headers, both ways, as counted by the client.\n"
        "- *search*: each of 40 prefixes in French and Arabic, folded, ranked and loaded as records, against the bare FTS5\n"
        "  query with the same cap.\n"
        "- *longest turn*: what the screen's event loop does, in CPU time of its thread, before it hears keys and clicks again;\n"
        "  the longest of all turns that an action takes, pages opened for the first time; the limit is one frame of a screen.\n",
        "utf-8")
