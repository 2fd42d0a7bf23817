"""The post box of a shared PC: what one person saved leaves with another's sync, and what arrives waits sealed for who is away."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from i18n import Text
from sync import codec
from sync.change import log_link
from sync.errors import Damaged, Refused
from sync.identity import SigningKey, key_id, seal
from sync.postbox import PostBox
from sync.posting import Posting, attend
from sync.record import Kinds
from sync.relay.holding import Holding
from sync.relay.parcels import MAX_PARCEL, Label, Parcel, is_signed, opened_batch, opened_page, read_page, read_parcel, scope_name
from sync.scope_keys import known_to_carriers
from sync.scopes import NETWORK, PERSON, PUBLIC, scope_of
from sync.store import SqliteStore
from tests.sync.network import DOOR, HOUSE, TREE, Device, Network
from tests.sync.test_scopes import A_PERSON, MEMO

KINDS = Kinds((HOUSE, DOOR, TREE, MEMO))
CANARY = "kingfisher-7141"


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Network]:
    def may(actor: object, operation: str, kind: str, values: object, scope: str) -> Text | None:
        return Text("Not this one.") if kind == "door" else None

    with Network(tmp_path, kinds=KINDS, may=may) as network:
        yield network


@pytest.fixture
def shared(net: Network) -> tuple[Device, Device]:
    """Ana and Bilal on one PC, both joined; their boxes know of each other."""
    ana = net.device("ana", person=A_PERSON)
    bilal = net.device("bilal", beside=ana)
    for one in (ana, bilal, ana):
        one.sync()
    return ana, bilal


def box(device: Device) -> PostBox:
    return PostBox(device.ws.public)


def test_in_the_evening_one_sync_takes_everybodys_each_under_their_name(net: Network, shared: tuple[Device, Device]) -> None:
    ana, bilal = shared
    other = net.device("other")
    house = ana.ws.add("house", {"name": {"fr": "A"}})
    tree = ana.ws.add("tree", {"name": {"fr": "T"}})
    refused = ana.ws.add("door", {"name": "R"})
    assert Posting(ana.ws).seal() == 2  # one of each log
    ana.ws.close()
    bilal.ws.add("house", {"name": {"fr": "B"}})
    report = bilal.sync()
    assert (report.carried, report.accepted) == (2, 1)
    assert bilal.sync().carried == 0
    other.sync()
    assert {one["name"]["fr"] for kind in ("house", "tree") for one in other.ws.records(kind)} == {"A", "B", "T"}
    authors = {event.author.name for event in other.ws.history("house", house.id)}
    ana.ws = ana.open()
    assert authors == {ana.ws.vault.word("name")} or authors == {""}  # names are records of people; here they have none
    Posting(ana.ws).open()
    assert {one.id: one.state for one in ana.ws.outbox()} == {house.id: "accepted", tree.id: "accepted", refused.id: "refused"}
    assert "Not this one" in str(next(one.reason for one in ana.ws.outbox() if one.id == refused.id))
    assert ana.sync().sent == 0
    net.in_step()


def test_each_change_is_sealed_once_also_when_the_program_begins_anew_between(shared: tuple[Device, Device]) -> None:
    """It was sealed once more with each save after an opening that found all of it in the box: n saves took n² bytes on a stick."""
    ana, _ = shared
    for number in range(4):
        posting = Posting(ana.ws)
        posting.seal()  # as at opening
        ana.ws.add("house", {"name": {"fr": str(number)}})
        posting.seal()
    mine = box(ana).parcels(Posting(ana.ws).name)
    assert [(one.first, one.last) for one in mine] == [(number, number) for number in range(mine[0].first, mine[0].first + 4)]


def test_what_is_in_the_box_is_read_by_nobody_who_may_not(net: Network, shared: tuple[Device, Device]) -> None:
    ana, bilal = shared
    ana.ws.add("memo", {"words": CANARY})
    ana.ws.add("tree", {"name": {"fr": CANARY}})
    ana.ws.add("house", {"name": {"fr": CANARY}})
    Posting(ana.ws).seal()
    ana.ws.public.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for file in ana.folder.glob("public.db*"):
        assert CANARY.encode() not in file.read_bytes(), file
    keys = Posting(bilal.ws).keyring
    opened = [opened_batch(box(bilal).parcel(one.name) or b"", keys.of_name) for one in box(bilal).parcels()]
    assert sorted(batch.scope for batch in opened if batch is not None) == [NETWORK, PUBLIC]  # members see each other's, a person's own nobody's


def test_pages_for_somebody_away_wait_sealed_and_are_brought_once(net: Network, shared: tuple[Device, Device]) -> None:
    ana, bilal = shared
    other = net.device("other", person=A_PERSON)
    other.ws.add("tree", {"name": {"fr": CANARY}})
    other.ws.add("memo", {"words": CANARY})
    other.sync()
    ana.sync()  # she has a scope of her own now, as her PC knows
    for number in range(30):
        other.ws.add("tree", {"name": {"fr": f"{CANARY} {number}"}})
    other.ws.add("memo", {"words": f"{CANARY} again"})
    other.sync()
    ana.ws.close()
    bilal.sync()
    bilal.ws.public.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for file in ana.folder.glob("public.db*"):
        assert CANARY.encode() not in file.read_bytes(), file
    ana.ws = ana.open()
    assert len(ana.ws.records("tree")) == 1
    Posting(ana.ws).open()
    assert len(ana.ws.records("tree")) == 31
    assert sorted(one["words"] for one in ana.ws.records("memo")) == [CANARY, f"{CANARY} again"]
    assert ana.sync().received == 0
    assert bilal.sync().received == 0
    net.in_step()
    ana.sync()
    assert box(ana).pages(scope_name(NETWORK), 0) == []  # everybody here has them


def test_a_page_that_begins_with_what_is_here_is_taken_from_where_it_is_not(net: Network, shared: tuple[Device, Device]) -> None:
    """Pages of two copies are cut at different numbers."""
    ana, bilal = shared
    other = net.device("other")
    for number in range(9):
        other.ws.add("tree", {"name": {"fr": str(number)}})
    other.sync()
    bilal.sync()  # seals one page of nine for Ana
    first = box(bilal).pages(scope_name(NETWORK), 0)
    assert first
    late = net.device("late")
    late.ws.add("tree", {"name": {"fr": "late"}})
    late.sync()
    ana.sync()  # takes them all from the server meanwhile
    PostBox(ana.ws.public).read_up_to(Posting(ana.ws).name, NETWORK, 0)
    assert Posting(ana.ws).open().received == 0
    net.heal()
    net.in_step()


def test_what_waits_can_be_cancelled_until_it_is_copied(net: Network, shared: tuple[Device, Device]) -> None:
    ana, bilal = shared
    first = ana.ws.add("house", {"name": {"fr": "first"}})
    second = ana.ws.add("house", {"name": {"fr": "second"}})
    posting = Posting(ana.ws)
    posting.seal()
    ana.ws.cancel(first.change)
    posting.look_again()
    posting.seal()
    assert bilal.sync().carried == 1
    ana.sync()
    assert [one.id for one in ana.ws.records("house")] == [second.id]
    several = [ana.ws.add("house", {"name": {"fr": f"several {number}"}}) for number in range(3)]
    posting.seal()
    ana.ws.cancel(*(one.change for one in several))  # all or nothing, the box too
    assert [one for one in box(ana).parcels() if one.size] == []
    third = ana.ws.add("house", {"name": {"fr": "third"}})
    posting.seal()
    box(bilal).leave(one.name for one in box(bilal).parcels())  # a stick took it
    with pytest.raises(Refused):
        ana.ws.cancel(third.change)
    assert len(ana.ws.records("house")) == 2
    fourth = ana.ws.add("tree", {"name": {"fr": "fourth"}})
    posting.seal()
    bilal.sync()
    with pytest.raises(Refused):  # handed in, and not known to be decided yet
        ana.ws.cancel(fourth.change)
    net.heal()
    net.in_step()


def test_of_who_has_heard_nothing_yet_it_stays_known_that_their_work_left(net: Network, shared: tuple[Device, Device]) -> None:
    """They could have taken back what the server had accepted (seed 1010 of the plan `people`)."""
    ana, _ = shared
    clara = net.device("clara", beside=ana)  # has joined, and never synced
    saved = clara.ws.add("tree", {"name": {"fr": "T"}})
    Posting(clara.ws).seal()
    clara.ws.close()
    assert ana.sync().carried == 1
    clara.ws = clara.open()
    with pytest.raises(Refused):
        clara.ws.cancel(saved.change)
    assert Posting(clara.ws).seal() == 0
    net.heal()
    net.in_step()
    assert [one.state for one in clara.ws.outbox()] == ["accepted"]


def test_an_old_answer_says_nothing_of_what_was_carried_since(net: Network, shared: tuple[Device, Device], monkeypatch: pytest.MonkeyPatch) -> None:
    """What left the box by an answer to something else would have been carried by nobody any more (seed 2049 of the plan `people`)."""
    ana, bilal = shared
    answers: list[bytes] = []
    for name in ("first", "second"):
        ana.ws.add("tree", {"name": {"fr": name}})
        Posting(ana.ws).seal()
        with monkeypatch.context() as patch:
            if answers:
                patch.setattr(bilal.road, "exchange", lambda body: answers[0])
            bilal.tries(lambda found: answers.append(found) or found)  # type: ignore[func-returns-value]
    assert [one.size > 0 for one in box(bilal).parcels(Posting(ana.ws).name)] == [False, True]
    assert bilal.sync().carried == 1
    net.heal()
    net.in_step()


def test_sealing_again_makes_nothing_new_and_is_completed_after_a_kill(net: Network, shared: tuple[Device, Device]) -> None:
    ana, _ = shared
    ana.ws.add("house", {"name": {"fr": "A"}})
    assert Posting(ana.ws).seal() == 1
    assert Posting(ana.ws).seal() == 0
    ana.ws.add("house", {"name": {"fr": "B"}})  # killed before it was sealed
    ana.reopen()
    assert Posting(ana.ws).seal() == 1
    assert [(one.first, one.last) for one in box(ana).parcels()] == [(1, 1), (2, 2)]
    ana.sync()
    assert Posting(ana.ws).seal() == 0
    assert box(ana).parcels() == []


def test_a_newcomer_without_keys_seals_to_the_authority(net: Network, shared: tuple[Device, Device]) -> None:
    ana, bilal = shared
    clara = Device(net, "clara", ana.folder, 0, ana.kinds, file="clara")
    net.devices.append(clara)
    with clara.ws.store.transaction():
        clara.ws.vault.keep("authority", net.key.public)
    clara.ws.add("house", {"name": {"fr": CANARY}})
    posting = Posting(clara.ws)
    assert posting.seal() == 1
    data = posting.box.parcel(posting.box.parcels(posting.name)[0].name) or b""
    assert opened_batch(data, Posting(bilal.ws).keyring.of_name) is None
    assert opened_batch(data, lambda _: None, net.key).bodies  # type: ignore[union-attr]
    net.authority.certify(clara.ws.vault.key().public, *[clara.ws.vault.own_id(name) for name in ("person", "device")], "member")
    assert bilal.sync().carried == 1
    assert [one["name"]["fr"] for one in bilal.ws.records("house")] == [CANARY]


def test_a_parcel_that_is_not_as_signed_is_not_one(net: Network, shared: tuple[Device, Device]) -> None:
    ana, bilal = shared
    ana.ws.add("house", {"name": {"fr": "A"}})
    posting = Posting(ana.ws)
    posting.seal()
    data = posting.box.parcel(posting.box.parcels()[0].name) or b""
    parcel, label = read_parcel(data)
    assert is_signed(parcel, ana.ws.vault.key().public)
    assert not is_signed(parcel, bilal.ws.vault.key().public)
    keys = Posting(bilal.ws).keyring.of_name
    for at in range(len(data)):
        altered = data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]
        try:
            found, _ = read_parcel(altered)
        except Damaged:
            continue
        assert not is_signed(found, ana.ws.vault.key().public)
    for wrong in (b"", data[:-1], data + b"\0", bytes(MAX_PARCEL + 1), codec.pack(["", "", ""])):
        with pytest.raises(Damaged):
            read_parcel(wrong)
    key = posting.keyring.of_scope(NETWORK)
    assert key is not None
    lying = codec.pack(Label(label.author, label.scope, label.log, label.first, label.last + 1, label.before, label.end, label.sealer))
    inside = key.unseal(parcel.box, parcel.label)
    with pytest.raises(Damaged):
        opened_batch(codec.pack(Parcel(lying, key.seal(inside, lying), parcel.signature)), keys)


def test_one_bad_parcel_or_page_blocks_nothing(net: Network, shared: tuple[Device, Device]) -> None:
    ana, bilal = shared
    ana.ws.add("house", {"name": {"fr": "A"}})
    Posting(ana.ws).seal()
    stranger = SigningKey(b"7" * 32)
    label = codec.pack(Label(key_id(stranger.public), scope_name(PUBLIC), bytes(8), 1, 1, bytes(32), bytes(32), b""))
    bad = codec.pack(Parcel(label, seal(net.key.public, b"nothing"), bytes(64)))
    box(bilal).keep(bad, read_parcel(bad)[1], copied=True)
    report = bilal.sync()
    assert (report.carried, len(report.set_aside)) == (1, 1)
    assert bilal.sync().carried == 0
    names = known_to_carriers(ana.ws.public)
    other = net.device("other")
    other.ws.add("tree", {"name": {"fr": "T"}})
    other.sync()
    bilal.sync()
    (_, _, page), = box(bilal).pages(scope_name(NETWORK), 0)[-1:]
    for at in range(0, len(page), 7):
        altered = page[:at] + bytes([page[at] ^ 1]) + page[at + 1:]
        try:
            place = read_page(altered, names, net.key.public)
        except Damaged:
            continue  # the carrier sees it
        box(bilal).drop_page(page)
        if box(bilal).keep_page(altered, place):
            Posting(ana.ws).open()  # or whoever opens it
            assert ana.ws.records("tree") == []
            assert box(ana).pages(scope_name(NETWORK), 0)[-1:] != [(place.first, place.last, altered)]
    ana.sync()
    assert len(ana.ws.records("tree")) == 1


def test_an_erasure_takes_what_lies_in_the_box_along(net: Network, shared: tuple[Device, Device]) -> None:
    from sync import erasure

    ana, bilal = shared
    other = net.device("other")
    tree = other.ws.add("tree", {"name": {"fr": CANARY}})
    other.sync()
    ana.ws.close()
    bilal.sync()
    assert box(bilal).pages(scope_name(NETWORK), 0)
    erasure.erase(net.authority, "tree", tree.id)
    bilal.sync()
    assert all(CANARY.encode() not in (opened_page(data, Posting(bilal.ws).keyring.of_name).entries[0].body or b"")  # type: ignore[union-attr]
               for _, _, data in box(bilal).pages(scope_name(NETWORK), 0))
    ana.ws = ana.open()
    Posting(ana.ws).open()
    assert ana.ws.records("tree") == []
    net.heal()
    net.in_step()


def test_a_scope_of_ones_own_is_carried_by_who_cannot_read_it(net: Network, shared: tuple[Device, Device]) -> None:
    ana, bilal = shared
    ana.ws.add("memo", {"words": CANARY})
    Posting(ana.ws).seal()
    ana.ws.close()
    assert bilal.sync().carried == 1
    assert bilal.ws.records("memo") == []
    again = net.device("again", person=A_PERSON)
    again.sync()
    assert [one["words"] for one in again.ws.records("memo")] == [CANARY]
    ana.ws = ana.open()
    Posting(ana.ws).open()
    ana.sync()
    assert scope_of(PERSON, A_PERSON) in ana.ws.digest()
    net.in_step()


def test_on_a_shared_pc_a_save_is_in_the_box_when_it_is_saved(net: Network, shared: tuple[Device, Device]) -> None:
    ana, bilal = shared
    clara = Device(net, "clara", ana.folder, 0, ana.kinds, file="clara")  # has not joined: nothing to seal to
    attend(clara.ws)
    clara.ws.add("house", {"name": {"fr": "C"}})
    assert box(ana).parcels() == []
    clara.ws.close()
    attend(ana.ws)
    first = ana.ws.add("house", {"name": {"fr": "A"}})
    assert [one.size > 0 for one in box(ana).parcels()] == [True]
    ana.ws.cancel(first.change)
    assert box(ana).parcels() == []
    ana.ws.add("house", {"name": {"fr": "again"}})
    with ana.ws.together():
        for number in range(3):
            ana.ws.add("tree", {"name": {"fr": str(number)}})
    assert [(one.first, one.last) for one in box(ana).parcels()] in ([(1, 1), (1, 3)], [(1, 3), (1, 1)])
    ana.ws.close()
    assert bilal.sync().carried == 2
    ana.ws = ana.open()
    attend(ana.ws)
    assert {one.state for one in ana.ws.outbox()} == {"accepted"}
    net.heal()
    net.in_step()


def test_verdicts_go_back_to_who_is_elsewhere_in_scopes_that_the_carrier_does_not_read(net: Network) -> None:
    """The first time too, when the scope begins with what is carried; and only what follows on what its author had."""
    ana, clara = net.device("ana", person=A_PERSON), net.device("clara")
    for one in (ana, clara):
        one.sync()
    for turn in range(3):
        ana.ws.add("memo", {"words": f"{CANARY} {turn}"})
        here, there = Holding(ana.ws), Holding(clara.ws)
        here.seal()
        assert there.take(list(here.give(there.have()))).set_aside == []
        assert clara.sync().carried == 1
        pages = [read_page(data, known_to_carriers(clara.ws.public), net.key.public)
                 for _, _, data in box(clara).pages(scope_name(scope_of(PERSON, A_PERSON)), 0)]
        assert [(one.first, one.last) for one in pages] == [(number, number) for number in range(1, turn + 2)]
        assert box(clara).undecided() == []
        assert here.take(list(there.give(here.have()))).set_aside == []
        assert [one.state for one in ana.ws.outbox()] == ["accepted"] * (turn + 1)
        assert (clara.sync().turns, CANARY in str(clara.ws.records("memo"))) == (1, False)
    net.in_step()


def test_after_a_cut_the_verdicts_for_who_is_elsewhere_are_asked_for_again(net: Network) -> None:
    ana, clara = net.device("ana", person=A_PERSON), net.device("clara")
    for one in (ana, clara):
        one.sync()
    ana.ws.add("memo", {"words": CANARY})
    here, there = Holding(ana.ws), Holding(clara.ws)
    here.seal()
    there.take(list(here.give(there.have())))
    assert clara.tries("after") is not None  # it was handed in, and nobody heard what became of it
    assert clara.tries("", "before") is not None  # or that its scope begins
    assert box(clara).undecided() != []
    clara.sync()
    here.take(list(there.give(here.have())))
    assert [one.state for one in ana.ws.outbox()] == ["accepted"]


def test_one_who_hands_in_the_first_of_another_here_brings_the_verdict(net: Network, shared: tuple[Device, Device]) -> None:
    ana, bilal = shared
    ana.ws.add("memo", {"words": CANARY})
    Posting(ana.ws).seal()
    assert bilal.sync().carried == 1
    Posting(ana.ws).open()
    assert [one.state for one in ana.ws.outbox()] == ["accepted"]


def test_at_no_moment_of_a_cancelling_the_box_holds_what_its_author_has_no_more(net: Network, shared: tuple[Device, Device], tmp_path: Path,
                                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut after any commit: others would hand in at the evening's sync what was taken back."""
    ana, _ = shared
    saved = [ana.ws.add("house", {"name": {"fr": f"h{number}"}}) for number in range(3)]
    ana.ws.edit("house", saved[2].id, {"phone": "1"})  # goes along
    kept = ana.ws.add("house", {"name": {"fr": "kept"}})
    Posting(ana.ws).seal()
    images: list[Path] = []
    commit = SqliteStore._commit

    def keep(store: SqliteStore) -> None:
        commit(store)
        images.append(tmp_path / f"cut-{len(images)}")
        shutil.copytree(ana.folder, images[-1])

    with monkeypatch.context() as patch:
        patch.setattr(SqliteStore, "_commit", keep)
        ana.ws.cancel(*(one.change for one in saved))
    assert len(images) > 1
    left = set()
    for image in images:
        cut = Device(net, image.name, image, 0, KINDS, file=ana.file)
        waiting = {(one.log, one.n): log_link(one.before, one.commitment) for one in cut.ws.vault.waiting()}
        for one in PostBox(cut.ws.public).parcels(key_id(cut.ws.vault.key().public)):
            assert not one.size or waiting.get((one.log, one.last)) == one.end, image.name
        left.add(len(waiting))
        Posting(cut.ws).seal()  # whatever was cut: what waits is in the box again
        assert {one.last for one in PostBox(cut.ws.public).parcels() if one.size} >= {n for _, n in waiting if n == len(waiting)}
        cut.ws.close()
    assert left == {5, 1}
    assert [one["name"]["fr"] for one in ana.ws.records("house")] == ["kept"]
    with pytest.raises(RuntimeError), ana.ws.together():
        ana.ws.cancel(kept.change)
