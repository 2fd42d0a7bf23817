"""Messages that are well formed and say what cannot be: numbers out of every range, proofs of what is not there. Refused in words, never met by surprise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sync import codec, ledger
from sync.change import Change, Page, Write
from sync.errors import Damaged, Failure
from sync.exchange.answering import answer
from sync.exchange.brief import messages
from sync.exchange.brief.changes import read_run
from sync.exchange.brief.numbers import write_column
from sync.exchange.brief.streams import Reader, Writer
from sync.exchange.words import Answer, Envelope, Request
from sync.trust import Trust
from tests.sync.network import Device, Network, Road
from tests.sync.test_brief_columns import Shelf, sealed
from tests.sync.test_tampering import reforged, state_of, whole_answer

IMPOSSIBLE = (-(2**63), -1, 0, 2**32, 2**63, 2**64 - 1)


@pytest.fixture
def behind(network: Network) -> tuple[Network, Device]:
    """Bilal has pages to take: changes accepted, one refused, one of them his own."""
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "1"}).id
    network.heal()
    ana.ws.edit("house", id, {"phone": "2"})
    ana.ws.add("tree", {"name": {"fr": "Acacia"}})
    bilal.ws.edit("house", id, {"street": "Rue 1"})
    ana.sync()
    return network, bilal


def numbers_in(value: Any, path: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    """Where numbers stand in a message that was unpacked."""
    if isinstance(value, list):
        for at, one in enumerate(value):
            yield from numbers_in(one, (*path, at))
    elif isinstance(value, int):
        yield path


def replaced(value: Any, path: tuple[int, ...], number: int) -> Any:
    return number if not path else [replaced(one, path[1:], number) if at == path[0] else one for at, one in enumerate(value)]


def test_no_number_of_a_page_can_be_what_it_cannot(behind: tuple[Network, Device]) -> None:
    """Every number in every page, replaced by each that is out of range: Damaged, or a page that says the same."""
    network, bilal = behind
    refused = 0
    for data in codec.unpack(codec.open_message(whole_answer(bilal)), Answer).pages:
        page = codec.unpack(data, Page)
        at, trust = bilal.ws.heads()[page.scope], Trust(bilal.ws.public, network.key.public)
        with bilal.ws.store.transaction():
            mine = {one.log + one.n.to_bytes(4, "big"): (one.body, bilal.ws.vault.salt(one.log, one.n)) for one in bilal.ws.vault.outbox()}
        right = ledger.open_page(page, at, network.key.public, trust, mine)
        plain = codec.unpack(data)
        for path in numbers_in(plain):
            for number in IMPOSSIBLE:
                try:
                    opened = codec.unpack(codec.pack(replaced(plain, path, number)), Page)
                    rows = ledger.open_page(opened, at, network.key.public, trust, mine)
                except Failure as failure:
                    assert failure.code == "damaged", (path, number)
                    refused += 1
                    continue
                assert (rows, opened.logs) == (right, page.logs), (path, number)
    assert refused > 100


@pytest.mark.parametrize("n", [-1, 0, 10**6, 2**63])
def test_a_relay_cannot_add_a_commitment_to_a_proof(behind: tuple[Network, Device], n: int) -> None:
    """Nobody's signature covers it: the page is not taken, and the right one is at the next sync."""
    network, bilal = behind

    def add(page: Page) -> Page:
        return codec.unpack(codec.pack([*codec.unpack(codec.pack(page))[:4], [[*codec.unpack(codec.pack(proof))[:6], [*proof.gaps, (n, b"x" * 32)], proof.seeds]
                                                                           for proof in page.logs], page.entries, page.signature]), Page)

    before = state_of(bilal)
    failure = bilal.tries(lambda found: reforged(found, add))
    assert failure is not None
    assert failure.code == "damaged"
    assert state_of(bilal) == before
    network.heal()
    network.in_step()


@pytest.mark.parametrize("number", IMPOSSIBLE)
def test_a_cursor_that_cannot_be_is_answered(network: Network, number: int) -> None:
    network.device("ana")
    request = codec.pack(Request(b"", b"", {"control": (number, b"x" * 8)}, [], 1000))
    found = codec.unpack(codec.open_message(answer(network.authority, codec.seal_message(codec.pack(Envelope(b"", b"", request))))), Answer)
    assert found.astray == ["control"] * (number != 0)


def a_run(time: int = 1, value: int = 1, operation: int = 0, seen: int = 0) -> Reader:
    """One change in the brief form: an edit of `phone` in a record that is named whole."""
    out = Writer()
    for name in ("house", "phone"):
        out.number(1)
        out.text(name)
    for number in (1, 0, operation, 1, 0):  # one shape: its kind, operation, and path
        out.number(number)
    write_column(out, [1])
    write_column(out, [0])
    out.bare(b"r" * 16)
    out.signed(time)
    write_column(out, [0])
    write_column(out, [int(seen != 0)])
    if seen:
        out.number(0)
        write_column(out, [seen])
    out.number(2)
    write_column(out, [value])
    return Reader(out.finished())


def test_a_brief_change_says_no_number_that_a_plain_one_cannot() -> None:
    assert read_run(a_run(), [9], Shelf(9), {}, sealed) == [codec.pack(Change(b"r" * 16, "house", 0, 1, [Write("phone", 1, [])]))]
    for lie in ({"time": 2**68}, {"time": -(2**64)}, {"value": 2**68}, {"operation": 2**68}, {"seen": 2**68}, {"seen": -(2**68)}):
        with pytest.raises(Damaged):
            read_run(a_run(**lie), [9], Shelf(9), {}, sealed)


def briefly(device: Device, lie: Writer) -> bytes:
    """A request that its sender proves, whatever it says."""
    payload = lie.finished()
    proof = messages.authenticator(device.ws.vault.key(), device.network.key.public, payload)
    return messages.whole_request(messages.parts_of_request(device.road.requests[-1])[0], proof, payload)


@pytest.fixture
def brief(behind: tuple[Network, Device], monkeypatch: pytest.MonkeyPatch) -> tuple[Network, Device]:
    """Bilal has spoken briefly, and the server has not heard it."""
    monkeypatch.setattr(Road, "protocol", codec.BRIEF)
    assert behind[1].tries("before") is not None
    return behind


def test_a_brief_request_that_names_no_possible_number_is_refused(brief: tuple[Network, Device]) -> None:
    network, bilal = brief
    source = Reader(messages.parts_of_request(bilal.road.requests[-1])[2])
    point = source.bare(8)
    heads = [(messages.read_scope(source), source.number(), source.number()) for _ in range(source.number())]

    def asking(budget: int, before: int) -> Writer:
        out = Writer()
        out.bare(point)
        out.number(len(heads))
        for scope, number, floor in heads:
            messages.write_scope(out, scope)
            out.number(number)
            out.number(floor)
        out.number(budget)
        out.words(b"")
        out.number(1)  # one batch, in the brief form
        out.number(messages.BRIEF)
        messages.write_scope(out, "public")
        out.number(before)
        return out

    with pytest.raises(Damaged):
        answer(network.authority, briefly(bilal, asking(2**68, 1)))
    verdicts = network.verdicts()
    answer(network.authority, briefly(bilal, asking(1000, 2**68)))  # the batch is set aside, the request answered
    assert network.verdicts() == verdicts
    network.heal()
    network.in_step()


def test_a_brief_answer_that_says_no_possible_time_is_refused(brief: tuple[Network, Device]) -> None:
    network, bilal = brief
    out = Writer()
    out.number(messages.ANSWER)
    out.number(2**68)
    for number in (0, 0, 0, 0, 0):  # epoch, heads, receipts, astray, the rest: nothing
        out.number(number)
    failure = bilal.tries(lambda _: messages.HEAD + out.finished())
    assert failure is None or failure.code == "damaged"
    network.heal()
    network.in_step()
