"""A database under SQLCipher behind the same words as any other: what a vault is opened with; knows no table but the two it is asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import Any

from i18n import Text
from sync import cipher, keys
from sync.errors import Damaged, Failure, Locked, Refused
from sync.store import SqliteStore

Opener = Callable[..., SqliteStore]  # (path, attached files by name); `clear=True` for a file that is nobody's own
IN_CLEAR = b""  # instead of a key: the file is in clear, and read through SQLCipher all the same, as a program does that opens vaults
RECOVERIES = "recoveries"  # the setting: when the vault was opened with the recovery code, milliseconds between spaces


class SealedStore(SqliteStore):
    """A vault, or without a key a file in clear that this process reads beside one. What is attached is in clear."""

    def __init__(self, path: Path | str, attach: dict[str, Path] | None = None, *, key: bytes | None) -> None:
        self.key = key or None
        self.errors = cipher.errors()
        super().__init__(path, attach)

    @staticmethod
    def _connect(path: Path | str, **options: Any) -> Any:
        return cipher.library().connect(str(path), **options)

    def _unlock(self) -> None:
        if self.key is None:
            self.execute("PRAGMA temp_store = FILE")  # public records: a large index need not fit into memory
        else:
            cipher.unlock(self.connection, self.key)

    def _attach(self, name: str, file: Path) -> None:
        self.execute(f"ATTACH DATABASE ? AS {name} KEY ''", (str(file),))

    @contextmanager
    def blob(self, table: str, column: str, row: int, schema: str = "main", *, readonly: bool = True) -> Iterator[Any]:
        with closing(self.connection.open_blob(table, column, row, readonly, schema)) as found:
            yield found

    def copy_to(self, path: Path) -> None:
        with closing(SealedStore._connect(path, isolation_level=None)) as copy:
            if self.key is not None:
                cipher.unlock(copy, self.key)
            copy.execute("PRAGMA synchronous = FULL").fetchall()
            self.connection.backup(copy)


def opener(key: bytes | None) -> Opener:
    """What opens the files of a workspace: all through SQLCipher when the person's own has a key, else all through `sqlite3`."""
    if key is None:
        return lambda path, attach=None, clear=False: SqliteStore(path, attach)
    return lambda path, attach=None, clear=False: SealedStore(path, attach, key=None if clear else key)


def admit(path: Path, key: bytes | None) -> None:
    """Refuse a file that is not as it must be: a vault in clear, without its key, or with somebody else's. Nothing is touched then.

    With another key a healthy vault looks damaged, and would be set aside and made anew.
    """
    if key and cipher.in_clear(path):
        raise Refused(Text("The file {file} is not encrypted, although it has keys: somebody may have put it there. Nothing in it was read. Move it"
                           " away, or restore the folder from a backup.", file=path.name), "vault_in_clear")
    if not key and path.with_suffix(".keys").exists():
        raise Locked(Text("The file {file} is encrypted and was opened without its key.", file=path.name))
    if key and not _is_of(path, key):
        raise Locked(Text("This key does not open that file."))


def _is_of(path: Path, key: bytes) -> bool:
    """Whether a key is the one that the keys beside a vault wrap; keys that are not there or cannot be read say nothing."""
    with suppress(Failure):
        found = keys.read(path.with_suffix(""))
        return found is None or found.id == keys.id_of(key)
    return True


def note_recovery(path: Path, key: bytes, now: int) -> None:
    """Write into a vault that it was opened with the recovery code, for its owner to see. One that is not made yet has no owner's work.

    A damaged one is mended when it is opened next, and without the note: nobody must stay locked out of it.
    """
    if path.exists():
        with suppress(Damaged), closing(SealedStore(path, key=key)) as store, store.transaction():
            if store.columns("setting"):
                before = store.value("SELECT value FROM setting WHERE name = ?", (RECOVERIES,)) or b""
                store.execute("INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                              (RECOVERIES, b" ".join([*bytes(before).split(), str(now).encode()])))


def waiting_in(path: Path, key: bytes) -> int:
    """How many changes wait in a vault; what cannot be read does not."""
    if not path.exists():
        return 0
    with closing(SealedStore(path, key=key)) as store:
        return int(store.value("SELECT count(*) FROM pending WHERE state = 'waiting'")) if store.columns("pending") else 0


def kept_beside(path: Path) -> list[Path]:
    """What stands beside a person's file and holds some of it: the log of last writes, copies, what was damaged."""
    return sorted(one for one in path.parent.glob(f"{escape(path.name)}[-.]*") if one.is_file())
