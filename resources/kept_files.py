"""Files of records on this PC: attach them as their licence allows, let them go when that loses nothing; knows no page."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from i18n import Text
from sync import private_files
from sync.errors import Invalid, Refused
from sync.files import LARGEST
from sync.record import Record

NOT_SHARED = ("unknown", "")  # licences under which a file stays on the PC where it was attached
HEAVY = 10_000_000  # bytes; from here on we say what it will cost the others
SLOW = 100_000 / 8  # bytes a second of the links that most of our readers have


def may_leave(licence: str | None) -> bool:
    """Whether a file under this licence is handed to the network."""
    return (licence or "") not in NOT_SHARED


def look_at(path: Path) -> int:
    """The size in bytes of a file somebody wants to attach; Invalid says why it cannot be."""
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise Invalid(Text("“{name}” is a folder. Choose one file in it.", name=path.name))
        with path.open("rb") as data:
            data.read(1)
    except OSError as error:
        raise Invalid(Text("“{name}” cannot be read: {why}.", name=path.name, why=error.strerror or "")) from error
    if size == 0:
        raise Invalid(Text("“{name}” is empty. Choose the right file.", name=path.name))
    if size > LARGEST:
        raise Invalid(Text("“{name}” is larger than 2 GB, the most that can be shared. Share it in parts.", name=path.name))
    return size


def seconds(size: int) -> float:
    """How long so many bytes take on a slow link of 100 kbit/s."""
    return size / SLOW


def take(ws: Any, path: Path, kind: str = "item") -> dict[str, Any]:
    """Copy a file in, the long part of attaching it; answers the value of the `file` field of a kind, encrypted where that is private.

    Whoever writes it into a record hands it in as well: `ws.offer(value["sha256"], value["size"])`, in one `ws.together()`.
    """
    look_at(path)
    return private_files.take(ws.files, ws.kinds[kind], path, ws.random)


def attach(ws: Any, id: str, path: Path, licence: str | None) -> None:
    """Give an item its file. Under an unknown licence the file stays here, and only its title is shared."""
    if may_leave(licence):
        ws.attach("item", id, path)
    else:
        ws.edit("item", id, {"file": ws.files.take(path)})


def hand_over(ws: Any, item: Record) -> None:
    """The licence is known now: let the file that stayed here leave at the next sync."""
    file = item["file"]
    if file is None or not ws.files.here(file["sha256"]):
        return
    ws.offer(file["sha256"], file["size"])


def withdraw(ws: Any, sha256: str) -> None:
    """A file that nothing speaks of any more is not handed in, if it has not left yet. The copy here stays, for whoever takes that back."""
    ws.store.execute("DELETE FROM upload WHERE sha256 = ?", (sha256,))


def only_copy(ws: Any, item: Record) -> Text | None:
    """Why the local copy must stay: nobody else has it. None when it may go."""
    sha256 = item["file"]["sha256"]
    if ws.rows("SELECT 1 FROM upload WHERE sha256 = ?", (sha256,)):
        return Text("This file has not left yet: it is the only copy. It can be removed here after the next sync.")
    if "licence" in item.kind.by_name and not may_leave(item["licence"]):
        return Text("Its licence is unknown, so it was not shared: this may be the only copy.")
    return None


def let_go(ws: Any, item: Record) -> None:
    """Remove the local copy; `ws.files.recover` brings it back until `sweep`. Refused when it is the only one."""
    why = only_copy(ws, item)
    if why is not None:
        raise Refused(why, "only_copy")
    ws.files.forget(item["file"]["sha256"])


def held_together(ws: Any, items: Iterable[Record]) -> int:
    """How many bytes the files of these items take on this disk."""
    return sum(item["file"]["size"] for item in items if item["file"] and ws.files.here(item["file"]["sha256"]))
