"""What Home tells the shell about itself."""

from __future__ import annotations

from desktop.features.home.page import HomePage
from desktop.shell.feature import Command, Context, Feature
from i18n import Text

__all__ = ["FEATURE"]


class _Join:
    """Opens the form with which this PC joins the network."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def __call__(self) -> None:
        self._context.navigate("home", "join", "form")

    def enabled(self) -> bool:
        ws = self._context.workspace
        return not ws.guest and not ws.vault.word("server")


def commands(context: Context) -> list[Command]:
    """Home's actions."""
    join = _Join(context)
    return [Command("join", Text("Join the network"), join, "", "share", join.enabled)]


FEATURE = Feature("home", Text("Home"), "home", 10, HomePage, commands)
