"""The authority by itself: whom it certifies, the facts that it declares, and which batches it looks at any further."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from sync import codec, ledger, scope_keys
from sync.actor import Actor
from sync.authority import Authority, opened
from sync.change import START, Batch, Change, Operation, Verdict, Write, head_statement, log_id, log_link, log_statement
from sync.deciding import Taken
from sync.entries import rows_after
from sync.errors import Damaged, Failure, Refused
from sync.handed import Handed, handed
from sync.identity import SigningKey, key_id, verifies
from sync.scopes import CONTROL, FOUNDED, NETWORK, PUBLIC
from sync.store import SqliteStore
from sync.verify import problems_of
from tests.sync.network import KINDS, Device, Network, everyone

KEY = SigningKey(bytes(range(32)))
ID = uuid.UUID(int=7)
PERSON, LOST, KEPT, ORGANISATION = (f"01990000-0000-7000-8000-00000000000{number}" for number in range(4))


@pytest.fixture
def authority(network: Network) -> Authority:
    """One whose key is always the same."""
    found = Authority(SqliteStore(network.folder / "other.db"), KINDS, KEY, everyone, network.now, network.random.randbytes)
    found.begin()
    return found


def facts(authority: Authority) -> list[Change]:
    """What the control ledger says, in order."""
    return [codec.unpack(row.body or b"", Change) for row in rows_after(authority.store, CONTROL, 0, 1000)]


def said(change: Change) -> dict[str, Any]:
    return {write.path: write.value for write in change.writes}


def test_every_ledger_begins_empty_in_one_epoch_and_signed(authority: Authority) -> None:
    heads = [ledger.head(authority.store, scope) for scope in FOUNDED]
    assert [one and (one.scope, one.number, one.chain) for one in heads] == [(scope, 0, START) for scope in FOUNDED]
    epoch, = {one.epoch for one in heads if one}
    assert len(epoch) == 8
    assert all(verifies(KEY.public, head_statement(scope, epoch, 0, START), one.signature) for scope, one in zip(FOUNDED, heads, strict=True) if one)
    authority.certify(KEY.public, PERSON, LOST, "member")
    authority.begin()  # as at each start
    assert [one and one.epoch for scope in FOUNDED if (one := ledger.head(authority.store, scope))] == [epoch] * len(FOUNDED)
    assert ledger.head(authority.store, CONTROL).number == 2  # type: ignore[union-attr]


def test_a_new_ledger_beside_old_ones_begins_in_their_epoch(authority: Authority) -> None:
    """A scope that an older program did not know."""
    epoch = ledger.head(authority.store, CONTROL).epoch  # type: ignore[union-attr]
    authority.store.execute("DELETE FROM ledger WHERE scope = ?", (NETWORK,))
    authority.begin()
    assert ledger.head(authority.store, NETWORK).epoch == epoch  # type: ignore[union-attr]


@pytest.mark.parametrize("organisation", [None, ORGANISATION])
def test_a_certificate_says_whose_key_it_is_once(authority: Authority, organisation: str | None) -> None:
    public = SigningKey(bytes(32)).public
    id = authority.certify(public, PERSON, LOST, "moderator", [organisation] if organisation else [])
    assert id == "9471f5b9-3679-5423-9812-6cbec43407af"  # made of the key: every server, of every version, gives it this name
    assert authority.certify(public, ORGANISATION, KEPT, "member") == id
    key, change = facts(authority)
    assert (key.kind, said(key)["ledger"]) == ("scope_key", NETWORK)
    assert (uuid.UUID(bytes=change.record), change.kind, change.operation) == (uuid.UUID(id), "certificate", Operation.CREATE)
    more = {} if organisation is None else {f"organisations#{organisation}": True}
    wrap = {"keys#network@1": scope_keys.wrapped(scope_keys.made(KEY, NETWORK, 1), KEY.shared(public))}
    assert said(change) == {"key": public.hex(), "person": PERSON, "device": LOST, "role": "moderator"} | more | wrap
    known = authority.trust.certified(key_id(public))
    assert known is not None
    assert (known.key, known.person, known.device, known.role, known.revoked) == (public, PERSON, LOST, "moderator", False)
    assert known.actor == Actor("moderator", PERSON, (organisation,) if organisation else ())
    assert authority.certify(SigningKey(b"1" * 32).public, PERSON, LOST, "member") != id


def test_a_device_is_revoked_with_every_key_of_it_and_no_other(authority: Authority) -> None:
    keys = [SigningKey(bytes([number]) * 32).public for number in range(3)]
    for key, device in zip(keys, (LOST, LOST, KEPT), strict=True):
        authority.certify(key, PERSON, device, "member")
    assert authority.revoke(LOST) == 2
    assert [authority.trust.certified(key_id(key)).revoked for key in keys] == [True, True, False]  # type: ignore[union-attr]
    assert authority.revoke(LOST) == 0
    assert authority.revoke(PERSON) == 0
    first, second, key, kept = facts(authority)[4:]
    assert [said(first), said(second)] == [{"revoked": True}] * 2
    new = scope_keys.made(KEY, NETWORK, 2)
    assert (said(key)["name"], said(key)["generation"]) == (new.name.hex(), 2)
    assert kept.record == uuid.UUID(authority.certify(keys[2], PERSON, KEPT, "member")).bytes
    assert said(kept) == {"keys#network@2": scope_keys.wrapped(new, KEY.shared(keys[2]))}


def test_the_facts_of_an_authority_are_one_log_that_goes_on_after_each_start(authority: Authority, network: Network) -> None:
    """Its seeds come from its key, so that a server set back says the same fact in the same words, and never another under its salt."""
    count = codec.RUN + 2
    for number in range(count):
        again = Authority(authority.store, KINDS, KEY, everyone, network.now, network.random.randbytes)  # another start
        again.certify(SigningKey(bytes([number]) * 32).public, PERSON, LOST, "member")
    log = log_id(key_id(KEY.public), CONTROL, bytes(8))
    rows = rows_after(authority.store, CONTROL, 0, 1000)
    assert [(row.log, row.n, row.number, row.verdict) for row in rows] == [(log, n, n, Verdict.ACCEPTED) for n in range(1, count + 2)]
    link = START
    for row in rows:
        assert row.before == link
        seed = codec.digest(b"dalil seed", KEY.seed, (row.n // codec.RUN).to_bytes(8, "big"))[:16]
        assert row.commitment == codec.commitment(codec.salt_of(seed, row.n), row.body or b"")
        link = log_link(link, row.commitment)
    times = [one.time for one in facts(authority)]
    assert times == sorted(set(times))
    assert [list(said(one)) for one in facts(authority)] == [["generation", "ledger", "name"], *[["device", "key", "keys#network@1", "person", "role"]] * count]
    assert [str(one) for one in problems_of(authority.store, authority.kinds, (CONTROL,), KEY.public, authority.store)] == []


def waiting(device: Device) -> Batch:
    """What a device would hand in."""
    (batch, _), = device.ws.vault.batches(10**6)
    return batch


def signed(device: Device, batch: Batch) -> Handed:
    """A batch in the shape that it has now, with the device's signature over that."""
    found = handed(batch)
    signature = device.ws.vault.key().sign(log_statement(found.log, found.rows[-1].n, found.end))
    return handed(replace(batch, signature=signature))


def test_batches_of_one_request_are_each_decided_or_refused_in_their_place(either: Network) -> None:
    with either as network:
        ana, bilal = network.two()
        stranger = Network(network.folder / "elsewhere", 1)
        clara = stranger.device("clara")
        for device in (ana, bilal, clara):
            device.ws.add("house", {"name": {"fr": device.name}})
        good, other, strange = waiting(ana), waiting(bilal), waiting(clara)
        forged = replace(other, signature=good.signature)
        found = network.authority.take([handed(strange), handed(good), handed(forged), handed(other)])
        assert [type(one) for one in found] == [Refused, Taken, Damaged, Taken]
        assert isinstance(found[0], Refused)
        assert (found[0].code, "certificate" in found[0].message.say("en")) == ("no_certificate", True)
        assert [one.receipt.accepted for one in found if isinstance(one, Taken)] == [1, 1]
        assert [one.handed.batch.key for one in found if isinstance(one, Taken)] == [good.key, other.key]
        assert network.authority.take([]) == []
        assert network.authority.commit(codec.squeeze(codec.pack(good))).known == 1
        for data, failure in ((strange, Refused), (forged, Damaged)):
            with pytest.raises(failure):
                network.authority.commit(codec.squeeze(codec.pack(data)))
        stranger.__exit__(None, None, None)


@pytest.mark.parametrize(("scope", "taken"), [
    (PUBLIC, Taken), (NETWORK, Taken), (CONTROL, Damaged), ("moderator", Taken), (f"org:{ORGANISATION}", Refused), ("person:", Damaged), ("", Damaged)])
def test_a_member_hands_in_for_the_scopes_that_there_are_and_never_for_the_authoritys_own(network: Network, scope: str, taken: type) -> None:
    ana, _ = network.two()
    ana.ws.add("house", {"name": {"fr": "A"}})
    found, = network.authority.take([signed(ana, replace(waiting(ana), scope=scope))])
    assert isinstance(found, taken)
    assert not isinstance(found, Taken) or scope != "moderator" or (found.receipt.accepted, found.receipt.refused) == (0, 1)


def test_the_authoritys_key_says_nothing_but_facts(network: Network) -> None:
    change = codec.pack(Change(ID.bytes, "house", Operation.CREATE, 1, [Write("name.fr", "A", [])]))
    empty = Batch(key_id(network.key.public), PUBLIC, bytes(8), 1, START, [(0, bytes(16))], [change], b"")
    plain = handed(empty)
    whole = handed(replace(empty, signature=network.key.sign(log_statement(plain.log, 1, plain.end))))
    found, = network.authority.take([whole])
    assert isinstance(found, Damaged)


def sized(*sizes: int) -> Callable[[Batch], Batch]:
    return lambda batch: replace(batch, seeds=[(0, bytes(16))], bodies=[bytes(size) for size in sizes])


MOST = codec.MAX_BATCH // codec.MAX_CHANGE


@pytest.mark.parametrize(("altered", "taken"), [
    (sized(codec.MAX_CHANGE), True), (sized(1, codec.MAX_CHANGE + 1), False),
    (sized(*[codec.MAX_CHANGE] * MOST), True), (sized(*[codec.MAX_CHANGE] * MOST, 1), False),
])
def test_a_change_and_a_batch_have_a_most(network: Network, altered: Callable[[Batch], Batch], *, taken: bool) -> None:
    """Exactly as long as allowed is allowed; what is in them is no change here, and refused as such."""
    ana, _ = network.two()
    ana.ws.add("house", {"name": {"fr": "A"}})
    found, = network.authority.take([signed(ana, altered(waiting(ana)))])
    assert isinstance(found, Taken if taken else Damaged)
    assert not isinstance(found, Taken) or found.receipt.refused == len(found.handed.rows)


@pytest.mark.parametrize("data", [b"", b"none", codec.squeeze(b"none"), codec.squeeze(bytes(codec.MAX_BATCH + 1))])
def test_what_is_no_batch_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(Failure):
        opened(data)


def test_a_fresh_id_is_made_of_the_clock_and_of_chance(authority: Authority, network: Network) -> None:
    first, second = uuid.UUID(authority.new_id()), uuid.UUID(authority.new_id())
    assert (first.version, second.version) == (7, 7)
    assert [one.int >> 80 for one in (first, second)] == [network.time - 1000, network.time]
    assert first.int & (2**62 - 1) != second.int & (2**62 - 1)
