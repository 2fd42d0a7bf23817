"""import and export: files in, files out; formats are known by `resources` alone."""

from __future__ import annotations

import json
import os
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from desktop.terminal.answer import Answer
from desktop.terminal.columns import columns
from desktop.terminal.commands.exchanging import Meter
from i18n import Text, language, t, tn
from sync.errors import Failure, Invalid
from sync.workspace import Workspace

FORMATS = ("jsonl", "csv", "hsds")


def import_(ws: Workspace, given: Namespace) -> Answer:
    """Take in a file or a folder; every row that is not taken is named with its reason."""
    from resources.importing import import_into
    from resources.rights import limits

    with Meter(as_json=given.as_json) as meter:
        def tell(done: int, file: str) -> None:
            meter.say(lambda: tn("{n} record of {file}", "{n} records of {file}", done, file=file))

        closed = {name: limits(ws, kind).closed for name, kind in ws.kinds.items() if kind.rights}
        done = import_into(ws, Path(given.file).expanduser(), given.as_format, tell, closed)

    def lines() -> Iterator[str]:
        yield t("{added} added, {updated} completed, {unchanged} unchanged", added=done.added, updated=done.updated, unchanged=done.unchanged)
        if done.left_out:
            yield tn("The mark of verification of {n} record was left out: only the secretariat sets it.",
                     "The marks of verification of {n} records were left out: only the secretariat sets them.", done.left_out)
        if done.duplicates:
            yield tn("{n} group that may be the same organisation; nothing was merged:",
                     "{n} groups that may be the same organisation; nothing was merged:", len(done.duplicates))
            for group in done.duplicates:
                yield "  " + " = ".join(record.title for record in group.records) + f" ({group.why})"
        if done.rejected:
            yield tn("{n} row not taken:", "{n} rows not taken:", len(done.rejected))
            yield from columns(((str(one.file), str(one.row) if one.row else "", str(one.reason)) for one in done.rejected), "  ")

    return Answer(done.to_json(), lines)


def export(ws: Workspace, given: Namespace) -> Answer:
    """Write records to a file: `jsonl` is the canonical form of what is confirmed, csv and hsds what is shown."""
    if given.format not in FORMATS:
        raise Invalid(Text("There is no format called “{name}”. Known: {formats}.", name=given.format[:40], formats=", ".join(FORMATS)))
    kind = ws.kinds[given.kind].name if given.kind is not None else None
    path = Path(given.path).expanduser()
    count = {"jsonl": _jsonl, "csv": _csv, "hsds": _hsds}[given.format](ws, path, kind)
    return Answer({"path": str(path), "records": count}, lambda: [tn("{n} record in {path}", "{n} records in {path}", count, path=str(path))])


def _jsonl(ws: Workspace, path: Path, kind: str | None) -> int:
    kept = list(ws.export_lines(kind))
    _write(path, lambda out: out.writelines(line + b"\n" for line in kept))
    return len(kept)


def _csv(ws: Workspace, path: Path, kind: str | None) -> int:
    from resources.formats.table_write import write

    name = kind or "organisation"
    records = ws.records(name)
    _write(path, lambda out: write(ws.kinds[name], records, out))
    return len(records)


def _hsds(ws: Workspace, path: Path, kind: str | None) -> int:
    from resources.formats.hsds_write import organization

    if kind not in (None, "organisation"):
        raise Invalid(Text("HSDS describes organisations. Export other kinds as csv or jsonl."))
    places: dict[str, list[object]] = {}
    for place in ws.records("place"):
        if place["organisation"]:
            places.setdefault(place["organisation"], []).append(place)
    found = [organization(one, places.get(one.id, ()), language()) for one in ws.records("organisation")]
    _write(path, lambda out: out.write(json.dumps(found, ensure_ascii=False, indent=1).encode()))
    return len(found)


def _write(path: Path, fill: Callable[[BinaryIO], object]) -> None:
    """The whole file or none: what stood there stays until the new one is complete."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with fresh.open("wb") as out:
            fill(out)
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise Failure(Text("{path} cannot be read or written: {why}.", path=str(path), why=error.strerror or ""), "file") from error


RUN = {"import": import_, "export": export}
