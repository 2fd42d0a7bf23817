"""Which snapshots an authority holds ready, when a new one is due, and whom it serves; knows no HTTP and no thread.

A snapshot is a file named by the SHA-256 of its bytes, like every other file:
it never changes under its name, so that any plain web server can give it out.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec

from sync import ledger, sealed_files
from sync.files import Files
from sync.identity import SigningKey
from sync.record import Kinds
from sync.snapshots import content, making
from sync.store import Store

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS published (scope TEXT NOT NULL, number BIGINT NOT NULL, epoch BLOB NOT NULL, name TEXT NOT NULL,"
    " size BIGINT NOT NULL, weight BIGINT NOT NULL, PRIMARY KEY (scope, number))",
)
FEWEST = 300  # entries of a ledger that is worth a snapshot: below, pages cost little more
QUICK, HARD = 6, 19  # zstd levels: at once, and when there is time
_GROWN = 4  # a new one is due when the entries after the last are more than this part of it
_AGED, _FEW = 16, 32  # and this part of it, but not so few, when nobody asks: a newcomer takes records faster than entries
_PAGED = 0.35  # bytes of a page for one byte of the bodies in it, about
_KEPT = 2  # snapshots of a scope that stay: a replica may be half through the last but one


class Offer(msgspec.Struct, array_like=True, frozen=True):
    """A snapshot to take instead of pages: up to which ledger number, the name of its file (hexadecimal), its bytes."""

    number: int
    name: str
    size: int


def due(store: Store, scope: str) -> bool:
    """Whether a scope's ledger has outgrown its last snapshot."""
    at = ledger.head(store, scope)
    if at is None or at.number < FEWEST:
        return False
    last = _last(store, scope, at.epoch)
    return last is None or at.number - last[0] > max(FEWEST, last[0] // _GROWN)


def aged(store: Store, scope: str) -> bool:
    """Whether a scope's last snapshot lacks enough to make another when there is nothing else to do."""
    at = ledger.head(store, scope)
    last = _last(store, scope, at.epoch) if at is not None else None
    return at is not None and last is not None and at.number - last[0] > max(_FEW, last[0] // _AGED)


def publish(store: Store, kinds: Kinds, scope: str, key: SigningKey, files: Files) -> Offer:
    """Make a snapshot of a scope as it stands, at once; `squeeze` makes it smaller when there is time."""
    with tempfile.TemporaryDirectory(dir=_ready(files.folder)) as folder:
        path = Path(folder) / "snapshot"
        with path.open("w+b") as out:
            header = making.make(store, kinds, scope, key, out, QUICK)
        return _keep(store, files, path, header, _weight(store, header), key)


def publish_squeezed(store: Store, kinds: Kinds, scope: str, key: SigningKey, files: Files) -> Offer:
    """Make one that is compressed as hard as can be before anybody is offered it."""
    with tempfile.TemporaryDirectory(dir=_ready(files.folder)) as folder:
        path, squeezed = Path(folder) / "quick", Path(folder) / "snapshot"
        with path.open("w+b") as out:
            header = making.make(store, kinds, scope, key, out, QUICK)
        with path.open("rb") as source, squeezed.open("wb") as out:
            content.squeeze_again(source, out, HARD)
        return _keep(store, files, squeezed, header, _weight(store, header), key)


def renew(store: Store, kinds: Kinds, scope: str, key: SigningKey, files: Files) -> None:
    """Destroy the snapshots of a scope that say what was erased, and make one anew where there was one."""
    names = [name for (name,) in store.rows("SELECT name FROM published WHERE scope = ?", (scope,))]
    with store.transaction():
        store.execute("DELETE FROM published WHERE scope = ?", (scope,))
    for name in names:
        files.erase(name)
    if names:
        publish(store, kinds, scope, key, files)


def squeeze(store: Store, scope: str, key: SigningKey, files: Files) -> None:
    """Compress the last snapshot of a scope as hard as can be, under a new name."""
    row = store.row("SELECT name, weight FROM published WHERE scope = ? ORDER BY number DESC LIMIT 1", (scope,))
    if row is None or not files.here(row[0]):
        return
    with tempfile.TemporaryDirectory(dir=_ready(files.folder)) as folder:
        path = Path(folder) / "snapshot"
        with files.path(row[0]).open("rb") as file, path.open("wb") as out:
            source = sealed_files.opened(file, sealed_files.key_of(key, store, scope))
            header = content.unchecked_header(source)
            source.seek(0)
            content.squeeze_again(source, out, HARD)
        _keep(store, files, path, header, row[1], key)
    files.forget(row[0])
    files.sweep()


def offer(store: Store, scope: str, epoch: bytes, after: int) -> Offer | None:
    """The snapshot that brings somebody who is at `after` further for fewer bytes than pages would; None if there is none."""
    last = _last(store, scope, epoch)
    if last is None or last[0] <= after:
        return None
    number, name, size, weight = last
    pages = weight * (number - after) / number * _PAGED
    return Offer(number, name, size) if size < pages else None


def _weight(store: Store, header: content.Header) -> int:
    """The bytes of the bodies that a snapshot stands for."""
    sql = "SELECT coalesce(sum(length(body)), 0) FROM entry WHERE scope = ? AND number <= ?"
    return int(store.value(sql, (header.scope, header.number)))


def _last(store: Store, scope: str, epoch: bytes) -> tuple[int, str, int, int] | None:
    sql = "SELECT number, name, size, weight FROM published WHERE scope = ? AND epoch = ? ORDER BY number DESC LIMIT 1"
    return store.row(sql, (scope, epoch))  # type: ignore[return-value]


def _keep(store: Store, files: Files, path: Path, header: content.Header, weight: int, key: SigningKey) -> Offer:
    """Seal a finished file for those who read its scope, give it its name, and let go of the older ones."""
    taken = files.take(sealed_files.beside(path, sealed_files.key_for(store, header.scope, key)))
    made = Offer(header.number, taken["sha256"], taken["size"])
    with store.transaction():
        store.execute("INSERT INTO published (scope, number, epoch, name, size, weight) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (scope, number)"
                      " DO UPDATE SET epoch = excluded.epoch, name = excluded.name, size = excluded.size, weight = excluded.weight",
                      (header.scope, made.number, header.epoch, made.name, made.size, weight))
        old = store.rows("SELECT number, name FROM published WHERE scope = ? ORDER BY number DESC", (header.scope,))[_KEPT:]
        for number, _ in old:
            store.execute("DELETE FROM published WHERE scope = ? AND number = ?", (header.scope, number))
    for _, name in old:
        files.forget(name)
    files.sweep()
    return made


def _ready(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
