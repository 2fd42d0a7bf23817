"""A disk as it may be after a power cut, rebuilt from what a program was seen to write; knows no database.

What a call of fsync or fdatasync covered is there. Of everything later, in each
file: nothing, all, a run from the beginning, a run whose last write is torn at
a sector, any writes at all, or each sector as it was at a moment of its own.
Names (created, renamed, removed) come in order within their folder, up to any
of them; they are certain once the folder was synced, a new file's own name
once the file was. Shared memory (`-shm`) is lost, or comes back as rubbish.
"""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from tests.faults.tracing import Call

RUBBISH = random.Random(1).randbytes(32768)
MODES = ("nothing", "all", "run", "torn", "any", "sectors")


@dataclass(slots=True, eq=False)
class _File:
    """What is certain of one file, and what was written since: (offset, bytes), or (size, None) where it was cut."""

    certain: bytes = b""
    since: list[tuple[int, bytes | None]] = field(default_factory=list)

    def settle(self) -> None:
        self.certain, self.since = bytes(_applied(self.certain, self.since)), []

    def after(self, chance: random.Random, mode: str, sector: int) -> bytes:
        """The file after a cut."""
        since, count = self.since, chance.randint(0, len(self.since))
        if mode == "nothing" or not since:
            return self.certain
        if mode == "all":
            return bytes(_applied(self.certain, since))
        if mode == "run":
            return bytes(_applied(self.certain, since[:count]))
        if mode == "any":
            return bytes(_applied(self.certain, [one for one in since if chance.random() < 0.5]))
        pieces = [piece for one in since[:count] for piece in _sectors(one, sector)]
        if mode == "torn":
            torn = _sectors(since[count], sector) if count < len(since) else []
            return bytes(_applied(self.certain, [*pieces, *(piece for piece in torn if chance.random() < 0.5)]))
        until: dict[int, int] = {}
        kept = []
        for place, one in enumerate(since):
            for piece in _sectors(one, sector):
                if piece[1] is None:
                    kept += [piece] if place < count else []
                    continue
                moment = until.setdefault(piece[0] // sector, chance.randint(0, len(since)))
                kept += [piece] if place < moment else []
        return bytes(_applied(self.certain, kept))


class Disk:
    """The files of one folder while a program works on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.certain: dict[str, _File] = {str(path): _File(path.read_bytes()) for path in folder.rglob("*") if path.is_file()}
        self.live = dict(self.certain)
        self.names: dict[str, list[tuple[str, _File | None]]] = {}  # by folder, in order: a name stands for a file, or for none

    def see(self, call: Call) -> None:
        """One more call took place."""
        path = call.path
        if not path.startswith(str(self.folder)) or path.endswith("-shm"):
            return
        file = self.live.get(path)
        if call.name == "open":
            if file is None and "O_CREAT" in call.flags:
                self._name(path, _File())
            elif file is not None and "O_TRUNC" in call.flags:
                file.since.append((0, None))
        elif call.name in ("fsync", "fdatasync"):
            self._sync(path, file)
        elif call.name == "unlink" and file is not None:
            self._name(path, None)
        elif call.name in ("rename", "link") and file is not None:
            self._name(call.other, file)
            if call.name == "rename":
                self._name(path, None)
        elif file is not None and call.name == "ftruncate":
            file.since.append((call.offset, None))
        elif file is not None and call.name in ("write", "pwrite64"):
            file.since.append((call.offset if call.offset >= 0 else len(_applied(file.certain, file.since)), call.data))
        else:
            assert file is None or call.name == "mkdir", f"a write that this disk does not understand: {call.name} {path}"

    def cut(self, chance: random.Random) -> dict[PurePosixPath, bytes]:
        """The files of a disk after a power cut at this moment, by path within the folder."""
        mode, sector = chance.choice(MODES), chance.choice((512, 4096))
        names = dict(self.certain)
        for changes in self.names.values():
            count = {"nothing": 0, "all": len(changes)}.get(mode, chance.randint(0, len(changes)))
            _rename(names, changes[:count])
        found = {PurePosixPath(path).relative_to(self.folder): file.after(chance, mode, sector) for path, file in names.items()}
        if chance.random() < 0.25:
            found |= {path.with_name(path.name + "-shm"): RUBBISH for path in found if path.suffix == ".db"}
        return found

    def whole(self) -> dict[PurePosixPath, bytes]:
        """The files as a program reads them now, before any cut."""
        return {PurePosixPath(path).relative_to(self.folder): bytes(_applied(file.certain, file.since)) for path, file in self.live.items()}

    def _name(self, path: str, file: _File | None) -> None:
        self.names.setdefault(str(PurePosixPath(path).parent), []).append((path, file))
        _rename(self.live, [(path, file)])

    def _sync(self, path: str, file: _File | None) -> None:
        if file is None:
            _rename(self.certain, self.names.pop(path, []))
            return
        file.settle()
        changes = self.names.get(str(PurePosixPath(path).parent), [])
        own = next((place for place, change in enumerate(changes) if change == (path, file)), None)
        if own is not None:
            _rename(self.certain, changes[: own + 1])
            del changes[: own + 1]


def moments(disk: Disk, found: Iterable[Call]) -> Iterator[tuple[int, Call]]:
    """Let the calls take place one by one; after each, the disk is as it was then."""
    for number, call in enumerate(found):
        disk.see(call)
        yield number, call


def put(image: dict[PurePosixPath, bytes], folder: Path) -> None:
    """Write an image to a folder in place of what was there."""
    shutil.rmtree(folder, ignore_errors=True)
    for path, data in image.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def digest_of(image: dict[PurePosixPath, bytes]) -> bytes:
    """Equal for equal images."""
    state = hashlib.sha256()
    for path, data in sorted(image.items()):
        state.update(f"{path}\0{len(data)}\0".encode() + data)
    return state.digest()


def _rename(names: dict[str, _File], changes: Iterable[tuple[str, _File | None]]) -> None:
    for path, file in changes:
        if file is None:
            names.pop(path, None)
        else:
            names[path] = file


def _applied(certain: bytes, since: Iterable[tuple[int, bytes | None]]) -> bytearray:
    found = bytearray(certain)
    for offset, data in since:
        if data is None:
            found = found[:offset] + bytes(max(0, offset - len(found)))
        else:
            found += bytes(max(0, offset - len(found)))
            found[offset : offset + len(data)] = data
    return found


def _sectors(one: tuple[int, bytes | None], sector: int) -> list[tuple[int, bytes | None]]:
    offset, data = one
    if data is None:
        return [one]
    found: list[tuple[int, bytes | None]] = []
    place = 0
    while place < len(data):
        end = min(len(data), place + sector - (offset + place) % sector)
        found.append((offset + place, data[place:end]))
        place = end
    return found
