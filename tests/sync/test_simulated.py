"""What the simulation found, each as the smallest history that shows it."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from i18n import Text
from sync import codec
from sync.errors import Damaged, Offline
from sync.exchange.asking import Answer, _Run
from sync.snapshots import publishing
from tests.sync.backups import backup, put_back
from tests.sync.network import KINDS, Network
from tests.sync.test_newer_programs import OLD, VALUES


def test_an_edit_that_the_deleter_had_not_seen_does_not_bring_back_a_withdrawn_contact(network: Network) -> None:
    ana, bilal = network.two()
    id = ana.ws.add("door", {"name": "Front", "phone": "1"}).id
    network.heal()
    bilal.ws.edit("door", id, {"phone": "2"})
    bilal.sync()  # accepted before the withdrawal, which does not see it
    ana.ws.delete("door", id)
    assert ana.ws.records("door") == []
    network.heal()
    network.in_step()
    for device in (ana, bilal):
        assert device.ws.records("door") == []
        assert device.ws.conflicts() == []
    bilal.ws.restore("door", id)
    assert bilal.sync().refused == 1
    assert bilal.ws.records("door") == []


def test_the_date_of_an_acceptance_stands_with_the_verdict(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong after a page was taken, what it said of one's own work is dated."""
    ana, _ = network.two()
    ana.ws.add("house", {"name": {"fr": "A"}})

    def cut(_run: _Run, _found: Answer) -> None:
        raise Offline(Text("cut"))

    monkeypatch.setattr(_Run, "_moments", cut)
    with pytest.raises(Offline):
        ana.sync()
    assert ana.ws.status().waiting == 0
    assert ana.ws.status().last_accepted is not None


def test_opening_a_folder_first_takes_the_verdicts_that_reached_it(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kill between a page and the person's own file: what somebody replaced knowingly is not shown again."""
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "1"}).id
    network.heal()
    ana.ws.edit("house", id, {"phone": "2"})
    ana.tries("after")  # the server has it, ana does not know
    bilal.sync()
    bilal.ws.edit("house", id, {"phone": "3"})
    bilal.sync()

    catch_up = ana.ws.overlay.catch_up

    def killed() -> set[tuple[str, str]]:
        if ana.ws.heads()["public"].number > 1:
            raise KeyboardInterrupt
        return catch_up()

    monkeypatch.setattr(ana.ws.overlay, "catch_up", killed)
    with pytest.raises(KeyboardInterrupt):
        ana.sync()
    ana.reopen()
    assert ana.ws.form("house", id).parts["phone"] == "3"
    assert ana.ws.get("house", id)["phone"] == "3"
    assert ana.ws.status().waiting == 0


def test_a_form_that_saw_a_change_which_then_got_another_number_still_replaces_it(network: Network) -> None:
    """Taking a change back moves the later ones of its log; what an open form saw is what it saw."""
    ana, bilal = network.two()
    other = ana.ws.add("house", {"name": {"fr": "Other"}}).id
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    network.heal()
    first, second = ana.ws.edit("house", other, {"phone": "1"}), ana.ws.edit("house", other, {"phone": "2"})
    ana.ws.edit("house", id, {"street": "seen"})
    form, token = ana.ws.form("house", id), ana.ws.form("house", id).token
    ana.ws.cancel(first.change)  # the street's save is now known by another dot
    ana.ws.cancel(next(one.change for one in ana.ws.outbox() if one.fields == {"phone": "2"}))  # and by yet another
    ana.ws.edit("house", id, {"street": "after"}, form)
    network.heal()
    network.in_step()
    assert ana.ws.conflicts() == bilal.ws.conflicts() == []
    assert bilal.ws.get("house", id)["street"] == "after"
    assert second.change
    ana.ws.edit("house", id, {"street": "by token"}, token)
    assert {value.value for one in ana.ws.conflicts() for value in one.values} == {"after", "by token"}  # the token had not seen `after`


def test_what_another_copy_of_the_folder_handed_in_can_be_settled_where_it_was_taken_back(network: Network) -> None:
    """Taken back here, it came all the same: the card names it, and settling replaces it like any other value."""
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    network.heal()
    saved = ana.ws.edit("house", id, {"phone": "1"})
    form = ana.ws.form("house", id)
    copy = network.copy(ana, "copy")
    ana.ws.cancel(saved.change)
    copy.sync()
    bilal.ws.edit("house", id, {"phone": "2"})
    bilal.sync()
    ana.sync()
    card, = ana.ws.conflicts()
    ana.ws.settle(id, "phone", value="3", card=card)
    assert ana.ws.conflicts() == []
    ana.ws.edit("house", id, {"phone": "4"}, form)  # it showed 1, which is replaced by now
    network.heal()
    network.in_step()
    for device in (ana, bilal, copy):
        left, = device.ws.conflicts()
        assert {value.value for value in left.values} == {"3", "4"}


def test_a_save_that_replaced_what_was_then_taken_back_replaces_it_when_another_copy_hands_it_in(network: Network) -> None:
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    network.heal()
    first = ana.ws.edit("house", id, {"phone": "1"})
    copy = network.copy(ana, "copy")
    ana.ws.edit("house", id, {"phone": "2"})
    ana.ws.cancel(first.change)
    copy.sync()
    network.heal()
    network.in_step()
    for device in (ana, bilal, copy):
        assert device.ws.conflicts() == []
        assert device.ws.get("house", id)["phone"] == "2"


def test_a_second_creation_that_is_taken_back_leaves_what_was_saved_of_a_record_that_others_created(network: Network) -> None:
    """Seed 33540: a list imported twice; the record was here, so nothing that was saved of it stood on the second creation."""
    ana, bilal = network.two()
    id = bilal.ws.add("house", {"name": {"fr": "A"}}).id
    network.heal()
    ana.ws.edit("house", id, {"phone": "1"})
    again = ana.ws.add("house", {"name": {"fr": "B"}, "street": "old"}, id=id)
    ana.ws.edit("house", id, {"street": "new"})
    ana.ws.cancel(again.change)
    assert dict(ana.ws.get("house", id)).items() >= {"name": {"fr": "A"}, "phone": "1", "street": "new"}.items()
    network.heal()
    network.in_step()
    for device in (ana, bilal):
        assert dict(device.ws.get("house", id)).items() >= {"name": {"fr": "A"}, "phone": "1", "street": "new"}.items()
        assert device.ws.conflicts() == []


@pytest.mark.parametrize("taken_back", [0, 1])
def test_of_two_waiting_creations_of_a_record_one_is_taken_back_and_all_else_stays(network: Network, taken_back: int) -> None:
    ana, bilal = network.two()
    first = ana.ws.add("house", {"name": {"fr": "A"}})
    second = ana.ws.add("house", {"name": {"fr": "B"}}, id=first.id)
    ana.ws.edit("house", first.id, {"phone": "1"})
    ana.ws.cancel((first, second)[taken_back].change)
    network.heal()
    network.in_step()
    assert ana.ws.status().waiting == 0
    assert dict(bilal.ws.get("house", first.id)).items() >= {"name": {"fr": "BA"[taken_back]}, "phone": "1"}.items()


def test_what_was_saved_before_a_second_creation_stays_when_that_is_taken_back_while_the_server_has_lost_the_first(
        network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record is here by neither for a while: whoever can prove the first offers it again, and the edit is accepted on it."""
    monkeypatch.setattr(publishing, "_PAGED", 50.0)  # a snapshot however small
    bilal = network.device("bilal")
    early = backup(network.store)
    id = bilal.ws.add("house", {"name": {"fr": "A"}}).id
    network.heal()
    publishing.publish(network.store, network.authority.kinds, "public", network.key, network.files)
    ana = network.device("ana")
    ana.sync()
    ana.ws.edit("house", id, {"phone": "1"})
    put_back(network.store, early)
    ana.sync()
    assert ana.ws.records("house") == []
    again = ana.ws.add("house", {"name": {"fr": "B"}}, id=id)
    ana.ws.cancel(again.change)
    network.heal()
    network.in_step()
    for device in (ana, bilal):
        assert dict(device.ws.get("house", id)).items() >= {"name": {"fr": "A"}, "phone": "1"}.items()


def test_a_snapshot_of_an_older_server_fills_the_columns_that_it_does_not_know(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "_PAGED", 50.0)  # a snapshot however small
    with Network(tmp_path / "old-server", kinds=OLD) as net:
        new = net.device("new", kinds=KINDS)
        id = new.ws.add("house", VALUES).id
        net.heal()
        publishing.publish(net.store, net.authority.kinds, "public", net.key, net.files)
        late = net.device("late", kinds=KINDS)
        late.sync()
        assert late.ws.public.value("SELECT count(*) FROM snapshot WHERE scope = 'public'") == 1
        assert late.ws.get("house", id)["street"] == VALUES["street"]
        assert dict(late.ws.get("house", id)) == dict(new.ws.get("house", id))
        net.heal()
        net.in_step()


def test_settling_from_a_card_leaves_what_came_since_it_was_looked_at(network: Network) -> None:
    ana, bilal = network.two()
    third = network.device("third")
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "0"}).id
    network.heal()
    for device, phone in ((ana, "1"), (bilal, "2"), (third, "3")):
        device.ws.edit("house", id, {"phone": phone})
    for device in (ana, bilal, ana):
        device.sync()
    card, = ana.ws.conflicts()
    third.sync()
    ana.sync()  # the third value arrives while the card is on the screen
    ana.ws.settle(id, "phone", keep=2, card=card)
    network.heal()
    network.in_step()
    left, = bilal.ws.conflicts()
    assert {value.value for value in left.values} == {"2", "3"}


def test_a_first_answer_that_lies_about_the_epoch_does_no_lasting_harm(network: Network) -> None:
    """An answer as a whole is not signed: what it says of an empty ledger is hearsay."""
    ana = network.device("ana")
    ana.ws.add("house", {"name": {"fr": "A"}})

    def lie(found: bytes) -> bytes:
        answer = codec.unpack(codec.open_message(found), Answer)
        return codec.seal_message(codec.pack(msgspec.structs.replace(answer, epoch=b"a lie..!")))

    assert isinstance(ana.tries(lie), Damaged)
    ana.sync()
    network.in_step()
    assert ana.ws.status().waiting == 0
