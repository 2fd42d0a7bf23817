"""kill -9 at every write point of every flow on a PC: it opens again alone, nothing answered is lost, nothing is half applied."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import pytest

from i18n import set_language
from tests.faults.amounts import some, tell
from tests.faults.flows import FLOWS, PLAYED
from tests.faults.looking import check, heal
from tests.faults.served import free_port, served
from tests.faults.tracing import calls, killed, needs_strace, points, recorded


@pytest.mark.parametrize("name", PLAYED)
def test_killed_at_any_write_nothing_answered_is_lost(name: str, ram: Path) -> None:
    needs_strace()
    set_language("en")
    flow = FLOWS[name]
    facts = flow.prepare(ram / "template")

    def played(place: tuple[str, int] | None) -> tuple[int, int]:
        """Kill there, look, heal; whether it met the point, and the stage found."""
        folder = ram / f"{place[0]}-{place[1]}" if place else ram / "whole"
        shutil.copytree(ram / "template", folder)
        with served(folder / "server", free_port()) if flow.joined else nullcontext("") as url:
            command = flow.command(folder, facts, url)
            done = killed(command, *place) if place else recorded(command, ram / "log")[0]
            assert done.code == (-9 if place else 0), (place, done)
            stage = check(flow, folder, facts, done.out)
            heal(flow, folder, facts, stage, url)
        shutil.rmtree(folder)
        return stage, flow.answered(facts, done.out)

    assert played(None)[0] == len(facts.stages) - 1
    found = points(calls(ram / "log"))
    with ThreadPoolExecutor(2) as workers:
        stages = list(workers.map(played, some(found, 2)))
    tell("kill -9 at a write point", flow=name, points=len(found), played=len(stages), stages=sorted({stage for stage, _ in stages}), lost=0, half=0)
