"""What comes back as it was saved is taken over as it stands: nobody can tell it from what another replica took page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from i18n import Text
from sync import finishing, overlay
from sync.errors import Failure
from sync.exchange import sync, taking
from sync.store import Full, SqliteStore
from sync.workspace import Workspace
from tests.sync.network import Device, Network, Road, small_pages


@pytest.fixture(autouse=True, params=[3, 200])
def soon(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A push counts as large from the fourth change on, and takes several turns; its verdicts are taken all at once, or one by one."""
    monkeypatch.setattr(taking, "MANY", 3)
    monkeypatch.setattr(overlay, "_MANY", request.param)
    with small_pages():
        yield


def held(device: Device) -> dict[str, Any]:
    """What the confirmed copy of a device says: rows, and the words by which each is found."""
    found: dict[str, Any] = {}
    for name, store in (("public", device.ws.public), ("private", device.ws.private)):
        for kind in ("house", "tree", "door"):
            columns = [one[1] for one in store.rows(f"PRAGMA table_info({kind})") if one[1] != "hash"]
            found[f"{name}.{kind}"] = sorted(store.rows(f"SELECT {', '.join(columns)} FROM {kind}"), key=str)
        found[f"{name} words"] = sorted(store.rows("SELECT f.id, f.kind, s.title, s.body FROM found f JOIN search s ON s.rowid = f.rowid"))
    return found


def shown(store: SqliteStore) -> int:
    """How many rows and words a person's file holds beside the confirmed ones."""
    return int(sum(store.value(f"SELECT count(*) FROM main.{name}") for name in ("shown_house", "shown_tree", "shown_door", "shown_found")))


def filled(ana: Device) -> list[str]:
    """Creations of each kind, some of them changed before they ever left."""
    houses = [ana.ws.add("house", {"name": {"fr": f"Maison {n}", "ar": f"بيت {n}"}, "phone": str(n), "tags": ["red", "blue"], "facts": {"a": str(n)}}).id
              for n in range(12)]
    for n in range(12):
        ana.ws.add("tree", {"name": {"fr": f"Arbre {n}"}})
        ana.ws.add("door", {"name": f"Porte {n}"})
    ana.ws.edit("house", houses[2], {"phone": "another"})
    ana.ws.delete("house", houses[3])
    ana.ws.edit("house", houses[4], {"phone": None})
    return houses


def test_a_large_push_leaves_what_every_other_replica_holds(network: Network) -> None:
    ana, bilal = network.two()
    filled(ana)
    report = ana.sync()
    assert (report.accepted, report.refused) == (39, 0)
    bilal.sync()
    assert held(ana) == held(bilal)
    assert ana.ws.status().waiting == 0
    assert shown(ana.ws.store) == 0
    network.in_step()


def test_what_is_refused_in_a_large_push_is_said_and_shown_no_more(network: Network) -> None:
    ana, bilal = network.two()
    filled(ana)
    network.authority.may = lambda _actor, operation, kind, _values, _scope: Text("No.") if kind == "door" else None
    assert ana.sync().refused == 12
    bilal.sync()
    assert held(ana) == held(bilal)
    assert ana.ws.records("door") == []
    assert ana.ws.status().refused == 12


def test_a_refusal_in_a_large_push_is_heard_with_its_page(network: Network) -> None:
    """The sync may take an hour yet: nobody goes on working on what they could know to be refused."""
    ana, _ = network.two()
    ana.ws.add("door", {"name": "Porte"})
    filled(ana)
    network.authority.may = lambda _actor, operation, kind, _values, _scope: Text("No.") if kind == "door" else None
    heard = []

    def look(answer: bytes) -> bytes:
        head = ana.ws.store.value("SELECT number FROM main.ledger WHERE scope = 'network'")
        received = {number for number, verdict in network.verdicts().values() if verdict == 2 and number <= head}
        heard.append((len(received), ana.ws.status().refused, 13 - len(ana.ws.records("door"))))
        return answer

    assert ana.sync(*[look] * 20).refused == 13
    assert heard[0] == (0, 0, 0)
    assert any(received for received, _, _ in heard)
    assert all(received == refused == gone for received, refused, gone in heard)


def test_a_save_while_its_creation_travels_stands_on_top(network: Network) -> None:
    """The row as shown is not the row as created any more: it must not become the confirmed one."""
    ana, bilal = network.two()
    houses = filled(ana)

    def meanwhile(answer: bytes) -> bytes:
        ana.ws.edit("house", houses[0], {"phone": "typed meanwhile"})
        return answer

    ana.sync(meanwhile)
    assert ana.ws.get("house", houses[0])["phone"] == "typed meanwhile"
    bilal.sync()
    assert held(ana) == held(bilal)
    assert bilal.ws.get("house", houses[0])["phone"] == "typed meanwhile"
    network.in_step()


def test_two_creations_of_one_id_on_one_page_stand_beside_each_other(network: Network) -> None:
    """The same file imported on two PCs: the other's creation came first, and is on the page that brings one's own."""
    ana, bilal = network.two()
    bilal.ws.add("house", {"name": {"fr": "Importée"}, "phone": "1"}, id="01890000-0000-7000-8000-000000000001")
    bilal.sync()
    with small_pages(96 * 1024, 768 * 1024, 512 * 1024):
        ana.ws.add("house", {"name": {"fr": "Importée"}, "phone": "2"}, id="01890000-0000-7000-8000-000000000001")
        filled(ana)
        ana.sync()
    bilal.sync()
    assert held(ana) == held(bilal)
    assert len(ana.ws.conflicts()) == 1
    network.in_step()


def test_a_value_that_the_columns_cannot_hold_takes_the_longer_way(network: Network) -> None:
    ana, bilal = network.two()
    houses = filled(ana)
    with ana.ws.store.transaction():  # as a state with a part that this program does not know
        ana.ws.store.execute("UPDATE main.shown_house SET state = x'93808080', phone = 'not what was saved' WHERE id = ?", (houses[5],))
    ana.sync()
    bilal.sync()
    assert ana.ws.get("house", houses[5])["phone"] == "5"
    assert held(ana) == held(bilal)


@pytest.mark.parametrize("turn", range(4))
def test_a_cut_in_a_large_push_costs_nothing_and_says_what_arrived(network: Network, turn: int) -> None:
    ana, bilal = network.two()
    filled(ana)
    failure = ana.tries(*[""] * turn, "after")
    assert isinstance(failure, Failure)
    accepted = network.store.value("SELECT count(*) FROM entry WHERE scope <> 'control'")
    heard = ana.ws.public.value("SELECT count(*) FROM entry WHERE scope = 'public'") + ana.ws.private.value("SELECT count(*) FROM entry")
    assert ana.ws.status().waiting == 39 - heard
    assert heard < accepted
    assert ana.sync().refused == 0
    bilal.sync()
    assert held(ana) == held(bilal)
    network.in_step()


def test_a_program_killed_in_a_large_push_takes_its_verdicts_when_it_opens(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, bilal = network.two()
    filled(ana)

    def killed(_taker: taking.Taker) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(taking.Taker, "catch_up", killed)
        with pytest.raises(KeyboardInterrupt):
            ana.sync()
    assert ana.ws.status().waiting == 39
    ana.reopen()
    assert ana.ws.status().waiting == 0
    assert shown(ana.ws.store) == 0
    bilal.sync()
    assert held(ana) == held(bilal)


def test_what_was_taken_over_is_found_all_the_time(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its words are made after it reads; a kill between leaves them to whoever opens the folder next, and until then its author finds it."""
    ana, bilal = network.two()
    filled(ana)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(finishing, "finish", killed)
        with pytest.raises(KeyboardInterrupt):
            ana.sync()
    assert ana.ws.status().waiting == 0
    assert shown(ana.ws.store) > 0
    assert ana.ws.public.value("SELECT count(*) FROM found WHERE rowid < 0") > 0
    assert len(ana.ws.search_ids("maison*", 100)) >= 11
    ana.ws.edit("house", ana.ws.search_ids("maison*", 1)[0][1], {"phone": "typed meanwhile"})
    guest = network.guest("guest", ana.folder)
    assert len(guest.ws.search_ids("maison*", 100)) == 11
    ana.reopen()
    assert len(ana.ws.search_ids("maison*", 100)) == 11
    assert len(ana.ws.search_ids("typed", 100)) == 1
    ana.sync()
    assert shown(ana.ws.store) == 0
    bilal.sync()
    assert held(ana) == held(bilal)


def test_a_record_whose_words_are_due_can_be_changed_and_taken_away(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, bilal = network.two()
    houses = filled(ana)
    with monkeypatch.context() as patch:
        patch.setattr(finishing, "finish", lambda *_: False)
        ana.sync()
        bilal.sync()
        bilal.ws.edit("house", houses[0], {"phone": "elsewhere"})
        bilal.ws.delete("house", houses[1])
        bilal.sync()
        ana.sync()
    assert ana.ws.public.value("SELECT count(*) FROM found WHERE rowid < 0") > 0
    assert len(ana.ws.search_ids("elsewhere", 10)) == 1
    ana.reopen()
    assert ana.ws.public.value("SELECT count(*) FROM found WHERE rowid < 0") == 0
    assert held(ana) == held(bilal)


def test_a_page_in_hand_is_applied_while_the_next_turn_is_under_way(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next request counts it already; a kill before it is on disk costs that page and nothing else."""
    ana, bilal = network.two()
    filled(ana)
    held_back: list[tuple[int, int]] = []
    exchange_while = Road.exchange_while

    def noted(road: Road, body: bytes, work: Callable[[], None]) -> bytes:
        told = sum(at.number for at in ana.ws.heads().values())

        def noted_work() -> None:
            work()
            held_back.append((told, sum(at.number for at in ana.ws.heads().values())))

        return exchange_while(road, body, noted_work)

    def killed(_road: Road, _body: bytes, _work: Callable[[], None]) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Road, "exchange_while", killed)
        with pytest.raises(KeyboardInterrupt):
            ana.sync()
    ana.reopen()
    assert ana.ws.status().waiting > 0
    monkeypatch.setattr(Road, "exchange_while", noted)
    assert ana.sync().refused == 0
    assert held_back
    assert all(before < after for before, after in held_back)
    assert ana.ws.status().waiting == 0
    bilal.sync()
    assert held(ana) == held(bilal)
    network.in_step()


def test_a_page_in_hand_that_cannot_be_written_is_asked_for_again(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, bilal = network.two()
    filled(ana)
    take_own = taking.Taker._take_own
    struck = iter([True])

    def full(self: taking.Taker, *given: Any) -> set[tuple[str, str]]:
        if next(struck, False):
            raise Full(Text("No room."))
        return take_own(self, *given)

    monkeypatch.setattr(taking.Taker, "_take_own", full)
    assert isinstance(ana.tries(), Full)
    ana.sync()
    assert ana.ws.status().waiting == 0
    bilal.sync()
    assert held(ana) == held(bilal)
    network.in_step()


def test_a_page_in_hand_that_another_program_took_is_not_taken_twice(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command syncs the folder while the window's sync holds a page that is not on disk yet."""
    ana, bilal = network.two()
    filled(ana)
    command = Workspace(ana.folder, network.kinds, clock=ana.clock, random=network.random.randbytes)
    exchange_while = Road.exchange_while
    taken: list[tuple[int, int]] = []

    def meanwhile(road: Road, body: bytes, work: Callable[[], None]) -> bytes:
        if not taken:
            before = command.public.value("SELECT count(*) FROM entry WHERE scope = 'public'")
            with monkeypatch.context() as patch:
                patch.setattr(Road, "exchange_while", exchange_while)
                sync(command, Road(network.authority, network.files))
            taken.append((before, command.public.value("SELECT count(*) FROM entry WHERE scope = 'public'")))
        return exchange_while(road, body, work)

    monkeypatch.setattr(Road, "exchange_while", meanwhile)
    ana.sync()
    command.close()
    assert [before < after for before, after in taken] == [True]
    assert ana.ws.status().waiting == 0
    bilal.sync()
    assert held(ana) == held(bilal)
    network.in_step()
