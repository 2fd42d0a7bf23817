"""Links that cut, delay, double, tear and alter, and a slow and far one: nothing lost, nothing doubled, each failure in words."""

from __future__ import annotations

import hashlib
import random
import time
from collections import Counter
from pathlib import Path

import requests

from resources import KINDS
from sync.errors import Failure
from sync.exchange import fetch, join, sync
from sync.relay.http import HttpCarrier
from sync.workspace import Workspace
from tests.faults.amounts import amount, chance, tell
from tests.faults.proxy import Fault, proxied
from tests.server_process import ServerProcess

RATE, WAY = 128_000 / 8, 0.3  # a 2G link: 128 kbit/s each way, 600 ms there and back


def fault(random: random.Random) -> tuple[str, Fault]:
    """One of the things that links do, anywhere."""
    place = int(random.expovariate(1 / 700))
    return random.choice([
        ("cut on the way there", Fault(up=place)), ("cut on the way back", Fault(down=place)), ("altered on the way back", Fault(alter=place)),
        ("altered on the way there", Fault(alter_up=place)), ("late", Fault(late=0.02)), ("doubled", Fault(double=True)), ("none", Fault()),
    ])


def test_links_that_do_everything_wrong(ram: Path) -> None:
    random, rounds = chance("links"), amount(25, 3000)
    met: Counter[str] = Counter()
    said: Counter[str] = Counter()
    server = ServerProcess(ram / "server").start()
    try:
        people = [Workspace(ram / name, KINDS) for name in ("ana", "bilal")]
        for ws, name in zip(people, ("Ana", "Bilal"), strict=True):
            join(ws, server.url, server.invite(), name)
        kept: dict[str, str] = {}
        files: list[tuple[str, int]] = []
        for number in range(rounds):
            ws, (what, wrong) = random.choice(people), fault(random)
            met[what] += 1
            saved = ws.add("organisation", {"name": {"fr": f"Association {number}"}})
            kept[saved.id] = f"Association {number}"
            if number % 10 == 0:
                (ram / "file.pdf").write_bytes(random.randbytes(20_000))
                item = ws.add("item", {"title": {"fr": f"Guide {number}"}})
                ws.attach("item", item.id, ram / "file.pdf")
                files.append((hashlib.sha256((ram / "file.pdf").read_bytes()).hexdigest(), 20_000))
            with proxied(server.port, lambda _, wrong=wrong: wrong) as link:
                road = HttpCarrier(link.url)
                try:
                    sync(ws, road)
                    if files and number % 7 == 0:
                        fetch(ws, *random.choice(files), carrier=road)
                    said["well"] += 1
                except Failure as failure:
                    assert str(failure)
                    said[failure.code] += 1
                finally:
                    road.close()
        for ws in (*people, *people):
            report = sync(ws, HttpCarrier(server.url))
            assert report.set_aside == []
        digests = [ws.digest() for ws in people]
        assert digests == [server.json("digest")["scopes"]] * 2
        for ws in people:
            assert {one.id: one.title for one in ws.records("organisation")} == kept
            assert (ws.status().waiting, ws.status().refused, ws.conflicts(), ws.verify()) == (0, 0, [], [])
            for sha256, size in files:
                assert hashlib.sha256(fetch(ws, sha256, size, carrier=HttpCarrier(server.url)).read_bytes()).hexdigest() == sha256
            ws.close()
        assert server.json("verify")["ok"]
        assert not [line for line in server.lines() if line.get("status") == 500 or "error" in line]
    finally:
        server.close()
    tell("bad links", rounds=rounds, faults=dict(met), outcomes=dict(said), lost=0, doubled=0)


def test_a_slow_and_far_link(ram: Path) -> None:
    """What a first sync of many records costs on 2G, against what its bytes alone would take."""
    records = amount(100, 1000)
    server = ServerProcess(ram / "server").start()
    try:
        ana = Workspace(ram / "ana", KINDS)
        join(ana, server.url, server.invite(), "Ana")
        random = chance("slow")
        words = [f"mot{random.randrange(10**6)}" for _ in range(500)]
        for number in range(records):
            ana.add("organisation", {"name": {"fr": f"Association {number} " + " ".join(random.sample(words, 3))},
                                     "phone": f"+253 77 {number:06}"[:16], "note": " ".join(random.sample(words, 12))})
        sync(ana)
        bilal = Workspace(ram / "bilal", KINDS)
        code = server.invite()
        with proxied(server.port, rate=RATE, way=WAY) as link:
            road = HttpCarrier(link.url)
            began = time.monotonic()
            join(bilal, link.url, code, "Bilal", road)
            took = time.monotonic() - began
            carried = link.up.carried + link.down.carried
            road.close()
        assert len(bilal.records("organisation")) == records
        assert requests.get(server.url + "/health", timeout=20).status_code == 200
        tell("2G link, 128 kbit/s and 600 ms", records=records, bytes=carried, turns=road.turns + 1, seconds=round(took, 2),
             bytes_alone=round(carried / RATE, 2), ratio=round(took / (carried / RATE), 3))
        for ws in (ana, bilal):
            ws.close()
    finally:
        server.close()
