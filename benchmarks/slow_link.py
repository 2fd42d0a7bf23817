"""The first sync over a slow and distant road, against what its rate allows; knows no engine beyond its command line."""

from __future__ import annotations

from pathlib import Path

from benchmarks.figure import Family, Figure, compared
from benchmarks.link import link
from benchmarks.network import network

DOWN, UP, DELAY = 128_000, 64_000, 0.6  # bits a second, seconds there and back


def slow_link_family(folder: Path, count: int) -> Family:
    """`count` records over 128 kbit/s down, 64 up and 600 ms."""
    with network(folder, count) as net:
        net.filled("B")
        net.run("A", "sync")
        net.settled()
        with link(net.port, DOWN, UP, DELAY) as road:
            took = net.run("B", "sync", road=road)
        allowed = took.down * 8 / DOWN + took.up * 8 / UP
    return Family("A slow link", [
        compared(f"first sync of {count:,} records over 128 kbit/s and 600 ms", [took.s], [allowed], "bytes / rate", bar="≤ 1.15×"),
        Figure("bytes and turns of it", f"{took.bytes:,} B in {took.turns} turn(s)"),
    ], "The road is shaped in the program itself: one queue a direction, half the delay each way, one more for the handshake.")
