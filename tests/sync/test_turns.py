"""Batches that wait together are decided together; a bad one blocks nothing; a disk that fails fails all of them."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from i18n import Text
from sync import codec
from sync.actor import Actor
from sync.authority import opened
from sync.change import Operation, Verdict
from sync.deciding import Taken, decide
from sync.errors import Damaged, Failure
from sync.turns import Turns
from tests.sync.network import Device, Network


def _batch(device: Device) -> bytes:
    with device.ws.store.transaction():
        ((batch, _),) = device.ws.vault.batches(10**6)
    return codec.squeeze(codec.pack(batch))


def test_who_comes_while_others_are_decided_shares_one_transaction() -> None:
    groups: list[list[int]] = []
    inside, leave = threading.Event(), threading.Event()

    def decide_numbers(asked: list[int]) -> list[int]:
        groups.append(list(asked))
        if len(groups) == 1:
            inside.set()
            assert leave.wait(20)
        return [one * 10 for one in asked]

    turns: Turns[int, int] = Turns()
    found: dict[int, int | None] = {}

    def take(number: int) -> None:
        (turn,) = turns.take([number], decide_numbers)
        found[number] = turn.found

    threads = [threading.Thread(target=take, args=(number,)) for number in range(5)]
    threads[0].start()
    assert inside.wait(20)
    for one in threads[1:]:
        one.start()
    while len(turns._waiting) < 4:  # each has entered the line
        threading.Event().wait(0.001)
    leave.set()
    for one in threads:
        one.join(20)
    assert found == {number: number * 10 for number in range(5)}
    assert groups[0] == [0]
    assert sorted(groups[1]) == [1, 2, 3, 4]
    assert len(groups) == 2


def test_a_bad_one_fails_alone_and_a_failing_disk_fails_all() -> None:
    def careful(asked: list[int]) -> list[int]:
        if 2 in asked:
            raise Damaged(Text("bad"))
        return asked

    turns: Turns[int, int] = Turns()
    found = turns.take([1, 2, 3], careful)
    assert [one.found for one in found] == [1, None, 3]
    assert isinstance(found[1].failure, Damaged)

    tries = []

    def full(asked: list[int]) -> list[int]:
        tries.append(asked)
        raise Failure(Text("full"), "disk_full")

    assert all(one.failure is not None for one in turns.take([1, 2], full))
    assert tries == [[1, 2]]  # once: what failed was not what was handed in


def test_batches_of_two_people_and_one_batch_twice_in_one_transaction(either: Network) -> None:
    ana, bilal = either.two()
    created = ana.ws.add("house", {"name": {"fr": "A"}})
    other = bilal.ws.add("house", {"name": {"fr": "B"}})
    one, two = _batch(ana), _batch(bilal)
    made = decide(either.authority, [opened(one), opened(two), opened(one)])
    assert [(taken.receipt.accepted, taken.receipt.known) for taken in made] == [(1, 0), (1, 0), (0, 1)]
    heads = [taken.head for taken in made]
    assert heads[0] == heads[1] == heads[2]
    assert [row.number for taken in made for row in taken.rows] == list(range(heads[0].number - 1, heads[0].number + 1))
    ana.sync()
    bilal.sync()
    either.in_step()
    assert {each.id for each in ana.ws.records("house")} == {created.id, other.id}


def test_a_waiting_change_and_its_creation_in_one_transaction(either: Network) -> None:
    ana, bilal = either.two()
    house = ana.ws.add("house", {"name": {"fr": "A"}})
    creation = _batch(ana)
    with ana.ws.store.transaction():
        change = ana.ws.vault.batches(10**6)[0][1][0].change
    assert change.operation == Operation.CREATE
    ana.ws.edit("house", house.id, {"street": "S"})
    with ana.ws.store.transaction():
        ((_, run),) = ana.ws.vault.batches(10**6)
        edit = codec.squeeze(codec.pack(ana.ws.vault._batch(run[1:])))
    made = decide(either.authority, [opened(edit), opened(creation)])
    assert made[0].receipt.waiting == 1
    assert [row.verdict for row in made[1].rows] == [Verdict.ACCEPTED, Verdict.ACCEPTED]
    ana.sync()
    bilal.sync()
    assert bilal.ws.get("house", house.id)["street"] == "S"


def test_a_batch_that_fails_midway_leaves_nothing_and_the_others_are_taken(either: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, bilal = either.two()
    ana.ws.add("house", {"name": {"fr": "A"}})
    bilal.ws.add("house", {"name": {"fr": "B"}})
    may: Callable[..., Text | None] = either.authority.may
    bad = opened(_batch(ana))

    def stumbling(actor: Actor, operation: str, kind: str, values: dict[str, object], scope: str) -> Text | None:
        if values["id"] == str(bad.rows[0].record or _id(bad)):
            raise ValueError(values)
        return may(actor, operation, kind, values, scope)

    monkeypatch.setattr(either.authority, "may", stumbling)
    found = either.authority.take([bad, opened(_batch(bilal))])
    assert isinstance(found[0], ValueError)
    assert isinstance(found[1], Taken)
    assert found[1].receipt.accepted == 1
    monkeypatch.undo()
    ana.sync()
    bilal.sync()
    either.in_step()


def _id(one: object) -> str:
    import uuid

    return str(uuid.UUID(bytes=one.changes[0].record))  # type: ignore[attr-defined]
