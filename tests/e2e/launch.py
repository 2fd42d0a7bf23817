"""A program of ours as some tests need it: with one kind more, that is an organisation's own, and a clock that may be wrong.

    python launch.py MODULE WORD…

`DALIL_TEST_SKEW` is what this computer's clock is wrong by, in milliseconds.
"""

from __future__ import annotations

import importlib
import os
import sys
import time

from i18n import Text
from resources import KINDS
from sync.record import Kind, text
from sync.scopes import ORG

MINUTES = Kind("minutes", Text("Minutes"), Text("Minutes"), (ORG,), title="words", fields=(text("words", Text("Words"), required=True),))


def prepare() -> None:
    """Before anything else is imported that looks at the clock or at the kinds."""
    KINDS._kinds[MINUTES.name] = MINUTES
    if skew := int(os.environ.get("DALIL_TEST_SKEW", "0")):
        seconds, nanoseconds = time.time, time.time_ns
        time.time = lambda: seconds() + skew / 1000
        time.time_ns = lambda: nanoseconds() + skew * 1_000_000


if __name__ == "__main__":
    prepare()
    module = sys.argv.pop(1)
    raise SystemExit(importlib.import_module(module).main())
