"""The courier on a stick: what it carries arrives, the second time by difference, and a stick cut anywhere brings nothing."""

from __future__ import annotations

import base64
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from i18n import Text
from sync.errors import Cancelled, Damaged, Failure, Invalid, NotFound, Refused
from sync.record import Kinds
from sync.relay import courier, courier_files, courier_manifest, courier_parts, stick_files, stick_words
from sync.relay.courier import Progress, look, read
from sync.relay.courier_files import Along
from sync.relay.courier_folder import CourierFolder
from sync.relay.courier_writing import plan, write
from sync.snapshots import publishing
from tests.faults.amounts import LONG, amount, chance, tell
from tests.sync.network import DOOR, HOUSE, TREE, Device, Network

KINDS = Kinds((HOUSE, DOOR, TREE))


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Network]:
    def may(actor: object, operation: str, kind: str, values: object, scope: str) -> Text | None:
        return Text("Not this one.") if kind == "door" else None

    with Network(tmp_path / "net", kinds=KINDS, may=may) as network:
        yield network


@pytest.fixture
def three(net: Network) -> list[Device]:
    found = [net.device(name) for name in ("ana", "bilal", "clara")]
    net.heal()
    return found


@pytest.fixture
def stick() -> Iterator[Path]:
    """A stick whose disk costs nothing, where there is memory for it."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="dalil-stick-", dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


def houses(device: Device) -> set[str]:
    return {str(one["name"]["fr"]) for one in device.ws.records("house")}


def files_of(stick: Path) -> dict[str, bytes]:
    return {path.relative_to(stick).as_posix(): path.read_bytes() for path in sorted(stick.rglob("*")) if path.is_file()}


def photo(device: Device, tmp_path: Path, data: bytes, name: str = "photo") -> tuple[str, Along]:
    """A confirmed house with a photo."""
    (tmp_path / name).write_bytes(data)
    id = device.ws.add("house", {"name": {"fr": name}}).id
    kept = device.ws.files.take(tmp_path / name)
    device.ws.edit("house", id, {"photo": kept})
    device.sync()
    return id, Along(kept["sha256"], kept["size"], {"fr": name})


def test_from_the_village_to_the_capital_and_back(net: Network, three: list[Device], stick: Path) -> None:
    """J3: what waits in Obock reaches the server by a stick, and the verdicts come back on it."""
    ana, bilal, _ = three
    for number in range(9):
        ana.ws.add("house", {"name": {"fr": f"h{number}"}})
    refused = ana.ws.add("door", {"name": "refused"})
    written = write(ana.ws, stick)
    assert written.parts > 0
    assert written.copied == written.bytes
    seen = look(bilal.ws, stick)
    assert (seen.parts, seen.news > 0) == (written.parts, True)
    found = read(bilal.ws, stick)
    assert found.taken.parcels > 0
    assert found.taken.set_aside == []
    bilal.sync()
    write(bilal.ws, stick)
    read(ana.ws, stick)
    assert houses(ana) == {f"h{number}" for number in range(9)}
    assert [(one.id, "Not this one" in str(one.reason)) for one in ana.ws.outbox() if one.state == "refused"] == [(refused.id, True)]
    assert {one.state for one in ana.ws.outbox()} == {"accepted", "refused"}
    again = read(ana.ws, stick)
    assert (again.taken.received, again.taken.parcels, again.taken.sealed) == (0, 0, 0)
    assert look(ana.ws, stick).news == 0
    net.heal()
    net.in_step()


def test_the_second_time_nothing_is_copied(net: Network, three: list[Device], stick: Path, tmp_path: Path) -> None:
    ana, _, _ = three
    _, along = photo(ana, tmp_path, os.urandom(300_000))
    for number in range(30):
        ana.ws.add("house", {"name": {"fr": f"h{number}"}})
    ana.sync()
    first = write(ana.ws, stick, [along])
    before = files_of(stick)
    second = write(ana.ws, stick, [along])
    assert (second.copied, second.bytes) == (0, first.bytes)
    assert files_of(stick) == before
    assert plan(ana.ws, stick, [along]).new == 0
    assert write(ana.ws, stick).copied == 0  # what is there stays, unless it is said that it goes
    assert files_of(stick) == before
    ana.ws.add("house", {"name": {"fr": "new"}})
    third = write(ana.ws, stick, [along])
    assert 0 < third.copied < first.bytes
    assert write(ana.ws, stick, keep=False).files == 0
    assert sum(map(len, files_of(stick).values())) < 200_000


def test_what_others_put_on_a_stick_goes_on(net: Network, three: list[Device], stick: Path) -> None:
    """Obock writes, then Tadjourah on the same stick: the capital gets both."""
    ana, bilal, clara = three
    ana.ws.add("house", {"name": {"fr": "Obock"}})
    bilal.ws.add("house", {"name": {"fr": "Tadjourah"}})
    write(ana.ws, stick)
    assert write(bilal.ws, stick).before is not None
    read(clara.ws, stick)
    assert clara.sync().carried == 2
    assert houses(clara) == {"Obock", "Tadjourah"}


def test_files_travel_in_pieces_and_go_on_where_they_were_cut(net: Network, three: list[Device], stick: Path, tmp_path: Path,
                                                              monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier_files, "PIECE", 128 * 1024)
    ana, bilal, clara = three
    data = os.urandom(700_000)
    _, along = photo(ana, tmp_path, data)
    assert write(ana.ws, stick, [along]).files == 1
    assert look(bilal.ws, stick).files_lacking == len(data)
    piece = courier_manifest.read(CourierFolder(stick).manifest(CourierFolder(stick).manifests()[0])).files[0].pieces[3]
    path = stick / "dalil-courier" / "parts" / piece.sha256[:2] / f"{piece.sha256[2:]}.bin"
    kept = path.read_bytes()
    path.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    found = read(bilal.ws, stick)
    assert (found.files, len(found.set_aside)) == (0, 1)
    assert bilal.ws.files.held(along.sha256) == 3 * 128 * 1024 - 1
    assert houses(bilal) == {"photo"}  # a bad file delays no record
    path.write_bytes(kept)
    moved: list[int] = []
    assert read(bilal.ws, stick, watch=lambda one: moved.append(one.done) if one.step == "files" else None).files == 1
    assert bilal.ws.files.path(along.sha256).read_bytes() == data
    assert read(bilal.ws, stick).files_known == 1
    # clara cuts in the middle, and goes on
    with pytest.raises(Cancelled):
        read(clara.ws, stick, stop=_after(clara.ws.files.held, along.sha256))
    assert 0 < clara.ws.files.held(along.sha256) < len(data)
    assert read(clara.ws, stick).files == 1
    assert clara.ws.files.path(along.sha256).read_bytes() == data


def _after(held, sha256: str):
    return lambda: held(sha256) > 200_000


def test_a_file_that_no_record_speaks_of_is_not_taken(net: Network, three: list[Device], stick: Path, tmp_path: Path) -> None:
    ana, bilal, _ = three
    (tmp_path / "junk").write_bytes(b"x" * 5000)
    junk = ana.ws.files.take(tmp_path / "junk")
    write(ana.ws, stick, [Along(junk["sha256"], junk["size"], {})])
    found = read(bilal.ws, stick)
    assert (found.files, len(found.set_aside)) == (0, 1)
    assert not bilal.ws.files.here(junk["sha256"])


def test_a_damaged_file_here_does_not_leave(net: Network, three: list[Device], stick: Path, tmp_path: Path) -> None:
    ana, _, _ = three
    _, along = photo(ana, tmp_path, b"right" * 1000)
    ana.ws.files.path(along.sha256).write_bytes(b"wrong" * 1000)
    written = write(ana.ws, stick, [along, Along("0" * 64, 5, {"fr": "absent"})])
    assert (written.files, len(written.set_aside or [])) == (0, 2)


def test_a_pc_that_never_saw_a_network_starts_from_a_stick(net: Network, three: list[Device], stick: Path, tmp_path: Path) -> None:
    ana, _, _ = three
    with ana.ws.together():
        for number in range(60):
            ana.ws.add("house", {"name": {"fr": f"h{number}"}, "street": "Rue" * 20})
    ana.sync()
    for scope in ("public", "network"):
        publishing.publish(net.store, net.authority.kinds, scope, net.key, net.files)
    late = net.device("late")
    late.sync()
    write(late.ws, stick)
    for place in ("guest", "someone"):
        guest = Device(net, place, tmp_path / place, 0, KINDS, guest=place == "guest")
        with pytest.raises(Refused) as asked:
            read(guest.ws, stick)
        assert asked.value.code == "not_trusted"
        shown = courier_manifest.shown_network(net.key.public)
        assert shown in str(asked.value)
        for wrong in ("0000-0000-0000-0000", "nonsense"):
            with pytest.raises(Refused) as asked:
                look(guest.ws, stick, wrong)
            assert asked.value.code == "impostor"
        assert look(guest.ws, stick, shown.lower().replace("-", " ")).news > 0
        found = read(guest.ws, stick, shown)
        assert (found.taken.set_aside, len(guest.ws.records("house"))) == ([], 60)
        assert read(guest.ws, stick).taken.received == 0  # from then on the network of its copy is known
        with Network(tmp_path / f"elsewhere-{place}", 7, kinds=KINDS) as other:
            stranger = other.device("stranger")
            stranger.ws.add("house", {"name": {"fr": "theirs"}})
            stranger.sync()
            (tmp_path / f"foreign-{place}").mkdir()
            write(stranger.ws, tmp_path / f"foreign-{place}")
            for each in (guest, ana):
                with pytest.raises(Refused) as asked:
                    read(each.ws, tmp_path / f"foreign-{place}", courier_manifest.shown_network(other.key.public))
                assert asked.value.code == "other_network"
            with pytest.raises(Refused):
                write(ana.ws, tmp_path / f"foreign-{place}")
        with pytest.raises(Refused):
            write(guest.ws, stick)  # who has not joined has nothing to vouch for
        guest.ws.close()


def test_an_invitation_code_vouches_for_the_network(net: Network, three: list[Device], stick: Path, tmp_path: Path) -> None:
    from sync import invitation
    from sync.identity import fingerprint

    ana, _, _ = three
    write(ana.ws, stick)
    guest = Device(net, "guest", tmp_path / "guest", 0, KINDS, guest=True)
    with pytest.raises(Refused):
        read(guest.ws, stick, invitation.make(os.urandom, b"else").code)
    read(guest.ws, stick, invitation.make(os.urandom, fingerprint(net.key.public)).code)
    guest.ws.close()


# cuts


def small(net: Network, ana: Device) -> None:
    """About 64 KiB for a stick: pages and parcels, in several parts."""
    for number in range(115):
        ana.ws.add("house", {"name": {"fr": f"h{number}"}, "street": base64.b64encode(net.random.randbytes(220)).decode()})
    ana.sync()
    for number in range(115):
        ana.ws.add("tree", {"name": {"fr": f"t{number}"}, "street": base64.b64encode(net.random.randbytes(220)).decode()})
    ana.sync()
    ana.ws.add("house", {"name": {"fr": "waits"}, "street": base64.b64encode(net.random.randbytes(220)).decode()})


def cut_at(stick: Path, places: list[int], device: Device) -> int:
    """Each file of the stick in turn ends after fewer and fewer bytes, all others being whole; how many cuts were read. Whole again at the end."""
    holding = courier.Holding(device.ws)
    before, boxed = device.ws.digest(), holding.have()
    at, cuts = 0, 0
    for name, data in files_of(stick / "dalil-courier").items():
        path = stick / "dalil-courier" / name
        if name.endswith(".txt"):
            continue
        for place in sorted((one - at for one in places if at <= one < at + len(data)), reverse=True):
            os.truncate(path, place)
            with pytest.raises(Damaged):
                read(device.ws, stick)
            cuts += 1
        path.unlink()
        with pytest.raises((Damaged, NotFound)):
            read(device.ws, stick)
        path.write_bytes(data)
        at += len(data)
    assert device.ws.digest() == before
    assert holding.have() == boxed
    return cuts


def size_of(stick: Path) -> int:
    return sum(len(data) for name, data in files_of(stick).items() if not name.endswith(".txt"))


def test_a_stick_cut_at_every_byte_brings_nothing_and_its_whole_brings_all(net: Network, three: list[Device], stick: Path) -> None:
    ana, bilal, _ = three
    small(net, ana)
    write(ana.ws, stick)
    size = size_of(stick)
    assert 48 * 1024 < size < 96 * 1024
    places = list(range(0, size, 1 if LONG else 9))
    assert cut_at(stick, places, bilal) == len(places)
    found = read(bilal.ws, stick)
    assert (found.taken.set_aside, found.taken.parcels) == ([], 1)
    assert houses(bilal) == {"waits", *(f"h{number}" for number in range(115))}
    assert len(bilal.ws.records("tree")) == 115


def test_a_large_stick_cut_at_random_bytes_brings_nothing(net: Network, three: list[Device], stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier_parts, "FULL", 32 * 1024)
    ana, bilal, _ = three
    for turn in range(10):
        with ana.ws.together():
            for number in range(200):
                ana.ws.add("house", {"name": {"fr": f"h{turn} {number}"}, "street": base64.b64encode(net.random.randbytes(220)).decode()})
        ana.sync()
    write(ana.ws, stick)
    size = size_of(stick)
    places = chance("courier").sample(range(size), amount(2_000, 20_000))
    tell("courier cut at random bytes", bytes=size, cuts=cut_at(stick, places, bilal))
    assert read(bilal.ws, stick).taken.received == 2_000


def test_a_flipped_bit_anywhere_brings_nothing(net: Network, three: list[Device], stick: Path) -> None:
    ana, bilal, _ = three
    small(net, ana)
    write(ana.ws, stick)
    before = bilal.ws.digest()
    for name, data in files_of(stick).items():
        if name.endswith(".txt"):
            continue
        for at in range(0, len(data), 211):
            (stick / name).write_bytes(data[:at] + bytes([data[at] ^ (1 << at % 8)]) + data[at + 1:])
            with pytest.raises(Failure):
                read(bilal.ws, stick)
        (stick / name).write_bytes(data)
    assert bilal.ws.digest() == before
    assert read(bilal.ws, stick).taken.set_aside == []


def test_a_writing_that_ends_anywhere_leaves_the_old_courier_or_the_new(net: Network, three: list[Device], stick: Path, tmp_path: Path,
                                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    """The stick is pulled out before each touch of it in turn: what is there then can be read, and is one of the two whole."""
    ana, _, _ = three
    small(net, ana)
    write(ana.ws, stick)
    ana.ws.add("house", {"name": {"fr": "more"}, "street": "x" * 300})
    ana.sync()
    reached = False
    whole = {1: 0, 2: 0}
    for touch in range(1, 200):
        place = stick / f"copy-{touch}"
        shutil.copytree(stick / "dalil-courier", place / "dalil-courier")
        pulled = _Pulled(touch)
        with monkeypatch.context() as patch:
            for name in ("open", "fsync", "unlink", "rename", "mkdir", "rmdir"):
                patch.setattr(os, name, pulled.around(getattr(os, name), place))
            try:
                write(ana.ws, place)
                reached = True
            except Failure as failure:
                assert failure.code == "stick"
        folder = CourierFolder(place)
        here = [one for one in courier.manifests(folder) if all(folder.holds(part.sha256, part.size) for part in one.parts)]
        whole[here[0].number] += 1  # the one that is read
        if touch % 8 == 0 or reached:
            guest = Device(net, f"g{touch}", tmp_path / f"g{touch}", 0, KINDS, guest=True)
            assert read(guest.ws, place, courier_manifest.shown_network(net.key.public)).taken.set_aside == []
            assert len(guest.ws.records("house")) == (115, 117)[here[0].number - 1]
            guest.ws.close()
        write(ana.ws, place)
        assert not list(place.rglob("*.new"))
        shutil.rmtree(place)
        if reached:
            break
    assert reached
    assert whole[1] > 2
    assert whole[2] > 2


class _Pulled:
    """A stick that is pulled out at one touch: nothing of it answers from then on."""

    def __init__(self, touch: int) -> None:
        self.left = touch

    def around(self, call, place: Path):
        def touched(path, *args, **options):
            if isinstance(path, int) or str(path).startswith(str(place)):
                self.left -= 1
                if self.left <= 0:
                    raise OSError(5, "Input/output error")
            return call(path, *args, **options)

        return touched


# what a person can meet


def test_no_stick_no_courier_no_room_and_a_locked_stick_are_said(net: Network, three: list[Device], stick: Path, tmp_path: Path,
                                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    ana, bilal, _ = three
    for place, code in ((tmp_path / "nowhere", "no_stick"), (stick, "not_found")):
        with pytest.raises(Failure) as failure:
            read(ana.ws, place)
        assert failure.value.code == code
    monkeypatch.setattr(CourierFolder, "free", lambda _: 10)
    with pytest.raises(Failure) as failure:
        write(ana.ws, stick)
    assert failure.value.code == "stick_full"
    assert files_of(stick) == {}
    monkeypatch.undo()
    write(ana.ws, stick)
    for number, code in ((28, "stick_full"), (30, "stick_locked"), (5, "stick")):
        assert stick_files.failure_of(OSError(number, "why")).code == code
    with pytest.raises(Failure) as failure:
        write(ana.ws, stick, stop=lambda: True)
    assert failure.value.code == "cancelled"
    with pytest.raises(Cancelled):
        read(bilal.ws, stick, stop=lambda: True)
    seen: list[Progress] = []
    read(bilal.ws, stick / "dalil-courier", watch=seen.append)  # the folder itself may be chosen
    assert {one.step for one in seen} >= {"check", "take"}
    assert all(one.done <= one.total for one in seen)


def test_a_worn_out_stick_is_noticed_before_the_name_is_given(net: Network, three: list[Device], stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, _, _ = three
    monkeypatch.setattr(stick_files, "hash_of", lambda path, size: "")
    with pytest.raises(Failure) as failure:
        write(ana.ws, stick)
    assert failure.value.code == "bad_stick"
    assert files_of(stick) == {}


def test_a_courier_of_a_newer_program_is_said(net: Network, three: list[Device], stick: Path) -> None:
    ana, _, _ = three
    write(ana.ws, stick)
    folder = CourierFolder(stick)
    line = b'{"dalil_courier":2,"more":true}'
    (folder.root / "manifest-9.json").write_bytes(line + b"\n" + courier_manifest.codec.digest(line).hex().encode() + b"\n")
    for act in (read, write):
        with pytest.raises(Invalid) as failure:
            act(ana.ws, stick)
        assert failure.value.code == "newer_version"


def test_an_older_courier_over_a_newer_one_takes_nothing_back(net: Network, three: list[Device], stick: Path, tmp_path: Path) -> None:
    ana, bilal, _ = three
    ana.ws.add("house", {"name": {"fr": "old"}})
    ana.sync()
    write(ana.ws, stick)
    shutil.copytree(stick, tmp_path / "older", dirs_exist_ok=True)
    ana.ws.add("house", {"name": {"fr": "new"}})
    ana.sync()
    write(ana.ws, stick)
    read(bilal.ws, stick)
    shutil.copytree(tmp_path / "older", stick, dirs_exist_ok=True)
    found = read(bilal.ws, stick).taken
    assert (found.received, found.set_aside) == (0, [])
    assert houses(bilal) == {"old", "new"}
    found = read(bilal.ws, tmp_path / "older").taken
    assert (found.received, found.set_aside) == (0, [])  # known, and nothing wrong with it
    assert houses(bilal) == {"old", "new"}


def test_the_newest_manifest_torn_the_one_before_counts(net: Network, three: list[Device], stick: Path) -> None:
    ana, bilal, _ = three
    ana.ws.add("house", {"name": {"fr": "there"}})
    ana.sync()
    write(ana.ws, stick)
    (stick / "dalil-courier" / "manifest-2.json").write_bytes(b"")
    assert read(bilal.ws, stick).taken.received == 1
    write(ana.ws, stick)
    assert CourierFolder(stick).manifests() == [1]
    (stick / "dalil-courier" / "manifest-1.json").write_bytes(b"{}")
    with pytest.raises(Damaged):
        read(bilal.ws, stick)
    write(ana.ws, stick)
    assert CourierFolder(stick).manifests() == [2]
    assert read(bilal.ws, stick).taken.set_aside == []


def test_nothing_that_is_not_public_is_on_a_stick_in_clear(net: Network, three: list[Device], stick: Path) -> None:
    ana, bilal, _ = three
    canary = "Çanari-Xyzzy-77123456"
    ana.ws.add("tree", {"name": {"fr": canary}, "phone": "77123456"})
    ana.ws.add("house", {"name": {"fr": canary}})
    write(ana.ws, stick)
    ana.sync()
    write(bilal.ws, stick)
    ana.ws.add("house", {"name": {"fr": canary + "2"}})
    write(ana.ws, stick)
    data = b"".join([name.encode() + b"\0" + each for name, each in files_of(stick).items()])
    forms = [form for word in ("77123456",) for form in _forms(word)]
    # what was accepted for everybody is in clear, inside compressed pages: each item is looked at as it is and unpacked
    plain = data + b"".join(_unpacked(stick))
    assert canary.encode() in plain  # the public house, so the search can find
    pages = b"".join(_unpacked(stick))
    assert pages.count(canary.encode() + b"2") == 0
    tree = [form for form in forms if form in plain.replace(canary.encode(), b"")]
    assert tree == []
    assert not any(form in plain for form in _forms(canary + "2"))


def _forms(word: str) -> list[bytes]:
    raw = word.encode()
    encoded = [base64.b64encode(b"\0" * shift + raw)[4 if shift else 0:-4] for shift in range(3)]
    return [raw, word.encode("utf-16-le"), word.encode("utf-16-be"), raw.hex().encode(), *encoded]


def _unpacked(stick: Path) -> Iterator[bytes]:
    folder = CourierFolder(stick)
    manifest = courier_manifest.read(folder.manifest(folder.manifests()[0]))
    yield courier_manifest.written(manifest)
    for part in manifest.parts:
        for data in courier_parts.codec.unpack(folder.read(part.sha256, part.size), list[bytes]):
            yield data
            try:
                yield courier_parts.codec.unsqueeze(data, 8 * 1024 * 1024)
            except Failure:
                continue


def test_a_stick_says_what_it_is_in_three_languages(net: Network, three: list[Device], stick: Path) -> None:
    ana, _, _ = three
    write(ana.ws, stick)
    words = (stick / "dalil-courier" / stick_words.FRENCH).read_text("utf-8-sig")
    assert "Dalil" in words
    assert len(words.split("\n\n")) >= 3 or words.count("Dalil") >= 3


def test_a_part_with_more_behind_it_is_torn(net: Network, three: list[Device], stick: Path) -> None:
    """Also where the bytes that it should have are all there: its size is the manifest's, and nothing else is read."""
    ana, bilal, _ = three
    ana.ws.add("house", {"name": {"fr": "there"}})
    ana.sync()
    write(ana.ws, stick)
    part = next((stick / "dalil-courier" / "parts").rglob("*.bin"))
    part.write_bytes(part.read_bytes() + b"more")
    with pytest.raises(Damaged):
        read(bilal.ws, stick)
    assert houses(bilal) == set()


def test_the_stick_of_another_network_is_neither_read_nor_written(net: Network, three: list[Device], stick: Path, tmp_path: Path) -> None:
    ana, _, _ = three
    with Network(tmp_path / "elsewhere", 7, kinds=KINDS) as other:
        stranger = other.device("stranger")
        stranger.ws.add("house", {"name": {"fr": "theirs"}})
        stranger.sync()
        write(stranger.ws, stick)
        before = files_of(stick)
        for act in (read, plan, write):
            with pytest.raises(Refused) as said:
                act(ana.ws, stick)
            assert said.value.code == "other_network"
        assert houses(ana) == set()
        assert files_of(stick) == before


def test_a_manifest_that_was_altered_and_still_reads_is_torn(net: Network, three: list[Device], stick: Path) -> None:
    ana, bilal, _ = three
    write(ana.ws, stick)
    place = stick / "dalil-courier" / "manifest-1.json"
    altered = place.read_bytes().replace(b'"number":1', b'"number":7')
    assert altered != place.read_bytes()
    place.write_bytes(altered)
    with pytest.raises(Damaged):
        read(bilal.ws, stick)
