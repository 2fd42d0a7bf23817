"""Attachments: named by their hash, resumed where they were cut, both ways; wrong bytes never get a name."""

from __future__ import annotations

import hashlib
import itertools
from itertools import islice
from pathlib import Path

import pytest

from sync.errors import Cancelled, Damaged, Failure, Invalid, NotFound, Offline
from sync.exchange.fetching import fetch
from sync.files import CHUNK, Files
from tests.sync.network import Device, Network

DATA = bytes(range(256)) * 1600  # 400 kB: seven pieces
NAME = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def attached(network: Network) -> tuple[Network, Device, Device]:
    """Ana has attached a photo; nobody else has it."""
    ana, bilal = network.two()
    source = network.folder / "photo é.jpg"
    source.write_bytes(DATA)
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    with ana.ws.together():
        kept = ana.ws.files.take(source)
        ana.ws.store.execute("INSERT INTO upload (sha256, size) VALUES (?, ?)", (kept["sha256"], kept["size"]))
        ana.ws.edit("house", id, {"photo": kept})
    return network, ana, bilal


def test_a_file_is_named_by_its_bytes_and_the_source_stays(tmp_path: Path) -> None:
    files, source = Files(tmp_path / "files"), tmp_path / "été \u202efile.txt"
    source.write_bytes(DATA)
    value = files.take(source)
    assert value == {"sha256": NAME, "size": len(DATA), "type": "text/plain", "name": "été file.txt"}
    assert files.take(source) == value
    assert source.read_bytes() == DATA
    assert files.path(NAME).read_bytes() == DATA
    assert b"".join(files.read(NAME, 1000)) == DATA[1000:]
    assert [path.name for path in (tmp_path / "files").rglob("*") if path.is_file()] == [NAME]
    with pytest.raises(Invalid):
        files.take(tmp_path)
    (tmp_path / "empty").touch()
    with pytest.raises(Invalid, match="empty"):
        files.take(tmp_path / "empty")
    with pytest.raises(Failure):
        files.take(tmp_path / "missing")


@pytest.mark.parametrize("name", ["", "../etc/passwd", "A" * 64, "a" * 63, "a" * 65, "a" * 64 + "\n", "/" * 64])
def test_no_other_name_is_ever_a_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound):
        Files(tmp_path).path(name)


def test_what_arrives_in_pieces_is_whole_at_the_end(tmp_path: Path) -> None:
    files = Files(tmp_path)
    assert files.held(NAME) == 0
    assert files.append(NAME, 0, iter([DATA[:1000]]), len(DATA)) == 1000
    assert not files.here(NAME)
    with pytest.raises(NotFound):
        list(files.read(NAME))
    with pytest.raises(Invalid):
        files.append(NAME, 5000, iter([DATA[5000:]]), len(DATA))
    assert files.append(NAME, 500, iter([DATA[500:2000]]), len(DATA)) == 2000
    assert files.append(NAME, 2000, iter([DATA[2000:]]), len(DATA)) == len(DATA)
    assert files.here(NAME)
    assert files.append(NAME, 0, iter([b"other"]), 5) == 5  # already here: nothing is read
    assert files.path(NAME).read_bytes() == DATA


def test_wrong_bytes_are_thrown_away_and_the_right_ones_can_come(tmp_path: Path) -> None:
    files = Files(tmp_path)
    with pytest.raises(Damaged):
        files.append(NAME, 0, iter([DATA[:-1] + b"!"]), len(DATA))
    assert files.held(NAME) == 0
    with pytest.raises(Damaged):
        files.append(NAME, 0, iter([DATA, b"more"]), len(DATA))
    assert not files.here(NAME)
    files.append(NAME, 0, iter([DATA]), len(DATA))
    assert files.here(NAME)


def test_a_cut_on_the_way_up_is_resumed_where_it_was(attached: tuple[Network, Device, Device]) -> None:
    network, ana, bilal = attached
    looks = iter([False] * 5)  # the person stops in the middle of the file
    failure = ana.tries(stop=lambda: next(looks, True))
    held = network.files.held(NAME)
    assert failure is None or isinstance(failure, Cancelled)
    assert 0 <= held < len(DATA)
    assert ana.ws.status().waiting == 0  # records never wait for files
    ana.sync()
    assert network.files.here(NAME)
    assert ana.ws.store.value("SELECT count(*) FROM upload") == 0
    bilal.sync()
    house, = bilal.ws.records("house")
    assert house["photo"]["sha256"] == NAME
    assert not bilal.ws.files.here(NAME)  # on demand only
    path = fetch(bilal.ws, NAME, len(DATA), carrier=bilal.road)
    assert path.read_bytes() == DATA


def test_a_file_that_the_road_cut_short_on_the_way_up_was_not_stopped_by_anybody(attached: tuple[Network, Device, Device]) -> None:
    """Nobody pressed Stop, so nobody is told that they did."""
    network, ana, _ = attached
    send = ana.road.send_file
    ana.road.send_file = lambda *args: send(*args[:3], itertools.islice(args[3], 2), *args[4:])  # type: ignore[method-assign]
    failure = ana.tries()
    assert isinstance(failure, Offline)
    assert "échange" in str(failure)
    assert network.files.held(NAME) == 2 * CHUNK - 1
    assert ana.ws.status().waiting == 0
    ana.road.send_file = send  # type: ignore[method-assign]
    ana.sync()
    assert network.files.here(NAME)


def test_a_cut_on_the_way_down_is_resumed_where_it_was(attached: tuple[Network, Device, Device]) -> None:
    _, ana, bilal = attached
    ana.sync()
    bilal.sync()
    told: list[int] = []
    looks = iter([False] * 3)
    with pytest.raises(Cancelled):
        fetch(bilal.ws, NAME, len(DATA), lambda one: told.append(one.done), lambda: next(looks, True), bilal.road)
    held = bilal.ws.files.held(NAME)
    assert 0 < held < len(DATA)
    assert (held + 1) % CHUNK == 0
    asked: list[int] = []
    whole = bilal.road.fetch_file
    bilal.road.fetch_file = lambda name, offset: (asked.append(offset), whole(name, offset))[1]  # type: ignore[method-assign]
    assert fetch(bilal.ws, NAME, len(DATA), carrier=bilal.road).read_bytes() == DATA
    assert asked == [held]
    assert fetch(bilal.ws, NAME, len(DATA), carrier=bilal.road).is_file()
    assert asked == [held]  # the second time nothing is asked


def test_a_file_whose_road_ends_before_it_does_says_so_and_goes_on_from_there(attached: tuple[Network, Device, Device]) -> None:
    """A server, or something between, that closes early without a word of failure."""
    _, ana, bilal = attached
    ana.sync()
    bilal.sync()
    whole = bilal.road.fetch_file
    bilal.road.fetch_file = lambda name, offset: islice(whole(name, offset), 1)  # type: ignore[method-assign]
    with pytest.raises(Damaged) as told:
        fetch(bilal.ws, NAME, len(DATA), carrier=bilal.road)
    assert "not whole yet" in told.value.message.msgid
    assert bilal.ws.files.held(NAME) > 0
    bilal.road.fetch_file = whole  # type: ignore[method-assign]
    assert fetch(bilal.ws, NAME, len(DATA), carrier=bilal.road).read_bytes() == DATA


def test_a_relay_that_alters_a_file_is_found_out(attached: tuple[Network, Device, Device]) -> None:
    _, ana, bilal = attached
    ana.sync()
    bilal.sync()
    whole = bilal.road.fetch_file
    bilal.road.fetch_file = lambda name, offset: (piece[:-1] + b"!" for piece in whole(name, offset))  # type: ignore[method-assign]
    with pytest.raises(Damaged):
        fetch(bilal.ws, NAME, len(DATA), carrier=bilal.road)
    assert not bilal.ws.files.here(NAME)
    bilal.road.fetch_file = whole  # type: ignore[method-assign]
    assert fetch(bilal.ws, NAME, len(DATA), carrier=bilal.road).read_bytes() == DATA


def test_a_file_that_nobody_handed_in_yet_is_said_so(network: Network) -> None:
    ana, _ = network.two()
    with pytest.raises(NotFound):
        fetch(ana.ws, NAME, len(DATA), carrier=ana.road)
    assert not ana.ws.files.here(NAME)


def test_one_file_that_is_lost_here_blocks_no_other(attached: tuple[Network, Device, Device]) -> None:
    network, ana, _ = attached
    second = network.folder / "second.txt"
    second.write_bytes(b"second")
    kept = ana.ws.files.take(second)
    with ana.ws.store.transaction():
        ana.ws.store.execute("INSERT INTO upload (sha256, size) VALUES (?, ?)", (kept["sha256"], kept["size"]))
    ana.ws.files.path(NAME).unlink()
    report = ana.sync()
    assert (report.files, len(report.set_aside)) == (1, 1)
    assert network.files.here(kept["sha256"])
    assert ana.ws.status().waiting == 0
    ana.ws.files.take(network.folder / "photo é.jpg")  # found again, it leaves at the next sync
    assert ana.sync().files == 1
    assert network.files.here(NAME)


@pytest.mark.parametrize("side", ["server", "reader"])
def test_a_kill_between_the_last_byte_and_the_name_of_a_file_is_made_up_for(attached: tuple[Network, Device, Device], side: str) -> None:
    """All bytes are there and the file is not: the next sync, or the next look, finishes it."""
    network, ana, bilal = attached
    if side == "reader":
        ana.sync()
    files = network.files if side == "server" else bilal.ws.files
    part = files.path(NAME).with_suffix(".part")
    part.parent.mkdir(parents=True, exist_ok=True)
    part.write_bytes(DATA)
    assert ana.sync().set_aside == []
    assert ana.ws.store.rows("SELECT sha256 FROM upload") == []
    bilal.sync()
    assert fetch(bilal.ws, NAME, len(DATA), carrier=bilal.road).read_bytes() == DATA
    assert not part.exists()
