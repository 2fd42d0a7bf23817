"""Writes a backup of a person's place on this PC to a stick or a folder; knows no screen and no kind by name.

What is in it: a consistent copy of the vault, one of the public file (also the
post box with everybody's sealed parcels, so that a PC without a network starts
from it), the files that are still to be handed in, and, if asked, every file
that records speak of. Everything is sealed under the vault's key; the keys
stand beside it, wrapped by a phrase and the printed code. Killed or pulled out
at any byte, the backup before can still be read.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from i18n import Text, speaking, t
from sync import backup_folder, codec, keys, salvage
from sync.backup_folder import BackupFolder, Content, Manifest, contents_digest
from sync.backup_sealing import Sealing, cut
from sync.errors import Damaged, Failure, Refused
from sync.files_on_disk import overwrite
from sync.identity import fingerprint
from sync.people import one_at_a_time
from sync.relay.courier import Progress, Stop, Watch
from sync.relay.courier_files import SPARE, spoken_in
from sync.store import Full, SqliteStore
from sync.workspace import Workspace

ABOUT, VAULT, PUBLIC, FILE = "about", "vault", "public", "file"
FOLDER, MAKING = "backups", "making-"  # in the data folder, and what begins the names of copies that are on their way
CLUSTER = 32 * 1024  # bytes that a small file takes on a large FAT32 stick
WORDS = "LISEZ-MOI.txt"
LAST = "last_backup"  # the setting: when a backup of this vault was written last, milliseconds by this computer's clock
_BLOCK = 1024 * 1024
NO_ROOM = Text("This computer has no room for the copy that a backup is made from. Free some space, then try again.")
STOPPED = Text("Stopped. The backup that was there before can still be read.")


class About(msgspec.Struct, frozen=True):
    """The sealed part that says whose the backup is. `contents` is `contents_digest` of all others, `files` are (SHA-256, size) in their order."""

    name: str
    waiting: int
    contents: bytes
    files: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a backup would hold, bytes before sealing: the vault, the public copy, files that wait to be handed in, files if asked.

    `free` bytes are free where it goes; `before` says when the last one there was made (milliseconds), None for none.
    """

    vault: int
    public: int
    waiting_files: list[tuple[str, int]]
    other_files: list[tuple[str, int]]
    free: int
    before: int | None

    def files(self, *, all: bool) -> list[tuple[str, int]]:
        """The files that go along."""
        return [*self.waiting_files, *(self.other_files if all else [])]

    def bytes(self, *, files: bool) -> int:
        """Bytes in all, with every file or without."""
        return self.vault + self.public + sum(size for _, size in self.files(all=files))


@dataclass(slots=True)
class Written:
    """What was written: when (milliseconds), bytes on the stick, how many of them were copied now, how many files, and what was left out and why."""

    made: int = 0
    bytes: int = 0
    copied: int = 0
    files: int = 0
    set_aside: list[Text] = field(default_factory=list)


def last(ws: Workspace) -> int | None:
    """When this person's last backup was written, milliseconds by the clock of then; None for never."""
    found = ws.vault.word(LAST)
    return int(found) if found.isdigit() else None


def plan(ws: Workspace, place: Path) -> Plan:
    """What `write` would do now. Refused `no_stick` where no folder is."""
    folder = _folder_of(ws, place)
    folder.manifests()
    found = folder.newest()
    waiting = [(sha256, size) for sha256, size in ws.store.rows("SELECT sha256, size FROM upload ORDER BY sha256") if ws.files.here(sha256)]
    known = {sha256 for sha256, _ in waiting}
    others = [(sha256, size) for sha256, size in sorted(spoken_in(ws.store, ws.kinds).items()) if sha256 not in known and ws.files.here(sha256)]
    return Plan(_size(ws.private), _size(ws.public), waiting, others, folder.free(), found.made if found is not None else None)


def write(ws: Workspace, place: Path, name: str, locks: keys.Keys, watch: Watch = lambda _: None, stop: Stop = lambda: False,
          *, files: bool = False) -> Written:
    """Write a backup of the vault that is open; `name` is what its owner is called here, `locks` what opens it (`People.portable`).

    Raises Failure `stick_full` before anything is written when the stick has
    no room, Full when this computer has none for the copy that is made first,
    Damaged when the person's own file is, and what is wrong with the stick.
    """
    key = ws.key or b""
    if not key or keys.id_of(key) != locks.id or locks.of(keys.COMPUTER) is not None:
        raise Refused(Text("These are not the keys of this file. Nothing was written."), "phrase_needed")
    folder, sealing = _folder_of(ws, place), Sealing(key)
    meant = plan(ws, place)
    before = folder.newest()
    along = meant.files(all=files)
    there = _files_in(folder, before, sealing)
    needed = meant.vault + meant.public + sum(size + CLUSTER for sha256, size in along if sha256 not in there) + 64 * CLUSTER
    if needed > meant.free:
        raise Failure(Text("There is no room for this backup: {need} MB are needed, {free} MB are free. Free some space, or take another stick."
                           " A backup that is there already stays until the new one is whole.",
                           need=1 + needed // 1_000_000, free=meant.free // 1_000_000), "stick_full")
    done = Written()
    meter = _Meter(watch, stop, meant.bytes(files=files))
    with _copies(ws) as (vault, public):
        folder.begin()
        folder.put_words(WORDS, _words())
        putting = _Putting(folder, sealing, done, meter)
        contents = [putting.file(VAULT, _blocks(vault)), putting.file(PUBLIC, _blocks(public))]
        kept: list[tuple[str, int]] = []
        for sha256, size in along:
            try:
                contents.append(putting.known(there[sha256]) if sha256 in there else putting.file(FILE, ws.files.read(sha256)))
            except Failure as failure:
                if failure.code != "not_found":
                    raise
                done.set_aside.append(Text("A file was taken away meanwhile, so it is not in the backup."))
                continue
            kept.append((sha256, size))
    about = About(name, ws.status().waiting, contents_digest(contents), kept)
    contents.append(putting.file(ABOUT, [codec.pack(about)]))
    authority = ws.vault.setting("authority")
    done.made, done.files = ws.clock(), len(kept)
    number = max(folder.manifests(), default=0) + 1
    manifest = backup_folder.made(number, done.made, fingerprint(authority).hex() if authority else "", locks.id.hex(), keys.packed(locks), contents)
    meter.moved(0)  # the last moment to stop
    folder.put_manifest(number, backup_folder.written(manifest))
    folder.sweep(number, {piece.sha256 for piece in manifest.pieces})
    done.bytes = manifest.bytes
    with ws.store.transaction():
        ws.vault.keep(LAST, str(done.made))
    return done


def about_of(manifest: Manifest, sealing: Sealing, read: Callable[[str, int], bytes]) -> About:
    """The sealed part of a backup that says whose it is; Damaged when it is not of this key, or speaks of other pieces."""
    parts = [one for one in manifest.contents if one.what == ABOUT]
    others = [one for one in manifest.contents if one.what != ABOUT]
    if len(parts) != 1:
        raise Damaged(backup_folder.TORN)
    found: About = codec.unpack(b"".join(sealing.open(read(piece.sha256, piece.size)) for piece in parts[0].pieces), About)
    if found.contents != contents_digest(others) or len(found.files) != sum(one.what == FILE for one in others):
        raise Damaged(backup_folder.TORN)
    return found


class _Putting:
    """Puts files on the stick, piece by piece; what is there and right is not copied again."""

    def __init__(self, folder: BackupFolder, sealing: Sealing, done: Written, meter: _Meter) -> None:
        self._folder, self._sealing, self._done, self._meter = folder, sealing, done, meter

    def file(self, what: str, blocks: Iterable[bytes]) -> Content:
        """A file, sealed."""
        pieces, size = [], 0
        for data in cut(blocks):
            piece, sealed = self._sealing.seal(data)
            if not self._folder.holds(piece.sha256, piece.size):
                self._folder.put(piece.sha256, [sealed])
                self._done.copied += piece.size
            pieces.append(piece)
            size += len(data)
            self._meter.moved(len(data) if what != ABOUT else 0)
        return Content(what, size, pieces)

    def known(self, content: Content) -> Content:
        """A file that a backup before has, whole."""
        self._meter.moved(content.size)
        return content


class _Meter:
    """Counts bytes, tells of them, and ends the work when a person stops it."""

    def __init__(self, watch: Watch, stop: Stop, total: int) -> None:
        self._watch, self._stop, self._total, self._done = watch, stop, total, 0

    def moved(self, size: int) -> None:
        if self._stop():
            raise Failure(STOPPED, "cancelled")
        self._done += size
        self._watch(Progress(min(self._done, self._total), self._total, "write"))


@contextmanager
def _copies(ws: Workspace) -> Iterator[tuple[Path, Path]]:
    """Consistent copies of the person's file and of the public one, made while others work, and looked at; gone at the end.

    The vault first: the public copy is then as new as what the vault has caught up with.
    """
    folder = ws.folder / FOLDER
    with one_at_a_time(folder):
        sweep(folder)
        if shutil.disk_usage(folder).free < _size(ws.private) + _size(ws.public) + SPARE:
            raise Full(NO_ROOM)
        inside = Path(tempfile.mkdtemp(prefix=MAKING, dir=folder))
        try:
            vault, public = inside / "vault.db", inside / "public.db"
            _copy(ws.private, vault)
            _copy(ws.public, public)
            if salvage.is_damaged(vault, ws.key, wholly=True) or salvage.is_damaged(public, ws.key, wholly=True, clear=True):
                raise Damaged(Text("A file of yours on this computer is damaged, so no backup was made of it. Close Dalil and open it again: it is"
                                   " mended then."))
            yield vault, public
        finally:
            remove(inside)


def _copy(store: SqliteStore, path: Path) -> None:
    try:
        store.copy_to(path)
    except store.errors as error:
        if "full" in str(error):
            raise Full(NO_ROOM) from error
        raise Failure(Text("The files of Dalil on this computer could not be copied: {why}. Nothing was written.", why=str(error)), "disk") from error


def sweep(folder: Path) -> None:
    """Remove the copies that a kill left. Only for whoever is alone in `folder`."""
    for left in folder.glob(f"{MAKING}*"):
        remove(left)


def remove(inside: Path) -> None:
    """Remove a folder of copies, with zeros written over them first."""
    for one in inside.rglob("*"):
        if one.is_file():
            overwrite(one)
    shutil.rmtree(inside, ignore_errors=True)


def _folder_of(ws: Workspace, place: Path) -> BackupFolder:
    if ws.guest or not ws.key:
        raise Refused(Text("A guest has nothing here to back up."), "guest")
    return BackupFolder(place, keys.id_of(ws.key).hex())


def _files_in(folder: BackupFolder, before: Manifest | None, sealing: Sealing) -> dict[str, Content]:
    """The files that a backup before has, whole, by the SHA-256 of their bytes; none where it does not read."""
    if before is None:
        return {}
    try:
        about = about_of(before, sealing, folder.read)
    except Damaged:
        return {}
    files = [one for one in before.contents if one.what == FILE]
    return {sha256: one for (sha256, _), one in zip(about.files, files, strict=True)
            if all(folder.holds(piece.sha256, piece.size) for piece in one.pieces)}


def _size(store: SqliteStore) -> int:
    return int(store.value("PRAGMA main.page_count")) * int(store.value("PRAGMA main.page_size"))


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _words() -> bytes:
    """What the folder is, for whoever opens it without Dalil."""
    found = []
    for language in ("fr", "ar", "en"):
        with speaking(language):
            found.append(t("This folder is a backup of Dalil. Only its owner’s phrase or recovery code opens it. Open Dalil, then “Restore a backup”,"
                           " and choose this stick. Do not change anything in this folder."))
    return ("\r\n\r\n".join(found) + "\r\n").encode("utf-8-sig")
