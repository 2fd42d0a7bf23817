"""Rows out of the pages of a damaged vault, page by page, whatever leads to them; knows no table.

The pages are encrypted one by one, each under its number, so SQLCipher itself
must read them: they are put behind a new first page of the same key, and each
in turn is called the root of a table. Everything written here is encrypted.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sync import cipher
from sync.carving import pages_of

WIDEST = 14  # columns: a table of a person's file that is saved has no more


def carved_vault(path: Path, key: bytes) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """(row number, values) of every row in every page that is of this key and unaltered, in the order of pages.

    A row of fewer columns comes once for each width that it may have had:
    trailing empty ones cannot be told from ones that are not there.
    """
    pages = pages_of(path, cipher.PAGE)
    folder = path.with_name(path.name + ".carving")
    shutil.rmtree(folder, ignore_errors=True)  # a kill may have left one
    try:
        folder.mkdir()
        scratch = folder / "pages"
        last = max(pages, default=1)
        _make(scratch, key, last)
        with scratch.open("rb+") as file:
            for number, page in pages.items():
                if number > 1 and len(page) == cipher.PAGE:
                    file.seek((number - 1) * cipher.PAGE)
                    file.write(page)
        number = 2
        while number <= last:
            with closing(_opened(scratch, key)) as here, suppress(cipher.errors()):
                while number <= last:
                    number += 1
                    yield from _rows(here, number - 1)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make(scratch: Path, key: bytes, pages: int) -> None:
    """A file of this key with so many pages: one table whose root is moved about, and one that fills the rest."""
    with closing(cipher.library().connect(str(scratch), isolation_level=None)) as here:
        cipher.unlock(here, key)
        for sql in ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF",
                    f"CREATE TABLE piece ({', '.join(f'c{n}' for n in range(WIDEST))})", "CREATE TABLE filler (data)"):
            here.execute(sql).fetchall()
        size = 0
        while here.execute("PRAGMA page_count").fetchone()[0] < pages:
            size = max(2 * size, cipher.PAGE * max(1, pages - 3))
            here.execute("INSERT INTO filler VALUES (zeroblob(?))", (size,))


def _opened(scratch: Path, key: bytes) -> Any:
    """A connection: one that met a page which does not prove to be whole writes nothing any more, so another one goes on after it."""
    here = cipher.library().connect(str(scratch), isolation_level=None)
    cipher.unlock(here, key)
    here.text_factory = lambda data: data.decode("utf-8", "replace")
    for sql in ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA writable_schema = ON"):
        here.execute(sql).fetchall()
    return here


def _rows(here: Any, root: int) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The rows beneath a page; raises for a page of an index, one that was altered, one that is no page of a tree."""
    here.execute("UPDATE sqlite_master SET rootpage = ? WHERE name = 'piece'", (root,))
    here.execute("PRAGMA writable_schema = RESET").fetchall()
    here.execute("PRAGMA writable_schema = ON").fetchall()
    for number, *values in here.execute("SELECT rowid, * FROM piece NOT INDEXED"):
        for width in range(WIDEST, 0, -1):
            yield number, tuple(values[:width])
            if values[width - 1] is not None:
                break
