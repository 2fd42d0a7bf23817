"""Moments that few meet: two programs at once, a stop between two steps, rows that somebody took away, runs with two seeds."""

from __future__ import annotations

import sqlite3
import uuid
from pathlib import Path

import msgspec
import pytest

from i18n import Text
from sync import codec, entries, erasure, ledger, migrations, offers, repairing, vault
from sync.authority import opened
from sync.change import Change, Operation, Write
from sync.deciding import decide
from sync.erased import files_in
from sync.errors import Cancelled, Damaged, Offline
from sync.exchange import asking, fetch, join, taking
from sync.exchange.words import Answer
from sync.going_back import forget_confirmed
from sync.identity import CERTIFICATE
from sync.postgres_store import PostgresStore
from sync.record import Kind, Kinds, text
from sync.salvage import is_damaged
from sync.scopes import NETWORK
from sync.store import SqliteStore
from sync.trust import Trust
from sync.verify import problems_of
from tests.postgres import fresh_database
from tests.sync.backups import backup, put_back
from tests.sync.network import KINDS, Device, Network
from tests.sync.test_erasure import erase
from tests.sync.test_healing import write_houses
from tests.sync.test_roads import code_of, joiner
from tests.sync.test_snapshots import filled, publish, without_pages
from tests.sync.test_tampering import reforged, state_of


def batch_of(device: Device) -> bytes:
    with device.ws.store.transaction():
        (batch, _), = device.ws.vault.batches(10**7)
    return codec.squeeze(codec.pack(batch))


def save(device: Device, change: Change) -> str:
    """Put a change into a person's log as a program would that does not look at it."""
    with device.ws.store.transaction():
        return device.ws.vault.append("public", change).dot.hex()


# At the authority


def test_a_certificate_may_name_an_organisation(network: Network) -> None:
    ana = network.device("ana")
    organisation = "018f0000-0000-7000-8000-000000000009"
    network.authority.certify(b"k" * 32, organisation[:-1] + "1", organisation[:-1] + "2", "member", [organisation])
    ana.sync()
    found = ana.ws.public.value("SELECT organisations FROM certificate WHERE key = ?", ((b"k" * 32).hex(),))
    assert found == f'["{organisation}"]'


def test_a_change_that_is_too_large_is_set_aside_and_the_rest_goes_on(network: Network) -> None:
    ana = network.device("ana")
    large = Change(uuid.uuid4().bytes, "house", Operation.CREATE, 1, [Write("name.fr", "x" * codec.MAX_CHANGE, [])])
    save(ana, large)
    tree = ana.ws.add("tree", {"name": {"fr": "Acacia"}}).change
    assert len(ana.sync().set_aside) == 1
    assert set(network.verdicts()) >= {tree}
    assert network.store.value("SELECT count(*) FROM entry WHERE scope = 'public'") == 0


def test_whoever_lost_their_certificate_meanwhile_has_nothing_decided(network: Network) -> None:
    ana = network.device("ana")
    ana.ws.add("house", {"name": {"fr": "A"}})
    read = opened(batch_of(ana))
    network.store.execute("DELETE FROM certificate")
    network.authority.trust = Trust(network.store, network.key.public)
    with pytest.raises(Damaged):
        decide(network.authority, [read])
    network.store.execute("DELETE FROM ledger WHERE scope = 'public'")
    with pytest.raises(Damaged):
        decide(network.authority, [read])
    assert network.store.value("SELECT count(*) FROM entry WHERE scope = 'public'") == 0


def test_what_waited_from_somebody_who_is_unknown_now_is_decided_when_they_come_again(network: Network) -> None:
    ana, bilal = network.two()
    id = uuid.uuid4()
    edit = save(bilal, Change(id.bytes, "house", Operation.EDIT, 1, [Write("phone", "bilal", [])]))
    bilal.sync()
    assert edit not in network.verdicts()  # it waits for the creation
    row = network.store.rows("SELECT * FROM certificate WHERE key = ?", (bilal.ws.vault.key().public.hex(),))
    network.store.execute("DELETE FROM certificate WHERE key = ?", (bilal.ws.vault.key().public.hex(),))
    network.authority.trust = Trust(network.store, network.key.public)
    save(ana, Change(id.bytes, "house", Operation.CREATE, 2, [Write("name.fr", "A", [])]))
    ana.sync()
    assert edit not in network.verdicts()
    with network.store.transaction():
        network.store.many(f"INSERT INTO certificate VALUES ({','.join('?' * len(row[0]))})", row)
    network.authority.trust = Trust(network.store, network.key.public)
    bilal.sync()
    assert network.verdicts()[edit][1] == 1
    network.heal()
    network.in_step()
    assert ana.ws.get("house", str(id))["phone"] == "bilal"


def test_several_batches_of_one_request_come_back_whole(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "_FULL", 400)
    ana, bilal = network.two()
    for number in range(30):
        ana.ws.add("house", {"name": {"fr": f"Maison {number}"}})
    for number in range(5):
        ana.ws.add("tree", {"name": {"fr": f"Arbre {number}"}})
    report = ana.sync()
    assert (report.accepted, report.set_aside) == (35, [])
    bilal.sync()
    network.in_step()


def test_a_page_that_begins_in_the_second_batch_of_a_request_is_proven_by_that_batch(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "_FULL", 400)
    ana = network.device("ana")
    for number in range(12):
        ana.ws.add("house", {"name": {"fr": f"Maison {number}"}})
    with ana.ws.store.transaction():
        found = [batch for batch, _ in ana.ws.vault.batches(10**6)]
    taken = network.authority.take([opened(codec.squeeze(codec.pack(one))) for one in found])
    from sync.exchange.just_written import JustWritten

    just = JustWritten([one for one in taken if not isinstance(one, BaseException)])
    last = taken[-1].rows  # type: ignore[union-attr]
    proof = just.proof(last)
    assert proof is not None
    assert proof.first == found[-1].first
    assert just.proof([taken[0].rows[0], *last]) is None  # type: ignore[union-attr]
    ana.sync()
    network.in_step()


@pytest.mark.parametrize(("sql", "word"), [
    ("DELETE FROM log WHERE scope = 'public'", "whose log"), ("DELETE FROM signed_head; DELETE FROM entry WHERE scope = 'public' AND number >= 2", "missing"),
    ("DELETE FROM signed_head; DELETE FROM entry WHERE scope = 'public' AND number = 2", "missing"),
])
def test_what_somebody_took_out_of_the_servers_database_is_named_and_the_rest_goes_on(network: Network, sql: str, word: str) -> None:
    ana, bilal = network.two()
    ana.ws.add("house", {"name": {"fr": "A"}})
    ana.sync()
    bilal.sync()
    for number in range(3):
        ana.ws.add("house", {"name": {"fr": f"B {number}"}})
        ana.sync()
    ana.ws.add("tree", {"name": {"fr": "Acacia"}})
    ana.sync()
    for statement in sql.split(";"):
        network.store.execute(statement)
    if "signed_head" in sql:
        head = ledger.head(network.store, "public")
        with pytest.raises(Damaged):
            ledger.chain_at(network.store, "public", 3, head)
    failure = bilal.tries()
    assert failure is not None
    assert failure.code == "damaged"
    assert bilal.ws.records("tree")


def test_of_two_seeds_of_a_run_the_right_one_goes_with_the_page(network: Network) -> None:
    ana, bilal = network.two()
    ana.ws.add("house", {"name": {"fr": "A"}})
    ana.sync()
    bilal.sync()
    log, = bilal.ws.public.rows("SELECT id FROM log WHERE scope = 'public'")
    for wrong in (bytes(16), b"\xff" * 16):
        bilal.ws.public.execute("INSERT INTO log_seed (log, run, seed) VALUES (?, 0, ?)", (log[0], wrong))
    page, = offers.pages_after(bilal.ws.public, "public", 0)
    at = ledger.Head("public", page.epoch, 0, bytes(32), b"")
    rows, _ = ledger.open_page(page, at, network.key.public, Trust(bilal.ws.public, network.key.public), {})
    assert len(rows) == 1


def test_a_lost_branch_comes_back_beside_another_seed_of_its_run(network: Network) -> None:
    """Both copies of a folder began the second run of their log apart; the server lost one, took the other, and gets the first again."""
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    for number in range(61):
        ana.ws.edit("house", id, {"phone": str(number)})
    network.heal()
    copy = network.copy(ana, "copy")
    kept = backup(network.store)
    for number in range(6):
        ana.ws.edit("house", id, {"street": f"first {number}"})
    ana.sync()
    bilal.sync()
    put_back(network.store, kept)
    for number in range(6):
        copy.ws.edit("house", id, {"colour": "red" if number % 2 else "blue"})
    copy.sync()
    bilal.sync()
    network.heal()
    network.heal()
    network.in_step()
    assert bilal.ws.get("house", id)["street"] == "first 5"
    assert bilal.ws.get("house", id)["colour"] == "red"
    assert network.store.value("SELECT count(*) FROM entry WHERE salt IS NOT NULL") > 0


# On a replica


def test_a_page_of_a_scope_that_nobody_has_is_not_taken(network: Network) -> None:
    ana, bilal = network.two()
    ana.ws.add("house", {"name": {"fr": "A"}})
    ana.sync()
    before = state_of(bilal)
    failure = bilal.tries(lambda found: reforged(found, lambda page: msgspec.structs.replace(page, scope="elsewhere")))
    assert failure is not None
    assert failure.code == "damaged"
    assert state_of(bilal) == before
    network.heal()
    network.in_step()


def test_a_page_of_a_ledger_that_the_server_did_not_name_is_not_taken(network: Network) -> None:
    ana, _ = network.two()
    ana.ws.add("house", {"name": {"fr": "A"}})
    ana.sync()
    late = network.device("late")

    def nameless(found: bytes) -> bytes:
        answer = codec.unpack(codec.open_message(found), Answer)
        return codec.seal_message(codec.pack(msgspec.structs.replace(answer, heads={})))

    failure = late.tries(nameless)
    assert failure is not None
    assert failure.code == "damaged"
    assert late.ws.heads() == {}
    network.heal()
    network.in_step()


def test_who_stops_at_once_or_before_the_files_loses_nothing(network: Network) -> None:
    ana, _ = network.two()
    source = network.folder / "photo.jpg"
    source.write_bytes(b"photo" * 100)
    assert isinstance(ana.tries(stop=lambda: True), Cancelled)
    kept = ana.ws.files.take(source)
    ana.ws.offer(kept["sha256"], kept["size"])
    looks = iter([False, True])
    assert isinstance(ana.tries(stop=lambda: next(looks)), Cancelled)
    assert network.files.held(kept["sha256"]) == 0
    assert ana.sync().files == 1
    assert network.files.here(kept["sha256"])


def test_a_file_that_the_server_has_already_is_not_carried_again(network: Network) -> None:
    ana, _ = network.two()
    source = network.folder / "photo.jpg"
    source.write_bytes(b"photo" * 100)
    kept = ana.ws.files.take(source)
    network.files.take(source)
    ana.ws.offer(kept["sha256"], kept["size"])
    ana.road.send_file = None  # type: ignore[assignment, method-assign]  # nobody may ask for it
    assert ana.sync().files == 1
    assert ana.ws.store.value("SELECT count(*) FROM upload") == 0


def test_a_cut_after_long_silence_asks_for_less_at_a_time(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = network.device("ana")
    ana.sync()
    before = int(ana.ws.vault.word("budget"))
    monkeypatch.setattr(asking, "SLOW", 0.0)
    assert isinstance(ana.tries("before"), Offline)
    assert int(ana.ws.vault.word("budget")) == max(asking.SMALLEST, before // 2)


def test_a_name_that_is_given_again_is_an_edit_of_it(tmp_path: Path) -> None:
    person = Kind("person", Text("Person"), Text("People"), (NETWORK,), title="name", fields=(text("name", Text("Name"), required=True),))
    with Network(tmp_path, kinds=Kinds((*KINDS.values(), person, CERTIFICATE))) as network:
        network.kinds = Kinds((*KINDS.values(), person))
        new, road = joiner(network, "new")
        for name in ("Asma", "Asma", "Asma Ali"):
            join(new.ws, "direct", code_of(network), name, road)
        assert [one["name"] for one in new.ws.records("person")] == ["Asma Ali"]
        assert [one.operation for one in reversed(new.ws.outbox())] == [Operation.CREATE, Operation.EDIT]


def test_ones_own_creations_are_found_whatever_became_of_their_words(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "MANY", 3)
    ana, bilal = network.two()
    for number in range(6):
        ana.ws.add("house", {"name": {"fr": f"Maison {number}"}})
    ana.sync()
    assert len(ana.ws.search_ids("maison*", 10)) == 6
    late = ana.ws.add("house", {"name": {"fr": "Villa"}}).id
    with ana.ws.store.transaction():
        for (table,) in ana.ws.store.rows("SELECT name FROM main.sqlite_master WHERE type = 'table' AND name LIKE '%found' AND name <> 'found'"):
            ana.ws.store.execute(f"DELETE FROM main.{table}")  # somebody emptied the index of what waits
    ana.sync()
    assert [id for _, id in ana.ws.search_ids("villa", 10)] == [late]
    bilal.sync()
    network.in_step()


# Erasures that are rarely written


def test_a_fact_of_another_program_that_this_one_cannot_read_erases_nothing(network: Network) -> None:
    ana, _ = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    ana.sync()
    for dots in ("no digits", "00" * 13):
        network.authority.declare(Operation.CREATE, network.authority.new_id(), {"ledger": "public", "dots": dots}, "erasure")
    network.heal()
    network.in_step()
    assert ana.ws.get("house", id)["name"] == {"fr": "A"}


def test_a_change_that_two_facts_name_whole_is_gone_once(network: Network) -> None:
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    network.heal()
    rows = entries.rows_after(network.store, "public", 0, 10)
    erasure.erase(network.authority, "house", id)
    fact, = network.store.rows("SELECT ledger, dots FROM erasure")
    network.authority.declare(Operation.CREATE, network.authority.new_id(), dict(zip(("ledger", "dots"), fact, strict=True)), "erasure")
    stripped, = network.authority.trust.erasures.applied(rows)
    assert (stripped.body, stripped.remains, stripped.salt) == (None, None, None)
    network.heal()
    network.in_step()
    assert bilal.ws.records("house") == []


def test_names_of_files_are_found_at_any_depth() -> None:
    assert files_in([{"sha256": 5, "more": {"sha256": "a"}}, "text", {"sha256": "b"}]) == {"a", "b"}


def test_a_dot_that_was_named_before_it_came_in_a_set_that_is_erased_is_named_no_more(network: Network) -> None:
    ana, bilal = network.two()
    id = ana.ws.add("house", {"name": {"fr": "A"}, "tags": ["red"]}).id
    network.heal()
    save(bilal, Change(uuid.UUID(id).bytes, "house", Operation.EDIT, 5, [Write("tags#blue", True, [b"never".ljust(14)])]))
    bilal.sync()
    network.heal()
    network.in_step()
    erase(network, "house", id, "tags")
    network.heal()
    network.in_step()
    assert all(device.ws.get("house", id)["tags"] is None for device in (ana, bilal))
    assert not any(b"never" in line for line in map(bytes, ana.ws.export_lines()))


def test_a_guests_copy_of_an_erased_picture_goes_too(network: Network) -> None:
    ana, _ = network.two()
    source = network.folder / "photo.jpg"
    source.write_bytes(b"photo" * 100)
    kept = ana.ws.files.take(source)
    ana.ws.offer(kept["sha256"], kept["size"])
    id = ana.ws.add("house", {"name": {"fr": "A"}, "photo": kept}).id
    ana.sync()
    guest = network.guest("guest")
    guest.sync()
    fetch(guest.ws, kept["sha256"], kept["size"], carrier=guest.road)
    assert guest.ws.files.here(kept["sha256"])
    erase(network, "house", id)
    guest.sync()
    assert guest.ws.records("house") == []
    assert not guest.ws.files.here(kept["sha256"])


# Files and databases


def condemn(device: Device, name: str = "public.db") -> None:
    device.ws.close()
    (device.folder / f"{name}.suspect").write_text("condemned")


def test_a_copy_that_went_from_one_epoch_to_another_is_made_anew_from_its_own_pages(network: Network) -> None:
    ana, bilal = network.two()
    write_houses([ana, bilal], 20)
    network.heal()
    kept = backup(network.store)
    write_houses([ana, bilal], 10, 40)
    network.heal()
    put_back(network.store, kept)
    network.heal()
    write_houses([ana, bilal], 10, 60)
    network.heal()
    before = list(ana.ws.export_lines())
    condemn(ana)
    ana.ws = ana.open()
    assert len(ana.ws.repaired) == 1
    assert list(ana.ws.export_lines()) == before  # before any server was asked
    network.heal()
    network.in_step()


def test_a_copy_that_began_with_a_snapshot_is_made_anew_from_it(network: Network) -> None:
    ana, _, _ = filled(network)
    newcomer = network.device("newcomer")
    publish(network)
    newcomer.sync()
    without_pages(newcomer)
    ana.ws.add("house", {"name": {"fr": "Later"}})
    ana.sync()
    newcomer.sync()
    before = list(newcomer.ws.export_lines())
    condemn(newcomer)
    newcomer.ws = newcomer.open()
    assert len(newcomer.ws.repaired) == 1
    assert list(newcomer.ws.export_lines()) == before
    network.heal()
    network.in_step()


def test_a_kill_after_pages_were_taken_out_of_a_damaged_copy_takes_none_twice(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, bilal = network.two()
    write_houses([ana, bilal], 20)
    network.heal()
    before = list(ana.ws.export_lines())
    condemn(ana)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(repairing.saved_work, "show_again", killed)
        with pytest.raises(KeyboardInterrupt):
            ana.open()
    ana.ws = ana.open()
    assert len(ana.ws.repaired) == 1
    assert list(ana.ws.export_lines()) == before
    network.heal()
    network.in_step()


@pytest.mark.parametrize("table", ["log_signature", "ledger"])
def test_a_table_that_somebody_dropped_is_mended_on_demand(network: Network, table: str) -> None:
    ana, bilal = network.two()
    write_houses([ana, bilal], 20)
    network.heal()
    ana.ws.public.execute(f"DROP TABLE {table}")
    assert repairing.repair(ana.ws)
    ana.reopen()
    assert ana.ws.repaired
    network.heal()
    network.in_step()


def test_a_file_that_lost_half_a_page_is_damaged(network: Network) -> None:
    ana = network.device("ana")
    ana.ws.add("house", {"name": {"fr": "A"}})
    path = ana.folder / "public.db"
    ana.ws.public.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    ana.ws.close()
    path.write_bytes(path.read_bytes()[:-100])
    assert is_damaged(path, wholly=False)
    ana.ws = ana.open()
    assert ana.ws.repaired == [] or ana.ws.records("house")
    network.heal()
    network.in_step()


@pytest.mark.parametrize(("sql", "said"), [
    ("UPDATE entry SET before = commitment WHERE number = 3 AND scope = 'public'", "not what its author signed"),
])
def test_an_altered_end_of_a_log_is_named(network: Network, sql: str, said: str) -> None:
    ana, bilal = network.two()
    for number in range(3):
        ana.ws.add("house", {"name": {"fr": f"House {number}"}})
    ana.sync()
    bilal.sync()
    bilal.ws.public.execute(sql)
    assert any(said in one.msgid for one in bilal.ws.verify())


def test_a_file_whose_pages_do_not_fit_together_is_named(network: Network) -> None:
    ana = network.device("ana")
    ana.ws.close()
    path = ana.folder / "public.db"
    here = sqlite3.connect(path, isolation_level=None)
    here.execute("CREATE TABLE word (text TEXT)")
    here.executemany("INSERT INTO word VALUES (?)", [("x" * 3000,) for _ in range(50)])
    here.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    leaf, = here.execute("SELECT max(pageno) FROM dbstat WHERE name = 'word' AND pagetype = 'leaf'").fetchone()
    root, = here.execute("SELECT rootpage FROM sqlite_master WHERE name = 'word'").fetchone()
    here.close()
    data = bytearray(path.read_bytes())
    data[(leaf - 1) * 4096 : leaf * 4096] = b"\xa5" * 4096
    path.write_bytes(data)
    store = SqliteStore(path)
    assert any("damaged" in one.msgid for one in problems_of(store, KINDS, ("public",), network.key.public, store))
    store.close()
    data[(root - 1) * 4096 : root * 4096] = b"\xa5" * 4096
    data[100:108] = b"\xa5" * 8
    path.write_bytes(data)
    ana.ws = ana.open()
    assert ana.ws.repaired == [] or ana.ws.verify() == []


def test_pages_that_nothing_leads_to_are_named(network: Network) -> None:
    ana = network.device("ana")
    ana.ws.public.execute("CREATE TABLE word (text TEXT)")
    ana.ws.public.many("INSERT INTO word VALUES (?)", [("x" * 3000,) for _ in range(50)])
    ana.ws.public.execute("DROP TABLE word")
    ana.ws.public.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    ana.ws.close()
    path = ana.folder / "public.db"
    data = bytearray(path.read_bytes())
    data[32:40] = bytes(8)  # the list of free pages
    path.write_bytes(data)
    ana.ws = ana.open()
    assert any("database file is damaged" in one.msgid for one in ana.ws.verify())
    assert repairing.repair(ana.ws)
    ana.reopen()
    assert ana.ws.repaired
    network.heal()
    network.in_step()


def test_the_second_of_two_programs_that_make_a_database_makes_nothing(network: Network) -> None:
    ana = network.device("ana")
    id = ana.ws.add("house", {"name": {"fr": "A"}}).id
    shape = migrations.Shape("person", ("CREATE TABLE ledger (scope TEXT)",), {})
    migrations._make(ana.ws.private, shape, 99, 1)
    assert migrations.number_of(ana.ws.private) != 99
    assert ana.ws.get("house", id)


def test_what_a_snapshot_has_needs_no_page_that_was_kept(network: Network) -> None:
    """Kept aside when this copy went back, and in the ledger again: by a snapshot, which holds no entries."""
    ana, _, _ = filled(network)
    store = ana.ws.public
    offers.keep_lost(store, "public", 0)
    assert offers.not_back(store) == []
    forget_confirmed(store, "public")
    assert offers.not_back(store)
    publish(network)
    ana.sync()
    assert store.value("SELECT count(*) FROM entry WHERE scope = 'public'") == 0
    assert offers.not_back(store) == []


def test_a_row_behind_one_that_reads_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = tmp_path / "file.db"
    here = sqlite3.connect(path, isolation_level=None)
    here.execute("CREATE TABLE word (text TEXT)")
    here.executemany("INSERT INTO word VALUES (?)", [("x" * 3000,) for _ in range(50)])
    leaves = [number for number, in here.execute("SELECT pageno FROM dbstat WHERE name = 'word' AND pagetype = 'leaf' ORDER BY path")]
    here.close()
    data = bytearray(path.read_bytes())
    data[(leaves[1] - 1) * 4096 : leaves[1] * 4096] = b"\xff" * 4096
    path.write_bytes(data)
    store = SqliteStore(path)
    with pytest.raises(Damaged):
        store.row("SELECT text FROM word")
    store.close()


def test_a_statement_whose_answer_nobody_reads_fails_its_transaction(postgres: str) -> None:
    store = PostgresStore(fresh_database(postgres))
    store.execute("CREATE TABLE word (text TEXT UNIQUE)")
    store.execute("INSERT INTO word VALUES ('b')")
    with pytest.raises(Exception, match="word_text_key"), store.transaction():
        store.many("INSERT INTO word VALUES (?)", [("a",), ("b",)])
    assert store.rows("SELECT text FROM word") == [("b",)]
    with store.transaction():
        store.execute("INSERT INTO word VALUES ('a')")
    assert store.value("SELECT count(*) FROM word") == 2
    store.close()


def test_what_only_the_commit_meets_fails_its_transaction(postgres: str) -> None:
    """Its answer is read when all is sent: nothing stays of the transaction, and the next one goes on."""
    store = PostgresStore(fresh_database(postgres))
    store.execute("CREATE TABLE word (text TEXT UNIQUE DEFERRABLE INITIALLY DEFERRED)")
    with pytest.raises(Exception, match="word_text_key"), store.transaction():
        store.execute("INSERT INTO word VALUES ('a'), ('a')")
    assert store.rows("SELECT text FROM word") == []
    with store.transaction():
        store.execute("INSERT INTO word VALUES ('b')")
    assert store.rows("SELECT text FROM word") == [("b",)]
    store.close()
