"""A device that was withdrawn: the room says it before anything else, and what did not leave is still there to read."""

from __future__ import annotations

from desktop.features.home import facts
from desktop.features.home.needs import Acts, needs_of
from resources.policy import REASONS
from sync.relay.holding import Holding


def test_the_room_and_home_say_that_nothing_more_can_be_written(network, stage):
    ana, bilal = network.member("Amina"), network.member("Bilal")
    room = stage(ana)
    network.authority.revoke(ana.vault.word("device"))
    network.sync(bilal)
    there = Holding(ana)
    there.take(list(Holding(bilal).give(there.have())))
    room.settle()
    assert room.page.standing.headline.text() == "Ce poste a été retiré du réseau"
    assert "reste lisible" in room.page.standing.meaning.text()
    found = facts.read(ana, None, known=False)
    assert not found.writes
    gone: list[tuple] = []
    card = needs_of(found, Acts(lambda *where: gone.append(where)))[0]
    assert "retiré du réseau" in card.accessibleName()
    assert "reste lisible" in str(REASONS["withdrawn_device"])
