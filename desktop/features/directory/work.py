"""What the page has done on the data lane: reading, reading again, deleting, bringing back; knows no widget."""

from __future__ import annotations

from typing import Any

from desktop.features.directory.dossier import Dossier, concerns, read
from desktop.kit.tasks import Job
from sync.events import Changed

__all__ = ["Again", "Delete", "Read", "Restore"]


class Read:
    """Reads a record; a project or contact is shown with its organisation."""

    def __init__(self, ws: Any, kind: str, id: str) -> None:
        self._ws, self._kind, self._id = ws, kind, id

    def __call__(self, _job: Job) -> Dossier:
        if self._kind in ("project", "contact"):
            owner = self._ws.get(self._kind, self._id)["organisation"]
            if owner and self._ws.by_ids("organisation", [owner]):
                return read(self._ws, "organisation", owner)
        return read(self._ws, self._kind, self._id)


class Again:
    """Reads what is shown once more if it is concerned by what changed."""

    def __init__(self, ws: Any, shown: Dossier, changed: Changed) -> None:
        self._ws, self._shown, self._changed = ws, shown, changed

    def __call__(self, _job: Job) -> Dossier | None:
        return read(self._ws, *self._shown.key) if concerns(self._ws, self._shown, self._changed) else None


class Delete:
    """Deletes a record; answers (kind, id, title, whether that is for good)."""

    def __init__(self, ws: Any, kind: str, id: str) -> None:
        self._ws, self._kind, self._id = ws, kind, id

    def __call__(self, _job: Job) -> tuple[str, str, str, bool]:
        record = self._ws.get(self._kind, self._id)
        self._ws.delete(self._kind, self._id)
        return self._kind, self._id, record.title, record.kind.final


class Restore:
    """Undoes a deletion; answers (kind, id)."""

    def __init__(self, ws: Any, kind: str, id: str) -> None:
        self._ws, self._kind, self._id = ws, kind, id

    def __call__(self, _job: Job) -> tuple[str, str]:
        self._ws.restore(self._kind, self._id)
        return self._kind, self._id
