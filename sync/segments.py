"""Old pages, frozen: a run of a ledger as the authority signed it, in one file that never changes; knows no HTTP and no thread.

A segment is named by the SHA-256 of its bytes, like a snapshot, so that any
plain web server can give it out, and nobody cuts, signs or packs these pages
a second time. Whoever takes it checks each page as if it had come alone.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import zstandard

from sync import codec, entries, ledger, sealed_files
from sync.change import Page, head_statement
from sync.errors import Damaged
from sync.files import Files
from sync.identity import SigningKey
from sync.ledger import Head
from sync.proofs import ALTERED
from sync.snapshots.publishing import Offer
from sync.store import Store

Check = Callable[[Head, list[entries.Row], bytes], None]  # (head of the ledger, entries of a page, chain at their end)
SCHEMA = (
    "CREATE TABLE IF NOT EXISTS segment (scope TEXT NOT NULL, first BIGINT NOT NULL, last BIGINT NOT NULL, epoch BLOB NOT NULL,"
    " control BIGINT NOT NULL, name TEXT NOT NULL, size BIGINT NOT NULL, PRIMARY KEY (scope, first))",
)
MAGIC = b"DALIL segment 1\n"
SPAN = 2_000  # entries of a segment
_PAGE = 250  # entries of a page in it: a kill costs one at most
_LEVEL = 19  # of zstd: made once, in the background
_LENGTH = 4  # bytes before each page that say how many follow


def freeze(store: Store, scope: str, key: SigningKey, files: Files, erased: int, check: Check) -> Offer | None:
    """Freeze the next segment of a scope; None when its ledger has not filled one yet.

    `erased` is the number of the newest erasure: what was frozen before goes
    first. `check` raises Damaged when an entry is not what was signed: then
    nothing is frozen.
    """
    at = ledger.head(store, scope)
    if at is None:
        return None
    if store.value("SELECT 1 FROM segment WHERE scope = ? AND (epoch <> ? OR control < ?) LIMIT 1", (scope, at.epoch, erased)) is not None:
        forget(store, scope, files)  # signed under another epoch, or older than an erasure
    first = (store.value("SELECT max(last) FROM segment WHERE scope = ?", (scope,)) or 0) + 1
    last = first + SPAN - 1
    if at.number < last:
        return None
    files.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=files.folder) as folder:
        path = Path(folder) / "segment"
        with path.open("wb") as out:
            out.write(MAGIC)
            for page in _cut(store, at, first, last, key, check):
                packed = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=False).compress(codec.pack(page))
                out.write(len(packed).to_bytes(_LENGTH, "big") + packed)
        taken = files.take(sealed_files.beside(path, sealed_files.key_for(store, scope, key)))
    with store.transaction():
        now = ledger.head(store, scope, "lock")
        if now is None or now.epoch != at.epoch:  # set back meanwhile
            return None
        store.execute("INSERT INTO segment (scope, first, last, epoch, control, name, size) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                      (scope, first, last, at.epoch, erased, taken["sha256"], taken["size"]))
    return Offer(last, taken["sha256"], taken["size"])


def offers(store: Store, at: Head, after: int) -> list[Offer]:
    """The segments that follow directly on a number, without a hole; empty when there is none."""
    found: list[Offer] = []
    sql = "SELECT first, last, name, size FROM segment WHERE scope = ? AND epoch = ? AND first > ? ORDER BY first"
    rows = store.rows(sql, (at.scope, at.epoch, after))
    for first, last, name, size in rows:
        if first != after + 1:
            break
        found.append(Offer(last, name, size))
        after = last
    return found


def next_first(store: Store, at: Head, after: int) -> int | None:
    """The number with which the next segment after a number begins: who is led up to it can take that."""
    found: int | None = store.value("SELECT min(first) FROM segment WHERE scope = ? AND epoch = ? AND first > ?", (at.scope, at.epoch, after))
    return found


def forget(store: Store, scope: str, files: Files) -> None:
    """Destroy the segments of a scope: something that they say was erased. What is left of it is frozen anew."""
    names = [name for (name,) in store.rows("SELECT name FROM segment WHERE scope = ?", (scope,))]
    with store.transaction():
        store.execute("DELETE FROM segment WHERE scope = ?", (scope,))
    for name in names:
        files.erase(name)


def pages(source: BinaryIO) -> Iterator[Page]:
    """The pages of a segment, in order, each unpacked when its turn comes; Damaged when it is torn. Their signatures are not looked at."""
    if source.read(len(MAGIC)) != MAGIC:
        raise Damaged(ALTERED)
    while length := source.read(_LENGTH):
        packed = source.read(int.from_bytes(length, "big"))
        if len(length) < _LENGTH or len(packed) < int.from_bytes(length, "big"):
            raise Damaged(ALTERED)
        yield codec.unpack(codec.unsqueeze(packed, codec.MAX_MESSAGE), Page)


def _cut(store: Store, at: Head, first: int, last: int, key: SigningKey, check: Check) -> Iterator[Page]:
    before = ledger.chain_at(store, at.scope, first - 1)
    while first <= last:
        rows = entries.rows_after(store, at.scope, first - 1, min(_PAGE, last - first + 1))
        chain = entries.extend(before, rows)
        check(at, rows, chain)
        first = rows[-1].number + 1
        yield ledger.page_of(store, rows, at.epoch, before, key.sign(head_statement(at.scope, at.epoch, rows[-1].number, chain)))
        before = chain
