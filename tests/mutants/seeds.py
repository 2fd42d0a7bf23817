"""Runs seeds of the simulation until one breaks a promise; exit code 1 when one did."""

from __future__ import annotations

import sys

from tests.simulation import run

if __name__ == "__main__":
    for seed in range(int(sys.argv[1])):
        found = run.run(seed, eager=True)
        if found.wrong:
            print(f"FAILED seed-{seed} {found.wrong[0].splitlines()[0]}")
            sys.exit(1)
