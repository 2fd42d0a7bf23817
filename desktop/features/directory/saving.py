"""What a form has done on the data lane: drafts kept, a record saved, organisations found by name; knows no widget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from desktop.features.directory.drafts import NEW
from desktop.kit.tasks import Job
from resources import consenting
from resources.contact import scope_for
from sync.form import Form

__all__ = ["Keep", "Save", "Target"]


@dataclass(frozen=True)
class Target:
    """What is edited: a record (`id`), or a new one (`id` "") of an organisation if one is named."""

    kind: str
    id: str = ""
    organisation: str = ""

    @property
    def draft_id(self) -> str:
        """Under which id its draft is kept."""
        return self.id or (f"{NEW}:{self.organisation}" if self.organisation else "")


class Keep:
    """Keeps a draft."""

    def __init__(self, ws: Any, target: Target, draft: dict[str, Any]) -> None:
        self._ws, self._target, self._draft = ws, target, draft

    def __call__(self, _job: Job) -> None:
        self._ws.keep_draft(self._target.kind, self._target.draft_id, self._draft)


class Save:
    """One save on the data lane; answers the record's id."""

    def __init__(self, ws: Any, target: Target, whole: dict[str, Any], opened: Form | None) -> None:
        self._ws, self._target, self._whole, self._opened = ws, target, whole, opened

    def __call__(self, _job: Job) -> str:
        kind, opened = self._target.kind, self._opened
        if opened is None:
            id = self._added(self._whole)
        elif kind == consenting.CONTACT:
            id = consenting.edited(self._ws, opened.id, self._whole, opened).id
        else:
            id = self._ws.edit(kind, opened.id, self._whole, opened).id
        self._ws.drop_draft(kind, self._target.draft_id)
        return id

    def _added(self, whole: dict[str, Any]) -> str:
        values = {name: value for name, value in whole.items() if value is not None}
        scope = scope_for(values.get("consent")) if self._target.kind == "contact" else None
        return self._ws.add(self._target.kind, values, scope).id
