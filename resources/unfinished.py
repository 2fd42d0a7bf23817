"""What was begun and not saved: the drafts on this PC; knows no form and no page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from resources import KINDS
from sync.record import best


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft: of which kind, of which record (`id`, or how its page calls a new one), and what it is called so far."""

    kind: str
    id: str
    title: str
    new: bool


def drafts(ws: Any, limit: int = 20) -> list[Draft]:
    """Drafts of kinds that this program knows."""
    found = []
    for kind, id in ws.rows("SELECT kind, id FROM draft ORDER BY rowid DESC LIMIT ?", (limit,)):
        if kind in KINDS:
            existing = ws.by_ids(kind, [id]) if len(id) == 36 else []
            found.append(Draft(kind, id, existing[0].title if existing else _typed(ws, kind, id), not existing))
    return found


def _typed(ws: Any, kind: str, id: str) -> str:
    """The title typed so far."""
    content = ws.draft(kind, id)
    values = content.get("values") if isinstance(content, dict) else None
    typed = (values or {}).get(KINDS[kind].title)
    return best(typed, "fr") if isinstance(typed, dict) else str(typed or "")
