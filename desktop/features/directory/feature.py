"""What the directory tells the shell: its name, its page and its actions."""

from __future__ import annotations

from desktop.features.directory.drafts import NEW
from desktop.features.directory.page import ACTION, VIEW, DirectoryPage
from desktop.shell.feature import Command, Context, Feature
from i18n import Text
from resources.rights import refusal

__all__ = ["FEATURE"]


class _Goes:
    """Running this shows the directory and asks its page to open something."""

    def __init__(self, context: Context, kind: str, id: str) -> None:
        self._context, self._kind, self._id = context, kind, id

    def __call__(self) -> None:
        self._context.navigate("directory", self._kind, self._id)

    def enabled(self) -> bool:
        return self._id != NEW or refusal(self._context.workspace, self._kind, "create") is None


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
    goes = {name: _Goes(context, kind, id) for name, _, kind, id, _, _ in rows}
    return [Command(name, title, goes[name], keys, icon, goes[name].enabled) for name, title, _, _, keys, icon in rows]


FEATURE = Feature("directory", Text("Directory"), "directory", 20, DirectoryPage, commands)
