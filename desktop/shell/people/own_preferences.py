"""What one of several people prefers, kept in their own file; knows no widget."""

from __future__ import annotations

import json
from dataclasses import asdict

from desktop.shell.preferences import Choices, Preferences, choices_of
from resources.remembered import recall, remember
from sync.workspace import Workspace

__all__ = ["OwnPreferences"]

_NAME = "choices"  # under which a person's file remembers them


class OwnPreferences(Preferences):
    """The choices of whoever has a phrase: on a PC of many, one reads French and the next one Arabic."""

    def __init__(self, workspace: Workspace, of_the_pc: Choices) -> None:
        """`of_the_pc` hold until the person chooses."""
        self._workspace = workspace
        super().__init__(None, choices_of(recall(workspace, _NAME), of_the_pc))

    def keep(self, choices: Choices) -> None:
        remember(self._workspace, _NAME, json.dumps(asdict(choices)))
