"""What planted faults showed that no test saw, each as the smallest history that shows it; `make mutants` plants them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from i18n import Text
from sync import codec, ledger
from sync.change import START, Page, Step, entry_link, head_statement, log_id, step_statement
from sync.epochs import check
from sync.errors import Damaged, Failure
from sync.going_back import forget_confirmed
from sync.identity import SigningKey
from sync.merge import Live, State, write
from sync.scopes import NETWORK, PUBLIC
from sync.snapshots import publishing
from sync.trust import Trust
from tests.sync.network import YEAR, Device, Network, small_pages
from tests.sync.test_exchange import opened


def shown(device: Device, id: str, field: str) -> set[Any]:
    """What stands in a field: the value shown, or all that a card asks about."""
    card = next((one for one in device.ws.conflicts() if (one.id, one.field) == (id, field)), None)
    return {device.ws.get("house", id)[field]} if card is None else {value.value for value in card.values}


def test_a_clock_that_is_years_late_loses_no_edit(network: Network) -> None:
    ana, bilal = network.two()
    late = network.device("late", skew=-10 * YEAR)
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "1"}).id
    network.heal()
    late.ws.edit("house", id, {"phone": "2"})
    network.heal()
    assert shown(bilal, id, "phone") == {"2"}
    late.ws.edit("house", id, {"street": "late"})
    bilal.ws.edit("house", id, {"street": "soon"})
    network.heal()
    assert shown(ana, id, "street") == {"late", "soon"}
    network.in_step()


def test_what_was_seen_of_one_field_says_nothing_of_another(network: Network) -> None:
    """Bilal's save wrote two fields; ana's sees it in one of them only, where it is the value shown."""
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "1", "street": "1"}).id
    network.heal()
    ana.ws.edit("house", id, {"phone": "ana"})
    bilal.ws.edit("house", id, {"phone": "bilal", "street": "bilal"})
    ana.sync()
    network.heal()
    assert ana.ws.get("house", id)["phone"] == "ana"
    ana.ws.edit("house", id, {"phone": "again", "street": "again"})
    network.heal()
    for device in (ana, bilal):
        assert shown(device, id, "phone") == {"again", "bilal"}
        assert shown(device, id, "street") == {"again"}
    network.in_step()


def test_a_write_named_early_in_one_field_lives_in_another() -> None:
    state = State("id", "kind", 1, {"phone": (Live(1, "a"),), "street": (Live(1, "a"),)})
    early = b"early dot here"
    write(state, "phone", "b", 2, b"another one ..", {early, 1}, {early})
    write(state, "street", "c", 3, early, {1})
    assert state.parts["street"] == (Live(3, "c"),)
    write(state, "phone", "c", 3, early, {1})
    assert state.parts["phone"] == (Live(2, "b"),)


def test_a_deletion_covers_what_was_seen_before_it_was_accepted(network: Network) -> None:
    """The edit that the deleter saw arrives after the deletion; then the record is hidden."""
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "1"}).id
    network.heal()
    ana.ws.edit("house", id, {"phone": "2"})
    edit, = waiting(ana)
    ana.ws.delete("house", id)
    ana.ws.store.execute("UPDATE pending SET state = 'held' WHERE position = ?", (edit,))
    ana.sync()
    ana.ws.store.execute("UPDATE pending SET state = 'waiting' WHERE position = ?", (edit,))
    network.heal()
    for device in (ana, bilal):
        assert device.ws.records("house") == []
        assert device.ws.conflicts() == []
    network.in_step()


def waiting(device: Device) -> list[int]:
    """The positions of what waits."""
    return [position for (position,) in device.ws.store.rows("SELECT position FROM pending WHERE state = 'waiting'")]


def test_an_edit_of_one_branch_leaves_what_the_other_wrote_under_the_same_number(network: Network) -> None:
    """Both branches write the same field under the same number; whoever goes on in one had not seen the other."""
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "0"}).id
    network.heal()
    copy = network.copy(ana, "copy")
    ana.ws.edit("house", id, {"phone": "ana"})
    ana.sync()
    copy.ws.edit("house", id, {"phone": "first"})
    first, = waiting(copy)
    copy.ws.edit("house", id, {"phone": "second"})  # it saw the first, whose number ana has used for another change
    copy.ws.store.execute("UPDATE pending SET state = 'held' WHERE position = ?", (first,))
    copy.sync()  # the second arrives alone
    copy.ws.store.execute("UPDATE pending SET state = 'waiting' WHERE position = ?", (first,))
    network.heal()
    for device in (ana, bilal, copy):
        assert shown(device, id, "phone") == {"ana", "second"}
    network.in_step()


def test_a_snapshot_tells_the_branches_of_a_copied_device_apart(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two changes with one number, one is refused: after a snapshot each author still hears their own verdict."""
    monkeypatch.setattr(publishing, "_PAGED", 50.0)  # a snapshot however small
    network.authority.may = lambda actor, operation, kind, values, scope: Text("No.") if operation == "edit" and _street(values) == "no" else None
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "0"}).id
    other = ana.ws.add("house", {"name": {"fr": "B"}, "phone": "0", "street": "no"}).id
    network.heal()
    copy = network.copy(ana, "copy")
    ana.ws.edit("house", other, {"phone": "refused"})
    copy.ws.edit("house", id, {"phone": "accepted"})
    ana.tries("after")  # both arrive, and nobody hears of it
    copy.tries("after")
    bilal.sync()
    publishing.publish(network.store, network.authority.kinds, "public", network.key, network.files)
    for device, states in ((ana, ["refused"]), (copy, ["accepted"])):
        device.sync()
        assert device.ws.public.value("SELECT count(*) FROM snapshot WHERE scope = 'public'") == 1
        assert [one.state for one in device.ws.outbox()][:1] == states
    late = network.device("late")
    network.heal()
    late.ws.edit("house", id, {"phone": "late"})
    network.heal()
    assert shown(bilal, id, "phone") == {"late"}
    network.in_step()


def _street(values: Mapping[str, Any] | None) -> str | None:
    return (values or {}).get("street")


def test_what_waited_for_a_creation_hears_that_it_was_refused(network: Network) -> None:
    network.authority.may = lambda actor, operation, kind, values, scope: Text("No.") if operation == "create" else None
    ana, _ = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    with ana.ws.store.transaction():  # the edit arrives first
        ana.ws.store.execute("UPDATE pending SET state = 'held'")
    with ana.ws.store.transaction():
        one, = ana.ws.vault._rows("record = ?", (id,))
        change = msgspec.structs.replace(one.change, operation=0)
        ana.ws.vault.append("public", change)
    ana.sync()
    assert network.store.value("SELECT count(*) FROM waiting") == 1
    with ana.ws.store.transaction():
        ana.ws.store.execute("UPDATE pending SET state = 'waiting' WHERE state = 'held'")
    network.heal()
    assert [one.state for one in ana.ws.outbox()] == ["refused", "refused"]
    assert network.store.value("SELECT count(*) FROM waiting") == 0
    network.in_step()


def test_a_refused_edit_is_shown_no_more_when_its_author_edits_again(network: Network) -> None:
    network.authority.may = lambda actor, operation, kind, values, scope: Text("No.") if operation == "edit" else None
    ana, _ = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "1"}).id
    network.heal()
    ana.ws.edit("house", id, {"phone": "2"})
    ana.sync()
    ana.ws.edit("house", id, {"street": "here"})
    assert ana.ws.get("house", id)["phone"] == "1"
    assert ana.ws.get("house", id)["street"] == "here"


def test_a_wrong_seed_beside_an_echo_is_not_kept(network: Network) -> None:
    """A seed is kept with its page, so it must be right even where the text is the receiver's own."""
    ana, _ = network.two()
    ana.ws.add("house", {"name": {"fr": "A"}})
    with ana.ws.store.transaction():
        (batch, run), = ana.ws.vault.batches(10**6)
        mine = {one.log + one.n.to_bytes(4, "big"): (one.body, ana.ws.vault.salt(one.log, one.n)) for one in run}
    receipt = network.authority.commit(codec.squeeze(codec.pack(batch)))
    at = ana.ws.heads()["public"]
    page, _ = ledger.cut(network.store, ledger.heads(network.store)["public"], at.number, at.chain, 10**6, network.key, receipt.dots) or pytest.fail("no page")
    assert [entry.body for entry in page.entries] == [None]

    def taken(page: Page) -> Any:
        return ledger.open_page(page, at, network.key.public, Trust(ana.ws.public, network.key.public), mine)

    assert taken(page)
    proof, = page.logs
    wrong = msgspec.structs.replace(page, logs=[msgspec.structs.replace(proof, seeds=[(run, b"w" * 16) for run, _ in proof.seeds])])
    with pytest.raises(Failure):
        taken(wrong)


def test_a_page_that_cannot_be_written_moves_no_cursor(network: Network) -> None:
    """Whatever fails between an entry and the record that it changes: both are there, or neither."""
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    ana.sync()
    before = bilal.ws.heads()
    bilal.ws.public.execute("CREATE TRIGGER broken BEFORE INSERT ON house BEGIN SELECT raise(ABORT, 'broken'); END")
    assert bilal.tries() is not None
    assert bilal.ws.heads() == before
    bilal.ws.public.execute("DROP TRIGGER broken")
    bilal.sync()
    assert bilal.ws.get("house", id)
    network.in_step()


def test_a_step_that_the_authority_did_not_sign_leads_nowhere(network: Network) -> None:
    """A step carries two signatures of the authority, over the way and over the head that it leads to; one is not enough."""
    ana, _ = network.two()
    ana.ws.add("house", {"name": {"fr": "A"}})
    ana.sync()
    at, new = ana.ws.heads()[PUBLIC], b"n" * 8
    way, end = step_statement(PUBLIC, at.epoch, new, 0, START), head_statement(PUBLIC, new, 0, START)
    stranger = SigningKey(b"s" * 32)
    check(Step(PUBLIC, at.epoch, new, 0, START, network.key.sign(end), network.key.sign(way), []), at, network.key.public)
    for head, signature in ((network.key.sign(end), stranger.sign(way)), (stranger.sign(end), network.key.sign(way))):
        with pytest.raises(Damaged):
            check(Step(PUBLIC, at.epoch, new, 0, START, head, signature, []), at, network.key.public)


def test_forgetting_what_members_share_keeps_what_waits(network: Network) -> None:
    """What members share stands in the person's own file, beside what waits."""
    ana, bilal = network.two()
    id = ana.ws.add("tree", {"name": {"fr": "Acacia"}}).id
    network.heal()
    ana.ws.edit("tree", id, {"phone": "waits"})
    forget_confirmed(ana.ws.private, NETWORK)
    assert ana.ws.status().waiting == 1
    network.heal()
    assert bilal.ws.get("tree", id)["phone"] == "waits"
    network.in_step()


def test_of_two_branches_each_hears_its_own_verdict(network: Network) -> None:
    """A copied device: two saves with one number, one refused; each disk keeps what became of its own."""
    network.authority.may = lambda actor, operation, kind, values, scope: Text("No.") if operation == "edit" and _street(values) == "no" else None
    ana, _ = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "0"}).id
    other = ana.ws.add("house", {"name": {"fr": "B"}, "phone": "0", "street": "no"}).id
    network.heal()
    copy = network.copy(ana, "copy")
    ana.ws.edit("house", other, {"phone": "refused"})
    copy.ws.edit("house", id, {"phone": "accepted"})
    ana.tries("after")
    copy.tries("after")
    for device, state in ((ana, "refused"), (copy, "accepted")):
        device.sync()
        assert device.ws.outbox()[0].state == state
    network.heal()
    network.in_step()


def test_a_deletion_is_the_same_to_whoever_holds_a_snapshot(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """It names what its author saw beneath an edit that waited: a value of which a snapshot tells no more."""
    monkeypatch.setattr(publishing, "_PAGED", 50.0)  # a snapshot however small
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    ana.ws.edit("house", id, {"phone": "1"})
    network.heal()
    bilal.ws.edit("house", id, {"phone": "2"})
    bilal.ws.delete("house", id)
    ana.ws.edit("house", id, {"phone": "3"})
    ana.sync()
    publishing.publish(network.store, network.authority.kinds, "public", network.key, network.files)
    late = network.device("late")
    late.sync()
    assert late.ws.public.value("SELECT count(*) FROM snapshot WHERE scope = 'public'") == 1
    network.heal()
    network.in_step()


def test_a_batch_that_arrives_twice_is_known(network: Network) -> None:
    ana, _ = network.two()
    ana.ws.edit("house", ana.ws.add("house", {"name": {"fr": "A"}}).id, {"phone": "1"})
    with ana.ws.store.transaction():
        (batch, _), = ana.ws.vault.batches(10**6)
    data = codec.squeeze(codec.pack(batch))
    first, second = network.authority.commit(data), network.authority.commit(data)
    assert (first.accepted, first.known) == (2, 0)
    assert (second.accepted, second.known, second.forked) == (0, 2, False)


def test_a_page_of_words_that_their_author_did_not_sign_does_not_open(network: Network) -> None:
    """The authority itself rewrites a text and signs the page: the author's own signature is missing."""
    ana, bilal = network.two()
    ana.ws.add("house", {"name": {"fr": "A"}, "street": "Rue 1"})
    ana.sync()
    at = bilal.ws.heads()["public"]
    page, _ = ledger.cut(network.store, ledger.heads(network.store)["public"], at.number, at.chain, 10**6, network.key) or pytest.fail("no page")

    def taken(page: Page) -> Any:
        return ledger.open_page(page, at, network.key.public, Trust(bilal.ws.public, network.key.public), {})

    assert taken(page)
    (entry,), (proof,) = page.entries, page.logs
    body = (entry.body or b"").replace(b"Rue 1", b"Rue 9")
    log = log_id(proof.key, page.scope, proof.nonce)
    commitment = codec.commitment(codec.salt_of(dict(proof.seeds)[entry.n // codec.RUN], entry.n), body)
    chain = entry_link(page.before, log, entry.n, commitment, entry.verdict, entry.control, None)
    signature = network.key.sign(head_statement(page.scope, page.epoch, page.last, chain))
    with pytest.raises(Damaged):
        taken(msgspec.structs.replace(page, entries=[msgspec.structs.replace(entry, body=body)], signature=signature))


def test_the_pages_of_one_answer_follow_each_other(network: Network) -> None:
    """Whoever got one that does not follow would ask again, so that only the answer itself tells."""
    ana, _ = network.two()
    with ana.ws.together():
        for n in range(20):
            ana.ws.add("house", {"name": {"fr": f"Maison {n}"}})
    ana.sync()
    late = network.device("late")
    with small_pages(answer=6000):
        pages = [page for page in (codec.unpack(data, Page) for data in opened(late).pages) if page.scope == PUBLIC]
    assert len(pages) > 1
    assert [page.first for page in pages] == [1, *(page.last + 1 for page in pages[:-1])]


def test_what_is_saved_while_a_snapshot_is_fetched_still_waits(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "_PAGED", 50.0)  # a snapshot however small
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    network.heal()
    ana.ws.edit("house", id, {"street": "far"})
    ana.sync()
    publishing.publish(network.store, network.authority.kinds, "public", network.key, network.files)
    fetch_file = bilal.road.fetch_file

    def slowly(sha256: str, offset: int = 0) -> Any:
        bilal.ws.edit("house", id, {"phone": "meanwhile"})
        return fetch_file(sha256, offset)

    monkeypatch.setattr(bilal.road, "fetch_file", slowly)
    bilal.sync()
    assert bilal.ws.public.value("SELECT count(*) FROM snapshot WHERE scope = 'public'") == 1
    network.heal()
    assert ana.ws.get("house", id)["phone"] == "meanwhile"
    network.in_step()
