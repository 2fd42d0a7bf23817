"""What was typed and not saved, with what its author had before their eyes; knows no widget.

A draft is `{"values": by path of the form, "shown": parts, "seen": token}`; the last two are absent for a new record.
"""

from __future__ import annotations

from typing import Any

from sync.form import Form, seen_of_token

__all__ = ["NEW", "Drafts", "form_of", "packed"]

NEW = "new"


class Drafts:
    """Drafts by kind and id. They are kept in the workspace when it can, else in memory while the app runs."""

    def __init__(self, workspace: Any) -> None:
        self._ws = workspace if hasattr(workspace, "keep_draft") else None
        self._kept: dict[tuple[str, str], dict[str, Any]] = {}

    def keep(self, kind: str, id: str, draft: dict[str, Any]) -> None:
        if self._ws is None:
            self._kept[kind, id] = draft
        else:
            self._ws.keep_draft(kind, id, draft)

    def get(self, kind: str, id: str) -> dict[str, Any] | None:
        return self._kept.get((kind, id)) if self._ws is None else self._ws.draft(kind, id)

    def drop(self, kind: str, id: str) -> None:
        if self._ws is None:
            self._kept.pop((kind, id), None)
        else:
            self._ws.drop_draft(kind, id)


def packed(values: dict[str, Any], opened: Form | None) -> dict[str, Any]:
    """The draft of typed values and of the form that was opened."""
    return {"values": values} if opened is None else {"values": values, "shown": dict(opened.parts), "seen": opened.token}


def form_of(draft: dict[str, Any], now: Form) -> Form:
    """The form as it was opened when the draft was begun; `now` is the one of this moment."""
    if "seen" not in draft:
        return now
    return Form(now.kind, now.id, now.record, dict(draft["shown"]), seen_of_token(draft["seen"], now.id))
