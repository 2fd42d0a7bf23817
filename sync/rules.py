"""What the authority asks of a change before anybody's rights: well written, and right by the rules of its kind; knows no database."""

from __future__ import annotations

from typing import Any

from sync import codec
from sync.change import Change, Operation
from sync.errors import Problem
from sync.merge import State

OPERATIONS = {Operation.CREATE: "create", Operation.EDIT: "edit", Operation.DELETE: "delete", Operation.RESTORE: "restore"}


def is_well_formed(change: Change) -> bool:
    """Whether a change is written as the format wants it, whatever its kind."""
    paths = [write.path for write in change.writes]
    return (
        len(change.record) == 16
        and change.operation in OPERATIONS
        and 0 < len(change.kind) <= 40 and change.kind.isprintable()
        and len(set(paths)) == len(paths) <= 1000
        and all(0 < len(path) <= 300 for path in paths)
        and all(len(each) == 14 for write in change.writes for each in write.seen)
        and all(codec.plain(write.value) for write in change.writes)
    )


def first_problem(change: Change, state: State | None, kind: Any) -> Problem | None:
    """What the rules of its kind first find wrong: a creation is looked at whole, an edit part by part."""
    if change.operation in (Operation.DELETE, Operation.RESTORE) or not kind.fields:
        return None
    parts = {write.path: write.value for write in change.writes}
    found = kind.problems_of_new(parts) if state is None else (one for path, value in parts.items() for one in kind.problems_of(path, value))
    return next(iter(found), None)
