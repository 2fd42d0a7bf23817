"""What the authority asks of a change before anybody's rights: well written, and right by the rules of its kind; knows no database."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sync import codec
from sync.change import Change, Operation
from sync.errors import Problem
from sync.merge import State
from sync.record import Kind, Kinds
from sync.scopes import family

OPERATIONS = {Operation.CREATE: "create", Operation.EDIT: "edit", Operation.DELETE: "delete", Operation.RESTORE: "restore"}


def is_well_formed(change: Change) -> bool:
    """Whether a change is written as the format wants it, whatever its kind."""
    paths = {write.path for write in change.writes}
    if (len(change.record) != 16 or change.operation not in OPERATIONS or not 0 < len(change.kind) <= 40 or not change.kind.isprintable()
            or not len(paths) == len(change.writes) <= 1000):
        return False
    for write in change.writes:
        if not 0 < len(write.path) <= 300 or (write.seen and any(len(each) != 14 for each in write.seen)):
            return False
        if type(write.value) is not str and not codec.plain(write.value):
            return False
    return True


def right_columns(changes: Iterable[Change | None], kinds: Kinds) -> dict[str, set[str]]:
    """By kind, the paths of which every value in a run of changes is right: looked at together, which is much quicker."""
    columns: dict[str, dict[str, list[Any]]] = {}
    for change in changes:
        if change is not None and change.operation in (Operation.CREATE, Operation.EDIT):
            by_path = columns.setdefault(change.kind, {})
            for write in change.writes:
                column = by_path.get(write.path)
                if column is None:
                    by_path[write.path] = [write.value]
                else:
                    column.append(write.value)
    return {name: {path for path, values in by_path.items() if kind.are_right(path, values)}
            for name, by_path in columns.items() if (kind := kinds.known_or_bare(name)).fields}


def asked_by(change: Change, kind: Kind) -> Iterable[str]:
    """The rights that a change needs: to do what it does, and to write fields that not everybody may."""
    yield OPERATIONS[Operation(change.operation)]
    if kind.rights and change.operation in (Operation.CREATE, Operation.EDIT):
        yield from sorted({kind.rights[write.path] for write in change.writes if write.path in kind.rights})


def is_misplaced(change: Change, kind: Kind, scope: str) -> bool:
    """Whether what a change writes may not stand in its scope: a consent that is narrower, or wider, than that."""
    return kind.place is not None and kind.place({write.path: write.value for write in change.writes}) not in ("", family(scope))


def first_problem(change: Change, state: State | None, kind: Kind, right: Collection[str] = ()) -> Problem | None:
    """What the rules of its kind first find wrong: a creation is looked at whole, an edit part by part.

    `right` are paths of which the values were looked at already.
    """
    if change.operation in (Operation.DELETE, Operation.RESTORE) or not kind.fields:
        return None
    parts = {write.path: write.value for write in change.writes}
    found = kind.problems_of_new(parts, right) if state is None else (
        one for path, value in parts.items() if path not in right and not kind.is_right(path, value) for one in kind.problems_of(path, value))
    return next(iter(found), None)
