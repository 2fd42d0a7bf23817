"""What every test stands on: no screen needed, French spoken, shared data found beside the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("DALIL_SHARED", str(Path(__file__).resolve().parents[2] / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data that nobody here wrote; read from there, never copied."""
    folder = Path(os.environ["DALIL_SHARED"])
    if not (folder / "data").is_dir():
        pytest.skip("the shared data is not beside the project")
    return folder
