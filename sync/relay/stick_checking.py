"""Looks whether all of a stick is as its manifest says, and which stick a program stands on; takes nothing and knows no record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sync.relay.courier import Meter, Stop, Watch, manifests
from sync.relay.courier_folder import NAME, CourierFolder
from sync.relay.courier_manifest import Attachment, Manifest, shown_network
from sync.relay.stick_program_writing import ProgramFolder


@dataclass(slots=True)
class Checked:
    """What a stick holds, compared byte by byte: torn `parts` of the records, torn attachments, paths of the program that are not right."""

    manifest: Manifest
    parts: int = 0
    files: list[Attachment] = field(default_factory=list)
    program: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether all of it can be used."""
        return not (self.parts or self.files or self.program)

    @property
    def network(self) -> str:
        """The network’s code, as people compare it."""
        return shown_network(self.manifest.key)


def check(place: Path, watch: Watch = lambda _: None, stop: Stop = lambda: False) -> Checked:
    """Compare every byte of a stick with its newest whole manifest. NotFound where there is no courier, Damaged where no manifest is whole.

    That a stick is whole says that it arrived as it was written, not by whom.
    """
    folder = CourierFolder(place)
    manifest = next(manifests(folder))
    program = manifest.program
    meter = Meter(watch, stop, manifest.bytes + (program.bytes if program is not None else 0), "check")
    found = Checked(manifest)
    found.parts = sum(not folder.holds(one.sha256, one.size, meter.moved) for one in manifest.parts)
    found.files = [one for one in manifest.files if not _holds(folder, one, meter.moved)]
    if program is not None:
        found.program = ProgramFolder(folder.root.parent, program).lacking(meter.moved)
    return found


def stick_under(program: Path) -> Path | None:
    """The stick that a program stands on: the nearest folder above it in which a courier lies beside; None on a PC."""
    for folder in program.parents:
        if (folder / NAME).is_dir():
            return folder
    return None


def _holds(folder: CourierFolder, file: Attachment, moved: Callable[[int], None]) -> bool:
    return all(folder.holds(piece.sha256, piece.size, moved) for piece in file.pieces)
