"""What is done with a stick, as work for a lane, and the sentences about it; knows no widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.bundle import bundle
from desktop.kit.tasks import Job
from desktop.shell.stick_said import progress_said, seen_said
from desktop.terminal.bringing import carried_said
from i18n import t, tn
from i18n.values import size
from resources.courier_choice import Shelf, shelf
from sync.relay import courier, courier_writing, stick_program
from sync.relay.courier import Progress, Read, Seen
from sync.relay.courier_files import Along
from sync.relay.courier_writing import CLUSTER, Plan, Written
from sync.relay.stick_program import Program

__all__ = ["LookAt", "Offer", "PlanFor", "ReadFrom", "WriteTo", "lacking_said", "plan_said", "progress_said", "read_said", "seen_said", "shelf_said",
           "written_said"]


@dataclass(frozen=True)
class Offer:
    """What could be written: the plan without files and program, the library's files to choose from, and this program, where it can go along.

    `program_new` are the bytes of the program that are not on the stick yet.
    """

    plan: Plan
    shelf: Shelf
    program: Program | None = None
    program_new: int = 0

    @property
    def there(self) -> frozenset[str]:
        """The files that are on the stick already; they stay there."""
        return frozenset(one.sha256 for one in self.plan.kept)

    def new(self, files: Sequence[Along], *, program: bool) -> int:
        """The bytes that would be copied with these files."""
        return self.plan.new + sum(one.size for one in files if one.sha256 not in self.there) + self.program_new * program

    def lacking(self, files: Sequence[Along], *, program: bool) -> int:
        """The bytes that the stick has too few for this; none when it fits."""
        places = len([one for one in files if one.sha256 not in self.there])
        places += self.program.count if program and self.program is not None and self.program_new else 0
        return max(0, self.plan.needed - self.plan.new + self.new(files, program=program) + places * CLUSTER - self.plan.free)


@dataclass(frozen=True)
class PlanFor:
    """Find out what would be copied to a stick."""

    ws: Any
    place: Path

    def __call__(self, _job: Job) -> Offer:
        plain = courier_writing.plan(self.ws, self.place)
        source = bundle()
        if source is None:
            return Offer(plain, shelf(self.ws))
        program = stick_program.found(source)
        return Offer(plain, shelf(self.ws), program, courier_writing.plan(self.ws, self.place, program=program).new - plain.new)


@dataclass(frozen=True)
class LookAt:
    """Find out what a stick carries."""

    ws: Any
    place: Path
    trust: str

    def __call__(self, _job: Job) -> Seen:
        return courier.look(self.ws, self.place, self.trust)


@dataclass(frozen=True)
class WriteTo:
    """Write the courier; `told` hears how far it is, on the lane's thread."""

    ws: Any
    place: Path
    files: Sequence[Along]
    told: Any
    program: Path | None = None

    def __call__(self, job: Job) -> Written:
        return courier_writing.write(self.ws, self.place, self.files, _Telling(job, self.told), self.told.stopping, program=self.program)


@dataclass(frozen=True)
class ReadFrom:
    """Read the courier; `told` hears how far it is, on the lane's thread."""

    ws: Any
    place: Path
    trust: str
    told: Any

    def __call__(self, job: Job) -> Read:
        return courier.read(self.ws, self.place, self.trust, _Telling(job, self.told), self.told.stopping)


@dataclass(frozen=True)
class _Telling:
    job: Job
    told: Any

    def __call__(self, progress: Progress) -> None:
        self.job.check()
        self.told.progress = progress
        self.job.report(progress.done, progress.total)


def plan_said(offer: Offer, files: Sequence[Along] = (), *, program: bool = False) -> list[str]:
    """What would be copied, and how much room there is."""
    plan = offer.plan
    new = offer.new(files, program=program)
    copied = t("{new} to copy, {free} free on the stick.", new=size(new), free=size(plan.free))
    return [
        t("The records of the network and what everybody here has to send: {size}. What is not public is sealed.", size=size(plan.records)),
        copied if new else t("Everything is on the stick already; {free} free.", free=size(plan.free)),
    ]


def lacking_said(offer: Offer, files: Sequence[Along] = (), *, program: bool = False) -> str:
    """That it does not fit, and what to do; nothing when it does."""
    lacking = offer.lacking(files, program=program)
    return t("{size} too much for this stick: take fewer files along, or free some space on it.", size=size(lacking)) if lacking else ""


def shelf_said(offer: Offer) -> str:
    """Which files are on the stick already, and why others are not in the list."""
    there = sum(one.sha256 in offer.there for one in offer.shelf.files)
    found = [tn("{n} on the stick already", "{n} on the stick already", there)] if there else []
    if offer.shelf.unknown:
        found.append(tn("{n} without a known licence: not shared", "{n} without a known licence: not shared", offer.shelf.unknown))
    if offer.shelf.elsewhere:
        found.append(tn("{n} not on this computer", "{n} not on this computer", offer.shelf.elsewhere))
    return ", ".join(found)


def written_said(done: Written) -> list[str]:
    """What is on the stick now, and what stayed behind, with its reasons."""
    if not done.copied:
        return [t("The stick was up to date already: {bytes} on it. It can be taken out.", bytes=size(done.bytes)),
                *dict.fromkeys(str(one) for one in done.set_aside)]
    return [t("The stick is ready: {bytes} on it, {copied} copied now. It can be taken out.", bytes=size(done.bytes), copied=size(done.copied))
            + (" " + t("The program is on it; nothing starts by itself.") if done.program is not None else ""),
            *dict.fromkeys(str(one) for one in done.set_aside)]


def read_said(found: Read) -> list[str]:
    """What came, what was known, what was not taken and why."""
    taken = found.taken
    counts = [tn("{n} change received", "{n} changes received", taken.received)]
    if taken.parcels + taken.sealed:
        counts.append(tn("{n} parcel taken along", "{n} parcels taken along", taken.parcels + taken.sealed))
    if taken.known:
        counts.append(tn("{n} known already", "{n} known already", taken.known))
    counts += carried_said(taken.changes, taken.changes_known)
    if found.files:
        counts.append(tn("{n} file taken", "{n} files taken", found.files))
    return [t("{counts}. The stick can be taken out.", counts=" · ".join(counts)),
            *dict.fromkeys(str(one) for one in (*taken.set_aside, *found.set_aside))]
