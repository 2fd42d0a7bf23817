"""A server that is killed while it takes again what it lost finishes that when it starts, erasures included."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync import erasure
from tests.simulation.disk import Disk, FailingStore, Killed
from tests.sync.backups import backup, put_back
from tests.sync.network import Device, Network


def killed_all_along(network: Network, disk: Disk, device: Device) -> None:
    """Sync with a server that dies one moment later each time, and starts again."""
    for moment in range(1, 2000):
        disk.arm("kill", moment)
        try:
            device.tries()
        except Killed:
            disk.gone()
            network.authority.store = network.authority.trust.store = network.authority.trust.erasures.store = network.store = FailingStore(
                network.folder / "server.db", disk=disk)
            erasure.again(network.authority)
            continue
        if not disk.disarm():
            return
    pytest.fail("never done")


def test_what_returns_to_a_record_erased_whole_is_erased_however_often_the_server_dies(tmp_path: Path) -> None:
    """The fact is back before an edit whose author could not know of it."""
    disk = Disk()
    (tmp_path / "n").mkdir()
    with Network(tmp_path / "n", store=FailingStore(tmp_path / "n" / "server.db", disk=disk)) as network:
        ana, bilal = network.two()
        id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "kanari"}).id
        network.heal()
        kept = backup(network.store)
        erasure.erase(network.authority, "house", id)
        ana.sync()
        put_back(network.store, kept)
        bilal.ws.edit("house", id, {"street": "kanari"})
        bilal.sync()
        put_back(network.store, kept)
        killed_all_along(network, disk, ana)
        killed_all_along(network, disk, bilal)
        network.heal()
        network.heal()
        network.in_step()
        for store in (network.store, ana.ws.public, bilal.ws.public):
            assert not any(b"kanari" in bytes(body) for (body,) in store.rows("SELECT body FROM entry WHERE body IS NOT NULL"))


def test_a_server_killed_between_the_facts_and_the_texts_forgets_these_when_it_starts(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, _ = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "kanari"}).id
    network.heal()
    kept = backup(network.store)
    erasure.erase(network.authority, "house", id)
    ana.sync()
    put_back(network.store, kept)

    def kill(_authority: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(erasure, "again", kill)
        with pytest.raises(Killed):
            ana.sync()
    erasure.again(network.authority)
    assert network.store.value("SELECT count(*) FROM house") == 0
    network.heal()
    network.in_step()
