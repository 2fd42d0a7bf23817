"""Opening the file of whoever comes in, off the screen's thread; knows no widget."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from desktop.kit.tasks import Job
from desktop.shell.people.idle import LOCK_AFTER, MINUTES
from desktop.shell.people.running import GUEST
from desktop.terminal import opening
from i18n import Text
from resources.remembered import recall
from resources.starter import shelf
from sync.workspace import Workspace

__all__ = ["VISITOR", "Entered", "Entering", "Entry"]


@dataclass(frozen=True)
class Entry:
    """Who comes in: the name of their file, what kept it closed ("phrase", "computer", "guest"), and the key that their phrase gave."""

    name: str
    lock: str
    key: bytes | None = field(default=None, repr=False)  # no report of a fault may carry it


VISITOR = Entry(GUEST, "guest")


@dataclass(frozen=True)
class Entered:
    """A workspace that is open, the key of its file, and after how many minutes its owner wants it locked (0: never said).

    `told`: what its owner must hear, once: that the recovery code was used.
    """

    workspace: Workspace
    key: bytes | None = field(repr=False)
    minutes: int
    told: list[Text] = field(default_factory=list)


@dataclass(frozen=True)
class Entering:
    """Opens the workspace; may be tried again."""

    folder: Path
    entry: Entry

    def work(self, _job: Job) -> Entered:
        """Open it; whoever has no phrase and no file yet gets one."""
        if self.entry.lock == "guest":
            return Entered(opening.guest(self.folder), None, 0)
        name, key = self.entry.name, self.entry.key
        workspace = opening.workspace(self.folder, name, key=key)
        shelf.keep_shared(workspace)  # so that guests can read them, who keep nothing themselves
        wanted = recall(workspace, LOCK_AFTER)
        minutes = int(wanted) if wanted in map(str, MINUTES) else 0
        return Entered(workspace, key or opening.key_of(self.folder, name, None), minutes, opening.recoveries_to_tell(workspace))
