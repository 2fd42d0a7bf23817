"""`python -m benchmarks [--write FILE] [--quick]`: measures, prints the table, writes it where asked."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.engine import search_figure, sync_figures
from benchmarks.figure import machine, table, write
from benchmarks.turns import turn_figures
from benchmarks.window import window_figure


def main() -> None:
    """Run every benchmark."""
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("--write", type=Path)
    parser.add_argument("--quick", action="store_true", help="a tenth of the records: to see that everything runs")
    given = parser.parse_args()
    small = 10 if given.quick else 1
    figures = [*window_figure(2 if given.quick else 5), *sync_figures(10_000 // small), *search_figure(100_000 // small),
               *turn_figures(1 if given.quick else 3)]
    print(f"{machine()}\n\n{table(figures)}")
    if given.write:
        write(given.write, figures)


if __name__ == "__main__":
    main()
