"""In which order the workers of `make test` take files: what is long comes first, so that none waits at the end for the other's last file."""

from __future__ import annotations

LONG = (
    "simulation/test_planted_faults.py", "simulation/test_seeds.py", "simulation/test_more_seeds.py", "simulation/people/", "faults/", "e2e/", "server/",
    "test_wheel.py", "benchmarks/", "terminal/test_program.py", "resources/test_importing_real_data.py", "selftest/", "shell/", "features_", "sync/test_m", "sync/",
)


def place(file: str) -> int:
    """Where a file of `tests/` stands in that order."""
    return next((at for at, name in enumerate(LONG) if file.startswith(name)), len(LONG))
