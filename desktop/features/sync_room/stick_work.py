"""What is done with a stick, as work for a lane, and the sentences about it; knows no widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.kit.tasks import Job
from desktop.shell.stick_said import progress_said, seen_said
from desktop.terminal.bringing import carried_said
from i18n import t, tn
from i18n.values import size
from resources.courier_choice import may_go
from sync.relay import courier, courier_writing
from sync.relay.courier import Progress, Read, Seen
from sync.relay.courier_files import Along
from sync.relay.courier_writing import Plan, Written

__all__ = ["LookAt", "Offer", "PlanFor", "ReadFrom", "WriteTo", "plan_said", "progress_said", "read_said", "seen_said", "written_said"]


@dataclass(frozen=True)
class Offer:
    """What could be written: the plan without the library's files, and those files."""

    plan: Plan
    files: list[Along]

    @property
    def files_bytes(self) -> int:
        """Bytes of the library's files that are not on the stick yet."""
        there = {one.sha256 for one in self.plan.kept}
        return sum(one.size for one in self.files if one.sha256 not in there)


@dataclass(frozen=True)
class PlanFor:
    """Find out what would be copied to a stick."""

    ws: Any
    place: Path

    def __call__(self, _job: Job) -> Offer:
        return Offer(courier_writing.plan(self.ws, self.place), may_go(self.ws))


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

    def __call__(self, job: Job) -> Written:
        return courier_writing.write(self.ws, self.place, self.files, _Telling(job, self.told), self.told.stopping)


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


def plan_said(offer: Offer, *, with_files: bool) -> list[str]:
    """What would be copied, and how much room there is."""
    plan = offer.plan
    new = plan.new + (offer.files_bytes if with_files else 0)
    copied = t("{new} to copy, {free} free on the stick.", new=size(new), free=size(plan.free))
    return [
        t("The records of the network and what everybody here has to send: {size}. What is not public is sealed.", size=size(plan.records)),
        copied if new else t("Everything is on the stick already; {free} free.", free=size(plan.free)),
    ]


def written_said(done: Written) -> list[str]:
    """What is on the stick now, and what stayed behind, with its reasons."""
    if not done.copied:
        return [t("The stick was up to date already: {bytes} on it. It can be taken out.", bytes=size(done.bytes)),
                *dict.fromkeys(str(one) for one in done.set_aside)]
    return [t("The stick is ready: {bytes} on it, {copied} copied now. It can be taken out.", bytes=size(done.bytes), copied=size(done.copied)),
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
