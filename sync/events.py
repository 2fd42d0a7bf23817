"""The one event of a workspace: which records changed; it cannot tell a local edit from a distant one apart but by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Changed:
    """Records that read differently now. `origin` is for people ("here", "sync", "elsewhere"), not for logic."""

    kinds: frozenset[str]
    ids: frozenset[str]
    origin: Literal["here", "sync", "elsewhere"]


class Events:
    """Who wants to know; listeners are called in the thread that wrote, after the transaction ended."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[Changed], None]] = []

    def subscribe(self, listener: Callable[[Changed], None]) -> Callable[[], None]:
        """Call `listener` at every change from now on; answers the function that ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def tell(self, changed: set[tuple[str, str]], origin: Literal["here", "sync", "elsewhere"]) -> None:
        """Tell everyone, unless nothing changed."""
        if changed or origin == "elsewhere":
            self._say(Changed(frozenset(kind for kind, _ in changed), frozenset(id for _, id in changed), origin))

    def tell_all(self, kinds: frozenset[str]) -> None:
        """Tell everyone that every record of these kinds may read differently: a copy was loaded whole."""
        self._say(Changed(kinds, frozenset(), "elsewhere"))

    def _say(self, event: Changed) -> None:
        for listener in tuple(self._listeners):
            listener(event)
