"""PostgreSQL dies and comes back under a running server: refusals that say when to return, no restart, nothing lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from sync.errors import Offline
from sync.exchange import sync
from sync.workspace import Workspace
from tests.dying_postgres import dying_postgres
from tests.server_process import ServerProcess


def test_an_outage_is_told_and_outlived(tmp_path: Path, replica: Callable[..., Workspace]) -> None:
    with dying_postgres() as postgres:
        server = ServerProcess(tmp_path / "data", postgres.url).start()
        try:
            ws = replica(server, "Amina")
            ws.add("organisation", {"name": {"fr": "Avant"}})
            assert sync(ws).accepted == 1
            postgres.die()
            postgres.come_back()  # nobody asked meanwhile: idle connections are dead, and no person pays for it
            assert requests.get(server.url + "/health", timeout=20).status_code == 200
            postgres.die()
            ws.add("organisation", {"name": {"fr": "Pendant"}})
            for path in ("/health", "/organizations", "/", "/organizations?format=json"):
                answer = requests.get(server.url + path, timeout=20)
                assert answer.status_code == 503, path
                assert int(answer.headers["Retry-After"]) > 0
                assert answer.json()["error"]["code"] == "database"
            with pytest.raises(Offline):
                sync(ws)
            assert server.run("digest").returncode == 1
            postgres.come_back()
            assert requests.get(server.url + "/health", timeout=20).status_code == 200
            assert sync(ws).accepted == 1
            assert ws.digest() == server.json("digest")["scopes"]
            assert server.json("verify")["ok"]
        finally:
            server.close()
        assert not [line for line in server.lines() if line.get("status") == 500 or "error" in line]


def test_dying_in_the_middle_of_commits_loses_nothing_answered(tmp_path: Path, replica: Callable[..., Workspace]) -> None:
    with dying_postgres() as postgres:
        server = ServerProcess(tmp_path / "data", postgres.url).start()
        try:
            ws = replica(server, "Omar")
            for round_ in range(3):
                for n in range(60):
                    ws.add("organisation", {"name": {"fr": f"Association {round_} {n}"}})
                crash = threading.Timer(0.02 + 0.03 * round_, postgres.die)
                crash.start()
                with suppress(Offline):
                    sync(ws)
                crash.join()
                postgres.come_back()
            sync(ws)
            assert ws.status().waiting == 0
            assert requests.get(server.url + "/organizations", timeout=20).json()["total_items"] == 180
            assert ws.digest() == server.json("digest")["scopes"]
            assert server.json("verify")["ok"]
        finally:
            server.close()
        assert not [line for line in server.lines() if line.get("status") == 500 or "error" in line]
