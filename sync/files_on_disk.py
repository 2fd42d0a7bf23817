"""Small files that are there whole or not at all, and files that must not be found again; knows no content."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import BinaryIO

_AT_ONCE = 1024 * 1024


def write_whole(path: Path, data: bytes) -> None:
    """Put a file in place, for its owner's eyes only: whole on disk under another name before it gets this one."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with _old(path) as old:
            part.replace(path)
            sync_folder(path.parent)
            if old is not None:
                _zero(old)
    finally:
        part.unlink(missing_ok=True)


def sweep_parts(path: Path) -> None:
    """Overwrite what a kill left of `write_whole` for this file. Only for files that one program at a time writes."""
    for part in path.parent.glob(f"{escape(path.name)}.*.part"):
        overwrite(part)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on disk, where a system can say so."""
    if os.name == "nt":  # pragma: no cover - folders cannot be opened there, and renames are written through
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some file systems refuse it for folders
            os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Have the bytes of a file on disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def overwrite(path: Path) -> None:
    """Remove a file, with zeros written over it first.

    On a disk that writes elsewhere (flash, some file systems) the old bytes
    may stay out of reach for a while; no program can help that.
    """
    with suppress(FileNotFoundError):
        with path.open("rb+") as file:
            _zero(file)
        path.unlink()


@contextmanager
def _old(path: Path) -> Iterator[BinaryIO | None]:
    """The file that is about to be replaced, held open so that its bytes can be overwritten; where open files cannot be replaced, None."""
    if os.name == "nt" or not path.exists():
        yield None
    else:
        with path.open("rb+") as file:
            yield file


def _zero(file: BinaryIO) -> None:
    left = file.seek(0, os.SEEK_END)
    file.seek(0)
    while left > 0:
        left -= file.write(bytes(min(left, _AT_ONCE)))
    file.flush()
    os.fsync(file.fileno())
