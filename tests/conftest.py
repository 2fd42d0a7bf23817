"""What every test stands on: no screen needed, French spoken, shared data found beside the project."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.kit.garbage import collect_what_is_due
from tests.order import place

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("DALIL_SHARED", str(Path(__file__).resolve().parents[2] / "shared"))


# The app frees cycles on the screen's thread only, and so do its tests: some leave widgets behind, others run threads.
gc.disable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """Between two tests no thread of theirs runs."""
    yield
    collect_what_is_due()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data that nobody here wrote; read from there, never copied."""
    folder = Path(os.environ["DALIL_SHARED"])
    if not (folder / "data").is_dir():
        pytest.skip("the shared data is not beside the project")
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first."""
    root = Path(__file__).parent
    items.sort(key=lambda item: place(item.path.relative_to(root).as_posix()))
