"""What moved is counted by month, person and kind, and what the rules keep back: a real authority, replicas, and clocks that are wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sync import traffic
from sync.errors import Cancelled, Offline
from sync.exchange import KeptBack, Purse, agree, asking, fetching
from sync.exchange.metered import KEPT_EVERY
from sync.exchange.purse import agreed, minute_of
from sync.spending import Occasion, Rules
from sync.workspace import Workspace
from tests.sync.network import YEAR, Device, Network, small_pages

DAY = 24 * 3600 * 1000  # milliseconds


def attach(device: Device, size: int, name: str = "plan") -> str:
    """A file of random bytes at a house, waiting to leave; its hash."""
    path = device.folder / name
    path.write_bytes(os.urandom(size))
    house = device.ws.add("house", {"name": {"fr": name}}).id
    kept = device.ws.files.take(path)
    device.ws.offer(kept["sha256"], size)
    device.ws.edit("house", house, {"photo": kept})
    return str(kept["sha256"])


def spend(device: Device, rules: Rules, occasion: Occasion = Occasion.ASKED) -> Purse:
    """A sync by these rules; answers the purse."""
    purse = Purse(device.ws, rules, occasion)
    asking.sync(device.ws, device.road, purse=purse)
    return purse


def total(ws: Workspace) -> int:
    return sum(traffic.months(ws)[0].computer.values())


def test_every_byte_of_a_sync_and_a_fetch_stands_in_its_month_by_what_it_was(network: Network) -> None:
    ana, bilal = network.two()
    before = total(ana.ws), ana.road.bytes_up + ana.road.bytes_down
    file = attach(ana, 3 * KEPT_EVERY)
    ana.sync()
    assert total(ana.ws) - before[0] == ana.road.bytes_up + ana.road.bytes_down - before[1]
    bilal.sync()
    fetching.fetch(bilal.ws, file, 3 * KEPT_EVERY, carrier=bilal.road)
    (month,) = traffic.months(bilal.ws)
    assert month.month == traffic.month_of(network.now())
    assert month.mine == month.computer
    assert sum(month.mine.values()) == bilal.road.bytes_up + bilal.road.bytes_down
    assert month.mine["records_down"] > month.mine["records_up"] > 0


def test_a_cut_counts_what_had_moved(network: Network) -> None:
    ana, _ = network.two()
    before = total(ana.ws)
    ana.ws.add("house", {"name": {"fr": "Maison"}})
    with pytest.raises(Offline):
        ana.sync("after")
    assert total(ana.ws) > before


def test_two_people_on_one_computer_each_see_their_own_and_the_sum(network: Network, tmp_path: Path) -> None:
    ana, _ = network.two()
    folder = ana.folder
    bilal = Workspace(folder, network.kinds, "bilal", clock=ana.clock, random=network.random.randbytes)
    try:
        traffic.add(ana.ws, {"records_up": 100, "copies": 5})
        traffic.add(bilal, {"records_up": 7})
        mine = traffic.months(bilal)[0]
        assert mine.mine == {"records_up": 7}
        assert mine.computer["records_up"] == 7 + traffic.months(ana.ws)[0].mine["records_up"]
        assert traffic.spent(bilal) == traffic.spent(ana.ws)
    finally:
        bilal.close()
    assert b"bilal" not in (folder / "public.db").read_bytes()


def test_a_clock_that_goes_back_pays_in_the_month_that_the_server_said(network: Network) -> None:
    ana, _ = network.two()
    month, spent = traffic.this_month(ana.ws), traffic.spent(ana.ws)
    assert spent
    ana.skew, ana._last = -14 * YEAR, 0
    assert traffic.this_month(ana.ws) == month
    ana.sync()
    assert traffic.spent(ana.ws) > spent
    assert [one.month for one in traffic.months(ana.ws)] == [month]


def test_a_clock_that_runs_ahead_pays_in_the_true_month_once_the_server_was_heard(network: Network) -> None:
    ana, _ = network.two()
    month, spent = traffic.this_month(ana.ws), traffic.spent(ana.ws)
    ana.skew = 10 * YEAR
    assert traffic.spent(ana.ws) == 0  # nobody here can know better yet
    ana.ws.add("house", {"name": {"fr": "Maison"}})
    ana.sync()
    assert traffic.spent(ana.ws) > spent
    assert [one.month for one in traffic.months(ana.ws)] == [month]


def test_a_new_month_begins_with_nothing_spent(network: Network) -> None:
    ana, _ = network.two()
    old = traffic.this_month(ana.ws)
    network.time += 40 * DAY
    assert traffic.spent(ana.ws) == 0
    ana.sync()
    assert [one.month for one in traffic.months(ana.ws)] == sorted({old, traffic.this_month(ana.ws)}, reverse=True)
    assert len(traffic.months(ana.ws)) == 2


@pytest.mark.parametrize("moment", [-(10**15), -1, 0, 10**12, 253_402_300_799_000, 10**18])
def test_every_clock_names_a_month_and_a_minute(moment: int) -> None:
    assert len(traffic.month_of(moment)) == 7
    assert 0 <= minute_of(moment) < 24 * 60


def test_the_month_ends_in_the_middle_of_a_file_and_the_next_goes_on_there(network: Network) -> None:
    ana, _ = network.two()
    size = 5 * KEPT_EVERY
    file = attach(ana, size)
    cap = traffic.spent(ana.ws) + 2 * KEPT_EVERY
    purse = spend(ana, Rules(cap=cap))
    (held,) = purse.held
    assert (held.what, held.why, held.sha256) == ("file", "cap", file)
    there = network.files.held(file)
    assert 0 < there < size
    assert held.size == size - there
    assert cap <= traffic.spent(ana.ws) <= cap + 200_000  # one piece more at most
    assert ana.ws.visits()[0].failure == "cap"
    assert not ana.ws.vault.waits()  # the records had left before
    again = spend(ana, Rules(cap=cap))
    assert [one.what for one in again.held] == ["records", "file"]
    assert network.files.held(file) == there
    network.time += 40 * DAY
    before = ana.road.bytes_up
    assert spend(ana, Rules(cap=cap + size), Occasion.BY_ITSELF).held == []
    assert network.files.here(file)
    assert ana.road.bytes_up - before < size - there + 5000  # nothing twice


def test_who_insists_sends_the_whole_file_over_the_limit(network: Network) -> None:
    ana, _ = network.two()
    file = attach(ana, 3 * KEPT_EVERY)
    assert spend(ana, Rules(cap=1), Occasion.ANYWAY).held == []
    assert network.files.here(file)


def test_at_the_limit_ones_own_records_leave_when_asked_and_nothing_by_itself(network: Network) -> None:
    ana, bilal = network.two()
    with bilal.ws.together():
        for number in range(400):
            bilal.ws.add("house", {"name": {"fr": f"Maison {number}"}, "street": os.urandom(150).hex()})
    bilal.sync()
    mine = ana.ws.add("house", {"name": {"fr": "La mienne"}}).id
    turns = ana.road.turns
    with pytest.raises(KeptBack) as kept:
        spend(ana, Rules(cap=1), Occasion.BY_ITSELF)
    assert (kept.value.code, ana.road.turns) == ("cap", turns)
    before = ana.road.bytes_down
    purse = spend(ana, Rules(cap=1))
    assert [(one.what, one.why) for one in purse.held] == [("records", "cap")]
    assert purse.held[0].size > 20_000
    assert ana.road.bytes_down - before < 400
    bilal.sync()
    assert bilal.ws.get("house", mine).title == "La mienne"
    ana.sync()
    assert ana.ws.count("house") == 401
    assert not ana.ws.vault.waits()


def test_at_the_limit_with_nothing_of_ones_own_nothing_is_asked(network: Network) -> None:
    ana, _ = network.two()
    turns = ana.road.turns
    assert [(one.what, one.why, one.size) for one in spend(ana, Rules(cap=1)).held] == [("records", "cap", 0)]
    assert ana.road.turns == turns


def test_a_metered_link_brings_records_but_no_file_and_nothing_large_by_itself(network: Network) -> None:
    ana, bilal = network.two()
    file = attach(ana, 50_000)
    house = bilal.ws.add("house", {"name": {"fr": "Maison"}}).id
    bilal.sync()
    purse = spend(ana, Rules(metered=True), Occasion.BY_ITSELF)
    assert [(one.what, one.why, one.size) for one in purse.held] == [("file", "metered", 50_000)]
    assert ana.ws.get("house", house)
    assert not network.files.held(file)
    with bilal.ws.together():
        for number in range(300):
            bilal.ws.add("house", {"name": {"fr": f"Maison {number}"}, "street": os.urandom(150).hex()})
    bilal.sync()
    rules = Rules(metered=True, large=20_000)
    with small_pages(9000, 16 * 1024):
        purse = spend(ana, rules, Occasion.BY_ITSELF)
        assert ("records", "large") in [(one.what, one.why) for one in purse.held]
        assert ana.ws.count("house") < 200
        assert spend(ana, rules, Occasion.ANYWAY).held == []
    assert ana.ws.count("house") == 302


def test_a_large_file_waits_for_a_yes_that_lasts_until_it_has_left(network: Network) -> None:
    ana, _ = network.two()
    small, large = attach(ana, 10_000, "small"), attach(ana, 3_000_000, "large")
    rules = Rules(large=1_000_000)
    purse = spend(ana, rules)
    assert [(one.sha256, one.why) for one in purse.held] == [(large, "large")]
    assert network.files.here(small)
    agree(ana.ws, large)
    with pytest.raises(Cancelled):
        asking.sync(ana.ws, ana.road, stop=lambda: network.files.held(large) > 0 or bool(list(network.files.folder.glob("*/*.part"))),
                    purse=Purse(ana.ws, rules, Occasion.BY_ITSELF))
    assert agreed(ana.ws, large)
    assert spend(ana, rules, Occasion.BY_ITSELF).held == []
    assert network.files.here(large)
    assert not agreed(ana.ws, large)


def test_a_file_that_the_month_does_not_hold_is_fetched_only_when_one_insists(network: Network) -> None:
    ana, bilal = network.two()
    file = attach(ana, 200_000)
    ana.sync()
    bilal.sync()
    rules = Rules(cap=traffic.spent(bilal.ws) + 199_999)
    with pytest.raises(KeptBack) as kept:
        fetching.fetch(bilal.ws, file, 200_000, carrier=bilal.road, purse=Purse(bilal.ws, rules))
    assert kept.value.code == "cap"
    assert bilal.ws.files.held(file) == 0
    fetching.fetch(bilal.ws, file, 200_000, carrier=bilal.road, purse=Purse(bilal.ws, rules, Occasion.ANYWAY))
    assert bilal.ws.files.here(file)


def test_outside_the_hours_nothing_begins_by_itself_and_a_person_is_not_stopped(network: Network) -> None:
    ana, _ = network.two()
    minute = minute_of(ana.ws.clock())
    rules = Rules(hours=((minute + 60) % 1440, (minute + 120) % 1440))
    with pytest.raises(KeptBack) as kept:
        spend(ana, rules, Occasion.BY_ITSELF)
    assert kept.value.code == "hours"
    spend(ana, rules)
