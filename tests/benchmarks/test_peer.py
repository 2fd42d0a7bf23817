"""Dalil takes part in the comparison honestly: every field of the workload stands in a typed column and comes out as it went in."""

from __future__ import annotations

import json

import pytest

from benchmarks.network import network
from benchmarks.peer.kind import KIND, given_of, known, record_id, values_of
from benchmarks.workload import workload
from resources import KINDS
from sync.errors import Invalid
from sync.workspace import Workspace


@pytest.fixture
def given(tmp_path):
    records, _ = workload(tmp_path, 30)
    return [json.loads(line) for line in records.read_text("utf-8").splitlines()]


def test_every_field_is_dumped_as_it_was_loaded_after_two_syncs(tmp_path, given):
    with network(tmp_path / "net", 30) as net:
        net.filled("B")
        sent = net.run("A", "sync")
        taken = net.run("B", "sync")
        net.run("B", "dump", str(tmp_path / "out.jsonl"))
    assert sent.turns >= 1
    assert taken.down > 1000
    found = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert sorted(found, key=lambda one: one["id"]) == sorted(given, key=lambda one: one["id"])


def test_the_rules_of_each_shape_are_held(tmp_path, given):
    """The comparison is no faster for checking less: a wrong code, date, address or place is refused with its field's name."""
    ws = Workspace(tmp_path / "replica", known(KINDS))
    wrong = {"kind": "band", "email": "nobody", "website": "here", "founded": "soon", "geo": {"lat": "far", "lon": "1"}, "status": "lost",
             "sectors": {"0": "sorcery"}, "contacts": {"0": {"role": "director"}}, "phone": "none", "updated_at": "today"}
    for name, value in wrong.items():
        with pytest.raises(Invalid, match=name):
            ws.add(KIND.name, values_of(given[0]) | {name: value})
    ws.close()


def test_records_read_and_are_found(tmp_path, given):
    ws = Workspace(tmp_path / "replica", known(KINDS))
    for one in given:
        ws.add(KIND.name, values_of(one), id=record_id(one["id"]))
    assert given_of(ws.get(KIND.name, record_id(given[3]["id"]))) == given[3]
    (count,) = ws.rows("SELECT count(*) FROM shown_found")[0]
    assert count == len(given)
    ws.close()
