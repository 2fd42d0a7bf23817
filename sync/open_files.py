"""Which database files this process has open, and through which library; knows no table.

POSIX drops all locks that a process holds on a file as soon as the process
closes the file once, through whatever library or none. So one file is open
through one library alone here, and is not read beside its open connections.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from weakref import WeakSet

_guard = threading.Lock()
_open: dict[tuple[str, int, int], WeakSet[Any]] = {}


def add(store: Any, paths: Iterable[Path]) -> None:
    """A store has these files open. It says by `errors` of which library it is; another one's is a fault of this program."""
    with _guard:
        for place in filter(None, map(_place, paths)):
            here = _open.setdefault(place, WeakSet())
            if any(one.errors is not store.errors for one in here):
                raise AssertionError("one file, two libraries: they would drop each other's locks")
            here.add(store)


def remove(store: Any) -> None:
    """A store gave its files back."""
    with _guard:
        for place in [place for place, stores in _open.items() if store in stores]:
            _open[place].discard(store)
            if not _open[place]:
                del _open[place]


def is_open(path: Path) -> bool:
    """Whether this process has the file open: then it was looked at, and nobody may give it another name."""
    with _guard:
        return bool(_open.get(_place(path) or ("", 0, 0)))


def _place(path: Path) -> tuple[str, int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None  # in memory
    return str(path), found.st_dev, found.st_ino
