"""Nothing waits for ever for a creation that came back from a replica without its text: erased whole, or refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from i18n import Text
from sync import erasure, offers
from sync.actor import Actor
from sync.change import Page, Verdict
from tests.sync.backups import backup, put_back
from tests.sync.network import Network
from tests.sync.test_healing import accepted

NO = Text("Ask the secretariat first.")


def nothing(*_: object) -> Iterator[Page]:
    """What a copy offers that cannot prove anything."""
    yield from ()


@pytest.mark.parametrize("first", ["entry", "edit"])
def test_an_edit_of_a_record_that_was_erased_whole_and_lost_goes_back_to_its_author(network: Network, first: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those who prove the entries again hold no text of them any more: they cannot say which record it was."""
    ana, bilal = network.two()
    dini = network.device("dini")
    network.heal()
    kept = backup(network.store)
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "1"}).id
    network.heal()
    erasure.erase(network.authority, "house", id)
    ana.sync()
    bilal.sync()
    edit = dini.ws.edit("house", id, {"phone": "2"}).change
    gone = dini.ws.delete("house", id).change
    put_back(network.store, kept)
    if first == "edit":
        with monkeypatch.context() as patch:
            patch.setattr(offers, "pages_after", nothing)
            dini.sync()
        assert dini.ws.status().waiting == 2
    ana.sync()
    for _ in range(2):
        network.heal()
    assert {accepted(network).get(edit), accepted(network).get(gone)} == {Verdict.REFUSED}
    assert {one.state for one in dini.ws.outbox()} == {"refused"}
    assert dini.ws.records("house") == []
    network.in_step()


@pytest.mark.parametrize("away", ["kept", "cancelled", "sent again"])
@pytest.mark.parametrize("provable", [True, False])
def test_an_edit_of_a_record_whose_refused_creation_was_lost_is_refused_too(
        tmp_path: Path, provable: bool, away: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The entry of a refusal does not say which record it is about; its author says it with the edit that waits, whatever became of the refused one."""
    def may(actor: Actor, operation: str, kind: str, values: Mapping[str, Any] | None, scope: str) -> Text | None:
        return NO if operation == "create" and actor.role == "partner" else None

    with Network(tmp_path, may=may) as network:
        ana, bilal = network.device("ana"), network.device("bilal", role="partner")
        network.heal()
        kept = backup(network.store)
        id = bilal.ws.add("house", {"name": {"fr": "A"}}).id
        edits: list[str] = []

        def saved_meanwhile(answer: bytes) -> bytes:
            edits.append(bilal.ws.edit("house", id, {"phone": "2"}).change)
            return answer

        bilal.tries(saved_meanwhile, "before")
        ana.sync()
        assert (bilal.ws.status().refused, bilal.ws.status().waiting) == (1, 1)
        edit = edits[0]
        refused = next(one.change for one in bilal.ws.outbox() if one.state == "refused")
        if away == "cancelled":
            bilal.ws.cancel(refused)
        elif away == "sent again":
            bilal.ws.resend(refused)
        assert (refused in {one.change for one in bilal.ws.outbox()}) == (away == "kept")
        assert bilal.ws.status().refused == (away == "kept")
        put_back(network.store, kept)
        if not provable:
            monkeypatch.setattr(offers, "pages_after", nothing)
        for _ in range(2):
            network.heal()
        assert accepted(network)[edit] == Verdict.REFUSED
        assert {one.state for one in bilal.ws.outbox()} == {"refused"}
        assert (refused in {one.change for one in bilal.ws.outbox()}) == (away == "kept")
        assert bilal.ws.status().waiting == 0
        assert bilal.ws.store.value("SELECT count(*) FROM pending") == len(bilal.ws.outbox())
        turns = bilal.road.turns
        bilal.sync()
        assert bilal.road.turns == turns + 1
        network.in_step()


def test_a_conflict_is_told_where_a_lost_refusal_had_the_number_of_one_of_its_values(tmp_path: Path) -> None:
    """Seed 728 (150 steps): the refused save keeps the number by which its author heard of it."""
    def may(actor: Actor, operation: str, kind: str, values: Mapping[str, Any] | None, scope: str) -> Text | None:
        return NO if operation == "delete" else None

    with Network(tmp_path, may=may) as network:
        ana, bilal = network.two()
        id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": "0"}).id
        network.heal()
        kept = backup(network.store)
        ana.ws.delete("house", id)
        ana.sync()
        put_back(network.store, kept)
        ana.ws.edit("house", id, {"phone": "1"})
        bilal.ws.edit("house", id, {"phone": "2"})
        bilal.sync()
        network.heal()
        assert next(one.number for one in ana.ws.outbox() if one.state == "refused") in {one.number for one in bilal.ws.history("house", id)}
        for device in (ana, bilal):
            card, = device.ws.conflicts()
            assert {one.value for one in card.values} == {"1", "2"}
        network.in_step()


@pytest.mark.parametrize("edits", [0, 1, 2, 3])
def test_what_comes_back_after_a_final_deletion_that_came_after_it_is_accepted_again(
        network: Network, edits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who was loaded with a snapshot proves the deletion, and hands in what was there before: that is not too late."""
    ana, bilal = network.two()
    kept = backup(network.store)
    created = ana.ws.add("door", {"name": "A"}, scope="network")
    network.heal()
    for edit in range(edits):
        ana.ws.edit("door", created.id, {"phone": str(edit)})
        network.heal()
    ana.ws.delete("door", created.id)
    network.heal()
    before = accepted(network)
    proven = offers.pages_after

    def the_last(*about: Any) -> Iterator[Page]:
        yield from [page for page in proven(*about) if page.scope == "network"][-1:]

    monkeypatch.setattr(offers, "pages_after", the_last)
    put_back(network.store, kept)
    for _ in range(2):
        network.heal()
    assert accepted(network) == before
    assert {one.state for one in ana.ws.outbox()} == {"accepted"}
    assert ana.ws.records("door") == bilal.ws.records("door") == []
    network.in_step()


def test_what_another_copy_of_the_folder_gets_accepted_after_a_refusal_was_lost_is_accepted_here_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = True

    def may(actor: Actor, operation: str, kind: str, values: Mapping[str, Any] | None, scope: str) -> Text | None:
        return NO if closed else None

    with Network(tmp_path, may=may) as network:
        bilal = network.device("bilal")
        bilal.sync()
        kept = backup(network.store)
        id = bilal.ws.add("house", {"name": {"fr": "A"}}).id
        other = network.copy(bilal, "other")
        bilal.sync()
        assert bilal.ws.status().refused == 1
        put_back(network.store, kept)
        monkeypatch.setattr(offers, "pages_after", nothing)
        closed = False
        other.sync()
        network.heal()
        assert [one.state for one in bilal.ws.outbox()] == ["accepted"]
        assert bilal.ws.status().refused == 0
        assert bilal.ws.get("house", id)
        network.in_step()


def test_what_has_no_seed_any_more_is_not_handed_in_and_comes_back_by_proof(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log that ended told its seeds to nobody; once all of it was accepted they went. Then the server lost it."""
    ana, bilal = network.two()
    kept = backup(network.store)
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    network.heal()
    with ana.ws.store.transaction():
        ana.ws.store.execute("DELETE FROM own_log WHERE scope = 'public'")  # as when a copy of the folder forked it
        ana.ws.vault.drop_seeds()
    put_back(network.store, kept)
    with monkeypatch.context() as patch:
        patch.setattr(offers, "pages_after", nothing)  # only bilal can prove it
        assert ana.sync().set_aside == []
        assert ana.sync().set_aside == []
    assert ana.ws.status().waiting == 1
    for _ in range(2):
        for device in (bilal, ana):
            assert device.sync().set_aside == []
    assert ana.ws.status().waiting == 0
    assert bilal.ws.get("house", id)["name"] == {"fr": "A"}
    network.in_step()


def test_what_is_decided_before_the_value_it_replaces_came_back_stands_last(network: Network) -> None:
    """What a person saves on a value that the server has lost replaces nothing there yet, and takes no place in the row of those that stand."""
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    network.heal()
    before = bilal.ws.form("house", id)
    ana.ws.edit("house", id, {"phone": "first"})
    ana.sync()
    bilal.ws.edit("house", id, {"phone": "beside"}, before)
    network.heal()
    kept = backup(network.store)
    ana.ws.edit("house", id, {"phone": "lost"})
    network.heal()
    assert [device.ws.get("house", id)["phone"] for device in (ana, bilal)] == ["lost", "lost"]
    put_back(network.store, kept)
    bilal.ws.edit("house", id, {"phone": "new"})
    bilal.sync()  # handed in before the healing begins
    network.heal()
    network.in_step()
    for device in (ana, bilal):
        assert device.ws.get("house", id)["phone"] == "beside"
        assert [[value.value for value in card.values] for card in device.ws.conflicts()] == [["beside", "new"]]
