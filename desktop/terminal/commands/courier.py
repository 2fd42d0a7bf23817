"""courier write, courier read, sync by a folder: the road of a stick, in words; holds no rule of its own."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.terminal.answer import Answer, Misuse
from desktop.terminal.bringing import carried_said
from desktop.terminal.commands.exchanging import Meter
from i18n import Text, t, tn
from sync.errors import NotFound, Refused
from sync.workspace import Workspace

if TYPE_CHECKING:
    from sync.relay.courier import Progress, Read, Seen
    from sync.relay.courier_writing import Written
    from sync.relay.stick_checking import Checked
    from sync.relay.stick_program import Program


def courier(ws: Workspace, given: Namespace) -> Answer:
    """Write a courier to a stick, read one, or look whether one is whole."""
    place = _place(given)
    program = _program(given)
    with Meter(as_json=given.as_json) as meter:
        if given.deed == "check":
            return _checked(place, meter)
        if given.deed == "read":
            seen, found = _read(ws, place, meter, given.trust)
            return Answer(_read_document(seen, found), lambda: _read_said(seen, found))
        written, staying = _write(ws, place, meter, given.files, program)
        return Answer(_written_document(written, staying), lambda: _written_said(written, staying))


def both_ways(ws: Workspace, place: Path, meter: Meter) -> Answer:
    """What a stick brings, then what this computer gives to it."""
    try:
        seen, found = _read(ws, place, meter, "")
    except NotFound:  # a stick that carries nothing yet
        seen, found = None, None
    written, staying = _write(ws, place, meter, None)

    def lines() -> Iterator[str]:
        if seen is not None and found is not None:
            yield from _read_said(seen, found)
        yield from _written_said(written, staying)

    read = _read_document(seen, found) if seen is not None and found is not None else None
    return Answer({"received": found.taken.received if found else 0, "read": read, "written": _written_document(written, staying)}, lines)


def _place(given: Namespace) -> Path:
    """The stick; without a word of it the one that this program runs from."""
    if given.path is not None:
        return Path(given.path).expanduser().absolute()
    from desktop.bundle import own_stick

    found = own_stick() if given.deed != "write" else None
    if found is None:
        raise Misuse(Text("Something is missing: {what}.", what="PATH"))
    return found


def _program(given: Namespace) -> Path | None:
    """The program that goes along: the installer that is named, else this very program as it was built."""
    if given.installer is not None:
        return Path(given.installer).expanduser().absolute()
    if not given.starter:
        return None
    from desktop.bundle import bundle

    found = bundle()
    if found is None:
        raise Refused(Text("This Dalil runs from its source, so it has no program to copy. Name a built one or an installer with --installer."),
                      "no_program")
    return found


def _checked(place: Path, meter: Meter) -> Answer:
    from sync.relay.stick_checking import check

    found = check(place, lambda progress: _tell(meter, progress))
    document = {"whole": found.is_whole, "network": found.network, "bytes": found.manifest.bytes,
                "program": _program_document(found.manifest.program),
                "torn": {"parts": found.parts, "files": [one.sha256 for one in found.files], "program": found.program}}
    return Answer(document, lambda: _checked_said(found))


def _checked_said(found: Checked) -> Iterator[str]:
    from i18n.values import size

    yield t("The courier of the network {network}: {size}", network=found.network, size=size(found.manifest.bytes))
    if found.manifest.program is not None:
        yield t("The program beside it: “{start}” in “{folder}”, {size}", start=found.manifest.program.start, folder=found.manifest.program.folder,
                size=size(found.manifest.program.bytes))
    if found.is_whole:
        yield t("Every byte is as it was written. That says nothing of who wrote it: compare the network’s code with the secretariat.")
    if found.parts:
        yield t("The records are not whole: write the stick once more.")
    yield from (t("The file “{name}” is not whole.", name=next(iter(one.title.values()), one.sha256[:8])) for one in found.files)
    if found.program:
        yield tn("{n} file of the program is not as it was written: do not start it, write the stick once more.",
                 "{n} files of the program are not as they were written: do not start it, write the stick once more.", len(found.program))


def _read(ws: Workspace, place: Path, meter: Meter, trust: str) -> tuple[Seen, Read]:
    from sync.relay import courier as road

    seen = road.look(ws, place, trust)
    return seen, road.read(ws, place, trust, lambda progress: _tell(meter, progress))


def _write(ws: Workspace, place: Path, meter: Meter, words: list[str] | None, program: Path | None = None) -> tuple[Written, list[Text]]:
    from resources.courier_choice import NONE, chosen
    from sync.relay import courier_writing as road

    choice = chosen(ws, words or [])
    written = road.write(ws, place, choice.files, lambda progress: _tell(meter, progress), keep=words != [NONE], program=program)
    return written, [*choice.staying, *written.set_aside]


def _tell(meter: Meter, progress: Progress) -> None:
    from i18n.values import size

    meter.say(lambda: t("{done} of {total}", done=size(progress.done), total=size(progress.total)))


def _read_document(seen: Seen, found: Read) -> dict[str, Any]:
    taken = found.taken
    return {
        "changes": taken.changes, "changes_known": taken.changes_known,
        "received": taken.received, "sealed": taken.sealed, "parcels": taken.parcels, "known": taken.known, "bytes": found.bytes,
        "bytes_known": seen.known, "files": found.files, "files_known": found.files_known, "files_bytes": found.files_bytes,
        "set_aside": [str(one) for one in dict.fromkeys((*taken.set_aside, *found.set_aside))],
    }


def _written_document(done: Written, staying: list[Text]) -> dict[str, Any]:
    return {
        "parts": done.parts, "files": done.files, "bytes": done.bytes, "bytes_copied": done.copied,
        "received": done.before.received if done.before is not None else 0, "set_aside": [str(one) for one in dict.fromkeys(staying)],
        "program": _program_document(done.program),
    }


def _program_document(program: Program | None) -> dict[str, Any] | None:
    return None if program is None else {"folder": program.folder, "start": program.start, "files": program.count, "bytes": program.bytes}


def _read_said(seen: Seen, found: Read) -> Iterator[str]:
    from i18n.values import size

    taken = found.taken
    yield tn("{n} change received", "{n} changes received", taken.received) + " · " + tn(
        "{n} parcel taken along", "{n} parcels taken along", taken.parcels + taken.sealed) + " · " + tn(
        "{n} known already", "{n} known already", taken.known)
    yield from carried_said(taken.changes, taken.changes_known)
    if seen.files:
        yield tn("{n} file taken", "{n} files taken", found.files) + " · " + tn("{n} here already", "{n} here already", found.files_known)
    yield t("{size} read, {known} of it were here already", size=size(found.bytes + found.files_bytes), known=size(seen.known))
    yield from (str(one) for one in dict.fromkeys((*taken.set_aside, *found.set_aside)))


def _written_said(done: Written, staying: list[Text]) -> Iterator[str]:
    from i18n.values import size

    if done.before is not None and (done.before.received or done.before.parcels or done.before.sealed):
        yield t("What the stick already carried was taken here first, and goes on with it.")
    yield t("The courier holds {bytes}, {copied} of it copied now", bytes=size(done.bytes), copied=size(done.copied)) + (
        " · " + tn("{n} file", "{n} files", done.files) if done.files else "")
    if done.program is not None:
        yield t("The program is on it: who gets the stick opens “{folder}” and starts “{start}”. Nothing starts by itself.",
                folder=done.program.folder, start=done.program.start)
    yield from (str(one) for one in dict.fromkeys(staying))


RUN = {"courier": courier}
