"""What the notes tell the shell: their name, their page and their actions; a guest has none."""

from __future__ import annotations

from desktop.features.notes.page import NEW, NotesPage
from desktop.features.notes.shelf import NOTE
from desktop.shell.feature import Command, Context, Feature
from i18n import Text

__all__ = ["FEATURE"]


class _Begins:
    """Running this shows the notes and begins one."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def __call__(self) -> None:
        self._context.navigate("notes", NOTE, NEW)


def commands(context: Context) -> list[Command]:
    """The actions of the notes."""
    return [Command("new_note", Text("New note"), _Begins(context), "Ctrl+N", "note")]


FEATURE = Feature("notes", Text("Notes"), "note", 35, NotesPage, commands, for_guests=False)
