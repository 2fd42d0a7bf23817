"""What a relay or somebody with the database alters is named, and is not applied."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from sync import codec, ledger
from sync.change import Page
from sync.errors import Failure
from sync.exchange.answering import answer
from sync.exchange.words import Answer, Envelope
from sync.identity import SigningKey
from sync.scopes import FOUNDED
from sync.store import SqliteStore
from sync.trust import Trust
from sync.verify import problems_of
from tests.sync.network import KINDS, Device, Network, small_pages


@pytest.fixture
def filled(network: Network) -> tuple[Network, Device, Device, str]:
    """Ana and bilal have written a little of everything; bilal has still to take the last page."""
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A", "ar": "أ"}, "phone": "1", "tags": ["red"], "facts": {"a": "x"}}).id
    network.heal()
    ana.ws.edit("house", id, {"phone": "2", "street": "Rue 1"})
    ana.ws.add("tree", {"name": {"fr": "Acacia"}})
    bilal.ws.edit("house", id, {"phone": "3"})
    ana.sync()
    assert ana.ws.digest() == network.digest()
    return network, ana, bilal, id


def state_of(device: Device) -> tuple[list[bytes], dict[str, str], dict[str, int], int]:
    return (list(device.ws.export_lines()), device.ws.digest(), {scope: head.number for scope, head in device.ws.heads().items()},
            device.ws.status().waiting)


def whole_answer(device: Device) -> bytes:
    """The bytes that the server answers now, without anything being taken."""
    kept: list[bytes] = []

    def keep(found: bytes) -> bytes:
        kept.append(found)
        return b"not ours"

    assert device.tries(keep) is not None
    return kept[0]


def test_no_altered_byte_of_a_page_opens(filled: tuple[Network, Device, Device, str]) -> None:
    """Every byte of every page, every way of turning one bit: refused, or the same entries and the same proofs."""
    network, _, bilal, _ = filled
    found = codec.unpack(codec.open_message(whole_answer(bilal)), Answer)
    assert len(found.pages) == 2
    for data in found.pages:
        page = codec.unpack(data, Page)
        at = bilal.ws.heads()[page.scope]
        trust = Trust(bilal.ws.public, network.key.public)
        with bilal.ws.store.transaction():
            mine = {one.log + one.n.to_bytes(4, "big"): (one.body, bilal.ws.vault.salt(one.log, one.n)) for one in bilal.ws.vault.outbox()}
        right = ledger.open_page(page, at, network.key.public, trust, mine)
        for place in range(len(data)):
            altered = data[:place] + bytes([data[place] ^ (1 << place % 8)]) + data[place + 1 :]
            try:
                opened = codec.unpack(altered, Page)
                rows = ledger.open_page(opened, at, network.key.public, trust, mine)
            except Failure as failure:
                assert failure.code == "damaged", f"byte {place}: {failure!r}"
                continue
            assert (rows, opened.logs) == (right, page.logs), f"byte {place} of a page of {page.scope} was taken"


def test_an_altered_answer_leaves_the_copy_as_it_was(filled: tuple[Network, Device, Device, str]) -> None:
    """Bytes all over the unpacked answer: nothing wrong is applied, and the next sync goes on as if nothing had been."""
    network, _, bilal, _ = filled
    plain = codec.open_message(whole_answer(bilal))
    copy = network.folder / "before"
    before = state_of(bilal)
    bilal.ws.close()
    shutil.copytree(bilal.folder, copy)
    bilal.ws = bilal.open()
    assert bilal.tries() is None
    right = state_of(bilal)
    for at in range(0, len(plain), len(plain) // 24):
        altered = plain[:at] + bytes([plain[at] ^ (1 << at % 8)]) + plain[at + 1 :]
        bilal.ws.close()
        shutil.rmtree(bilal.folder)
        shutil.copytree(copy, bilal.folder)
        bilal.ws = bilal.open()
        once = iter([False, True])  # one turn, so that nothing right comes after
        failure = bilal.tries(lambda _, altered=altered: codec.seal_message(altered), stop=lambda once=once: next(once, True))
        lines, digest, heads, _ = state_of(bilal)
        if heads == before[2]:
            assert lines == before[0], f"byte {at}"
        assert set(lines) <= set(right[0]) | set(before[0]), f"byte {at} was taken"
        assert bilal.ws.verify() == [], f"byte {at}"
        assert failure is None or failure.code in ("damaged", "cancelled", "invalid", "server_set_back"), f"byte {at}: {failure!r}"
        assert all(digest[scope] in (before[1].get(scope), right[1].get(scope)) for scope in digest), f"byte {at}"
        assert bilal.tries() is None, f"byte {at} left the copy unable to go on"
        assert state_of(bilal)[:3] == right[:3], f"byte {at} left a trace"


def test_no_altered_byte_of_a_request_does_anything(filled: tuple[Network, Device, Device, str]) -> None:
    network, _, bilal, _ = filled
    before = network.digest()
    assert bilal.tries("before") is not None
    body = codec.open_message(bilal.road.requests[-1])
    for at in range(len(body)):
        altered = body[:at] + bytes([body[at] ^ (1 << at % 8)]) + body[at + 1 :]
        with pytest.raises(Failure):
            answer(network.authority, codec.seal_message(altered))
        assert network.digest() == before, f"byte {at}"


def test_no_altered_byte_of_a_batch_is_taken(filled: tuple[Network, Device, Device, str]) -> None:
    network, _, bilal, _ = filled
    before = network.verdicts()
    with bilal.ws.store.transaction():
        (batch, _), = bilal.ws.vault.batches(10**6)
    plain = codec.pack(batch)
    for at in range(len(plain)):
        altered = plain[:at] + bytes([plain[at] ^ (1 << at % 8)]) + plain[at + 1 :]
        with pytest.raises(Failure):
            network.authority.commit(codec.squeeze(altered))
        assert network.verdicts() == before, f"byte {at}"
    assert network.authority.commit(codec.squeeze(plain)).accepted == 1


def reforged(message: bytes, change: Callable[[Page], Page]) -> bytes:
    """An answer of which every page was changed."""
    found = codec.unpack(codec.open_message(message), Answer)
    pages = [codec.pack(change(codec.unpack(data, Page))) for data in found.pages]
    return codec.seal_message(codec.pack(Answer(found.time, found.epoch, found.heads, pages, found.receipts, found.astray)))


def test_a_page_signed_by_a_stranger_is_not_taken(filled: tuple[Network, Device, Device, str]) -> None:
    _, _, bilal, _ = filled
    stranger = SigningKey(b"s" * 32)

    def sign(page: Page) -> Page:
        return Page(page.scope, page.epoch, page.first, page.before, page.logs, page.entries, stranger.sign(page.signature))

    before = state_of(bilal)
    failure = bilal.tries(lambda found: reforged(found, sign))
    assert failure is not None
    assert failure.code == "damaged"
    assert state_of(bilal)[:3] == before[:3]


def test_a_server_cannot_put_words_into_an_authors_mouth(filled: tuple[Network, Device, Device, str]) -> None:
    """Whoever holds the authority's key and rewrites a text still lacks its author's signature."""
    network, _, bilal, _ = filled
    with network.store.transaction():
        number, body = network.store.row("SELECT number, body FROM entry WHERE scope = 'public' AND verdict = 1 ORDER BY number DESC") or (0, b"")
        forged = bytes(body).replace(b"Rue 1", b"Rue 9")
        assert forged != bytes(body)
        log, n = network.store.row("SELECT log, n FROM entry WHERE scope = 'public' AND number = ?", (number,)) or (b"", 0)
        seed = network.store.value("SELECT seed FROM log_seed WHERE log = ? AND run = ?", (log, n // codec.RUN))
        commitment = codec.commitment(codec.salt_of(bytes(seed), n), forged)
        network.store.execute("UPDATE entry SET body = ?, commitment = ?, mark = ? WHERE scope = 'public' AND number = ?",
                              (forged, commitment, commitment[:2], number))
        at = ledger.head(network.store, "public")
        assert at is not None
        chain = ledger.chain_at(network.store, "public", number - 1)
        row, = ledger.rows_after(network.store, "public", number - 1, 1)
        chain = ledger.extend(chain, [row])
        network.store.execute("DELETE FROM signed_head WHERE scope = 'public' AND number >= ?", (number,))
        ledger.move(network.store, at, number, chain, network.key.sign(ledger.head_statement("public", at.epoch, number, chain)))
    before = state_of(bilal)
    failure = bilal.tries()
    assert failure is not None
    assert failure.code == "damaged"
    assert "Rue 9" not in b"".join(state_of(bilal)[0]).decode()
    assert state_of(bilal)[2]["public"] == before[2]["public"]


@pytest.mark.parametrize(("sql", "named"), [
    ("UPDATE house SET phone = '666' WHERE phone IS NOT NULL", "house"),
    ("UPDATE house SET gone = 1", "house"),
    ("UPDATE house SET conflicts = 1", "house"),
    ("DELETE FROM house", "house"),
    ("UPDATE house SET scope = 'network'", ""),
    ("UPDATE entry SET body = replace(body, 'Rue 1', 'Rue 2') WHERE number = 2", ""),
    ("UPDATE entry SET verdict = 2 WHERE number = 1 AND scope = 'public'", ""),
    ("UPDATE entry SET control = control + 1 WHERE scope = 'public'", ""),
    ("UPDATE entry SET n = n + 100 WHERE number = 1 AND scope = 'public'", ""),
    ("DELETE FROM entry WHERE number = 1 AND scope = 'public'", ""),
    ("DELETE FROM entry WHERE number = (SELECT max(number) FROM entry WHERE scope = 'public') AND scope = 'public'", ""),
    ("UPDATE ledger SET number = number - 1 WHERE scope = 'public'", ""),
    ("UPDATE ledger SET signature = zeroblob(64) WHERE scope = 'public'", ""),
    ("UPDATE ledger SET epoch = zeroblob(8) WHERE scope = 'public'", ""),
    ("UPDATE ledger SET digest = zeroblob(32) WHERE scope = 'public'", ""),
    ("UPDATE log_signature SET signature = zeroblob(64)", ""),
    ("UPDATE log_seed SET seed = zeroblob(16)", ""),
    ("UPDATE certificate SET role = 'administrator'", ""),
    ("UPDATE certificate SET key = replace(key, substr(key, 1, 1), 'f')", ""),
    ("UPDATE signed_head SET chain = zeroblob(32) WHERE scope = 'public'", "public"),
    ("UPDATE signed_head SET signature = zeroblob(64) WHERE scope = 'public'", "public"),
    ("UPDATE entry SET mark = x'0000' WHERE number = 1 AND scope = 'public'", "entrée 1"),
    ("UPDATE entry SET record = '018f0000-0000-7000-8000-000000000001' WHERE number = 1 AND scope = 'public'", "entrée 1"),
    ("UPDATE certificate SET revoked = 1 WHERE number = 2", ""),
])
@pytest.mark.parametrize("whose", ["client", "server"])
def test_what_sql_alters_verify_names(filled: tuple[Network, Device, Device, str], sql: str, named: str, whose: str) -> None:
    network, ana, _, id = filled
    assert ana.ws.verify() == []
    ana.ws.close()
    path = network.folder / "server.db" if whose == "server" else ana.folder / "public.db"
    with sqlite3.connect(path, isolation_level=None) as outside:
        if "replace(body" in sql:
            body, = outside.execute("SELECT body FROM entry WHERE number = 2 AND scope = 'public'").fetchone()
            outside.execute("UPDATE entry SET body = ? WHERE number = 2 AND scope = 'public'", (body.replace(b"Rue 1", b"Rue 2"),))
        else:
            assert outside.execute(sql).rowcount != 0
    outside.close()
    ana.ws = ana.open()
    if whose == "server":
        store = SqliteStore(path)
        problems = problems_of(store, KINDS, FOUNDED, network.key.public, store)
        store.close()
    else:
        problems = ana.ws.verify()
    assert problems, f"nobody noticed: {sql}"
    if named:
        named = id if named == "house" else named
        assert any(named in str(one) for one in problems), [str(one) for one in problems]


@pytest.mark.parametrize("whose", ["client", "server"])
def test_an_altered_chain_of_a_log_is_named(network: Network, whose: str) -> None:
    """In the middle of what was signed together no signature stands beside the entry; nobody could prove it any more."""
    ana, bilal = network.two()
    for number in range(3):
        ana.ws.add("house", {"name": {"fr": f"House {number}"}})
    ana.sync()
    bilal.sync()
    assert bilal.ws.verify() == []
    store = network.store if whose == "server" else bilal.ws.public
    store.execute("UPDATE entry SET before = commitment WHERE number = 2 AND scope = 'public'")
    problems = bilal.ws.verify() if whose == "client" else problems_of(store, KINDS, FOUNDED, network.key.public, store)
    assert [one.msgid for one in problems] == ["A change in the ledger “{scope}” is not what its author signed."]


def test_a_column_that_shows_something_else_than_its_state_is_named(filled: tuple[Network, Device, Device, str]) -> None:
    """In a conflict the state holds the values; the column that people read must still agree with it."""
    network, ana, bilal, id = filled
    bilal.sync()
    ana.sync()
    assert ana.ws.conflicts()
    ana.ws.close()
    with sqlite3.connect(ana.folder / "public.db", isolation_level=None) as outside:
        outside.execute("UPDATE house SET phone = '666'")
    outside.close()
    ana.ws = ana.open()
    assert any(id in str(one) for one in ana.ws.verify())


def test_a_damaged_file_is_said_in_a_sentence(network: Network) -> None:
    ana, _ = network.two()
    for number in range(30):
        ana.ws.add("house", {"name": {"fr": f"House {number}"}})
    ana.sync()
    ana.ws.close()
    path = ana.folder / "public.db"
    with sqlite3.connect(path) as outside:
        outside.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    outside.close()
    data = bytearray(path.read_bytes())
    data[len(data) // 3 : len(data) // 3 + 6000] = b"\xa5" * 6000
    path.write_bytes(data)
    for suffix in ("-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    try:
        ana.ws = ana.open()
    except Failure as failure:
        assert failure.code == "damaged"
        ana.ws = network.guest("unused").ws
        return
    assert ana.ws.verify() or ana.ws.repaired


def test_an_envelope_of_somebody_else_is_not_believed(filled: tuple[Network, Device, Device, str]) -> None:
    """A request carries one signature over all of it; another member's key does not open it."""
    network, ana, bilal, _ = filled
    assert bilal.tries("before") is not None
    envelope = codec.unpack(codec.open_message(bilal.road.requests[-1]), Envelope)
    from sync.identity import key_id

    other = Envelope(key_id(ana.ws.vault.key().public), envelope.signature, envelope.payload)
    with pytest.raises(Failure):
        answer(network.authority, codec.seal_message(codec.pack(other)))
    assert json.dumps(network.digest())


@pytest.mark.parametrize(("sql", "named"), [
    ("UPDATE entry SET body = replace(body, 'Rue 1', 'Rue 2') WHERE number = 2", ("entrée 2", "public")),
    ("UPDATE entry SET record = '018f0000-0000-7000-8000-000000000001' WHERE number = 2 AND scope = 'public'", ("entrée 2", "public")),
    ("UPDATE entry SET control = control + 1 WHERE scope = 'public'", ("public",)),
    ("UPDATE entry SET verdict = 2 WHERE number = 2 AND scope = 'public'", ("public",)),
    ("UPDATE entry SET commitment = zeroblob(32) WHERE number = 2 AND scope = 'public'", ("public",)),
    ("UPDATE ledger SET signature = zeroblob(64) WHERE scope = 'public'", ("public",)),
    ("UPDATE ledger SET chain = zeroblob(32) WHERE scope = 'public'", ("public",)),
    ("DELETE FROM log_signature", ("signature",)),
])
def test_a_server_does_not_sign_what_was_altered_in_its_database(filled: tuple[Network, Device, Device, str], sql: str, named: tuple[str, ...]) -> None:
    """A page of altered entries is cut for nobody; the sentence says which, and the other scopes go on."""
    network, _, bilal, _ = filled
    before = state_of(bilal)
    with network.store.transaction():
        if "replace(body" in sql:
            body = network.store.value("SELECT body FROM entry WHERE number = 2 AND scope = 'public'")
            network.store.execute("UPDATE entry SET body = ? WHERE number = 2 AND scope = 'public'", (bytes(body).replace(b"Rue 1", b"Rue 2"),))
        else:
            network.store.execute(sql)
    with bilal.ws.store.transaction():
        bilal.ws.store.execute("DELETE FROM pending")  # bilal hands nothing in: a commit would sign a new head
    failure = bilal.tries()
    assert failure is not None
    assert failure.code == "damaged"
    assert all(word in str(failure) for word in named), str(failure)
    found = state_of(bilal)
    assert found[2]["public"] == before[2]["public"]
    assert bilal.ws.verify() == []
    if sql != "DELETE FROM log_signature":
        assert found[2]["network"] > before[2].get("network", 0), "what was not altered did not come"


def test_no_page_between_two_signed_heads_hides_an_altered_verdict(network: Network) -> None:
    """Small pages are signed as they are cut: the server looks on to the next head that it signed when it decided."""
    ana, bilal = network.two()
    for number in range(30):
        ana.ws.add("house", {"name": {"fr": f"Maison {number}"}})
    ana.sync()
    number = network.store.value("SELECT min(number) FROM entry WHERE scope = 'public'") + 3
    with network.store.transaction():
        network.store.execute("UPDATE entry SET control = control + 7 WHERE scope = 'public' AND number = ?", (number,))
    with small_pages():
        failure = bilal.tries()
    assert failure is not None
    assert "public" in str(failure)
    assert bilal.ws.records("house") == []


def test_a_client_names_the_scope_and_the_entries_that_a_relay_altered(filled: tuple[Network, Device, Device, str]) -> None:
    network, _, bilal, _ = filled

    def alter(page: Page) -> Page:
        return Page(page.scope, page.epoch, page.first, page.before, page.logs, [*page.entries[:-1], page.entries[0]], page.signature)

    first = next(codec.unpack(data, Page) for data in codec.unpack(codec.open_message(whole_answer(bilal)), Answer).pages)
    failure = bilal.tries(lambda found: reforged(found, alter))
    assert failure is not None
    assert first.scope in str(failure)
    assert str(first.first) in str(failure)
