"""Attachments of private scopes: what lies on disks and travels is encrypted, what is read is what was attached, and nothing altered passes for it."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from i18n import Text
from sync import attached
from sync import fields as shapes
from sync import private_files as private
from sync.errors import Damaged, Failure, Invalid, NotFound
from sync.exchange.fetching import fetch
from sync.files import CHUNK, LARGEST, Files
from sync.record import Field, Kind, Kinds, text
from sync.scopes import PERSON, PUBLIC
from tests.sync.network import HOUSE, Network, Road
from tests.sync.test_scopes import A_PERSON

LETTER = Kind("missive", Text("Letter"), Text("Letters"), (PERSON,), title="words",
              fields=(text("words", Text("Words")), Field("file", shapes.private_file(), Text("File"))))
FLYER = Kind("flyer", Text("Flyer"), Text("Flyers"), (PUBLIC,), title="words",
             fields=(text("words", Text("Words")), Field("file", shapes.file(), Text("File"))))
CANARY = b"kingfisher-7141 "
SIZES = (1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 77)


def data_of(size: int) -> bytes:
    return (CANARY * (size // len(CANARY) + 1))[:size]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "files")


def taken(files: Files, size: int) -> tuple[bytes, dict[str, object]]:
    source = files.folder.parent / "letter.txt"
    source.write_bytes(data_of(size))
    return data_of(size), private.take(files, LETTER, source, os.urandom)


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Network]:
    with Network(tmp_path, kinds=Kinds((HOUSE, LETTER, FLYER))) as network:
        yield network


@pytest.mark.parametrize("size", SIZES)
def test_it_is_read_as_it_was_attached_and_lies_encrypted(files: Files, size: int) -> None:
    data, value = taken(files, size)
    stored = files.path(value["sha256"]).read_bytes()
    assert value.keys() == {"sha256", "size", "type", "name", "key"}
    assert LETTER.by_name["file"].shape.fits(value)
    assert (hashlib.sha256(stored).hexdigest(), len(stored)) == (value["sha256"], value["size"])
    assert value["size"] == private.sealed_size(size)
    assert private.clear_size(value) == size
    assert CANARY not in stored
    with private.open_file(files, value) as found:
        assert found.read() == data
    assert [one.name for one in files.folder.rglob("*") if one.is_file()] == [value["sha256"]], "nothing is left on the way"


def test_it_is_read_from_any_place(files: Files) -> None:
    data, value = taken(files, 3 * CHUNK + 77)
    with private.open_file(files, value) as found:
        assert found.seek(0, os.SEEK_END) == len(data)
        assert found.read() == b""
        for start, length in ((2 * CHUNK - 5, 10), (7, 3), (CHUNK, CHUNK), (len(data) - 1, 9), (len(data) + 5, 9), (0, 1)):
            assert found.seek(start) == start == found.tell()
            assert found.read(length) == data[start : start + length]
        found.seek(-3, os.SEEK_END)
        found.seek(-3, os.SEEK_CUR)
        assert found.read(3) == data[-6:-3]


def test_the_same_file_has_another_name_and_key_each_time_and_a_public_one_its_own(files: Files) -> None:
    source = files.folder.parent / "same.pdf"
    source.write_bytes(data_of(99))
    one, two = (private.take(files, LETTER, source, os.urandom) for _ in range(2))
    assert one["sha256"] != two["sha256"]
    assert one["key"] != two["key"]
    public = private.take(files, FLYER, source, os.urandom)
    assert public == {"sha256": hashlib.sha256(data_of(99)).hexdigest(), "size": 99, "type": "application/pdf", "name": "same.pdf"}
    with private.open_file(files, public) as found:
        assert found.read() == data_of(99)
    assert private.clear_size(public) == 99
    with pytest.raises(NotFound, match="photo"):
        private.take(files, HOUSE, source, os.urandom)


def altered(stored: bytes) -> dict[str, bytes]:
    """What somebody who holds the disk could make of three chunks and a bit, none of it what was attached."""
    step = CHUNK + private.TAG
    chunks = [stored[at : at + step] for at in range(0, len(stored), step)]
    return {
        "a bit": stored[:100] + bytes([stored[100] ^ 1]) + stored[101:],
        "the last bit": stored[:-1] + bytes([stored[-1] ^ 1]),
        "two chunks changed places": b"".join([chunks[1], chunks[0], *chunks[2:]]),
        "a chunk twice": b"".join([chunks[0], chunks[0], *chunks[2:]]),
        "cut after a chunk": b"".join(chunks[:2]),
        "cut within a tag": stored[: 2 * step + 10],
        "cut within the first tag": stored[:10],
        "cut within a chunk": stored[: step + 100],
        "more at the end": stored + b"x",
        "one chunk more": stored + chunks[0],
        "nothing": b"",
    }


@pytest.mark.parametrize("what", altered(bytes(3 * CHUNK + 200)))
def test_nothing_altered_is_read_as_what_was_attached(files: Files, what: str) -> None:
    data, value = taken(files, 3 * CHUNK + 77)
    path = files.path(value["sha256"])
    path.write_bytes(altered(path.read_bytes())[what])
    for told in (value, {**value, "size": path.stat().st_size}):  # also where the record's size was made to fit
        read = b""
        with pytest.raises(Damaged), private.open_file(files, told) as found:  # noqa: PT012
            while piece := found.read(1000):
                read += piece
        assert data.startswith(read)


def test_another_key_opens_nothing(files: Files) -> None:
    _, value = taken(files, 99)
    for key in ("0" * 64, "0" * 62):
        with pytest.raises(Damaged), private.open_file(files, {**value, "key": key}) as found:
            found.read()


def test_what_cannot_be_attached_leaves_nothing(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    source = files.folder.parent / "empty"
    source.touch()
    for wrong in (source, source.parent, source.parent / "missing"):
        with pytest.raises((Invalid, Failure)):
            private.take(files, LETTER, wrong, os.urandom)
    with source.open("r+b") as large:
        large.truncate(LARGEST)  # fits in clear and not with its tags: no server would take it
    with pytest.raises(Invalid, match="2"):
        private.take(files, LETTER, source, os.urandom)
    source.write_bytes(data_of(CHUNK * 2))

    def full(_handle: int) -> None:
        raise OSError(28, "no room")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Failure, match="disque") as full_disk:
        private.take(files, LETTER, source, os.urandom)
    assert full_disk.value.code == "disk_full"
    assert [one for one in files.folder.rglob("*") if one.is_file()] == []


def test_a_copy_in_clear_is_whole_or_not_there(files: Files) -> None:
    data, value = taken(files, 3 * CHUNK)
    target = files.folder.parent / "copy.txt"
    assert private.save_copy(files, value, target) == len(data)
    assert target.read_bytes() == data
    path = files.path(value["sha256"])
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(Damaged):
        private.save_copy(files, value, target)
    assert target.read_bytes() == data
    assert sorted(one.name for one in target.parent.iterdir()) == ["copy.txt", "files", "letter.txt"]
    files.forget(value["sha256"])
    with pytest.raises(NotFound):
        private.save_copy(files, value, target)


class Listening(Road):
    """Remembers the bytes of files that pass."""

    carried = b""

    def send_file(self, sha256: str, size: int, offset: int, pieces: Iterator[bytes], key: bytes, signature: bytes) -> None:
        def heard() -> Iterator[bytes]:
            for piece in pieces:
                self.carried += piece
                yield piece

        super().send_file(sha256, size, offset, heard(), key, signature)


def test_it_follows_its_author_and_nobody_on_the_way_sees_more_than_bytes(net: Network, tmp_path: Path) -> None:
    here, there, other = net.device("here", person=A_PERSON), net.device("there", person=A_PERSON), net.device("other")
    net.heal()
    source = tmp_path / "source" / "kingfisher-7141.txt"
    source.parent.mkdir()
    source.write_bytes(data_of(2 * CHUNK + 5))
    here.road = Listening(net.authority, net.files)
    letter = here.ws.add("missive", {"words": "w"}).id
    here.ws.attach("missive", letter, source)
    net.heal()
    value = there.ws.get("missive", letter)["file"]
    assert value == here.ws.get("missive", letter)["file"]
    assert net.files.held(value["sha256"]) == value["size"], "the server has it"
    assert fetch(there.ws, value["sha256"], value["size"], carrier=there.road).stat().st_size == value["size"]
    with private.open_file(there.ws.files, value) as found:
        assert found.read() == source.read_bytes()
    assert other.ws.records("missive") == []
    key = bytes.fromhex(value["key"])
    for place in (net.files.folder, other.folder, here.ws.files.folder, there.ws.files.folder):
        for path in place.rglob("*"):
            assert not path.is_file() or not any(word in path.read_bytes() for word in (CANARY.strip(), key, value["key"].encode())), path
    assert here.road.carried == net.files.path(value["sha256"]).read_bytes()
    net.in_step()


def test_a_private_record_takes_no_file_in_clear(net: Network, tmp_path: Path) -> None:
    device = net.device("here", person=A_PERSON)
    device.sync()
    (tmp_path / "plan.txt").write_bytes(b"plan")
    letter = device.ws.add("missive", {"words": "w"}).id
    with pytest.raises(Invalid, match="key"):
        device.ws.edit("missive", letter, {"file": device.ws.files.take(tmp_path / "plan.txt")})
    flyer = device.ws.add("flyer", {"words": "w"}).id
    with pytest.raises(Invalid, match="key"):  # and a public one no key, which would open it to everybody and mislead them
        device.ws.edit("flyer", flyer, {"file": {**device.ws.files.take(tmp_path / "plan.txt"), "key": "a" * 64}})


def test_what_is_read_at_once_is_one_chunk(files: Files) -> None:
    _, value = taken(files, 3 * CHUNK)
    with private.open_file(files, value) as found:
        assert isinstance(found, io.BufferedReader)
        assert len(found.read1(10 * CHUNK)) <= CHUNK


def test_a_file_that_is_not_what_its_name_promises_is_found(net: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    device = net.device("here", person=A_PERSON)
    device.sync()
    (tmp_path / "plan.txt").write_bytes(data_of(2 * CHUNK))
    letter, flyer = device.ws.add("missive", {"words": "w"}).id, device.ws.add("flyer", {"words": "w"}).id
    for kind, id in (("missive", letter), ("flyer", flyer), ("flyer", device.ws.add("flyer", {"words": "the same file"}).id)):
        device.ws.attach(kind, id, tmp_path / "plan.txt")
    assert sorted(one.kind for one in attached.attached(device.ws)) == ["flyer", "missive"], "each file once"
    assert device.ws.verify() == []
    path = device.ws.files.path(device.ws.get("missive", letter)["file"]["sha256"])
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    found, = attached.damaged(device.ws)
    assert (found.kind, found.id, found.name) == ("missive", letter, "plan.txt")
    assert [one.args["id"] for one in device.ws.verify()] == [letter]

    def unreadable(*_words: object) -> Iterator[bytes]:
        raise OSError(5, "the disk cannot read it")

    monkeypatch.setattr(device.ws.files, "read", unreadable)
    assert len(attached.damaged(device.ws)) == 2
    device.ws.files.forget(found.value["sha256"])
    assert [one.kind for one in attached.damaged(device.ws)] == ["flyer"]
    assert attached.Attached("missive", letter, {"sha256": "a" * 64}).name == "aaaaaaaa"


def test_a_copy_that_the_disk_refuses_is_said(files: Files) -> None:
    _, value = taken(files, 99)
    with pytest.raises(Failure) as refused:
        private.save_copy(files, value, files.folder / "no" / "such" / "folder")
    assert refused.value.code == "file"
