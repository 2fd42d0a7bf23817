"""One file from the server, from where an earlier attempt was cut; knows no record and no HTTP."""

from __future__ import annotations

from pathlib import Path

from i18n import Text
from sync.errors import Cancelled, Damaged, Refused
from sync.exchange.passing import Passing
from sync.exchange.purse import Purse
from sync.exchange.report import Stop, Watch, watched
from sync.files import Files
from sync.relay.carrier import Carrier
from sync.traffic import FILES_DOWN
from sync.workspace import Workspace


def fetch(ws: Workspace, sha256: str, size: int, progress: Watch | None = None, stop: Stop | None = None,
          carrier: Carrier | None = None, purse: Purse | None = None) -> Path:
    """Bring one file here, from where an earlier attempt was cut; answers its path. Raises KeptBack when `purse` does not hold so much."""
    fetch_into(ws.files, ws, sha256, size, progress, stop, carrier, purse)
    return ws.files.path(sha256)


def fetch_into(place: Files | Passing, ws: Workspace, sha256: str, size: int, progress: Watch | None = None, stop: Stop | None = None,
               carrier: Carrier | None = None, purse: Purse | None = None) -> None:
    """The same, to wherever such a file belongs."""
    if not place.here(sha256):
        purse = purse or Purse(ws)
        road = purse.meter(carrier or carrier_of(ws), FILES_DOWN)
        watch, halted = progress or (lambda _: None), stop or (lambda: False)
        offset = place.held(sha256)
        purse.check_fetch(size - offset)
        pieces = watched(road.fetch_file(sha256, offset), offset, size, watch, halted, sha256)
        try:
            held = place.append(sha256, offset, pieces, size)
        finally:
            pieces.close()  # what came before a full disk was paid for too
            road.settle()
        if halted():
            raise Cancelled
        if held != size:
            raise Damaged(Text("The file is not whole yet: the connection was cut. Fetch it again, it goes on from there."))


def carrier_of(ws: Workspace) -> Carrier:
    """The road to the server that this person joined."""
    from sync.relay.http import HttpCarrier

    url = ws.vault.word("server")
    if not url:
        raise Refused(Text("This computer has not joined a network yet. Join with the code that the secretariat gave you."), "not_joined")
    return HttpCarrier(url, ws.vault.setting("authority"))
