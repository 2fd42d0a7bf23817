"""Somebody at a PC that many use, as a process of its own: opens their place as the app does, then does the orders that it reads, a line each.

    python seat.py FOLDER NAME

The phrase, where one is needed, stands in DALIL_SECRET. The first line that it
says is `"open"`, or a failure, and it ends. An order is a JSON list `[name,
argument…]`; the answer, once it is on disk, is one JSON line.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from tests.e2e.launch import prepare

prepare()

from desktop.terminal import opening  # noqa: E402 - the kinds and the clock come first
from i18n import set_language  # noqa: E402
from resources import KINDS  # noqa: E402
from resources.search import search  # noqa: E402
from sync.errors import Failure  # noqa: E402
from sync.exchange import join, sync  # noqa: E402
from sync.posting import Posting  # noqa: E402
from sync.relay.parcels import opened_batch  # noqa: E402
from sync.workspace import Workspace  # noqa: E402


def main(folder: Path, name: str) -> None:
    """Work until nobody asks for more."""
    set_language("en")
    try:
        ws = opening.workspace(folder, name, os.environ.get("DALIL_SECRET"))
    except Failure as failure:
        say(_failed(failure))
        return
    say("open")
    for line in sys.stdin:
        order, *rest = json.loads(line)
        try:
            say(ORDERS[order](ws, *rest))
        except Failure as failure:
            say(_failed(failure))
    ws.close()


def say(answer: Any) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _failed(failure: Failure) -> dict[str, str]:
    return {"failed": failure.code, "why": str(failure)}


def _join(ws: Workspace, url: str, code: str, name: str) -> dict[str, str]:
    join(ws, url, code, name)
    status = ws.status()
    return {"role": status.role, "person": status.person, "device": ws.vault.word("device")}


def _sync(ws: Workspace) -> dict[str, Any]:
    one = sync(ws)
    return {"sent": one.sent, "accepted": one.accepted, "refused": one.refused, "received": one.received, "carried": one.carried, "files": one.files,
            "bytes_down": one.bytes_down, "bytes_up": one.bytes_up, "set_aside": [str(each) for each in one.set_aside]}


def _reached(ws: Workspace, url: str) -> str:
    """The server is reached at another address from here on."""
    with ws.store.transaction():
        ws.vault.keep("server", url)
    return url


def _outbox(ws: Workspace) -> list[dict[str, Any]]:
    return [{"id": one.id, "kind": one.kind, "change": one.change, "state": one.state, "reason": str(one.reason or ""), "fields": one.fields}
            for one in ws.outbox()]


def _records(ws: Workspace, kind: str) -> dict[str, Any]:
    return {one.id: {name: value for name, value in dict(one).items() if value is not None} for one in ws.records(kind)}


def _conflicts(ws: Workspace) -> list[Any]:
    return [{"id": one.id, "field": one.field, "values": [value.value for value in one.values]} for one in ws.conflicts()]


def _drafts(ws: Workspace) -> dict[str, Any]:
    return {f"{kind}/{id}": ws.draft(kind, id) for kind, id in ws.store.rows("SELECT kind, id FROM draft")}


def _sees(ws: Workspace, words: list[str]) -> dict[str, list[str]]:
    """Which of these words this process can read: `shown` by any list, outbox, draft or search; `held` in any row or parcel that it can open."""
    listed = json.dumps([*(_records(ws, kind) for kind in KINDS), _outbox(ws), _drafts(ws)], ensure_ascii=False)
    found = {word for word in words if word in listed or any(word in json.dumps(dict(hit), default=str) for hit in _hits(ws, word))}
    held = b"\0".join(_held(ws))
    return {"shown": sorted(found), "held": sorted(word for word in words if word.encode() in held)}


def _hits(ws: Workspace, word: str) -> list[Any]:
    return [hit.record for hit in search(ws, word).hits if not hit.fuzzy]


def _held(ws: Workspace) -> list[bytes]:
    """Every value of every table of both files, and every parcel that this person's keys open."""
    found: list[bytes] = []
    for schema in ("main", "pub"):
        for (table,) in ws.store.rows(f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"):
            found += [value if isinstance(value, bytes) else str(value).encode() for row in ws.store.rows(f'SELECT * FROM {schema}."{table}"') for value in row]
    if ws.vault.setting("authority"):
        posting = Posting(ws)
        for kept in posting.box.parcels():
            data = posting.box.parcel(kept.name)  # None for one that was handed in
            batch = opened_batch(data, posting.keyring.of_name) if data is not None else None
            found += batch.bodies if batch is not None else []
    return found


def _tries(ws: Workspace, other: str) -> dict[str, str]:
    """Somebody else's file, with one's own key."""
    Workspace(ws.folder, KINDS, other, key=ws.key).close()
    return {"failed": "", "why": ""}


ORDERS: dict[str, Any] = {
    "join": _join,
    "reached": _reached,
    "sync": _sync,
    "add": lambda ws, kind, values, *scope: ws.add(kind, values, *scope).id,
    "edit": lambda ws, kind, id, values: ws.edit(kind, id, values).change,
    "delete": lambda ws, kind, id: ws.delete(kind, id).change,
    "attach": lambda ws, kind, id, path: ws.attach(kind, id, Path(path)).change,
    "cancel": lambda ws, change: ws.cancel(change),
    "draft": lambda ws, kind, id, parts: ws.keep_draft(kind, id, parts),
    "drafts": _drafts,
    "outbox": _outbox,
    "records": _records,
    "conflicts": _conflicts,
    "digest": lambda ws: ws.digest(),
    "verify": lambda ws: [str(one) for one in ws.verify()],
    "waiting": lambda ws: ws.status().waiting,
    "file": lambda ws, sha256: ws.files.here(sha256),
    "sees": _sees,
    "tries": _tries,
}

if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
