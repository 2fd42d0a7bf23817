"""A page that was cut a moment ago is given again, and nobody can tell, but by what it costs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sync import codec, erasure, ledger, shelf
from sync.exchange.words import Answer
from sync.scopes import PUBLIC
from sync.shelf import Shelf
from tests.sync.network import Device, Network, small_pages

CANARY = "kanariénvogel"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(network: Network) -> Iterator[Clock]:
    """The network's authority keeps pages for ten seconds of this clock; pages are small."""
    found = Clock()
    network.authority.shelf = Shelf(10.0, found)
    with small_pages():
        yield found


@pytest.fixture
def cuts(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Scope and number after which each page was cut from the database."""
    found: list[tuple[str, int]] = []
    cut = ledger.cut

    def counted(store, at, after, *more):  # type: ignore[no-untyped-def]
        found.append((at.scope, after))
        return cut(store, at, after, *more)

    monkeypatch.setattr(ledger, "cut", counted)
    return found


def houses(device: Device, count: int, name: str = "House") -> list[str]:
    return [device.ws.add("house", {"name": {"fr": f"{name} {number}, by the sea"}}).id for number in range(count)]


def test_who_comes_next_is_given_the_same_pages(network: Network, clock: Clock, cuts: list[tuple[str, int]]) -> None:
    ana, _ = network.two()
    houses(ana, 40)
    network.heal()
    first, second = network.guest("first"), network.guest("second")
    clock.now += 10.1
    cuts.clear()
    first.sync()
    cold = [one for one in cuts if one[0] == PUBLIC]
    cuts.clear()
    second.sync()
    warm = [one for one in cuts if one[0] == PUBLIC]
    assert len(cold) > 5
    assert warm == cold[-2:]  # the last, which ends with the ledger, and after it none
    network.in_step()
    clock.now += 10.1
    cuts.clear()
    network.guest("late").sync()
    assert [one for one in cuts if one[0] == PUBLIC] == cold
    network.in_step()


def test_what_is_altered_in_the_database_is_served_to_nobody_and_noticed_when_the_page_is_cut_again(network: Network, clock: Clock) -> None:
    ana, _ = network.two()
    houses(ana, 40)
    network.heal()
    network.guest("first").sync()
    network.store.execute("UPDATE entry SET record = ? WHERE scope = ? AND number = 2", ("01990000-0000-7000-8000-000000000001", PUBLIC))
    second = network.guest("second")
    second.sync()
    assert second.ws.digest()[PUBLIC] == ana.ws.digest()[PUBLIC]
    clock.now += 10.1
    third = network.guest("third")
    failure = third.tries()
    assert failure is not None
    assert failure.message.args["number"] == 2
    assert third.ws.records("house") == []


def test_what_was_erased_is_on_no_page_that_was_kept(network: Network, clock: Clock) -> None:
    ana, _ = network.two()
    id = houses(ana, 1, CANARY)[0]
    houses(ana, 40)
    network.heal()
    network.guest("first").sync()
    erasure.erase(network.authority, "house", id, "")
    second = network.guest("second")
    second.road.protocol = codec.PROTOCOL  # the plain form, in which a text can be looked for
    answers: list[bytes] = []
    real = second.road.exchange
    second.road.exchange = lambda body: answers.append(real(body)) or answers[-1]  # type: ignore[method-assign]
    second.sync()
    pages = [page for answer in answers for page in codec.unpack(codec.open_message(answer), Answer).pages]
    assert len(pages) > 5
    assert CANARY.encode() not in b"".join(pages)
    network.heal()
    network.in_step()


def test_an_author_is_not_told_their_own_words_and_nobody_lacks_them(network: Network, clock: Clock) -> None:
    """A page on which texts were left out is kept for nobody; one that says them all is not given to who has some."""
    ana, bilal = network.two()
    carla = network.device("carla")
    network.heal()
    houses(bilal, 5)
    bilal.sync()
    houses(ana, 30)
    ana.sync()  # the first page says what Bilal wrote, and something of her own
    carla.sync()
    network.guest("late").sync()
    houses(ana, 30, "Later")
    bilal.sync()
    ana.sync()
    network.heal()
    network.in_step()


def test_no_more_is_kept_than_a_few_pages(network: Network, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, _ = network.two()
    houses(ana, 60)
    network.heal()
    monkeypatch.setattr(shelf, "MOST", 3_000)
    network.guest("first").sync()
    kept = network.authority.shelf._kept
    sizes = [len(cut.data) for _, _, cut in kept.values()]
    assert 0 < sum(sizes) <= 3_000
    assert sum(sizes) == network.authority.shelf._size
    (place, (_, _, cut)), *_ = kept.items()
    network.authority.shelf.put(place, cut, frozenset())  # cut by two at once: it stands here once
    assert sum(len(one.data) for _, _, one in kept.values()) == network.authority.shelf._size
    clock.now += 10.1
    assert network.authority.shelf.get(place, frozenset()) is None
    assert (len(kept), network.authority.shelf._size) == (0, 0)


def test_an_authority_keeps_nothing_unless_it_is_told_to(network: Network, cuts: list[tuple[str, int]]) -> None:
    with small_pages():
        ana, _ = network.two()
        houses(ana, 20)
        network.heal()
        counts = []
        for name in ("first", "second"):
            cuts.clear()
            network.guest(name).sync()
            counts.append(len(cuts))
    assert counts[0] == counts[1] > 3
