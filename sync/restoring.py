"""Takes a backup back: onto a PC that has none of it, or what the place here lacks of it; knows no screen.

Every byte is compared with its hash, then opened with the key, before a file
here is touched. A restored vault is a copied device: the one that it was copied
from may go on. So its logs end where they stand, what is written from now on
goes into new ones, and what waits counts as known elsewhere: both branches are
kept, and what both hand in is one change.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from i18n import Text
from sync import backup, backup_folder, encrypting, keys, ledger, migrations, phrases, recovery_code, salvage
from sync.backup import FILE, FOLDER, PUBLIC, VAULT, About
from sync.backup_folder import BackupFolder, Manifest
from sync.backup_sealing import Sealing
from sync.change import head_statement
from sync.errors import Cancelled, Damaged, Failure, Locked, Refused
from sync.files import Files
from sync.files_on_disk import sync_file, sync_folder
from sync.identity import verifies
from sync.people import People, checked_name, one_at_a_time
from sync.relay.courier import Progress, Stop, Watch
from sync.relay.courier_files import SPARE
from sync.relay.holding import OTHER
from sync.scopes import CONTROL
from sync.sealed import SealedStore
from sync.store import SUSPECT, Busy, Full
from sync.taking_from_backup import Lacked, take_lacking, take_public
from sync.vault import WAITING, Vault
from sync.workspace import Workspace

STAGE = "making-"  # as copies of a backup: what a kill leaves is swept with them
Open = Callable[[str, bytes], Workspace]  # the workspace of somebody whose vault has this key
How = Literal["placed", "keys", "taken"]


@dataclass(frozen=True, slots=True)
class Opened:
    """A backup that a phrase or code has opened: its key, whose it is, when it was made (milliseconds), where it lies."""

    folder: BackupFolder
    manifest: Manifest
    key: bytes = field(repr=False)
    locks: keys.Keys = field(repr=False)
    about: About

    @property
    def bytes(self) -> int:
        """Bytes before sealing, in all."""
        return sum(one.size for one in self.manifest.contents)


@dataclass(slots=True)
class Restored:
    """What became of it: "placed" (the whole place), "keys" (only they were lost) or "taken" (what the place here lacked).

    `lacked` counts what was taken then; `files` how many came, `set_aside` why something did not.
    """

    name: str
    how: How
    lacked: Lacked = field(default_factory=Lacked)
    files: int = 0
    set_aside: list[Text] = field(default_factory=list)


def unlock(place: Path, secret: str, *, code: bool = False) -> Opened:
    """The backup on a stick that a phrase (or with `code` a recovery code) opens, the newest first.

    Locked when it opens none, Invalid for a mistyped code, Damaged, NotFound
    or Refused for what is wrong with the stick.
    """
    meant = recovery_code.parse(secret) if code else phrases.meant(secret)
    failure: Failure | None = None
    for folder, manifest in backup_folder.whole_on(place):
        locks = keys.parsed(bytes.fromhex(manifest.keys)) if _is_hex(manifest.keys) else None
        key = keys.unwrapped(locks, keys.CODE if code else keys.PHRASE, meant) if locks is not None else None
        if locks is None or key is None or locks.of(keys.COMPUTER) is not None or locks.id.hex() != manifest.id:
            continue
        try:
            return Opened(folder, manifest, key, locks, backup.about_of(manifest, Sealing(key), folder.read))
        except Damaged as damaged:
            failure = damaged
    raise failure or Locked(Text("This opens no backup on this stick. It takes the phrase or the recovery code that was in force when the backup"
                                 " was made; capitals, accents and spaces do not matter."))


def restore(folder: Path, people: People, found: Opened, open_it: Open, name: str = "",
            watch: Watch = lambda _: None, stop: Stop = lambda: False) -> Restored:
    """Put a backup back for `name` (else as its owner was called) in the data folder `folder`.

    Nobody of that name here: the whole place comes back. Their vault is here
    and only its keys are lost: the keys. The same vault is here: what it lacks
    is taken in, and nothing that is here goes. Raises Refused `exists` when
    somebody else has that name, `other_network` when this PC is of another
    network; Full, Damaged, Cancelled with nothing changed.
    """
    name = checked_name(name or found.about.name)
    _admit(people, name, found)
    _check(found, watch, stop)
    with _staged(folder, found, watch, stop) as (vault, public):
        _admit_network(folder, vault, found.key)
        done = Restored(name, "taken")
        _put_files(folder, found, done, watch, stop)
        _clear_blank(people, found)
        here = folder / "public.db"
        if not here.exists():
            public.replace(here)
            sync_folder(folder)
        _put_back(people, done, found.key, found.locks, vault, lambda: _admit(people, name, found))
        _take(done, open_it(name, found.key), found.key, vault, public)
    return done


def take_copy(folder: Path, people: People, copy: Path, name: str, key: bytes, open_it: Open) -> Restored:
    """Take what a place lacks of a copy of its vault, such as stays from before an upgrade; or the whole of it when the vault is gone.

    `key` opens the place and the copy. Damaged when it does not open the copy, with nothing changed.
    """
    locks = _keys_of(people, name)
    with one_at_a_time(folder / FOLDER):
        backup.sweep(folder / FOLDER)
        inside = Path(tempfile.mkdtemp(prefix=STAGE, dir=folder / FOLDER))
        try:
            vault = inside / "vault.db"
            shutil.copyfile(copy, vault)
            if locks is None or locks.id != keys.id_of(key) or salvage.is_damaged(vault, key, wholly=True):
                raise Damaged(Text("“{file}” is no whole copy of the file of “{name}”. Nothing was changed.", file=copy.name, name=name))
            done = Restored(name, "taken")
            _put_back(people, done, key, locks, vault, lambda: None)
            _take(done, open_it(name, key), key, vault, inside / "public.db")
        finally:
            backup.remove(inside)
    return done


def _put_back(people: People, done: Restored, key: bytes, locks: keys.Keys, vault: Path, admit: Callable[[], None]) -> None:
    """Give the vault, or the keys alone, their place where they are missing; says in `done` which."""
    with people.turn():
        admit()
        path = people.folder / f"{done.name}.db"
        known = _keys_of(people, done.name) is not None
        if not known and path.exists() and not salvage.is_damaged(path, key, wholly=True):
            keys.write(people.folder / done.name, locks)
            done.how = "keys"
        elif not known or not path.exists():
            _place(people, done.name, key, locks, vault)
            done.how = "placed"


def _take(done: Restored, ws: Workspace, key: bytes, vault: Path, public: Path) -> None:
    """Take what the open place lacks; closes it."""
    try:
        done.set_aside += ws.repaired  # what opening mended, told once
        if done.how != "placed":
            done.lacked = take_lacking(ws, vault, key)
        if public.exists():
            take_public(ws, public)
    finally:
        ws.close()


def _admit(people: People, name: str, found: Opened) -> None:
    known = _keys_of(people, name)
    others = {one.name for one in people.all()} - {name}
    clash = known is not None and known.id != found.locks.id and not _is_blank(people, name)
    if clash or name.casefold() in {one.casefold() for one in others}:
        raise Refused(Text("“{name}” has a place on this computer already, with other work in it. Nothing was changed. Restore the backup beside"
                           " it, under another name.", name=name), "exists")


def _clear_blank(people: People, found: Opened) -> None:
    """Let go of a place that the program made when it was opened first, and in which nobody has done anything."""
    for one in people.all():
        known = _keys_of(people, one.name)
        if known is not None and known.id != found.locks.id and _is_blank(people, one.name):
            people.remove(one.name, unsent_too=True)


def _is_blank(people: People, name: str) -> bool:
    """Whether nothing but this computer closes a place, nobody ever saved, typed or joined in it, and nobody has it open."""
    path, known = people.folder / f"{name}.db", _keys_of(people, name)
    key = keys.unwrapped(known, keys.COMPUTER, "") if known is not None else None
    if key is None or salvage.is_damaged(path, key, wholly=False):
        return False
    if not path.exists():
        return True
    with closing(SealedStore(path, key=key)) as store:
        store.execute("PRAGMA busy_timeout = 1000")
        try:
            alone = store.value("PRAGMA journal_mode = DELETE") == "delete"
        except Busy:
            alone = False
        return alone and all(store.value(f"SELECT 1 FROM {table} LIMIT 1") is None for table in ("pending", "draft", "own_log")
                             if store.columns(table)) and store.value("SELECT 1 FROM setting WHERE name = 'authority'") is None


def _keys_of(people: People, name: str) -> keys.Keys | None:
    """The keys of somebody here; None when there are none or they do not read."""
    try:
        return keys.read(people.folder / name)
    except Damaged:
        return None


def _check(found: Opened, watch: Watch, stop: Stop) -> None:
    """Compare every byte with its hash."""
    meter = _Meter(watch, stop, found.manifest.bytes, "check")
    for piece in found.manifest.pieces:
        found.folder.check(piece.sha256, piece.size, meter.moved)


@contextmanager
def _staged(folder: Path, found: Opened, watch: Watch, stop: Stop) -> Iterator[tuple[Path, Path]]:
    """The vault and the public copy out of the backup, whole on this disk beside the data; gone at the end, unless they got their place."""
    sizes = {what: sum(one.size for one in found.manifest.contents if one.what == what) for what in (VAULT, PUBLIC, FILE)}
    with one_at_a_time(folder / FOLDER):
        backup.sweep(folder / FOLDER)
        if shutil.disk_usage(folder).free < sum(sizes.values()) + sizes[VAULT] + SPARE:
            raise Full(Text("This computer has no room for what is in the backup: {need} MB are needed. Free some space, then restore again."
                            " Nothing was changed.", need=1 + (sum(sizes.values()) + sizes[VAULT] + SPARE) // 1_000_000))
        inside = Path(tempfile.mkdtemp(prefix=STAGE, dir=folder / FOLDER))
        try:
            meter = _Meter(watch, stop, sizes[VAULT] + sizes[PUBLIC], "take")
            vault, public = inside / "vault.db", inside / "public.db"
            for what, path in ((VAULT, vault), (PUBLIC, public)):
                with path.open("wb") as file:
                    for data in _opened(found, what):
                        file.write(data)
                        meter.moved(len(data))
                sync_file(path)
            if salvage.is_damaged(vault, found.key, wholly=True) or salvage.is_damaged(public, found.key, wholly=True, clear=True):
                raise Damaged(backup_folder.TORN)
            for path, key in ((vault, found.key), (public, None)):
                with closing(SealedStore(path, key=key)) as store:
                    if migrations.number_of(store) > max(migrations.STEPS):
                        raise migrations.newer()
            yield vault, public
        finally:
            backup.remove(inside)


def _opened(found: Opened, what: str) -> Iterator[bytes]:
    """The bytes of one file of a backup, piece by piece."""
    sealing = Sealing(found.key)
    parts = [one for one in found.manifest.contents if one.what == what]
    if len(parts) != 1:
        raise Damaged(backup_folder.TORN)
    for piece in parts[0].pieces:
        yield sealing.open(found.folder.read(piece.sha256, piece.size))


def _admit_network(folder: Path, vault: Path, key: bytes) -> None:
    """Refuse a vault of another network than the copy that is here."""
    if not (folder / "public.db").exists():
        return
    with closing(SealedStore(vault, key=key)) as own, closing(SealedStore(folder / "public.db", key=None)) as here:
        pinned = own.value("SELECT value FROM setting WHERE name = 'authority'")
        at = ledger.head(here, CONTROL) if here.columns("ledger") else None
    if pinned and at is not None and at.number and not verifies(bytes(pinned), head_statement(at.scope, at.epoch, at.number, at.chain), at.signature):
        raise Refused(OTHER, "other_network")


def _place(people: People, name: str, key: bytes, locks: keys.Keys, vault: Path) -> None:
    """Give the whole vault its place. What stands there and cannot be opened any more is set aside, and read once it can be."""
    _part(vault, key, people)
    path = people.folder / f"{name}.db"
    if path.exists():
        salvage.move(path, salvage.aside_of(path))
    path.with_name(path.name + SUSPECT).unlink(missing_ok=True)
    waiting = encrypting.waiting_place(people, name)
    vault.replace(waiting)
    sync_folder(waiting.parent)
    encrypting.place(people, name, key, _keys_of(people, name) or locks)  # the phrase may have changed since


def _part(vault: Path, key: bytes, people: People) -> None:
    """End every log of a copied vault where it stands, and count what waits as known elsewhere."""
    with closing(SealedStore(vault, key=key)) as store:
        with store.transaction():
            own = Vault(store, people.random, people.clock)
            for (log,) in store.rows("SELECT log FROM own_log"):
                own.fork(bytes(log))
            store.execute("UPDATE pending SET tried = 1 WHERE state = ?", (WAITING,))
        store.value("PRAGMA journal_mode = DELETE")  # one file, without a log beside it, until it has its name
    sync_file(vault)


def _put_files(folder: Path, found: Opened, done: Restored, watch: Watch, stop: Stop) -> None:
    files, sealing = Files(folder / "files"), Sealing(found.key)
    parts = [one for one in found.manifest.contents if one.what == FILE]
    meter = _Meter(watch, stop, sum(one.size for one in parts), "files")
    for (sha256, size), part in zip(found.about.files, parts, strict=True):
        if files.here(sha256):
            meter.moved(size)
            continue

        def pieces(part: backup_folder.Content = part) -> Iterator[bytes]:
            for piece in part.pieces:
                data = sealing.open(found.folder.read(piece.sha256, piece.size))
                meter.moved(len(data))
                yield data

        try:
            files.append(sha256, 0, pieces(), size)
            done.files += 1
        except Damaged as damaged:
            done.set_aside.append(damaged.message)


class _Meter:
    """Counts bytes, tells of them, and ends the work when a person stops it."""

    def __init__(self, watch: Watch, stop: Stop, total: int, step: str) -> None:
        self._watch, self._stop, self._total, self._step, self._done = watch, stop, total, step, 0

    def moved(self, size: int) -> None:
        if self._stop():
            raise Cancelled
        self._done += size
        self._watch(Progress(min(self._done, self._total), self._total, self._step))


def _is_hex(words: str) -> bool:
    try:
        bytes.fromhex(words)
    except ValueError:
        return False
    return True


__all__ = ["Opened", "Restored", "restore", "take_copy", "unlock"]
