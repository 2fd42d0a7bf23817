"""First sync, handing in, edits, growth and memory, of whole processes over counted HTTP; knows no engine beyond its command line."""

from __future__ import annotations

import statistics

from benchmarks import limits
from benchmarks.figure import Family, Figure, compared, weighed
from benchmarks.network import Network, Took

READERS = ("B", "C", "D")
_MADE = (
    "The workload is directory records of about 1 KB in 21 fields (`benchmarks/workload.py`), each field in a typed column under the rules\n"
    "of its shape, checked at both ends, signed, chained, searchable. Replicas are whole processes; seconds are their own after\n"
    "start-up, bytes and turns are counted on the road between them and a real server process, HTTP headers included."
)


def first_sync_family(small: Network) -> Family:
    """A new replica takes a whole network."""
    small.settled()
    rows, folded, squeezed = limits.rows_of(small.records), limits.folded_of(small.records), limits.squeezed(small.records)
    took: list[Took] = []
    bare, searched = [], []
    for who in READERS:
        bare.append(limits.raw_insert(rows))
        searched.append(limits.raw_insert(rows, folded))
        took.append(small.run(who, "sync"))
    name, insert, index = f"first sync of {small.count:,} records", "raw SQLite insert of the same rows", "raw insert and FTS5 with the same options"
    return Family("First sync", [
        compared(f"{name}, until every record reads", [one.read for one in took], [one.s for one in bare], insert, bar="≤ 2.5×"),
        compared("the same in CPU seconds", [one.read_cpu for one in took], [one.cpu for one in bare], insert),
        compared(f"{name}, until every record is found by search", [one.s for one in took], [one.s for one in searched], index, bar="≤ 2×"),
        compared("the same in CPU seconds", [one.cpu for one in took], [one.cpu for one in searched], index),
        weighed("bytes of it, both ways", took[0].bytes, squeezed, "zstd-19 of the records as JSON lines", "≤ 1.25×"),
        Figure("turns of it", str(took[0].turns)),
    ], _MADE + " The limits write the same rows to a bare\ntable in one transaction with synchronous=FULL; the words for FTS5 are folded beforehand.")


def handing_in_family(small: Network) -> Family:
    """Replica A hands in what it saved offline."""
    before = small.server_cpu()
    pushed = small.run("A", "sync")
    server = small.server_cpu() - before
    rows, folded = limits.rows_of(small.records), limits.folded_of(small.records)
    bare, searched = [limits.raw_insert(rows) for _ in READERS], [limits.raw_insert(rows, folded) for _ in READERS]
    wall, cpu = statistics.median(one.s for one in bare), statistics.median(one.cpu for one in bare)
    name, limit, index = f"handing in {small.count:,} records", "raw SQLite insert of the same rows", "raw insert and FTS5 with the same options"
    return Family("Handing in", [
        compared(f"{name}, the replica's own part until every record reads as accepted", [pushed.read - pushed.waited], [wall], limit, bar="≤ 2.5×"),
        compared("the same in CPU seconds", [pushed.read_cpu], [cpu], limit),
        compared(f"{name}, the replica's own part until the words of every record are in the index of the network",
                 [pushed.s - pushed.waited], [one.s for one in searched], index),
        compared("the same in CPU seconds", [pushed.cpu], [one.cpu for one in searched], index),
        compared(f"{name}, end to end with the server", [pushed.s], [wall], limit),
        Figure("CPU seconds of the server for it", f"{server:.2f} s", f"{cpu:.2f} s ({limit})", f"{server / cpu:.1f}×"),
        Figure("bytes of it, both ways", f"{pushed.bytes:,} B in {pushed.turns} turn(s)"),
    ], "The replica's own part is its sync without the seconds in which the server was at work; what the replica does meanwhile is in its CPU\n"
       "seconds. A record reads as accepted when the verdict is on disk; the words by which everybody on this PC finds it are made after that,\n"
       "and until then its author finds it in their own index.")


def edits_family(small: Network, large: Network, rounds: int = 9) -> Family:
    """100 edits of one field from one replica to another, here and in a network ten times larger, the two in turn."""
    given: dict[Network, list[tuple[Took, Took]]] = {small: [], large: []}
    for turn in range(rounds):
        for one, found in given.items():
            one.edited("A", turn)
            found.append((one.run("A", "sync"), one.run("B", "sync")))
    first, second = given[small][0]
    nothing = small.run("B", "sync")
    wall = {one: [sent.s + taken.s for sent, taken in found] for one, found in given.items()}
    cpu = {one: [sent.cpu + taken.cpu for sent, taken in found] for one, found in given.items()}
    moved = {one: statistics.median(sent.bytes + taken.bytes for sent, taken in found) for one, found in given.items()}
    larger = f"in a network of {small.count:,}"
    return Family("Edits", [
        Figure("100 edits of one field handed in", f"{first.bytes:,} B both ways in {first.turns} turn(s)", bar="≤ 1,500 B, 1 turn"),
        Figure("the same, taken by another replica", f"{second.bytes:,} B both ways in {second.turns} turn(s)", bar="1 turn"),
        Figure("a sync with nothing to do", f"{nothing.bytes:,} B both ways in {nothing.turns} turn(s)", bar="≤ 500 B, 1 turn"),
        compared(f"both syncs in a network of {large.count:,}, median of {rounds} rounds", wall[large], wall[small], larger, bar="≤ 1.1×"),
        compared("the same in CPU seconds of the replicas", cpu[large], cpu[small], larger, bar="≤ 1.1×"),
        compared("the first round, after the first copy, in CPU seconds", cpu[large][:1], cpu[small][:1], larger),
        weighed("bytes of both", moved[large], moved[small], larger, "≤ 1.1×"),
    ])


def memory_family(small: Network, large: Network) -> Family:
    """What a replica's process holds at most while it copies a network."""
    figures = []
    for one in (small, large):
        took, idle = one.run("M", "sync"), one.run("M", "sync")
        for words, base in (("a process that opened them and idles", idle.idle_mb), ("a sync with nothing to do", idle.peak_mb)):
            figures.append(Figure(f"memory during the first sync of {one.count:,} records", f"{took.peak_mb:.0f} MiB",
                                  f"{base:.0f} MiB ({words})", f"{took.peak_mb / base:.2f}×", "≤ 1.5×"))
    return Family("Memory of a replica", figures, "The most resident memory of the process, as the system counts it.")
