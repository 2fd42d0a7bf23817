"""The sync room's entry in the shell: its place in the rail and its actions."""

from __future__ import annotations

from desktop.features.sync_room.page import SyncRoom
from desktop.shell.feature import Command, Context, Feature
from i18n import Text

__all__ = ["FEATURE"]


class _Ready:
    """Whether a sync can be started now."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def __call__(self) -> bool:
        syncer = self._context.syncer
        return syncer is not None and syncer.joined and not syncer.running


class _Nearby:
    """Goes to the page of computers nearby."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def __call__(self) -> None:
        self._context.navigate("nearby")


def _commands(context: Context) -> list[Command]:
    if context.syncer is None:
        return []
    return [Command("nearby", Text("Sync nearby"), _Nearby(context), icon="share"),
            Command("sync_now", Text("Synchronise"), context.syncer.start, "F5", "sync", _Ready(context))]


FEATURE = Feature("sync_room", Text("Exchanges"), "sync", order=40, page=SyncRoom, commands=_commands)
