"""Keeps `None`, `True` and `False` alive under Python 3.11 with PySide6 6.12.0; knows nothing of the app.

Measured: each call of a Qt method that returns nothing (`setText`, `drawPath`, …) or a truth value drops one
reference too many, and after some thousand calls the interpreter stops with "none_dealloc" or
"bool_dealloc". PySide6 6.11.3 does not, and since Python 3.12 these objects are immortal. So here they are
made as good as immortal. To be removed when 3.11 or 6.12.0 is no longer supported.
"""

from __future__ import annotations

import ctypes
import sys

__all__ = ["keep_constants"]

_PLENTY = 1 << 40  # calls; at a million a second, twelve days


def keep_constants() -> None:
    """Give them so many references that lost ones do not matter; does nothing from Python 3.12 on."""
    if sys.version_info >= (3, 12):
        return
    for thing in (None, True, False, NotImplemented, Ellipsis):
        if sys.getrefcount(thing) < _PLENTY // 2:
            ctypes.c_ssize_t.from_address(id(thing)).value += _PLENTY
