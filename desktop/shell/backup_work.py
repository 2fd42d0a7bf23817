"""What a backup is, as work for a lane, and the sentences about it; knows no widget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from desktop.kit.tasks import Job
from desktop.terminal import opening
from i18n import Text, t, tn
from i18n.values import ago, date, size
from sync import backup
from sync.backup import Plan, Written
from sync.relay.courier import Progress
from sync.workspace import Workspace

__all__ = ["PlanBackup", "Telling", "WriteBackup", "day_of", "last_said", "plan_said", "progress_said", "written_said"]


@dataclass(frozen=True)
class PlanBackup:
    """Find out what a backup would hold."""

    ws: Workspace
    place: Path

    def __call__(self, _job: Job) -> Plan:
        return backup.plan(self.ws, self.place)


@dataclass(frozen=True)
class WriteBackup:
    """Write it; `told` hears how far it is, on the lane's thread."""

    ws: Workspace
    place: Path
    files: bool
    told: Any

    def __call__(self, job: Job) -> Written:
        name = self.ws.private.paths[0].stem
        locks, _ = opening.people(self.ws.folder).portable(name, self.ws.key or b"")
        return backup.write(self.ws, self.place, name, locks, Telling(job, self.told), self.told.stopping, files=self.files)


@dataclass(frozen=True)
class Telling:
    """Hands progress from the lane to whoever shows it (`told.progress`)."""

    job: Job
    told: Any

    def __call__(self, progress: Progress) -> None:
        self.told.progress = progress
        self.job.report(progress.done, progress.total)


def day_of(milliseconds: int) -> str:
    """The day of a moment, in words; "" where no calendar holds it."""
    try:
        return date(datetime.fromtimestamp(milliseconds / 1000, UTC).astimezone().date(), "long")
    except (OverflowError, ValueError, OSError):
        return ""


def last_said(made: int | None, now: int) -> str:
    """When the last backup was made: `Last backup: 12 days ago`, or never."""
    if made is None:
        return t("Last backup: never")
    try:
        when, present = (datetime.fromtimestamp(one / 1000, UTC).astimezone() for one in (made, now))
    except (OverflowError, ValueError, OSError):
        return t("Last backup: its date cannot be read")
    return t("Last backup: {ago}", ago=ago(when, present))


def plan_said(plan: Plan, *, files: bool) -> list[str]:
    """What would be copied, and how much room there is."""
    said = [
        t("Your records, drafts, notes and unsent work: {size}.", size=size(plan.vault)),
        t("The public directory of this PC: {size}.", size=size(plan.public)),
    ]
    if along := plan.files(all=files):
        total = size(sum(bytes for _, bytes in along))
        said.append(tn("{n} document: {size}.", "{n} documents: {size}.", len(along), size=total))
    said.append(t("{need} at most, {free} free there.", need=size(plan.bytes(files=files)), free=size(plan.free)))
    return said


def progress_said(progress: Progress | None) -> str:
    """How far it is, in bytes."""
    if progress is None:
        return t("Looking at the stick…")
    done, total = size(progress.done), size(progress.total)
    words: dict[str, Callable[[], str]] = {
        "write": lambda: t("Copying: {done} of {total}", done=done, total=total),
        "check": lambda: t("Checking every byte: {done} of {total}", done=done, total=total),
        "files": lambda: t("Taking the files: {done} of {total}", done=done, total=total),
    }
    return words.get(progress.step, lambda: t("Opening the backup: {done} of {total}", done=done, total=total))()


def written_said(done: Written) -> list[str]:
    """That it is whole, with its day, and what was left out."""
    said: list[str | Text] = [t("Backed up on {day}: {bytes}, read again and right. The stick can be taken out.", day=day_of(done.made),
                                bytes=size(done.bytes))]
    return [str(one) for one in (*said, *dict.fromkeys(map(str, done.set_aside)))]
