"""The program beside a courier: which files it has, with the hash of each, and which names a stick of any system bears; writes nothing.

It lies on the stick as it runs, in a folder that a person opens. A path in a
manifest is only ever compared: nothing of a program is taken from a stick, and
nothing on a stick starts by itself.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec

from i18n import Text
from sync.errors import Invalid
from sync.files import CHUNK
from sync.people import DEVICES

FOLDER = "dalil-programme"  # and a number: a new program gets a new folder, so that the one before stays whole until the end
MOST = 20_000  # files
LARGEST = 2**32 - 1  # bytes: a file system of sticks (FAT32) bears no larger file
_FOLDER = re.compile(FOLDER + r"-[1-9]\d{0,5}\Z")
_STRANGE = re.compile(r"[\x00-\x1f\x7f\\/:*?\"<>|]")
_START = re.compile(r"dalil[^/]*\Z", re.IGNORECASE)

Size = Annotated[int, msgspec.Meta(ge=0, le=LARGEST)]
Sha256 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
Word = Annotated[str, msgspec.Meta(max_length=240)]


class ProgramFile(msgspec.Struct, frozen=True, array_like=True):
    """A file of the program: its path below the program’s folder, with `/`; its bytes and their hash."""

    path: Word
    size: Size
    sha256: Sha256


class Program(msgspec.Struct, frozen=True):
    """A program on a stick: its folder beside the courier’s, and the file with which a person starts it."""

    folder: Word
    start: Word
    count: int
    bytes: int
    files: Annotated[list[ProgramFile], msgspec.Meta(max_length=MOST)]

    @property
    def is_sound(self) -> bool:
        """Whether what it says of itself fits together, and no name leads out of its folder."""
        paths = [one.path for one in self.files]
        return (bool(_FOLDER.match(self.folder)) and (self.count, self.bytes) == (len(self.files), sum(one.size for one in self.files))
                and self.start in paths and all(map(is_plain, paths)) and len({path.casefold() for path in paths}) == len(paths))


def is_plain(path: str) -> bool:
    """Whether every part of a path is a name that any stick bears, and none leads elsewhere."""
    return len(path) <= 240 and all(_is_name(name) for name in path.split("/"))


def found(source: Path) -> Program:
    """The program in a folder, or in one installer file, as it would lie on a stick; `folder` is the first.

    Links inside the folder count as the files that they lead to: a stick has
    none. Invalid says which file keeps it from a stick.
    """
    if source.is_file():
        places = [(source.name, source)]
    elif source.is_dir():
        places = sorted(_under(source, source.resolve()))
    else:
        raise _none(Text("There is no program at {path}.", path=str(source)))
    files = [_looked_at(path, place) for path, place in places]
    start = _start_of([path for path, _ in places])
    if start is None:
        raise _none(Text("The folder {path} holds no program: nothing in it is called “dalil”.", path=str(source)))
    made = Program(f"{FOLDER}-1", start, len(files), sum(one.size for one in files), files)
    if len(files) > MOST or not made.is_sound:
        raise _none(Text("The folder {path} holds more than a program, or two names that a stick cannot tell apart.", path=str(source)))
    return made


def place_of(source: Path, path: str) -> Path:
    """Where a file of a program lies here."""
    return source if source.is_file() else source / path


def _under(folder: Path, root: Path) -> Iterator[tuple[str, Path]]:
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            if path.is_symlink() and not path.resolve().is_relative_to(root):
                raise _none(Text("The file {name} leads out of the program’s folder, so it is not copied to a stick.", name=name))
            yield path.relative_to(folder).as_posix(), path
        for each in os.scandir(place):
            if each.is_symlink() and each.is_dir():
                raise _none(Text("The file {name} leads out of the program’s folder, so it is not copied to a stick.", name=each.name))


def _looked_at(path: str, place: Path) -> ProgramFile:
    if not is_plain(path):
        raise _none(Text("The name of {name} is not one that every stick bears, so the program was not copied.", name=path[-80:]))
    state, size = hashlib.sha256(), 0
    try:
        with place.open("rb") as file:
            while piece := file.read(CHUNK):
                state.update(piece)
                size += len(piece)
    except OSError as error:
        raise _none(Text("{name} cannot be read: {why}.", name=path[-80:], why=error.strerror or "")) from error
    if size > LARGEST:
        raise _none(Text("{name} is larger than 4 GB, more than a stick bears in one file.", name=path[-80:]))
    return ProgramFile(path, size, state.hexdigest())


def _none(why: Text) -> Invalid:
    return Invalid(why, code="no_program")


def _start_of(paths: list[str]) -> str | None:
    """What a person starts: the only file of an installer, else `dalil` at the top of the folder."""
    if len(paths) == 1:
        return paths[0]
    return min((path for path in paths if _START.match(path)), key=len, default=None)


def _is_name(name: str) -> bool:
    return (bool(name) and not _STRANGE.search(name) and name[-1] not in ". " and len(name.encode("utf-16-le")) <= 2 * 255
            and name.partition(".")[0].casefold() not in DEVICES)
