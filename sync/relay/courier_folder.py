"""The folder of a courier on a stick: puts files there whole or not at all, and opens nothing but plain files; knows no content.

    dalil-courier/
        manifest-3.json         what there is; the newest whole one counts
        parts/ab/cdef….bin      a part, under its SHA-256
        parts/ab/cdef….new      one on its way, never read

A stick may come from anybody. A name is only ever made from a hash, links and
devices are not followed, folders are not listed further than they have to be.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from i18n import Text
from sync.errors import Damaged, Failure, Refused
from sync.files import CHUNK
from sync.relay.courier_manifest import MAX_MANIFEST, TORN, name_of, number_of
from sync.relay.stick_files import Watch, is_folder, plain, put_whole, said, unwatched

NAME = "dalil-courier"
MANY = 1_000  # things beside the manifests: more is no courier of ours
_PART = re.compile(r"[0-9a-f]{62}\.(bin|new)\Z", re.IGNORECASE)


class CourierFolder:
    """One courier. `place` is the stick, a folder on it, or the courier's folder itself. Failures say what is wrong with the stick.

    `torn` is said of what is not whole; a backup lies on a stick in the same way, and says it otherwise (`sync/backup_folder.py`).
    """

    torn = TORN

    def __init__(self, place: Path) -> None:
        self.place = place.parent if place.name.casefold() == NAME else place
        self.root = place if place.name.casefold() == NAME else place / NAME
        self._parts = self.root / "parts"

    def manifests(self) -> list[int]:
        """The numbers of the manifests, the newest first. Refused where no folder is or a heap of things is in it."""
        with said():
            if not self.place.is_dir():
                raise Refused(Text("There is no folder {path}. Is the stick plugged in?", path=str(self.place)), "no_stick")
            if not is_folder(self.root):
                return []
            found = []
            with os.scandir(self.root) as entries:
                for count, entry in enumerate(entries):
                    if count > MANY:
                        raise Refused(Text("The folder {path} holds more than Dalil puts there. Nothing was read. Use another stick.",
                                           path=str(self.root)), "strange_stick")
                    if (number := number_of(entry.name)) is not None:
                        found.append(number)
            return sorted(found, reverse=True)

    def manifest(self, number: int) -> bytes:
        """The bytes of a manifest; Damaged when it is larger than any is."""
        with self._open(self.root / name_of(number)) as file:
            if os.fstat(file.fileno()).st_size > MAX_MANIFEST:
                raise Damaged(self.torn)
            return file.read(MAX_MANIFEST)

    def check(self, sha256: str, size: int, watch: Watch = unwatched) -> None:
        """Damaged, unless a part is there, with that size and that hash."""
        state = hashlib.sha256()
        for piece in self.stream(sha256, size, watch):
            state.update(piece)
        if state.hexdigest() != sha256:
            raise Damaged(self.torn)

    def holds(self, sha256: str, size: int, watch: Watch = unwatched) -> bool:
        """Whether a part is there and right."""
        try:
            self.check(sha256, size, watch)
        except Damaged:
            return False
        return True

    def seems_there(self, sha256: str, size: int) -> bool:
        """Whether a part is there, by its size alone: a guess for sums that are shown."""
        try:
            return self._path(sha256).lstat().st_size == size
        except OSError:
            return False

    def read(self, sha256: str, size: int) -> bytes:
        """The bytes of a part, the very ones that were compared with its hash: a stick may answer otherwise the next time."""
        data = b"".join(self.stream(sha256, size))
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Damaged(self.torn)
        return data

    def stream(self, sha256: str, size: int, watch: Watch = unwatched) -> Iterator[bytes]:
        """The bytes of a part in order, as many as it should have; Damaged when it has another number. Nothing is compared with its hash."""
        with self._open(self._path(sha256)) as file:
            if os.fstat(file.fileno()).st_size != size:
                raise Damaged(self.torn)
            left = size
            while left:
                piece = file.read(min(CHUNK, left))
                if not piece:
                    raise Damaged(self.torn)
                left -= len(piece)
                watch(len(piece))
                yield piece

    def free(self) -> int:
        """Bytes free on the stick."""
        with said():
            return shutil.disk_usage(self.place).free

    def begin(self) -> None:
        """Make the folder where there is none; Refused where something else has its name."""
        with said():
            for folder in (self.root, self._parts):
                if not is_folder(folder):
                    folder.mkdir()

    def put(self, sha256: str, pieces: Iterable[bytes], watch: Watch = unwatched) -> None:
        """Write a part: under another name, on the disk, read back from there, and only then under its own."""
        with said():
            folder = self._path(sha256).parent
            if not is_folder(folder):
                folder.mkdir()
        put_whole(self._path(sha256), pieces, sha256, watch)

    def put_manifest(self, number: int, data: bytes) -> None:
        """Write a manifest, the last step of a new courier."""
        put_whole(self.root / name_of(number), [data], hashlib.sha256(data).hexdigest(), unwatched)

    def put_words(self, name: str, data: bytes) -> None:
        """Write a file for people's eyes, unless it says that already."""
        with suppress(Failure), self._open(self.root / name) as file:
            if file.read(len(data) + 1) == data:
                return
        put_whole(self.root / name, [data], hashlib.sha256(data).hexdigest(), unwatched)

    def sweep(self, number: int, kept: set[str]) -> None:
        """Remove what no one needs once a manifest stands: older ones, then parts that it does not name, and what was on its way."""
        with said():
            for other in self.manifests():
                if other != number:
                    (self.root / name_of(other)).unlink(missing_ok=True)
            for start in range(256):
                folder = self._parts / f"{start:02x}"
                if not folder.exists() or not is_folder(folder):
                    continue
                with os.scandir(folder) as entries:
                    ours = [entry.name for entry in entries if _PART.match(entry.name) and not entry.is_dir(follow_symlinks=False)]
                for name in ours:
                    if name[-4:].casefold() != ".bin" or folder.name + name[:-4].casefold() not in kept:
                        (folder / name).unlink(missing_ok=True)
                with suppress(OSError):  # it still holds something
                    folder.rmdir()

    def _path(self, sha256: str) -> Path:
        return self._parts / sha256[:2] / f"{sha256[2:]}.bin"

    @contextmanager
    def _open(self, path: Path) -> Iterator[BinaryIO]:
        """A plain file of the courier."""
        with plain(path, [folder for folder in (self.root, path.parent.parent, path.parent) if folder != self.root.parent],
                   self.torn) as file:
            yield file
