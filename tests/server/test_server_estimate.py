"""What a sync would move is known before it does: a real server behind a proxy that counts every byte of the line."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sync import traffic
from sync.exchange import Purse, estimate, fetch, sync
from sync.identity import key_id
from sync.postbox import PostBox
from sync.relay.http import HttpCarrier
from sync.spending import Occasion, Rules
from sync.workspace import Workspace
from tests.counting import Counted, counted
from tests.server_process import ServerProcess

Replica = Callable[..., Workspace]
_WORDS = ("Association", "Union", "Coopérative", "des femmes", "des jeunes", "pour l’eau", "de lecture", "d’Obock", "de Tadjourah", "de Dikhil", "d’Arta")


@pytest.fixture
def line(server: ServerProcess) -> Iterator[Counted]:
    with counted(server.port) as found:
        yield found


def fill(ws: Workspace, count: int, seed: int) -> None:
    """Organisations with names and telephones that repeat as real ones do."""
    chance = random.Random(seed)
    with ws.together():
        for number in range(count):
            name = " ".join(chance.sample(_WORDS, 4))
            ws.add("organisation", {"name": {"fr": f"{name} {number}"}, "phone": f"+253 77 {chance.randrange(10**6):06d}"})


def attach(ws: Workspace, folder: Path, size: int) -> tuple[str, str]:
    """A library item with a file of random bytes; its id and the file's hash."""
    path = folder / f"plan-{size}.pdf"
    path.write_bytes(os.urandom(size))
    item = ws.add("item", {"title": {"fr": "Plan"}, "language": "fr", "licence": "cc_by"}).id
    ws.attach("item", item, path)
    return item, ws.get("item", item)["file"]["sha256"]


@pytest.mark.parametrize("count", [0, 1, 40, 250])
def test_records_are_told_within_a_fifth_both_ways(server: ServerProcess, replica: Replica, line: Counted, count: int) -> None:
    ana, bilal = replica(server, "Amina", "editor"), replica(server, "Bilal", "editor")
    sync(bilal)
    fill(ana, count, count)
    for ws in (ana, bilal):
        line.reset()
        told = estimate(ws, HttpCarrier(line.url))
        assert line.both < 500  # asking is small, whatever comes
        line.reset()
        sync(ws, HttpCarrier(line.url))
        assert told.up == pytest.approx(line.up, rel=0.2)
        assert told.down == pytest.approx(line.down, rel=0.2)
    assert told.entries >= count


def test_asking_takes_nothing_and_changes_nothing(server: ServerProcess, replica: Replica, line: Counted) -> None:
    ana, bilal = replica(server, "Amina", "editor"), replica(server, "Bilal", "editor")
    fill(ana, 5, 1)
    (waits,) = {one.tried for one in ana.vault.waiting()}
    heads = ana.heads()
    told = estimate(ana, HttpCarrier(line.url))
    assert (told.changes, told.failure) == (5, None)
    assert ({one.tried for one in ana.vault.waiting()}, ana.heads()) == ({waits}, heads)
    sync(ana)
    assert estimate(bilal, HttpCarrier(line.url)).entries >= 5
    assert bilal.count("organisation") + 5 <= ana.count("organisation")


def test_files_are_told_to_the_byte_also_from_where_one_was_cut(server: ServerProcess, replica: Replica, line: Counted, tmp_path: Path) -> None:
    ana = replica(server, "Amina", "editor")
    item, file = attach(ana, tmp_path, 700_000)
    attach(ana, tmp_path, 1234)
    told = estimate(ana, HttpCarrier(line.url))
    assert [(one.size, one.left) for one in told.files] == [(700_000, 700_000), (1234, 1234)]
    cap = traffic.spent(ana) + 300_000
    held = sync(ana, HttpCarrier(line.url), purse=Purse(ana, Rules(cap=cap))).held
    left = next(one.size for one in held if one.sha256 == file)
    assert 0 < left < 700_000
    told = estimate(ana, HttpCarrier(line.url))
    assert [one.left for one in told.files if one.sha256 == file] == [left]
    line.reset()
    before = dict(traffic.months(ana)[0].mine)
    sync(ana, HttpCarrier(line.url), purse=Purse(ana, Rules(cap=cap), Occasion.ANYWAY))
    moved = traffic.months(ana)[0].mine["files_up"] - before["files_up"]
    assert told.files_up <= moved <= told.files_up + 2500  # heads of requests, and nothing twice
    assert line.up == pytest.approx(told.up + told.files_up, abs=3000)
    bilal = replica(server, "Bilal")
    fetch(bilal, file, 700_000, carrier=HttpCarrier(line.url))
    assert 700_000 < traffic.months(bilal)[0].mine["files_down"] < 700_600


def test_what_was_counted_is_what_passed_the_line(server: ServerProcess, replica: Replica, line: Counted, tmp_path: Path) -> None:
    ana = replica(server, "Amina", "editor")
    fill(ana, 60, 2)
    attach(ana, tmp_path, 50_000)
    before = sum(traffic.months(ana)[0].mine.values())
    line.reset()
    estimate(ana, HttpCarrier(line.url))
    sync(ana, HttpCarrier(line.url))
    assert sum(traffic.months(ana)[0].mine.values()) - before == pytest.approx(line.both, abs=60)  # the frame of a body that goes in pieces


def test_offline_says_what_leaves_and_that_nobody_knows_what_comes(server: ServerProcess, replica: Replica) -> None:
    ana = replica(server, "Amina", "editor")
    fill(ana, 3, 4)
    told = estimate(ana, HttpCarrier("http://127.0.0.1:9"))
    assert (told.down, told.entries, told.seconds, told.changes) == (None, 0, None, 3)
    assert told.failure is not None
    assert told.failure.code == "offline"
    quiet = estimate(ana, HttpCarrier("http://127.0.0.1:9"), ask=False)
    assert (quiet.up, quiet.down, quiet.failure) == (told.up, None, None)
    assert told.up == pytest.approx(estimate(ana).up, rel=0.3)


def test_what_comes_sealed_for_who_is_away_is_told_too(server: ServerProcess, replica: Replica, tmp_path: Path, line: Counted) -> None:
    """Ana and Bilal share a PC; pages of a scope that Bilal alone reads come with Ana's sync."""
    ana, bilal = replica(server, "Ana", "editor"), replica(server, "Bilal", "editor")
    bilal.add("note", {"text": "first"})
    sync(bilal)
    sync(bilal)
    PostBox(ana.public).read_up_to(key_id(bilal.vault.key().public), f"person:{bilal.vault.word('person')}", 1)
    sync(ana)
    line.reset()
    before = estimate(ana, HttpCarrier(line.url))
    with bilal.together():
        for number in range(200):
            bilal.add("note", {"text": f"note {number}: {random.Random(number).randbytes(40).hex()}"})
    sync(bilal)
    line.reset()
    told = estimate(ana, HttpCarrier(line.url))
    assert line.both < 1000  # nothing of it came with the question
    assert told.down > before.down + 10_000
    line.reset()
    sync(ana, HttpCarrier(line.url))
    assert told.down == pytest.approx(line.down, rel=0.25)
