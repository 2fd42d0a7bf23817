"""A person's file of an earlier version, in clear, becomes a vault: once, and whole or not at all; knows no table.

Under `People.turn`, in this order: the keys stand as `<name>.db.next-keys`;
the encrypted file is written as `<name>.db.sealing`, compared row by row, put
on disk, and renamed to `<name>.db.sealed`; the clear file becomes
`<name>.db.clear`, the sealed one `<name>.db`; the keys get their place; the
clear file is overwritten. A kill at any point leaves either the clear file, and
all is done again, or both under other names, and the rest is done. A clear file
never stands beside keys: one that does was put there by somebody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import zip_longest
from pathlib import Path
from typing import Any

from i18n import Text
from sync import cipher, keys
from sync.carving import pages_of
from sync.errors import Damaged
from sync.files_on_disk import overwrite, sync_file, sync_folder
from sync.people import People
from sync.sealed import SealedStore, kept_beside
from sync.store import Busy

Mend = Callable[[], list[Text]]
_KINDS = b"\0\2\5\x0a\x0d"  # of pages of SQLite: overflow and free, then trees of indexes and tables
_KEYS, _SEALING, _SEALED, _CLEAR = ".next-keys", ".sealing", ".sealed", ".clear"


def encrypt(people: People, name: str, mend: Mend) -> list[Text]:
    """Make a vault of a file in clear that has no keys yet, locked with this computer alone; one look when there is nothing to do.

    `mend` opens the file in clear once and closes it, so that it is whole and
    of today; what it says is answered. Raises Damaged for an encrypted file
    whose keys are missing.
    """
    path = people.folder / f"{name}.db"
    if _is_done(people, name, path):
        return []
    with people.turn():
        if _is_done(people, name, path):
            return []
        said: list[Text] = []
        if not people.known(name) and _is_clear(path):
            said = mend()
            _export(people, path)
        _exchange(people, name, path)
        return said


def place(people: People, name: str, key: bytes, locks: keys.Keys) -> None:
    """Give a vault that stands whole under `waiting_place` its name, with these keys in the place of what opened it here before.

    In a turn of `People.turn`, where no file has that name. Killed before the
    keys stand, nothing has happened; after that, the next opening does the rest.
    """
    path = people.folder / f"{name}.db"
    assert keys.id_of(key) == locks.id
    keys.write_to(_beside(path, _KEYS), locks)
    keys.destroy(people.folder / name)
    _exchange(people, name, path)


def waiting_place(people: People, name: str) -> Path:
    """Where a vault stands, whole and on disk, before `place` gives it its name."""
    return _beside(people.folder / f"{name}.db", _SEALED)


def _is_done(people: People, name: str, path: Path) -> bool:
    known, here = people.known(name), path.exists()
    return not _beside(path, _CLEAR).exists() and not _beside(path, _KEYS).exists() and (known or not here)


def _is_clear(path: Path) -> bool:
    """Whether a file without keys is one of an earlier version, also a damaged one.

    Each of its pages begins with its kind, or with a zero; one in fifty of an encrypted file does by chance.
    """
    if not path.exists():
        return False
    if path.stat().st_size == 0 or cipher.in_clear(path):
        return True
    pages = pages_of(path, cipher.PAGE).values()
    return 2 * sum(page[0] in _KINDS for page in pages) > len(pages)


def _export(people: People, path: Path) -> None:
    key = people.random(cipher.KEY_BYTES)
    for end in (_SEALING, _SEALED):
        overwrite(_beside(path, end))
    keys.write_to(_beside(path, _KEYS), keys.Keys(keys.VERSION, keys.id_of(key), [keys.by_computer(key)]))
    sealing = _beside(path, _SEALING)
    with closing(SealedStore(path, key=None)) as store:
        store.execute("PRAGMA busy_timeout = 1000")
        try:
            alone = store.value("PRAGMA journal_mode = DELETE") == "delete"  # brings the log of last writes into the file, and removes it
        except Busy:
            alone = False
        if not alone:
            raise Busy(Text("Another Dalil on this computer has this file open. Close it, then start again: the file is encrypted now."))
        store.execute(f"ATTACH DATABASE ? AS vault KEY {cipher.word(key)}", (str(sealing),))
        store.value("SELECT sqlcipher_export('vault')")
        store.execute(f"PRAGMA vault.user_version = {store.value('PRAGMA main.user_version')}")
        _compare(store)
        store.execute("DETACH DATABASE vault")
    sync_file(sealing)
    sealing.replace(_beside(path, _SEALED))
    sync_folder(path.parent)


def _compare(store: SealedStore) -> None:
    """Every row of every table is in the vault as it is in the clear file, and every page of it proves to be whole."""
    tables = "SELECT name, sql FROM {}.sqlite_master ORDER BY type, name"
    same = store.rows(tables.format("main")) == store.rows(tables.format("vault"))
    for (name,) in store.rows("SELECT name FROM main.sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"):
        ours, theirs = (_rows(store, schema, name) for schema in ("main", "vault"))
        same = same and all(one == other for one, other in zip_longest(ours, theirs))
    if not same or store.row("PRAGMA vault.cipher_integrity_check") is not None:
        raise Damaged(Text("Your file could not be encrypted whole; it stays as it was. Check the disk, then start again."))


def _rows(store: SealedStore, schema: str, table: str) -> Iterator[Any]:
    cursor = store.execute(f'SELECT * FROM {schema}."{table}" NOT INDEXED')
    while some := cursor.fetchmany(500):
        yield from some


def _exchange(people: People, name: str, path: Path) -> None:
    """From two files and keys aside to a vault with its keys, from wherever a kill left it."""
    waiting, sealed, clear = (_beside(path, end) for end in (_KEYS, _SEALED, _CLEAR))
    if not people.known(name):
        found = keys.read_from(waiting)
        if found is None:
            raise Damaged(Text("The file {file} is encrypted, and its keys ({keys}) are missing. Put them back from a backup of this folder."
                               " Nothing was changed.", file=path.name, keys=name + keys.ENDING))
        if sealed.exists():
            if path.exists():
                path.replace(clear)
            sealed.replace(path)
            sync_folder(path.parent)
        keys.write(people.folder / name, found)
    key = keys.unwrapped(keys.read(people.folder / name), keys.COMPUTER, "")  # type: ignore[arg-type]  # written a moment ago at the latest
    if key is not None:
        _seal_what_was_kept(path, key)
    overwrite(waiting)
    overwrite(clear)


def _seal_what_was_kept(path: Path, key: bytes) -> None:
    """Damaged files that were kept beside the clear one hold what it held: they are encrypted too (NaCl's secretbox under the vault's key)."""
    from nacl.secret import SecretBox

    for one in kept_beside(path):
        if ".damaged-" in one.name and not one.name.endswith(".box"):
            box = one.with_name(one.name + ".box")
            box.write_bytes(SecretBox(key).encrypt(one.read_bytes()))
            sync_file(box)
            overwrite(one)


def _beside(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)
