"""What stands in the server's folder: database, key, files; opens them and knows no HTTP and no command."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from i18n import Text
from resources import KINDS
from resources.policy import may, reads
from server import applications, invitations
from server.queue import QueuedStore
from sync import erasure, ledger, sweeping
from sync.authority import Authority
from sync.change import head_statement
from sync.deciding import Taken
from sync.errors import Damaged, Failure, Refused
from sync.files import Files, sync_folder
from sync.handed import Handed
from sync.identity import SigningKey, verifies
from sync.postgres_store import PostgresStore
from sync.scopes import CONTROL
from sync.shelf import SECONDS, Shelf
from sync.store import Store
from sync.turns import Turns
from sync.workspace import wall_clock

if TYPE_CHECKING:
    from collections.abc import Iterator

_GATHERED = 8_000  # pages of SQLite's log (32 MiB) before they are put in place: most are written over meanwhile
_WAIT = 5  # seconds for a database to answer: people wait behind it
_SETTING_UP = 0x64616C696C  # the advisory lock under which one process of several creates the tables


@dataclass(frozen=True, slots=True)
class Premises:
    """One server's folder. `db` is a PostgreSQL address, or empty for SQLite in the folder; `store` where files stand."""

    folder: Path
    db: str = ""
    store: str = ""
    turns: Turns[Handed, Taken] = field(default_factory=Turns, compare=False)  # one line for all who commit in this process
    shelf: Shelf = field(default_factory=lambda: Shelf(SECONDS), compare=False)  # and the pages that it cut lately

    def enter(self) -> Premises:
        """Create the folder when it is missing; Failure when it cannot be used."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise Failure(Text("The folder {folder} cannot be used: {why}.", folder=str(self.folder), why=error.strerror or ""),
                          "read_only") from error
        return self

    def files(self) -> Files:
        """The folder of attachments, named by their hash."""
        scheme, found, rest = self.store.partition("://")
        if found and scheme != "file":
            raise Failure(Text("Files can stand in a folder only; “{place}” is not one.", place=self.store), "invalid")
        return Files(Path(rest if found else self.store) if self.store else self.folder / "files")

    def key(self) -> SigningKey:
        """The authority's key, made once; whoever has it speaks for the network."""
        path = self.folder / "authority.key"
        with suppress(FileExistsError):
            _create_secret(path, os.urandom(32).hex() + "\n")
        try:
            seed = bytes.fromhex(path.read_text(encoding="ascii"))
        except (ValueError, OSError) as error:
            raise Damaged(Text("The server's key {file} cannot be read. Put it back from a backup.", file=str(path))) from error
        if len(seed) != 32:
            raise Damaged(Text("The server's key {file} cannot be read. Put it back from a backup.", file=str(path)))
        return SigningKey(seed)

    def authority(self) -> Authority:
        """The authority on a connection of its own; its tables must have been set up."""
        return Authority(self._store(), KINDS, self.key(), may, wall_clock, os.urandom, self.turns, self.shelf, reads)

    def set_up(self) -> Authority:
        """The authority, with everything created that was missing; Refused when the database is another server's."""
        authority = self.authority()
        with _alone(authority.store):
            authority.begin()
            authority.give_keys()
            invitations.begin(authority.store)
            applications.begin(authority.store)
            sweeping.sweep(authority.store)  # what an erasure could not, while the database was busy
        at = ledger.head(authority.store, CONTROL)
        if at is None or not verifies(authority.key.public, head_statement(CONTROL, at.epoch, at.number, at.chain), at.signature):
            authority.store.close()
            raise Refused(Text("This database belongs to another key than {file}. Put the right key back from a backup.",
                               file=str(self.folder / "authority.key")), "other_key")
        erasure.again(authority)  # what a kill left of it while facts came back from a replica
        return authority

    def _store(self) -> Store:
        if not self.db:
            store = QueuedStore(self.folder / "server.db")
            store.execute(f"PRAGMA wal_autocheckpoint = {_GATHERED}")
            return store
        if not self.db.startswith(("postgresql://", "postgres://")):
            raise self._no_address()
        import psycopg
        from psycopg.conninfo import conninfo_to_dict, make_conninfo

        try:
            patient = {"connect_timeout": _WAIT, "keepalives_idle": 20, "tcp_user_timeout": 20_000, "application_name": "dalil-server"}
            return PostgresStore(make_conninfo(**{**patient, **conninfo_to_dict(self.db)}))
        except psycopg.ProgrammingError as error:
            raise self._no_address() from error

    def _no_address(self) -> Failure:
        shown = self.db.partition("://")[0] + "://…" if "@" in self.db else self.db  # an address may hold a password
        return Failure(Text("“{url}” is no address of a PostgreSQL database (postgresql://…).", url=shown), "invalid")


def _create_secret(path: Path, content: str) -> None:
    """Write a file that only its owner reads, whole or not at all; FileExistsError when it is there."""
    if path.exists():
        raise FileExistsError
    own = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    try:
        if hasattr(os, "link"):
            os.link(own, path)
        else:
            own.rename(path)
    finally:
        own.unlink(missing_ok=True)
    sync_folder(path.parent)


@contextmanager
def _alone(store: Store) -> Iterator[None]:
    """Several processes may start on one PostgreSQL at once; only one creates tables at a time."""
    if not isinstance(store, PostgresStore):
        yield
        return
    store.execute("SELECT pg_advisory_lock(?)", (_SETTING_UP,))
    try:
        yield
    finally:
        store.execute("SELECT pg_advisory_unlock(?)", (_SETTING_UP,))
