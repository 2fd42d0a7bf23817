"""The publisher makes a snapshot as soon as it is quiet, a small one small at once, a large one when the server rests or never does."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from server import publisher
from server.pool import Pool
from server.premises import Premises
from server.publisher import Publisher
from sync.identity import SigningKey
from sync.record import uuid7
from sync.scopes import CONTROL
from sync.snapshots import publishing


class Watched:
    """A publisher over a folder whose control ledger is worth a snapshot; `made` and `small` are set when one is made, and made small."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.premises = Premises(folder).enter()
        authority = self.premises.set_up()
        for number in range(8):
            person, device = (uuid7(authority.clock(), authority.random) for _ in range(2))
            authority.certify(SigningKey(bytes([number]) * 32).public, person, device, "member")
        authority.store.close()
        self.made, self.small = threading.Event(), threading.Event()
        for name, told in (("publish", self.made), ("squeeze", self.small)):
            self._tell(monkeypatch, name, told)
        monkeypatch.setattr(publishing, "FEWEST", 5)
        self.pool = Pool(self.premises.authority)
        self.publisher = Publisher(self.pool, self.premises.files(), quiet=0.01)

    @staticmethod
    def _tell(monkeypatch: pytest.MonkeyPatch, name: str, told: threading.Event) -> None:
        real = getattr(publishing, name)

        def watched(*given: object) -> object:
            found = real(*given)
            told.set()
            return found

        monkeypatch.setattr(publishing, name, watched)

    def names(self) -> list[str]:
        with self.pool.borrow() as authority:
            return [name for (name,) in authority.store.rows("SELECT name FROM published WHERE scope = ?", (CONTROL,))]


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    found = Watched(tmp_path / "server", monkeypatch)
    yield found
    found.publisher.close()
    found.pool.close()


def test_a_small_snapshot_is_made_small_at_once(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publisher, "_REST", 600.0)
    watched.publisher.start()
    assert watched.made.wait(20)
    assert watched.small.wait(20)
    name, = watched.names()
    assert watched.premises.files().here(name)


def test_a_large_one_is_made_small_when_the_server_rests(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publisher, "_SMALL", 0)
    monkeypatch.setattr(publisher, "_REST", 0.05)
    watched.publisher.start()
    assert watched.made.wait(20)
    assert watched.small.wait(20)


def test_a_large_one_waits_for_rest(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publisher, "_SMALL", 0)
    monkeypatch.setattr(publisher, "_REST", 600.0)
    watched.publisher.start()
    assert watched.made.wait(20)
    watched.publisher.close()
    assert not watched.small.is_set()
    assert len(watched.names()) == 1


def test_who_never_rests_has_it_made_small_all_the_same(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publisher, "_SMALL", 0)
    monkeypatch.setattr(publisher, "_REST", 600.0)
    monkeypatch.setattr(publisher, "_PATIENCE", 0.1)
    watched.publisher.start()
    until = time.monotonic() + 20
    while not watched.small.wait(0.002):
        watched.publisher.wake()
        assert time.monotonic() < until
    assert watched.made.is_set()
