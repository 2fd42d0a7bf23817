"""The copy of a SQLite file that is kept while it is being changed, and goes when that is done; knows no table.

Of a vault it stays beside the data, encrypted as the vault is: the last ones,
each named by the schema number to which the file was brought. What the network
has comes again, so of the public file none stays.
"""

from __future__ import annotations

import glob
import os
import shutil
from contextlib import suppress
from pathlib import Path

from i18n import Text
from sync.errors import Failure
from sync.files_on_disk import overwrite
from sync.store import Full, SqliteStore, Store

ENDING = ".before"
FOLDER, UPGRADE = "backups", ".upgrade-"  # where copies of vaults stay in the data folder, and what their names say before the number
KEPT = 3


def keep(store: Store) -> Path | None:
    """Copy a database beside itself, whole or not at all; None for one that is no file.

    A copy that an interrupted change left behind is older and stays. Raises
    Full when the disk has no room, for the copy or for the change itself.
    """
    file = _file_of(store)
    if not file or not isinstance(store, SqliteStore):
        return None
    target, part = Path(file + ENDING), Path(f"{file}{ENDING}.{os.getpid()}")
    if target.exists():
        return target
    try:
        size = Path(file).stat().st_size
        if shutil.disk_usage(target.parent).free < 2 * size:  # the copy, and the change in the write-ahead log
            raise _full(size)
        store.copy_to(part)
        part.replace(target)
    except FileNotFoundError:
        return None  # another program was faster, is done, and swept: there is nothing left to change
    except (OSError, store.errors) as error:
        if isinstance(error, store.errors) and not part.exists():
            return None  # the same, in the middle of the copy, which was swept with the rest
        if getattr(error, "errno", None) == 28 or "full" in str(error):
            raise _full(size) from error
        why = getattr(error, "strerror", None) or str(error)
        raise Failure(Text("This folder could not be copied before it is brought to this version: {why}. Nothing was changed.", why=why),
                      "disk") from error
    finally:
        for left in (part, Path(f"{part}-journal"), Path(f"{part}-wal"), Path(f"{part}-shm")):
            left.unlink(missing_ok=True)
    return target


def stay(store: Store, copy: Path | None, number: int) -> None:
    """Let the copy of a vault stay, made before it was brought to a schema number; the oldest beyond three go. The first of a number stays."""
    if copy is None or not getattr(store, "key", None):
        return
    with suppress(OSError):  # the change is worth more than its copy
        place = _beside(_file_of(store))
        place.parent.mkdir(exist_ok=True)
        target = place.with_name(f"{place.name}{UPGRADE}{number}")
        if not target.exists():
            copy.replace(target)
        for old in kept(store)[KEPT:]:
            overwrite(old)


def kept(store: Store) -> list[Path]:
    """The copies that stay of a vault, the newest first."""
    place = _beside(_file_of(store))
    return sorted(place.parent.glob(f"{glob.escape(place.name)}{UPGRADE}*"), key=_number_of, reverse=True)


def forget(store: Store) -> None:
    """Destroy the copies that stay of a vault: they hold what was erased since."""
    if getattr(store, "key", None):
        for old in kept(store):
            overwrite(old)


def drop(copy: Path | None) -> None:
    """Let a copy go: it holds what may be erased later."""
    if copy is not None:
        copy.unlink(missing_ok=True)


def sweep(store: Store) -> None:
    """Let go of what a kill or a power cut left beside a database that is today's: half copies too hold what may be erased later."""
    file = _file_of(store)
    if file:
        path = Path(file)
        for left in path.parent.glob(f"{glob.escape(path.name)}{ENDING}*"):
            with suppress(OSError):  # another program still writes it, where open files cannot be removed
                left.unlink()


def _file_of(store: Store) -> str:
    return store.value("SELECT file FROM pragma_database_list WHERE name = 'main'") or "" if isinstance(store, SqliteStore) else ""


def _beside(file: str) -> Path:
    """The name of a vault in the folder of its copies."""
    path = Path(file)
    return path.parent.parent / FOLDER / path.name


def _number_of(copy: Path) -> int:
    number = copy.name.rpartition(UPGRADE)[2]
    return int(number) if number.isdigit() else 0


def _full(size: int) -> Full:
    mb = max(1, 2 * size // 1_000_000 + 1)
    return Full(Text("The disk has no room to bring this folder to this version of Dalil: {mb} MB are needed. Free some space, then start"
                     " again. Nothing was changed.", mb=mb))
