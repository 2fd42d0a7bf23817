"""The brief form of an exchange expands to the canonical one, byte for byte; what does not fit is asked for plainly in the same sync."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from i18n import Text
from sync import codec, ledger
from sync.actor import Actor
from sync.change import Page
from sync.errors import Failure, Invalid, Refused
from sync.exchange.answering import answer
from sync.exchange.brief import answerer, asker, messages
from sync.exchange.brief.asker import Asker
from sync.exchange.brief.streams import Reader, Writer
from sync.exchange.tongue import Tongue
from sync.exchange.words import Request
from sync.identity import CERTIFICATE, fingerprint
from sync.record import Kind, Kinds, text
from sync.scopes import PUBLIC
from sync.snapshots import publishing
from sync.trust import Trust
from tests.sync.history import History
from tests.sync.network import KINDS, Device, Network, Road, small_pages

BOAT = Kind("boat", Text("Boat"), Text("Boats"), (PUBLIC,), title="name", fields=(text("name", Text("Name"), required=True),))


@dataclass
class Seen:
    """What passed in the brief form: batches and pages before they were shortened and after they were expanded."""

    batches: list[bytes] = field(default_factory=list)
    expanded_batches: list[bytes] = field(default_factory=list)
    pages: list[bytes] = field(default_factory=list)
    expanded_pages: list[bytes] = field(default_factory=list)
    taken: list[bytes] = field(default_factory=list)
    as_they_are: int = 0
    fallbacks: int = 0


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    """Every road of this test speaks briefly; what passes is kept."""
    found = Seen()
    write_batch, read_batch, write_page, read_page = asker.write_batch, answerer.read_batch, answerer.write_page, asker.read_page
    keep_page, fall_back = ledger.keep_page, Tongue.fall_back

    def note_written(out: Writer, one: Any, known: Any) -> None:
        found.batches.append(codec.pack(one.batch))
        write_batch(out, one, known)

    def note_read(source: Reader, key: bytes, known: Any) -> Any:
        batch = read_batch(source, key, known)
        found.expanded_batches.append(codec.pack(batch))
        return batch

    def note_page(page: Page, known: Any, sent: Any) -> Writer | None:
        written = write_page(page, known, sent)
        found.as_they_are += written is None
        found.pages.append(codec.pack(page))
        return written

    def note_opened(source: Reader, at: Any, known: Any, sent: Any) -> Page:
        page = read_page(source, at, known, sent)
        found.expanded_pages.append(codec.pack(page))
        return page

    def note_kept(store: Any, page: Page, *rest: Any) -> None:
        keep_page(store, page, *rest)
        found.taken.append(codec.pack(page))

    def note_fall(self: Tongue) -> bool:
        new = fall_back(self)
        found.fallbacks += new
        return new

    monkeypatch.setattr(Road, "protocol", codec.BRIEF)
    monkeypatch.setattr(asker, "write_batch", note_written)
    monkeypatch.setattr(answerer, "read_batch", note_read)
    monkeypatch.setattr(answerer, "write_page", note_page)
    monkeypatch.setattr(asker, "read_page", note_opened)
    monkeypatch.setattr(ledger, "keep_page", note_kept)
    monkeypatch.setattr(Tongue, "fall_back", note_fall)
    return found


def exact(seen: Seen) -> None:
    """Everything that was expanded is what was shortened, and there was something."""
    assert seen.batches
    assert seen.pages
    assert set(seen.expanded_batches) == set(seen.batches)
    assert set(seen.expanded_pages) == set(seen.pages)


def test_a_little_of_everything_passes_exactly(seen: Seen, network: Network) -> None:
    ana, bilal = network.two()
    ids = [ana.ws.add("house", {"name": {"fr": f"Maison {n}", "ar": "بيت"}, "phone": f"+253 77 {n:06d}", "tags": ["red"]}).id for n in range(40)]
    network.heal()
    for n, id in enumerate(ids):
        ana.ws.edit("house", id, {"phone": f"+253 78 {n:06d}"})  # what was accepted, seen by number
    for id in ids[:9]:
        bilal.ws.edit("house", id, {"street": "Rue 1", "tags": ["red", "blue"], "facts": {"a": "x"}})
        bilal.ws.edit("house", id, {"street": "Rue 2"})  # one's own that waits, seen by place
    created = bilal.ws.add("house", {"name": {"fr": "Neuve"}}).id
    bilal.ws.edit("house", created, {"phone": "1"})
    bilal.ws.add("tree", {"name": {"fr": "Acacia"}})
    network.heal()
    ana.ws.delete("house", ids[3])
    bilal.ws.edit("house", ids[3], {"phone": "late"})
    network.heal()
    bilal.ws.delete("house", ids[4])
    bilal.ws.restore("house", ids[4])
    network.heal()
    network.in_step()
    exact(seen)
    assert (seen.as_they_are, seen.fallbacks) == (0, 0)


def test_refusals_pass_exactly(seen: Seen, tmp_path: Path) -> None:
    allowed = [True]

    def may(actor: Actor, operation: str, kind: str, values: Any, scope: str) -> Text | None:
        allowed.append(not allowed[-1])
        return None if allowed[-1] or kind == "certificate" else Text("Not today.")

    with Network(tmp_path, may=may) as network:
        ana, bilal = network.two()
        ids = [ana.ws.add("house", {"name": {"fr": f"Maison {n}"}}).id for n in range(9)]
        ana.ws.edit("house", ids[-1], {"phone": "1"})
        network.heal()
        for id in (one.id for one in bilal.ws.records("house")):
            ana.ws.edit("house", id, {"phone": "2"})
        network.heal()
        network.in_step()
        assert {one.state for one in ana.ws.outbox()} == {"accepted", "refused"}
    exact(seen)
    assert (seen.as_they_are, seen.fallbacks) == (0, 0)


def test_what_only_a_newer_program_knows_passes_exactly(seen: Seen, network: Network) -> None:
    newer = Kinds([*KINDS.values(), BOAT])
    ana, bilal, chams = network.device("ana", kinds=newer), network.device("bilal"), network.device("chams", kinds=newer)
    id = ana.ws.add("boat", {"name": "Dhow"}).id
    network.heal()
    ana.ws.edit("boat", id, {"name": "Boutre"})
    network.heal()
    assert chams.ws.get("boat", id)["name"] == "Boutre"
    assert bilal.ws.digest() == chams.ws.digest()
    exact(seen)
    assert (seen.as_they_are, seen.fallbacks) == (0, 0)


def test_both_branches_of_a_copied_device_arrive(seen: Seen, network: Network) -> None:
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    network.heal()
    other = network.copy(ana, "copy")
    ana.ws.edit("house", id, {"phone": "1"})
    other.ws.edit("house", id, {"street": "Rue 2"})
    other.ws.edit("house", id, {"colour": "red"})
    for device in (ana, other, ana, other, bilal):
        device.sync()
    network.heal()
    network.in_step()
    assert {bilal.ws.get("house", id)[name] for name in ("phone", "street", "colour")} == {"1", "Rue 2", "red"}
    assert seen.as_they_are == 0


@pytest.mark.parametrize("seed", range(20))
def test_a_history_ends_as_people_saw_it_briefly(seen: Seen, tmp_path: Path, seed: int) -> None:
    with small_pages():
        History(tmp_path, seed, 60).run()
    assert set(seen.expanded_batches) <= set(seen.batches)
    briefly = set(seen.expanded_pages) & set(seen.taken)  # the others were bent on their way, and refused
    assert briefly
    assert briefly <= set(seen.pages)


def test_a_guest_asks_briefly(seen: Seen, network: Network) -> None:
    ana, _ = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    ana.sync()
    guest = network.guest("guest")
    assert guest.sync().turns == 1
    assert guest.ws.get("house", id)
    assert messages.is_brief(guest.road.requests[-1])
    assert seen.fallbacks == 0


def test_a_replica_on_a_snapshot_names_and_is_told_by_number(seen: Seen, network: Network) -> None:
    """It holds no entries up to the snapshot, and yet nothing is asked for twice."""
    ana, _ = network.two()
    with ana.ws.together():
        ids = [ana.ws.add("house", {"name": {"fr": f"Maison {n}"}, "phone": f"+253 77 {n:06d}"}).id for n in range(400)]
    ana.sync()
    publishing.publish(network.store, network.authority.kinds, "public", network.key, network.files)
    late = network.device("late")
    late.sync()
    assert late.ws.public.value("SELECT count(*) FROM entry WHERE scope = 'public'") == 0
    for count in (1, 2):  # the log is named whole the first time, then by the entry it follows
        for n, id in enumerate(ids[:100]):
            ana.ws.edit("house", id, {"phone": f"+253 7{count} {n:06d}"})
        ana.sync()
        before = late.road.bytes_down
        assert late.sync().turns == 1
        assert late.road.bytes_down - before < 700
    for id in ids[90:200]:
        late.ws.edit("house", id, {"phone": "+253 21 00 00 00"})
    assert late.sync().turns == 1
    assert len(late.road.requests[-1]) < 900
    network.heal()
    network.in_step()
    assert (seen.as_they_are, seen.fallbacks) == (0, 0)


# What does not fit


def test_a_replica_that_lost_what_a_page_names_asks_plainly_in_the_same_sync(seen: Seen, network: Network) -> None:
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "1"}).id
    network.heal()
    ana.ws.edit("house", id, {"phone": "2"})
    ana.sync()
    bilal.ws.public.execute("DELETE FROM log WHERE scope = 'public'")
    report = bilal.sync()
    assert (report.received, report.turns) == (1, 2)
    assert bilal.ws.get("house", id)["phone"] == "2"
    assert seen.fallbacks == 1


def test_a_server_that_lacks_what_a_batch_names_is_told_plainly_in_the_same_sync(seen: Seen, network: Network) -> None:
    ana, _ = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "1"}).id
    network.heal()
    for n in range(3):
        ana.ws.edit("house", id, {"phone": str(n)})
    network.store.execute("DELETE FROM log WHERE scope = 'public'")
    report = ana.sync()
    assert (report.sent, report.accepted, report.turns, report.set_aside) == (3, 3, 2, [])
    assert seen.fallbacks == 1


def test_a_cursor_off_the_chain_is_named_as_before(seen: Seen, network: Network) -> None:
    ana, _ = network.two()
    ana.ws.add("house", {"name": {"fr": "A"}})
    ana.sync()
    ana.ws.public.execute("UPDATE ledger SET chain = zeroblob(32) WHERE scope = 'public'")
    failure = ana.tries()
    assert isinstance(failure, Refused)
    assert failure.code == "server_set_back"
    assert seen.fallbacks == 1


def test_a_batch_that_never_verifies_is_set_aside_once_and_says_why(seen: Seen, network: Network) -> None:
    ana, _ = network.two()
    ana.ws.add("house", {"name": {"fr": "A"}})
    with ana.ws.store.transaction():
        ana.ws.store.execute("UPDATE pending SET before = zeroblob(32), n = 2")
    tree = ana.ws.add("tree", {"name": {"fr": "Acacia"}}).id
    report = ana.sync()
    assert len(report.set_aside) == 1
    assert {one.id: one.state for one in ana.ws.outbox()}[tree] == "accepted"


def test_an_older_server_is_spoken_to_plainly_and_remembered(seen: Seen, network: Network) -> None:
    ana, _ = network.two()
    kept = ana.road.exchange

    def older(body: bytes) -> bytes:
        if messages.is_brief(body):
            ana.road.turns += 1
            raise Invalid(Text("The other side speaks a newer version of Dalil. Update this program; your work is safe meanwhile."), code="newer_version")
        return kept(body)

    ana.road.exchange = older  # type: ignore[method-assign]
    ana.ws.add("house", {"name": {"fr": "A"}})
    assert (ana.sync().accepted, seen.fallbacks) == (1, 1)
    asked = len(ana.road.requests)
    ana.sync()
    assert [messages.is_brief(one) for one in ana.road.requests[asked:]] == [False]
    ana.road.exchange = kept  # type: ignore[method-assign]  # the server is renewed: its plain answers say what it speaks
    ana.sync()
    ana.sync()
    assert messages.is_brief(ana.road.requests[-1])


# What a relay alters


def altered(message: bytes, at: int) -> bytes:
    return message[:at] + bytes([message[at] ^ (1 << at % 8)]) + message[at + 1 :]


@pytest.fixture
def filled(seen: Seen, network: Network) -> tuple[Network, Device, Device]:
    """Ana has written what bilal has still to take, and bilal has something to hand in."""
    ana, bilal = network.two()
    ids = [ana.ws.add("house", {"name": {"fr": f"Maison {n}"}, "phone": f"+253 77 {n:06d}"}).id for n in range(12)]
    network.heal()
    for n, id in enumerate(ids):
        ana.ws.edit("house", id, {"phone": f"+253 78 {n:06d}"})
    ana.ws.add("house", {"name": {"fr": "Neuve", "ar": "جديد"}})
    ana.sync()
    bilal.ws.edit("house", ids[0], {"street": "Rue 3"})
    bilal.ws.edit("house", ids[0], {"street": "Rue 4"})
    return network, ana, bilal


def test_no_altered_byte_of_a_brief_request_does_anything(filled: tuple[Network, Device, Device]) -> None:
    network, _, bilal = filled
    assert bilal.tries("before") is not None
    body = bilal.road.requests[-1]
    assert messages.is_brief(body)
    before = network.verdicts()
    for at in range(len(body)):
        with pytest.raises(Failure):
            answer(network.authority, altered(body, at))
    assert network.verdicts() == before


def bent(stream: bytes, at: int) -> bytes:
    return stream[:at] + bytes([stream[at] ^ (1 << at % 8)]) + stream[at + 1 :]


def pieces(payload: bytes) -> tuple[bytes, bytes]:
    """Both streams of a message, so that a byte can be turned beneath the compression."""
    source = Reader(payload)
    return source._hard, source.soft


def joined(hard: bytes, soft: bytes) -> bytes:
    out = Writer()
    out.hard += hard
    out.soft += soft
    return out.finished()


def test_a_member_who_lies_briefly_gains_nothing(filled: tuple[Network, Device, Device]) -> None:
    """Every byte beneath the compression, proven anew by its holder: refused, set aside, or the very batch that was signed."""
    network, _, bilal = filled
    assert bilal.tries("before") is not None
    _, _, payload = messages.parts_of_request(bilal.road.requests[-1])
    key = bilal.ws.vault.key()
    before = network.verdicts()
    hard, soft = pieces(payload)
    for number in range(len(hard) + len(soft)):
        lie = joined(bent(hard, number), soft) if number < len(hard) else joined(hard, bent(soft, number - len(hard)))
        proof = messages.authenticator(key, network.key.public, lie)
        try:
            answer(network.authority, messages.whole_request(messages.parts_of_request(bilal.road.requests[-1])[0], proof, lie))
        except Failure as failure:
            assert failure.code in ("damaged", "invalid"), number
        entered = set(network.verdicts()) - set(before)
        assert len(entered) in (0, 2), number
        if entered:  # a budget or a floor was bent: the batch itself is whole
            assert entered == {one.change for one in bilal.ws.outbox() if one.state != "accepted"}
    network.heal()
    network.in_step()


def test_no_altered_byte_of_a_brief_answer_opens(filled: tuple[Network, Device, Device]) -> None:
    """Every byte, as carried and beneath the compression: refused, or the same entries with the same proofs."""
    network, _, bilal = filled
    heads = bilal.ws.heads()
    with bilal.ws.store.transaction():
        found = bilal.ws.vault.batches(10**6)
    mine = {one.log + one.n.to_bytes(4, "big"): (one.body, bilal.ws.vault.salt(one.log, one.n)) for _, run in found for one in run}
    one = Asker(lambda scope: bilal.ws.private if scope == "network" else bilal.ws.public, Kinds([*KINDS.values(), CERTIFICATE]),
                network.key.public, bilal.ws.vault.key())
    epoch = heads["public"].epoch
    request = Request(fingerprint(network.key.public), epoch, {scope: (at.number, at.chain[:8]) for scope, at in heads.items()}, [], 10**6)
    whole = answer(network.authority, one.message(request, [batch for batch, _ in found], heads))
    trust = Trust(bilal.ws.public, network.key.public)

    def opened(data: bytes) -> Any:
        answered = one.answer(data)
        if answered is None:
            return None
        rows = []
        for page in answered[1]:
            rows.append((ledger.open_page(page, heads[page.scope], network.key.public, trust, mine)[0], page.logs))
        return rows

    right = opened(whole)
    assert len(right) == 1
    assert len(right[0][0]) == 15
    hard, soft = pieces(whole[len(messages.HEAD) :])
    lies: list[Callable[[], bytes]] = [lambda at=at: altered(whole, at) for at in range(len(whole))]
    lies += [lambda at=at: messages.HEAD + joined(bent(hard, at), soft) for at in range(len(hard))]
    lies += [lambda at=at: messages.HEAD + joined(hard, bent(soft, at)) for at in range(len(soft))]
    refused = 0
    for lie in lies:
        try:
            told = opened(lie())
        except Failure as failure:
            assert failure.code in ("damaged", "invalid", "newer_version")
            refused += 1
            continue
        assert told in (None, right, []), "something else was taken"
    assert refused > len(lies) * 0.8
