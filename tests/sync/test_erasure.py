"""What is erased is gone for everyone, in every order of arrival, with its salt and its bytes; all chains still verify."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync import codec, erasure, forgetting, sweeping
from sync.change import Page
from sync.erased import ERASED, Erasures
from sync.errors import Damaged, Failure, Refused
from sync.exchange.words import Answer
from sync.snapshots import publishing
from sync.store import SqliteStore, Store
from tests.sync.network import Device, Network, small_pages

CANARY = "kanariénvogel"


def erase(network: Network, kind: str, id: str, field: str = "") -> None:
    """As the server's command does it."""
    found = erasure.erase(network.authority, kind, id, field)
    for name in found.files:
        if not forgetting.still_named(network.store, network.authority.kinds, name):
            network.files.erase(name)
    for scope in ("public", "network"):
        publishing.renew(network.store, network.authority.kinds, scope, network.key, network.files)
    assert sweeping.sweep(network.store)


def holding(place: Path, word: str = CANARY) -> list[str]:
    """The files beneath a folder that hold a word in UTF-8 or UTF-16."""
    needles = [word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be")]
    return [str(file.relative_to(place)) for file in sorted(place.rglob("*")) if file.is_file() and any(one in file.read_bytes() for one in needles)]


def all_agree(network: Network) -> None:
    network.heal()
    network.in_step()


@pytest.mark.parametrize("kind", ["house", "tree"])
def test_a_record_is_erased_from_everyone_and_from_every_file(either: Network, kind: str) -> None:
    with either as network:
        ana, bilal = network.two()
        other = ana.ws.add(kind, {"name": {"fr": "Other"}}).id
        id = ana.ws.add(kind, {"name": {"fr": f"{CANARY} A", "ar": "بيت"}, "phone": "1"}).id
        network.heal()
        bilal.ws.edit(kind, id, {"street": f"Rue {CANARY}"})
        network.heal()
        assert holding(ana.folder)
        assert holding(bilal.folder)
        erase(network, kind, id)
        assert network.store.value(f"SELECT id FROM {kind} WHERE id = ?", (id,)) is None
        late = network.device("late")
        all_agree(network)
        for device in (ana, bilal, late):
            assert [one.id for one in device.ws.records(kind)] == [other]
            assert device.ws.search_ids(CANARY.replace("é", "e"), 5) == device.ws.search_ids(CANARY, 5) == []
            assert device.ws.history(kind, id) == []
            assert id not in {item.id for item in device.ws.outbox()}
            assert holding(device.folder) == []
        if isinstance(network.store, SqliteStore):
            assert holding(network.folder) == []
        assert salts_of(network.store) == salts_of(ana.ws.public if kind == "house" else ana.ws.private) == (set(), set())
        ana.ws.edit(kind, other, {"phone": "2"})  # a log goes on
        all_agree(network)
        assert bilal.ws.get(kind, other)["phone"] == "2"


def salts_of(store: Store) -> tuple[set[bytes], set[int]]:
    """What could tell an erased text again: seeds of its runs, a salt beside it."""
    erased = store.rows("SELECT log, n, salt FROM entry WHERE verdict = 1 AND body IS NULL")
    runs = {(bytes(log), n // codec.RUN) for log, n, _ in erased}
    seeds = {bytes(seed) for log, run, seed in store.rows("SELECT log, run, seed FROM log_seed") if (bytes(log), run) in runs}
    return seeds, {n for _, n, salt in erased if salt is not None}


def test_one_field_is_erased_and_the_rest_stays(either: Network) -> None:
    with either as network:
        ana, bilal = network.two()
        id = ana.ws.add("house", {"name": {"fr": "Maison"}, "phone": CANARY, "street": "Rue 1", "tags": ["red"]}).id
        network.heal()
        bilal.ws.edit("house", id, {"phone": f"{CANARY} 2", "street": "Rue 2"})
        network.heal()
        before = bilal.ws.history("house", id)
        erase(network, "house", id, "phone")
        network.device("late")
        all_agree(network)
        for device in network.devices:
            record = device.ws.get("house", id)
            assert (record["phone"], record["street"], record["name"], record["tags"]) == (None, "Rue 2", {"fr": "Maison"}, ["red"])
            assert device.ws.conflicts() == []
            assert holding(device.folder) == []
            events = device.ws.history("house", id)
            assert [(one.field, one.number, one.author.person) for one in events] == [(one.field, one.number, one.author.person) for one in before]
            assert [one.erased for one in events if one.field == "phone"] == [True, True]
            assert [one.new for one in events if one.field == "street"] == ["Rue 1", "Rue 2"]
        bilal.ws.edit("house", id, {"phone": "new"})
        all_agree(network)
        assert ana.ws.get("house", id)["phone"] == "new"
        erase(network, "house", id, "phone")  # what was written since can be erased too
        all_agree(network)
        assert ana.ws.get("house", id)["phone"] is None
        erase(network, "house", id)
        all_agree(network)
        assert ana.ws.records("house") == []


@pytest.mark.parametrize("field", ["name", "name.fr", "tags", "facts", "photo", "opened"])
def test_every_sort_of_field_can_be_erased(network: Network, field: str) -> None:
    ana, bilal = network.two()
    kept = ana.ws.files.take(picture(network, b"portrait"))
    id = ana.ws.add("house", {"name": {"fr": CANARY, "ar": "بيت"}, "phone": "1", "tags": ["red"], "facts": {CANARY: CANARY}, "opened": CANARY,
                              "photo": kept}).id
    network.heal()
    ana.ws.edit("house", id, {"tags": ["red", "blue"], "facts": {CANARY: "x", "b": "y"}})
    bilal.ws.edit("house", id, {"tags": []})
    network.heal()
    bilal.ws.delete("house", id)
    network.heal()
    bilal.ws.restore("house", id)
    network.heal()
    erase(network, "house", id, field)
    network.device("late")
    all_agree(network)
    whole = field.partition(".")[0]
    for device in network.devices:
        record = device.ws.get("house", id)
        assert record[whole] == ({"ar": "بيت"} if field == "name.fr" else None)
        assert record["phone"] == "1"
    texts = [codec.unpack(bytes(text)) for (text,) in network.store.rows("SELECT coalesce(body, remains) FROM entry WHERE record = ?", (id,))]
    assert not any(path.startswith((f"{field}.", f"{field}#")) for change in texts for path, value, _ in change[4] if value not in (None, ERASED))


def picture(network: Network, data: bytes) -> Path:
    path = network.folder / "picture"
    path.write_bytes(data)
    return path


def test_what_others_have_waiting_stays_valid(either: Network) -> None:
    """They saw the value that is erased, or not; their edits are accepted, and one of a record that is gone comes back with the reason."""
    with either as network:
        ana, bilal = network.two()
        id, gone = ana.ws.add("house", {"name": {"fr": "A"}, "phone": CANARY}).id, ana.ws.add("house", {"name": {"fr": "B"}, "phone": CANARY}).id
        network.heal()
        bilal.ws.edit("house", id, {"phone": "bilal"})
        bilal.ws.edit("house", gone, {"phone": "typed by bilal"})
        bilal.ws.keep_draft("house", gone, {"phone": "draft"})
        bilal.ws.add("tree", {"name": {"fr": "Waits"}})
        erase(network, "house", id, "phone")
        erase(network, "house", gone)
        all_agree(network)
        assert ana.ws.get("house", id)["phone"] == "bilal"
        assert bilal.ws.conflicts() == []
        item = next(one for one in bilal.ws.outbox() if one.id == gone)
        assert (item.state, item.fields) == ("refused", {"phone": "typed by bilal"})
        assert "erased" in item.reason.msgid
        assert bilal.ws.draft("house", gone) == {"phone": "draft"}
        assert len(ana.ws.records("tree")) == 1
        assert [one.id for one in bilal.ws.records("house")] == [id]


def test_a_record_erased_does_not_come_back_under_its_id(network: Network) -> None:
    """The same file imported on another PC before the erasure was known there."""
    ana, bilal = network.two()
    id = "01890000-0000-7000-8000-000000000001"
    ana.ws.add("house", {"name": {"fr": CANARY}}, id=id)
    ana.sync()
    bilal.ws.add("house", {"name": {"fr": CANARY}}, id=id)
    erase(network, "house", id)
    all_agree(network)
    item, = (one for one in bilal.ws.outbox() if one.id == id)
    assert item.state == "refused"
    again = bilal.ws.resend(item.change)  # on purpose, as a new record
    all_agree(network)
    assert again.id != id
    assert [one.id for one in ana.ws.records("house")] == [again.id]


def test_an_answer_lost_before_the_erasure_leaves_no_text_with_its_author(network: Network) -> None:
    ana, _ = network.two()
    id = ana.ws.add("house", {"name": {"fr": CANARY}}).id
    ana.ws.add("tree", {"name": {"fr": "Kept"}})
    ana.tries("after")
    ana.ws.edit("house", id, {"phone": "waits"})
    erase(network, "house", id)
    all_agree(network)
    assert holding(ana.folder) == []
    assert [one.state for one in ana.ws.outbox() if one.id == id] == ["refused"]


@pytest.mark.parametrize("before", [0, 40, 62, 130])
def test_salts_of_a_run_are_parted_and_everything_of_it_still_verifies(either: Network, before: int) -> None:
    with either as network:
        ana, bilal = network.two()
        other = ana.ws.add("house", {"name": {"fr": "Other"}}).id
        for number in range(before):
            ana.ws.edit("house", other, {"phone": str(number)})
        id = ana.ws.add("house", {"name": {"fr": CANARY}}).id
        ana.ws.edit("house", other, {"phone": "after"})
        ana.sync()
        n, text, committed = (bytes(one) if isinstance(one, memoryview) else one for one in network.store.row(
            "SELECT n, body, commitment FROM entry WHERE record = ?", (id,)))
        assert committed in guesses(network.store, n, text)
        ana.ws.edit("house", other, {"street": "waits in the same run"})
        erase(network, "house", id)
        network.device("late")
        all_agree(network)
        ana.ws.edit("house", other, {"street": "in another log"})
        all_agree(network)
        for store in (network.store, *(device.ws.public for device in network.devices)):
            assert salts_of(store) == (set(), set())
        assert not {bytes(seed) for (seed,) in ana.ws.store.rows("SELECT seed FROM own_seed WHERE log NOT IN (SELECT log FROM own_log)")}
        assert bilal.ws.get("house", other)["street"] == "in another log"
        for store in (network.store, ana.ws.public, ana.ws.private, bilal.ws.public):  # a guessed text cannot be told from another any more
            assert committed not in guesses(store, n, text)


def guesses(store: Store, n: int, text: bytes) -> set[bytes]:
    """The commitments that a text would have as a log's change number `n` by everything that a database still knows."""
    salts = {bytes(salt) for (salt,) in store.rows("SELECT salt FROM entry WHERE salt IS NOT NULL")}
    for table in ("log_seed", "own_seed"):
        if store.columns(table):
            salts |= {codec.salt_of(bytes(seed), n) for (seed,) in store.rows(f"SELECT seed FROM {table}")}
    return {codec.commitment(salt, text) for salt in salts}


def test_each_erasure_reaches_the_authors_own_file(network: Network) -> None:
    """The first ends the author's log; what is erased of that log later goes from their file as well."""
    ana, _ = network.two()
    first, second = (ana.ws.add("house", {"name": {"fr": CANARY}}).id for _ in range(2))
    network.heal()
    for id in (first, second):
        erase(network, "house", id)
        network.heal()
        assert ana.ws.store.value("SELECT count(*) FROM main.pending WHERE record = ?", (id,)) == 0
    assert holding(ana.folder) == []


def test_what_waits_at_the_server_in_the_same_run_is_decided_later(network: Network) -> None:
    ana, _ = network.two()
    gone = ana.ws.add("house", {"name": {"fr": CANARY}}).id
    ana.sync()
    lone = ana.ws.add("house", {"name": {"fr": "Later"}}).id
    ana.ws.edit("house", lone, {"phone": "1"})
    _, edited = ana.ws.vault.waiting()
    network.authority.commit(codec.squeeze(codec.pack(ana.ws.vault._batch([edited]))))
    assert network.store.value("SELECT count(*) FROM waiting") == 1
    erase(network, "house", gone)
    network.device("late")
    all_agree(network)
    assert network.devices[-1].ws.get("house", lone)["phone"] == "1"
    assert salts_of(network.store) == (set(), set())


def test_an_old_page_that_arrives_after_the_erasure_is_stripped(network: Network) -> None:
    """A relay kept the pages of then; the control ledger is of today."""
    ana, _ = network.two()
    id = ana.ws.add("house", {"name": {"fr": "Maison"}, "phone": CANARY}).id
    gone = ana.ws.add("house", {"name": {"fr": CANARY}}).id
    ana.ws.edit("house", id, {"street": "Rue 1"})
    network.heal()
    old = pages_of(network, network.device("watcher"))
    erase(network, "house", id, "phone")
    erase(network, "house", gone)
    late = network.device("late")

    def stale(found: bytes) -> bytes:
        answer = codec.unpack(codec.open_message(found), Answer)
        mixed = [data for data in answer.pages if codec.unpack(data, Page).scope == "control"] + old
        return codec.seal_message(codec.pack(Answer(answer.time, answer.epoch, answer.heads, mixed, answer.receipts, answer.astray, answer.snapshots)))

    late.sync(stale)
    assert late.ws.get("house", id)["phone"] is None
    assert salts_of(late.ws.public) == (set(), set())
    assert holding(late.folder) == []
    all_agree(network)


def pages_of(network: Network, device: Device) -> list[bytes]:
    """The public pages that the server gives today."""
    found: list[bytes] = []

    def keep(answer: bytes) -> bytes:
        found.extend(codec.unpack(codec.open_message(answer), Answer).pages)
        return answer

    device.sync(keep)
    return [data for data in found if codec.unpack(data, Page).scope == "public"]


def test_a_text_that_is_missing_without_an_erasure_is_not_taken(network: Network) -> None:
    """A relay that leaves a text out and says it was erased: the chain holds, and still nobody believes it."""
    ana, _ = network.two()
    ana.ws.add("house", {"name": {"fr": "Maison"}, "phone": "1"})
    ana.sync()
    late = network.device("late")

    def lying(found: bytes) -> bytes:
        answer = codec.unpack(codec.open_message(found))
        pages = []
        for data in answer[3]:
            page = codec.unpack(data)
            if page[0] == "public":
                seeds = {(at, run): seed for at, log in enumerate(page[4]) for run, seed in log[7]}
                for entry in page[5]:
                    if entry[4] is not None:
                        entry[5] = codec.commitment(codec.salt_of(seeds[entry[0], entry[1] // codec.RUN], entry[1]), entry[4])
                        entry[4] = None
                for log in page[4]:
                    log[7] = []
            pages.append(codec.pack(page))
        answer[3] = pages
        return codec.seal_message(codec.pack(answer))

    failure = late.tries(lying)
    assert isinstance(failure, Damaged)
    assert "erasure" in failure.message.args["problem"].msgid
    assert late.ws.records("house") == []
    all_agree(network)


@pytest.mark.parametrize("sql", [
    "UPDATE entry SET body = NULL, salt = NULL WHERE scope = 'public' AND number = 1",
    "UPDATE entry SET body = NULL WHERE scope = 'public' AND number = 2",
    "UPDATE entry SET remains = body WHERE scope = 'public' AND number = 3",
    "UPDATE entry SET remains = NULL WHERE scope = 'public' AND number = 3",
    "DELETE FROM erasure",
    "UPDATE erasure SET dots = (SELECT lower(hex(log)) || '00000001' || lower(hex(mark)) FROM entry WHERE scope = 'public' AND number = 1)",
])
def test_verify_accepts_what_was_erased_and_nothing_else(network: Network, sql: str) -> None:
    ana, _ = network.two()
    ana.ws.add("house", {"name": {"fr": "Other"}})
    ana.ws.add("house", {"name": {"fr": "Another"}})
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": CANARY}).id
    network.heal()
    erase(network, "house", id, "phone")
    all_agree(network)
    if "remains = body" in sql:
        sql = f"UPDATE entry SET remains = (SELECT body FROM entry WHERE scope = 'public' AND number = 1) WHERE record = '{id}'"
    ana.ws.public.execute(sql)
    ana.reopen()
    assert ana.ws.verify() != []


def test_files_of_what_was_erased_are_destroyed_unless_something_else_speaks_of_them(network: Network) -> None:
    ana, bilal = network.two()
    alone, shared, unsent = (ana.ws.files.take(picture(network, data)) for data in (b"alone", b"shared", b"unsent"))
    for kept in (alone, shared, unsent):
        ana.ws.offer(kept["sha256"], kept["size"])
    gone = [ana.ws.add("house", {"name": {"fr": str(n)}, "photo": kept}).id for n, kept in enumerate((alone, shared, unsent))]
    ana.ws.add("house", {"name": {"fr": "Other"}, "photo": shared})
    network.heal()
    from sync.exchange import fetch
    for kept in (alone, shared, unsent):
        fetch(bilal.ws, kept["sha256"], kept["size"], carrier=bilal.road)
    bilal.ws.add("house", {"name": {"fr": "Unsent"}, "photo": unsent})
    for id in gone:
        erase(network, "house", id)
    ana.sync()
    bilal.ws.public.value("SELECT 1")
    for place, wanted in ((network.files, [False, True, False]), (ana.ws.files, [False, True, False])):
        assert [place.here(kept["sha256"]) for kept in (alone, shared, unsent)] == wanted
    bilal.sync()
    assert [bilal.ws.files.here(kept["sha256"]) for kept in (alone, shared, unsent)] == [False, True, True]


def test_what_cannot_be_erased_is_said_in_a_sentence(either: Network) -> None:
    with either as network:
        ana, _ = network.two()
        id = ana.ws.add("house", {"name": {"fr": "A"}, "tags": ["red"]}).id
        network.heal()
        for kind, which, field, code in (
            ("house", "01890000-0000-7000-8000-000000000009", "", "not_found"), ("boat", id, "", "not_found"), ("house", id, "sail", "not_found"),
            ("house", id, "phone", "not_found"), ("house", id, "tags#red", "refused"), ("house", "nonsense", "", "not_found"),
        ):
            before = network.digest()
            with pytest.raises(Failure) as refused:
                erasure.erase(network.authority, kind, which, field)
            assert refused.value.code == code, (kind, field)
            assert network.digest() == before
        erase(network, "house", id, "name")
        with pytest.raises(Refused) as refused:
            erasure.erase(network.authority, "house", id, "name")
        assert refused.value.code == "erased"
        erase(network, "house", id)
        with pytest.raises(Refused) as refused:
            erasure.erase(network.authority, "house", id)
        assert refused.value.code == "erased"
        all_agree(network)


def test_a_replica_that_was_away_through_several_erasures_ends_as_everyone(network: Network) -> None:
    ana, bilal = network.two()
    away = network.device("away")
    away.sync()
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": CANARY, "street": CANARY}).id
    away.sync()
    ana.sync()
    away.sync()  # has the text
    bilal.sync()
    erase(network, "house", id, "phone")
    bilal.sync()
    bilal.ws.edit("house", id, {"phone": f"{CANARY} again"})
    bilal.sync()
    erase(network, "house", id, "phone")
    erase(network, "house", id, "street")
    with small_pages():
        all_agree(network)
    assert dict(away.ws.get("house", id)) == {"name": {"fr": "A"}}
    assert holding(away.folder) == []
    wrote = network.store.rows("SELECT log, n, commitment FROM entry WHERE scope = 'public' AND number <= 2 ORDER BY number")
    erasures = Erasures(network.store)
    assert {dot for fact in erasures.since(0, "public") for dot in fact.dots} == {codec.dot(bytes(log), n, bytes(commitment)) for log, n, commitment in wrote}
    last = network.store.value("SELECT max(number) FROM erasure")
    assert erasures.since(last, "public") == []
    assert erasures.since(0, "network") == []


def test_a_guest_forgets_and_a_second_person_on_the_pc_too(network: Network) -> None:
    ana, _ = network.two()
    guest = network.guest("guest")
    id = ana.ws.add("house", {"name": {"fr": CANARY}}).id
    ana.sync()
    guest.sync()
    assert len(guest.ws.records("house")) == 1
    erase(network, "house", id)
    guest.sync()
    assert guest.ws.records("house") == []
    assert holding(guest.folder) == []


def test_a_kill_anywhere_in_forgetting_is_made_up_for_at_the_next_opening(network: Network) -> None:
    from tests.sync.test_migrations import killed_at

    ana, _ = network.two()
    id = ana.ws.add("house", {"name": {"fr": CANARY}}).id
    network.heal()
    ana.ws.edit("house", id, {"phone": CANARY})
    ana.sync()
    kept = ana.ws.add("tree", {"name": {"fr": "Unsent"}}).id
    erase(network, "house", id)

    class Killed(BaseException):
        pass

    import shutil
    ana.ws.close()
    shutil.copytree(ana.folder, network.folder / "kept")
    number, ended = 0, False
    while not ended:
        shutil.rmtree(ana.folder)
        shutil.copytree(network.folder / "kept", ana.folder)
        ana.ws = ana.open()

        def end(store: Store) -> None:
            if store is network.store:  # it is the replica's program that dies, wherever that is noticed
                network.store.connection.rollback()  # type: ignore[attr-defined]
            else:
                store.close()

        with killed_at(number, end):
            try:
                ana.sync()
                ended = True
            except BaseException as error:
                if isinstance(error, AssertionError | KeyboardInterrupt):
                    raise
        for store in (ana.ws.store, ana.ws.private, ana.ws.public):
            store.close()
        ana.ws = ana.open()
        assert ana.ws.verify() == []
        if not ended:
            assert kept in {item.id for item in ana.ws.outbox()}
        if number % 25 == 0 or ended:
            network.heal()
            network.in_step()
            assert holding(ana.folder) == []
        ana.ws.close()
        number += 11
    ana.ws = ana.open()
    assert number > 100


@pytest.mark.parametrize("again", ["another", "none"])
def test_a_copy_that_came_from_a_snapshot_forgets_too(network: Network, again: str) -> None:
    ana, bilal = network.two()
    with ana.ws.together():
        ids = [ana.ws.add("house", {"name": {"fr": f"Maison {n}"}, "phone": str(n), "street": "Rue" * 20}).id for n in range(60)]
    id = ana.ws.add("house", {"name": {"fr": "A"}, "phone": CANARY, "street": "Rue 1"}).id
    gone = ana.ws.add("house", {"name": {"fr": CANARY}}).id
    network.heal()
    bilal.ws.edit("house", id, {"phone": f"{CANARY} 2"})
    network.heal()
    publishing.publish(network.store, network.authority.kinds, "public", network.key, network.files)
    late = network.device("late")
    late.sync()
    assert late.ws.public.value("SELECT number FROM snapshot WHERE scope = 'public'") == 63
    late.ws.edit("house", ids[0], {"phone": "late"})
    late.sync()
    erase(network, "house", id, "phone")
    erase(network, "house", gone)
    if again == "none":
        with network.store.transaction():
            network.store.execute("DELETE FROM published")
    newest = network.device("newest")
    all_agree(network)
    for device in network.devices:
        assert device.ws.get("house", id)["phone"] is None
        assert device.ws.get("house", id)["street"] == "Rue 1"
        assert gone not in {one.id for one in device.ws.records("house")}
        if again == "another" or device is not late:
            assert holding(device.folder) == []
    assert newest.ws.digest() == late.ws.digest()
    late.ws.edit("house", ids[1], {"phone": "later"})
    all_agree(network)
    assert ana.ws.get("house", ids[1])["phone"] == "later"
