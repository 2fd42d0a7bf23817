"""The program itself as it was built: where it lies, and on which stick, if on one; knows no record and no screen."""

from __future__ import annotations

import sys
from pathlib import Path


def bundle() -> Path | None:
    """The folder of this program as it was built; None where it runs from its source."""
    return Path(sys.executable).resolve().parent if getattr(sys, "frozen", False) else None


def own_stick() -> Path | None:
    """The stick that this program runs from; None on a computer."""
    folder = bundle()
    if folder is None:
        return None
    from sync.relay.stick_checking import stick_under

    return stick_under(folder / "dalil")
