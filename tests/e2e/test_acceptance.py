"""Two people, two computers, one server, all real processes: what they typed offline meets as it should."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.programs import Person, dalil, running
from tests.postgres import fresh_database

DECADE = 10 * 365 * 24 * 3600 * 1000  # milliseconds


def typed_offline(person: Person, name: str, ids: list[str], typed: dict[str, dict[str, Any]]) -> None:
    """50 new organisations and 50 edits: 10 of the same field, 10 of another field of the same record, 30 of one's own."""
    for number in range(50):
        values = {"name": {"fr": f"{name} {number}", "ar": f"جمعية {number}"}, "region": "DJ-OB", "phone": f"+253 77 00 {number:02} 00"}
        typed[person.does("add", values)] = values
    own = 20 if name == "ana" else 50
    for place, id in enumerate([*ids[:20], *ids[own : own + 30]]):
        if place < 10:
            values = {"phone": f"+253 21 {'11' if name == 'ana' else '22'} 00 {place:02}"}
        elif place < 20:
            values = {"locality": f"Ville {place}"} if name == "ana" else {"email": f"b{place}@exemple.dj"}
        else:
            values = {"note": f"{name} was here {place}"}
        person.does("edit", id, values)
        typed.setdefault(id, {}).update({} if place < 10 else values)


@pytest.mark.parametrize("skew", [0, DECADE], ids=["right-clocks", "clocks-ten-years-wrong"])
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_two_people_work_offline_and_meet(tmp_path: Path, database: str, skew: int, request: pytest.FixtureRequest) -> None:
    db = fresh_database(request.getfixturevalue("postgres")) if database == "postgresql" else ""
    with running(tmp_path / "server", db) as server:
        ana, bilal = Person(tmp_path / "ana", skew), Person(tmp_path / "bilal", -skew)
        for person, name in ((ana, "Ana"), (bilal, "Bilal")):
            assert person.does("join", server.url, server.invite(), name) == "member"
        typed: dict[str, dict[str, Any]] = {}
        for number in range(80):
            values = {"name": {"fr": f"Association {number}"}, "phone": f"+253 77 12 00 {number:02}"}
            typed[ana.does("add", values)] = values
        ids = list(typed)
        ana.does("sync")
        bilal.does("sync")
        server.stop()

        assert ana.does("sync")["failed"] == "offline"
        typed_offline(ana, "ana", ids, typed)
        typed_offline(bilal, "bilal", ids, typed)
        assert (ana.does("waiting"), bilal.does("waiting")) == (100, 100)

        server.start()
        for _ in range(2):
            for person in (ana, bilal):
                assert "failed" not in person.does("sync")
        assert ana.does("digest") == bilal.does("digest") == server.ask("digest")["scopes"]
        for person in (ana, bilal):
            conflicts = {one["id"]: one for one in person.does("conflicts")}
            assert set(conflicts) == set(ids[:10])
            for place, id in enumerate(ids[:10]):
                assert conflicts[id]["field"] == "phone"
                assert sorted(conflicts[id]["values"]) == [f"+253 21 11 00 {place:02}", f"+253 21 22 00 {place:02}"]
            records = person.does("records")
            assert set(records) == set(typed)
            for id, values in typed.items():
                shown = {name: value for name, value in records[id].items() if value is not None}
                if id in conflicts:
                    assert shown.pop("phone") in conflicts[id]["values"]
                    values = {name: value for name, value in values.items() if name != "phone"}
                assert shown == values
            third = person.does("sync")
            assert (third["sent"], third["accepted"], third["refused"], third["received"]) == (0, 0, 0, 0)
            assert person.does("verify") == []
        assert server.ask("verify")["ok"] is True
        for person in (ana, bilal):
            person.leaves()
        assert dalil(tmp_path / "ana", "digest")["scopes"] == dalil(tmp_path / "bilal", "digest")["scopes"]
        assert len(dalil(tmp_path / "ana", "conflicts")["items"]) == 10
