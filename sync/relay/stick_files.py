"""Files on a stick: put there whole or not at all, opened only where they are plain files; knows no courier and no content.

A stick may come from anybody, and may be pulled out at any moment: links and
devices are not followed, and nothing gets its name before it was read back.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from i18n import Text
from sync.errors import Damaged, Failure, Refused
from sync.files import CHUNK
from sync.files_on_disk import sync_folder
from sync.relay.courier_manifest import TORN

_PLAIN = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)

Watch = Callable[[int], None]  # hears how many bytes more were moved, and may raise to stop


def unwatched(_moved: int) -> None:
    """Nobody looks on."""


def put_whole(path: Path, pieces: Iterable[bytes], sha256: str, watch: Watch = unwatched) -> None:
    """Write a file: under another name, on the disk, read back from there, and only then under its own."""
    new = path.with_suffix(".new") if path.suffix == ".bin" else path.with_name(path.name + ".new")  # what sweeps couriers knows the first
    try:
        _put_new(new, pieces, sha256, watch)
        with said():
            make_way(path)  # FAT has no rename over a name that is taken
            new.rename(path)
            sync_folder(path.parent)
    except BaseException:
        with suppress(OSError):  # the stick may be gone; a later courier sweeps it
            new.unlink(missing_ok=True)
        raise


def _put_new(new: Path, pieces: Iterable[bytes], sha256: str, watch: Watch) -> None:
    with said():
        make_way(new)
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _PLAIN, 0o644)
        size = 0
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                file.write(piece)
                size += len(piece)
                watch(len(piece))
            file.flush()
            os.fsync(file.fileno())
            if hasattr(os, "posix_fadvise"):  # pragma: no branch - elsewhere the memory answers, and a bad stick is known later
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)  # so that the stick itself is read
        if hash_of(new, size) != sha256:
            raise Failure(Text("What was written to the stick does not read back as it was. The stick may be worn out: use another one."),
                          "bad_stick")


@contextmanager
def plain(path: Path, folders: Iterable[Path], torn: Text = TORN) -> Iterator[BinaryIO]:
    """A plain file in real folders, opened without following a link. Damaged (`torn`) when it is not there, Refused when it is something else."""
    with said():
        for folder in folders:
            if not is_folder(folder):
                raise Damaged(torn)
        try:
            kind = path.lstat().st_mode
        except FileNotFoundError as error:
            raise Damaged(torn) from error
        if not stat.S_ISREG(kind):
            raise strange(path)
        handle = os.open(path, os.O_RDONLY | _PLAIN)
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):  # pragma: no cover - it became something else between two looks
                raise strange(path)
            yield file


@contextmanager
def said() -> Iterator[None]:
    """What a system says of a stick, as a sentence."""
    try:
        yield
    except OSError as error:
        raise failure_of(error) from error


def failure_of(error: OSError) -> Failure:
    """Why the stick cannot be used."""
    if error.errno == 28:
        return Failure(Text("The stick is full. What was on it before can still be read. Free some space on it, then copy again."), "stick_full")
    if error.errno in (1, 13, 30):
        return Refused(Text("The stick is write-protected, or this person may not write to it. Look for a small switch on its side."), "stick_locked")
    return Failure(Text("The stick cannot be read or written ({why}). If it was pulled out, plug it in and start again: nothing is lost.",
                        why=error.strerror or type(error).__name__), "stick")


def strange(path: Path) -> Refused:
    return Refused(Text("There is something in Dalil’s folder on the stick that Dalil did not put there (“{name}”). Nothing was taken."
                        " Use another stick.", name=path.name), "strange_stick")


def is_folder(path: Path) -> bool:
    """Whether a real folder is there; Refused when it is a link or anything else."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return False
    linked = getattr(found, "st_file_attributes", 0) & getattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0)
    if not stat.S_ISDIR(found.st_mode) or linked:
        raise strange(path)
    return True


def make_way(path: Path) -> None:
    """Take what has a name away, be it a link: the name goes, nothing behind it. Refused when it is a folder."""
    with suppress(FileNotFoundError):
        if stat.S_ISDIR(path.lstat().st_mode):
            raise strange(path)
        path.unlink()


def hash_of(path: Path, size: int) -> str:
    state, read = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            state.update(piece)
            read += len(piece)
    return state.hexdigest() if read == size else ""
