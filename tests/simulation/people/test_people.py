"""Shared PCs, private scopes and every road: no seed breaks a promise, and the faults planted there are seen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.in_ci import ROOT, all_kept

pytestmark = pytest.mark.timeout(1500)  # what ends a run that hangs; alone on a machine it takes a hundredth of that

SEEDS, STEPS = range(10), 120
QUICK = ("hand_not_looked_at", "keys_not_renewed", "first_key_for_ever", "box_not_opened", "given_to_everybody", "given_to_members", "withdrawn_goes_on",
         "carried_is_forgotten")


def test_no_seed_breaks_a_promise(tmp_path: Path) -> None:
    all_kept(list(SEEDS), tmp_path, STEPS, "people")


def test_planted_faults_are_seen_within_a_few_seeds() -> None:
    words = [sys.executable, "-m", "tests.simulation", "mutants", *QUICK, "--plan", "people", "--steps", str(STEPS), "--most", "12"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("seen at seed") == len(QUICK)


def test_a_seed_is_one_run_in_every_process() -> None:
    words = [sys.executable, "-m", "tests.simulation", "replay", "5", "--plan", "people", "--steps", "60"]
    traces = {subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False).stdout.rsplit("} ", 1)[0] for _ in range(2)}
    assert len(traces) == 1
    assert "syncs for all" in traces.pop()
