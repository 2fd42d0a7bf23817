"""`python -m benchmarks.others PEER_BENCH`: the same work done by other engines, and by ours among them; knows no engine from inside.

PEER_BENCH is a folder with `run.sh`, which installs each engine, drives it
and appends JSON lines. Installed engines and results stay in `--work`, so that
a run that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
from pathlib import Path
from typing import Any

from benchmarks.figure import machine
from benchmarks.page import put
from benchmarks.peer import ROOT
from benchmarks.peer.__main__ import adapter

ENGINES = ("dalil", "anki", "anki-incr", "pycrdt", "loro", "cr-sqlite", "pouchdb-1000", "pouchdb", "kinto-mem", "kinto-gzip", "kinto-pg", "morango")
TITLE = "Other engines"
STEPS = {"b push": "handing in", "a initial pull": "first sync", "c 100 edits A->S": "100 edits in", "c 100 edits S->B": "100 edits out",
         "d no-op B": "nothing to do"}
SLOW = {"e 2G initial pull": "first sync", "e 2G 100 edits A->S": "100 edits in", "e 2G 100 edits S->B": "100 edits out",
        "e 2G no-op": "nothing to do"}
Row = dict[str, Any]
_APART = 0.25  # seconds between "every record reads" and the end of a command that are worth a word


def main() -> None:
    """Run what is not in the results yet, then print and write the section."""
    parser = argparse.ArgumentParser(prog="benchmarks.others")
    parser.add_argument("comparison", type=Path, help="the folder with run.sh")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "peers")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=ENGINES)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--limit", type=int, default=1800, metavar="SECONDS", help="the longest that one engine may take")
    parser.add_argument("--note", default="", help="what a reader must know of this run")
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    results = given.work / "results.jsonl"
    given.work.mkdir(parents=True, exist_ok=True)
    for engine in given.engines:
        if not any(row["peer"] == engine and row.get("step") == "done slow" for row in rows_of(results)):
            run(given, engine, results)
    text = section(rows_of(results), given.count) + (f"\n{given.note}\n" if given.note else "")
    print(text)
    if given.write:
        put(given.write, {TITLE: text})


def run(given: argparse.Namespace, engine: str, results: Path) -> None:
    """One engine, limits of the machine before it; an engine that fails or takes too long leaves what it had."""
    own = given.work / "adapter.json"
    own.write_text(json.dumps(adapter()), "utf-8")
    told = {"BENCH_DIR": str(given.work), "OUT": str(results), "PEER_ADAPTER": str(own), "PYTHONDONTWRITEBYTECODE": "1"}
    words = ["bash", str(given.comparison / "run.sh"), engine, str(given.count), "--rounds", str(given.rounds)]
    try:
        done = subprocess.run(words, env=os.environ | told, timeout=given.limit, check=False).returncode
    except subprocess.TimeoutExpired:
        done = -1
    if done:
        print(f"{engine}: not finished ({done})")


def rows_of(results: Path) -> list[Row]:
    """Every line that was measured so far."""
    return [json.loads(line) for line in results.read_text("utf-8").splitlines()] if results.exists() else []


def section(rows: list[Row], count: int) -> str:
    """The section of the page: two tables, and how they were made."""
    limits = [row for row in rows if row["peer"] == "limits" and row["n"] == count]
    lines = [f"## {TITLE}\n\n{machine()}. Each engine alone, one after the other, {count:,} records of about 1 KB through a counting proxy.",
             f"Cells: seconds of the replica (CPU seconds of its process), bytes both ways with HTTP headers, turns. Where a replica goes on\n"
             f"after every record reads, to put words into its search index, it says both.\n\n"
             f"{_table(rows, STEPS, count)}\n"]
    if limits:
        lines.append(_limits(limits))
    lines.append(f"The same over 128 kbit/s down, 64 up and 600 ms, 1,000 records:\n\n{_table(rows, SLOW, 1000)}\n")
    wrong = [f"{row['peer']} {row['step']}" for row in rows if str(row.get("step", "")).startswith("check") and not row["ok"]]
    lines.append(f"After the first sync and after the edits each replica was compared with the source, record by record. Differences: "
                 f"{', '.join(wrong) or 'none'}.\n")
    lines.append(f"Two replicas change the same record offline, one field each, then the same field:\n\n{_conflicts(rows)}")
    lines.append(_KEPT)
    return "\n".join(lines)


_KEPT = (
    "What the figures do not say: only Dalil signs each batch, chains it, checks every field at both ends and keeps an index for search;\n"
    "Anki copies a file at the first sync unless it is told to send records (`anki-incr`); the two CRDT libraries hold everything in memory\n"
    "and keep no table.\n"
)


def _table(rows: list[Row], steps: dict[str, str], count: int) -> str:
    heads = ["engine", *steps.values(), "memory at first sync"]
    lines = [heads, ["---"] * len(heads)]
    for engine in dict.fromkeys(row["peer"] for row in rows if row["peer"] != "limits"):
        found = {step: [row for row in rows if row["peer"] == engine and row.get("step") == step and row["n"] == count] for step in steps}
        if any(found.values()):
            lines.append([engine, *(_cell(some) for some in found.values()), _memory(found)])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(some: list[Row]) -> str:
    if not some:
        return "–"
    s, cpu = (statistics.median(row[key] for row in some) for key in ("s", "cpu_s"))
    moved = statistics.median(row["up"] + row["down"] for row in some)
    size = f"{moved / 1e6:.2f} MB" if moved >= 1e6 else f"{moved / 1e3:.1f} kB" if moved >= 1e4 else f"{moved:,.0f} B"
    read = statistics.median(row.get("read_s") or row["s"] for row in some)
    until = f"{read:.2f} s, in all " if s > read + _APART else ""
    return f"{until}{s:.2f} s ({cpu:.2f}), {size}, {statistics.median(row['turns'] for row in some):.0f}"


def _memory(found: dict[str, list[Row]]) -> str:
    some = next((rows for step, rows in found.items() if "initial pull" in step and rows), [])
    return f"{statistics.median(row['rss_peak_mb'] for row in some):.0f} MiB" if some else "–"


def _limits(limits: list[Row]) -> str:
    def median(key: str) -> float:
        return statistics.median(row[key] for row in limits)

    return (f"Limits in the same runs (medians of {len(limits)}): raw SQLite insert {median('sqlite_s'):.2f} s, with FTS5"
            f" {median('sqlite_fts5_s'):.2f} s (synchronous=NORMAL, no index of prefixes), zstd-19 of the records"
            f" {median('zstd19_bytes'):,.0f} B of {median('dump_bytes'):,.0f}.\n")


def _conflicts(rows: list[Row]) -> str:
    """What each engine kept of values written apart on two replicas."""
    lines = [["engine", "two fields of one record", "one field, twice: shown on A / on B", "known of the other value"], ["---"] * 4]
    for row in {row["peer"]: row for row in rows if row.get("step") == "f conflict"}.values():
        same = row["same_field"]
        known = same["known_conflict"]["A"] or same["known_conflict"]["B"]
        lines.append([row["peer"], "both kept" if row["both_fields_kept"] else "one lost", f"{same['A']['phone']} / {same['B']['phone']}",
                      "yes" if known else "no"])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


if __name__ == "__main__":
    main()
