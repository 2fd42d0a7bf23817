"""Taking a file or a folder into a workspace: what is added, filled in, proposed or refused; knows no format's inside."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from i18n import Text
from resources import KINDS, consenting, contact, duplicates
from resources.formats.incoming import Attachment, Incoming, Read, Rejected
from resources.formats.sniff import READERS, format_of, found_in
from resources.formats.table import read as read_table
from sync.errors import Cancelled, Failure, Invalid, NotFound
from sync.record import Record

# A batch is one transaction: long enough to be fast, short enough that others may write in between.
_TOGETHER = 500
_NOTHING: Mapping[str, Collection[str]] = {}


class Target(Protocol):
    """What an import needs of a workspace."""

    def get(self, kind: str, id: str) -> Record: ...

    def records(self, kind: str) -> list[Record]: ...

    def history(self, kind: str, id: str) -> Sequence[Any]: ...

    def add(self, kind: str, values: dict[str, Any], scope: str | None = None, id: str | None = None) -> Any: ...

    def edit(self, kind: str, id: str, values: dict[str, Any]) -> Any: ...

    def delete(self, kind: str, id: str) -> Any: ...

    def attach(self, kind: str, id: str, path: Path) -> Any: ...

    def together(self) -> AbstractContextManager[None]: ...


@dataclass(slots=True)
class Imported:
    """What an import did. `duplicates` are proposals for people: nothing was merged.

    `left_out` are the records of which something was not taken since whoever imports may not write it.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicates: list[duplicates.Group] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    added_by_kind: dict[str, int] = field(default_factory=dict)
    left_out: int = 0

    def to_json(self) -> dict[str, Any]:
        """The answer of `import --json`."""
        return {
            "added": self.added, "updated": self.updated, "unchanged": self.unchanged, "duplicates": len(self.duplicates),
            "added_by_kind": self.added_by_kind, "left_out": self.left_out,
            "proposals": [{"ids": [record.id for record in group.records], "names": [record.title for record in group.records],
                           "why": str(group.why)} for group in self.duplicates],
            "rejected": [{"file": str(one.file), "row": one.row, "reason": str(one.reason)} for one in self.rejected],
        }


def import_into(target: Target, path: Path, as_format: str | None = None,
                progress: Callable[[int, str], bool | None] | None = None, closed: Mapping[str, Collection[str]] = _NOTHING) -> Imported:
    """Take in what a file or a folder holds.

    `as_format` is a format's name, or a kind's for a table of that kind; else
    it is found by looking. `progress(done, file name)` is called as it goes
    and stops the import by answering False: whole batches before stay.
    `closed` are fields by kind that whoever imports may not write: a mark that
    the server would refuse, and the whole record with it, is left out.
    Raises a Failure when the one file asked for cannot be read at all; within
    a folder that is a rejection like others.
    """
    if not path.exists():
        raise NotFound(Text("“{file}” is not here. Check the name of the file.", file=str(path)))
    sources = list(found_in(path)) if as_format is None else [(path, as_format)]
    if not sources:
        raise Invalid(Text("“{file}” is in no form that can be imported. Known: {formats}.", file=path.name, formats=", ".join(READERS)))
    import_ = _Import(target, progress, closed)
    for file, name in sources:
        try:
            import_.take(_reader(name)(file), file)
        except Failure as failure:
            if file == path or isinstance(failure, Cancelled):
                raise
            import_.done.rejected.append(Rejected(file, 0, failure.message))
    import_.propose()
    return import_.done


def _reader(name: str) -> Callable[[Path], Read]:
    if name in READERS:
        return READERS[name]
    if name in KINDS:
        return lambda path: read_table(path, KINDS[name])
    raise Invalid(Text("There is no format called “{name}”. Known: {formats}.", name=name, formats=", ".join((*READERS, *KINDS))))


class _Import:
    """One run: what was done so far and which organisations it met."""

    def __init__(self, target: Target, progress: Callable[[int, str], bool | None] | None, closed: Mapping[str, Collection[str]]) -> None:
        self.target = target
        self.closed = closed
        self.progress = progress
        self.done = Imported()
        self.met: set[str] = set()
        self.count = 0

    def take(self, read: Iterable[Incoming | Rejected], file: Path) -> None:
        batch: list[Incoming] = []
        for one in read:
            if isinstance(one, Rejected):
                self.done.rejected.append(one)
                continue
            batch.append(one)
            if len(batch) == _TOGETHER:
                self._write(batch, file)
                batch = []
        self._write(batch, file)

    def propose(self) -> None:
        """Look for organisations that may be the same among those met and those there."""
        if self.met:
            self.done.duplicates = duplicates.groups(self.target.records("organisation"), self.met)

    def _write(self, batch: list[Incoming], file: Path) -> None:
        # files are made before the transaction and removed after it
        with tempfile.TemporaryDirectory(prefix="dalil-import-") as folder, self.target.together():
            for one in batch:
                self._one(one, Path(folder))
        self.count += len(batch)
        if batch and self.progress is not None and self.progress(self.count, file.name) is False:
            raise Cancelled

    def _one(self, one: Incoming, folder: Path) -> None:
        problem = self._refused(one)
        if problem is not None:
            self.done.rejected.append(Rejected(one.file, one.row, problem))
            return
        if one.kind == "organisation":
            self.met.add(one.record_id)
        try:
            record = self.target.get(one.kind, one.record_id)
        except NotFound:
            if self.target.history(one.kind, one.record_id):
                self.done.unchanged += 1  # somebody deleted it: an import does not bring it back
            else:
                self._add(one, folder)
            return
        self._fill(one, record, folder)

    def _refused(self, one: Incoming) -> Text | None:
        """Why a record would be wrong as a whole; for one that is already there, its fields alone count."""
        kind = KINDS[one.kind]
        if one.kind == "person":
            return Text("People write their own name; it cannot be imported.")
        parts = kind.split(one.values)
        for path, value in parts.items():
            for problem in kind.problems_of(path, value):
                return Text("{field}: {problem}", field=path[:60], problem=problem.message)
        return None

    def _open(self, kind: str, values: dict[str, Any]) -> dict[str, Any]:
        """The values that whoever imports may write."""
        kept = {name: value for name, value in values.items() if name not in self.closed.get(kind, ())}
        self.done.left_out += len(kept) < len(values)
        return kept

    def _add(self, one: Incoming, folder: Path) -> None:
        kind = KINDS[one.kind]
        values = self._open(one.kind, one.values)
        for problem in kind.problems_of_new(kind.split(values)):
            self.done.rejected.append(Rejected(one.file, one.row, Text("{field}: {problem}", field=problem.path[:60], problem=problem.message)))
            return
        try:
            scope = contact.scope_for(values.get("consent")) if one.kind == "contact" else None
            self.target.add(one.kind, values, scope, id=one.record_id)
        except Failure as failure:
            self.done.rejected.append(Rejected(one.file, one.row, failure.message))
            return
        if one.attachment is not None:
            self._attach(one, one.attachment, folder)
        self.done.added += 1
        self.done.added_by_kind[one.kind] = self.done.added_by_kind.get(one.kind, 0) + 1

    def _fill(self, one: Incoming, record: Record, folder: Path) -> None:
        """Write what a row with an id says; otherwise only fields that nobody has filled in or emptied."""
        if one.id is not None:
            wanted = {name: value for name, value in one.values.items() if record[name] != value}
        else:
            wanted = {name: value for name, value in one.values.items() if record[name] is None}
            if wanted:
                written = {event.field.partition(".")[0].partition("#")[0] for event in self.target.history(one.kind, record.id)}
                wanted = {name: value for name, value in wanted.items() if name not in written}
        wanted = self._open(one.kind, wanted)
        if wanted and one.kind == consenting.CONTACT:
            consenting.edited(self.target, record.id, wanted)
        elif wanted:
            self.target.edit(one.kind, record.id, wanted)
        missing = one.attachment is not None and record["file"] is None
        if missing and one.attachment is not None:
            self._attach(one, one.attachment, folder)
        if wanted or missing:
            self.done.updated += 1
        else:
            self.done.unchanged += 1

    def _attach(self, one: Incoming, attachment: Attachment, folder: Path) -> None:
        file = folder / attachment.name
        file.write_bytes(attachment.content)
        self.target.attach(one.kind, one.record_id, file)


__all__ = ["Imported", "Target", "format_of", "import_into"]
