"""Attachments named by the SHA-256 of their bytes, whole or on their way; knows no record and no network."""

from __future__ import annotations

import hashlib
import mimetypes
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from i18n import Text
from sync.errors import Damaged, Failure, Invalid, NotFound
from sync.fields import clean

CHUNK = 64 * 1024
LARGEST = 2 * 1024**3  # bytes; FAT32 sticks and our readers' patience end near here
_NAME = re.compile(r"[0-9a-f]{64}\Z")
_ON_THE_WAY = ".new"  # in the folder itself: a file of which nobody knows the name yet


class Files:
    """A folder of files named by their hash; a file on its way ends in `.part` and is never read as whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where a file stands when it is here."""
        if not _NAME.match(sha256):
            raise NotFound(Text("There is no file of that name."))
        return self.folder / sha256[:2] / sha256

    def here(self, sha256: str) -> bool:
        """Whether the whole file is on this disk."""
        return self.path(sha256).is_file()

    def held(self, sha256: str) -> int:
        """How many bytes of it are here, whole or not. The last one of an unfinished file counts as lacking.

        A kill may have come between its last byte and its name; with that byte it is finished.
        """
        if self.here(sha256):
            return self.path(sha256).stat().st_size
        part = self._part(sha256)
        return max(0, part.stat().st_size - 1) if part.is_file() else 0

    def take(self, source: Path, media_type: str = "") -> dict[str, Any]:
        """Copy a file in; answers the value of a `file` field. The source stays where it is."""
        with self.reading(source, media_type) as (data, told):
            size, state = 0, hashlib.sha256()
            for piece in _pieces(data):
                state.update(piece)
                size += len(piece)
            sha256 = state.hexdigest()
            if not self.here(sha256):
                self._copy(source, sha256)
        return {"sha256": sha256, "size": size, **told}

    @contextmanager
    def reading(self, source: Path, media_type: str = "", kept_size: Callable[[int], int] = int) -> Iterator[tuple[BinaryIO, dict[str, str]]]:
        """Read a file that somebody attaches; answers its bytes, and the `type` and `name` of a `file` field.

        Invalid when it cannot be attached; `kept_size` says how many bytes become of so many. What the disk refuses meanwhile is said as a Failure.
        """
        try:
            size = source.stat().st_size
            if not source.is_file():
                raise Invalid(Text("{path} is not a file.", path=str(source)))
            if not size:
                raise Invalid(Text("{path} is empty: there is nothing in it to share.", path=str(source)))
            if kept_size(size) > LARGEST:
                raise Invalid(Text("{path} is larger than 2 GB, the most that can be shared.", path=str(source)))
            kind = media_type or mimetypes.guess_type(source.name)[0] or "application/octet-stream"
            with source.open("rb") as data:
                yield data, {"type": kind, "name": clean(source.name)[:200]}
        except OSError as error:
            raise disk_failure(source, error) from error

    def write(self, pieces: Iterable[bytes], token: str) -> tuple[str, int]:
        """Keep bytes whose name is known only once they are written; answers (SHA-256, size). `token` names them on the way, nobody else uses it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / f"{token}{_ON_THE_WAY}"
        size, state = 0, hashlib.sha256()
        try:
            with part.open("wb") as out:
                for piece in pieces:
                    size += out.write(piece)
                    state.update(piece)
                out.flush()
                os.fsync(out.fileno())
            target = self.path(state.hexdigest())
            target.parent.mkdir(exist_ok=True)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        sync_folder(target.parent)
        return target.name, size

    def read(self, sha256: str, offset: int = 0) -> Iterator[bytes]:
        """The bytes of a whole file from an offset on, in pieces."""
        if not self.here(sha256):
            raise NotFound(Text("There is no file of that name."))
        with self.path(sha256).open("rb") as data:
            data.seek(offset)
            yield from _pieces(data)

    def append(self, sha256: str, offset: int, pieces: Iterator[bytes], size: int) -> int:
        """Write what arrives at an offset; answers how many bytes are here now.

        Complete, it is checked against its name: a wrong one is thrown away
        and Damaged is raised. A cut leaves what had arrived, to be resumed.
        """
        if self.here(sha256):
            return size
        part = self._part(sha256)
        state = None if offset else hashlib.sha256()  # of all of it, where all of it passes here
        try:
            part.parent.mkdir(parents=True, exist_ok=True)
            with part.open("r+b" if part.exists() else "w+b") as out:
                end = out.seek(0, os.SEEK_END)
                if offset > end:
                    raise Invalid(Text("This file continues at byte {end}.", end=end))
                out.seek(offset)
                for piece in pieces:
                    if out.tell() + len(piece) > size:
                        raise Damaged(Text("More bytes arrived than the file has. Fetch it again."))
                    out.write(piece)
                    if state is not None:
                        state.update(piece)
                out.flush()
                os.fsync(out.fileno())
                whole = out.tell() == size
                end = max(end, out.tell())
            if end == size:
                self._finish(sha256, part, state if whole else None)
        except OSError as error:
            raise disk_failure(part, error) from error
        return end

    def forget(self, sha256: str) -> None:
        """Take a whole file away; `recover` brings it back until `sweep`. Asking whether it may go is the caller's duty."""
        path = self.path(sha256)
        if path.is_file():
            path.replace(path.with_suffix(".gone"))
        self._part(sha256).unlink(missing_ok=True)

    def recover(self, sha256: str) -> bool:
        """Bring back what was forgotten, if it was not swept yet."""
        gone = self.path(sha256).with_suffix(".gone")
        if not gone.is_file():
            return self.here(sha256)
        gone.replace(self.path(sha256))
        return True

    def erase(self, sha256: str) -> None:
        """Destroy a file, whole or on its way, here or forgotten: it was erased for everyone."""
        path = self.path(sha256)
        for one in (path, *(path.with_suffix(ending) for ending in (".part", ".new", ".gone"))):
            one.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Free the room of what was forgotten."""
        for gone in self.folder.glob("*/*.gone"):
            gone.unlink(missing_ok=True)

    def _finish(self, sha256: str, part: Path, state: hashlib._Hash | None) -> None:
        """Give a file its name if it is right; what came in one go was hashed on the way, else it is read once more."""
        if state is None:
            state = hashlib.sha256()
            with part.open("rb") as data:
                for piece in _pieces(data):
                    state.update(piece)
        if state.hexdigest() != sha256:
            part.unlink()
            raise Damaged(Text("The file that arrived is not the one asked for; it was thrown away. Fetch it again."))
        part.replace(self.path(sha256))
        sync_folder(part.parent)

    def _copy(self, source: Path, sha256: str) -> None:
        target = self.path(sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".new")
        with source.open("rb") as data, part.open("wb") as out:
            for piece in _pieces(data):
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        part.replace(target)
        sync_folder(target.parent)

    def _part(self, sha256: str) -> Path:
        return self.path(sha256).with_suffix(".part")


def _pieces(data: BinaryIO) -> Iterator[bytes]:
    while piece := data.read(CHUNK):
        yield piece


def sync_folder(folder: Path) -> None:
    """Put a folder's new names on the disk: a file that was synced may else lose its name in a power cut."""
    if os.name == "posix":  # pragma: no branch - elsewhere a folder has no handle
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def disk_failure(path: Path, error: OSError) -> Failure:
    """What a disk refused, said so that a person knows what to do."""
    if error.errno == 28:
        return Failure(Text("The disk is full: this was not saved. Free some space, then save again."), "disk_full")
    return Failure(Text("{path} cannot be read or written: {why}.", path=str(path), why=error.strerror or ""), "file")
