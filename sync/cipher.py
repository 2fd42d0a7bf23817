"""SQLCipher as vaults use it: its library, and a key that is no password; knows no table.

The key is random, so nothing is derived from it slowly. The salt that
SQLCipher keeps in the first bytes of a file is derived from the key as well,
and given with it: a destroyed first page does not take the others along.

**One process reads a file through one library.** Python's `sqlite3` and
SQLCipher do not know of each other's locks, and on POSIX the one that closes a
file drops the locks of the other. So whoever opens a vault opens `public.db`
through SQLCipher too.
"""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from i18n import Text
from sync import codec
from sync.errors import Failure

KEY_BYTES = 32
PAGE = 4096  # bytes of a page of a vault
_CLEAR = b"SQLite format 3\0"


@cache
def library() -> Any:
    """SQLCipher's own module, as PEP 249 has it. Failure when this program came without it."""
    try:
        found = importlib.import_module("sqlcipher3.dbapi2")
    except ImportError as error:  # pragma: no cover - the server alone comes without it, and opens no vault
        raise Failure(Text("This program came without SQLCipher, which opens people’s files. Install the whole of Dalil."), "incomplete") from error
    # It says on standard error of which page it could not be sure; we say it ourselves.
    with_log = found.connect(":memory:")
    with_log.execute("PRAGMA cipher_log_level = NONE").fetchall()
    with_log.close()
    return found


def errors() -> type[Exception]:
    """What SQLCipher raises: another class than `sqlite3.Error`."""
    found: type[Exception] = library().Error
    return found


def word(key: bytes) -> str:
    """The key as SQLCipher takes it in `KEY` and `PRAGMA key`: raw, with its salt."""
    assert len(key) == KEY_BYTES  # another length would be taken for a password
    return f"\"x'{key.hex()}{codec.digest(b'dalil vault salt', key)[:16].hex()}'\""


def unlock(connection: Any, key: bytes) -> None:
    """Give a connection its key, before anything else is said to it."""
    connection.execute(f"PRAGMA key = {word(key)}").fetchall()
    connection.execute("PRAGMA temp_store = MEMORY").fetchall()


def reading(path: Path, key: bytes | None) -> Any:
    """A connection through SQLCipher that only reads; `key` None for a file in clear."""
    connection = library().connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=5, isolation_level=None, check_same_thread=False)
    if key is not None:
        unlock(connection, key)
    return connection


def in_clear(path: Path) -> bool:
    """Whether a file is a SQLite file that anybody can read."""
    try:
        with path.open("rb") as file:
            return file.read(len(_CLEAR)) == _CLEAR
    except OSError:
        return False
