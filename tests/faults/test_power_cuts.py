"""Power cuts on a PC: disks rebuilt from the log of every write, opened with the real code; weaker settings must show loss."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from contextlib import nullcontext
from pathlib import Path, PurePosixPath
from typing import Literal

import pytest

from i18n import set_language
from tests.faults.amounts import amount, chance, tell
from tests.faults.disk import Disk, digest_of, moments, put
from tests.faults.flows import FLOWS, PLAYED, Corrupt, Facts, Flow, check, heal
from tests.faults.served import free_port, served
from tests.faults.tracing import Call, needs_strace, recorded


def witnessed(flow: Flow, ram: Path, synchronous: str = "") -> tuple[Facts, list[Call]]:
    """Prepare a flow, let it happen once, and write down what it wrote."""
    set_language("en")
    facts = flow.prepare(ram / "template")
    shutil.copytree(ram / "template", ram / "seen")
    with served(ram / "seen" / "server", free_port()) if flow.joined else nullcontext("") as url:
        done, found = recorded(flow.command(ram / "seen", facts, url), ram / "log", {"DALIL_TEST_SYNCHRONOUS": synchronous})
    assert done.code == 0, done
    return facts, found


def cuts(flow: Flow, ram: Path, facts: Facts, found: list[Call], many: int, healed: int) -> Counter[str]:
    """So many power cuts, spread over all moments from the first write on; counts what came of them.

    An image that was opened before is not opened again: the stage found in it is known.
    """
    random = chance("power", flow.name, many)
    (ram / "seen" / "pc").rename(ram / "after")
    if (ram / "template" / "pc").exists():
        shutil.copytree(ram / "template" / "pc", ram / "seen" / "pc")
    disk = Disk(ram / "seen" / "pc")
    outcome: Counter[str] = Counter()
    opened: dict[bytes, int | str] = {}
    verified: set[bytes] = set()
    out, sent, due = "", False, 0.0
    begins = next(number for number, call in enumerate(found) if call.name != "open" and str(disk.folder) in call.path)
    each = many / (len(found) - begins)
    for number, call in moments(disk, found):
        if call.path.startswith("pipe:"):
            out += call.data.decode()
        sent = sent or call.name in ("sendto", "sendmsg")
        due += each if number >= begins else 0  # the last moment is the end: all is there
        due += 1e-6 if number == len(found) - 1 else 0
        while due >= 1:
            due -= 1
            outcome["images"] += 1
            image = disk.cut(random)
            key = digest_of(image)
            if key not in opened:
                put(image, ram / "image" / "pc")
                public = digest_of({path: data for path, data in image.items() if path.name.startswith("public.db")})
                opened[key] = _opened(flow, ram / "image", facts, "verified" if public in verified else "verify")
                verified |= {public} if isinstance(opened[key], int) else set()
                stage = opened[key]
                if isinstance(stage, int) and flow.joined and len(opened) % max(1, many // healed // 2) == 0:
                    shutil.rmtree(ram / "image" / "server", ignore_errors=True)
                    shutil.copytree(ram / ("seen" if sent else "template") / "server", ram / "image" / "server")
                    with served(ram / "image" / "server", free_port()) as url:
                        heal(flow, ram / "image", facts, stage, url)
                    outcome["healed"] += 1
            stage = opened[key]
            if isinstance(stage, str):
                outcome["corrupt"] += 1
                outcome[f"why: {stage}"] += 1
            elif stage < flow.answered(facts, out):
                outcome["lost"] += 1
            else:
                outcome["before" if stage == 0 else "after" if stage == len(facts.stages) - 1 else "between"] += 1
    outcome["different"] = len(opened)
    assert disk.whole() == {path: (ram / "after" / path).read_bytes() for path in disk.whole()}, "the log does not tell everything that was written"
    return outcome


def _opened(flow: Flow, folder: Path, facts: Facts, public: Literal["verify", "verified"]) -> int | str:
    """The stage that the real code finds in an image, or why it is none."""
    try:
        return check(flow, folder, facts, "", public=public)
    except Corrupt as why:
        return str(why)[:300]


@pytest.mark.parametrize("name", PLAYED)
def test_a_power_cut_at_any_moment_loses_nothing_answered(name: str, ram: Path) -> None:
    needs_strace()
    flow = FLOWS[name]
    facts, found = witnessed(flow, ram)
    outcome = cuts(flow, ram, facts, found, amount(30, 10_000), amount(1, 100))
    tell("power cut, synchronous=FULL", flow=name, calls=len(found), **{"lost": 0, "corrupt": 0, **outcome})
    assert (outcome["lost"], outcome["corrupt"]) == (0, 0), outcome
    assert outcome["before"]
    assert outcome["after"] or len(facts.stages) == 1


@pytest.mark.parametrize(("level", "harm"), [("NORMAL", "lost"), ("OFF", "corrupt")])
def test_the_harness_is_not_blind(level: str, harm: str, ram: Path) -> None:
    """With a weaker setting the same cuts must do harm, or they prove nothing."""
    needs_strace()
    flow = FLOWS["edits"]
    facts, found = witnessed(flow, ram, level)
    outcome = cuts(flow, ram, facts, found, amount(100, 10_000), 1)
    tell(f"power cut, synchronous={level} (must do harm)", flow=flow.name, calls=len(found),
         **{key: value for key, value in outcome.items() if not key.startswith("why")})
    assert outcome[harm] > 0


KEY = "from pathlib import Path; from server.premises import Premises; Premises(Path({folder!r})).enter().key(); print('made', flush=True)"


def test_the_servers_key_outlives_a_power_cut(ram: Path) -> None:
    """With PostgreSQL nothing else is ever synced in the server's folder, and whoever loses this key loses the network."""
    needs_strace()
    done, found = recorded([sys.executable, "-c", KEY.format(folder=str(ram / "server"))], ram / "log")
    assert done.out == "made\n", done
    key = (ram / "server" / "authority.key").read_bytes()
    (ram / "server").rename(ram / "after")
    (ram / "server").mkdir()
    disk, random, made = Disk(ram / "server"), chance("key"), False
    for _, call in moments(disk, found):
        made = made or call.path.startswith("pipe:")
        for _ in range(amount(5, 200)):
            kept = disk.cut(random).get(PurePosixPath("authority.key"))
            assert kept == key or (kept is None and not made)
    assert made
