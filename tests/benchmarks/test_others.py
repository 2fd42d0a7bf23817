"""The section about other engines says what was measured: medians, what is missing, and who came out different."""

from __future__ import annotations

from benchmarks.others import section


def step(engine, name, **more):
    return {"peer": engine, "n": 100, "step": name, "s": 2.0, "cpu_s": 1.0, "up": 700, "down": 800, "turns": 1, "rss_peak_mb": 50.0} | more


ROWS = [
    {"peer": "limits", "n": 100, "sqlite_s": 0.5, "sqlite_fts5_s": 1.5, "zstd19_bytes": 2000, "dump_bytes": 9000},
    step("ours", "a initial pull", s=1.0), step("ours", "a initial pull", s=3.0), step("ours", "a initial pull", s=9.0, up=2_000_000),
    step("ours", "check 100 edits", ok=True),
    step("theirs", "b push"), step("theirs", "check 100 edits", ok=False),
    {"peer": "theirs", "n": 100, "step": "f conflict", "both_fields_kept": False,
     "same_field": {"A": {"phone": "M"}, "B": {"phone": "C"}, "known_conflict": {"A": [], "B": None}}},
]


def test_a_cell_is_the_median_of_its_rounds_and_a_missing_step_is_no_zero():
    text = section(ROWS, 100)
    assert "| ours | – | 3.00 s (1.00), 1,500 B, 1 | – | – | – | 50 MiB |" in text
    assert "| theirs | 2.00 s (1.00), 1,500 B, 1 | – | – | – | – | – |" in text
    assert "raw SQLite insert 0.50 s, with FTS5 1.50 s" in text


def test_a_replica_whose_records_read_before_it_has_ended_shows_both():
    text = section([step("ours", "a initial pull", read_s=0.3), step("ours", "b push", read_s=1.9)], 100)
    assert "| ours | 2.00 s (1.00), 1,500 B, 1 | 0.30 s, in all 2.00 s (1.00), 1,500 B, 1 |" in text


def test_who_differs_from_the_source_or_loses_a_value_is_named():
    text = section(ROWS, 100)
    assert "Differences: theirs check 100 edits." in text
    assert "| theirs | one lost | M / C | no |" in text
