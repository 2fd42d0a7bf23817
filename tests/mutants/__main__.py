"""`make mutants`: plants each fault in a copy of the project and shows which test sees it."""

from __future__ import annotations

import argparse
import sys

from tests.mutants.faults import FAULTS
from tests.mutants.tree import Rotten, tree


def main() -> int:
    """Plant what was asked; the exit code is 1 when a fault lives, does not fit, or could not be tried."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("names", nargs="*", help="faults to plant; all when none is named")
    parser.add_argument("--limit", type=float, default=600, help="seconds that the tests of one fault may take")
    given = parser.parse_args()
    unknown = set(given.names) - {one.name for one in FAULTS}
    if unknown:
        parser.error(f"no such fault: {', '.join(sorted(unknown))}")
    chosen = [one for one in FAULTS if not given.names or one.name in given.names]
    with tree(given.limit) as copy:
        killers = tuple(dict.fromkeys(test for one in chosen for test in one.killers))
        sound = copy.run(killers)
        if sound.killer or sound.trouble:
            print(f"Without any fault the tests must pass: {sound.killer or sound.trouble}")
            return 1
        killed = 0
        for one in chosen:
            try:
                with copy.with_fault(one):
                    found = copy.run(one.killers)
            except Rotten as error:
                print(f"ROTTEN {error}", flush=True)
                continue
            killed += found.killer is not None
            what = f"killed by {found.killer}" if found.killer else f"LIVES {found.trouble or one.breaks}"
            print(f"{one.name}: {what} ({found.seconds:.1f} s)", flush=True)
    print(f"{killed} of {len(chosen)} killed")
    return 0 if killed == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
