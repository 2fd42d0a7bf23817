"""The simulation is not blind: faults that hurried hands might write are seen within a few seeds."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.simulation.in_ci import ROOT

pytestmark = pytest.mark.timeout(1500)  # what ends a run that hangs; alone on a machine it takes a hundredth of that


QUICK = ("last_writer_wins", "seen_at_save", "deletion_undone", "seen_not_flattened", "unknown_dropped", "refusal_swallowed", "outbox_forgets")


def test_planted_faults_are_seen_within_a_few_seeds() -> None:
    words = [sys.executable, "-m", "tests.simulation", "mutants", *QUICK, "--most", "25"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("seen at seed") == len(QUICK)
