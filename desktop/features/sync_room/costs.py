"""What the next exchange would cost and what this month has: read for the head of the room; knows no widget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from desktop.kit.text import isolate
from i18n import t
from sync import fields as shapes
from sync import traffic
from sync.exchange import agreed, known

__all__ = ["NOTHING", "Costs", "Parcel", "read_costs"]


@dataclass(frozen=True)
class Parcel:
    """A file that waits to leave: its hash, its bytes, what people call it, whether this person wants it to leave whatever it weighs."""

    sha256: str
    size: int
    title: str
    agreed: bool = False


@dataclass(frozen=True)
class Costs:
    """Bytes: `spent` by this computer this month; `up` about what the records that wait take on the way; and the files that wait."""

    spent: int
    up: int
    changes: int
    parcels: tuple[Parcel, ...]


NOTHING = Costs(0, 0, 0, ())


def read_costs(ws: Any) -> Costs:
    """Read it. Raises what the store raises."""
    up, changes, files = known(ws)
    return Costs(traffic.spent(ws), up, changes, tuple(Parcel(sha256, size, _title(ws, sha256), agreed(ws, sha256)) for sha256, size in files))


def _title(ws: Any, sha256: str) -> str:
    for kind in ws.kinds.values():
        for field in kind.fields:
            if field.shape in (shapes.file(), shapes.private_file()):
                found = ws.records(kind.name, f"{field.name} LIKE ?", (f"%{sha256}%",), limit=1)
                if found and found[0].title:
                    return isolate(found[0].title)
    return t("A file")
