"""Where `dalil` starts: words go to the terminal; the window is imported only when there are none."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from desktop.terminal.discretion import be_discreet
from desktop.terminal.start import Doors
from desktop.terminal.start import main as run


def open_app(folder: Path, person: str | None) -> int:
    """Open the window on a data folder; answers the exit code."""
    from desktop import app

    return int(app.main(folder, person) or 0)


def open_every_page() -> int:
    """Open every page in every language; answers the exit code."""
    from desktop import selftest

    return int(selftest.main() or 0)


def main(argv: Sequence[str] | None = None) -> int:
    """The `dalil` program; `argv` are the words after its name."""
    be_discreet()
    return run(argv, Doors(open_app, open_every_page))


if __name__ == "__main__":
    sys.exit(main())
