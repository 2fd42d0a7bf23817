"""Sticks that somebody prepared: each is refused with a sentence, in little memory and time, and nothing is written outside the data folder."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zstandard

from sync import codec
from sync.relay import courier_manifest
from sync.relay.courier_folder import CourierFolder
from sync.relay.courier_manifest import Manifest, Part
from sync.relay.courier_writing import write
from tests.faults.amounts import tell
from tests.sync.network import Network

ROOT = Path(__file__).resolve().parents[2]
MEMORY, TIME = 300 * 1024, 10  # KiB, seconds of processor: the machine may have other work
READER = """
import json, re, sys, time
from pathlib import Path
from sync.errors import Failure
from sync.relay import courier
from sync.workspace import Workspace
from tests.sync.test_courier import KINDS
ws = Workspace(Path(sys.argv[1]), KINDS)
before = time.process_time()
try:
    found = courier.read(ws, Path(sys.argv[2]))
    said = {"code": "", "received": found.taken.received + found.taken.parcels + found.taken.sealed + found.files,
            "words": [str(one) for one in (*found.taken.set_aside, *found.set_aside)]}
except Failure as failure:
    said = {"code": failure.code, "received": 0, "words": [str(failure)]}
# not getrusage: it counts what the program that started this one held as well
said |= {"seconds": time.process_time() - before, "memory": int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]), "digest": ws.digest()}
ws.close()
print(json.dumps(said))
"""


class Stick:
    """A right courier, and ways to spoil it."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.folder = CourierFolder(place)
        self.root = self.folder.root
        self.number = self.folder.manifests()[0]
        self.manifest = courier_manifest.read(self.folder.manifest(self.number))

    def part(self, at: int = 0) -> Path:
        one = self.manifest.parts[at]
        return self.root / "parts" / one.sha256[:2] / f"{one.sha256[2:]}.bin"

    def say(self, manifest: Manifest) -> None:
        (self.root / f"manifest-{self.number}.json").write_bytes(courier_manifest.written(manifest))

    def say_raw(self, line: bytes) -> None:
        (self.root / f"manifest-{self.number}.json").write_bytes(line + b"\n" + hashlib.sha256(line).hexdigest().encode() + b"\n")

    def with_parts(self, *parts: tuple[str, bytes]) -> None:
        found = []
        for kind, data in parts:
            name = hashlib.sha256(data).hexdigest()
            path = self.root / "parts" / name[:2] / f"{name[2:]}.bin"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
            found.append(Part(name, len(data), kind, 1))
        self.say(courier_manifest.made(self.number, self.manifest.key, found, []))

    def instead(self, make: Callable[[Path], object]) -> None:
        path = self.part()
        path.unlink()
        make(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        here = Path.cwd()
        os.chdir(path.parent)  # the whole path is longer than a socket's may be
        try:
            one.bind(path.name)
        finally:
            os.chdir(here)


def _members(stick: Stick) -> None:
    for number in range(3_000):
        (stick.root / f"m{number}").touch()


def _sparse(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.truncate(size)


def _edited(stick: Stick, **changes: object) -> None:
    document = json.loads(courier_manifest.written(stick.manifest).partition(b"\n")[0])
    stick.say_raw(codec.canonical_json(document | changes))


def _swapped(stick: Stick) -> None:
    first, second = stick.part(0), stick.part(1)
    kept = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(kept)


def _linked_folder(stick: Stick) -> None:
    shutil.move(stick.root / "parts", stick.place / "elsewhere")
    (stick.root / "parts").symlink_to(stick.place / "elsewhere")


BOMB = zstandard.ZstdCompressor(level=19).compress(bytes(512 * 1024 * 1024))
DEEP = b"\x91" * 5_000_000 + b"\xc0"
HOSTILE: dict[str, Callable[[Stick], object]] = {
    "bomb in a page": lambda stick: stick.with_parts(("page", codec.pack([BOMB] * 20))),
    "bomb in a snapshot": lambda stick: stick.with_parts(("snapshot", codec.pack([codec.pack(["public", BOMB])]))),
    "nested without end": lambda stick: stick.with_parts(("sealed", codec.pack([DEEP])), ("parcel", codec.pack([DEEP]))),
    "a million items in a part": lambda stick: stick.with_parts(("page", codec.pack([b""] * 1_000_000))),
    "a part of something else": lambda stick: stick.with_parts(("page", b"MZ" * 5_000)),
    "things without end in the folder": _members,
    "a million parts said": lambda stick: _edited(stick, parts=[{"sha256": "0" * 64, "size": 1, "kind": "page"}] * 60_000),
    "a manifest of 1 GB": lambda stick: _sparse(stick.root / f"manifest-{stick.number}.json", 1024**3),
    "a path for a hash": lambda stick: _edited(stick, parts=[{"sha256": "../../../../etc/passwd", "size": 10, "kind": "page"}]),
    "an absolute path for a hash": lambda stick: _edited(stick, parts=[{"sha256": "/etc/passwd", "size": 10, "kind": "page"}]),
    "a device for a hash": lambda stick: _edited(stick, parts=[{"sha256": "CON", "size": 10, "kind": "page"}]),
    "a name in another encoding": lambda stick: stick.say_raw(b'{"dalil_courier":1,"network":"\xff\xfe"}'),
    "a link to a device": lambda stick: stick.instead(lambda path: path.symlink_to("/dev/zero")),
    "a link to a file of the system": lambda stick: stick.instead(lambda path: path.symlink_to("/etc/passwd")),
    "a pipe": lambda stick: stick.instead(os.mkfifo),
    "a socket": lambda stick: stick.instead(_socket),
    "a folder in place of a part": lambda stick: stick.instead(Path.mkdir),
    "a hard link to another part": lambda stick: stick.instead(lambda path: os.link(stick.part(1), path)),
    "parts through a linked folder": _linked_folder,
    "the manifest a link": lambda stick: (shutil.move(stick.root / f"manifest-{stick.number}.json", stick.place / "m"),
                                          (stick.root / f"manifest-{stick.number}.json").symlink_to(stick.place / "m")),
    "a size that lies": lambda stick: _sparse(stick.part(), 60 * 1024**2),
    "a size said that lies": lambda stick: _edited(stick, bytes=2**40),
    "a size below nothing": lambda stick: _edited(stick, bytes=-1),
    "parts swapped": _swapped,
    "another format": lambda stick: stick.say_raw(b'{"dalil_courier":7}'),
    "another network's key": lambda stick: _edited(stick, authority="1" * 64),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """A right courier, and the folder of somebody who could read it."""
    folder = tmp_path_factory.mktemp("sticks")
    with Network(folder / "net") as network:
        ana, bilal = network.two()
        for number in range(20):
            ana.ws.add("house", {"name": {"fr": f"h{number}"}})
            ana.ws.add("tree", {"name": {"fr": f"t{number}"}})
        ana.sync()
        ana.ws.add("house", {"name": {"fr": "waits"}})
        (folder / "stick").mkdir()
        write(ana.ws, folder / "stick")
        bilal.ws.close()
        network.devices.remove(bilal)
        yield folder / "stick", bilal.folder


def everything(folder: Path) -> list[tuple[str, int]]:
    return sorted((path.relative_to(folder).as_posix(), path.lstat().st_mtime_ns) for path in folder.rglob("*") if not path.is_dir())


def reading(data: Path, stick: Path) -> dict[str, object]:
    done = subprocess.run([sys.executable, "-c", READER, str(data), str(stick)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_stick_is_refused_with_a_sentence(made: tuple[Path, Path], tmp_path: Path, name: str) -> None:
    right, data = made
    shutil.copytree(right, tmp_path / "stick")
    shutil.copytree(data, tmp_path / "data")
    before = everything(tmp_path / "stick")
    HOSTILE[name](Stick(tmp_path / "stick"))
    spoiled = everything(tmp_path / "stick")
    assert spoiled != before
    said = reading(tmp_path / "data", tmp_path / "stick")
    tell(f"hostile stick: {name}", **{key: said[key] for key in ("code", "seconds", "memory")})
    assert said["received"] == 0
    assert said["words"], said
    assert said["memory"] <= MEMORY
    assert said["seconds"] <= TIME
    assert everything(tmp_path / "stick") == spoiled
    assert {path.name for path in tmp_path.iterdir()} == {"stick", "data"}


def test_the_right_stick_is_read(made: tuple[Path, Path], tmp_path: Path) -> None:
    right, data = made
    shutil.copytree(data, tmp_path / "data")
    said = reading(tmp_path / "data", right)
    assert (said["code"], said["words"]) == ("", [])
    assert said["received"] > 2
