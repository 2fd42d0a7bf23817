"""What the simulation found, each as the smallest history that shows it."""

from __future__ import annotations

import pytest

from i18n import Text
from sync.errors import Offline
from sync.exchange.asking import Answer, _Run
from tests.sync.network import Network


def test_an_edit_that_the_deleter_had_not_seen_does_not_bring_back_a_withdrawn_contact(network: Network) -> None:
    ana, bilal = network.two()
    id = ana.ws.add("door", {"name": "Front", "phone": "1"}).id
    network.heal()
    bilal.ws.edit("door", id, {"phone": "2"})
    bilal.sync()  # accepted before the withdrawal, which does not see it
    ana.ws.delete("door", id)
    assert ana.ws.records("door") == []
    network.heal()
    network.in_step()
    for device in (ana, bilal):
        assert device.ws.records("door") == []
        assert device.ws.conflicts() == []
    bilal.ws.restore("door", id)
    assert bilal.sync().refused == 1
    assert bilal.ws.records("door") == []


def test_the_date_of_an_acceptance_stands_with_the_verdict(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong after a page was taken, what it said of one's own work is dated."""
    ana, _ = network.two()
    ana.ws.add("house", {"name": {"fr": "A"}})

    def cut(_run: _Run, _found: Answer) -> None:
        raise Offline(Text("cut"))

    monkeypatch.setattr(_Run, "_moments", cut)
    with pytest.raises(Offline):
        ana.sync()
    assert ana.ws.status().waiting == 0
    assert ana.ws.status().last_accepted is not None


def test_opening_a_folder_first_takes_the_verdicts_that_reached_it(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kill between a page and the person's own file: what somebody replaced knowingly is not shown again."""
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "1"}).id
    network.heal()
    ana.ws.edit("house", id, {"phone": "2"})
    ana.tries("after")  # the server has it, ana does not know
    bilal.sync()
    bilal.ws.edit("house", id, {"phone": "3"})
    bilal.sync()

    catch_up = ana.ws.overlay.catch_up

    def killed() -> set[tuple[str, str]]:
        if ana.ws.heads()["public"].number > 1:
            raise KeyboardInterrupt
        return catch_up()

    monkeypatch.setattr(ana.ws.overlay, "catch_up", killed)
    with pytest.raises(KeyboardInterrupt):
        ana.sync()
    ana.reopen()
    assert ana.ws.form("house", id).parts["phone"] == "3"
    assert ana.ws.get("house", id)["phone"] == "3"
    assert ana.ws.status().waiting == 0
