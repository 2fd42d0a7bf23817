"""Keeps `None` alive under Python 3.11 with PySide6 6.12.0; knows nothing of the app.

Measured: each call of a Qt method that returns nothing (`setText`, `drawPath`, …) drops one reference to
None too many, and after some thousand calls the interpreter stops with "none_dealloc". PySide6 6.11.3 does
not, and since Python 3.12 None is immortal. So here None is made as good as immortal. To be removed when
3.11 or 6.12.0 is no longer supported.
"""

from __future__ import annotations

import ctypes
import sys

__all__ = ["keep_none"]

_PLENTY = 1 << 40  # calls; at a million a second, twelve days


def keep_none() -> None:
    """Give None so many references that lost ones do not matter; does nothing from Python 3.12 on."""
    if sys.version_info < (3, 12) and sys.getrefcount(None) < _PLENTY:
        ctypes.c_ssize_t.from_address(id(None)).value += _PLENTY
