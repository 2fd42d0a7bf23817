"""Drafts in the workspace: what was typed and not saved, with what its author had before their eyes; knows no widget.

A draft is `{"values": by path of the form, "shown": parts, "seen": token}`; the last two are absent for a new record.
"""

from __future__ import annotations

from typing import Any

from sync.form import Form, seen_of_token

__all__ = ["NEW", "form_of", "packed"]

NEW = "new"


def packed(values: dict[str, Any], opened: Form | None) -> dict[str, Any]:
    """The draft of typed values and of the form that was opened."""
    return {"values": values} if opened is None else {"values": values, "shown": dict(opened.parts), "seen": opened.token}


def form_of(draft: dict[str, Any], now: Form) -> Form:
    """The form as it was opened when the draft was begun; `now` is the one of this moment."""
    if "seen" not in draft:
        return now
    return Form(now.kind, now.id, now.record, dict(draft["shown"]), seen_of_token(draft["seen"], now.id))
