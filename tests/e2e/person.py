"""A person at work, as a process of its own: does the orders that it reads, a line each, and says when each is done.

    python person.py FOLDER SKEW

`SKEW` is what this computer's clock is wrong by, in milliseconds. An order is a
JSON list `[name, argument…]`; the answer, once it is on disk, is one JSON line.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from i18n import set_language
from resources import KINDS
from sync.errors import Failure
from sync.exchange import join, sync
from sync.workspace import Workspace, wall_clock


def main(folder: Path, skew: int) -> None:
    """Work until nobody asks for more."""
    set_language("en")
    ws = Workspace(folder, KINDS, clock=lambda: wall_clock() + skew)
    for line in sys.stdin:
        name, *rest = json.loads(line)
        try:
            answer = ORDERS[name](ws, *rest)
        except Failure as failure:
            answer = {"failed": failure.code, "why": str(failure)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _join(ws: Workspace, url: str, code: str, name: str) -> str:
    join(ws, url, code, name)
    return ws.status().role


def _sync(ws: Workspace) -> dict[str, Any]:
    found = sync(ws)
    return {"sent": found.sent, "accepted": found.accepted, "refused": found.refused, "received": found.received}


def _conflicts(ws: Workspace) -> list[Any]:
    return [{"id": one.id, "field": one.field, "values": [value.value for value in one.values]} for one in ws.conflicts()]


ORDERS: dict[str, Any] = {
    "join": _join,
    "add": lambda ws, values: ws.add("organisation", values).id,
    "edit": lambda ws, id, values: ws.edit("organisation", id, values).change,
    "sync": _sync,
    "conflicts": _conflicts,
    "digest": lambda ws: ws.digest(),
    "verify": lambda ws: [str(one) for one in ws.verify()],
    "records": lambda ws: {one.id: dict(one) for one in ws.records("organisation")},
    "waiting": lambda ws: ws.status().waiting,
}

if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
