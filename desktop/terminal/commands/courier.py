"""courier write, courier read, sync by a folder: the road of a stick, in words; holds no rule of its own."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.terminal.answer import Answer
from desktop.terminal.bringing import carried_said
from desktop.terminal.commands.exchanging import Meter
from i18n import Text, t, tn
from sync.errors import NotFound
from sync.workspace import Workspace

if TYPE_CHECKING:
    from sync.relay.courier import Progress, Read, Seen
    from sync.relay.courier_writing import Written


def courier(ws: Workspace, given: Namespace) -> Answer:
    """Write a courier to a stick, or read one."""
    place = Path(given.path).expanduser().absolute()
    with Meter(as_json=given.as_json) as meter:
        if given.deed == "read":
            seen, found = _read(ws, place, meter, given.trust)
            return Answer(_read_document(seen, found), lambda: _read_said(seen, found))
        written, staying = _write(ws, place, meter, given.files)
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


def _read(ws: Workspace, place: Path, meter: Meter, trust: str) -> tuple[Seen, Read]:
    from sync.relay import courier as road

    seen = road.look(ws, place, trust)
    return seen, road.read(ws, place, trust, lambda progress: _tell(meter, progress))


def _write(ws: Workspace, place: Path, meter: Meter, words: list[str] | None) -> tuple[Written, list[Text]]:
    from resources.courier_choice import NONE, chosen
    from sync.relay import courier_writing as road

    choice = chosen(ws, words or [])
    written = road.write(ws, place, choice.files, lambda progress: _tell(meter, progress), keep=words != [NONE])
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
    }


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
    yield from (str(one) for one in dict.fromkeys(staying))


RUN = {"courier": courier}
