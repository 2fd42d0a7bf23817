"""What a person saved and what became of it, in words for a list; knows no screen and no network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from i18n import Text
from sync.overlay import PREFIX, Overlay
from sync.reasons import reason_text
from sync.record import Kinds
from sync.store import Store
from sync.tables import table_of
from sync.vault import REFUSED, Pending


@dataclass(frozen=True, slots=True)
class Item:
    """One save. `state` is `waiting`, `carried` (it may have left this PC), `accepted` or `refused` with its `reason`."""

    change: str
    id: str
    kind: str
    title: str
    operation: int
    fields: dict[str, Any]
    state: str
    reason: Text | None
    time: int
    number: int | None


def items(store: Store, overlay: Overlay, kinds: Kinds) -> list[Item]:
    """The outbox, the newest first."""
    pendings = overlay.vault.outbox()
    titles = _titles(store, kinds, pendings)
    return [_item(one, titles.get(one.record, "")) for one in pendings]


def _item(one: Pending, title: str) -> Item:
    change = one.change
    fields = {write.path: write.value for write in change.writes if write.value is not None or change.operation == 0}
    state = "carried" if one.state == "waiting" and one.tried else one.state
    reason = reason_text(one.reason) if one.state == REFUSED and one.reason else None
    return Item(one.dot.hex(), one.record, one.kind, title or _typed_title(fields), change.operation, fields, state, reason,
                change.time, one.number)


def _typed_title(fields: dict[str, Any]) -> str:
    """The name typed into a record that is not here (its creation was refused)."""
    return next((str(value) for path, value in fields.items() if path.split(".")[0] in ("name", "title")), "")


def _titles(store: Store, kinds: Kinds, pendings: list[Pending]) -> dict[str, str]:
    """Titles by record, also of records that are hidden by now."""
    found: dict[str, str] = {}
    for name in {one.kind for one in pendings if one.kind in kinds}:
        table = table_of(kinds[name])
        ids = sorted({one.record for one in pendings if one.kind == name})
        for schema in ("pub.", "main.", f"main.{PREFIX}"):
            for row in store.among(f"SELECT {table.select} FROM {schema}{table.name} WHERE id IN (?)", ids):
                found[row[0]] = table.record(row).title
    return found
