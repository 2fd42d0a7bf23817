"""Random histories on the real engine, judged by a witness of what each author saw.

A failure prints its seed and one command that replays it. `DALIL_HISTORIES=N`
plays N histories of 150 steps instead of the short form.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sync.postgres_store import PostgresStore
from tests.postgres import fresh_database
from tests.sync.history import History
from tests.sync.network import small_pages

LONG = int(os.environ.get("DALIL_HISTORIES", "0"))
FIRST = int(os.environ.get("DALIL_SEED", "0"))
STEPS = int(os.environ.get("DALIL_STEPS", "150" if LONG else "60"))


def play(folder: Path, seed: int, store: PostgresStore | None = None) -> History:
    """Play one history; a failure says how to see it again."""
    history = History(folder, seed, STEPS, store)
    try:
        with small_pages():
            history.run()
    except Exception as error:
        error.add_note(f"Replay: DALIL_HISTORIES=1 DALIL_SEED={seed} DALIL_STEPS={STEPS} .venv/bin/pytest tests/sync/test_histories.py -k sqlite")
        error.add_note("The last steps:\n  " + "\n  ".join(history.trace[-25:]))
        raise
    return history


@pytest.mark.parametrize("seed", range(FIRST, FIRST + (LONG or 40)))
def test_a_history_ends_as_people_saw_it_sqlite(tmp_path: Path, seed: int) -> None:
    play(tmp_path, seed)


@pytest.mark.parametrize("seed", range(1000 + FIRST, 1000 + FIRST + (LONG // 10 or 3)))
def test_a_history_ends_as_people_saw_it_postgresql(tmp_path: Path, seed: int, postgres: str) -> None:
    play(tmp_path, seed, PostgresStore(fresh_database(postgres)))


def test_a_history_replays_exactly(tmp_path: Path) -> None:
    first, second = play(tmp_path / "1", 7), play(tmp_path / "2", 7)
    assert first.trace == second.trace
    assert first.devices
