"""The second half of the seeds that every push runs; a file of its own, for a second worker."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.in_ci import SEEDS, all_kept

pytestmark = pytest.mark.timeout(1500)  # what ends a run that hangs; alone on a machine it takes a hundredth of that


@pytest.mark.parametrize("first", range(60, 120, 20))
def test_no_seed_breaks_a_promise(first: int, tmp_path: Path) -> None:
    all_kept(list(SEEDS[first : first + 20]), tmp_path)
