"""Networks for the tests of sync: one on SQLite, the same on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sync.postgres_store import PostgresStore
from sync.store import SqliteStore, Store
from tests.postgres import fresh_database, running_postgres
from tests.sync.network import Network


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a running PostgreSQL."""
    with running_postgres() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Store]:
    """Opens the authority's database: again and again the same one."""
    if request.param == "sqlite":
        return lambda: SqliteStore(tmp_path / "server.db")
    address = fresh_database(request.getfixturevalue("postgres"))
    return lambda: PostgresStore(address)


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    """A network on SQLite."""
    with Network(tmp_path) as found:
        yield found


@pytest.fixture
def either(tmp_path: Path, store: Callable[[], Store]) -> Iterator[Network]:
    """A network on SQLite, then one on PostgreSQL."""
    with Network(tmp_path, store=store()) as found:
        yield found
