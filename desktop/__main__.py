"""Where `dalil` starts: the terminal reads the words, and opens the app when there are none."""

from __future__ import annotations

import sys

from desktop.terminal.start import main

if __name__ == "__main__":
    sys.exit(main())
