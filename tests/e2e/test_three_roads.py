"""Records, verdicts and files cross a cable, a stick and a server to everybody, and nothing goes elsewhere; also when all of it comes twice and late."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.three_roads import PEOPLE, village


def test_there_and_back_with_no_server_in_sight(tmp_path: Path) -> None:
    with village(tmp_path) as three:
        for pair in PEOPLE.values():
            for name in pair:
                three.work(name)
        assert three.pcs["A"].fails("amina", "sync")[0] == "offline"
        three.cable("amina", "bahdon")
        three.writes("barkat")
        three.takes("charmarke")
        assert three.reaches("charmarke")["set_aside"] == []
        three.reaches("choukri")
        three.writes("choukri")
        three.takes("bahdon")
        three.cable("barkat", "ali")
        # the file follows the record that speaks of it, once that is confirmed
        three.cable("ali", "barkat")
        three.writes("bahdon")
        three.takes("choukri")
        three.reaches("choukri")
        three.arrived()
