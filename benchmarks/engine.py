"""First sync, bytes on the wire, and search, on a real server process and real files."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.figure import Figure, compared, seconds
from benchmarks.records import organisations
from i18n.fold import fold
from resources import KINDS
from resources.search import CANDIDATES, search
from sync import exchange
from sync.store import SqliteStore
from sync.tables import table_of
from sync.workspace import Workspace


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """A real server process on loopback; gives its address."""
    command = [sys.executable, "-m", "server", "serve", "--port", "0", "--data", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None  # asked for above
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.wait(20)


def member(folder: Path, server_folder: Path, url: str, name: str) -> Workspace:
    """A workspace that joined the server with a fresh code."""
    made = subprocess.run([sys.executable, "-m", "server", "invite", "--role", "member", "--data", str(server_folder), "--json"],
                          capture_output=True, text=True, check=True)
    ws = Workspace(folder, KINDS)
    exchange.join(ws, url, json.loads(made.stdout)["code"], name)
    return ws


def sync_figures(count: int) -> list[Figure]:
    """First full sync of `count` records, 100 one-field edits, and a sync with nothing to do."""
    with tempfile.TemporaryDirectory() as name, server(Path(name) / "server") as url:
        root = Path(name)
        author = member(root / "author", root / "server", url, "A")
        with author.together():
            ids = [author.add("organisation", values).id for values in organisations(count)]
        push = seconds(lambda: exchange.sync(author))
        pulls, raws = [], []
        for run in range(3):
            reader = _joined_without_copy(root / f"reader{run}", root / "server", url)
            pulls.append(seconds(lambda ws=reader: exchange.sync(ws)))
            raws.append(_raw_insert(root / f"raw{run}.db", reader))
            assert len(reader.records("organisation", limit=count + 1)) == count
        first = compared(f"first sync of {count:,} records", pulls, raws, "raw SQLite insert of the same rows")
        pushed = compared(f"pushing {count:,} records", [push], raws, "raw SQLite insert of the same rows")
        with author.together():
            for number, id in enumerate(ids[:100]):
                author.edit("organisation", id, {"phone": f"+253 21 00 {number // 100:02d} {number % 100:02d}"})
        edits = exchange.sync(author)
        nothing = exchange.sync(author)
        author.close()
    return [first, pushed,
            Figure("100 one-field edits, both ways", f"{edits.bytes_up + edits.bytes_down:,} B in {edits.turns} turn(s)"),
            Figure("a sync with nothing to do, both ways", f"{nothing.bytes_up + nothing.bytes_down:,} B in {nothing.turns} turn(s)")]


def search_figure(count: int) -> list[Figure]:
    """Search as one types over `count` records."""
    with tempfile.TemporaryDirectory() as name:
        ws = Workspace(Path(name), KINDS)
        for start in range(0, count, 5_000):
            with ws.together():
                for values in organisations(5_000, seed=start):
                    ws.add("organisation", values)
        words = [word[: 2 + number % 4] for number, word in enumerate(
            ("pêcheurs", "école", "femmes", "Tadjourah", "coopérative", "jeunes", "santé", "quartier", "Obock", "solidaire",
             "أوبوك", "المدرسة", "النساء", "تاجورة", "جمعية", "الشباب", "الماء", "اتحاد", "دخيل", "تعاونية") * 2)]
        ours, bare = [], []
        for word in words:
            ours.append(seconds(lambda text=word: search(ws, text)))
            match = " ".join(f"{each}*" for each in fold(word).split())
            bare.append(seconds(lambda text=match: ws.rows(f"SELECT rowid FROM shown_search WHERE shown_search MATCH ? LIMIT {CANDIDATES}", (text,))))
        ws.close()
    p50 = compared(f"search as one types over {count:,} records, p50", ours, bare, "bare FTS5 query", "ms")
    slow, base = statistics.quantiles(ours, n=20)[18], statistics.quantiles(bare, n=20)[18]
    return [p50, Figure("the same, p95", f"{slow * 1000:.2f} ms", f"{base * 1000:.2f} ms (bare FTS5 query)", f"{slow / base:.1f}×")]


def _joined_without_copy(folder: Path, server_folder: Path, url: str) -> Workspace:
    """A member whose copy is still empty: the join's own first sync is stopped before it takes a page."""
    from sync.exchange import joining

    ws = Workspace(folder, KINDS)
    made = subprocess.run([sys.executable, "-m", "server", "invite", "--role", "member", "--data", str(server_folder), "--json"],
                          capture_output=True, text=True, check=True)
    kept, joining.sync = joining.sync, lambda *_: None
    try:
        exchange.join(ws, url, json.loads(made.stdout)["code"], "B")
    finally:
        joining.sync = kept
    return ws


def _raw_insert(path: Path, reader: Workspace) -> float:
    """The limit: the same rows into the same table, one transaction, nothing else."""
    table = table_of(KINDS["organisation"])
    rows = reader.public.rows(f"SELECT {table.select} FROM organisation")
    store = SqliteStore(path)
    store.create([next(table.schema())])
    start = time.perf_counter()
    with store.transaction():
        store.many(table.upsert, rows)
    took = time.perf_counter() - start
    store.close()
    os.unlink(path)
    return took
