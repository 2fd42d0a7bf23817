"""Puts the program on a stick beside its courier, and tells whether it is whole there; knows no record.

A new program gets a folder of its own and is named in the courier’s manifest
when all of it stands; then the folder before it goes. A stick that is pulled
out meanwhile has the old program, and the next writing goes on.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from sync.errors import Damaged, Failure
from sync.files import CHUNK
from sync.relay import stick_program
from sync.relay.stick_files import Watch, is_folder, plain, put_whole, said, unwatched
from sync.relay.stick_program import FOLDER, Program, ProgramFile

_OURS = re.compile(FOLDER + r"-([1-9]\d{0,5})\Z")


def placed(program: Program, before: Program | None) -> Program:
    """The program with its folder on a stick: that of the same program, if it is there already, else the next."""
    if before is None:
        return program
    same = (before.files, before.start) == (program.files, program.start)
    return before if same else msgspec.structs.replace(program, folder=f"{FOLDER}-{number_in(before.folder) % 999_999 + 1}")


def number_in(folder: str) -> int:
    """The number in the name of a program's folder; 0 for another folder's name."""
    found = _OURS.match(folder)
    return int(found[1]) if found else 0


class ProgramFolder:
    """A program on a stick. `stick` is the folder in which the courier's folder lies."""

    def __init__(self, stick: Path, program: Program) -> None:
        self.stick = stick
        self.program = program
        self.root = stick / program.folder

    def seems_there(self, file: ProgramFile) -> bool:
        """Whether a file is there, by its size alone."""
        try:
            return (self.root / file.path).lstat().st_size == file.size
        except OSError:
            return False

    def holds(self, file: ProgramFile, watch: Watch = unwatched) -> bool:
        """Whether a file is there and right. Refused when it is a link, or in one."""
        state, left = hashlib.sha256(), file.size
        try:
            with plain(self.root / file.path, self._folders(file)) as data:
                if os.fstat(data.fileno()).st_size != file.size:
                    return False
                while piece := data.read(CHUNK):
                    state.update(piece)
                    left -= len(piece)
                    watch(len(piece))
        except Damaged:
            return False
        return left == 0 and state.hexdigest() == file.sha256

    def lacking(self, watch: Watch = unwatched) -> list[str]:
        """The paths that are not there as they should be: with one, nobody should start the program."""
        return [file.path for file in self.program.files if not self.holds(file, watch)]

    def write(self, source: Path, watch: Watch) -> int:
        """Put what is not there and right; the bytes that were copied."""
        copied = 0
        for file in self.program.files:
            if self.holds(file):
                watch(file.size)
                continue
            with said():
                for folder in self._folders(file):
                    if not is_folder(folder):
                        folder.mkdir()
            here = stick_program.place_of(source, file.path)
            put_whole(self.root / file.path, _bytes_of(here), file.sha256, watch)
            copied += file.size
            if os.access(here, os.X_OK):
                with suppress(OSError):  # most sticks keep no such mark
                    (self.root / file.path).chmod(0o755)
        return copied

    def sweep(self) -> None:
        """Remove the folders of other programs, and what does not belong to this one: a left piece could be started with it."""
        with suppress(OSError, Failure):  # a program that runs from there, on some systems: the next writing does it
            for other in self.stick.iterdir():
                if number_in(other.name) and other.name != self.program.folder and is_folder(other):
                    shutil.rmtree(other, ignore_errors=True)
            kept = {self.root / file.path for file in self.program.files}
            for place, folders, names in os.walk(self.root, topdown=False):
                for name in names:
                    if Path(place, name) not in kept:
                        Path(place, name).unlink()
                for name in folders:
                    with suppress(OSError):
                        Path(place, name).rmdir()

    def _folders(self, file: ProgramFile) -> list[Path]:
        """The folders in which a file lies, the outermost first."""
        parents = [*Path(file.path).parents][-2::-1]
        return [self.root, *(self.root / one for one in parents)]


def _bytes_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece
