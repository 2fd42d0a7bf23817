"""A disk that fails on demand: a kill, no room or an error at a chosen statement or commit; knows no record and no network."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

from sync.store import SqliteStore, _failure

WRITES = ("INSERT", "UPDATE", "DELETE", "COMMIT", "CREATE", "DROP")
WORDS = {"full": "database or disk is full", "error": "disk I/O error"}


class Killed(BaseException):
    """The program is gone from here on; what was committed is all that there is."""


class Disk:
    """The disk under one program. `arm` chooses a fault and after how many moments it strikes; a moment is a statement, or the time after a commit."""

    def __init__(self) -> None:
        self.stores: list[FailingStore] = []
        self.program = ""
        self.idle: dict[tuple[str, ...], list[sqlite3.Connection]] = {}
        self.fault = ""
        self.left = 0
        self.struck = False
        self.dead = False

    def arm(self, fault: str, after: int) -> None:
        """Let `kill`, `full` (lasts until disarmed) or `error` (once) strike after some moments."""
        self.fault, self.left, self.struck = fault, after, False

    def disarm(self) -> bool:
        """No more faults; whether one struck since `arm`."""
        struck, self.fault, self.struck = self.struck, "", False
        return struck

    def moment(self, sql: str) -> None:
        """Something is about to happen on the disk."""
        if self.dead:
            raise Killed
        if not self.fault or (self.fault == "full" and not sql.startswith(WRITES)):
            return
        self.left -= 1
        if self.left > 0:
            return
        self.struck = True
        if self.fault == "kill":
            self.dead = True
            raise Killed
        words = WORDS[self.fault]
        if self.fault == "error":
            self.fault = ""
        raise _failure(sqlite3.OperationalError(words))

    def gone(self) -> None:
        """Drop what no connection committed, as a kill does; what comes next opens the files again."""
        for store in self.stores:
            store.leave()
        self.stores.clear()
        self.fault, self.dead = "", False

    def pulled(self) -> None:
        """The same, and nobody has these files open any more: others may come in their place."""
        self.gone()
        for connection in (each for some in self.idle.values() for each in some):
            connection.close()
        self.idle.clear()


class FailingStore(SqliteStore):
    """SQLite on a disk that fails on demand. It does not wait for the metal: power cuts are another test's work.

    What a program leaves behind, rolled back, is what the next one of the same
    version gets that opens the same files on this disk: a sixth of a run went
    into SQLite reading a schema and preparing statements that had been there a
    moment ago. All that the engine does when it opens a file it still does.
    """

    def __init__(self, path: Path | str, attach: dict[str, Path] | None = None, *, disk: Disk) -> None:
        self.disk = disk
        self.key = (disk.program, str(path), *map(str, (attach or {}).values()))
        self.used = False
        super().__init__(path, attach)
        disk.stores.append(self)
        for name in ("main", *(attach or {})):
            self.connection.execute(f"PRAGMA {name}.synchronous = OFF")

    def _connect(self, path: Path | str, **options: Any) -> sqlite3.Connection:
        idle = self.disk.idle.get(self.key)
        self.used = bool(idle)
        return idle.pop() if idle else sqlite3.connect(path, **options)

    def leave(self) -> None:
        """Undo what is not committed, and let the connection wait for the next program; one in memory is gone."""
        if ":memory:" in self.key:
            self.connection.close()
            return
        self._rollback()
        self.disk.idle.setdefault(self.key, []).append(self.connection)

    def execute(self, sql: str, args: Any = ()) -> sqlite3.Cursor:
        if self.disk.fault or self.disk.dead:
            self.disk.moment(sql)
        if self.used and sql.startswith("ATTACH"):
            return self.connection.cursor()
        return super().execute(sql, args)

    def many(self, sql: str, rows: Any) -> None:
        self.disk.moment(sql)
        super().many(sql, rows)

    def _commit(self) -> None:
        super()._commit()
        if self.disk.fault == "kill":
            self.disk.moment("after COMMIT")

    def close(self) -> None:
        if self in self.disk.stores:
            self.disk.stores.remove(self)
            self.leave()


def copied(source: Path, target: Path) -> None:
    """Copy the databases of a folder at a moment when nobody writes: what a backup program does at night."""
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("*-shm"))


def taken_in(folder: Path, without: str = "\0") -> dict[Path, bytes]:
    """The files of a folder, by their place in it, but for those whose name ends so."""
    return {each.relative_to(folder): each.read_bytes() for each in sorted(folder.rglob("*")) if each.is_file() and not each.name.endswith(without)}


def laid_out(files: dict[Path, bytes], folder: Path) -> None:
    """Write files into a folder of their own."""
    for place, data in files.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_bytes(data)
