"""The page of figures, `docs/benchmarks.md`: written whole, or one part of it; knows no engine."""

from __future__ import annotations

import re
import time
from pathlib import Path

from benchmarks.figure import Family, machine, table

ORDER = ("First sync", "Handing in", "Edits", "A slow link", "Accepting", "Memory of a replica", "Other engines", "Search", "Window",
         "Turns of the screen")
_HEAD = (
    "# Benchmarks\n\nMade by `make bench` and, for the other engines, `make bench-peers`. Each figure stands beside a limit measured in\n"
    "the same run on the same machine: machines are noisy, ratios less so. A figure without limit is a count. *Aim* is what\n"
    "we hold ourselves to.\n"
)


def text_of(family: Family) -> str:
    """One family as a section of the page."""
    notes = f"\n\n{family.notes.strip()}" if family.notes else ""
    return f"## {family.title}\n\n{machine()}. {time.strftime('%Y-%m-%d')}.\n\n{table(family.figures)}{notes}\n"


def put(path: Path, sections: dict[str, str]) -> None:
    """Write sections, by their title, into the page; the others stay as they are. What `ORDER` does not name comes last."""
    found = _sections(path.read_text("utf-8")) if path.exists() else {}
    found |= sections
    path.write_text(_HEAD + "".join("\n" + found[title] for title in sorted(found, key=_place)), "utf-8")


def _place(title: str) -> int:
    return ORDER.index(title) if title in ORDER else len(ORDER)


def _sections(page: str) -> dict[str, str]:
    parts = re.split(r"(?m)^(?=## )", page)[1:]
    return {part.partition("\n")[0].removeprefix("## "): part.rstrip() + "\n" for part in parts}
