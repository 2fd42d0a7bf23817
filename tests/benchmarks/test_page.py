"""The page of figures: one part is renewed, the others stay; ratios are those of the runs' own limits."""

from __future__ import annotations

import socket
import threading

from benchmarks.figure import Family, Figure, compared
from benchmarks.link import link
from benchmarks.page import put, text_of


def test_a_part_of_the_page_is_renewed_and_the_others_stay(tmp_path):
    page = tmp_path / "benchmarks.md"
    put(page, {"One": text_of(Family("One", [Figure("speed", "1 s")])), "Two": text_of(Family("Two", [Figure("size", "2 B")], "A note."))})
    put(page, {"One": text_of(Family("One", [Figure("speed", "3 s", "1 s (bare)", "3×", "≤ 4×")]))})
    text = page.read_text("utf-8")
    assert text.count("## One") == text.count("## Two") == 1
    assert "| speed | 3 s | 1 s (bare) | 3× | ≤ 4× |" in text
    assert "| size | 2 B | – | – | – |" in text
    assert text.index("## One") < text.index("## Two") < text.index("A note.")


def test_a_ratio_is_the_median_of_the_ratios_of_each_run():
    """A busy moment slows a run and its limit alike: their own ratio tells more than that of two medians."""
    assert compared("first sync", [10.0, 200.0, 30.0], [5.0, 100.0, 10.0], "bare").ratio == "2.00×"


def test_a_link_counts_bytes_and_turns():
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_echoes, args=(server,), daemon=True).start()
        with link(server.getsockname()[1]) as road:
            for _ in range(2):
                with socket.create_connection(("127.0.0.1", int(road.url.rpartition(":")[2]))) as near:
                    for _ in range(3):
                        near.sendall(b"x" * 1000)
                        assert _read(near, 1000) == 1000
            assert (road.ways["up"].bytes, road.ways["down"].bytes, road.turns) == (6000, 6000, 6)


def _echoes(server):
    while True:
        try:
            one, _ = server.accept()
        except OSError:
            return
        with one:
            while piece := one.recv(4096):
                one.sendall(piece)


def _read(near, wanted):
    got = 0
    while got < wanted:
        got += len(near.recv(wanted - got))
    return got
