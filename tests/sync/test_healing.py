"""A server set back to an old backup gets everything back that it had accepted, from whoever holds it, and nobody is asked anything."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import pytest

from i18n import Text
from sync import codec, ledger, offers, taking_again
from sync.change import Claim, Verdict
from sync.epochs import begin, claim, step_for
from sync.errors import Failure, Refused
from sync.exchange.reviving import heal
from sync.exchange.words import Answer, Healing
from sync.going_back import forget_confirmed
from sync.identity import SigningKey
from sync.scopes import CONTROL, PUBLIC
from sync.snapshots import publishing
from tests.sync.backups import backup, put_back
from tests.sync.network import Device, Network, small_pages


def epochs(network: Network) -> set[bytes]:
    return {bytes(epoch) for (epoch,) in network.store.rows("SELECT epoch FROM ledger")}


def accepted(network: Network) -> dict[str, int]:
    """(verdict) by dot: what must be the same after healing."""
    return {dot: verdict for dot, (_, verdict) in network.verdicts().items()}


def write_houses(devices: list[Device], count: int, start: int = 0) -> None:
    """Each device adds houses and edits one of them, turn by turn."""
    for number in range(start, start + count):
        device = devices[number % len(devices)]
        found = device.ws.records("house")
        if number % 3 and found:
            device.ws.edit("house", found[number % len(found)].id, {"phone": str(number)})
        else:
            device.ws.add("house", {"name": {"fr": f"Maison {number}"}, "phone": str(number)})


@pytest.mark.parametrize("count", [1000])
def test_a_thousand_acknowledged_edits_come_back(either: Network, count: int) -> None:
    """Backup, 1,000 more acknowledged edits by three people, restore, sync: all back under their dots, nobody asked anything."""
    network = either
    devices = [network.device(name) for name in ("ana", "bilal", "chams")]
    network.heal()
    write_houses(devices, 60)
    network.heal()
    kept = backup(network.store)
    for start in range(0, count, 100):
        write_houses(devices, 100, 100 + start)
        for device in devices:
            device.sync()
    network.heal()
    before, lines = accepted(network), sorted(map(bytes, devices[0].ws.export_lines()))
    assert len(before) >= count + 60
    put_back(network.store, kept)
    assert len(network.verdicts()) < 80
    network.heal()
    assert accepted(network) == before
    assert len(epochs(network)) == 1
    assert len(list(devices[0].ws.export_lines())) == len(lines)
    network.in_step()
    assert all(device.ws.status().waiting == 0 for device in devices)
    for device in devices:
        assert device.sync().turns == 1


def test_replicas_that_hold_different_parts_give_back_the_whole(either: Network) -> None:
    """Ana left early, bilal late, chams after the server already wrote on: nothing lost, nothing doubled."""
    network = either
    ana, bilal, chams, dini = (network.device(name) for name in ("ana", "bilal", "chams", "dini"))
    with small_pages():
        network.heal()
        write_houses([ana, bilal], 12)
        network.heal()
        kept = backup(network.store)
        write_houses([ana, bilal], 20, 20)
        for device in (ana, bilal, ana):
            device.sync()
        write_houses([bilal, chams], 20, 50)
        for device in (bilal, chams, bilal, chams):
            device.sync()
        ana.ws.add("house", {"name": {"fr": "Only ana has this"}})
        before = accepted(network)
        put_back(network.store, kept)
        dini.ws.add("house", {"name": {"fr": "After the restore"}})
        dini.ws.edit("house", dini.ws.records("house")[0].id, {"street": "new"})
        dini.sync()
        for device in (ana, chams, bilal, dini):
            device.sync()
        network.heal()
    after = accepted(network)
    assert before.items() <= after.items()
    assert len(after) == len(before) + 3
    network.in_step()


def test_a_second_replica_offers_only_what_the_first_did_not_have(network: Network) -> None:
    ana, bilal = network.two()
    kept = backup(network.store)
    write_houses([ana, bilal], 90)
    network.heal()
    before = accepted(network)
    put_back(network.store, kept)
    ana.sync()
    assert accepted(network) == before
    bilal.road.requests.clear()
    bilal.sync()
    assert max(map(len, bilal.road.requests)) < 3000, "bilal sent what the server already had back"
    network.in_step()


def test_somebody_who_joined_after_the_backup_is_known_again(either: Network) -> None:
    """Only a lost page certifies dini's key: he shows it before anybody asks who he is."""
    network = either
    ana, _ = network.two()
    kept = backup(network.store)
    dini = network.device("dini")
    dini.sync()
    dini.ws.add("house", {"name": {"fr": "Dini’s"}})
    dini.sync()
    dini.ws.add("tree", {"name": {"fr": "Acacia"}})
    before = accepted(network)
    put_back(network.store, kept)
    dini.sync()
    network.heal()
    assert before.items() <= accepted(network).items()
    assert {record.text("name", "fr") for record in ana.ws.records("house")} == {"Dini’s"}
    assert {record.text("name", "fr") for record in ana.ws.records("tree")} == {"Acacia"}
    network.in_step()


@pytest.mark.parametrize("moment", range(2, 12))
def test_set_back_once_more_while_the_first_healing_is_under_way(network: Network, moment: int) -> None:
    """Dini went back and was cut; his certificate is nowhere but in the pages that he kept aside, and the server loses it again."""
    ana, _ = network.two()
    kept = backup(network.store)
    dini = network.device("dini")
    dini.sync()
    id = dini.ws.add("house", {"name": {"fr": "Dini’s"}}).id
    dini.sync()
    before = accepted(network)
    put_back(network.store, kept)
    dini.tries(*[""] * moment, "before")
    put_back(network.store, kept)
    dini.sync()
    network.heal()
    assert before.items() <= accepted(network).items()
    assert ana.ws.get("house", id)
    assert dini.ws.public.value("SELECT count(*) FROM lost_page") == 0
    network.in_step()


def test_a_head_that_a_step_signed_again_is_offered_in_its_new_epoch(network: Network) -> None:
    """Dini follows a new epoch without going back; then the server loses what only his pages certify."""
    ana, _ = network.two()
    kept = backup(network.store)
    dini = network.device("dini")
    dini.sync()
    dini.ws.add("house", {"name": {"fr": "Dini’s"}})
    dini.sync()
    begin(network.store, network.key, network.random.randbytes)
    dini.sync()
    before = accepted(network)
    put_back(network.store, kept)
    assert dini.sync().set_aside == []
    assert before.items() <= accepted(network).items()
    network.heal()
    network.in_step()


def test_a_true_stranger_stays_one(network: Network) -> None:
    ana, _ = network.two()
    dini = Device(network, "dini", network.folder / "dini", 0, network.kinds)
    with dini.ws.store.transaction():
        dini.ws.vault.keep("authority", network.key.public)
    network.devices.append(dini)
    failure = dini.tries()
    assert isinstance(failure, Refused)
    assert failure.code == "no_certificate"
    assert len(epochs(network)) == 1


def test_a_guest_gives_back_what_the_guest_holds(network: Network) -> None:
    ana, _ = network.two()
    kept = backup(network.store)
    write_houses([ana], 5)
    ana.sync()
    guest = network.guest("guest")
    guest.sync()
    before = accepted(network)
    put_back(network.store, kept)
    guest.sync()
    assert accepted(network) == before
    network.heal()
    network.in_step()


def test_refused_stays_refused_and_accepted_stays_accepted_whatever_rights_say_today(tmp_path: Path) -> None:
    answer: list[Text | None] = [None]
    with Network(tmp_path, may=lambda *_: answer[0]) as network:
        ana, bilal = network.two()
        kept = backup(network.store)
        ana.ws.add("house", {"name": {"fr": "Right then"}})
        ana.sync()
        answer[0] = Text("Not today.")
        refused = ana.ws.add("house", {"name": {"fr": "Wrong then"}})
        ana.sync()
        bilal.sync()
        before = accepted(network)
        assert sorted(before.values())[-2:] == [Verdict.ACCEPTED, Verdict.REFUSED]
        put_back(network.store, kept)
        ana.sync()
        assert accepted(network) == before
        answer[0] = None
        network.heal()
        assert accepted(network) == before
        network.in_step()
        item = next(one for one in ana.ws.outbox() if one.change == refused.change)
        assert item.state == "refused"
        assert str(item.reason) == "Not today."


def test_several_epochs_behind(network: Network) -> None:
    """Bilal sleeps through two restores, one of them to a backup of before the first new epoch."""
    ana, bilal = network.two()
    chams = network.device("chams")
    chams.sync()
    kept = backup(network.store)
    write_houses([ana, bilal, chams], 30)
    network.heal()
    bilal.ws.add("house", {"name": {"fr": "Kept in bilal’s pocket"}})
    before = accepted(network)
    for _ in range(2):
        put_back(network.store, kept)
        ana.sync()
        ana.ws.add("house", {"name": {"fr": "More"}})
        ana.sync()
    assert before.items() <= accepted(network).items()
    network.heal()
    assert len(epochs(network)) == 1
    assert len(accepted(network)) == len(before) + 3
    network.in_step()


def test_two_branches_in_one_epoch(network: Network) -> None:
    """Nobody noticed the restore before another replica had taken other entries under the same numbers."""
    ana, bilal = network.two()
    with small_pages():
        write_houses([ana], 9)
        network.heal()
        kept = backup(network.store)
        write_houses([ana], 10, 20)
        ana.sync()
        before = accepted(network)
        put_back(network.store, kept)
        write_houses([bilal], 14, 40)
        bilal.sync()
        between = accepted(network)
        ana.sync()
        network.heal()
    assert accepted(network) == before | between
    network.in_step()


@pytest.mark.parametrize("seed", range(12))
def test_cuts_anywhere_while_healing(network: Network, seed: int) -> None:
    """The connection breaks again and again, the program starts again, the server is set back once more: the end is the same."""
    chance = random.Random(seed)
    ana, bilal = network.two()
    with small_pages():
        write_houses([ana, bilal], 8)
        network.heal()
        kept = backup(network.store)
        write_houses([ana, bilal], 25, 30)
        ana.ws.add("tree", {"name": {"fr": "Acacia"}})
        network.heal()
        ana.ws.add("house", {"name": {"fr": "waits"}})
        before = accepted(network)
        put_back(network.store, kept)
        for _ in range(12):
            device = chance.choice((ana, bilal))
            device.tries(*[chance.choice(("", "", "before", "after", "double")) for _ in range(6)])
            if chance.random() < 0.3:
                device.reopen()
            if chance.random() < 0.1:
                put_back(network.store, kept)
        network.heal()
        network.heal()
    after = accepted(network)
    assert before.items() <= after.items()
    assert len(after) == len(before) + 1
    network.in_step()


def test_an_edit_that_waits_for_a_creation_that_comes_back(network: Network) -> None:
    """The restored server gets bilal's edit before the creation: it waits, and is decided when the creation is back."""
    ana, bilal = network.two()
    kept = backup(network.store)
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    network.heal()
    edit = bilal.ws.edit("house", id, {"phone": "7"})
    put_back(network.store, kept)
    with bilal.ws.store.transaction():
        (batch, _), = bilal.ws.vault.batches(10**6)
    assert network.authority.commit(codec.squeeze(codec.pack(batch))).waiting == 1
    ana.sync()
    assert accepted(network)[edit.change] == Verdict.ACCEPTED
    network.heal()
    assert ana.ws.get("house", id)["phone"] == "7"
    network.in_step()


def test_a_cut_right_after_going_back_shows_nothing_that_cannot_be_opened(network: Network) -> None:
    """Bilal's own edit stands on a house of ana's that went with the lost entries: until it is back, no list shows it."""
    ana, bilal = network.two()
    kept = backup(network.store)
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    network.heal()
    bilal.ws.edit("house", id, {"phone": "7"})
    own = bilal.ws.add("house", {"name": {"fr": "B"}}).id
    put_back(network.store, kept)
    assert bilal.tries("", "", "", "before") is not None  # told astray, led, offered, and cut
    for record in bilal.ws.records("house"):
        assert bilal.ws.form("house", record.id)
    assert bilal.ws.get("house", own)
    network.heal()
    assert ana.ws.get("house", id)["phone"] == "7"
    network.in_step()


def test_a_certificate_withdrawn_in_the_lost_part_stays_withdrawn(network: Network) -> None:
    ana, bilal = network.two()
    kept = backup(network.store)
    device = bilal.ws.vault.word("device")
    assert network.authority.revoke(device) == 1
    ana.sync()
    put_back(network.store, kept)
    ana.sync()
    assert network.store.value("SELECT revoked FROM certificate WHERE device = ?", (device,))


def test_what_the_server_never_signed_starts_no_epoch(network: Network) -> None:
    ana, _ = network.two()
    write_houses([ana], 3)
    ana.sync()
    at = ana.ws.heads()[PUBLIC]
    before = epochs(network)
    stranger = SigningKey(b"s" * 32)
    forged = [
        Claim(PUBLIC, at.epoch, at.number + 1, at.chain, at.signature, []),
        Claim(PUBLIC, b"another!", at.number, at.chain, at.signature, []),
        Claim(PUBLIC, at.epoch, at.number + 1, at.chain,
              stranger.sign(ledger.head_statement(PUBLIC, at.epoch, at.number + 1, at.chain)), []),
        Claim("elsewhere", at.epoch, 1, at.chain, at.signature, [(1, b"")]),
    ]
    for one in forged:
        assert heal(network.authority, (CONTROL, PUBLIC), Healing([one], [])).steps == []
    assert epochs(network) == before
    true = Claim(PUBLIC, at.epoch, at.number, at.chain, at.signature, [])
    assert heal(network.authority, (CONTROL, PUBLIC), Healing([true], [])).steps == []
    assert epochs(network) == before


def test_no_altered_byte_of_an_offer_is_taken(network: Network) -> None:
    ana, _ = network.two()
    kept = backup(network.store)
    write_houses([ana], 4)
    ana.sync()
    at = ana.ws.heads()[PUBLIC]
    put_back(network.store, kept)
    page, = offers.pages_after(ana.ws.public, PUBLIC, 0)
    plain = codec.pack(page)
    before = network.verdicts()
    for place in range(len(plain)):
        altered = plain[:place] + bytes([plain[place] ^ (1 << place % 8)]) + plain[place + 1 :]
        with pytest.raises(Failure):
            taking_again.take_again(network.authority, codec.squeeze(altered))
        assert network.verdicts() == before, f"byte {place}"
    assert taking_again.take_again(network.authority, codec.squeeze(plain)) == at.number
    assert taking_again.take_again(network.authority, codec.squeeze(plain)) == 0


def test_a_step_that_a_relay_altered_is_not_taken(network: Network) -> None:
    ana, _ = network.two()
    kept = backup(network.store)
    write_houses([ana], 4)
    ana.sync()
    lines = list(ana.ws.export_lines())
    put_back(network.store, kept)

    def forge(found: bytes) -> bytes:
        answer = codec.unpack(codec.open_message(found), Answer)
        assert answer.healed is not None
        steps = [type(one)(one.scope, one.old, one.new, 0, bytes(32), one.head, one.signature, one.healed) for one in answer.healed.steps]
        assert steps
        return codec.seal_message(codec.pack(type(answer)(answer.time, answer.epoch, {}, [], [], [], type(answer.healed)(steps, []))))

    failure = ana.tries("", forge)
    assert failure is not None
    assert failure.code == "damaged"
    assert list(ana.ws.export_lines()) == lines
    ana.sync()
    network.heal()
    network.in_step()


def test_a_second_person_of_the_pc_follows(network: Network, tmp_path: Path) -> None:
    """Two people share one public copy: the first one's sync takes it to the new epoch, the second one's file and network scope follow."""
    ana, _ = network.two()
    from sync.record import uuid7
    from sync.workspace import Workspace

    other = Workspace(ana.folder, network.kinds, "other", clock=ana.clock, random=network.random.randbytes)
    try:
        network.authority.certify(other.vault.key().public, uuid7(network.now(), network.random.randbytes),
                                  uuid7(network.now(), network.random.randbytes), "member")
        with other.store.transaction():
            other.vault.keep("authority", network.key.public)
        from sync.exchange import sync

        sync(other, ana.road)
        kept = backup(network.store)
        saved = other.add("house", {"name": {"fr": "The other’s"}})
        other.add("tree", {"name": {"fr": "Acacia"}})
        sync(other, ana.road)
        before = accepted(network)
        put_back(network.store, kept)
        ana.sync()
        sync(other, ana.road)
        network.heal()
        sync(other, ana.road)
        assert accepted(network) == before
        assert other.verify() == []
        assert other.status().waiting == 0
        assert ana.ws.get("house", saved.id)["name"] == {"fr": "The other’s"}
        network.in_step()
    finally:
        other.close()


def test_forgetting_the_confirmed_part_keeps_what_waits(network: Network) -> None:
    ana, _ = network.two()
    write_houses([ana], 6)
    ana.sync()
    id = ana.ws.records("house")[0].id
    ana.ws.edit("house", id, {"street": "waits"})
    lines = sorted(ana.ws.export_lines())
    forget_confirmed(ana.ws.public, PUBLIC)
    assert ana.ws.status().waiting == 1
    assert ana.ws.public.value("SELECT count(*) FROM found") == 0
    network.heal()
    assert ana.ws.get("house", id)["street"] == "waits"
    assert len(list(ana.ws.export_lines())) == len(lines)
    network.in_step()


def test_a_copy_without_its_beginning_forgets_and_takes_again(network: Network) -> None:
    """A copy loaded from a snapshot at S has no entries up to S: healing falls back to taking everything again."""
    ana, bilal = network.two()
    write_houses([ana, bilal], 12)
    network.heal()
    kept = backup(network.store)
    write_houses([ana, bilal], 12, 30)
    network.heal()
    before = accepted(network)
    with ana.ws.public.transaction():
        ana.ws.public.execute("DELETE FROM entry WHERE scope = 'public' AND number <= 6")
    put_back(network.store, kept)
    ana.sync()
    network.heal()
    assert accepted(network) == before
    network.in_step()


def test_what_was_taken_as_pages_before_a_snapshot_came_is_offered_too(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody long away took a snapshot over the pages that they had; then the server is older than all of it, and the others are gone."""
    ana, bilal = network.two()
    kept = backup(network.store)
    write_houses([bilal], 8)
    bilal.sync()
    ana.sync()
    held = accepted(network)
    write_houses([bilal], 8, 30)
    bilal.sync()
    monkeypatch.setattr(publishing, "_PAGED", 50.0)  # a snapshot counts as cheaper than pages
    for scope in (PUBLIC, "network"):
        publishing.publish(network.store, network.authority.kinds, scope, network.key, network.files)
    ana.sync()
    assert ana.ws.store.value("SELECT count(*) FROM pub.snapshot WHERE scope = 'public'") == 1
    write_houses([ana], 2, 60)
    ana.sync()
    above = {one.change for one in ana.ws.outbox()}
    put_back(network.store, kept)
    for _ in range(2):
        ana.sync()
    found = accepted(network)
    assert found == {dot: verdict for dot, verdict in found.items() if dot in held or dot in above}
    assert held.items() <= found.items()
    assert above <= set(found)
    bilal.sync()
    network.heal()
    network.in_step()
    assert len(accepted(network)) == len(held) + 8 + len(above)


def test_pages_above_what_only_a_snapshot_tells_are_offered_whoever_the_step_was_for(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relay gives a copy the step that was made for another one: its number lies where this copy holds no page yet."""
    _, bilal = network.two()
    late = network.device("late")
    write_houses([bilal], 4)
    bilal.sync()
    kept = backup(network.store)
    monkeypatch.setattr(publishing, "_PAGED", 50.0)  # a snapshot counts as cheaper than pages

    def publish() -> None:
        publishing.publish(network.store, network.authority.kinds, PUBLIC, network.key, network.files)

    write_houses([bilal], 8, 10)
    bilal.sync()
    publish()
    late.sync()
    write_houses([bilal], 8, 30)
    bilal.sync()
    late.sync()
    first, last, count = late.ws.public.row("SELECT min(number), max(number), count(*) FROM entry WHERE scope = 'public'")
    assert (first, last, count) == (13, 20, 8)
    own = {one.change for one in bilal.ws.outbox()}
    held = {dot for dot, (number, _) in network.verdicts().items() if first <= number <= last and dot in own}
    write_houses([bilal], 8, 50)
    bilal.sync()
    publish()
    late.sync()
    assert ledger.floor(late.ws.public, PUBLIC) == 28
    put_back(network.store, kept)
    shown = claim(bilal.ws.public, ledger.head(bilal.ws.public, PUBLIC), 4)

    def anothers(found: bytes) -> bytes:
        answer = codec.unpack(codec.open_message(found), Answer)
        step = step_for(network.store, network.key, shown)
        assert step.number == 4
        steps = [step if one.scope == PUBLIC else one for one in answer.healed.steps]
        return codec.seal_message(codec.pack(msgspec.structs.replace(answer, healed=msgspec.structs.replace(answer.healed, steps=steps))))

    late.sync("", anothers)
    assert held <= set(accepted(network))
    network.heal()
    network.in_step()


def test_own_work_comes_back_when_its_page_cannot(network: Network) -> None:
    """The copy holds no page of it any more: what ana saved waits again under the same dot, and travels."""
    ana, _ = network.two()
    kept = backup(network.store)
    saved = ana.ws.add("house", {"name": {"fr": "A"}})
    ana.sync()
    put_back(network.store, kept)
    forget_confirmed(ana.ws.public, PUBLIC)
    ana.sync()
    assert accepted(network)[saved.change] == Verdict.ACCEPTED
    network.heal()
    assert ana.ws.status().waiting == 0
    network.in_step()
