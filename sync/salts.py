"""Salts of changes once one of their run was erased: each has its own, and the seed that would tell them all is gone; knows no page."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sync import codec
from sync.change import Verdict
from sync.entries import Row
from sync.store import Store


def runs_without_seed(store: Store, log: bytes, runs: Iterable[int]) -> set[int]:
    """The runs of a log whose seed must not be kept: it would tell the salt of a change that was erased."""
    if store.value("SELECT 1 FROM forgotten LIMIT 1") is None:
        return set()
    sql = "SELECT 1 FROM entry WHERE log = ? AND n BETWEEN ? AND ? AND verdict = ? AND body IS NULL LIMIT 1"
    return {run for run in runs if store.value(sql, (log, run * codec.RUN, run * codec.RUN + codec.RUN - 1, int(Verdict.ACCEPTED)))}


def replace_seeds(store: Store, log: bytes, runs: Collection[int]) -> None:
    """Give every other change of these runs its own salt, and forget the seeds."""
    for run in runs:
        seeds = [bytes(seed) for (seed,) in store.rows("SELECT seed FROM log_seed WHERE log = ? AND run = ?", (log, run))]
        if not seeds:
            continue
        for table in ("entry", "waiting"):
            rows = store.rows(f"SELECT n, mark, body, commitment FROM {table} WHERE log = ? AND n BETWEEN ? AND ?"
                              " AND body IS NOT NULL AND salt IS NULL", (log, run * codec.RUN, run * codec.RUN + codec.RUN - 1))
            salts = [(salt, log, n, bytes(mark)) for n, mark, body, commitment in rows for salt in (codec.salt_of(seed, n) for seed in seeds)
                     if codec.commitment(salt, bytes(body)) == bytes(commitment)]
            store.many(f"UPDATE {table} SET salt = ? WHERE log = ? AND n = ? AND mark = ?", salts)
        store.execute("DELETE FROM log_seed WHERE log = ? AND run = ?", (log, run))


def drop_told(store: Store, log: bytes, rows: Iterable[Row], runs: Iterable[int]) -> None:
    """After entries of a log were written with the seeds of these runs: forget those that tell the salt of an erased change."""
    erased = {row.n // codec.RUN for row in rows if row.verdict == Verdict.ACCEPTED and row.body is None}
    replace_seeds(store, log, runs_without_seed(store, log, erased.union(runs)))
