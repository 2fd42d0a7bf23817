"""What the directory tells the shell: its name, its page and its actions."""

from __future__ import annotations

from desktop.features.directory.drafts import NEW
from desktop.features.directory.page import ACTION, VIEW, DirectoryPage
from desktop.shell.feature import Command, Context, Feature
from i18n import Text

__all__ = ["FEATURE"]


class _Goes:
    """Running this shows the directory and asks its page to open something."""

    def __init__(self, context: Context, kind: str, id: str) -> None:
        self._context, self._kind, self._id = context, kind, id

    def __call__(self) -> None:
        self._context.navigate("directory", self._kind, self._id)


def commands(context: Context) -> list[Command]:
    """The actions of the directory."""
    rows = (
        ("new_organisation", Text("New organisation"), "organisation", NEW, "Ctrl+N", "add"),
        ("new_project", Text("New project"), "project", NEW, "", "project"),
        ("new_place", Text("New place"), "place", NEW, "", "place"),
        ("edit_shown", Text("Edit the record shown in the directory"), ACTION, "edit", "", "edit"),
        ("show_map", Text("Show the organisations on the map"), VIEW, "map", "Ctrl+M", "map"),
        ("show_list", Text("Show the organisations as a list"), VIEW, "list", "", "list"),
    )
    return [Command(name, title, _Goes(context, kind, id), keys, icon) for name, title, kind, id, keys, icon in rows]


FEATURE = Feature("directory", Text("Directory"), "directory", 20, DirectoryPage, commands)
