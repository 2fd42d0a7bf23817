"""Search as one types, on real files; knows no network."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from benchmarks.figure import Family, Figure, compared, seconds
from benchmarks.records import organisations
from i18n.fold import fold
from resources import KINDS
from resources.search import CANDIDATES, search
from sync.workspace import Workspace


def search_family(count: int) -> Family:
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
    p95 = Figure("the same, p95", f"{slow * 1000:.2f} ms", f"{base * 1000:.2f} ms (bare FTS5 query)", f"{slow / base:.1f}×")
    return Family("Search", [p50, p95],
                  "Each of 40 prefixes in French and Arabic, folded, ranked and loaded as records, against the bare FTS5 query with the same\ncap.")
