"""The simulation as a program: run ranges of seeds, replay one with its trace, make a failing one smaller."""

from __future__ import annotations

import argparse
import os
import sys
import time


def main() -> int:
    """Run what was asked; the exit code is 1 when a promise was broken."""
    if os.environ.get("PYTHONHASHSEED") != "0":  # sets of text must come in one order for a seed to replay
        os.execve(sys.executable, [sys.executable, "-m", "tests.simulation", *sys.argv[1:]], {**os.environ, "PYTHONHASHSEED": "0"})
    from tests.simulation import campaign, plans, run

    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("replay", "minimise"):
        one = commands.add_parser(name)
        one.add_argument("seed", type=int)
        one.add_argument("--steps", type=int, default=run.STEPS)
        one.add_argument("--skip", default="")
        one.add_argument("--plan", default="alone", choices=plans.PLANS)
    many = commands.add_parser("run")
    many.add_argument("seeds", help="FROM..TO, or seeds with commas")
    many.add_argument("--plan", default="alone", choices=plans.PLANS)
    many.add_argument("--steps", type=int, default=run.STEPS)
    many.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    many.add_argument("--state", default=".simulation", help="folder that remembers which seeds were run")
    many.add_argument("--fresh", action="store_true", help="forget which seeds were run")
    planted = commands.add_parser("mutants")
    planted.add_argument("names", nargs="*")
    planted.add_argument("--most", type=int, default=100)
    planted.add_argument("--steps", type=int, default=run.STEPS)
    planted.add_argument("--plan", default="alone", choices=plans.PLANS)
    given = parser.parse_args()
    if given.command == "mutants":
        return show_mutants(given.names, given.most, given.steps, given.plan)
    if given.command == "run":
        return campaign.campaign(campaign.seeds_of(given.seeds), given.steps, given.processes, given.state, again=given.fresh, plan=given.plan)
    skip = frozenset(int(word) for word in given.skip.split(",") if word)
    length = given.steps
    if given.command == "minimise":
        length, skip = run.minimised(given.seed, given.steps, given.plan)
        print(f"replay {given.seed} --plan {given.plan} --steps {length} --skip {','.join(map(str, sorted(skip)))}")
    start = time.perf_counter()
    found = run.run(given.seed, length, skip, plan=given.plan)
    print("\n".join(found.trace))
    print(f"{found.counts} {found.digest} {time.perf_counter() - start:.2f} s")
    print("\n".join(found.wrong) or "every promise kept")
    return 1 if found.wrong else 0


def show_mutants(names: list[str], most: int, steps: int, plan: str) -> int:
    """Plant each fault and say after how many seeds it is seen; 1 when one is not."""
    from tests.simulation import mutants, plans

    alive = 0
    for name in names or plans.PLANS[plan].mutants:
        found = mutants.seeds_until_seen(name, most, length=steps, plan=plan)
        alive += found is None
        print(f"{name}: " + (f"seen at seed {found[0]}: {found[1][:160]}" if found else f"not seen in {most} seeds"), flush=True)
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())
