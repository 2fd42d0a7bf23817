"""What a sync says of itself while it runs, and how it fits its answers to the link; the clock is the link's own."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from sync import codec
from sync.errors import Cancelled
from sync.exchange import Progress, asking
from sync.exchange.asking import SLOW
from sync.exchange.words import ANSWER
from tests.sync.network import Device, Network, Road, small_pages


def text_of(number: int) -> str:
    """300 characters that do not compress to nothing."""
    return "".join(codec.digest(b"text", number.to_bytes(4, "big"), bytes([part])).hex() for part in range(4))


@pytest.fixture
def link(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock that a road moves by the bytes that pass: `rate` bytes a second."""
    found = SimpleNamespace(now=0.0, rate=10**9)
    monkeypatch.setattr(asking, "time", SimpleNamespace(monotonic=lambda: found.now))
    carried = Road.exchange

    def slowly(self: Road, body: bytes) -> bytes:
        answer = carried(self, body)
        found.now += (len(body) + len(answer)) / found.rate
        return answer

    monkeypatch.setattr(Road, "exchange", slowly)
    return found


@pytest.fixture(params=[codec.PROTOCOL, codec.BRIEF])
def filled(request: pytest.FixtureRequest, network: Network, monkeypatch: pytest.MonkeyPatch) -> tuple[Network, Device, Device]:
    """Ana has handed in much; bilal has taken nothing of it. Both forms of the exchange."""
    monkeypatch.setattr(Road, "protocol", request.param)
    ana, bilal = network.two()
    with ana.ws.together():
        for number in range(300):
            ana.ws.add("house", {"name": {"fr": f"Maison {number}"}, "street": text_of(number)})
    ana.sync()
    return network, ana, bilal


def watched(device: Device, **more: Any) -> list[Progress]:
    told: list[Progress] = []
    asking.sync(device.ws, device.road, told.append, **more)
    return told


def test_what_is_left_is_said_before_it_moves_and_ends_at_nothing(filled: tuple[Network, Device, Device]) -> None:
    _, _, bilal = filled
    with small_pages(9000, 20000):
        told = watched(bilal)
    moved = told[-1].bytes_down - told[0].bytes_down
    behind = [one for one in told if one.left]
    assert len(behind) > 2
    assert moved / 2.5 < behind[0].left + (behind[0].bytes_down - told[0].bytes_down) < moved * 2.5
    assert all(0 <= one.done <= one.total for one in told)
    assert (told[-1].left, told[-1].done) == (0, told[-1].total)


def test_what_waits_to_leave_is_said_first(network: Network) -> None:
    ana, _ = network.two()
    ana.ws.add("house", {"name": {"fr": "Maison"}, "street": text_of(1)})
    ana.ws.offer("0" * 64, 12345)
    told: list[Progress] = []
    with pytest.raises(Cancelled):
        asking.sync(ana.ws, ana.road, told.append, stop=lambda: len(told) > 1)
    assert told[0].left > 50
    assert told[0].files == 12345
    assert told[0].seconds is None


def test_the_time_left_comes_from_the_pace(filled: tuple[Network, Device, Device], link: SimpleNamespace) -> None:
    _, _, bilal = filled
    link.rate = 2500  # 20 kbit/s
    with small_pages(9000, 20000):
        told = watched(bilal)
    timed = [one for one in told if one.seconds]
    assert timed
    for one in timed:
        assert one.seconds == pytest.approx(one.left / 2500, rel=0.2, abs=1)


def test_a_slow_link_gets_small_answers_and_a_fast_one_large_ones_again(filled: tuple[Network, Device, Device], link: SimpleNamespace) -> None:
    _, ana, bilal = filled

    def budget() -> int:
        return int(bilal.ws.vault.word("budget"))

    def more(count: int) -> None:
        with ana.ws.together():
            for number in range(count):
                ana.ws.add("house", {"name": {"fr": "Encore"}, "street": text_of(1000 + number)})
        ana.sync()

    link.rate = 2500
    bilal.sync()
    for _ in range(3):
        more(300)
        bilal.sync()
    slow = budget()
    assert slow <= 64 * 1024
    more(300)
    start, turns = link.now, bilal.sync().turns
    assert (link.now - start) / turns < SLOW * 1.5
    for _ in range(5):
        bilal.sync()  # nothing to do takes no time, and says nothing about the link
    assert budget() <= slow
    link.rate = 10**9
    for _ in range(6):
        more(300)
        bilal.sync()
    assert budget() > slow * 4


def test_a_server_that_is_not_there_says_nothing_about_the_link(filled: tuple[Network, Device, Device], link: SimpleNamespace) -> None:
    _, _, bilal = filled
    bilal.sync()
    for _ in range(4):
        assert bilal.tries("before") is not None
    bilal.sync()
    assert int(bilal.ws.vault.word("budget")) == ANSWER
