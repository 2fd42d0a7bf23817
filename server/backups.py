"""Copies of a server's folder, made while it runs, and put back; knows SQLite's online backup and no record."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from i18n import Text
from server.premises import Premises
from sync.errors import Failure, NotFound, Refused
from sync.files import sync_folder

_DATABASE, _KEY, _FILES = "server.db", "authority.key", "files"


def make(premises: Premises, target: Path) -> int:
    """Copy database, key and whole files into a new folder; answers their bytes.

    The database first: a file that a record names is then in the copy too,
    unless it had not arrived. Refused for PostgreSQL, which has its own tools.
    """
    if premises.db:
        raise Refused(Text("A PostgreSQL database is copied with pg_dump; copy the server's folder beside it."), "postgresql")
    try:
        target.mkdir(parents=True, mode=0o700)
        with closing(sqlite3.connect(premises.folder / _DATABASE)) as source, closing(sqlite3.connect(target / _DATABASE)) as copy:
            source.backup(copy)
        shutil.copy2(premises.folder / _KEY, target / _KEY)
        folder = premises.files().folder
        if folder.exists():
            shutil.copytree(folder, target / _FILES, ignore=shutil.ignore_patterns("*.part", "*.new"))
        _keep(target)
        sync_folder(target.parent)
    except FileExistsError as error:
        raise Refused(Text("{path} is there already. Name a folder that does not exist yet.", path=str(target)), "exists") from error
    except (OSError, sqlite3.Error, shutil.Error) as error:
        raise _failure(target, error) from error
    return sum(file.stat().st_size for file in target.rglob("*") if file.is_file())


def restore(premises: Premises, source: Path) -> None:
    """Put a backup into an empty folder; a server that has data is never overwritten."""
    if not (source / _DATABASE).is_file() or not (source / _KEY).is_file():
        raise NotFound(Text("{path} is no backup of a Dalil server.", path=str(source)))
    if (premises.folder / _DATABASE).exists() or (premises.folder / _KEY).exists():
        raise Refused(Text("{path} already holds a server. Restore into an empty folder.", path=str(premises.folder)), "exists")
    try:
        if (source / _FILES).exists():
            shutil.copytree(source / _FILES, premises.files().folder, dirs_exist_ok=True)
        shutil.copy2(source / _KEY, premises.folder / _KEY)
        shutil.copy2(source / _DATABASE, premises.folder / _DATABASE)
        _keep(premises.folder)
        if premises.files().folder.exists():
            _keep(premises.files().folder)
    except (OSError, shutil.Error) as error:
        raise _failure(premises.folder, error) from error


def _keep(folder: Path) -> None:
    """Put a folder and all in it on the disk: a power cut after the answer takes nothing away."""
    for one in (folder, *folder.rglob("*")):
        if one.is_dir():
            sync_folder(one)
        else:
            with one.open("r+b") as file:  # Windows syncs no file that is open for reading only
                os.fsync(file.fileno())


def _failure(path: Path, error: Exception) -> Failure:
    return Failure(Text("{path} cannot be read or written: {why}.", path=str(path), why=getattr(error, "strerror", None) or str(error)), "file")
