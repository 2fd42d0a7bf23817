"""Reads a courier, what one PC carried to another on a stick; knows no screen and no command.

A stick may come from anybody. Every byte of it is compared with its hash
before the first one is understood; then all records are taken in one
transaction, as over any other road, and after that the files that the records
here speak of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from i18n import Text
from sync import ledger
from sync.change import head_statement
from sync.errors import Cancelled, Damaged, Failure, NotFound, Refused
from sync.identity import fingerprint, verifies
from sync.invitation import Invitation, meant, parse
from sync.relay import courier_files, courier_manifest, courier_parts
from sync.relay.courier_folder import CourierFolder
from sync.relay.courier_manifest import Attachment, Manifest, Part
from sync.relay.holding import OTHER, Holding, Item, Taken
from sync.scopes import CONTROL
from sync.workspace import Workspace

TRIES = 3  # manifests that are looked at, when the newest is torn


class Progress(NamedTuple):
    """Bytes done of all, and what they are: "check", "take", "files" when reading, "write" when writing."""

    done: int
    total: int
    step: str


Watch = Callable[[Progress], None]
Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a courier carries, before anything is taken. Bytes, and how many are here already; `news` counts changes, about."""

    manifest: Manifest
    parts: int
    bytes: int
    known: int
    news: int
    files: list[Attachment]
    files_here: int
    files_lacking: int


@dataclass(slots=True)
class Read:
    """What came from a stick: records as `Taken` counts them, attachments taken and those that were here, bytes looked at, and why not all."""

    taken: Taken
    files: int = 0
    files_known: int = 0
    bytes: int = 0
    files_bytes: int = 0
    set_aside: list[Text] = field(default_factory=list)


def look(ws: Workspace, place: Path, trust: str = "") -> Seen:
    """What a courier says of itself, and how much of it is here. `trust` is a network's fingerprint or an invitation code."""
    manifest = next(manifests(CourierFolder(place)))
    have = Holding(ws, network_of(ws, manifest, trust)).have()
    known = [courier_parts.is_known(part, have) for part in manifest.parts]
    here = sum(one.size for one in manifest.files if ws.files.here(one.sha256))
    return Seen(manifest, len(manifest.parts), sum(part.size for part in manifest.parts),
                sum(part.size for part, one in zip(manifest.parts, known, strict=True) if one),
                sum(courier_parts.news_in(part, have) for part in manifest.parts), manifest.files, here,
                sum(one.size for one in manifest.files) - here)


def network_of(ws: Workspace, manifest: Manifest, trust: str = "") -> bytes:
    """The key of this PC's network, which the courier must be of. A PC that knows none takes the one that a person vouches for."""
    at = ledger.head(ws.public, CONTROL)
    pinned = ws.vault.setting("authority")
    if pinned is not None and pinned != manifest.key:
        raise Refused(OTHER, "other_network")
    if pinned is None and at is not None and at.number:
        if not verifies(manifest.key, head_statement(at.scope, at.epoch, at.number, at.chain), at.signature):
            raise Refused(OTHER, "other_network")
    elif pinned is None and not _vouched(manifest.key, trust):
        shown = courier_manifest.shown_network(manifest.key)
        if trust:
            raise Refused(Text("The stick is of the network {network}, not of the one you named. Ask the secretariat.", network=shown), "impostor")
        raise Refused(Text("This computer knows no network yet, and the stick is of the network {network}. Compare this with what the secretariat"
                           " says, then read it with this code, or with your invitation code.", network=shown), "not_trusted")
    return manifest.key


def read(ws: Workspace, place: Path, trust: str = "", watch: Watch = lambda _: None, stop: Stop = lambda: False, *, files: bool = True) -> Read:
    """Take what a courier carries. Damaged, Refused and the like leave everything as it was; so does a stop, but for files on their way."""
    folder = CourierFolder(place)
    failure: Failure | None = None
    for manifest in manifests(folder):
        authority = network_of(ws, manifest, trust)
        try:
            return _read(ws, authority, folder, manifest, watch, stop, files=files)
        except Damaged as damaged:  # an older courier may stand beside one whose writing was cut
            failure = failure or damaged
    assert failure is not None  # there was one manifest at least
    raise failure


def _read(ws: Workspace, authority: bytes, folder: CourierFolder, manifest: Manifest, watch: Watch, stop: Stop, *, files: bool) -> Read:
    meter = Meter(watch, stop, sum(part.size for part in manifest.parts), "check")
    for part in [one for one in manifest.parts if not folder.seems_there(one.sha256, one.size)] or manifest.parts:  # what is torn at a glance, first
        folder.check(part.sha256, part.size, meter.moved)
    meter = Meter(watch, stop, meter.total, "take")

    def items() -> Iterator[Item]:
        def bytes_of(part: Part) -> bytes:
            meter.moved(part.size)
            return folder.read(part.sha256, part.size)

        yield from courier_parts.opened(manifest.parts, bytes_of)

    found = Read(Holding(ws, authority).take(items()), bytes=meter.total)
    if files:
        _take_files(ws, folder, manifest, found, watch, stop)
    return found


def _take_files(ws: Workspace, folder: CourierFolder, manifest: Manifest, found: Read, watch: Watch, stop: Stop) -> None:
    spoken = courier_files.spoken_of(ws)
    wanted = [one for one in manifest.files if spoken.get(one.sha256) == one.size]
    lacking = [one for one in wanted if not ws.files.here(one.sha256)]
    found.files_known = len(wanted) - len(lacking)
    if strange := len(manifest.files) - len(wanted):
        found.set_aside.append(Text.counted("{n} file of the stick is not in the library here, so it was not taken.",
                                            "{n} files of the stick are not in the library here, so they were not taken.", strange))
    meter = Meter(watch, stop, sum(one.size for one in lacking), "files")
    for one in lacking:
        try:
            courier_files.take(ws.files, folder, one, meter.moved)
        except Damaged as damaged:
            found.set_aside.append(damaged.message)
            continue
        found.files, found.files_bytes = found.files + 1, found.files_bytes + one.size
    if found.files:
        ws.tell_all()


def manifests(folder: CourierFolder) -> Iterator[Manifest]:
    """The manifests that are whole, the newest first; NotFound where there is none, Damaged where none is whole."""
    failure: Failure = NotFound(Text("There is no courier in {path}. Choose the stick, or the folder “dalil-courier” on it.",
                                     path=str(folder.root.parent)))
    none = True
    for number in folder.manifests()[:TRIES]:
        try:
            found = courier_manifest.read(folder.manifest(number))
        except Damaged as damaged:
            failure = damaged
            continue
        none = False
        yield found
    if none:
        raise failure


def _vouched(key: bytes, trust: str) -> bool:
    """Whether what a person typed stands for this network: its fingerprint, or an invitation code that its server made."""
    if meant(trust) == meant(courier_manifest.shown_network(key)):
        return True
    invitation: Invitation | None = None
    with suppress(Failure):
        invitation = parse(trust)
    return invitation is not None and invitation.fits(fingerprint(key))


class Meter:
    """Counts bytes, tells of them, and ends the work when a person stops it."""

    def __init__(self, watch: Watch, stop: Stop, total: int, step: str) -> None:
        self.total = total
        self._watch, self._stop, self._step = watch, stop, step
        self._done = 0

    def moved(self, size: int) -> None:
        """So many bytes more; raises when a person stops it."""
        if self._stop():
            if self._step == "write":
                raise Failure(Text("Stopped. The courier that was on the stick before can still be read."), "cancelled")
            raise Cancelled
        self._done += size
        self._watch(Progress(min(self._done, self.total), self.total, self._step))
