"""Snapshots that are signed and wrong, or right and unusual: what does not hold together loads nothing, and pages are taken instead."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator

import msgspec
import pytest
import zstandard

from i18n import Text
from sync import codec, epochs, finishing, segments, soundness, stale
from sync.errors import Damaged, Invalid
from sync.going_back import forget_confirmed
from sync.identity import SigningKey
from sync.record import Kind, Kinds, text
from sync.snapshots import content, loading, making, publishing
from sync.snapshots.columns import ids, numbers, steps
from sync.snapshots.content import Bare, Chunk, Header, Rows
from sync.snapshots.provenance import Provenance, Refused
from tests.sync.network import HOUSE, KINDS, Network
from tests.sync.test_brief_exchange import BOAT
from tests.sync.test_snapshots import EVERY, filled, publish, replica, said, without_pages

Alter = Callable[[list[Chunk]], list[Chunk]]


def made(network: Network, alter: Alter) -> bytes:
    """The public snapshot with other chunks, signed by the authority all the same."""
    whole = io.BytesIO()
    header = making.make(network.store, network.authority.kinds, "public", network.key, whole, 3)
    whole.seek(0)
    out = io.BytesIO()
    content.write(iter(alter(list(as_written(whole)))), out, header, network.key, 3)
    return out.getvalue()


def as_written(source: io.BytesIO) -> Iterator[Chunk]:
    """The chunks of a snapshot as whoever wrote it packed them."""
    content.unchecked_header(source)
    plain = zstandard.ZstdDecompressor().stream_reader(source).read()
    while plain:
        size = 4 + int.from_bytes(plain[:4], "big")
        yield msgspec.msgpack.decode(plain[4:size], type=Chunk)
        plain = plain[size:]


def of_rows(**changed: object) -> Alter:
    return lambda chunks: [msgspec.structs.replace(one, **changed) if isinstance(one, Rows) else one for one in chunks]


def of_origins(alter: Callable[[Provenance], dict[str, object]]) -> Alter:
    return lambda chunks: [msgspec.structs.replace(one, **alter(one)) if isinstance(one, Provenance) else one for one in chunks]


def one_less(name: str) -> Alter:
    """A list of each chunk without its last."""
    return lambda chunks: [msgspec.structs.replace(one, **{name: getattr(one, name)[:-1]}) if isinstance(one, Rows) else one for one in chunks]


def all_alike(column: bytes, number: int) -> bytes:
    """A column that is as long and says one number everywhere."""
    return steps([number] * (len(column) // 8))


OTHERS = Kinds(one for one in EVERY.values() if one.name != "house")  # houses are of a kind that this program does not know


def instead_of_its_own(network: Network, data: bytes) -> None:
    """Have the server offer this public snapshot."""
    offered = publish(network)["public"]
    network.files.erase(offered.name)
    network.store.execute("UPDATE published SET name = ?, size = ? WHERE name = ?", (hashlib.sha256(data).hexdigest(), len(data), offered.name))
    network.files.append(hashlib.sha256(data).hexdigest(), 0, iter([data]), len(data))


@pytest.mark.parametrize("alter", [
    lambda chunks: [one for one in chunks if not isinstance(one, Provenance)],  # nobody could tell what was decided
    of_rows(numbers=b"\0" * 7), of_rows(ids=b"\0" * 17), of_rows(numbers=steps([2**62]) + steps([2**62])), of_rows(gone=[0]),
    of_rows(states=[None]), of_rows(states=[b"\x93\x80\x90\x80"]), of_rows(conflicts=[0]), one_less("columns"), one_less("fields"), one_less("forms"),
    lambda chunks: [msgspec.structs.replace(one, columns=[column[:-1] for column in one.columns]) if isinstance(one, Rows) else one for one in chunks],
    lambda chunks: [Bare("boat", bytes(32), steps([1, 2]), [b"\x93\x80\x90\x80"], []), *chunks],
    lambda chunks: [Bare("boat", bytes(32), steps([1, 2]), [], []), *chunks],
])
@pytest.mark.parametrize("kinds", [EVERY, OTHERS])
def test_columns_that_do_not_fit_together_load_nothing(network: Network, alter: Alter, kinds: Kinds) -> None:
    filled(network)
    store = replica()
    before = store.rows("SELECT * FROM ledger")
    with pytest.raises(Damaged):
        loading.load(store, kinds, io.BytesIO(made(network, alter)), network.key.public, "public")
    assert store.rows("SELECT * FROM ledger") == before
    assert store.rows("SELECT id FROM house") == store.rows("SELECT id FROM unknown") == []


def test_a_kept_snapshot_without_its_provenance_is_damaged(network: Network) -> None:
    """None is loaded; one in a database may have been altered there since."""
    filled(network)
    data = io.BytesIO(made(network, lambda chunks: [one for one in chunks if not isinstance(one, Provenance)]))
    with pytest.raises(Damaged):
        content.read_provenance(data, content.unchecked_header(data))


@pytest.mark.parametrize("alter", [
    lambda one: {"time": b""}, lambda one: {"numbers": one.numbers[8:]}, lambda one: {"log": all_alike(one.log, 99)},
    lambda one: {"log": all_alike(one.log, -1)}, lambda one: {"position": all_alike(one.position, 10**6)},
    lambda one: {"position": all_alike(one.position, -1)}, lambda one: {"refused": [Refused(1, 99, 0, b"")]}, lambda one: {"refused": [Refused(1, 0, -1, b"")]},
    lambda one: {"refused": [Refused(2**63, 0, 0, b"")]},
    lambda one: {"logs": [msgspec.structs.replace(log, marks=log.marks[:-1]) for log in one.logs]},
    lambda one: {"logs": [msgspec.structs.replace(log, steps=log.steps[:-8]) for log in one.logs]},
    lambda one: {"logs": [msgspec.structs.replace(log, steps=steps([2**62]) * (len(log.steps) // 8)) for log in one.logs]},
])
def test_a_snapshot_that_cannot_say_where_its_values_came_from_loads_nothing(network: Network, alter: Callable[[Provenance], dict[str, object]]) -> None:
    """It is known before anything of it is kept: later it would stop every sync, and every opening of the folder."""
    ana, _, _ = filled(network)
    data = made(network, of_origins(alter))
    with pytest.raises(Damaged):
        loading.load(replica(), EVERY, io.BytesIO(data), network.key.public, "public")
    instead_of_its_own(network, data)
    newcomer = network.device("newcomer")
    newcomer.sync()
    newcomer.reopen()
    ana.sync()
    assert newcomer.ws.public.value("SELECT count(*) FROM snapshot WHERE scope = 'public'") == 0
    assert newcomer.ws.digest() == ana.ws.digest() == network.digest()


def test_a_column_is_steps_between_numbers_or_is_refused() -> None:
    assert list(numbers(steps([5, 3, 2**62]))) == [5, 3, 2**62]
    for none in (b"1234567", (2**62).to_bytes(8, "little") * 2):
        with pytest.raises(Damaged):
            numbers(none)
    with pytest.raises(Damaged):
        ids(b"x" * 17)


@pytest.mark.parametrize("how", ["no words", "more bytes", "more chunks"])
def test_chunks_that_are_none_and_bytes_after_the_last_are_refused(how: str) -> None:
    key, out = SigningKey(b"a" * 32), io.BytesIO()
    unsigned = Header("public", b"e" * 8, 1, bytes(32), bytes(32), [], b"", b"")
    content.write(iter([["what is this"]] if how != "more bytes" else []), out, unsigned, key, 3)  # type: ignore[list-item]
    source = io.BytesIO(out.getvalue() + b"\0" * (how == "more bytes"))
    header = content.unchecked_header(source)
    with pytest.raises(Damaged):
        list(content.read_chunks(source, msgspec.structs.replace(header, chunks=[]) if how == "more chunks" else header))


def test_a_spoilt_snapshot_of_the_servers_own_is_left_and_pages_are_taken(network: Network) -> None:
    ana, _, _ = filled(network)
    instead_of_its_own(network, made(network, of_rows(ids=b"\0" * 17)))
    newcomer = network.device("newcomer")
    newcomer.sync()
    assert newcomer.ws.public.value("SELECT count(*) FROM snapshot WHERE scope = 'public'") == 0
    ana.sync()
    assert newcomer.ws.digest() == ana.ws.digest() == network.digest()


def test_values_of_nobody_who_is_named_have_no_history_and_are_shown(network: Network) -> None:
    _, _, ids = filled(network)
    data = made(network, lambda chunks: [msgspec.structs.replace(one, numbers=b"", log=b"", position=b"", time=b"") if isinstance(one, Provenance) else one
                                         for one in chunks])
    newcomer = network.device("newcomer")
    newcomer.sync()
    forget_confirmed(newcomer.ws.public, "public")
    loading.load(newcomer.ws.public, EVERY, io.BytesIO(data), network.key.public, "public")
    finishing.finish(newcomer.ws.public, EVERY)
    assert newcomer.ws.get("house", ids[5])["phone"] == "5"
    assert newcomer.ws.history("house", ids[5]) == []


def test_a_copy_that_came_further_meanwhile_is_not_set_back(network: Network) -> None:
    """Another program on the same folder was faster."""
    ana, _, _ = filled(network)
    data = io.BytesIO()
    making.make(network.store, network.authority.kinds, "public", network.key, data, 3)
    ana.ws.add("house", {"name": {"fr": "Later"}})
    ana.sync()
    before = said(network, network.files.path(publish(network)["public"].name).read_bytes())
    heads, lines = ana.ws.heads(), list(ana.ws.export_lines())
    data.seek(0)
    loading.load(ana.ws.public, EVERY, data, network.key.public, "public")
    assert (ana.ws.heads(), list(ana.ws.export_lines())) == (heads, lines)
    assert before


def test_many_records_in_many_chunks_are_indexed_in_many_pieces(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "ROWS", 7)
    monkeypatch.setattr(finishing, "_TOGETHER", 10)
    monkeypatch.setattr(finishing, "_PIECE", 5)
    ana, _, ids = filled(network)
    publish(network)
    newcomer = network.device("newcomer")
    newcomer.sync()
    without_pages(newcomer)
    assert {id for _, id in newcomer.ws.search_ids("maison*", 100)} == set(ids) - {ids[3]}
    assert [one.number for one in newcomer.ws.history("house", ids[40])] == [one.number for one in ana.ws.history("house", ids[40])]
    assert newcomer.ws.verify() == []


def test_kinds_that_the_server_does_not_know_are_in_its_snapshot(either: Network) -> None:
    newer = Kinds((*KINDS.values(), BOAT))
    ana, _, _ = filled(either)
    modern = either.device("modern", kinds=newer)
    boats = [modern.ws.add("boat", {"name": f"Dhow {n}"}).id for n in range(3)]
    modern.ws.add("boat", {"name": "Gone"})
    either.heal()
    modern.ws.edit("boat", boats[0], {"name": "Boutre"})
    modern.ws.delete("boat", boats[1])
    either.heal()
    newcomers = [either.device("as modern", kinds=newer), either.device("as old")]
    publish(either)
    for newcomer in newcomers:
        newcomer.sync()
        without_pages(newcomer)
        assert newcomer.ws.verify() == []
        assert newcomer.ws.digest() == either.digest()
    ana.sync()
    assert {one.title for one in newcomers[0].ws.records("boat")} == {"Boutre", "Dhow 2", "Gone"}
    assert {event.new for event in newcomers[0].ws.history("boat", boats[0])} == {"Boutre"}
    newcomers[0].ws.edit("boat", boats[2], {"name": "Vedette"})
    either.heal()
    assert modern.ws.get("boat", boats[2])["name"] == "Vedette"
    either.in_step()


def test_a_program_that_knows_more_fields_than_the_server_keeps_plain_rows_plain(network: Network) -> None:
    """What stands as it was created needs no state of its own, whatever columns the table has here."""
    _, _, ids = filled(network)
    larger = Kind("house", HOUSE.label, HOUSE.plural, HOUSE.scopes, (*HOUSE.fields, text("owner", Text("Owner"))), HOUSE.title)
    newcomer = network.device("newcomer", kinds=Kinds((*(one for one in KINDS.values() if one.name != "house"), larger)))
    publish(network)
    newcomer.sync()
    without_pages(newcomer)
    assert newcomer.ws.public.value("SELECT state FROM house WHERE id = ?", (ids[20],)) is None
    assert newcomer.ws.get("house", ids[20])["phone"] == "20"
    assert newcomer.ws.digest() == network.digest()
    newcomer.ws.edit("house", ids[20], {"owner": "Hodan"})
    network.heal()
    network.in_step()


def test_a_scope_that_is_not_there_has_no_snapshot_and_no_frozen_pages(network: Network) -> None:
    with pytest.raises(Damaged):
        making.make(network.store, network.authority.kinds, "elsewhere", network.key, io.BytesIO(), 3)
    assert segments.freeze(network.store, "elsewhere", network.key, network.files, 0, lambda *_: None) is None


def test_of_many_snapshots_the_last_two_are_kept(network: Network) -> None:
    ana, _, _ = filled(network)
    published = []
    for number in range(4):
        ana.ws.add("house", {"name": {"fr": f"More {number}"}})
        ana.sync()
        published.append(publish(network)["public"])
    assert [network.files.here(one.name) for one in published] == [False, False, True, True]
    assert network.store.value("SELECT count(*) FROM published WHERE scope = 'public'") == 2
    network.files.erase(published[-1].name)
    publishing.squeeze(network.store, "public", network.key, network.files)  # nothing is here to be squeezed, and nothing is said
    assert network.store.value("SELECT count(*) FROM published WHERE scope = 'public'") == 2


def test_a_server_that_is_set_back_while_it_freezes_keeps_nothing_of_it(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "SPAN", 20)
    monkeypatch.setattr(segments, "_PAGE", 6)
    filled(network)
    began: list[bool] = []

    def set_back(*_: object) -> None:
        if not began:
            began.append(epochs.begin(network.store, network.key, network.random.randbytes))

    assert segments.freeze(network.store, "public", network.key, network.files, 0, set_back) is None
    assert began == [True]
    assert network.store.value("SELECT count(*) FROM segment") == 0
    assert segments.freeze(network.store, "public", network.key, network.files, 0, lambda *_: None) is not None
    network.heal()
    network.in_step()


def test_what_a_forgotten_snapshot_said_is_swept_before_another_is_taken(network: Network) -> None:
    """An erasure met a copy whose snapshot still says it; then that copy was taken anew by pages."""
    filled(network)
    newcomer = network.device("newcomer")
    publish(network)
    newcomer.sync()
    store = newcomer.ws.public
    with store.transaction():
        store.execute("INSERT INTO forgotten (scope, control, swept) VALUES ('public', 1, 1) ON CONFLICT DO NOTHING")
        stale.note(store, "public")
    assert stale.noted(store, "public")
    forget_confirmed(store, "public")
    assert not stale.noted(store, "public")
    assert store.value("SELECT swept FROM forgotten WHERE scope = 'public'") == -1
    newcomer.sync()
    assert newcomer.ws.digest() == network.digest()
    assert store.value("SELECT count(*) FROM forgotten WHERE swept < control") == 0


def test_what_was_found_sound_fills_no_memory(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundness, "_REMEMBERED", 200)
    ana, bilal = network.two()
    sound = network.authority.sound
    for number in range(5):
        with ana.ws.together():
            for more in range(60):
                ana.ws.add("house", {"name": {"fr": f"House {number} {more}"}})
        ana.sync()
        bilal.sync()
    assert len(sound._rows) <= 200
    assert len(sound._heads) <= 2
    network.in_step()


def test_the_codec_opens_no_more_than_was_asked_for() -> None:
    for size in (1000, 100_000):
        with pytest.raises(Invalid):
            codec.unsqueeze(codec.squeeze(bytes(size)), 999)
    with pytest.raises(Invalid):
        codec.unsqueeze(codec.squeeze(b"one") + codec.squeeze(b"and another"), 999)  # what is carried is one piece
    assert codec.unsqueeze(codec.squeeze(bytes(1000)), 1000) == bytes(1000)

