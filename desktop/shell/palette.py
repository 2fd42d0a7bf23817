"""Which actions a few typed letters mean; knows commands, not widgets."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.shell.feature import Command
from i18n.fold import fold

__all__ = ["matching"]


def matching(commands: Iterable[Command], text: str) -> list[Command]:
    """The enabled commands whose title has every typed word, in any order, spelled loosely.

    Those whose title begins with the text stand first; otherwise the given order holds.
    """
    words = fold(text).split()
    found: list[tuple[int, int, Command]] = []
    for place, command in enumerate(commands):
        if not command.enabled():
            continue
        title = fold(str(command.title))
        if all(word in title for word in words):
            found.append((0 if title.startswith(" ".join(words)) else 1, place, command))
    return [command for _, _, command in sorted(found, key=lambda item: item[:2])]
