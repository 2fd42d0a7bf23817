"""What the history page has done on the data lane: reading, undoing, undoing that again, listing a device's work; knows no widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from desktop.features.history.dossier import Dossier, read
from desktop.kit.tasks import Job
from resources import undoing
from sync.form import Form
from sync.undoing import undo_all
from sync.undoing_since import Plan

__all__ = ["Done", "List", "Read", "Revert", "Undo", "UndoDevice"]


@dataclass(frozen=True)
class Done:
    """What was saved, as (kind, id, change) each; `left`: how many fields stay as they are, because others stand there by now."""

    changes: tuple[tuple[str, str, str], ...]
    left: int = 0


class Read:
    """Reads the past of a record."""

    def __init__(self, ws: Any, kind: str, id: str) -> None:
        self._ws, self._kind, self._id = ws, kind, id

    def __call__(self, _job: Job) -> Dossier:
        return read(self._ws, self._kind, self._id)


class Undo:
    """Undoes a save, or one field of it (`field` is None for all), over what was shown."""

    def __init__(self, ws: Any, kind: str, id: str, change: str, field: str | None, form: Form | None) -> None:
        self._ws = ws
        self._asked = kind, id, change, field, form

    def __call__(self, _job: Job) -> Done:
        kind, id = self._asked[:2]
        found = undoing.undo(self._ws, *self._asked)
        return Done(((kind, id, found.saved.change),) if found.saved.change else (), len(found.left))


class Revert:
    """Undoes what was just done, all of it or nothing."""

    def __init__(self, ws: Any, done: Done) -> None:
        self._ws, self._done = ws, done

    def __call__(self, _job: Job) -> Done:
        undo_all(self._ws, reversed(self._done.changes))
        return Done(())


class List:
    """Lists what undoing a device's work would do; with the titles of the records, by id."""

    def __init__(self, ws: Any, device: str, since: int, scope: str) -> None:
        self._ws, self._asked = ws, (device, since, scope)

    def __call__(self, _job: Job) -> tuple[Plan, dict[str, str]]:
        found = undoing.plan(self._ws, *self._asked)
        return found, {one.id: undoing.title_of(self._ws, one) for one in _first_of_each(found.steps)}


class UndoDevice:
    """Does what was listed."""

    def __init__(self, ws: Any, listed: Plan) -> None:
        self._ws, self._listed = ws, listed

    def __call__(self, _job: Job) -> Done:
        saved = undoing.carry_out(self._ws, self._listed)
        return Done(tuple((kind, one.id, one.change) for kind, one in saved if one.change))


def _first_of_each(steps: Sequence[Any]) -> list[Any]:
    return list({one.id: one for one in reversed(steps)}.values())
