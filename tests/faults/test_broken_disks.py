"""A disk that is full, fails once or for ever, does not sync, or may not be written: a sentence, exit 1, nothing lost, and all is well afterwards."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from i18n import set_language
from tests.faults.amounts import LONG, amount, spread, tell
from tests.faults.flows import FLOWS
from tests.faults.looking import Facts, Flow, check, heal
from tests.faults.served import free_port, served
from tests.faults.tracing import Call, Done, needs_strace, points, recorded, run

# The call, the error, whether it comes once or from then on for ever, and the codes of failure that say so.
TROUBLES = {
    "full, for ever": (("pwrite64", "write", "ftruncate"), "ENOSPC", "+", {"disk_full"}),
    "full, once": (("pwrite64", "write", "ftruncate"), "ENOSPC", "", {"disk_full"}),
    "broken, for ever": (("pwrite64", "write", "ftruncate"), "EIO", "+", {"disk", "file"}),
    "broken, once": (("pwrite64", "write", "ftruncate"), "EIO", "", {"disk", "file"}),
    "not synced, for ever": (("fsync", "fdatasync"), "EIO", "+", {"disk", "file"}),
    "not synced, once": (("fsync", "fdatasync"), "EIO", "", {"disk", "file"}),
}
# Root may write anywhere; without this right, root is refused like everybody else.
_UNPRIVILEGED = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all") if os.geteuid() == 0 else ()
ON_DISK = ("edit", "attach", "pull", "first")


def paths_of(found: list[Call], folder: Path) -> list[str]:
    """Every file and folder of the data folder that a flow writes or syncs."""
    return sorted({call.path for call in found if call.path.startswith(str(folder)) and not call.path.endswith("-shm")})


def well_said(done: Done, codes: set[str]) -> str:
    """A failure is one sentence and a code; never a traceback, never silence."""
    assert done.code == 1, done
    assert "Traceback" not in done.err, done.err
    told = json.loads(done.out)["error"]
    assert len(told["message"]) > 20, done
    assert told["code"] in codes, (told, codes, done.err)
    return str(told["code"])


@pytest.mark.parametrize("trouble", TROUBLES if LONG else [one for one in TROUBLES if "ever" in one])
@pytest.mark.parametrize("name", ON_DISK if LONG else ("edit", "pull"))
def test_a_disk_that_fails_is_said_and_outlived(name: str, trouble: str, ram: Path) -> None:
    needs_strace()
    set_language("en")
    flow, (names, error, often, codes) = FLOWS[name], TROUBLES[trouble]
    facts = flow.prepare(ram / "template")
    found = _whole(flow, ram, facts)
    mine = [call for call in found if call.path in paths_of(found, ram / "whole")]
    places = [place for place in points(mine) if place[0] in names]

    def played(place: tuple[str, int]) -> str:
        folder = ram / f"{place[0]}-{place[1]}"
        shutil.copytree(ram / "template", folder)
        only = [word for path in paths_of(found, ram / "whole") for word in ("-P", path.replace(str(ram / "whole"), str(folder)))]
        with _server(flow, folder) as url:
            done = run([*flow.command(folder, facts, url), "--json"], "-e", f"trace={','.join(names)}",
                       "-e", f"inject={place[0]}:error={error}:when={place[1]}{often}", *only)
            said = "answered" if done.code == 0 else well_said(done, codes)
            stage = check(flow, folder, facts, done.out if done.code == 0 else "")
            heal(flow, folder, facts, stage, url)
        shutil.rmtree(folder)
        return said

    with ThreadPoolExecutor(2) as workers:
        said = Counter(workers.map(played, spread(places, amount(2, 40))))
    tell(f"disk {trouble}", flow=name, points=len(places), played=sum(said.values()), **said, lost=0, half=0)


def _whole(flow: Flow, ram: Path, facts: Facts) -> list[Call]:
    folder = ram / "whole"
    shutil.copytree(ram / "template", folder)
    with _server(flow, folder) as url:
        done, found = recorded([*flow.command(folder, facts, url), "--json"], ram / "log")
    assert done.code == 0, done
    return found


def _server(flow: Flow, folder: Path) -> AbstractContextManager[str]:
    return served(folder / "server", free_port()) if flow.joined else nullcontext("")


@pytest.mark.parametrize("name", ON_DISK if LONG else ("attach", "first"))
def test_a_folder_that_may_not_be_written_is_said(name: str, ram: Path) -> None:
    """A folder on a read-only disk answers alike."""
    set_language("en")
    flow = FLOWS[name]
    facts = flow.prepare(ram / "template")
    folder = ram / "template"
    if flow.joined:
        shutil.move(folder / "server", ram / "server")
    if name == "first":
        (folder / "pc").mkdir()
    entries = [folder, *folder.rglob("*")]
    for each in entries:
        each.chmod(0o555 if each.is_dir() else 0o444)
    with served(ram / "server", free_port()) if flow.joined else nullcontext("") as url:
        done = run([*_UNPRIVILEGED, *flow.command(folder, facts, url), "--json"])
        said = well_said(done, {"read_only", "file"})
        for each in entries:
            each.chmod(0o755 if each.is_dir() else 0o644)
        stage = check(flow, folder, facts, "")
        assert stage == 0
        if flow.joined:
            (folder / "server").symlink_to(ram / "server")
        heal(flow, folder, facts, stage, url)
    tell("data folder that may not be written", flow=name, code=said, lost=0)
