"""What the library tells the shell about itself."""

from __future__ import annotations

from desktop.features.library.page import LibraryPage
from desktop.shell.feature import Command, Context, Feature
from i18n import Text
from resources.rights import refusal

__all__ = ["FEATURE"]


class _Add:
    """Opens the form of a new document."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def __call__(self) -> None:
        self._context.navigate("library", "item", "new")

    def enabled(self) -> bool:
        return refusal(self._context.workspace, "item", "create") is None


def commands(context: Context) -> list[Command]:
    """The library's actions."""
    add = _Add(context)
    return [Command("add_document", Text("Add a document"), add, "Ctrl+Shift+D", "add", add.enabled)]


FEATURE = Feature("library", Text("Library"), "library", 30, LibraryPage, commands)
