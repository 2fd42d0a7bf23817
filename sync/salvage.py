"""Reads what can still be read of a damaged SQLite file, row by row; changes nothing in it and knows no meaning of a row."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sync import cipher
from sync.carving import carved
from sync.sealed import SealedStore
from sync.sealed_carving import carved_vault
from sync.store import SqliteStore, Store, is_of_damage


def _typed(*types: Any) -> Callable[[tuple[Any, ...]], bool]:
    return lambda values: all(isinstance(value, type) for value, type in zip(values, types, strict=True))


# how a row of each table of a person's file looks, when nothing says which table it is of
SHAPES = {
    "setting": _typed(str, bytes),
    "own_log": _typed(str, bytes, bytes, int, bytes),
    "own_seed": _typed(bytes, int, bytes),
    "draft": _typed(str, str, bytes),
    "upload": _typed(str, int),
    "pending": _typed(None.__class__, bytes, int, str, bytes, bytes, bytes, bytes, str, str, str, int, bytes | None, int | None),
}
_LOOKS, _BETWEEN = 20, 0.05  # at an empty file, and seconds between them
_AT_ONCE = 50  # tables looked at in one statement: preparing one for each takes longer than the look
_PROBED = 20_000  # rows looked for one by one between the last that reads from the start and the first from the end


class DamagedFile(SqliteStore):
    """A damaged file, opened for reading only. Every query may raise Damaged at any row.

    With a `key` it is read through SQLCipher, as a vault, or as it is when it stands in `clear`.
    """

    def __init__(self, path: Path, key: bytes | None = None, *, clear: bool = False) -> None:
        Store.__init__(self)
        self.paths = []
        self.path = path
        self.key = None if clear else key or None
        self._pieces: list[tuple[int, tuple[Any, ...]]] | None = None
        if key is None:
            self.connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=5, isolation_level=None, check_same_thread=False)
        else:
            self.errors = cipher.errors()
            self.connection = cipher.reading(path, self.key)
            self.blob = SealedStore.blob.__get__(self)  # type: ignore[method-assign]  # that library names it otherwise
        self.connection.text_factory = lambda data: data.decode("utf-8", "replace")

    def salvaged(self, table: str, columns: tuple[str, ...]) -> list[tuple[Any, ...]]:
        """The rows of a table that read, by row number: from the start, from the end, one by one between, and from pages that nothing leads to.

        `columns` are all that the table has, in their order; the rows from
        lost pages are told from others by `SHAPES`.
        """
        found: dict[int, tuple[Any, ...]] = {}
        named = ", ".join(columns)
        if self._walk(table, named, "ASC", found):
            return list(found.values())
        self._look_closer(table, named, found)
        here = set(found.values())
        lost = [(row, values) for row, values in self._carved() if len(values) == len(columns) and SHAPES[table](values)]
        rest = [values for row, values in lost if values not in here and (row not in found or table != "pending")]
        return [found[number] for number in sorted(found)] + rest

    def _carved(self) -> list[tuple[int, tuple[Any, ...]]]:
        if self._pieces is None:
            self._pieces = list(carved(self.path) if self.key is None else carved_vault(self.path, self.key))
        return self._pieces

    def _look_closer(self, table: str, columns: str, found: dict[int, tuple[Any, ...]]) -> None:
        last = max(found, default=0)
        fore: dict[int, tuple[Any, ...]] = {}
        self._walk(table, columns, "DESC", fore, last)
        for number in range(last + 1, min(min(fore, default=last), last + _PROBED)):
            with suppress(self.errors):
                for row in self.connection.execute(f"SELECT rowid, {columns} FROM {table} WHERE rowid = ?", (number,)):
                    found[row[0]] = row[1:]
        found |= fore

    def _walk(self, table: str, columns: str, order: str, found: dict[int, tuple[Any, ...]], above: int = -(2**62)) -> bool:
        """Read on until the end or until a row does not read; whether the end was reached."""
        try:
            # NOT INDEXED: a damaged index would end the walk although the rows read
            for row in self.connection.execute(f"SELECT rowid, {columns} FROM {table} NOT INDEXED WHERE rowid > {above} ORDER BY rowid {order}"):
                found[row[0]] = row[1:]
        except self.errors:
            return False
        return True


def _begins(path: Path) -> bool:
    """Whether somebody is about to write the first page of an empty file: another program that was started at the same moment."""
    for _ in range(_LOOKS):
        if not path.exists() or path.stat().st_size or _has_log(path):
            return True
        time.sleep(_BETWEEN)
    return False


def is_damaged(path: Path, key: bytes | None = None, *, wholly: bool, clear: bool = False) -> bool:
    """Whether a database file cannot be read as such; with `wholly` every page of it is looked at, else what opening it needs.

    `key` and `clear` as for `DamagedFile`. A file that may not be read, or that somebody locks, is not damaged.
    """
    if not path.exists():
        return False
    if path.stat().st_size == 0:
        return not _begins(path)
    vault = bool(key) and not clear
    errors: type[Exception] = sqlite3.Error if key is None else cipher.errors()
    if not vault and not _is_header(path):
        return True
    try:
        with closing(DamagedFile(path, key, clear=clear)) as file:
            here = file.connection
            (pages,), (size,) = here.execute("PRAGMA page_count").fetchone(), here.execute("PRAGMA page_size").fetchone()
            if not _has_log(path) and pages * int(size) > path.stat().st_size:  # after the count: its log may have been begun
                return True
            names = here.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'").fetchall()
            firsts = [f'(SELECT 1 FROM "{name}" NOT INDEXED LIMIT 1)' for (name,) in names]
            for start in range(0, len(firsts), _AT_ONCE):
                here.execute("SELECT " + ", ".join(firsts[start : start + _AT_ONCE])).fetchall()
            if wholly and vault and here.execute("PRAGMA cipher_integrity_check").fetchone() is not None:
                return True  # a page that was altered, or is not of this key
            return wholly and any(line != "ok" for (line,) in here.execute("PRAGMA integrity_check"))
    except UnicodeDecodeError:  # what SQLite says of the damage quotes its bytes
        return True
    except errors as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # SQLCipher's module knows words alone
        return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or (key is not None and is_of_damage(error))


def _is_header(path: Path) -> bool:
    """Whether the first bytes are those that SQLite writes for us: some of them, altered, are refused for other reasons than damage."""
    with path.open("rb") as file:
        head = file.read(100)
    return head.startswith(b"SQLite format 3\0") and head[18] in (1, 2) and head[19] in (1, 2) and head[20:24] == b"\0\x40\x20\x20" \
        and int.from_bytes(head[44:48], "big") <= 4 and int.from_bytes(head[56:60], "big") in (0, 1)


def aside_of(path: Path) -> Path:
    """A free name beside a damaged file, to keep it under."""
    number = 1
    while any(path.with_name(f"{path.name}.damaged-{number}{end}").exists() for end in ("", UNREAD)):
        number += 1
    return path.with_name(f"{path.name}.damaged-{number}{UNREAD}")


UNREAD = ".unread"  # ends the name of a damaged file until what it holds was saved


def move(path: Path, target: Path) -> None:
    """Give a database another name, with the log of its last writes."""
    for end in ("", "-wal", "-shm"):  # the file itself first: what a kill leaves behind is brought after it
        source = path.with_name(path.name + end)
        if source.exists():
            source.replace(target.with_name(target.name + end))


def finish_moves(path: Path) -> None:
    """Bring the log of a file's last writes after it, when a kill came between."""
    if not path.exists():
        for target in unread_of(path):
            move(path, target)


def unread_of(path: Path) -> Iterator[Path]:
    """Files set aside earlier whose content was not saved yet: a kill came between."""
    yield from sorted(path.parent.glob(f"{path.name}.damaged-*{UNREAD}"))


def _has_log(path: Path) -> bool:
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0
