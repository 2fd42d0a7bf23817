"""Runs seeds from a test as a program of its own, so that they replay by the one command that is printed; knows no promise."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STEPS = 150  # half of what `make simulate` runs a seed: a push should not wait longer
SEEDS = range(0, 1680, 14)  # 120, spread


def all_kept(seeds: list[int], state: Path, steps: int = STEPS, plan: str = "alone") -> None:
    """Assert that no seed breaks a promise; the failure says how to see it again."""
    words = [sys.executable, "-m", "tests.simulation", "run", ",".join(map(str, seeds)), "--steps", str(steps), "--processes", "1",
             "--state", str(state), "--plan", plan]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    again = f"see it with: .venv/bin/python -m tests.simulation replay SEED --plan {plan} --steps {steps}"
    assert done.returncode == 0, f"{done.stdout}{done.stderr}\n{again}"
