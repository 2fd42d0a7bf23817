"""The writes of the library, each a piece of work for a lane; knows no widget."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from desktop.kit.tasks import Job
from resources import kept_files
from resources.kept_files import may_leave
from sync.form import Form

__all__ = ["Attach", "Delete", "Keep", "LetGo", "Recover", "Restore", "Save"]


class Keep:
    """Keeps a draft, or with None forgets it."""

    def __init__(self, ws: Any, kind: str, id: str, draft: dict[str, Any] | None) -> None:
        self._ws, self._kind, self._id, self._draft = ws, kind, id, draft

    def __call__(self, _job: Job) -> None:
        if self._draft is None:
            self._ws.drop_draft(self._kind, self._id)
        else:
            self._ws.keep_draft(self._kind, self._id, self._draft)


class Save:
    """One save with its file; answers the record's id. The file is copied first, so that a full disk leaves no half record."""

    def __init__(self, ws: Any, key: tuple[str, str], values: dict[str, Any], *, opened: Form | None, path: Path | None) -> None:
        self._ws, (self._kind, self._id), self._values, self._opened, self._path = ws, key, values, opened, path

    def __call__(self, _job: Job) -> str:
        ws, kind = self._ws, self._kind
        if self._path is not None:
            kept_files.take(ws, self._path)
        if self._id:
            id, before = self._id, self._opened.record
            ws.edit(kind, id, self._values, self._opened)
            if kind == "item" and not may_leave(before["licence"]) and may_leave(self._values.get("licence", before["licence"])):
                kept_files.hand_over(ws, ws.get(kind, id))
        else:
            id = ws.add(kind, {name: value for name, value in self._values.items() if value is not None}).id
        if self._path is not None:
            kept_files.attach(ws, id, self._path, self._values.get("licence"))
        ws.drop_draft(kind, self._id or "new")
        return id


class Attach:
    """Gives an item that is here its file."""

    def __init__(self, ws: Any, id: str, path: Path) -> None:
        self._ws, self._id, self._path = ws, id, path

    def __call__(self, _job: Job) -> None:
        kept_files.take(self._ws, self._path)
        kept_files.attach(self._ws, self._id, self._path, self._ws.get("item", self._id)["licence"])


class Delete:
    def __init__(self, ws: Any, kind: str, id: str) -> None:
        self._ws, self._kind, self._id = ws, kind, id

    def __call__(self, _job: Job) -> None:
        self._ws.delete(self._kind, self._id)


class Restore:
    def __init__(self, ws: Any, kind: str, id: str) -> None:
        self._ws, self._kind, self._id = ws, kind, id

    def __call__(self, _job: Job) -> None:
        self._ws.restore(self._kind, self._id)


class LetGo:
    """Removes the local copy of an item's file; an earlier removal can then no longer be undone."""

    def __init__(self, ws: Any, id: str) -> None:
        self._ws, self._id = ws, id

    def __call__(self, _job: Job) -> None:
        self._ws.files.sweep()
        kept_files.let_go(self._ws, self._ws.get("item", self._id))


class Recover:
    """Brings a removed copy back; answers whether it could."""

    def __init__(self, ws: Any, sha256: str) -> None:
        self._ws, self._sha256 = ws, sha256

    def __call__(self, _job: Job) -> bool:
        return bool(self._ws.files.recover(self._sha256))
