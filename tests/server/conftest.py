"""Servers, a PostgreSQL and replicas for the tests of this room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from resources import KINDS
from sync.exchange import join
from sync.workspace import Workspace
from tests.postgres import fresh_database, running_postgres
from tests.server_process import ServerProcess


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with running_postgres() as cluster:
        yield cluster


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A running server, once on each kind of database."""
    db = fresh_database(request.getfixturevalue("postgres")) if request.param == "postgresql" else ""
    process = ServerProcess(tmp_path_factory.mktemp("server") / "data", db).start()
    yield process
    process.close()


@pytest.fixture
def replica(tmp_path: Path) -> Iterator[Callable[..., Workspace]]:
    """Make replicas joined to a server: `replica(server, "Amina")`."""
    made: list[Workspace] = []

    def make(server: ServerProcess, name: str, role: str = "member") -> Workspace:
        ws = Workspace(tmp_path / name, KINDS)
        made.append(ws)
        join(ws, server.url, server.invite(role), name)
        return ws

    yield make
    for ws in made:
        ws.close()
