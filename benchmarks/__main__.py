"""`python -m benchmarks [--write FILE] [--quick] [--only NAME …]`: measures, prints the tables, writes them where asked."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from benchmarks.figure import Family
from benchmarks.page import put, text_of

NAMES = ("sync", "slow", "accepting", "search", "window", "turns", "cable")


def main() -> None:
    """Run the families asked for; each is printed and written as soon as it is there."""
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("--write", type=Path)
    parser.add_argument("--quick", action="store_true", help="a tenth of the records: to see that everything runs")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=NAMES)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for family in families(Path(folder), given.only, 10 if given.quick else 1):
            text = text_of(family)
            print(text, flush=True)
            if given.write:
                put(given.write, {family.title: text})


def families(folder: Path, names: list[str], small: int) -> Iterator[Family]:
    """The families of these names, in the order of the page; `small` divides the amounts."""
    if "sync" in names:
        yield from _sync(folder, 10_000 // small)
    if "slow" in names:
        from benchmarks.slow_link import slow_link_family

        yield slow_link_family(folder / "slow", 1_000 // small)
    if "accepting" in names:
        from benchmarks.accepting import accepting_family

        yield accepting_family(folder / "accepting", 2_000 // small)
    if "search" in names:
        from benchmarks.searching import search_family

        yield search_family(100_000 // small)
    if "window" in names:
        from benchmarks.window import window_family

        yield window_family(2 if small > 1 else 5)
    if "turns" in names:
        from benchmarks.turns import turns_family

        yield turns_family(1 if small > 1 else 3)
    if "cable" in names:
        from benchmarks.cable import cable_family

        yield cable_family(folder / "cable", 10_000 // small, 500 // small)


def _sync(folder: Path, count: int) -> Iterator[Family]:
    from benchmarks import replication
    from benchmarks.network import network

    with ExitStack() as stack:
        small = stack.enter_context(network(folder / "small", count))
        small.filled(*replication.READERS, "M")
        yield replication.handing_in_family(small)
        yield replication.first_sync_family(small)
        large = stack.enter_context(network(folder / "large", 10 * count))
        large.filled("B", "M")
        large.run("A", "sync")
        large.settled()
        large.run("B", "sync")
        yield replication.edits_family(small, large)
        yield replication.memory_family(small, large)


if __name__ == "__main__":
    main()
