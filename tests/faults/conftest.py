"""Folders for faults: in memory where there is room for them, since these tests cut the power by themselves."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def ram() -> Iterator[Path]:
    """A folder whose disk costs nothing."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="dalil-faults-", dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)
