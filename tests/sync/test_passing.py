"""A snapshot of a private scope is in no file in clear on its way here, and is resumed where it was cut all the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from i18n import Text
from sync.errors import Damaged, Offline
from sync.exchange.passing import _PIECE, Passing
from sync.snapshots import publishing
from tests.e2e.left_behind import hits
from tests.sync.network import Device, Network

CANARY = "kingfisher-7141"
DATA = bytes(range(256)) * 3000
NAME = hashlib.sha256(DATA).hexdigest()


class Cut(Exception):
    """The program is killed."""


def pieces(start: int, end: int, fault: Exception | None = None) -> Iterator[bytes]:
    for at in range(start, end, 1000):
        yield DATA[at : min(at + 1000, end)]
    if fault is not None:
        raise fault


def test_it_goes_on_where_it_was_cut_and_is_checked(network: Network) -> None:
    ana = network.device("ana")
    passing = Passing(ana.ws.private)
    assert (passing.here(NAME), passing.held(NAME)) == (False, 0)
    with pytest.raises(Cut):
        passing.append(NAME, 0, pieces(0, 300_500, Cut()), len(DATA))
    assert passing.held(NAME) == 300_500 > _PIECE
    ana.reopen()
    passing = Passing(ana.ws.private)
    assert passing.append(NAME, 300_500, pieces(300_500, len(DATA)), len(DATA)) == len(DATA)
    assert passing.here(NAME)
    with passing.open(NAME) as found:
        assert found.read() == DATA
    passing.erase(NAME)
    assert (passing.here(NAME), passing.held(NAME)) == (False, 0)


def test_wrong_bytes_are_thrown_away_and_so_is_what_was_left_of_another(network: Network) -> None:
    passing = Passing(network.device("ana").ws.private)
    passing.append("0" * 64, 0, iter([b"begun"]), 99)
    with pytest.raises(Damaged):
        passing.append(NAME, 0, iter([DATA[:-1], b"?"]), len(DATA))
    assert passing.held(NAME) == passing.held("0" * 64) == 0
    with pytest.raises(Damaged):
        passing.append(NAME, 0, iter([DATA, b"more"]), len(DATA))
    assert passing.held(NAME) <= len(DATA)
    assert passing.append(NAME, passing.held(NAME), pieces(passing.held(NAME), len(DATA)), len(DATA)) == len(DATA)


@pytest.fixture
def members(tmp_path: Path) -> Iterator[tuple[Network, Device]]:
    """A network with a scope of its members that is worth a snapshot; vaults are encrypted."""
    with Network(tmp_path) as network:
        network.vault_key = bytes(range(32))
        ana = network.device("ana")
        ana.sync()
        with ana.ws.together():
            for n in range(400):
                ana.ws.add("tree", {"name": {"fr": f"{CANARY} {n}"}, "street": " ".join(["Rue du port"] * 6)})
        network.heal()
        for scope in ("control", "public", "network"):
            publishing.publish(network.store, network.authority.kinds, scope, network.key, network.files)
        yield network, ana


def test_a_cut_leaves_nothing_in_clear_and_the_rest_comes_with_the_next_sync(members: tuple[Network, Device]) -> None:
    network, ana = members
    late = network.device("late")
    whole = late.road.fetch_file
    asked: list[int] = []

    def cut(sha256: str, offset: int) -> Iterator[bytes]:
        for number, piece in enumerate(whole(sha256, offset)):
            asked.append(offset)
            yield piece[: len(piece) // 2]
            if number == 0:
                raise Offline(Text("cut"))

    late.road.fetch_file = cut  # type: ignore[method-assign]
    for _ in range(9):  # each sync gets half of what is left
        try:
            late.sync()
        except Offline:
            assert hits([late.folder], [CANARY]) == []
    assert len(set(asked)) > 2, "each goes on where the last was cut"
    late.road.fetch_file = whole  # type: ignore[method-assign]
    late.sync()
    assert hits([late.folder], [CANARY]) == []
    assert len(late.ws.records("tree")) == 400
    assert late.ws.private.value("SELECT count(*) FROM setting WHERE name LIKE 'passing %'") == 0
    network.heal()
    network.in_step()
