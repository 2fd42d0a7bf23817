"""The first half of the seeds that every push runs, those that failed once, and that a seed replays in another process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.in_ci import ROOT, SEEDS, all_kept

pytestmark = pytest.mark.timeout(1500)  # what ends a run that hangs; alone on a machine it takes a hundredth of that


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_no_seed_breaks_a_promise(first: int, tmp_path: Path) -> None:
    all_kept(list(SEEDS[first : first + 20]), tmp_path)


def test_no_seed_that_failed_once_fails_again(tmp_path: Path) -> None:
    all_kept([int(word) for word in Path(__file__).with_name("failing.txt").read_text("utf-8").split()], tmp_path, 300)


def test_a_seed_is_one_run_in_every_process() -> None:
    words = [sys.executable, "-m", "tests.simulation", "replay", "5", "--steps", "120"]
    traces = {subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False).stdout.rsplit("} ", 1)[0] for _ in range(2)}
    assert len(traces) == 1
    assert "healing" in traces.pop()
