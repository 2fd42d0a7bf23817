"""Puts a courier on a stick, by difference, so that a stick pulled out at any byte holds the one before or the new one; knows no screen.

Writing never makes a stick poorer: what a courier of this network already
carries is taken here first, so what others put there goes on. Every part is
named by its hash, the manifest is written last, and what nobody needs goes
after that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from i18n import Text
from sync.errors import Damaged, Failure, NotFound, Refused
from sync.identity import fingerprint
from sync.relay import courier_files, courier_manifest, courier_parts, stick_program, stick_words
from sync.relay.courier import Meter, Stop, Watch, manifests, read
from sync.relay.courier_files import Along
from sync.relay.courier_folder import CourierFolder
from sync.relay.courier_manifest import Attachment, Manifest, Part
from sync.relay.holding import Have, Holding, Taken
from sync.relay.stick_program import Program
from sync.relay.stick_program_writing import ProgramFolder, placed
from sync.workspace import Workspace

CLUSTER = 32 * 1024  # bytes that a small file takes on a large FAT32 stick


@dataclass(frozen=True, slots=True)
class Plan:
    """What writing would put on a stick: bytes of records and of files, how many of them are not there yet, in how many files, what is free."""

    records: int
    files: list[Along]
    kept: list[Attachment]
    new: int
    places: int
    free: int
    program: Program | None = None

    @property
    def needed(self) -> int:
        """Bytes that have to be free on the stick."""
        return self.new + self.places * CLUSTER

    @property
    def bytes(self) -> int:
        """Bytes in all."""
        return self.records + sum(one.size for one in self.files) + sum(one.size for one in self.kept) + (self.program.bytes if self.program else 0)


@dataclass(slots=True)
class Written:
    """What a courier holds now, and what of it had to be copied; what the stick had for this PC before; what was left out, and why."""

    parts: int = 0
    files: int = 0
    bytes: int = 0
    copied: int = 0
    before: Taken | None = None
    program: Program | None = None
    set_aside: list[Text] = field(default_factory=list)


def plan(ws: Workspace, place: Path, files: Sequence[Along] = (), *, keep: bool = True, program: Program | None = None) -> Plan:
    """What `write` would do now; no parcel is marked as copied by asking. `keep` what attachments the stick has already.

    `program` is one that goes along (`stick_program.found`).
    """
    folder = CourierFolder(place)
    before = _before(ws, folder)
    holding = Holding(ws)
    holding.seal()
    boxed = [one for one in holding.box.parcels() if one.size]
    nearly = Have(fingerprint(holding.authority), {}, {}, [one.name for one in boxed])
    names = {name for part in before.parts for name in part.names} if before is not None else set()
    parcels = sum(one.size for one in boxed)
    new = sum(one.size for one in boxed if one.name.hex() not in names)
    records, places = parcels, 2 + len(boxed)
    for packed in courier_parts.packed(holding.give(nearly)):
        records += packed.part.size
        if not folder.seems_there(packed.part.sha256, packed.part.size):
            new += packed.part.size
            places += 1
    there = {one.sha256 for one in before.files} if before is not None else set()
    lacking = [one.size for one in files if one.sha256 not in there]
    kept = [one for one in before.files if one.sha256 not in {each.sha256 for each in files}] if before is not None and keep else []
    places += sum(1 + size // courier_files.PIECE for size in lacking)
    new += sum(lacking)
    if program is not None:
        program = placed(program, before.program if before is not None else None)
        stands = ProgramFolder(folder.root.parent, program)
        fresh = [one for one in program.files if not stands.seems_there(one)]
        new, places = new + sum(one.size for one in fresh), places + len(fresh) + 2
    return Plan(records, list(files), kept, new, places, folder.free(), program)


def write(ws: Workspace, place: Path, files: Sequence[Along] = (), watch: Watch = lambda _: None, stop: Stop = lambda: False,
          *, keep: bool = True, program: Path | None = None) -> Written:
    """Put on a stick what this PC can give, and these attachments. What is there and right is not copied again.

    `program` is a program's folder or an installer that goes along, for a PC that has none.
    """
    folder = CourierFolder(place)
    before = _before(ws, folder)
    done = Written()
    if before is not None:
        with suppress(Damaged):  # what is torn is written anew; nobody could have read it either
            done.before = read(ws, place, watch=watch, stop=stop, files=False).taken
    found_program = stick_program.found(program) if program is not None else None
    meant_for = plan(ws, place, files, keep=keep, program=found_program)
    if meant_for.needed > meant_for.free:
        raise Failure(Text("The stick has no room for this courier: {need} MB are needed, {free} MB are free. Take fewer files along,"
                           " or free some space.", need=1 + meant_for.needed // 1_000_000, free=meant_for.free // 1_000_000), "stick_full")
    meter = Meter(watch, stop, meant_for.bytes, "write")
    folder.begin()
    folder.put_words(stick_words.FRENCH, stick_words.of_courier())
    parts: list[Part] = []
    holding = Holding(ws)
    for packed in courier_parts.packed(holding.give()):
        if not folder.holds(packed.part.sha256, packed.part.size):
            folder.put(packed.part.sha256, [packed.data])
            done.copied += packed.part.size
        parts.append(packed.part)
        meter.moved(packed.part.size)
    program_there = before.program if before is not None else None  # a stick gets no poorer by this either
    if program is not None and meant_for.program is not None:
        done.copied += ProgramFolder(folder.root.parent, meant_for.program).write(program, meter.moved)
        program_there = meant_for.program
    along = [*_kept(folder, meant_for.kept, done, meter), *_copied(ws, folder, files, done, meter)]
    number = before.number if before is not None else max(folder.manifests(), default=0)
    found = courier_manifest.made(max(1, number), holding.authority, parts, along, program_there)
    if found != before:
        number += 1
        if number > courier_manifest.LAST_NUMBER:
            raise Refused(Text("The courier on this stick cannot be continued. Delete the folder “dalil-courier” on it, then copy again."),
                          "strange_stick")
        found = courier_manifest.made(number, holding.authority, parts, along, program_there)
        folder.put_manifest(number, courier_manifest.written(found))
    folder.sweep(found.number, {part.sha256 for part in parts} | {piece.sha256 for piece in found.pieces})
    if meant_for.program is not None:
        stick_words.put(folder.root.parent, meant_for.program)
        ProgramFolder(folder.root.parent, meant_for.program).sweep()
    done.parts, done.files, done.program = len(parts), len(along), program_there
    done.bytes = found.bytes + (program_there.bytes if program_there is not None else 0)
    return done


def _before(ws: Workspace, folder: CourierFolder) -> Manifest | None:
    """The courier that is on a stick already; Refused when it is another network's, or a newer program's."""
    try:
        found = next(manifests(folder))
    except (NotFound, Damaged):
        return None
    if found.key != ws.vault.setting("authority"):
        raise Refused(Text("The stick carries the courier of another network. Use another stick, or another folder on it."), "other_network")
    return found


def _kept(folder: CourierFolder, files: Sequence[Attachment], done: Written, meter: Meter) -> Iterator[Attachment]:
    for one in files:
        if all(folder.holds(piece.sha256, piece.size, meter.moved) for piece in one.pieces):
            yield one
        else:
            done.set_aside.append(Text("A file that was on the stick cannot be read any more; it is not on it now: {name}.",
                                       name=next(iter(one.title.values()), one.sha256[:8])))


def _copied(ws: Workspace, folder: CourierFolder, files: Sequence[Along], done: Written, meter: Meter) -> Iterator[Attachment]:
    for one in files:
        try:
            file = courier_files.cut(ws.files, one)
        except (Damaged, NotFound) as failure:  # one bad file keeps nothing else from travelling
            done.set_aside.append(failure.message)
            continue
        for place, piece in enumerate(file.pieces):
            if folder.holds(piece.sha256, piece.size):
                meter.moved(piece.size)
            else:
                folder.put(piece.sha256, courier_files.of_piece(ws.files, file, place), meter.moved)
                done.copied += piece.size
        yield file
