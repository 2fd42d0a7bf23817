"""Many seeds on every core, in ranges that resume where they stopped; knows no promise."""

from __future__ import annotations

import json
import multiprocessing
import time
from collections import Counter
from pathlib import Path

from tests.simulation import run

CHUNK = 20  # seeds between two looks at the clock
TWICE = 50  # each so many seeds run twice


def seeds_of(text: str) -> list[int]:
    """`0..20` (the end left out) or `3,5,8`."""
    if ".." in text:
        first, last = text.split("..")
        return list(range(int(first), int(last)))
    return [int(word) for word in text.split(",") if word]


def one(task: tuple[int, int, str]) -> tuple[int, list[str], dict[str, int]]:
    """Run a seed in a process of its own kind."""
    seed, length, plan = task
    found = run.run(seed, length, plan=plan)
    wrong = found.wrong
    if seed % TWICE == 0:
        again = run.run(seed, length, plan=plan)
        if again.digest != found.digest:
            pairs = zip([*found.trace, ""], [*again.trace, ""], strict=False)
            wrong = [*wrong, "does not replay: " + next((f"{a!r} then {b!r}" for a, b in pairs if a != b), "")]
    return seed, wrong, found.counts


def campaign(seeds: list[int], length: int, processes: int, state: str, *, again: bool, plan: str = "alone") -> int:
    """Run the seeds that were not run yet, print as they come, remember them; 1 when a promise was broken."""
    memory = Path(state) / f"{'' if plan == 'alone' else plan}{length}.json"
    done: dict[str, list[str]] = json.loads(memory.read_text("utf-8")) if memory.exists() and not again else {}
    todo = [seed for seed in seeds if str(seed) not in done]
    print(f"{len(seeds)} seeds of {length} steps, {len(seeds) - len(todo)} run before", flush=True)
    total: Counter[str] = Counter()
    start = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(processes, maxtasksperchild=200) as pool:
        for at, (seed, wrong, counts) in enumerate(pool.imap_unordered(one, [(seed, length, plan) for seed in todo], chunksize=1), 1):
            done[str(seed)] = wrong
            total.update(counts)
            for sentence in wrong[:3]:
                print(f"seed {seed}: {sentence}", flush=True)
            if at % CHUNK == 0 or at == len(todo):
                memory.parent.mkdir(exist_ok=True)
                fresh = memory.with_suffix(".new")
                fresh.write_text(json.dumps(done), "utf-8")
                fresh.replace(memory)
                failed = sum(1 for seed in seeds if done.get(str(seed)))
                print(f"{at} of {len(todo)}, {at / (time.perf_counter() - start):.2f} seeds a second, {failed} failed", flush=True)
    failed = sorted(seed for seed in seeds if done.get(str(seed)))
    print(" ".join(f"{name} {count}" for name, count in sorted(total.items())))
    print(f"{len(seeds)} seeds, {len(failed)} failed" + (f": {' '.join(map(str, failed[:50]))}" if failed else ""))
    return 1 if failed else 0
