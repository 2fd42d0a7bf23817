"""Small things a person's own file remembers for the screen: the last visit, where one stopped reading; never shared.

A guest's file is in memory, so what a guest does here leaves no trace.
"""

from __future__ import annotations

from typing import Any


def recall(ws: Any, name: str) -> str:
    """What was remembered under a name, or ""."""
    return str(ws.vault.word(f"remembered {name}"))


def remember(ws: Any, name: str, value: str) -> None:
    """Remember it; nothing is written when it is known already."""
    if recall(ws, name) != value:
        with ws.store.transaction():
            ws.vault.keep(f"remembered {name}", value)
