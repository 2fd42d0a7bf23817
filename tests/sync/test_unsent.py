"""An attachment reaches the server by whoever gets there, however it came to their PC; and once it is there, nobody asks again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sync import unsent
from sync.exchange.estimating import estimate
from sync.relay import courier
from sync.relay.courier_files import Along
from sync.relay.courier_writing import write
from tests.sync.network import Device, Network
from tests.sync.test_lan import meets, sharing


@pytest.fixture
def three(network: Network) -> list[Device]:
    found = [network.device(name) for name in ("ana", "bilal", "clara")]
    network.heal()
    return found


def photo(device: Device, folder: Path, size: int = 5_000) -> str:
    """A house with a photo, saved on this PC; the photo's hash."""
    source = folder / "photo.jpg"
    source.write_bytes(bytes(number * 7 % 251 for number in range(size)))
    value = device.ws.files.take(source)
    device.ws.offer(value["sha256"], value["size"])
    device.ws.add("house", {"name": {"fr": "A"}, "photo": value})
    return str(value["sha256"])


def records_alone(device: Device, monkeypatch: Any) -> None:
    """The connection held for the records and not for the file."""
    with monkeypatch.context() as patched:
        patched.setattr("sync.exchange.asking._Run.files", lambda self: None)
        device.sync()


@pytest.mark.parametrize("visitor", ["ana", "bilal"])
def test_it_goes_on_from_nearby_and_from_a_stick(network: Network, three: list[Device], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                visitor: str) -> None:
    ana, bilal, clara = three
    name = photo(ana, tmp_path)
    records_alone(ana, monkeypatch)
    for one in (bilal, clara):
        one.sync()
    guest, host = (ana, bilal) if visitor == "ana" else (bilal, ana)
    with sharing(host) as place:
        found = meets(guest, place)
    assert found.files + found.files_given == 1
    assert unsent.noted(bilal.ws.files, name)
    (stick := tmp_path / "stick").mkdir()
    write(bilal.ws, stick, [Along(name, 5_000, {})])
    assert courier.read(clara.ws, stick).files == 1
    assert not network.files.here(name)
    assert clara.sync().files == 1
    assert network.files.here(name)
    for one in (ana, bilal):  # each asks once whether it is there, and then no more
        one.sync()
        assert unsent.leaving(one.ws) == []
    assert unsent.leaving(clara.ws) == []
    assert courier.read(clara.ws, stick).files_known == 1
    assert unsent.leaving(clara.ws) == []


def test_one_sync_hands_in_the_files_of_everybody_on_the_pc(network: Network, tmp_path: Path) -> None:
    ana = network.device("ana")
    bilal = network.device("bilal", beside=ana)
    name = photo(ana, tmp_path)
    ana.ws.close()
    assert [one.sha256 for one in estimate(bilal.ws, bilal.road).files] == [name]
    assert bilal.sync().files == 1
    assert network.files.here(name)
    ana.ws = ana.open()
    assert ana.sync().files == 1  # her own list: asked once
    assert unsent.leaving(ana.ws) == []


def test_a_guests_visit_hands_nothing_in(network: Network, tmp_path: Path) -> None:
    ana = network.device("ana")
    photo(ana, tmp_path)
    guest = network.guest("guest", ana.folder)
    assert unsent.leaving(guest.ws) == []


def test_a_mark_without_its_file_is_nothing(network: Network) -> None:
    ana = network.device("ana")
    unsent.note(ana.ws.files, "ab" * 32)
    assert unsent.noted(ana.ws.files, "ab" * 32)
    assert unsent.leaving(ana.ws) == []
    unsent.forget(ana.ws.files, "ab" * 32)
    assert not unsent.noted(ana.ws.files, "ab" * 32)
