"""The program beside a courier: it stands on the stick as it runs, the one before stays until the new one is whole, and no name leads elsewhere."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from sync import codec
from sync.errors import Damaged, Failure, Invalid, Refused
from sync.relay import courier, courier_manifest, stick_program, stick_words
from sync.relay.courier_folder import CourierFolder
from sync.relay.courier_writing import plan, write
from sync.relay.stick_checking import check, stick_under
from sync.relay.stick_program import Program, ProgramFile, found, is_plain
from sync.relay.stick_program_writing import ProgramFolder, placed
from tests.sync.network import Device, Network
from tests.sync.test_courier import KINDS, _Pulled, photo


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Network]:
    with Network(tmp_path / "net", kinds=KINDS) as network:
        yield network


@pytest.fixture
def three(net: Network) -> list[Device]:
    found = [net.device(name) for name in ("ana", "bilal", "clara")]
    net.heal()
    return found


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A folder like that of a built program: something to start, libraries below, a link inside, an empty file."""
    folder = tmp_path / "dalil"
    (folder / "_internal" / "Qt" / "lib").mkdir(parents=True)
    (folder / "dalil").write_bytes(b"#!/bin/sh\necho started\n")
    (folder / "dalil").chmod(0o755)
    (folder / "_internal" / "Qt" / "lib" / "libQt.so").write_bytes(bytes(range(256)) * 500)
    (folder / "_internal" / "libQt.so").symlink_to("Qt/lib/libQt.so")
    (folder / "_internal" / "nothing").write_bytes(b"")
    return folder


def newer(bundle: Path) -> None:
    """Another version: one file more, one less, one other."""
    (bundle / "dalil").write_bytes(b"#!/bin/sh\necho newer\n")
    (bundle / "_internal" / "more").write_bytes(b"more")
    (bundle / "_internal" / "nothing").unlink()


def names(place: Path) -> list[str]:
    return sorted(one.name for one in place.iterdir())


def test_the_program_stands_beside_the_courier_and_the_second_time_nothing_is_copied(net: Network, three: list[Device], stick: Path, bundle: Path,
                                                                                     tmp_path: Path) -> None:
    ana, bilal, _ = three
    _, along = photo(ana, tmp_path, b"photo" * 100)
    wanted = plan(ana.ws, stick, [along], program=found(bundle))
    written = write(ana.ws, stick, [along], program=bundle)
    assert wanted.new == written.copied
    assert names(stick) == ["LISEZ-MOI.txt", "dalil-courier", "dalil-programme-1", "اقرأني.txt"]
    assert not list(stick.rglob("*.new"))
    there = stick / "dalil-programme-1"
    assert {one.relative_to(there).as_posix(): one.read_bytes() for one in there.rglob("*") if one.is_file()} == {
        one.relative_to(bundle).as_posix(): one.read_bytes() for one in bundle.rglob("*") if one.is_file()}
    assert not any(one.is_symlink() for one in there.rglob("*"))
    assert os.access(there / "dalil", os.X_OK)
    found_there = courier.look(bilal.ws, stick).manifest.program
    assert (found_there.start, found_there.count) == ("dalil", 4)
    assert check(stick).is_whole
    assert (plan(ana.ws, stick, program=found(bundle)).new, write(ana.ws, stick, program=bundle).copied) == (0, 0)
    assert write(ana.ws, stick).program == found_there  # who writes without it leaves it there
    assert courier.read(bilal.ws, stick).taken.set_aside == []
    assert (stick_under(there / "dalil"), stick_under(bundle / "dalil")) == (stick, None)


def test_both_texts_say_in_five_lines_what_to_do_and_not_the_code(net: Network, three: list[Device], stick: Path, bundle: Path) -> None:
    (stick / "LISEZ-MOI.txt").write_text("Somebody's own words.", "utf-8")
    write(three[0].ws, stick, program=bundle)
    assert (stick / "LISEZ-MOI.txt").read_text("utf-8") == "Somebody's own words."
    french = (stick / "Dalil - LISEZ-MOI.txt").read_text("utf-8-sig")
    arabic = (stick / stick_words.ARABIC).read_text("utf-8-sig")
    for words, own in ((french, "Rien ne démarre tout seul"), (arabic, "من تلقاء نفسه")):
        assert own in words
        assert "dalil-programme-1" in words
        assert courier_manifest.shown_network(net.key.public) not in words
        assert len(words.strip().splitlines()) == 5
    before = {one: one.stat().st_mtime_ns for one in stick.glob("*.txt")}
    newer(bundle)
    write(three[0].ws, stick, program=bundle)
    assert "dalil-programme-2" in (stick / stick_words.ARABIC).read_text("utf-8-sig")
    assert (stick / "LISEZ-MOI.txt").stat().st_mtime_ns == before[stick / "LISEZ-MOI.txt"]


def test_an_installer_is_one_file(net: Network, three: list[Device], stick: Path, tmp_path: Path) -> None:
    (tmp_path / "Dalil-Setup.exe").write_bytes(b"MZ" * 300)
    write(three[0].ws, stick, program=tmp_path / "Dalil-Setup.exe")
    assert (stick / "dalil-programme-1" / "Dalil-Setup.exe").read_bytes() == b"MZ" * 300
    assert "Dalil-Setup.exe" in (stick / stick_words.FRENCH).read_text("utf-8-sig")


def test_a_writing_that_ends_anywhere_leaves_one_whole_program_and_courier(net: Network, three: list[Device], stick: Path, bundle: Path,
                                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    ana, _, _ = three
    write(ana.ws, stick, program=bundle)
    old, new = found(bundle), newer(bundle) or found(bundle)
    ana.ws.add("house", {"name": {"fr": "more"}})
    ana.sync()
    seen = set()
    for touch in range(1, 400):
        place = stick / f"copy-{touch}"
        place.mkdir()
        for each in ("dalil-courier", "dalil-programme-1"):
            shutil.copytree(stick / each, place / each)
        pulled = _Pulled(touch)
        with monkeypatch.context() as patch:
            for name in ("open", "fsync", "unlink", "rename", "mkdir", "rmdir"):
                patch.setattr(os, name, pulled.around(getattr(os, name), place))
            try:
                write(ana.ws, place, program=bundle)
            except Failure as failure:
                assert failure.code == "stick"
            reached = pulled.left > 0
        looked = check(place)
        assert looked.is_whole or looked.manifest.number == 1  # the parts of the first go once the second stands
        assert not looked.program, (touch, looked.program)
        assert looked.manifest.program.files in (old.files, new.files)
        seen.add(looked.manifest.program.folder)
        write(ana.ws, place, program=bundle)
        assert check(place).is_whole
        assert "dalil-programme-2" in names(place)
        assert "dalil-programme-1" not in names(place)
        assert not list(place.rglob("*.new"))
        shutil.rmtree(place)
        if reached:
            break
    assert reached
    assert seen == {"dalil-programme-1", "dalil-programme-2"}


def test_what_was_altered_on_the_stick_is_named_and_mended(net: Network, three: list[Device], stick: Path, bundle: Path, tmp_path: Path) -> None:
    ana, _, _ = three
    _, along = photo(ana, tmp_path, b"photo" * 100)
    write(ana.ws, stick, [along], program=bundle)
    library = stick / "dalil-programme-1" / "_internal" / "Qt" / "lib" / "libQt.so"
    library.write_bytes(b"\1" + library.read_bytes()[1:])
    (stick / "dalil-programme-1" / "_internal" / "nothing").unlink()
    piece = check(stick).manifest.files[0].pieces[0].sha256
    (stick / "dalil-courier" / "parts" / piece[:2] / f"{piece[2:]}.bin").write_bytes(b"x")
    looked = check(stick)
    assert looked.program == ["_internal/Qt/lib/libQt.so", "_internal/nothing"]
    assert ([one.title["fr"] for one in looked.files], looked.parts, looked.is_whole) == (["photo"], 0, False)
    (stick / "dalil-programme-1" / "left.pyc").write_bytes(b"of an older one")
    write(ana.ws, stick, [along], program=bundle)
    assert check(stick).is_whole
    assert not (stick / "dalil-programme-1" / "left.pyc").exists()


def test_a_link_in_the_place_of_a_file_or_folder_is_not_followed(net: Network, three: list[Device], stick: Path, bundle: Path, tmp_path: Path) -> None:
    ana, _, _ = three
    write(ana.ws, stick, program=bundle)
    outside = tmp_path / "outside"
    outside.mkdir()
    for name in ("dalil", "_internal"):
        victim = stick / "dalil-programme-1" / name
        kept = tmp_path / f"kept-{name}"
        victim.rename(kept)
        victim.symlink_to(kept if kept.is_file() else outside)
        with pytest.raises(Refused):
            check(stick)
        with pytest.raises(Refused):
            write(ana.ws, stick, program=bundle)
        victim.unlink()
        kept.rename(victim)
    assert names(outside) == []
    assert check(stick).is_whole


def test_no_room_is_said_before_anything_is_written(net: Network, three: list[Device], stick: Path, bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, _, _ = three
    need = plan(ana.ws, stick).needed
    monkeypatch.setattr(CourierFolder, "free", lambda _: need + 100_000)
    with pytest.raises(Failure, match="place") as said:
        write(ana.ws, stick, program=bundle)
    assert said.value.code == "stick_full"
    assert names(stick) == []
    write(ana.ws, stick)


@pytest.mark.parametrize("name", ["a:b", "con", "NUL.txt", "aux.", "end.", "end ", "what?", "x" * 256, "line\nbreak", 'a"b', "back\\slash"])
def test_a_name_that_fat_does_not_bear_keeps_the_program_here(bundle: Path, name: str) -> None:
    assert not is_plain(name)
    if len(name) < 256:
        (bundle / name).write_bytes(b"x")
        with pytest.raises(Invalid):
            found(bundle)


def test_what_is_no_program_is_said(tmp_path: Path, bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for make in (lambda: tmp_path / "none", lambda: (tmp_path / "empty").mkdir() or tmp_path / "empty"):
        with pytest.raises(Invalid) as said:
            found(make())
        assert said.value.code == "no_program"
    (bundle / "_internal" / "NOTHING").write_bytes(b"")  # FAT cannot tell it from the other
    with pytest.raises(Invalid, match="distingue"):
        found(bundle)
    (bundle / "_internal" / "NOTHING").unlink()
    (bundle / "out").symlink_to(tmp_path)
    with pytest.raises(Invalid, match="sort du dossier"):
        found(bundle)
    (bundle / "out").unlink()
    (tmp_path / "secret").write_bytes(b"s")
    (bundle / "out").symlink_to(tmp_path / "secret")
    with pytest.raises(Invalid, match="sort du dossier"):
        found(bundle)
    (bundle / "out").unlink()
    (bundle / "gone").symlink_to(bundle / "nowhere")
    with pytest.raises(Invalid, match="ne se lit pas"):
        found(bundle)
    (bundle / "gone").unlink()
    monkeypatch.setattr(stick_program, "LARGEST", 1000)
    with pytest.raises(Invalid, match="4 Go"):
        found(bundle)


@pytest.mark.parametrize("lie", [
    {"folder": "../dalil"}, {"folder": "dalil-courier"}, {"folder": "dalil-programme-0"}, {"count": 5}, {"bytes": 1}, {"start": "other"},
    {"files": [ProgramFile("../x", 1, "0" * 64)], "count": 1, "bytes": 1, "start": "../x"},
    {"files": [ProgramFile("/x", 1, "0" * 64)], "count": 1, "bytes": 1, "start": "/x"},
    {"files": [ProgramFile("a//b", 1, "0" * 64)], "count": 1, "bytes": 1, "start": "a//b"},
    {"files": [ProgramFile("con/b", 1, "0" * 64)], "count": 1, "bytes": 1, "start": "con/b"},
    {"files": [ProgramFile("a", 1, "0" * 64), ProgramFile("A", 1, "0" * 64)], "count": 2, "bytes": 2, "start": "a"},
])
def test_a_manifest_whose_program_leads_elsewhere_is_none(net: Network, three: list[Device], stick: Path, bundle: Path, lie: dict) -> None:
    ana, bilal, _ = three
    write(ana.ws, stick, program=bundle)
    manifest = check(stick).manifest
    lying = msgspec.structs.replace(manifest, program=msgspec.structs.replace(manifest.program, **lie))
    assert codec.canonical_json(lying) != codec.canonical_json(manifest)
    CourierFolder(stick).put_manifest(1, courier_manifest.written(lying))
    with pytest.raises(Damaged):
        courier.read(bilal.ws, stick)


def test_the_folder_of_another_program_is_the_next(tmp_path: Path) -> None:
    first = Program("dalil-programme-1", "a", 1, 0, [ProgramFile("a", 0, "0" * 64)])
    other = Program("dalil-programme-1", "b", 1, 0, [ProgramFile("b", 0, "0" * 64)])
    assert placed(first, None) is first
    assert placed(first, first).folder == "dalil-programme-1"
    assert placed(other, first).folder == "dalil-programme-2"
    assert placed(other, msgspec.structs.replace(first, folder="dalil-programme-999999")).folder == "dalil-programme-1"
    assert ProgramFolder(tmp_path, first).lacking() == ["a"]
