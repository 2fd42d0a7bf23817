"""A PC that pushes saves and a file to a real server process, in several turns; notes what was answered; knows no fault."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from resources import KINDS
from sync.errors import Offline
from sync.exchange import sync
from sync.relay.http import HttpCarrier
from sync.workspace import Workspace
from tests.server_process import ServerProcess

ROUNDS = 4


@dataclass(slots=True)
class Answered:
    """What a server had answered: after so many answers, the number of the public ledger that this PC was shown, and its files."""

    heads: list[tuple[int, int]] = field(default_factory=list)
    answers: int = 0
    file: str = ""


class _Counting(HttpCarrier):
    """A road that counts the answers."""

    def __init__(self, url: str, answered: Answered) -> None:
        super().__init__(url)
        self.answered = answered

    def _call(self, *given: Any, **named: Any) -> Any:
        found = super()._call(*given, **named)
        self.answered.answers += 1
        return found


def prepared(folder: Path) -> None:
    """A server's folder and a PC that joined it and has work for several turns."""
    folder.mkdir()
    server = ServerProcess(folder / "server").start()
    try:
        from sync.exchange import join

        ws = Workspace(folder / "pc", KINDS)
        join(ws, server.url, server.invite(), "pc")
        ws.add("item", {"title": {"fr": "Guide"}}, id="01990000-0000-7000-8000-000000000001")
        sync(ws, HttpCarrier(server.url))
        ws.close()
    finally:
        server.stop()
    (folder / "guide.pdf").write_bytes(b"%PDF-1.4\n" + bytes(range(256)) * 600)


def push(folder: Path, url: str, template: Path) -> Answered:
    """Save and push, some saves a turn, then a file; ends early when the server is no more."""
    answered = Answered()
    ws = Workspace(folder / "pc", KINDS)
    road = _Counting(url, answered)
    try:
        for number in range(ROUNDS):
            for place in range(4):
                ws.add("organisation", {"name": {"fr": f"Offerte {number} {place}"}, "note": "Note." * 60})
            if number == ROUNDS - 1:
                ws.attach("item", "01990000-0000-7000-8000-000000000001", template / "guide.pdf")
            sync(ws, road)
            answered.heads.append((answered.answers, ws.heads()["public"].number))
            if number == ROUNDS - 1:
                answered.file = ws.get("item", "01990000-0000-7000-8000-000000000001")["file"]["sha256"]
    except Offline:
        pass
    finally:
        road.close()
        ws.close()
    return answered


def fresh(template: Path, folder: Path) -> None:
    """A copy to work on."""
    for name in ("server", "pc"):
        shutil.copytree(template / name, folder / name)
