"""The folder of one person's backups on a stick, and what it says of itself; opens no part and knows no key.

    dalil-backup/
        0123456789abcdef/       one a vault: eight bytes that name its key and tell nothing of whose it is
            manifest-3.json     what there is; the newest whole one counts
            parts/ab/cdef….bin  a sealed piece, under its SHA-256

The manifest is the line and hash of a courier's (`sync/relay/courier_manifest.py`),
and pieces are put there, read again and swept as a courier's are. No path and
no name of a person stands in it. The keys in it are wrapped by a phrase and a
recovery code, never as they are.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import msgspec

from i18n import Text
from sync import codec
from sync.errors import Damaged, Failure, Invalid, NotFound, Refused
from sync.relay.courier_folder import MANY, CourierFolder
from sync.relay.courier_manifest import LAST_NUMBER, MAX_PARTS, Count, Piece, Word, line_of, written
from sync.relay.stick_files import is_folder, said

NAME = "dalil-backup"
FORMAT = 1
TRIES = 3  # manifests that are looked at, when the newest is torn
MOST = 64  # backups on one stick that are shown
TORN = Text("The backup is not whole: it was copied in part, or altered. Nothing of it was taken. Use another backup, if there is one.")
_ID = re.compile(r"[0-9a-f]{16}\Z")


class Content(msgspec.Struct, frozen=True):
    """One file of the backup: what it is ("about", "vault", "public", "file"), its bytes before sealing, its sealed pieces in order."""

    what: Word
    size: Count
    pieces: Annotated[list[Piece], msgspec.Meta(max_length=MAX_PARTS)]


class Manifest(msgspec.Struct, frozen=True):
    """A whole backup. `made` is milliseconds since 1970 by the clock there, `network` the fingerprint of the authority's key or "".

    `id` names the key of the vault, `keys` is its file of keys (hexadecimal). `count` and `bytes` are those of all pieces.
    """

    dalil_backup: int
    number: Annotated[int, msgspec.Meta(gt=0, le=LAST_NUMBER)]
    made: Count
    network: Word
    id: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{16}\Z")]
    keys: Annotated[str, msgspec.Meta(max_length=32 * 1024)]
    count: Count
    bytes: Count
    contents: Annotated[list[Content], msgspec.Meta(max_length=MAX_PARTS)]

    @property
    def pieces(self) -> list[Piece]:
        """Every piece, in order."""
        return [piece for one in self.contents for piece in one.pieces]


class _Beginning(msgspec.Struct, frozen=True):
    dalil_backup: int


class BackupFolder(CourierFolder):
    """The backups of one vault on a stick. `place` is the stick or a folder on it, `id` names the key of the vault (16 hexadecimal digits)."""

    torn = TORN

    def __init__(self, place: Path, id: str) -> None:
        self.place = _stick(place)
        self.outer = self.place / NAME
        self.root = self.outer / id
        self._parts = self.root / "parts"

    def begin(self) -> None:
        with said():
            if not is_folder(self.outer):
                self.outer.mkdir()
        super().begin()

    def newest(self) -> Manifest | None:
        """The newest manifest that is whole, or None where none is. Invalid when a newer program wrote it."""
        for number in self.manifests()[:TRIES]:
            with suppress(Damaged):
                found = read(self.manifest(number))
                if found.id == self.root.name:
                    return found
        return None


def made(number: int, at: int, network: str, id: str, keys: bytes, contents: list[Content]) -> Manifest:
    """The manifest of these contents."""
    pieces = [piece for one in contents for piece in one.pieces]
    if len(pieces) > MAX_PARTS:
        raise Invalid(Text("This is more than one backup can hold. Leave the files out."), code="too_much")
    return Manifest(FORMAT, number, at, network, id, keys.hex(), len(pieces), sum(one.size for one in pieces), contents)


def read(data: bytes) -> Manifest:
    """The manifest in these bytes; Damaged when they are torn, Invalid when a newer program wrote them."""
    line = line_of(data, TORN)
    try:
        if msgspec.json.decode(line, type=_Beginning).dalil_backup > FORMAT:
            raise Invalid(Text("A newer version of Dalil wrote this backup. Update this program, then restore it."), code="newer_version")
        found = msgspec.json.decode(line, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Damaged(TORN) from error
    said_right = (found.count, found.bytes) == (len(found.pieces), sum(one.size for one in found.pieces))
    if found.dalil_backup != FORMAT or not said_right or len(found.pieces) > MAX_PARTS:
        raise Damaged(TORN)
    return found


def contents_digest(contents: list[Content]) -> bytes:
    """What the sealed part "about" holds of all others, so that pieces of two backups are never taken for one."""
    return codec.digest(b"dalil backup contents", codec.pack(contents))


def folders_on(place: Path) -> Iterator[BackupFolder]:
    """The folders of backups on a stick. NotFound where there is none, Refused where no folder is or a heap of things is in it."""
    stick = _stick(place)
    with said():
        if not stick.is_dir():
            raise Refused(Text("There is no folder {path}. Is the stick plugged in?", path=str(stick)), "no_stick")
        outer = stick / NAME
        names: list[str] = []
        if is_folder(outer):
            with os.scandir(outer) as entries:
                for count, entry in enumerate(entries):
                    if count > MANY:
                        raise Refused(Text("The folder {path} holds more than Dalil puts there. Nothing was read. Use another stick.",
                                           path=str(outer)), "strange_stick")
                    if _ID.match(entry.name):
                        names.append(entry.name)
    if not names:
        raise nothing_on(stick)
    yield from (BackupFolder(stick, name) for name in sorted(names)[:MOST])


def whole_on(place: Path) -> list[tuple[BackupFolder, Manifest]]:
    """The newest backup of each vault on a stick, the latest first. Raises what was wrong where there is none that is whole."""
    found: list[tuple[BackupFolder, Manifest]] = []
    failure: Failure = nothing_on(place)
    for folder in folders_on(place):
        try:
            manifest = folder.newest()
            if manifest is None and folder.manifests():
                failure = Damaged(TORN)
        except Failure as wrong:
            failure = wrong
            continue
        if manifest is not None:
            found.append((folder, manifest))
    if not found:
        raise failure
    return sorted(found, key=lambda each: each[1].made, reverse=True)


def nothing_on(place: Path) -> NotFound:
    """No backup is there."""
    return NotFound(Text("There is no backup in {path}. Choose the stick, or the folder “dalil-backup” on it.", path=str(_stick(place))))


def _stick(place: Path) -> Path:
    if place.parent.name.casefold() == NAME and _ID.match(place.name):
        return place.parent.parent
    return place.parent if place.name.casefold() == NAME else place


__all__ = ["FORMAT", "NAME", "TORN", "BackupFolder", "Content", "Manifest", "contents_digest", "folders_on", "made", "read", "whole_on", "written"]
