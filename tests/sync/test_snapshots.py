"""A snapshot says what the pages say: for newcomers, for those long away, for older programs; a wrong byte loads nothing."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from i18n import Text
from sync import finishing, search_index
from sync.errors import Damaged, Offline
from sync.identity import CERTIFICATE
from sync.record import Kinds
from sync.schema import LEDGER
from sync.snapshots import content, loading, making, origins, publishing
from sync.store import SqliteStore, Store
from sync.tables import table_of
from tests.sync.network import KINDS, Device, Network
from tests.sync.test_newer_programs import OLD, VALUES

EVERY = Kinds((*KINDS.values(), CERTIFICATE))
SCOPES = ("control", "public", "network")


def publish(network: Network) -> dict[str, publishing.Offer]:
    return {scope: publishing.publish(network.store, network.authority.kinds, scope, network.key, network.files) for scope in SCOPES}


def filled(network: Network, count: int = 60) -> tuple[Device, Device, list[str]]:
    """A ledger that is worth a snapshot, with a little of everything that a state can hold."""
    ana, bilal = network.two()
    with ana.ws.together():
        ids = [ana.ws.add("house", {"name": {"fr": f"Maison {n}", "ar": "بيت"}, "phone": str(n), "street": "Rue" * 20, "tags": ["red"]}).id
               for n in range(count)]
    ana.ws.add("tree", {"name": {"fr": "Acacia"}})
    network.heal()
    ana.ws.edit("house", ids[0], {"phone": "ana", "tags": ["blue"]})
    bilal.ws.edit("house", ids[0], {"phone": "bilal"})  # a conflict
    ana.ws.edit("house", ids[1], {"street": "Rue 1"})
    ana.ws.edit("house", ids[2], {"phone": "late"})
    bilal.ws.delete("house", ids[2])  # a deletion that met an edit
    bilal.ws.delete("house", ids[3])
    bilal.ws.edit("house", ids[4], {"facts": {"a": "x"}, "opened": "2001"}, bilal.ws.form("house", ids[4]))
    network.heal()
    return ana, bilal, ids


def without_pages(device: Device) -> None:
    """The device's copy came from snapshots alone."""
    assert device.ws.public.value("SELECT finished FROM provenance WHERE scope = 'public'") == 1
    assert device.ws.public.value("SELECT count(*) FROM entry WHERE scope = 'public'") == 0


def test_a_newcomer_who_loads_a_snapshot_has_what_everyone_has(either: Network) -> None:
    ana, _, ids = filled(either)
    newcomer = either.device("newcomer")
    publish(either)
    newcomer.sync()
    ana.sync()
    without_pages(newcomer)
    assert newcomer.ws.digest() == ana.ws.digest() == either.digest()
    assert newcomer.ws.verify() == []
    assert list(newcomer.ws.export_lines()) == list(ana.ws.export_lines())
    assert [dict(one) for one in newcomer.ws.records("house", order="sort_fr, id")] == [dict(one) for one in ana.ws.records("house", order="sort_fr, id")]
    assert {id for _, id in newcomer.ws.search_ids("maison*", 100)} == set(ids) - {ids[3]}
    report = newcomer.sync()
    assert (report.turns, report.received) == (1, 0)


def test_life_goes_on_after_a_snapshot(either: Network) -> None:
    ana, bilal, ids = filled(either)
    newcomer = either.device("newcomer")
    publish(either)
    newcomer.sync()
    newcomer.ws.edit("house", ids[5], {"phone": "new", "name": {"fr": "Autre", "ar": "بيت"}})
    newcomer.ws.settle(ids[0], "phone", keep=2)
    newcomer.ws.restore("house", ids[3])
    newcomer.ws.delete("house", ids[6])
    ana.ws.edit("house", ids[6], {"phone": "unseen"})
    ana.ws.edit("house", ids[5], {"phone": "ana"})
    either.heal()
    assert [one.field for one in ana.ws.conflicts()].count("phone") == 1
    assert {one.id for one in ana.ws.conflicts() if one.field == "_life"} == {ids[2], ids[6]}
    for device in (ana, bilal, newcomer):
        assert device.ws.digest() == either.digest()
        assert device.ws.verify() == []
    assert newcomer.ws.get("house", ids[0])["phone"] == ana.ws.get("house", ids[0])["phone"] == "bilal"
    assert ana.ws.get("house", ids[3])["phone"] == "3"


def test_who_was_long_away_keeps_what_waits_and_learns_what_became_of_it(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "_PAGED", 50.0)  # here the tail alone would be cheaper
    network.authority.may = lambda actor, operation, kind, values, scope: Text("No.") if kind == "door" else None
    ana, _, ids = filled(network)
    away = network.device("away")
    away.sync()
    away.ws.edit("house", ids[7], {"phone": "away"})
    away.ws.add("door", {"name": "Porte"})
    assert isinstance(away.tries("after"), Offline)  # it arrived, but nobody here knows
    with ana.ws.together():
        for id in ids[10:50]:
            ana.ws.edit("house", id, {"street": "Avenue" * 20})
    ana.sync()
    away.ws.edit("house", ids[8], {"phone": "waits"})
    published = publish(network)
    assert published["public"].number > 100
    waiting = {one.id: one.state for one in away.ws.outbox()}
    assert set(waiting.values()) == {"waiting", "carried"}
    away.sync()
    assert away.ws.public.value("SELECT count(*) FROM snapshot WHERE scope = 'public'") == 1
    states = {one.id: one for one in away.ws.outbox()}
    assert states[ids[7]].state == "accepted"
    assert states[ids[8]].state == "accepted"
    assert [str(one.reason) for one in states.values() if one.kind == "door"] == ["No."]
    network.heal()
    assert away.ws.digest() == ana.ws.digest() == network.digest()
    assert away.ws.verify() == []


def test_a_cut_at_any_point_goes_on_from_there(network: Network) -> None:
    filled(network)
    newcomer = network.device("newcomer")
    publish(network)
    asked: list[int] = []
    whole = newcomer.road.fetch_file

    def cut(sha256: str, offset: int) -> Iterator[bytes]:
        asked.append(offset)
        data = b"".join(whole(sha256, offset))
        yield data[: max(1, len(data) // 2)]
        if len(data) > 200:
            raise Offline(Text("cut"))
        yield data[max(1, len(data) // 2) :]

    newcomer.road.fetch_file = cut  # type: ignore[method-assign]
    for _ in range(60):
        if newcomer.tries() is None:
            break
    else:
        pytest.fail("never whole")
    assert len([offset for offset in asked if offset]) > 3
    assert newcomer.ws.digest() == network.digest()
    without_pages(newcomer)


def test_no_flipped_or_missing_byte_is_taken(network: Network) -> None:
    filled(network, 30)
    out = io.BytesIO()
    making.make(network.store, network.authority.kinds, "public", network.key, out, 6)
    data = out.getvalue()
    name = hashlib.sha256(data).hexdigest()
    reader = network.device("reader")
    store = replica()
    harmless = 0
    for at in range(len(data)):
        flipped = data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :]
        with pytest.raises(Damaged):  # as it arrives, under the name that was offered
            reader.ws.files.append(name, 0, iter([flipped]), len(data))
        with pytest.raises(Damaged):
            loading.load(store, EVERY, io.BytesIO(data[:at]), network.key.public, "public")
        try:
            loading.load(store, EVERY, io.BytesIO(flipped), network.key.public, "public")
        except Damaged:
            assert store.value("SELECT count(*) FROM house") == store.value("SELECT count(*) FROM ledger") == 0
        else:  # a bit of the compression that changes nothing of what was signed
            harmless += 1
            assert "\n".join(map(str, store.rows("SELECT * FROM house ORDER BY id"))) == said(network, data)
            store.close()
            store = replica()
    assert harmless < 20
    for wrong, scope in ((data + b"x", "public"), (data, "network")):
        with pytest.raises(Damaged):
            loading.load(store, EVERY, io.BytesIO(wrong), network.key.public, scope)
    store.close()


def said(network: Network, data: bytes) -> str:
    """The rows of an unspoilt snapshot."""
    store = replica()
    loading.load(store, EVERY, io.BytesIO(data), network.key.public, "public")
    found = "\n".join(map(str, store.rows("SELECT * FROM house ORDER BY id")))
    store.close()
    return found


def test_a_spoilt_snapshot_is_left_and_pages_are_taken(network: Network) -> None:
    ana, _, _ = filled(network)
    newcomer = network.device("newcomer")
    for offer in publish(network).values():
        path = network.files.path(offer.name)
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    newcomer.sync()
    ana.sync()
    assert newcomer.ws.digest() == ana.ws.digest()
    assert newcomer.ws.public.value("SELECT count(*) FROM snapshot") == 0


def test_a_kill_before_the_index_is_made_needs_nobody(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(network)
    newcomer = network.device("newcomer")
    publish(network)

    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(finishing, "finish", killed)
        with pytest.raises(Killed):
            newcomer.sync()
    newcomer.reopen()
    newcomer.sync()
    assert len(newcomer.ws.search_ids("maison*", 100)) == 59
    assert newcomer.ws.digest() == network.digest()
    indexes = {name for (name,) in newcomer.ws.public.rows("SELECT name FROM sqlite_master WHERE type = 'index'")}
    assert {"house_sort_fr", "house_conflicts"} <= indexes


def test_an_older_program_keeps_what_it_does_not_know(network: Network) -> None:
    new = network.device("new")
    id = new.ws.add("house", VALUES).id
    with new.ws.together():
        for n in range(60):
            new.ws.add("house", {**VALUES, "phone": str(n)})
    new.ws.add("tree", {"name": {"fr": "Acacia"}})
    new.sync()
    publish(network)
    old = network.device("old", kinds=OLD)
    old.sync()
    assert old.ws.public.value("SELECT number FROM snapshot WHERE scope = 'public'") >= 60
    assert old.ws.digest() == network.digest()
    old.ws.edit("house", id, {"phone": "2"})
    network.heal()
    assert dict(new.ws.get("house", id)) == {**dict(new.ws.get("house", id)), "phone": "2", "street": "Rue 1", "tags": ["blue", "red"], "colour": "green"}
    line = next(one for one in map(json.loads, old.ws.export_lines()) if one["id"] == id)
    assert line["fields"]["street"] == [[1, "Rue 1"]]
    assert old.ws.verify() == []


def test_history_and_conflicts_name_their_authors_after_a_snapshot(network: Network) -> None:
    ana, _, ids = filled(network)
    newcomer = network.device("newcomer")
    publish(network)
    newcomer.sync()
    ours, theirs = newcomer.ws.conflicts(), ana.ws.conflicts()
    assert [(one.id, one.field, [(v.value, v.author.person, v.time, v.number) for v in one.values]) for one in ours] == \
        [(one.id, one.field, [(v.value, v.author.person, v.time, v.number) for v in one.values]) for one in theirs]
    ana.ws.edit("house", ids[1], {"street": "Rue 2"})
    network.heal()
    (last,) = [one for one in newcomer.ws.history("house", ids[1]) if one.field == "street" and one.new == "Rue 2"]
    assert (last.old, last.author.person) == ("Rue 1", ana.ws.vault.word("person"))
    standing = {one.field: one.time for one in newcomer.ws.history("house", ids[9])}
    assert standing == {one.field: one.time for one in ana.ws.history("house", ids[9])}


@pytest.mark.parametrize("sql", [
    "UPDATE house SET phone = 'x' WHERE phone = '9'",
    "UPDATE ledger SET number = number - 1 WHERE scope = 'public'",
    "DELETE FROM house WHERE phone = '9'",
])
def test_verify_names_what_was_altered_beside_a_snapshot(network: Network, sql: str) -> None:
    filled(network)
    newcomer = network.device("newcomer")
    publish(network)
    newcomer.sync()
    assert newcomer.ws.verify() == []
    newcomer.ws.public.execute(sql)
    assert newcomer.ws.verify() != []


def test_a_dot_named_before_it_arrived_is_dead_on_arrival_after_a_snapshot_too(network: Network) -> None:
    ana, bilal, ids = filled(network)
    copy = network.copy(ana, "copy")  # one identity on two disks
    ana.ws.edit("house", ids[11], {"phone": "ana"})
    copy.ws.edit("house", ids[11], {"phone": "copy"})
    ana.sync()
    publish(network)
    newcomer = network.device("newcomer")
    newcomer.sync()
    copy.tries()
    network.heal()
    assert newcomer.ws.digest() == bilal.ws.digest() == network.digest()


def test_snapshots_are_made_when_a_ledger_has_outgrown_the_last(network: Network) -> None:
    ana = network.device("ana")
    ana.sync()
    assert not publishing.due(network.store, "public")
    with ana.ws.together():
        for n in range(publishing.FEWEST):
            ana.ws.add("house", {"name": {"fr": f"House {n}"}, "street": f"Rue {n % 7}"})
    ana.sync()
    assert publishing.due(network.store, "public")
    quick = publishing.publish(network.store, network.authority.kinds, "public", network.key, network.files)
    assert not publishing.due(network.store, "public")
    publishing.squeeze(network.store, "public", network.key, network.files)
    epoch = network.store.value("SELECT epoch FROM ledger WHERE scope = 'public'")
    hard = publishing.offer(network.store, "public", bytes(epoch), 0)
    assert hard is not None
    assert hard.number == quick.number
    assert hard.size <= quick.size
    assert not network.files.here(quick.name) or quick.name == hard.name
    with network.files.path(hard.name).open("rb") as source:
        header = content.read_header(source, network.key.public)
        assert sum(len(one.ids) // 16 for one in content.read_chunks(source, header) if isinstance(one, content.Rows)) == publishing.FEWEST
    assert publishing.offer(network.store, "public", bytes(epoch), hard.number) is None
    assert publishing.offer(network.store, "public", b"another.", 0) is None


def test_when_nobody_asks_a_snapshot_that_lacks_little_is_made_anew_and_never_vanishes_half_taken(network: Network) -> None:
    ana = network.device("ana")
    assert not publishing.aged(network.store, "public")  # there is none to make anew
    for count in (publishing.FEWEST, 40):
        with ana.ws.together():
            for n in range(count):
                ana.ws.add("house", {"name": {"fr": str(n)}})
        ana.sync()
        if count == publishing.FEWEST:
            first = publishing.publish(network.store, network.authority.kinds, "public", network.key, network.files)
            assert not publishing.aged(network.store, "public")
    assert not publishing.due(network.store, "public")
    assert publishing.aged(network.store, "public")
    second = publishing.publish_squeezed(network.store, network.authority.kinds, "public", network.key, network.files)
    assert not publishing.aged(network.store, "public")
    assert second.number == network.store.value("SELECT number FROM ledger WHERE scope = 'public'")
    assert network.files.here(first.name)
    assert network.files.here(second.name)
    newcomer = network.device("newcomer")
    newcomer.sync()
    assert newcomer.ws.digest() == network.digest()


def test_both_databases_make_the_same_snapshot(tmp_path: Path, store: Callable[[], Store]) -> None:
    with Network(tmp_path, store=store()) as network:
        filled(network)
        out = io.BytesIO()
        header = making.make(network.store, network.authority.kinds, "public", network.key, out, 3)
        assert header.number == network.store.value("SELECT number FROM ledger WHERE scope = 'public'")
        copy = replica()
        loading.load(copy, EVERY, io.BytesIO(out.getvalue()), network.key.public, "public")
        finishing.finish(copy, EVERY)
        assert copy.value("SELECT digest FROM ledger WHERE scope = 'public'") == bytes.fromhex(network.digest()["public"])
        copy.close()


def test_where_values_came_from_reads_alike_as_it_came_and_put_in_order(network: Network) -> None:
    filled(network)
    out = io.BytesIO()
    making.make(network.store, network.authority.kinds, "public", network.key, out, 6)
    copy = replica()
    loading.load(copy, EVERY, io.BytesIO(out.getvalue()), network.key.public, "public")
    entries = network.store.rows("SELECT log, n, mark, number FROM entry WHERE scope = 'public'")
    dots = {bytes(log) + n.to_bytes(4, "big") + bytes(mark): number for log, n, mark, number in entries}

    def told() -> dict[bytes, tuple[object, ...]]:
        origins._kept.clear()
        found = origins.origins_of(copy, "public")
        assert found is not None
        assert found.number(bytes(14)) is found.origin(10**6) is None
        return {dot: (found.number(dot), found.origin(number), found.refusal(dot)) for dot, number in dots.items()}

    before, size = told(), copy.value("SELECT length(data) FROM provenance")
    assert all(number in (origins.DECIDED, dots[dot]) for dot, (number, _, _) in before.items())
    assert {dot for dot, (_, origin, _) in before.items() if origin is not None and origin.dot == dot} \
        == {dot for dot, (number, _, refusal) in before.items() if number != origins.DECIDED and refusal is None}
    finishing.finish(copy, EVERY)
    assert told() == before
    assert copy.value("SELECT length(data) FROM provenance") != size
    copy.close()


def replica() -> SqliteStore:
    """The tables of a public file, empty, in memory."""
    found = SqliteStore(":memory:")
    found.create([*LEDGER, *search_index.schema(), *(statement for kind in EVERY.values() for statement in table_of(kind).schema())])
    return found
