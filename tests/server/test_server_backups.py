"""A backup, and what is restored from one, are on the disk when the command answers; a start finishes what a kill left of an erasure."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from server import backups
from server.premises import Premises
from sync import erasure
from sync.authority import Authority


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="names of open files are read from /proc")
def test_everything_copied_is_synced_and_so_are_its_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    premises = Premises(tmp_path / "data").enter()
    premises.set_up().store.close()
    (tmp_path / "guide.txt").write_text("bonjour")
    premises.files().take(tmp_path / "guide.txt")
    synced: set[Path] = set()
    kept = os.fsync

    def fsync(handle: int) -> None:
        kept(handle)
        synced.add(Path(os.readlink(f"/proc/self/fd/{handle}")))

    monkeypatch.setattr(os, "fsync", fsync)
    copy = tmp_path / "copies" / "copy"
    backups.make(premises, copy)
    assert {copy.parent, copy, *copy.rglob("*")} <= synced
    assert any(one.is_file() for one in copy.rglob("files/*/*"))
    again = Premises(tmp_path / "again").enter()
    backups.restore(again, copy)
    assert {again.folder, *again.folder.rglob("*")} <= synced


def test_a_start_forgets_what_a_kill_left_of_an_erasure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Authority] = []
    monkeypatch.setattr(erasure, "again", asked.append)
    authority = Premises(tmp_path / "data").enter().set_up()
    authority.store.close()
    assert asked == [authority]
