"""Saves by the real functions, one after the other, each told on standard output once it was answered; a program for tests.

    python driver.py FOLDER STEPS

`STEPS` is a file of JSON lines `[name, argument…]`. `DALIL_TEST_SYNCHRONOUS`
weakens SQLite here, in this program for tests only, so that the harness of
power cuts can show that it is not blind.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from desktop.terminal import opening
from sync.store import SqliteStore
from sync.workspace import Workspace


def main(folder: Path, steps: Path) -> None:
    """Do what the file says."""
    weaken(os.environ.get("DALIL_TEST_SYNCHRONOUS", ""))
    ws = opening.workspace(folder, opening.ONLY_PERSON)
    for number, line in enumerate(steps.read_text("utf-8").splitlines(), 1):
        do(ws, json.loads(line))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
    ws.close()


def do(ws: Workspace, step: list) -> None:
    """One save."""
    name, kind, *rest = step
    if name == "add":
        id, values = rest
        ws.add(kind, values, id=id)
    elif name == "edit":
        ws.edit(kind, *rest)
    else:
        getattr(ws, name)(kind, *rest)


def weaken(level: str) -> None:
    """Make every database of this process wait less for its disk than Dalil's do."""
    if level:
        strong = SqliteStore.__init__

        def weak(self: SqliteStore, *given: object, **named: object) -> None:
            strong(self, *given, **named)  # type: ignore[arg-type]
            self.execute(f"PRAGMA synchronous = {level}")

        SqliteStore.__init__ = weak  # type: ignore[method-assign]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
