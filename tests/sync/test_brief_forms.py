"""What the brief form cannot write stands as it is, and what cannot be read is refused: pages, batches and columns, one by one."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from i18n import Text
from sync import codec, ledger
from sync.change import Page
from sync.errors import Damaged, Failure, Refused
from sync.exchange import answering
from sync.exchange.answering import answer
from sync.exchange.brief import answerer, asker, batches, changes, messages
from sync.exchange.brief.known import Ledgers
from sync.exchange.brief.numbers import PACKED_STEPS, read_column, write_column
from sync.exchange.brief.pages import Place, read_page, write_page
from sync.exchange.brief.streams import Reader, Writer
from sync.exchange.brief.texts import read_values, write_values
from sync.exchange.words import Answer, Envelope, Request
from sync.identity import key_id
from tests.sync.network import KINDS, Device, Network, Road, small_pages


def passed(write: Callable[[Writer], object]) -> Reader:
    """What a reader gets of what was written."""
    out = Writer()
    write(out)
    return Reader(out.finished())


# Columns


def test_a_column_of_one_number_may_come_in_any_form() -> None:
    assert read_column(passed(lambda out: write_column(out, [7])), 1) == [7]

    def one_step(out: Writer) -> None:
        out.number(PACKED_STEPS)
        out.signed(7)
        out.signed(0)
        out.number(0)

    assert read_column(passed(one_step), 1) == [7]


@pytest.mark.parametrize("texts", [
    list(string.ascii_letters[:20]),  # alike in length, and nothing else
    ["".join(random.Random(seed).choices("abcde", k=8)) for seed in range(9)],  # a pattern that costs more than it saves
    [f"+253 77 {n:06d}" for n in range(30)],
])
def test_texts_come_back_whatever_they_have_in_common(texts: list[str]) -> None:
    assert read_values(passed(lambda out: write_values(out, texts)), len(texts)) == texts


def test_a_scope_of_the_future_has_a_name() -> None:
    source = passed(lambda out: (messages.write_scope(out, "elsewhere"), messages.write_scope(out, "public")))
    assert (messages.read_scope(source), messages.read_scope(source)) == ("elsewhere", "public")


def test_a_few_bytes_do_not_become_many() -> None:
    out = Writer()
    out.words(bytes(codec.MAX_MESSAGE + 1))
    with pytest.raises(Damaged):
        Reader(out.finished())


def test_a_run_that_says_it_wrote_more_than_fits_is_refused() -> None:
    def lie(out: Writer) -> None:
        out.number(1)
        out.text("house")
        out.number(changes.PATHS)
        for number in range(changes.PATHS):
            out.text(str(number))
        for number in (1, 0, 0, changes.PATHS, *range(changes.PATHS)):  # one shape that writes every path …
            out.number(number)
        write_column(out, [1] * 300)  # … and 300 changes of it
        write_column(out, [0] * 300)
        out.bare(bytes(16 * 300))
        out.signed(0)
        write_column(out, [0] * 300)

    with pytest.raises(Damaged):
        changes.read_run(passed(lie), range(1, 301), Nothing(), {}, lambda *_: bytes(14))


class Nothing:
    """A shelf on which nothing stands."""

    def numbers(self, dots: Any) -> dict[bytes, int]:
        return {}

    def dots(self, numbers: Any) -> dict[int, bytes]:
        return {}

    creations = records = dots


# Batches


@pytest.mark.parametrize("lie", ["goes on with no seed", "before the first"])
def test_a_batch_that_follows_nothing_is_refused(network: Network, lie: str) -> None:
    def batch(out: Writer) -> None:
        out.number(0)
        out.blob(b"n" * 8)
        out.number(int(lie == "goes on with no seed"))
        out.number(1)
        out.bare(bytes(64))
        out.number(1)

    with pytest.raises(Damaged):
        batches.read_batch(passed(batch), b"k" * 8, Ledgers(network.store, KINDS, "public", 1))


@pytest.fixture
def briefly(network: Network, monkeypatch: pytest.MonkeyPatch) -> tuple[Network, Device, Device]:
    monkeypatch.setattr(Road, "protocol", codec.BRIEF)
    return network, *network.two()


def test_an_entry_that_is_not_here_or_not_known_to_both_leads_nowhere(network: Network) -> None:
    ana = network.device("ana")
    ana.ws.add("house", {"name": {"fr": "A"}})
    ana.sync()
    assert Ledgers(network.store, KINDS, "public", 2).link(1) is not None
    assert Ledgers(network.store, KINDS, "public", 1).link(1) is None
    assert Ledgers(network.store, KINDS, "public", 9).link(5) is None


def test_what_is_large_stands_as_it_is_in_a_brief_message(briefly: tuple[Network, Device, Device], monkeypatch: pytest.MonkeyPatch) -> None:
    network, ana, bilal = briefly
    monkeypatch.setattr(batches, "LARGEST", 300)
    monkeypatch.setattr(answerer, "LARGEST", 300)
    with ana.ws.together():
        ids = {ana.ws.add("house", {"name": {"fr": f"Maison {n}"}}).id for n in range(20)}
    report = ana.sync()
    assert (report.accepted, report.turns, report.set_aside) == (20, 1, [])
    assert messages.is_brief(ana.road.requests[-1])
    assert bilal.sync().turns == 1
    assert {one.id for one in bilal.ws.records("house")} == ids
    network.in_step()


def test_who_asks_is_named_in_both_forms(briefly: tuple[Network, Device, Device]) -> None:
    network, ana, _ = briefly
    name = key_id(ana.ws.vault.key().public)
    heard: list[bytes] = []
    assert messages.is_brief(ana.road.requests[-1])
    assert answer(network.authority, ana.road.requests[-1], heard.append)
    with pytest.raises(Failure):  # it says nothing more
        answer(network.authority, codec.seal_message(codec.pack(Envelope(name, b"", b""))), heard.append)
    with pytest.raises(Damaged):
        answer(network.authority, b"no request", heard.append)
    assert heard == [name, name]


def test_a_page_of_a_ledger_that_is_not_open_here_is_refused(briefly: tuple[Network, Device, Device]) -> None:
    network, ana, _ = briefly
    one = asker.Asker(lambda _: ana.ws.public, KINDS, network.key.public, None)
    one.message(Request(b"", b"", {}, [], 0), [], {})

    def told(out: Writer) -> None:
        for number in (messages.ANSWER, 0, 0, 0, 0, 0, 0, 1, messages.BRIEF):
            out.number(number)
        messages.write_scope(out, "network")

    out = Writer()
    told(out)
    found = one.answer(messages.HEAD + out.finished())
    assert found is not None
    with pytest.raises(Damaged):
        next(found[1])


# Pages


@pytest.fixture
def page(network: Network) -> tuple[Network, Page]:
    """A page of somebody else's changes: three accepted, one refused."""
    network.authority.may = lambda actor, operation, kind, values, scope: Text("No.") if kind == "door" else None
    ana, _ = network.two()
    for number in range(3):
        ana.ws.add("house", {"name": {"fr": f"Maison {number}"}})
    ana.ws.add("door", {"name": "Porte"}, scope="public")
    ana.sync()
    at = ledger.head(network.store, "public")
    assert at is not None
    cut = ledger.cut(network.store, at, 0, bytes(32), 10**6, network.key)
    assert cut is not None
    return network, cut[0]


def written(network: Network, one: Page) -> Writer | None:
    return write_page(one, Ledgers(network.store, KINDS, "public", 1), [])


def test_the_page_as_it_is_comes_back(page: tuple[Network, Page]) -> None:
    network, whole = page
    out = written(network, whole)
    assert out is not None
    source = Reader(out.finished())
    assert read_page(source, Place(whole.epoch, 0, whole.before), Ledgers(network.store, KINDS, "public", 1), []) == whole


def test_an_entry_with_a_salt_of_its_own_comes_back(page: tuple[Network, Page]) -> None:
    """Where a device was copied its run has two seeds, and one branch tells its salts one by one."""
    network, whole = page
    proof = whole.logs[0]
    seed = dict(proof.seeds)[0]
    salted = msgspec.structs.replace(
        whole, logs=[msgspec.structs.replace(proof, seeds=[])],
        entries=[msgspec.structs.replace(one, salt=None if one.body is None else codec.salt_of(seed, one.n)) for one in whole.entries])
    out = written(network, salted)
    assert out is not None
    found = read_page(Reader(out.finished()), Place(whole.epoch, 0, whole.before), Ledgers(network.store, KINDS, "public", 1), [])
    assert found == salted


def of_entry(**changed: Any) -> Callable[[Page], Page]:
    return lambda one: msgspec.structs.replace(one, entries=[msgspec.structs.replace(one.entries[0], **changed), *one.entries[1:]])


def of_proof(**changed: Any) -> Callable[[Page], Page]:
    return lambda one: msgspec.structs.replace(one, logs=[msgspec.structs.replace(one.logs[0], **changed), *one.logs[1:]])


@pytest.mark.parametrize("alter", [
    lambda one: msgspec.structs.replace(one, entries=[]),
    lambda one: msgspec.structs.replace(one, logs=[*one.logs, one.logs[0]]),
    of_entry(verdict=3), of_entry(reason=b"why"), of_entry(salt=b"short"), of_entry(body=None), of_entry(n=2**20),
    of_proof(seeds=[]), of_proof(seeds=[(0, b"short")]), of_proof(gaps=[(99, bytes(32))]), of_proof(gaps=[(4, b"short")]), of_proof(signature=b""),
    of_proof(key=b"short"), of_proof(before=b"x" * 32), of_proof(before=b""),
])
def test_a_page_that_would_not_come_back_exactly_is_sent_as_it_is(page: tuple[Network, Page], alter: Callable[[Page], Page]) -> None:
    network, whole = page
    assert written(network, alter(whole)) is None


def test_an_echo_of_what_was_not_sent_is_sent_as_it_is(page: tuple[Network, Page]) -> None:
    """The other end would look for it in a batch that it never wrote."""
    network, whole = page
    own = batches.own(batches.Batch(whole.logs[0].key, "public", whole.logs[0].nonce, 9, bytes(32), [(0, b"s" * 16)], [b"body"], bytes(64)))
    echo = msgspec.structs.replace(whole, entries=[msgspec.structs.replace(one, body=None) for one in whole.entries[:3]])
    assert write_page(echo, Ledgers(network.store, KINDS, "public", 1), [own]) is None


class Told(Writer):
    """A page as somebody writes it who does not follow the rules."""

    def __init__(self, forms: list[int], *, steps: list[int] | None = None, controls: list[int] | None = None, signed: int = 0) -> None:
        super().__init__()
        self.bare(bytes(64))
        self.number(len(forms))
        self.number(1)
        for column in (forms, [0] * len(forms), controls or [1] * len(forms), steps or [0] * len(forms)):
            write_column(self, column)
        self.number(2)  # the log is named whole
        self.bare(b"k" * 8)
        self.blob(b"n" * 8)
        self.number(1)
        self.number(signed)
        self.bare(bytes(64))
        self.number(0)
        self.number(0)


@pytest.mark.parametrize("lie", [
    Told([0], steps=[-1]), Told([0], steps=[2**32]), Told([0], controls=[-1]), Told([0], controls=[2**63]), Told([0], signed=2**32), Told([2]),
])
def test_a_brief_page_that_says_what_cannot_be_is_refused(network: Network, lie: Told) -> None:
    lie.bare(bytes(64))
    with pytest.raises(Damaged):
        read_page(Reader(lie.finished()), Place(b"e" * 8, 0, bytes(32)), Ledgers(network.store, KINDS, "public", 1), [])


# The authority's answer


def test_a_guest_hands_nothing_in(network: Network) -> None:
    request = codec.pack(Request(b"", b"", {}, [b"batch"], 1000))
    with pytest.raises(Refused):
        answer(network.authority, codec.seal_message(codec.pack(Envelope(b"", b"", request))))


def test_a_ledger_that_somebody_took_away_stops_no_other(network: Network) -> None:
    ana, bilal = network.two()
    ana.ws.add("house", {"name": {"fr": "A"}})
    ana.sync()
    network.store.execute("DELETE FROM ledger WHERE scope = 'network'")
    bilal.sync()
    assert len(bilal.ws.records("house")) == 1


def test_nobodys_page_comes_before_every_certificate(network: Network) -> None:
    ana, _ = network.two()
    ana.ws.add("house", {"name": {"fr": "A"}})
    ana.sync()
    for number in range(40):
        network.authority.certify(bytes([number]) * 32, f"018f0000-0000-7000-8000-0000000000{number:02d}", f"018f0000-0000-7000-8000-0000000001{number:02d}", "member")
    with small_pages():
        request = codec.pack(Request(b"", b"", {}, [], answering.SMALLEST))
        found = codec.unpack(codec.open_message(answer(network.authority, codec.seal_message(codec.pack(Envelope(b"", b"", request))))), Answer)
        assert {codec.unpack(data, Page).scope for data in found.pages} == {"control"}
        guest = network.guest("guest")
        assert guest.sync().turns > 2
    assert len(guest.ws.records("house")) == 1

