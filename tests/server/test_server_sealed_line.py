"""Whoever listens on the line between a member and the server, where no transport encryption is, reads nothing that is not everybody's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from resources import KINDS
from sync.exchange import join, sync
from sync.relay.http import HttpCarrier
from sync.workspace import Workspace
from tests.counting import Counted, counted
from tests.e2e.left_behind import hits
from tests.server_process import ServerProcess

CANARY = "kingfisher-7141"


@pytest.fixture
def line(server: ServerProcess) -> Iterator[Counted]:
    with counted(server.port) as found:
        yield found


def heard(line: Counted, folder: Path) -> list[str]:
    """Where the words stand in what passed, packed pieces opened."""
    folder.mkdir(exist_ok=True)
    for way, data in line.passed.items():
        (folder / way).write_bytes(data)
    line.reset()
    return hits([folder], [CANARY])


def test_a_member_s_exchanges_say_nothing_on_the_line(server: ServerProcess, line: Counted, tmp_path: Path) -> None:
    ana, bilal = (Workspace(tmp_path / name, KINDS) for name in ("ana", "bilal"))
    ana.add("note", {"text": f"{CANARY} before"})
    join(ana, line.url, server.invite(), f"{CANARY} Amina")
    join(bilal, line.url, server.invite(), "Bilal")
    organisation = ana.add("organisation", {"name": {"fr": "Union"}}).id
    ana.add("contact", {"organisation": organisation, "name": CANARY, "phone": "+253 77 81 00 00", "consent": "network", "consent_date": "2026-11-01"})
    ana.add("note", {"text": f"{CANARY} after"})
    for ws in (ana, bilal, ana):
        sync(ws)
    assert bilal.records("contact")[0]["name"] == CANARY
    passed = sum(map(len, line.passed.values()))
    assert heard(line, tmp_path / "line") == []
    assert passed > 2_000
    # what is listened to does say it where nothing is sealed
    sync(ana, HttpCarrier(line.url))
    plain = bytes(line.passed["up"])
    assert re.search(rb"\r\n\r\nDALIL[\x01\x02]", plain)
    for ws in (ana, bilal):
        ws.close()
